/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/install.h"

#include "deploy/wait.h"
#include "lib/error.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#define LOOK_SECONDS 5              /* for one look: all of connecting and the handshake */
#define SUBJECT_MAX 200
#define PAUSE_FIRST 100             /* milliseconds */
#define PAUSE_MAX 1000

/* Old and new serve side by side for a while in a graceful reload (nginx lets its old workers go 100 ms after
 * the new ones came): one look meets either, so the new certificate counts when every look of this time met it. */
#define STEADY (300 * G_TIME_SPAN_MILLISECOND)
#define STEADY_PAUSE 50             /* milliseconds */

/* A graceful reload goes on serving the old certificate for a moment. */
#ifndef CH_PROVE_PATIENCE
#define CH_PROVE_PATIENCE (10 * G_TIME_SPAN_SECOND)
#endif

/* Old versions are spoken too: the question is what is served, not how well. */
#define ANY "NORMAL:+VERS-TLS1.1:+VERS-TLS1.0"

/* A server may have a certificate with an RSA key and one with an EC key, and shows the one that fits. */
static const char *const kinds[] = {
  "NORMAL:-SIGN-ALL:+SIGN-RSA-PSS-RSAE-SHA256:+SIGN-RSA-PSS-RSAE-SHA384:+SIGN-RSA-PSS-RSAE-SHA512"
  ":+SIGN-RSA-SHA256:+SIGN-RSA-SHA384:+SIGN-RSA-SHA512",
  "NORMAL:-SIGN-ALL:+SIGN-ECDSA-SHA256:+SIGN-ECDSA-SHA384:+SIGN-ECDSA-SHA512"
  ":+SIGN-ECDSA-SECP256R1-SHA256:+SIGN-ECDSA-SECP384R1-SHA384:+SIGN-ECDSA-SECP521R1-SHA512",
};

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_session_t, gnutls_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_certificate_credentials_t, gnutls_certificate_free_credentials, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_crt_t, gnutls_x509_crt_deinit, NULL)

/* What GnuTLS reads and writes through: a socket, until a moment, unless somebody cancels. */
typedef struct
{
  GSocket *socket;            /* (not owned) */
  gint64 deadline;
  GCancellable *cancellable;  /* (nullable) (not owned) */
  GError *error;              /* (owned) (nullable): what ended it */
} Wire;

void
ch_served_free (ChServed *served)
{
  g_free (served->fingerprint);
  g_free (served->subject);
  g_free (served);
}

static char *
endpoint_name (const ChEndpoint *endpoint)
{
  g_autofree char *address = strchr (endpoint->host, ':') != NULL
    ? g_strdup_printf ("[%s]:%u", endpoint->host, endpoint->port)
    : g_strdup_printf ("%s:%u", endpoint->host, endpoint->port);

  if (endpoint->sni == NULL || g_str_equal (endpoint->sni, endpoint->host))
    return g_steal_pointer (&address);

  return g_strdup_printf (_("%s (as %s)"), address, endpoint->sni);
}

/* ---- the wire ---- */

static gboolean
wire_wait (Wire        *wire,
           GIOCondition condition)
{
  gint64 left = wire->deadline - g_get_monotonic_time ();

  if (left <= 0)
    {
      g_clear_error (&wire->error);
      g_set_error_literal (&wire->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, _("no answer in time"));
      return FALSE;
    }

  g_clear_error (&wire->error);
  return g_socket_condition_timed_wait (wire->socket, condition, left, wire->cancellable, &wire->error);
}

static ssize_t
wire_pull (gnutls_transport_ptr_t data,
           void                  *buffer,
           size_t                 size)
{
  Wire *wire = data;

  if (!wire_wait (wire, G_IO_IN))
    return -1;

  return g_socket_receive (wire->socket, buffer, size, wire->cancellable, &wire->error);
}

static ssize_t
wire_push (gnutls_transport_ptr_t data,
           const void            *buffer,
           size_t                 size)
{
  Wire *wire = data;

  if (!wire_wait (wire, G_IO_OUT))
    return -1;

  return g_socket_send (wire->socket, buffer, size, wire->cancellable, &wire->error);
}

static int
wire_errno (gnutls_transport_ptr_t data)
{
  return EIO;
}

static int
wire_pull_timeout (gnutls_transport_ptr_t data,
                   unsigned int           milliseconds)
{
  return wire_wait (data, G_IO_IN) ? 1 : -1;
}

/* ---- one look ---- */

static gboolean
is_name (const char *host)
{
  return !g_hostname_is_ip_address (host);
}

static gboolean
shake_hands (gnutls_session_t  session,
             Wire             *wire,
             const ChEndpoint *endpoint,
             GError          **error)
{
  const char *name = endpoint->sni != NULL ? endpoint->sni : endpoint->host;
  int result;

  gnutls_transport_set_ptr (session, wire);
  gnutls_transport_set_pull_function (session, wire_pull);
  gnutls_transport_set_push_function (session, wire_push);
  gnutls_transport_set_errno_function (session, wire_errno);
  gnutls_transport_set_pull_timeout_function (session, wire_pull_timeout);

  if (is_name (name))
    gnutls_server_name_set (session, GNUTLS_NAME_DNS, name, strlen (name));

  do
    result = gnutls_handshake (session);
  while (result < 0 && !gnutls_error_is_fatal (result));

  /* A server that insists on a client certificate refuses us only after it has shown its own. */
  if (result == GNUTLS_E_SUCCESS
      || (result == GNUTLS_E_FATAL_ALERT_RECEIVED && gnutls_certificate_get_peers (session, NULL) != NULL))
    return TRUE;

  g_autofree char *where = endpoint_name (endpoint);
  if (g_error_matches (wire->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return ch_error_set (error, CH_ERROR_CANCELLED, _("Looking at %s was cancelled"), where);
  if (wire->error != NULL)
    return ch_error_set (error, CH_ERROR_UNREACHABLE, _("%s was lost while TLS began: %s"),
                         where, wire->error->message);

  return ch_error_set (error, CH_ERROR_BAD_ANSWER, _("%s does not speak TLS with us: %s"),
                       where, gnutls_strerror (result));
}

static char *
subject_of (gnutls_x509_crt_t certificate)
{
  gnutls_datum_t name = { NULL, 0 };

  if (gnutls_x509_crt_get_dn3 (certificate, &name, 0) < 0)
    return g_strdup ("");

  g_autofree char *text = g_utf8_make_valid ((const char *) name.data, name.size);
  gnutls_free (name.data);
  return g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), SUBJECT_MAX));
}

static ChServed *
read_served (gnutls_session_t  session,
             const ChEndpoint *endpoint,
             GError          **error)
{
  g_auto(gnutls_x509_crt_t) certificate = NULL;
  unsigned int n = 0;
  const gnutls_datum_t *list = gnutls_certificate_get_peers (session, &n);

  gnutls_x509_crt_init (&certificate);
  if (list == NULL || n == 0 || gnutls_x509_crt_import (certificate, &list[0], GNUTLS_X509_FMT_DER) < 0)
    {
      g_autofree char *where = endpoint_name (endpoint);
      ch_error_set (error, CH_ERROR_BAD_ANSWER, _("%s shows no certificate that can be read"), where);
      return NULL;
    }

  ChServed *served = g_new0 (ChServed, 1);
  served->fingerprint = g_compute_checksum_for_data (G_CHECKSUM_SHA256, list[0].data, list[0].size);
  served->subject = subject_of (certificate);
  served->not_after = gnutls_x509_crt_get_expiration_time (certificate);
  served->n_certificates = n;
  return served;
}

static ChServed *
look_through (GSocketConnection *connection,
              const ChEndpoint  *endpoint,
              const char        *kind,
              gint64             deadline,
              GCancellable      *cancellable,
              GError           **error)
{
  g_auto(gnutls_certificate_credentials_t) credentials = NULL;
  g_auto(gnutls_session_t) session = NULL;
  Wire wire = { g_socket_connection_get_socket (connection), deadline, cancellable, NULL };
  ChServed *served = NULL;

  gnutls_certificate_allocate_credentials (&credentials);
  gnutls_init (&session, GNUTLS_CLIENT);
  gnutls_priority_set_direct (session, kind, NULL);
  gnutls_credentials_set (session, GNUTLS_CRD_CERTIFICATE, credentials);

  if (shake_hands (session, &wire, endpoint, error))
    served = read_served (session, endpoint, error);

  g_clear_error (&wire.error);
  return served;
}

/* Takes the first address that answers, as any client does that tries them in their order. */
static GSocketConnection *
connect_to (const ChEndpoint *endpoint,
            gint64            deadline,
            GCancellable     *cancellable,
            GError          **error)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnectable) host = g_network_address_new (endpoint->host, endpoint->port);
  g_autoptr(GSocketAddressEnumerator) addresses = g_socket_connectable_enumerate (host);
  g_autoptr(GError) reason = NULL;

  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_timeout (client, LOOK_SECONDS);

  do
    {
      g_autoptr(GError) next = NULL;
      g_autoptr(GSocketAddress) address = g_socket_address_enumerator_next (addresses, cancellable, &next);

      if (address == NULL)
        {
          if (next != NULL && reason == NULL)
            g_propagate_error (&reason, g_steal_pointer (&next));
          break;
        }

      g_clear_error (&reason);
      GSocketConnection *connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address),
                                                               cancellable, &reason);
      if (connection != NULL)
        return connection;
    }
  while (g_get_monotonic_time () < deadline && !g_cancellable_is_cancelled (cancellable));

  g_autofree char *where = endpoint_name (endpoint);
  ch_error_set (error, g_cancellable_is_cancelled (cancellable) ? CH_ERROR_CANCELLED : CH_ERROR_UNREACHABLE,
                _("%s cannot be reached: %s"),
                where, reason != NULL ? reason->message : _("it has no address"));
  return NULL;
}

static ChServed *
look (const ChEndpoint *endpoint,
      const char       *kind,
      GCancellable     *cancellable,
      GError          **error)
{
  gint64 deadline = g_get_monotonic_time () + LOOK_SECONDS * G_TIME_SPAN_SECOND;
  g_autoptr(GSocketConnection) connection = connect_to (endpoint, deadline, cancellable, error);

  return connection != NULL ? look_through (connection, endpoint, kind, deadline, cancellable, error) : NULL;
}

ChServed *
ch_prove_look (const ChEndpoint *endpoint,
               GCancellable     *cancellable,
               GError          **error)
{
  return look (endpoint, ANY, cancellable, error);
}

/* ---- until it is served ---- */

static gboolean
fail_other (GError          **error,
            const ChEndpoint *endpoint,
            const ChServed   *served)
{
  g_autoptr(GDateTime) end = g_date_time_new_from_unix_utc (served->not_after);
  g_autofree char *date = end != NULL ? g_date_time_format (end, "%Y-%m-%d") : g_strdup ("?");
  g_autofree char *where = endpoint_name (endpoint);
  return ch_error_set (error, CH_ERROR_NOT_SERVED,
                       _("%s serves another certificate than the new one: “%s”, valid until %s, "
                         "SHA-256 %.16s…"), where, served->subject, date, served->fingerprint);
}

static gboolean
is (const ChServed *served,
    const char     *fingerprint)
{
  return g_ascii_strcasecmp (served->fingerprint, fingerprint) == 0;
}

/* Returns: whether it is so; if not, @error says what an ordinary client gets there. */
static gboolean
is_served (const ChEndpoint *endpoint,
           const char       *fingerprint,
           GCancellable     *cancellable,
           GError          **error)
{
  g_autoptr(ChServed) usual = ch_prove_look (endpoint, cancellable, error);

  if (usual == NULL)
    return FALSE;
  if (is (usual, fingerprint))
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr(ChServed) served = look (endpoint, kinds[i], cancellable, NULL);

      if (served != NULL && is (served, fingerprint))
        return TRUE;
    }

  return fail_other (error, endpoint, usual);
}

gboolean
ch_prove (const ChEndpoint *endpoint,
          const char       *fingerprint,
          GCancellable     *cancellable,
          GError          **error)
{
  gint64 end = g_get_monotonic_time () + CH_PROVE_PATIENCE;
  gint64 since = 0;
  guint pause = PAUSE_FIRST;
  g_autoptr(GError) reason = NULL;

  while (TRUE)
    {
      g_clear_error (&reason);
      gboolean served = is_served (endpoint, fingerprint, cancellable, &reason);
      gint64 now = g_get_monotonic_time ();

      if (served && since != 0 && now - since >= STEADY)
        return TRUE;
      if (g_cancellable_is_cancelled (cancellable) || (!served && now >= end))
        break;

      since = !served ? 0 : since != 0 ? since : now;
      ch_wait_pause (served ? STEADY_PAUSE : pause, cancellable);
      pause = served ? pause : MIN (2 * pause, PAUSE_MAX);
    }

  if (g_cancellable_is_cancelled (cancellable))
    return ch_error_set (error, CH_ERROR_CANCELLED, _("Checking what “%s” serves was cancelled"),
                         endpoint->host);

  gboolean unreachable = g_error_matches (reason, CH_ERROR, CH_ERROR_UNREACHABLE);
  return ch_error_set (error, unreachable ? CH_ERROR_UNREACHABLE : CH_ERROR_NOT_SERVED,
                       "%s", reason->message);
}
