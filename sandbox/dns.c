/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns.h"

#include "dns-query.h"

#include <string.h>

#define MOST_CNAMES 10

typedef enum
{
  SEEN,
  ABSENT,
  TROUBLE,
} Sight;

SbProof *
sb_proof_new (GPtrArray  *servers,
              const char *value)
{
  SbProof *proof = g_new0 (SbProof, 1);

  proof->servers = g_ptr_array_ref (servers);
  proof->value = g_strdup (value);
  proof->places = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  proof->seen = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  return proof;
}

void
sb_proof_add (SbProof *proof,
              GStrv    names)
{
  g_ptr_array_add (proof->places, names);
}

void
sb_proof_free (SbProof *proof)
{
  g_ptr_array_unref (proof->servers);
  g_ptr_array_unref (proof->places);
  g_ptr_array_unref (proof->seen);
  g_free (proof->value);
  g_free (proof);
}

/* The character strings of a TXT record count as one text (RFC 7208, 3.3). */
static gboolean
is_value (const knot_rdata_t *rdata,
          const char         *value)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (uint16_t at = 0; at < rdata->len; at += 1 + rdata->data[at])
    {
      if (at + 1 + rdata->data[at] > rdata->len)
        return FALSE;
      g_string_append_len (text, (const char *) rdata->data + at + 1, rdata->data[at]);
    }

  return text->len == strlen (value) && memcmp (text->str, value, text->len) == 0;
}

static gboolean
is_at (const knot_rrset_t *record,
       const char         *name)
{
  knot_dname_t *wanted = knot_dname_from_str_alloc (name);
  gboolean same = wanted != NULL && knot_dname_is_case_equal (record->owner, wanted);

  knot_dname_free (wanted, NULL);
  return same;
}

static gboolean
holds_value (SbPacket   *answer,
             const char *name,
             const char *value)
{
  const knot_pktsection_t *section = knot_pkt_section (answer, KNOT_ANSWER);

  for (uint16_t i = 0; i < section->count; i++)
    {
      const knot_rrset_t *record = knot_pkt_rr (section, i);

      for (uint16_t n = 0; record->type == KNOT_RRTYPE_TXT && is_at (record, name) && n < record->rrs.count; n++)
        if (is_value (knot_rdataset_at (&record->rrs, n), value))
          return TRUE;
    }

  return FALSE;
}

/* (transfer full) (nullable): where a CNAME at @name leads to */
static char *
find_alias (SbPacket   *answer,
            const char *name)
{
  const knot_pktsection_t *section = knot_pkt_section (answer, KNOT_ANSWER);

  for (uint16_t i = 0; i < section->count; i++)
    {
      const knot_rrset_t *record = knot_pkt_rr (section, i);
      char text[KNOT_DNAME_TXT_MAXLEN + 1];

      if (record->type == KNOT_RRTYPE_CNAME && is_at (record, name)
          && knot_dname_to_str (text, knot_cname_name (record->rrs.rdata), sizeof text) != NULL)
        return g_strdup (text);
    }

  return NULL;
}

/* As a resolver does: each CNAME is followed by a question of its own. Returns the answer about where the last one
 * leads to, which is @name; %NULL when a server gives no useful one, or the chain does not end. */
static SbPacket *
follow_aliases (GSocketAddress  *server,
                const char      *place,
                uint16_t         type,
                char           **name)
{
  *name = g_strdup (place);

  for (guint link = 0; link <= MOST_CNAMES; link++)
    {
      g_autoptr(SbPacket) answer = sb_dns_ask (server, *name, type);
      g_autofree char *alias = answer != NULL ? find_alias (answer, *name) : NULL;
      int rcode = answer != NULL ? knot_pkt_ext_rcode (answer) : KNOT_RCODE_SERVFAIL;

      /* behind a CNAME, NXDOMAIN is about where it leads to */
      if (rcode != KNOT_RCODE_NOERROR && rcode != KNOT_RCODE_NXDOMAIN)
        return NULL;
      if (alias == NULL)
        return g_steal_pointer (&answer);

      g_free (*name);
      *name = g_steal_pointer (&alias);
    }

  return NULL;
}

static Sight
look (GSocketAddress *server,
      const char     *place,
      const char     *value)
{
  g_autofree char *name = NULL;
  g_autoptr(SbPacket) answer = follow_aliases (server, place, KNOT_RRTYPE_TXT, &name);

  if (answer == NULL)
    return TROUBLE;

  return holds_value (answer, name, value) ? SEEN : ABSENT;
}

static Sight
look_everywhere (SbProof    *proof,
                 const char *name)
{
  Sight sight = proof->servers->len > 0 ? SEEN : TROUBLE;

  for (guint i = 0; sight == SEEN && i < proof->servers->len; i++)
    sight = look (g_ptr_array_index (proof->servers, i), name, proof->value);

  return sight;
}

static Sight
look_at_places (SbProof *proof,
                GStrv    names)
{
  Sight worst = ABSENT;

  for (gsize i = 0; names[i] != NULL; i++)
    {
      Sight sight = look_everywhere (proof, names[i]);

      if (sight == SEEN)
        {
          g_ptr_array_add (proof->seen, g_strdup (names[i]));
          return SEEN;
        }
      worst = MAX (worst, sight);
    }

  return worst;
}

static void
prove (GTask        *task,
       gpointer      source,
       gpointer      data,
       GCancellable *cancellable)
{
  SbProof *proof = data;
  Sight sight = SEEN;

  for (guint i = 0; sight == SEEN && i < proof->places->len; i++)
    sight = look_at_places (proof, g_ptr_array_index (proof->places, i));

  g_task_return_int (task, sight == SEEN ? 0 : sight == ABSENT ? -3026 : -3013);
}

void
sb_dns_prove_async (SbProof             *proof,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, sb_dns_prove_async);
  g_task_set_task_data (task, proof, (GDestroyNotify) sb_proof_free);
  g_task_run_in_thread (task, prove);
}

int
sb_dns_prove_finish (GAsyncResult *result,
                     GStrv        *seen)
{
  SbProof *proof = g_task_get_task_data (G_TASK (result));

  *seen = g_strdupv ((GStrv) proof->seen->pdata);
  return g_task_propagate_int (G_TASK (result), NULL);
}

static void
take_address (const knot_rrset_t *record,
              uint16_t            index,
              GPtrArray          *addresses)
{
  const knot_rdata_t *rdata = knot_rdataset_at (&record->rrs, index);
  GSocketFamily family = record->type == KNOT_RRTYPE_A ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6;

  if (rdata->len == (family == G_SOCKET_FAMILY_IPV4 ? 4 : 16))
    g_ptr_array_add (addresses, g_inet_address_new_from_bytes (rdata->data, family));
}

static void
take_addresses (SbPacket   *answer,
                const char *name,
                uint16_t    type,
                GPtrArray  *addresses)
{
  const knot_pktsection_t *section = knot_pkt_section (answer, KNOT_ANSWER);

  for (uint16_t i = 0; i < section->count; i++)
    {
      const knot_rrset_t *record = knot_pkt_rr (section, i);

      for (uint16_t n = 0; record->type == type && is_at (record, name) && n < record->rrs.count; n++)
        take_address (record, n, addresses);
    }
}

static gboolean
look_up (GSocketAddress *server,
         const char     *host,
         uint16_t        type,
         GPtrArray      *addresses)
{
  g_autofree char *name = NULL;
  g_autoptr(SbPacket) answer = follow_aliases (server, host, type, &name);

  if (answer != NULL)
    take_addresses (answer, name, type, addresses);
  return answer != NULL;
}

GPtrArray *
sb_dns_addresses (GPtrArray  *servers,
                  const char *name)
{
  g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < servers->len; i++)
    if (!look_up (g_ptr_array_index (servers, i), name, KNOT_RRTYPE_A, addresses)
        || !look_up (g_ptr_array_index (servers, i), name, KNOT_RRTYPE_AAAA, addresses))
      return NULL;

  return addresses->len > 0 ? g_steal_pointer (&addresses) : NULL;
}
