/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "globalsign.h"

#include <glib/gi18n.h>
#include <string.h>

#define PEM_MAX (64 * 1024)
#define CHAIN_MAX 32
#define CERTIFICATE " CERTIFICATE-----"
#define REQUEST " CERTIFICATE REQUEST-----"     /* some tools write NEW before it */

/* OrderStatus and CertificateStatus (docs/globalsign.md, Queries) */
static const struct
{
  int code;
  ChCaStatus status;
} statuses[] = {
  { 1, CH_CA_WAITING },
  { 2, CH_CA_HELD },
  { 3, CH_CA_CANCELLED },
  { 4, CH_CA_ISSUED },
  { 5, CH_CA_CANCELLED },
  { 6, CH_CA_REVOKED },
  { 7, CH_CA_REVOKED },
  { 8, CH_CA_HELD },
  { 9, CH_CA_HELD },
  { 10, CH_CA_REJECTED },
};

static gboolean
read_code (int         code,
           ChCaStatus *status)
{
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (statuses[i].code == code)
      {
        *status = statuses[i].status;
        return TRUE;
      }

  return FALSE;
}

/* The enumeration goes from waiting to the ends, and an order only moves that way: of order and certificate,
 * the one that is further tells the truth. */
gboolean
ch_gs_read_status (int         order_code,
                   int         certificate_code,
                   ChCaStatus *status)
{
  ChCaStatus order = CH_CA_WAITING;
  ChCaStatus certificate = CH_CA_WAITING;
  gboolean known = read_code (order_code, &order);

  known |= read_code (certificate_code, &certificate);
  *status = MAX (order, certificate);
  return known;
}

static const char *
status_text (ChCaStatus status)
{
  switch (status)
    {
    case CH_CA_WAITING:
      return _("GlobalSign waits for the proof of control");
    case CH_CA_HELD:
      return _("GlobalSign's staff look at the order first; its support can say how long that takes");
    case CH_CA_ISSUED:
      return _("GlobalSign has issued the certificate");
    case CH_CA_REJECTED:
      return _("GlobalSign has refused the order");
    case CH_CA_CANCELLED:
      return _("The order is cancelled at GlobalSign");
    case CH_CA_REVOKED:
      return _("The certificate is revoked at GlobalSign");
    default:
      return NULL;
    }
}

ChCaOrder *
ch_gs_order_new (const char *ca_order,
                 ChCaStatus  status)
{
  ChCaOrder *order = g_new0 (ChCaOrder, 1);

  order->ca_order = g_strdup (ca_order);
  order->status = status;
  order->status_text = g_strdup (status_text (status));
  return order;
}

void
ch_gs_explain_vetting (ChCaOrder *order)
{
  if (order->status != CH_CA_WAITING)
    return;

  g_free (order->status_text);
  order->status_text = g_strdup (_("GlobalSign verifies the organisation; control of the names is proven on the "
                                   "order's page"));
}

/* A PEM text with LF; answers have CR LF (docs/globalsign.md, Envelope). Whether it is right inside is for those to
 * say who parse it. */
static char *
read_pem (const xmlNode *from,
          const char    *path,
          const char    *armour)
{
  g_autofree char *text = ch_soap_text (from, path);
  const char *begin = text != NULL && strlen (text) <= PEM_MAX ? strstr (text, "-----BEGIN ") : NULL;

  if (begin == NULL || strstr (begin, armour) == NULL || strstr (begin, "-----END ") == NULL)
    return NULL;

  g_auto(GStrv) lines = g_strsplit (text, "\r", -1);
  g_autofree char *joined = g_strjoinv ("", lines);
  return g_strconcat (joined, "\n", NULL);
}

static char **
read_chain (const xmlNode *fulfillment)
{
  g_autoptr(GPtrArray) chain = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  const xmlNode *list = ch_soap_find (fulfillment, "CACertificates");

  for (const xmlNode *entry = NULL;
       chain->len < CHAIN_MAX && (entry = ch_soap_next (list, entry, "CACertificate")) != NULL;)
    {
      char *pem = read_pem (entry, "CACert", CERTIFICATE);

      if (pem != NULL)
        g_ptr_array_add (chain, pem);
    }

  return chain->len > 0 ? (char **) g_ptr_array_free (g_steal_pointer (&chain), FALSE) : NULL;
}

void
ch_gs_read_fulfillment (ChCaOrder     *order,
                        const xmlNode *from)
{
  const xmlNode *fulfillment = ch_soap_find (from, "Fulfillment");

  order->certificate = read_pem (fulfillment, "ServerCertificate/X509Cert", CERTIFICATE);
  order->chain = read_chain (fulfillment);
  order->csr = read_pem (fulfillment, "OriginalCSR", REQUEST);
}

ChCaOrder *
ch_gs_read_row (const xmlNode *row)
{
  g_autofree char *number = ch_soap_word (row, "OrderID");
  ChCaStatus status;

  if (number == NULL || !ch_gs_read_status (ch_soap_int (row, "OrderStatus", 0), 0, &status))
    return NULL;

  ChCaOrder *order = ch_gs_order_new (number, status);
  order->own_key = ch_soap_word (row, "SubId");
  order->common_name = ch_soap_word (row, "FQDN");
  order->ordered_at = ch_soap_time (row, "OrderRequestDate");
  order->issued_at = status >= CH_CA_ISSUED ? ch_soap_time (row, "OrderIssueDate") : 0;
  order->ended_at = status > CH_CA_ISSUED ? ch_soap_time (row, "OrderCanceledDate") : 0;

  return order;
}

ChCaOrder *
ch_gs_read_issue (const char    *ca_order,
                  const xmlNode *issue)
{
  ChCaStatus status;

  ch_gs_read_status (ch_soap_int (issue, "CertificateInfo/CertificateStatus", 0), 0, &status);

  ChCaOrder *order = ch_gs_order_new (ca_order, status);
  order->common_name = ch_soap_word (issue, "CertificateInfo/CommonName");
  order->issued_at = status >= CH_CA_ISSUED ? ch_soap_time (issue, "CertificateInfo/StartDate") : 0;
  ch_gs_read_fulfillment (order, issue);

  return order;
}
