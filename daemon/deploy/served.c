/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/prove.h"

#include "deploy/start-tls.h"
#include "deploy/wire.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#define LOOK_SECONDS 5              /* for one look: all of connecting and the handshake */
#define ADDRESSES_MAX 16
#define CERTIFICATES_MAX 16

static const char *const kinds[] = {
  /* Old versions are spoken too: the question is what is served, not how well. */
  [CH_KEY_KIND_ANY] = "NORMAL:+VERS-TLS1.1:+VERS-TLS1.0",
  /* A server may have a certificate with an RSA key and one with an EC key, and shows the one that fits. */
  [CH_KEY_KIND_RSA] =
    "NORMAL:-SIGN-ALL:+SIGN-RSA-PSS-RSAE-SHA256:+SIGN-RSA-PSS-RSAE-SHA384:+SIGN-RSA-PSS-RSAE-SHA512"
    ":+SIGN-RSA-SHA256:+SIGN-RSA-SHA384:+SIGN-RSA-SHA512",
  [CH_KEY_KIND_EC] =
    "NORMAL:-SIGN-ALL:+SIGN-ECDSA-SHA256:+SIGN-ECDSA-SHA384:+SIGN-ECDSA-SHA512"
    ":+SIGN-ECDSA-SECP256R1-SHA256:+SIGN-ECDSA-SECP384R1-SHA384:+SIGN-ECDSA-SECP521R1-SHA512",
};

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_session_t, gnutls_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_certificate_credentials_t, gnutls_certificate_free_credentials, NULL)

void
ch_served_free (ChServed *served)
{
  g_ptr_array_unref (served->certificates);
  g_free (served);
}

/* ---- names ---- */

char *
ch_endpoint_name (const ChEndpoint *endpoint)
{
  g_autofree char *place = strchr (endpoint->host, ':') != NULL
    ? g_strdup_printf ("[%s]:%u", endpoint->host, endpoint->port)
    : g_strdup_printf ("%s:%u", endpoint->host, endpoint->port);

  if (endpoint->sni == NULL || g_str_equal (endpoint->sni, endpoint->host))
    return g_steal_pointer (&place);

  return g_strdup_printf (_("%s (as %s)"), place, endpoint->sni);
}

char *
ch_endpoint_place (const ChEndpoint *endpoint,
                   GInetAddress     *address)
{
  g_autofree char *name = ch_endpoint_name (endpoint);
  g_autofree char *text = g_inet_address_to_string (address);

  return g_str_equal (text, endpoint->host) ? g_steal_pointer (&name) : g_strdup_printf (_("%s at %s"), name, text);
}

static GPtrArray *
no_address (const ChEndpoint *endpoint,
            GCancellable     *cancellable,
            const GError     *reason,
            GError          **error)
{
  g_autofree char *name = ch_endpoint_name (endpoint);

  if (g_cancellable_is_cancelled (cancellable))
    ch_error_set (error, CH_ERROR_CANCELLED, _("Looking at %s was cancelled"), name);
  else
    ch_error_set (error, CH_ERROR_UNREACHABLE, _("%s cannot be reached: %s"), name,
                  reason != NULL ? reason->message : _("it has no address"));
  return NULL;
}

GPtrArray *
ch_endpoint_addresses (const ChEndpoint *endpoint,
                       GCancellable     *cancellable,
                       GError          **error)
{
  g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GResolver) resolver = g_resolver_get_default ();
  g_autoptr(GError) reason = NULL;
  GList *found = g_resolver_lookup_by_name (resolver, endpoint->host, cancellable, &reason);

  for (GList *l = found; l != NULL && addresses->len < ADDRESSES_MAX; l = l->next)
    if (!g_ptr_array_find_with_equal_func (addresses, l->data, (GEqualFunc) g_inet_address_equal, NULL))
      g_ptr_array_add (addresses, g_object_ref (l->data));
  g_resolver_free_addresses (found);

  return addresses->len > 0 ? g_steal_pointer (&addresses) : no_address (endpoint, cancellable, reason, error);
}

/* ---- one look ---- */

/* One address of an endpoint, on the way to what it serves. */
typedef struct
{
  const ChEndpoint *endpoint;
  GInetAddress *address;
  ChWire wire;
} Look;

static char *
where (const Look *look)
{
  return ch_endpoint_place (look->endpoint, look->address);
}

static gboolean
fail_wire (Look    *look,
           GError **error)
{
  g_autofree char *name = where (look);

  if (g_error_matches (look->wire.error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return ch_error_set (error, CH_ERROR_CANCELLED, _("Looking at %s was cancelled"), name);
  if (g_error_matches (look->wire.error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    return ch_error_set (error, CH_ERROR_BAD_ANSWER, _("%s does not answer as it should: %s"), name, look->wire.error->message);

  return ch_error_set (error, CH_ERROR_UNREACHABLE, _("%s was lost while TLS began: %s"), name, look->wire.error->message);
}

static gboolean
start_tls (Look    *look,
           GError **error)
{
  g_autofree char *problem = NULL;

  if (ch_start_tls (look->endpoint->start_tls, &look->wire, &problem))
    return TRUE;
  if (problem == NULL)
    return fail_wire (look, error);

  g_autofree char *name = where (look);
  return ch_error_set (error, CH_ERROR_BAD_ANSWER, "%s %s", name, problem);
}

static gboolean
shake_hands (Look             *look,
             gnutls_session_t  session,
             GError          **error)
{
  const char *name = look->endpoint->sni != NULL ? look->endpoint->sni : look->endpoint->host;
  int result;

  ch_wire_carry (&look->wire, session);
  if (!g_hostname_is_ip_address (name))
    gnutls_server_name_set (session, GNUTLS_NAME_DNS, name, strlen (name));

  do
    result = gnutls_handshake (session);
  while (result < 0 && !gnutls_error_is_fatal (result));

  /* A server that insists on a client certificate refuses us only after it has shown its own. */
  if (result == GNUTLS_E_SUCCESS
      || (result == GNUTLS_E_FATAL_ALERT_RECEIVED && gnutls_certificate_get_peers (session, NULL) != NULL))
    return TRUE;
  if (look->wire.error != NULL)
    return fail_wire (look, error);

  g_autofree char *place = where (look);
  return ch_error_set (error, CH_ERROR_BAD_ANSWER, _("%s does not speak TLS with us: %s"), place, gnutls_strerror (result));
}

static ChCert *
read_certificate (const gnutls_datum_t *der)
{
  gnutls_datum_t pem = { NULL, 0 };

  if (gnutls_pem_base64_encode2 ("CERTIFICATE", der, &pem) < 0)
    return NULL;

  g_autofree char *text = g_strndup ((const char *) pem.data, pem.size);
  gnutls_free (pem.data);
  return ch_cert_parse (text, NULL);
}

static ChServed *
read_served (Look             *look,
             gnutls_session_t  session,
             GError          **error)
{
  unsigned int n = 0;
  const gnutls_datum_t *list = gnutls_certificate_get_peers (session, &n);
  ChCert *leaf = list != NULL && n > 0 ? read_certificate (&list[0]) : NULL;

  if (leaf == NULL)
    {
      g_autofree char *name = where (look);
      ch_error_set (error, CH_ERROR_BAD_ANSWER, _("%s shows no certificate that can be read"), name);
      return NULL;
    }

  ChServed *served = g_new0 (ChServed, 1);
  served->leaf = leaf;
  served->certificates = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_cert_free);
  g_ptr_array_add (served->certificates, leaf);
  for (guint i = 1; i < MIN (n, CERTIFICATES_MAX); i++)
    {
      ChCert *certificate = read_certificate (&list[i]);

      if (certificate != NULL)
        g_ptr_array_add (served->certificates, certificate);
    }
  return served;
}

static ChServed *
look_through (Look       *look,
              const char *priority,
              GError    **error)
{
  g_auto(gnutls_certificate_credentials_t) credentials = NULL;
  g_auto(gnutls_session_t) session = NULL;

  if (!start_tls (look, error))
    return NULL;

  gnutls_certificate_allocate_credentials (&credentials);
  gnutls_init (&session, GNUTLS_CLIENT);
  gnutls_priority_set_direct (session, priority, NULL);
  gnutls_credentials_set (session, GNUTLS_CRD_CERTIFICATE, credentials);
  if (!shake_hands (look, session, error))
    return NULL;

  ChServed *served = read_served (look, session, error);
  gnutls_bye (session, GNUTLS_SHUT_WR);
  return served;
}

static GSocketConnection *
connect_to (Look         *look,
            GCancellable *cancellable,
            GError      **error)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketAddress) there = g_inet_socket_address_new (look->address, look->endpoint->port);
  g_autoptr(GError) reason = NULL;

  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_timeout (client, LOOK_SECONDS);

  GSocketConnection *connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (there), cancellable, &reason);
  if (connection != NULL)
    return connection;

  g_autofree char *name = where (look);
  if (g_cancellable_is_cancelled (cancellable))
    ch_error_set (error, CH_ERROR_CANCELLED, _("Looking at %s was cancelled"), name);
  else
    ch_error_set (error, CH_ERROR_UNREACHABLE, _("%s cannot be reached: %s"), name, reason->message);
  return NULL;
}

ChServed *
ch_served_look (const ChEndpoint *endpoint,
                GInetAddress     *address,
                ChKeyKind         kind,
                GCancellable     *cancellable,
                GError          **error)
{
  Look look = { .endpoint = endpoint, .address = address };

  look.wire.deadline = g_get_monotonic_time () + LOOK_SECONDS * G_TIME_SPAN_SECOND;
  look.wire.cancellable = cancellable;
  g_autoptr(GSocketConnection) connection = connect_to (&look, cancellable, error);
  if (connection == NULL)
    return NULL;

  look.wire.socket = g_socket_connection_get_socket (connection);
  ChServed *served = look_through (&look, kinds[kind], error);
  g_clear_error (&look.wire.error);
  return served;
}
