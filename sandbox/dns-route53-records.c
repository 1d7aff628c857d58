/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns-route53-set.h"

#include "wire.h"

#include <libxml/parser.h>
#include <string.h>

/* Record sets of Route 53: shown from a position on, and changed by batches that are done whole or not at all. */

#define PAGE_MAX 300

/* ---- reading ---- */

static void
append_set (SbRoute53          *state,
            GString            *xml,
            const SbRoute53Set *set)
{
  gboolean is_routed = g_hash_table_contains (state->routed, set->name) && strcmp (set->type, "TXT") == 0;
  g_autofree char *name = sb_route53_name (set->name);
  g_autofree char *shown = g_markup_escape_text (name, -1);

  g_string_append_printf (xml, "<ResourceRecordSet><Name>%s</Name><Type>%s</Type>%s<TTL>%u</TTL><ResourceRecords>",
                          shown, set->type,
                          is_routed ? "<SetIdentifier>first</SetIdentifier><Weight>10</Weight>" : "", set->ttl);
  for (guint i = 0; i < set->values->len; i++)
    {
      g_autofree char *value = g_markup_printf_escaped ("<ResourceRecord><Value>%s</Value></ResourceRecord>",
                                                        (char *) set->values->pdata[i]);
      g_string_append (xml, value);
    }
  g_string_append (xml, "</ResourceRecords></ResourceRecordSet>");
}

/** Start: where a list begins. */
typedef struct
{
  char *order;
  const char *type;     /* (nullable) */
  guint64 most;
} Start;

static gboolean
read_start (SbDnsCall *call,
            Start     *start)
{
  const char *name = sb_dns_call_query (call, "name"), *most = sb_dns_call_query (call, "maxitems");

  start->type = sb_dns_call_query (call, "type");
  start->most = PAGE_MAX;
  if (start->type != NULL && name == NULL)
    {
      sb_route53_fail (call, SOUP_STATUS_BAD_REQUEST, "InvalidInput", "Start record type without start record name");
      return FALSE;
    }
  if (most != NULL && !g_ascii_string_to_unsigned (most, 10, 1, G_MAXUINT32, &start->most, NULL))
    {
      sb_route53_fail (call, SOUP_STATUS_BAD_REQUEST, "InvalidInput", "Value '%s' at 'maxItems' is no number", most);
      return FALSE;
    }

  start->most = MIN (start->most, PAGE_MAX);
  start->order = sb_route53_order (name != NULL ? name : "");
  return TRUE;
}

static gboolean
is_before (const SbRoute53Set *set,
           const Start        *start)
{
  int order = strcmp (set->order, start->order);

  return order < 0 || (order == 0 && start->type != NULL && strcmp (set->type, start->type) < 0);
}

void
sb_route53_list (SbDnsCall *call)
{
  const char *zone = sb_route53_zone (call);
  g_autofree char *resource = g_strconcat ("arn:aws:route53:::hostedzone/", call->parts[0], NULL);
  Start start = { NULL };

  if (zone == NULL || !sb_route53_allow (call, "ListResourceRecordSets", resource) || !read_start (call, &start))
    return;

  g_autofree char *order = start.order;
  g_autoptr(GPtrArray) sets = sb_route53_sets_read (call, zone);
  g_autoptr(GString) xml = g_string_new ("<ListResourceRecordSetsResponse xmlns=\"" SB_ROUTE53_XMLNS "\">"
                                         "<ResourceRecordSets>");
  const SbRoute53Set *next = NULL;
  guint64 n = 0;

  for (guint i = 0; sets != NULL && i < sets->len && next == NULL; i++)
    if (is_before (sets->pdata[i], &start))
      continue;
    else if (n++ < start.most)
      append_set (call->state, xml, sets->pdata[i]);
    else
      next = sets->pdata[i];
  if (sets == NULL)
    return;

  g_string_append_printf (xml, "</ResourceRecordSets><IsTruncated>%s</IsTruncated>", next != NULL ? "true" : "false");
  if (next != NULL)
    {
      g_autofree char *name = sb_route53_name (next->name);
      g_autofree char *tail = g_markup_printf_escaped ("<NextRecordName>%s</NextRecordName><NextRecordType>%s"
                                                       "</NextRecordType>", name, next->type);
      g_string_append (xml, tail);
    }
  g_string_append_printf (xml, "<MaxItems>%" G_GUINT64_FORMAT "</MaxItems></ListResourceRecordSetsResponse>", start.most);
  sb_route53_answer (call, xml->str);
}

/* ---- doing a batch ---- */

static gboolean
has_value (const SbRoute53Set *set,
           const char         *value)
{
  for (guint i = 0; set != NULL && i < set->values->len; i++)
    if (strcmp (set->values->pdata[i], value) == 0)
      return TRUE;

  return FALSE;
}

static void
add_step (GArray             *steps,
          GPtrArray          *strings,
          SbTxtAction         action,
          const SbRoute53Set *set,
          const char         *value)
{
  g_autofree char *wrong = NULL;
  GStrv parts = sb_route53_read_quoted (value, &wrong);
  SbTxtChange step = { action, set->name, set->ttl, (const char *const *) parts };

  g_ptr_array_add (strings, parts);
  g_array_append_val (steps, step);
}

/* The difference alone: what another program adds to the zone in the meantime stays. */
static void
add_steps (GArray             *steps,
           GPtrArray          *strings,
           const SbRoute53Set *before,
           const SbRoute53Set *after)
{
  gboolean is_new_ttl = before != NULL && after != NULL && before->ttl != after->ttl;

  for (guint i = 0; before != NULL && i < before->values->len; i++)
    if (is_new_ttl || !has_value (after, before->values->pdata[i]))
      add_step (steps, strings, SB_TXT_REMOVE, before, before->values->pdata[i]);
  for (guint i = 0; after != NULL && i < after->values->len; i++)
    if (is_new_ttl || !has_value (before, after->values->pdata[i]))
      add_step (steps, strings, SB_TXT_ADD, after, after->values->pdata[i]);
}

static void
carry_out (SbDnsCall  *call,
           const char *zone,
           GPtrArray  *changes,
           GPtrArray  *before,
           GPtrArray  *after)
{
  g_autoptr(GArray) steps = g_array_new (FALSE, FALSE, sizeof (SbTxtChange));
  g_autoptr(GPtrArray) strings = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < changes->len; i++)
    {
      const char *name = ((SbRoute53Change *) changes->pdata[i])->set->name;

      if (g_hash_table_add (seen, (gpointer) name))
        add_steps (steps, strings, sb_route53_sets_find (before, name, "TXT"),
                   sb_route53_sets_find (after, name, "TXT"));
    }

  if (steps->len > 0 && !sb_zones_change (call->zones, zone, (SbTxtChange *) steps->data, steps->len, &error))
    {
      sb_route53_fail (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, "InternalFailure", "%s", error->message);
      return;
    }

  g_autofree char *info = sb_route53_begin_change (call->state);
  g_autofree char *xml = g_strconcat ("<ChangeResourceRecordSetsResponse xmlns=\"" SB_ROUTE53_XMLNS "\">", info,
                                      "</ChangeResourceRecordSetsResponse>", NULL);
  sb_route53_answer (call, xml);
}

/* The policy of the sandbox's user: TXT records alone, and perhaps one action alone. */
static gboolean
is_allowed (SbDnsCall *call,
            GPtrArray *changes)
{
  SbRoute53 *state = call->state;

  for (guint i = 0; i < changes->len; i++)
    {
      const SbRoute53Change *change = changes->pdata[i];

      if (strcmp (change->set->type, "TXT") != 0
          || (state->only_upsert && strcmp (change->action, "UPSERT") != 0))
        {
          sb_route53_fail (call, SOUP_STATUS_FORBIDDEN, "AccessDenied", "User: " SB_ROUTE53_USER " is not authorized to "
                           "perform: route53:ChangeResourceRecordSets on resource: arn:aws:route53:::hostedzone/%s",
                           call->parts[0]);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
has_known_actions (GPtrArray *changes)
{
  static const char *const actions[] = { "CREATE", "DELETE", "UPSERT", NULL };

  for (guint i = 0; i < changes->len; i++)
    if (!g_strv_contains (actions, ((SbRoute53Change *) changes->pdata[i])->action))
      return FALSE;

  return TRUE;
}

void
sb_route53_change (SbDnsCall *call)
{
  const char *zone = sb_route53_zone (call);
  g_autofree char *resource = g_strconcat ("arn:aws:route53:::hostedzone/", call->parts[0], NULL);

  if (zone == NULL || !sb_route53_allow (call, "ChangeResourceRecordSets", resource))
    return;

  g_autoptr(xmlDoc) doc = xmlReadMemory (call->body, call->length, NULL, NULL,
                                         XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
  g_autoptr(GPtrArray) changes = doc != NULL ? sb_route53_batch_read (doc) : NULL;
  if (changes == NULL || !has_known_actions (changes))
    {
      sb_route53_fail (call, SOUP_STATUS_BAD_REQUEST, "InvalidInput", "Invalid XML ; cvc-complex-type.2.4.a: Invalid "
                       "content was found in the request.");
      return;
    }
  if (!is_allowed (call, changes))
    return;

  g_autoptr(GPtrArray) before = sb_route53_sets_read (call, zone);
  if (before == NULL)
    return;

  g_autoptr(GPtrArray) after = sb_route53_sets_copy (before);
  g_autofree char *wrong = sb_route53_batch_judge (changes, after, zone);
  if (wrong != NULL)
    sb_route53_fail (call, SOUP_STATUS_BAD_REQUEST, "InvalidChangeBatch", "[%s]", wrong);
  else
    carry_out (call, zone, changes, before, after);
}
