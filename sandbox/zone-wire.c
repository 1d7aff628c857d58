/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zone-wire.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <gnutls/crypto.h>
#include <libknot/libknot.h>
#include <string.h>

/* room for the signature: key name, algorithm name, digest and the fixed part (RFC 8945, 4.2) */
#define TSIG_ROOM 700

typedef knot_pkt_t Packet;
static void
packet_free (Packet *packet)
{
  knot_pkt_free (packet);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Packet, packet_free)

struct _SbTsigKey
{
  knot_tsig_key_t knot;
};

/* ---- keys ---- */

static char *
key_word (const char *text,
          const char *pattern)
{
  g_autoptr(GRegex) regex = g_regex_new (pattern, G_REGEX_OPTIMIZE, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;

  return g_regex_match (regex, text, 0, &match) ? g_match_info_fetch (match, 1) : NULL;
}

SbTsigKey *
sb_tsig_key_parse (const char *text)
{
  g_autofree char *name = key_word (text, "\\bkey\\s+\"?([^\"\\s{]+)\"?\\s*\\{");
  g_autofree char *algorithm = key_word (text, "\\balgorithm\\s+\"?([^\"\\s;]+)\"?\\s*;");
  g_autofree char *secret = key_word (text, "\\bsecret\\s+\"?([^\"\\s;]+)\"?\\s*;");
  SbTsigKey *key = g_new0 (SbTsigKey, 1);

  if (name == NULL || knot_tsig_key_init (&key->knot, algorithm, name, secret) != KNOT_EOK)
    g_clear_pointer (&key, g_free);
  return key;
}

void
sb_tsig_key_free (SbTsigKey *key)
{
  knot_tsig_key_deinit (&key->knot);
  g_free (key);
}

/* ---- messages ---- */

static Packet *
packet_new (const char *zone,
            guint8      opcode,
            guint16     type)
{
  knot_dname_storage_t name;
  guint16 id = 0;

  if (knot_dname_from_str (name, zone, sizeof name) == NULL)
    return NULL;

  Packet *packet = knot_pkt_new (NULL, KNOT_WIRE_MAX_PKTSIZE, NULL);
  gnutls_rnd (GNUTLS_RND_NONCE, &id, sizeof id);
  knot_wire_set_id (packet->wire, id);
  knot_wire_set_opcode (packet->wire, opcode);
  knot_pkt_put_question (packet, name, KNOT_CLASS_IN, type);
  return packet;
}

static Packet *
packet_parse (GBytes *bytes)
{
  gsize length = 0;
  const guint8 *wire = g_bytes_get_data (bytes, &length);
  /* knot_pkt_new() over foreign memory does not own it: so the packet makes its own and is filled */
  g_autoptr(Packet) packet = knot_pkt_new (NULL, length, NULL);

  memcpy (packet->wire, wire, length);
  packet->size = length;
  return knot_pkt_parse (packet, 0) == KNOT_EOK ? g_steal_pointer (&packet) : NULL;
}

static Packet *
packet_parse_answer (GBytes  *question,
                     GBytes  *answer,
                     GError **error)
{
  g_autoptr(Packet) packet = packet_parse (answer);

  if (packet == NULL || !knot_wire_get_qr (packet->wire)
      || knot_wire_get_id (packet->wire) != knot_wire_get_id (g_bytes_get_data (question, NULL)))
    {
      ch_error_set (error, CH_ERROR_BAD_ANSWER, _("The name server answers with nonsense."));
      return NULL;
    }

  guint code = knot_pkt_ext_rcode (packet);
  const knot_lookup_t *word = knot_lookup_by_id (knot_rcode_names, code);
  if (code != KNOT_RCODE_NOERROR)
    {
      ch_error_set (error, CH_ERROR_FORBIDDEN, _("The name server says %s."), word != NULL ? word->name : "no");
      return NULL;
    }

  return g_steal_pointer (&packet);
}

/* ---- transfer ---- */

GBytes *
sb_wire_new_transfer (const char *zone)
{
  g_autoptr(Packet) packet = packet_new (zone, KNOT_OPCODE_QUERY, KNOT_RRTYPE_AXFR);

  return packet != NULL ? g_bytes_new (packet->wire, packet->size) : g_bytes_new_static ("", 0);
}

/* Octets that are no UTF-8 could not be shown in JSON or XML. */
static GStrv
strings_of (const knot_rdata_t *rdata)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint at = 0; at < rdata->len && at + 1 + rdata->data[at] <= rdata->len; at += 1 + rdata->data[at])
    {
      g_autofree char *string = g_utf8_make_valid ((const char *) rdata->data + at + 1, rdata->data[at]);
      g_strv_builder_add (builder, string);
    }

  return g_strv_builder_end (builder);
}

static SbRecord *
record_new (const knot_rrset_t *set,
            guint16             i)
{
  SbRecord *record = g_new0 (SbRecord, 1);
  char type[32] = "", data[64 * 1024] = "";
  char *owner = knot_dname_to_str_alloc (set->owner);
  gsize length = strlen (owner);

  owner[length > 1 ? length - 1 : length] = '\0';
  record->name = g_ascii_strdown (owner, -1);
  free (owner);
  knot_rrtype_to_string (set->type, type, sizeof type);
  knot_rrset_txt_dump_data (set, i, data, sizeof data, &KNOT_DUMP_STYLE_DEFAULT);
  record->type = g_strdup (type);
  record->ttl = set->ttl;
  record->data = g_strdup (data);
  if (set->type == KNOT_RRTYPE_TXT)
    record->strings = strings_of (knot_rdataset_at (&set->rrs, i));
  return record;
}

gboolean
sb_wire_read_transfer (GBytes     *question,
                       GBytes     *answer,
                       GPtrArray  *records,
                       guint      *soas,
                       GError    **error)
{
  g_autoptr(Packet) packet = packet_parse_answer (question, answer, error);

  if (packet == NULL)
    return FALSE;

  const knot_pktsection_t *section = knot_pkt_section (packet, KNOT_ANSWER);
  for (guint16 i = 0; i < section->count; i++)
    {
      const knot_rrset_t *set = knot_pkt_rr (section, i);

      if (set->type == KNOT_RRTYPE_SOA && ++*soas == 2)
        return TRUE;
      for (guint16 n = 0; n < set->rrs.count; n++)
        g_ptr_array_add (records, record_new (set, n));
    }

  if (*soas == 0)
    return ch_error_set (error, CH_ERROR_BAD_ANSWER, _("The name server answers with nonsense."));

  return TRUE;
}

/* ---- update ---- */

static GByteArray *
txt_rdata (const char *const *strings)
{
  GByteArray *rdata = g_byte_array_new ();

  for (gsize i = 0; strings[i] != NULL; i++)
    {
      guint8 length = MIN (strlen (strings[i]), 255);

      g_byte_array_append (rdata, &length, 1);
      g_byte_array_append (rdata, (const guint8 *) strings[i], length);
    }

  return rdata;
}

/* RFC 2136, 2.5: class IN adds; class ANY deletes the set; class NONE deletes this record */
static gboolean
put_change (Packet            *packet,
            const SbTxtChange *change)
{
  static const guint16 classes[] = { KNOT_CLASS_IN, KNOT_CLASS_NONE, KNOT_CLASS_ANY };
  static const char *const nothing[] = { NULL };
  g_autoptr(GByteArray) rdata = txt_rdata (change->action == SB_TXT_REMOVE_ALL ? nothing : change->strings);
  knot_dname_storage_t owner;
  knot_rrset_t set;

  if (knot_dname_from_str (owner, change->name, sizeof owner) == NULL)
    return FALSE;

  knot_dname_to_lower (owner);
  knot_rrset_init (&set, knot_dname_copy (owner, NULL), KNOT_RRTYPE_TXT, classes[change->action],
                   change->action == SB_TXT_ADD ? change->ttl : 0);
  gboolean is_put = knot_rrset_add_rdata (&set, rdata->data, rdata->len, NULL) == KNOT_EOK
                    && knot_pkt_put (packet, KNOT_COMPR_HINT_NONE, &set, 0) == KNOT_EOK;
  knot_rrset_clear (&set, NULL);
  return is_put;
}

static gboolean
sign (Packet          *packet,
      const SbTsigKey *key)
{
  guint8 digest[64];
  size_t digest_size = sizeof digest;

  return knot_tsig_sign (packet->wire, &packet->size, packet->max_size, NULL, 0, digest, &digest_size, &key->knot, 0,
                         0) == KNOT_EOK;
}

GBytes *
sb_wire_new_update (const char         *zone,
                    const SbTxtChange  *changes,
                    gsize               n_changes,
                    const SbTsigKey    *key,
                    GError            **error)
{
  g_autoptr(Packet) packet = packet_new (zone, KNOT_OPCODE_UPDATE, KNOT_RRTYPE_SOA);
  gboolean is_good = packet != NULL && knot_pkt_reserve (packet, TSIG_ROOM) == KNOT_EOK
                     && knot_pkt_begin (packet, KNOT_AUTHORITY) == KNOT_EOK;

  for (gsize i = 0; is_good && i < n_changes; i++)
    is_good = put_change (packet, &changes[i]);

  if (!is_good || !sign (packet, key))
    {
      ch_error_set (error, CH_ERROR_FAILED, _("The update of “%s” cannot be built."), zone);
      return NULL;
    }

  return g_bytes_new (packet->wire, packet->size);
}

gboolean
sb_wire_check_update (GBytes  *update,
                      GBytes  *answer,
                      GError **error)
{
  g_autoptr(Packet) packet = packet_parse_answer (update, answer, error);

  return packet != NULL;
}
