/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message.h"

#include "dns/message-private.h"
#include "dns/name.h"
#include "dns/txt.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <libdnssec/random.h>
#include <string.h>

/* RFC 9715 and the DNS flag day of 2020: what fits into one packet nearly everywhere */
#define EDNS_PAYLOAD 1232
/* room for the longest value, a name, and the TSIG record */
#define REQUEST_MAX 8192

static void
clear_rrset (knot_rrset_t *rrset)
{
  knot_rrset_clear (rrset, NULL);
}
#define auto_rrset __attribute__ ((cleanup (clear_rrset))) knot_rrset_t

static gboolean
name_to_wire (const char          *name,
              knot_dname_storage_t wire,
              GError             **error)
{
  if (*name == '\0' || knot_dname_from_str (wire, name, sizeof (knot_dname_storage_t)) == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not a DNS name"), name);

  knot_dname_to_lower (wire);
  return TRUE;
}

/* ---- keys ---- */

static gboolean
is_known_algorithm (const char *algorithm)
{
  /* no hmac-md5: RFC 8945, section 6 */
  static const char *const known[] = { "hmac-sha1", "hmac-sha224", "hmac-sha256", "hmac-sha384",
                                       "hmac-sha512", NULL };
  return g_strv_contains (known, algorithm);
}

ChTsigKey *
ch_tsig_key_new (const char *name,
                 const char *algorithm,
                 const char *secret,
                 GError    **error)
{
  g_autoptr(ChTsigKey) key = g_new0 (ChTsigKey, 1);

  if (!ch_dns_check_name (name, error))
    return NULL;

  if (!is_known_algorithm (algorithm))
    {
      ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not an algorithm for a TSIG key"), algorithm);
      return NULL;
    }

  if (knot_tsig_key_init (&key->knot, algorithm, name, secret) != KNOT_EOK || key->knot.secret.size == 0)
    {
      ch_error_set (error, CH_ERROR_INVALID, _("The secret of the TSIG key “%s” is not base64"), name);
      return NULL;
    }

  return g_steal_pointer (&key);
}

void
ch_tsig_key_free (ChTsigKey *key)
{
  if (key == NULL)
    return;

  if (key->knot.secret.data != NULL)
    explicit_bzero (key->knot.secret.data, key->knot.secret.size);
  knot_tsig_key_deinit (&key->knot);
  g_free (key);
}

/* ---- requests ---- */

void
ch_dns_request_free (ChDnsRequest *request)
{
  g_clear_pointer (&request->wire, g_bytes_unref);
  g_free (request);
}

GBytes *
ch_dns_request_get_wire (const ChDnsRequest *request)
{
  return request->wire;
}

gboolean
ch_dns_request_is_update (const ChDnsRequest *request)
{
  return request->is_update;
}

static knot_pkt_t *
packet_new (const char *name,
            guint16     type,
            int         opcode,
            GError    **error)
{
  knot_dname_storage_t wire;

  if (!name_to_wire (name, wire, error))
    return NULL;

  knot_pkt_t *packet = knot_pkt_new (NULL, REQUEST_MAX, NULL);
  knot_wire_set_id (packet->wire, dnssec_random_uint16_t ());
  knot_wire_set_opcode (packet->wire, opcode);
  knot_pkt_put_question (packet, wire, KNOT_CLASS_IN, type);
  return packet;
}

static gboolean
sign (ChDnsRequest *request,
      knot_pkt_t   *packet,
      GError      **error)
{
  if (request->key == NULL)
    return TRUE;

  request->mac_length = sizeof request->mac;
  if (knot_tsig_sign (packet->wire, &packet->size, packet->max_size, NULL, 0,
                      request->mac, &request->mac_length, &request->key->knot, 0, 0) != KNOT_EOK)
    return ch_error_set (error, CH_ERROR_FAILED, _("The DNS message could not be signed"));

  return TRUE;
}

static ChDnsRequest *
request_new (knot_pkt_t      *packet,
             const ChTsigKey *key,
             GError         **error)
{
  g_autoptr(ChDnsRequest) request = g_new0 (ChDnsRequest, 1);

  request->is_update = knot_wire_get_opcode (packet->wire) == KNOT_OPCODE_UPDATE;
  request->question_size = knot_pkt_question_size (packet);
  request->key = key;
  if (!sign (request, packet, error))
    return NULL;

  request->wire = g_bytes_new (packet->wire, packet->size);
  return g_steal_pointer (&request);
}

ChDnsRequest *
ch_dns_query_new (const char      *name,
                  ChDnsType        type,
                  ChDnsAsking      asking,
                  const ChTsigKey *key,
                  GError         **error)
{
  auto_packet *packet = packet_new (name, type, KNOT_OPCODE_QUERY, error);
  auto_rrset edns = { 0 };

  if (packet == NULL)
    return NULL;

  if (asking == CH_DNS_ASKING_RESOLVER)
    knot_wire_set_rd (packet->wire);

  if (knot_edns_init (&edns, EDNS_PAYLOAD, 0, 0, NULL) != KNOT_EOK
      || knot_pkt_begin (packet, KNOT_ADDITIONAL) != KNOT_EOK
      || knot_pkt_put (packet, KNOT_COMPR_HINT_NONE, &edns, 0) != KNOT_EOK)
    {
      ch_error_set (error, CH_ERROR_FAILED, _("The DNS query could not be built"));
      return NULL;
    }

  return request_new (packet, key, error);
}

static gboolean
check_txt (const ChTxt *txt,
           const char  *zone,
           GError     **error)
{
  if (!ch_dns_check_name (txt->name, error) || !ch_dns_check_name (zone, error))
    return FALSE;

  if (!ch_dns_name_is_inside (txt->name, zone))
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not inside the zone “%s”"), txt->name, zone);

  return ch_dns_check_txt_value (txt, error);
}

/* character-strings of at most 255 octets, each after its length (RFC 1035, 3.3.14) */
static GByteArray *
txt_rdata (const char *value)
{
  GByteArray *rdata = g_byte_array_new ();

  for (gsize left = strlen (value); left > 0;)
    {
      guint8 part = MIN (left, 255);

      g_byte_array_append (rdata, &part, 1);
      g_byte_array_append (rdata, (const guint8 *) value, part);
      value += part;
      left -= part;
    }

  return rdata;
}

static gboolean
put_txt (knot_pkt_t  *packet,
         ChDnsChange  change,
         const ChTxt *txt,
         guint32      ttl,
         GError     **error)
{
  g_autoptr(GByteArray) rdata = txt_rdata (txt->value);
  knot_dname_storage_t owner;
  auto_rrset rrset = { 0 };

  if (!name_to_wire (txt->name, owner, error))
    return FALSE;

  /* RFC 2136, 2.5: class IN adds; class NONE with TTL 0 deletes just this record */
  if (change == CH_DNS_CHANGE_ADD)
    knot_rrset_init (&rrset, knot_dname_copy (owner, NULL), KNOT_RRTYPE_TXT, KNOT_CLASS_IN, ttl);
  else
    knot_rrset_init (&rrset, knot_dname_copy (owner, NULL), KNOT_RRTYPE_TXT, KNOT_CLASS_NONE, 0);

  if (knot_rrset_add_rdata (&rrset, rdata->data, rdata->len, NULL) != KNOT_EOK
      || knot_pkt_begin (packet, KNOT_ANSWER) != KNOT_EOK
      || knot_pkt_begin (packet, KNOT_AUTHORITY) != KNOT_EOK    /* the update section */
      || knot_pkt_put (packet, KNOT_COMPR_HINT_NONE, &rrset, 0) != KNOT_EOK)
    return ch_error_set (error, CH_ERROR_FAILED, _("The update for “%s” could not be built"), txt->name);

  return TRUE;
}

ChDnsRequest *
ch_dns_update_new (const char      *zone,
                   ChDnsChange      change,
                   const ChTxt     *txt,
                   guint32          ttl,
                   const ChTsigKey *key,
                   GError         **error)
{
  if (!check_txt (txt, zone, error))
    return NULL;

  auto_packet *packet = packet_new (zone, KNOT_RRTYPE_SOA, KNOT_OPCODE_UPDATE, error);
  if (packet == NULL || !put_txt (packet, change, txt, ttl, error))
    return NULL;

  return request_new (packet, key, error);
}

/* length octets are below 64, our types and classes below 'A': folding the case of all octets is safe */
static gboolean
same_question (const guint8 *a,
               const guint8 *b,
               gsize         length)
{
  for (gsize i = 0; i < length; i++)
    if (g_ascii_tolower (a[i]) != g_ascii_tolower (b[i]))
      return FALSE;

  return TRUE;
}

gboolean
ch_dns_request_is_answered_by (const ChDnsRequest *request,
                               const guint8       *wire,
                               gsize               length)
{
  const guint8 *ours = g_bytes_get_data (request->wire, NULL);

  if (length < KNOT_WIRE_HEADER_SIZE
      || !knot_wire_get_qr (wire)
      || knot_wire_get_id (wire) != knot_wire_get_id (ours)
      || knot_wire_get_opcode (wire) != knot_wire_get_opcode (ours))
    return FALSE;

  /* RFC 2136, 3.8 lets a server leave the sections out, and some do so with errors */
  if (knot_wire_get_qdcount (wire) == 0)
    return request->is_update || knot_wire_get_rcode (wire) != KNOT_RCODE_NOERROR;

  return length >= KNOT_WIRE_HEADER_SIZE + request->question_size
         && same_question (wire + KNOT_WIRE_HEADER_SIZE, ours + KNOT_WIRE_HEADER_SIZE,
                           request->question_size);
}
