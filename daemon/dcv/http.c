/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dcv/http.h"

#include "dns/resolver.h"
#include "dns/transport.h"
#include "lib/error.h"
#include "lib/route.h"
#include "net/http.h"

#include <glib/gi18n.h>
#include <string.h>

#define FIND_SECONDS 10.0
#define LOOK_SECONDS 40         /* after this no further address is asked */
#define SILENCE_SECONDS 5
#define BODY_MAX (64 * 1024)
#define REDIRECTS_MAX 10
#define SHOWN_MAX 200

/* The file at one address. */
typedef struct
{
  const ChFileProof *proof;
  GInetAddress *address;
  GCancellable *cancellable;
  ChFileSeen seen;
  char *text;             /* (owned) */
} Fetch;

static void
observation_free (ChFileObservation *seen)
{
  g_free (seen->location);
  g_free (seen->address);
  g_free (seen->text);
  g_free (seen);
}

void
ch_file_look_free (ChFileLook *look)
{
  g_ptr_array_unref (look->observations);
  g_free (look->location);
  g_free (look->summary);
  g_free (look);
}

static char *
host_in_url (const char *host)
{
  return strchr (host, ':') != NULL ? g_strdup_printf ("[%s]", host) : g_strdup (host);
}

static char *
location_new (const char *scheme,
              const char *host)
{
  g_autofree char *written = host_in_url (host);

  return g_strdup_printf ("%s://%s", scheme, written);
}

char *
ch_dcv_http_url (const char *host)
{
  g_autofree char *location = location_new ("http", host);

  return g_strconcat (location, CH_DCV_FILE_PATH, NULL);
}

/* ---- one request ---- */

static guint16
usual_port (const ChFileProof *proof,
            const char        *scheme)
{
  return g_str_equal (scheme, "https") ? proof->https_port : proof->http_port;
}

/* Without its path; the port is said where it is not the scheme's own. */
static char *
base_url (const ChFileProof *proof,
          GUri              *uri)
{
  const char *scheme = g_uri_get_scheme (uri);
  g_autofree char *host = host_in_url (g_uri_get_host (uri));
  int port = g_uri_get_port (uri) > 0 ? g_uri_get_port (uri) : usual_port (proof, scheme);

  if (port == (g_str_equal (scheme, "https") ? 443 : 80))
    return g_strdup_printf ("%s://%s", scheme, host);

  return g_strdup_printf ("%s://%s:%d", scheme, host, port);
}

static ChHttpReply *
ask (const Fetch   *fetch,
     GUri          *uri,
     GInetAddress  *address,
     GError       **error)
{
  g_autofree char *base = base_url (fetch->proof, uri);
  const char *query = g_uri_get_query (uri), *path = g_uri_get_path (uri);
  g_autofree char *target = g_strconcat (*path != '\0' ? path : "/", query != NULL ? "?" : NULL, query, NULL);
  ChHttp http = { .base_url = base, .address = address, .any_certificate = TRUE, .timeout = SILENCE_SECONDS, .max_body = BODY_MAX };
  ChHttpRequest request = { .method = "GET", .path = target };

  return ch_http_send (&http, &request, fetch->cancellable, error);
}

/* ---- where to ---- */

static gboolean
is_redirect (guint status)
{
  return status == 301 || status == 302 || status == 307 || status == 308;
}

/* (transfer full) (nullable): the address; that of the fetch as long as the host is the same */
static GInetAddress *
address_of (const Fetch  *fetch,
            const char   *host,
            GError      **error)
{
  if (g_ascii_strcasecmp (host, fetch->proof->host) == 0)
    return g_object_ref (fetch->address);

  GInetAddress *literal = g_inet_address_new_from_string (host);
  g_autoptr(GPtrArray) found = literal == NULL
    ? ch_dns_find_host (host, fetch->proof->resolver, ch_dns_deadline (FIND_SECONDS), fetch->cancellable, error) : NULL;

  if (literal != NULL || found == NULL)
    return literal;
  if (found->len > 0)
    return g_object_ref (found->pdata[0]);

  ch_error_set (error, CH_ERROR_UNREACHABLE, _("“%s” has no address"), host);
  return NULL;
}

static gboolean
may_follow (const ChFileProof *proof,
            GUri              *uri)
{
  const char *scheme = g_uri_get_scheme (uri);
  int port = g_uri_get_port (uri);

  return (g_str_equal (scheme, "http") || g_str_equal (scheme, "https"))
         && g_uri_get_userinfo (uri) == NULL
         && g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0'
         && (port <= 0 || port == proof->http_port || port == proof->https_port);
}

/* (transfer full) (nullable): where @reply leads to */
static GUri *
next_uri (Fetch             *fetch,
          GUri              *from,
          const ChHttpReply *reply)
{
  const char *target = g_hash_table_lookup (reply->headers, "location");
  g_autoptr(GUri) uri = target != NULL
    ? g_uri_parse_relative (from, target, G_URI_FLAGS_ENCODED, NULL) : NULL;

  if (uri != NULL && may_follow (fetch->proof, uri))
    return g_steal_pointer (&uri);

  g_autofree char *short_target = g_strndup (target != NULL ? target : "?", SHOWN_MAX);
  g_autofree char *shown = g_utf8_make_valid (short_target, -1);
  fetch->seen = CH_FILE_REDIRECT;
  fetch->text = g_strdup_printf (_("leads to “%s”, where a CA does not follow: only http and https on their usual ports count"), shown);
  return NULL;
}

/* ---- what came ---- */

static void
judge (Fetch             *fetch,
       const ChHttpReply *reply)
{
  gsize size;
  const char *data = g_bytes_get_data (reply->body, &size);
  g_autofree char *text = g_strndup (data != NULL ? data : "", size);
  g_autofree char *value = g_strstrip (g_strdup (fetch->proof->value));

  if (reply->status < 200 || reply->status > 299)
    {
      fetch->seen = CH_FILE_STATUS;
      fetch->text = g_strdup_printf (_("answers with status %u"), reply->status);
    }
  else if (g_str_equal (g_strstrip (text), value) && memchr (data, '\0', size) == NULL)
    {
      fetch->seen = CH_FILE_VALUE;
      fetch->text = g_strdup (_("shows the file"));
    }
  else
    {
      fetch->seen = CH_FILE_OTHER;
      fetch->text = strstr (text, value) != NULL ? g_strdup (_("shows the value, and other things beside it"))
                                                 : g_strdup (_("shows a file with another content"));
    }
}

static void
fail (Fetch        *fetch,
      const GError *why)
{
  fetch->seen = CH_FILE_SILENT;
  fetch->text = g_strdup (why->message);
}

static void
fetch_file (Fetch      *fetch,
            const char *scheme)
{
  g_autofree char *host = location_new (scheme, fetch->proof->host);
  g_autofree char *url = g_strconcat (host, CH_DCV_FILE_PATH, NULL);
  g_autoptr(GUri) uri = g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL);

  for (guint i = 0; uri != NULL && i <= REDIRECTS_MAX; i++)
    {
      g_autoptr(GError) why = NULL;
      g_autoptr(GInetAddress) address = address_of (fetch, g_uri_get_host (uri), &why);
      g_autoptr(ChHttpReply) reply = address != NULL ? ask (fetch, uri, address, &why) : NULL;

      if (reply == NULL || !is_redirect (reply->status))
        {
          if (reply != NULL)
            judge (fetch, reply);
          else
            fail (fetch, why);
          return;
        }

      GUri *next = next_uri (fetch, uri, reply);
      g_uri_unref (uri);
      uri = next;
    }

  if (fetch->text == NULL)
    {
      fetch->seen = CH_FILE_REDIRECT;
      fetch->text = g_strdup (_("leads on and on, to no end"));
    }
}

/* ---- all addresses ---- */

static void
note (ChFileLook *look,
      const char *location,
      Fetch      *fetch)
{
  ChFileObservation *seen = g_new0 (ChFileObservation, 1);

  seen->location = g_strdup (location);
  seen->address = g_inet_address_to_string (fetch->address);
  seen->seen = fetch->seen;
  seen->text = g_steal_pointer (&fetch->text);
  g_ptr_array_add (look->observations, seen);
}

/* Whether the file stands by @scheme at every address that can be reached, and at least at one. */
static gboolean
look_by (ChFileLook        *look,
         const ChFileProof *proof,
         const char        *scheme,
         GPtrArray         *addresses,
         gint64             end,
         GCancellable      *cancellable)
{
  g_autofree char *location = location_new (scheme, proof->host);
  guint shown = 0, others = 0;

  for (guint i = 0; i < addresses->len; i++)
    {
      Fetch fetch = { .proof = proof, .address = addresses->pdata[i], .cancellable = cancellable };

      if (!ch_route_exists (fetch.address))
        {
          fetch.seen = CH_FILE_NO_ROUTE;
          fetch.text = g_strdup (_("was not asked: this machine has no route to it"));
        }
      else if (g_get_monotonic_time () > end)
        {
          fetch.seen = CH_FILE_SILENT;
          fetch.text = g_strdup (_("was not asked: the addresses before it took too long"));
        }
      else
        fetch_file (&fetch, scheme);

      shown += fetch.seen == CH_FILE_VALUE;
      others += fetch.seen != CH_FILE_VALUE && fetch.seen != CH_FILE_NO_ROUTE;
      note (look, location, &fetch);
    }

  if (shown > 0 && others == 0)
    look->location = g_steal_pointer (&location);
  return look->location != NULL;
}

static char *
summarise (const ChFileLook  *look,
           const ChFileProof *proof)
{
  if (look->observations->len == 0)
    return g_strdup_printf (_("%s has no address (no A and no AAAA record)"), proof->host);
  if (look->location != NULL)
    return g_strdup_printf (_("The file stands at every address of %s"), look->location);

  for (guint i = 0; i < look->observations->len; i++)
    {
      const ChFileObservation *seen = g_ptr_array_index (look->observations, i);

      if (seen->seen != CH_FILE_VALUE && seen->seen != CH_FILE_NO_ROUTE)
        return g_strdup_printf ("%s (%s) %s", seen->location, seen->address, seen->text);
    }

  return g_strdup_printf (_("This machine has no route to any address of %s"), proof->host);
}

static GPtrArray *
find_addresses (const ChFileProof *proof,
                GCancellable      *cancellable,
                GError           **error)
{
  GInetAddress *literal = g_inet_address_new_from_string (proof->host);

  if (literal == NULL)
    return ch_dns_find_host (proof->host, proof->resolver, ch_dns_deadline (FIND_SECONDS), cancellable, error);

  GPtrArray *one = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (one, literal);
  return one;
}

ChFileLook *
ch_dcv_http_look (const ChFileProof *proof,
                  GCancellable      *cancellable,
                  GError           **error)
{
  g_autoptr(GPtrArray) addresses = find_addresses (proof, cancellable, error);
  g_autoptr(ChFileLook) look = g_new0 (ChFileLook, 1);
  gint64 end = g_get_monotonic_time () + LOOK_SECONDS * G_USEC_PER_SEC;

  look->observations = g_ptr_array_new_with_free_func ((GDestroyNotify) observation_free);
  if (addresses == NULL)
    return NULL;

  if (!look_by (look, proof, "http", addresses, end, cancellable))
    look_by (look, proof, "https", addresses, end, cancellable);
  if (g_cancellable_is_cancelled (cancellable))
    {
      ch_error_set (error, CH_ERROR_CANCELLED, _("Cancelled"));
      return NULL;
    }

  look->summary = summarise (look, proof);
  return g_steal_pointer (&look);
}
