/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "message.h"

#include "dns/message-private.h"
#include "dns/name.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

static char *
name_from_wire (const knot_dname_t *wire)
{
  knot_dname_txt_storage_t text;

  /* every octet that is not printable comes out escaped */
  if (knot_dname_to_str (text, wire, sizeof text) == NULL)
    return g_strdup ("");

  return ch_dns_name_tidy (text);
}

static void
record_free (ChDnsRecord *record)
{
  g_free (record->owner);
  g_free (record->text);
  g_free (record);
}

void
ch_dns_answer_free (ChDnsAnswer *answer)
{
  g_clear_pointer (&answer->records, g_ptr_array_unref);
  g_free (answer);
}

static char *
txt_from_rdata (const knot_rdata_t *rdata,
                gsize              *length)
{
  GString *text = g_string_new (NULL);

  for (gsize at = 0; at < rdata->len;)
    {
      gsize part = MIN (rdata->data[at], rdata->len - at - 1);

      g_string_append_len (text, (const char *) rdata->data + at + 1, part);
      at += 1 + part;
    }

  *length = text->len;
  return g_string_free (text, FALSE);
}

static char *
address_from_rdata (const knot_rdata_t *rdata,
                    GSocketFamily       family)
{
  if (rdata->len != (family == G_SOCKET_FAMILY_IPV4 ? 4 : 16))
    return NULL;

  g_autoptr(GInetAddress) address = g_inet_address_new_from_bytes (rdata->data, family);
  return g_inet_address_to_string (address);
}

static char *
text_from_rdata (guint16             type,
                 const knot_rdata_t *rdata,
                 gsize              *length)
{
  char *text = NULL;

  if (type == CH_DNS_TYPE_TXT)
    return txt_from_rdata (rdata, length);

  /* libknot has checked and unpacked names inside the data while parsing */
  if (type == CH_DNS_TYPE_NS || type == CH_DNS_TYPE_CNAME)
    text = name_from_wire (rdata->data);
  else if (type == CH_DNS_TYPE_A)
    text = address_from_rdata (rdata, G_SOCKET_FAMILY_IPV4);
  else if (type == CH_DNS_TYPE_AAAA)
    text = address_from_rdata (rdata, G_SOCKET_FAMILY_IPV6);

  *length = text != NULL ? strlen (text) : 0;
  return text;
}

static gboolean
is_wanted (const knot_rrset_t *rrset)
{
  if (rrset->rclass != KNOT_CLASS_IN)
    return FALSE;

  switch (rrset->type)
    {
    case CH_DNS_TYPE_A:
    case CH_DNS_TYPE_NS:
    case CH_DNS_TYPE_CNAME:
    case CH_DNS_TYPE_SOA:
    case CH_DNS_TYPE_TXT:
    case CH_DNS_TYPE_AAAA:
      return TRUE;
    default:
      return FALSE;
    }
}

static void
collect_records (ChDnsAnswer      *answer,
                 const knot_pkt_t *packet,
                 knot_section_t    which)
{
  const knot_pktsection_t *section = knot_pkt_section (packet, which);

  for (guint i = 0; i < section->count; i++)
    {
      const knot_rrset_t *rrset = knot_pkt_rr (section, i);

      for (guint n = 0; is_wanted (rrset) && n < rrset->rrs.count; n++)
        {
          ChDnsRecord *record = g_new0 (ChDnsRecord, 1);

          record->owner = name_from_wire (rrset->owner);
          record->type = rrset->type;
          record->ttl = rrset->ttl;
          record->is_answer = which == KNOT_ANSWER;
          record->text = text_from_rdata (rrset->type, knot_rdataset_at (&rrset->rrs, n), &record->length);
          g_ptr_array_add (answer->records, record);
        }
    }
}

/* RFC 8945, 5.2.3: with BADTIME the other data hold the server's clock, 48 bits */
static gint64
server_time (const knot_rrset_t *tsig)
{
  const guint8 *data = knot_tsig_rdata_other_data (tsig);
  gint64 seconds = 0;

  if (data == NULL || knot_tsig_rdata_other_data_length (tsig) != 6)
    return 0;

  for (int i = 0; i < 6; i++)
    seconds = seconds << 8 | data[i];

  return seconds;
}

static void
check_signature (ChDnsAnswer        *answer,
                 const ChDnsRequest *request,
                 const knot_pkt_t   *packet)
{
  answer->signature = CH_DNS_SIGNATURE_NONE;
  if (request->key == NULL || packet->tsig_rr == NULL || !knot_tsig_rdata_is_ok (packet->tsig_rr))
    return;

  answer->tsig_error = knot_tsig_rdata_error (packet->tsig_rr);
  if (answer->tsig_error == CH_TSIG_BADTIME)
    answer->server_time = server_time (packet->tsig_rr);

  /* the parser has taken the TSIG record off, and the check wants the message without it */
  int verdict = knot_tsig_client_check (packet->tsig_rr, packet->wire, packet->size, request->mac,
                                        request->mac_length, &request->key->knot, 0);
  if (verdict == KNOT_EOK)
    answer->signature = CH_DNS_SIGNATURE_GOOD;
  else
    answer->signature = answer->tsig_error != 0 ? CH_DNS_SIGNATURE_ERROR : CH_DNS_SIGNATURE_BAD;
}

ChDnsAnswer *
ch_dns_answer_parse (const ChDnsRequest *request,
                     const guint8       *wire,
                     gsize               length,
                     GError            **error)
{
  g_autofree guint8 *copy = g_memdup2 (wire, length);   /* the parser writes into it */
  auto_packet *packet = length <= G_MAXUINT16 ? knot_pkt_new (copy, length, NULL) : NULL;

  if (packet == NULL || length < KNOT_WIRE_HEADER_SIZE || knot_pkt_parse (packet, 0) != KNOT_EOK)
    {
      ch_error_set (error, CH_ERROR_BAD_ANSWER, _("The answer is not a DNS message"));
      return NULL;
    }

  g_autoptr(ChDnsAnswer) answer = g_new0 (ChDnsAnswer, 1);
  answer->rcode = knot_wire_get_rcode (copy);
  answer->authoritative = knot_wire_get_aa (copy) != 0;
  answer->recursive = knot_wire_get_ra (copy) != 0;
  answer->truncated = knot_wire_get_tc (copy) != 0;
  answer->records = g_ptr_array_new_with_free_func ((GDestroyNotify) record_free);
  check_signature (answer, request, packet);
  collect_records (answer, packet, KNOT_ANSWER);
  collect_records (answer, packet, KNOT_AUTHORITY);
  return g_steal_pointer (&answer);
}

const ChDnsRecord *
ch_dns_answer_find (const ChDnsAnswer *answer,
                    const char        *name,
                    ChDnsType          type)
{
  g_autofree char *owner = name != NULL ? ch_dns_name_tidy (name) : NULL;

  for (guint i = 0; i < answer->records->len; i++)
    {
      const ChDnsRecord *record = answer->records->pdata[i];

      if (record->is_answer && record->type == type && (owner == NULL || g_str_equal (record->owner, owner)))
        return record;
    }

  return NULL;
}

gboolean
ch_dns_answer_has_txt (const ChDnsAnswer *answer,
                       const char        *name,
                       const char        *value)
{
  g_autofree char *owner = ch_dns_name_tidy (name);

  for (guint i = 0; i < answer->records->len; i++)
    {
      const ChDnsRecord *record = answer->records->pdata[i];

      if (record->is_answer && record->type == CH_DNS_TYPE_TXT && g_str_equal (record->owner, owner)
          && record->length == strlen (value) && memcmp (record->text, value, record->length) == 0)
        return TRUE;
    }

  return FALSE;
}

char *
ch_dns_rcode_name (ChDnsRcode rcode)
{
  const knot_lookup_t *found = knot_lookup_by_id (knot_rcode_names, rcode);
  return found != NULL ? g_strdup (found->name) : g_strdup_printf ("RCODE %d", rcode);
}
