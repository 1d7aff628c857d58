/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include "store/store-private.h"

#include <glib/gi18n.h>
#include <inttypes.h>

static const ChColumn columns[] = {
  CH_COLUMN (ChCertificate, INT64, id),
  CH_COLUMN (ChCertificate, ID, order_id),
  CH_COLUMN (ChCertificate, TEXT, ca_order),
  CH_COLUMN (ChCertificate, TEXT, serial),
  CH_COLUMN (ChCertificate, TEXT, subject),
  CH_COLUMN (ChCertificate, TEXT, issuer),
  CH_COLUMN (ChCertificate, STRV, names),
  CH_COLUMN (ChCertificate, INT64, not_before),
  CH_COLUMN (ChCertificate, INT64, not_after),
  CH_COLUMN (ChCertificate, TEXT, fingerprint),
  CH_COLUMN (ChCertificate, TEXT, public_key),
  CH_COLUMN (ChCertificate, TEXT, key_ref),
  CH_COLUMN (ChCertificate, TEXT, pem),
  CH_COLUMN (ChCertificate, TEXT, chain),
  CH_COLUMN (ChCertificate, TEXT, root),
  CH_COLUMN (ChCertificate, INT64, issued_at),
  { NULL },
};

const ChTable ch_table_certificates = {
  .name = "certificates",
  .noun = N_("certificate"),
  .size = sizeof (ChCertificate),
  .columns = columns,
  .free = (GDestroyNotify) ch_certificate_free,
};

gboolean
ch_store_add_certificate (ChStore       *store,
                          ChCertificate *certificate,
                          GError       **error)
{
  gint64 known;

  if (!ch_store_ask (store, "SELECT id FROM certificates WHERE order_id = ?1 AND fingerprint = ?2",
                     CH_ARGS (CH_INT (certificate->order_id), CH_TEXT (certificate->fingerprint)), &known,
                     error))
    return FALSE;

  if (known == 0)
    return ch_table_insert (store, &ch_table_certificates, certificate, error);

  certificate->id = known;
  return TRUE;
}

ChCertificate *
ch_store_get_certificate (ChStore *store,
                          gint64   id,
                          GError **error)
{
  return ch_table_get (store, &ch_table_certificates, id, error);
}

/* Serial numbers and fingerprints are lower hex: what begins with @serial lies between it and @serial with a 'g'. */
static GPtrArray *
page_of_serial (ChStore     *store,
                const char  *serial,
                gint64       before,
                guint        limit,
                GError     **error)
{
  g_autofree char *end = g_strconcat (serial, "g", NULL);

  return ch_table_list (store, &ch_table_certificates,
                        "WHERE ((serial >= ?1 AND serial < ?2) OR (fingerprint >= ?1 AND fingerprint < ?2)) AND id < ?3"
                        " ORDER BY id DESC LIMIT ?4",
                        CH_ARGS (CH_TEXT (serial), CH_TEXT (end), CH_INT (before), CH_INT (limit)), error);
}

GPtrArray *
ch_store_page_certificates (ChStore                    *store,
                            const ChCertificateFilter  *filter,
                            gint64                      before,
                            guint                       limit,
                            GError                    **error)
{
  gint64 below = before > 0 ? before : G_MAXINT64;

  if (filter->order_id != 0)
    return ch_table_list (store, &ch_table_certificates, "WHERE order_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3",
                          CH_ARGS (CH_INT (filter->order_id), CH_INT (below), CH_INT (limit)), error);
  if (filter->serial != NULL)
    return page_of_serial (store, filter->serial, below, limit, error);

  return ch_table_list (store, &ch_table_certificates, "WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
                        CH_ARGS (CH_INT (below), CH_INT (limit)), error);
}

ChCertificate *
ch_store_find_certificate (ChStore *store,
                           gint64   order_id,
                           GError **error)
{
  ChCertificate *newest;

  if (ch_table_find (store, &ch_table_certificates, "WHERE order_id = ?1 ORDER BY issued_at DESC, id DESC LIMIT 1",
                     CH_ARGS (CH_INT (order_id)), (gpointer *) &newest, error)
      && newest == NULL)
    ch_error_set (error, CH_ERROR_NOT_FOUND, _("Order %" PRId64 " has no certificate"), order_id);

  return newest;
}

GPtrArray *
ch_store_list_certificates (ChStore *store,
                            gint64   order_id,
                            GError **error)
{
  return ch_table_list (store, &ch_table_certificates, "WHERE order_id = ?1 ORDER BY issued_at DESC, id DESC",
                        CH_ARGS (CH_INT (order_id)), error);
}
