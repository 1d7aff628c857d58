/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "route53-set.h"

#include "dns/name.h"
#include "dns/route53-call.h"
#include "dns/txt.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

static gboolean
is_octal (const char *text)
{
  return text[0] >= '0' && text[0] <= '3' && text[1] >= '0' && text[1] <= '7' && text[2] >= '0' && text[2] <= '7';
}

/* One character that may be escaped. Returns what follows it. */
static const char *
read_character (const char *text,
                char       *out)
{
  if (*text != '\\' || text[1] == '\0')
    {
      *out = *text;
      return text + 1;
    }
  if (!is_octal (text + 1))
    {
      *out = text[1];
      return text + 2;
    }

  *out = (text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0');
  return text + 4;
}

char *
ch_route53_unescape_name (const char *name)
{
  g_autoptr(GString) plain = g_string_new (NULL);
  char c;

  while (*name != '\0')
    {
      name = read_character (name, &c);
      g_string_append_c (plain, c);
    }

  return ch_dns_name_tidy (plain->str);
}

GBytes *
ch_route53_read_value (const char *raw)
{
  GString *value = g_string_new (NULL);
  gboolean quoted = FALSE;
  char c;

  while (*raw != '\0')
    if (*raw == '"')
      {
        quoted = !quoted;
        raw++;
      }
    else if (!quoted && g_ascii_isspace (*raw))
      raw++;
    else
      {
        raw = read_character (raw, &c);
        g_string_append_c (value, c);
      }

  return g_string_free_to_bytes (value);
}

/* ---- sets ---- */

static ChRoute53Set *
set_new (gint64 ttl)
{
  ChRoute53Set *set = g_new0 (ChRoute53Set, 1);

  set->ttl = ttl;
  set->values = g_ptr_array_new_with_free_func (g_free);
  return set;
}

void
ch_route53_set_free (ChRoute53Set *set)
{
  g_ptr_array_unref (set->values);
  g_free (set);
}

static gboolean
is_ours (const xmlNode *entry,
         const char    *name)
{
  g_autofree char *type = ch_route53_text (entry, "Type");
  g_autofree char *raw = ch_route53_text (entry, "Name");
  g_autofree char *owner = raw != NULL ? ch_route53_unescape_name (raw) : NULL;

  return g_strcmp0 (type, "TXT") == 0 && owner != NULL && g_ascii_strcasecmp (owner, name) == 0;
}

static gboolean
read_entry (ChRoute53Set  *set,
            const xmlNode *entry,
            GError       **error)
{
  g_autofree char *ttl = ch_route53_text (entry, "TTL");
  const xmlNode *records = ch_route53_find (entry, "ResourceRecords");
  const xmlNode *record = NULL;

  if (ch_route53_find (entry, "SetIdentifier") != NULL || ch_route53_find (entry, "AliasTarget") != NULL
      || ch_route53_find (entry, "TrafficPolicyInstanceId") != NULL)
    {
      set->routed = TRUE;
      return TRUE;
    }

  while ((record = ch_route53_next (records, record, "ResourceRecord")) != NULL)
    {
      char *value = ch_route53_text (record, "Value");
      if (value != NULL)
        g_ptr_array_add (set->values, value);
    }

  if (ttl == NULL || !g_ascii_string_to_signed (ttl, 10, 0, G_MAXINT32, &set->ttl, NULL) || set->values->len == 0)
    return ch_error_set (error, CH_ERROR_BAD_ANSWER, _("Route 53 shows a TXT set without TTL or values"));

  return TRUE;
}

ChRoute53Set *
ch_route53_set_read (const xmlNode  *root,
                     const char     *name,
                     GError        **error)
{
  g_autoptr(ChRoute53Set) set = set_new (0);
  const xmlNode *list = ch_route53_find (root, "ResourceRecordSets");
  const xmlNode *entry = ch_route53_next (list, NULL, "ResourceRecordSet");

  if (list == NULL)
    {
      ch_error_set (error, CH_ERROR_BAD_ANSWER, _("Route 53's list of records holds no records"));
      return NULL;
    }
  if (entry != NULL && is_ours (entry, name) && !read_entry (set, entry, error))
    return NULL;

  return g_steal_pointer (&set);
}

int
ch_route53_set_find (const ChRoute53Set *set,
                     const char         *value)
{
  g_autoptr(GBytes) wanted = g_bytes_new_static (value, strlen (value));

  for (guint i = 0; i < set->values->len; i++)
    {
      g_autoptr(GBytes) have = ch_route53_read_value (set->values->pdata[i]);
      if (g_bytes_equal (have, wanted))
        return i;
    }

  return -1;
}

ChRoute53Set *
ch_route53_set_with (const ChRoute53Set *set,
                     const char         *value,
                     gint64              ttl)
{
  ChRoute53Set *copy = set_new (set->values->len > 0 ? set->ttl : ttl);
  int at = ch_route53_set_find (set, value);

  for (guint i = 0; i < set->values->len; i++)
    if ((int) i != at)
      g_ptr_array_add (copy->values, g_strdup (set->values->pdata[i]));
  if (at < 0)
    g_ptr_array_add (copy->values, ch_dns_quote_txt (value));

  return copy;
}

/* ---- batches ---- */

/* The order of the elements is the schema's. */
static void
append_change (GString            *xml,
               const char         *action,
               const char         *name,
               const ChRoute53Set *set)
{
  g_autofree char *head =
    g_markup_printf_escaped ("<Change><Action>%s</Action><ResourceRecordSet><Name>%s.</Name><Type>TXT</Type>"
                             "<TTL>%" G_GINT64_FORMAT "</TTL><ResourceRecords>", action, name, set->ttl);

  g_string_append (xml, head);
  for (guint i = 0; i < set->values->len; i++)
    {
      g_autofree char *value = g_markup_printf_escaped ("<ResourceRecord><Value>%s</Value></ResourceRecord>",
                                                        (char *) set->values->pdata[i]);
      g_string_append (xml, value);
    }
  g_string_append (xml, "</ResourceRecords></ResourceRecordSet></Change>");
}

GBytes *
ch_route53_batch (const char         *name,
                  const ChRoute53Set *from,
                  const ChRoute53Set *to,
                  ChRoute53Batch      kind)
{
  GString *xml = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                               "<ChangeResourceRecordSetsRequest xmlns=\"" CH_ROUTE53_NS "\"><ChangeBatch>"
                               "<Comment>Chancery</Comment><Changes>");

  if (kind == CH_ROUTE53_OVERWRITE)
    append_change (xml, "UPSERT", name, to);
  else
    {
      if (from->values->len > 0)
        append_change (xml, "DELETE", name, from);
      if (to->values->len > 0)
        append_change (xml, "CREATE", name, to);
    }

  g_string_append (xml, "</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>");
  return g_string_free_to_bytes (xml);
}
