/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "file-proof.h"

#include "dns.h"

#include <libsoup/soup.h>
#include <string.h>

#define PLACE "/.well-known/pki-validation/gsdv.txt"
#define SECONDS 5
#define MOST_BYTES 65536
#define MOST_REDIRECTIONS 5

SbFileProof *
sb_file_proof_new (GPtrArray  *servers,
                   GHashTable *mapping)
{
  SbFileProof *proof = g_new0 (SbFileProof, 1);

  proof->servers = g_ptr_array_ref (servers);
  proof->mapping = g_hash_table_ref (mapping);
  proof->hosts = g_ptr_array_new_with_free_func (g_free);
  return proof;
}

void
sb_file_proof_free (SbFileProof *proof)
{
  g_ptr_array_unref (proof->servers);
  g_hash_table_unref (proof->mapping);
  g_ptr_array_unref (proof->hosts);
  g_free (proof->value);
  g_free (proof);
}

static GPtrArray *
addresses_of (SbFileProof *proof,
              const char  *host)
{
  if (!g_hostname_is_ip_address (host))
    return sb_dns_addresses (proof->servers, host);

  GPtrArray *addresses = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (addresses, g_inet_address_new_from_string (host));
  return addresses;
}

static gboolean
accept_any_cb (SoupMessage          *message,
               GTlsCertificate      *certificate,
               GTlsCertificateFlags  errors,
               gpointer              user_data)
{
  return TRUE;
}

static GSocketAddress *
place_to_ask (SbFileProof  *proof,
              GUri         *uri,
              GInetAddress *address)
{
  gboolean is_443 = g_uri_get_port (uri) == 443
                    || (g_uri_get_port (uri) == -1 && strcmp (g_uri_get_scheme (uri), "https") == 0);
  guint16 port = is_443 ? proof->https_port : proof->http_port;
  g_autofree char *text = g_inet_address_to_string (address);
  const char *other = g_hash_table_lookup (proof->mapping, text);

  return g_inet_socket_address_new_from_string (other != NULL ? other : text, port);
}

static char *
read_body (GInputStream *stream)
{
  g_autofree char *text = g_malloc (MOST_BYTES + 1);
  gsize length = 0;

  if (!g_input_stream_read_all (stream, text, MOST_BYTES, &length, NULL, NULL))
    return NULL;

  text[length] = '\0';
  return g_steal_pointer (&text);
}

/* One request to one address. Returns the status, with the text of the file or the place to go on. */
static guint
fetch (SbFileProof   *proof,
       GUri          *uri,
       GInetAddress  *address,
       char         **body,
       char         **location)
{
  g_autoptr(GSocketAddress) place = place_to_ask (proof, uri, address);
  g_autoptr(SoupSession) session = soup_session_new_with_options ("remote-connectable", place, "timeout", SECONDS,
                                                                  "proxy-resolver", NULL, NULL);
  g_autoptr(SoupMessage) message = soup_message_new_from_uri (SOUP_METHOD_GET, uri);

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_any_cb), NULL);
  g_autoptr(GInputStream) stream = soup_session_send (session, message, NULL, NULL);
  if (stream == NULL)
    return 0;

  *body = read_body (stream);
  *location = g_strdup (soup_message_headers_get_one (soup_message_get_response_headers (message), "Location"));
  return soup_message_get_status (message);
}

static gboolean
is_redirection (guint status)
{
  return status == 301 || status == 302 || status == 307 || status == 308;
}

static GUri *
follow (GUri       *uri,
        const char *location)
{
  g_autoptr(GUri) next = location != NULL ? g_uri_parse_relative (uri, location, SOUP_HTTP_URI_FLAGS, NULL) : NULL;

  if (next == NULL || g_uri_get_host (next) == NULL || *g_uri_get_host (next) == '\0'
      || (strcmp (g_uri_get_scheme (next), "http") != 0 && strcmp (g_uri_get_scheme (next), "https") != 0)
      || (g_uri_get_port (next) != -1 && g_uri_get_port (next) != 80 && g_uri_get_port (next) != 443))
    return NULL;

  return g_steal_pointer (&next);
}

static gboolean
is_value (char       *body,
          const char *value)
{
  return body != NULL && strcmp (g_strstrip (body), value) == 0;
}

static gboolean
shows_at (SbFileProof  *proof,
          GUri         *first,
          GInetAddress *address)
{
  g_autoptr(GUri) uri = g_uri_ref (first);
  g_autoptr(GInetAddress) here = g_object_ref (address);

  for (guint i = 0; i <= MOST_REDIRECTIONS; i++)
    {
      g_autofree char *body = NULL, *location = NULL;
      guint status = fetch (proof, uri, here, &body, &location);

      if (SOUP_STATUS_IS_SUCCESSFUL (status))
        return is_value (body, proof->value);
      g_autoptr(GUri) next = is_redirection (status) && proof->follow ? follow (uri, location) : NULL;
      if (next == NULL)
        return FALSE;

      if (strcmp (g_uri_get_host (next), g_uri_get_host (uri)) != 0)
        {
          g_autoptr(GPtrArray) there = addresses_of (proof, g_uri_get_host (next));

          if (there == NULL)
            return FALSE;
          g_set_object (&here, g_ptr_array_index (there, 0));
        }
      g_uri_unref (uri);
      uri = g_steal_pointer (&next);
    }

  return FALSE;
}

static gboolean
shows (SbFileProof *proof,
       const char  *host)
{
  g_autoptr(GPtrArray) addresses = addresses_of (proof, host);
  g_autoptr(GUri) uri = g_uri_build (SOUP_HTTP_URI_FLAGS, proof->is_https ? "https" : "http", NULL, host, -1,
                                     PLACE, NULL, NULL);

  for (guint i = 0; addresses != NULL && i < addresses->len; i++)
    if (!shows_at (proof, uri, g_ptr_array_index (addresses, i)))
      return FALSE;

  return addresses != NULL;
}

static void
prove (GTask        *task,
       gpointer      source,
       gpointer      data,
       GCancellable *cancellable)
{
  SbFileProof *proof = data;
  gboolean all = TRUE;

  for (guint i = 0; all && i < proof->hosts->len; i++)
    all = shows (proof, g_ptr_array_index (proof->hosts, i));

  g_task_return_int (task, all ? 0 : -4147);
}

void
sb_file_prove_async (SbFileProof         *proof,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, sb_file_prove_async);
  g_task_set_task_data (task, proof, (GDestroyNotify) sb_file_proof_free);
  g_task_run_in_thread (task, prove);
}

int
sb_file_prove_finish (GAsyncResult *result,
                      GStrv        *seen)
{
  SbFileProof *proof = g_task_get_task_data (G_TASK (result));
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < proof->hosts->len; i++)
    g_strv_builder_add (builder, g_ptr_array_index (proof->hosts, i));
  *seen = g_strv_builder_end (builder);
  return g_task_propagate_int (G_TASK (result), NULL);
}
