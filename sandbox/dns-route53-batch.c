/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns-route53-set.h"

#include <string.h>

/* A batch of changes is done as a whole or not at all. */

#define RECORDS_MAX 1000
#define CHARACTERS_MAX 32000

/* ---- reading ---- */

static void
change_free (SbRoute53Change *change)
{
  g_free (change->action);
  g_clear_pointer (&change->set, sb_route53_set_free);
  g_free (change);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SbRoute53Change, change_free)

/* The next element if it is called so. The schema is a sequence: whatever comes at another place is wrong. */
static xmlNode *
take (xmlNode   **at,
      const char *name)
{
  xmlNode *node = *at;

  while (node != NULL && node->type != XML_ELEMENT_NODE)
    node = node->next;
  if (node == NULL || strcmp ((const char *) node->name, name) != 0 || node->ns == NULL
      || strcmp ((const char *) node->ns->href, SB_ROUTE53_XMLNS) != 0)
    return NULL;

  *at = node->next;
  return node;
}

static gboolean
is_end (xmlNode *at)
{
  while (at != NULL && at->type != XML_ELEMENT_NODE)
    at = at->next;

  return at == NULL;
}

static char *
take_text (xmlNode   **at,
           const char *name)
{
  xmlNode *node = take (at, name);
  xmlChar *content = node != NULL ? xmlNodeGetContent (node) : NULL;
  char *text = g_strdup ((char *) content);

  xmlFree (content);
  return text;
}

static char *
name_of (const char *text)
{
  gsize length = strlen (text);

  return g_ascii_strdown (text, length > 0 && text[length - 1] == '.' ? (gssize) length - 1 : (gssize) length);
}

static gboolean
read_records (SbRoute53Set *set,
              xmlNode      *records)
{
  xmlNode *at = records->children;
  xmlNode *record;

  while ((record = take (&at, "ResourceRecord")) != NULL)
    {
      xmlNode *inner = record->children;
      char *value = take_text (&inner, "Value");

      if (value == NULL || !is_end (inner))
        {
          g_free (value);
          return FALSE;
        }
      g_ptr_array_add (set->values, value);
    }

  return is_end (at) && set->values->len > 0;
}

static SbRoute53Change *
read_change (xmlNode *node)
{
  g_autoptr(SbRoute53Change) change = g_new0 (SbRoute53Change, 1);
  xmlNode *at = node->children, *set, *records;
  guint64 ttl;

  change->action = take_text (&at, "Action");
  set = take (&at, "ResourceRecordSet");
  if (change->action == NULL || set == NULL || !is_end (at))
    return NULL;

  at = set->children;
  g_autofree char *raw = take_text (&at, "Name"), *type = take_text (&at, "Type"), *text = take_text (&at, "TTL");
  if (raw == NULL || type == NULL || text == NULL
      || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT32, &ttl, NULL))
    return NULL;

  g_autofree char *name = name_of (raw);
  change->set = sb_route53_set_new (name, type, ttl);
  records = take (&at, "ResourceRecords");
  return records != NULL && is_end (at) && read_records (change->set, records) ? g_steal_pointer (&change) : NULL;
}

GPtrArray *
sb_route53_batch_read (xmlDoc *doc)
{
  g_autoptr(GPtrArray) changes = g_ptr_array_new_with_free_func ((GDestroyNotify) change_free);
  xmlNode *at = xmlDocGetRootElement (doc), *node;

  if ((node = take (&at, "ChangeResourceRecordSetsRequest")) == NULL)
    return NULL;
  at = node->children;
  if ((node = take (&at, "ChangeBatch")) == NULL || !is_end (at))
    return NULL;
  at = node->children;
  g_free (take_text (&at, "Comment"));
  if ((node = take (&at, "Changes")) == NULL || !is_end (at))
    return NULL;

  at = node->children;
  while ((node = take (&at, "Change")) != NULL)
    {
      SbRoute53Change *change = read_change (node);

      if (change == NULL)
        return NULL;
      g_ptr_array_add (changes, change);
    }

  return is_end (at) && changes->len > 0 ? g_steal_pointer (&changes) : NULL;
}

/* ---- judging ---- */

static void
complain (GString    *wrong,
          const char *format,
          ...) G_GNUC_PRINTF (2, 3);

static void
complain (GString    *wrong,
          const char *format,
          ...)
{
  va_list arguments;

  if (wrong->len > 0)
    g_string_append (wrong, ", ");
  va_start (arguments, format);
  g_string_append_vprintf (wrong, format, arguments);
  va_end (arguments);
}

/* Makes its values the ones that are compared. */
static void
judge_values (SbRoute53Set *set,
              GString      *wrong)
{
  for (guint i = 0; i < set->values->len; i++)
    {
      g_autofree char *value = set->values->pdata[i];
      g_autofree char *why = NULL;
      g_auto(GStrv) strings = sb_route53_read_quoted (value, &why);

      if (why != NULL)
        complain (wrong, "%s", why);
      set->values->pdata[i] = sb_route53_tidy_value (value);
    }

  g_ptr_array_sort (set->values, sb_route53_compare_texts);
  for (guint i = 1; i < set->values->len; i++)
    if (strcmp (set->values->pdata[i - 1], set->values->pdata[i]) == 0)
      complain (wrong, "Duplicate Resource Record: '%s'", (char *) set->values->pdata[i]);
}

static gboolean
is_same (const SbRoute53Set *one,
         const SbRoute53Set *other)
{
  gboolean is_equal = one->ttl == other->ttl && one->values->len == other->values->len;

  for (guint i = 0; is_equal && i < one->values->len; i++)
    is_equal = strcmp (one->values->pdata[i], other->values->pdata[i]) == 0;

  return is_equal;
}

/* Does one change to the sets as they would then be. */
static void
try_change (GPtrArray             *sets,
            const SbRoute53Change *change,
            const char            *zone,
            GString               *wrong)
{
  const SbRoute53Set *set = change->set;
  SbRoute53Set *there = sb_route53_sets_find (sets, set->name, "TXT");
  const char *verb = strcmp (change->action, "DELETE") == 0 ? "delete" : "create";
  gsize length = strlen (set->name), size = strlen (zone);

  if (length < size || strcmp (set->name + length - size, zone) != 0 || (length > size && set->name[length - size - 1] != '.'))
    complain (wrong, "RRSet with DNS name %s. is not permitted in zone %s.", set->name, zone);
  else if (*verb == 'd' && there == NULL)
    complain (wrong, "Tried to delete resource record set [name='%s.', type='TXT'] but it was not found", set->name);
  else if (*verb == 'd' && !is_same (there, set))
    complain (wrong, "Tried to delete resource record set [name='%s.', type='TXT'] but the values provided do not match "
              "the current values", set->name);
  else if (strcmp (change->action, "CREATE") == 0 && there != NULL)
    complain (wrong, "Tried to create resource record set [name='%s.', type='TXT'] but it already exists", set->name);
  else if (*verb == 'c' && sb_route53_sets_find (sets, set->name, "CNAME") != NULL)
    complain (wrong, "RRSet of type TXT with DNS name %s. is not permitted as it conflicts with other records with the "
              "same DNS name in zone %s.", set->name, zone);
  else
    {
      if (there != NULL)
        g_ptr_array_remove (sets, there);
      if (*verb == 'c')
        g_ptr_array_add (sets, sb_route53_set_copy (set));
    }
}

/* UPSERT counts twice. */
static gboolean
is_too_large (GPtrArray *changes)
{
  gsize records = 0, characters = 0;

  for (guint i = 0; i < changes->len; i++)
    {
      const SbRoute53Change *change = changes->pdata[i];
      gsize times = strcmp (change->action, "UPSERT") == 0 ? 2 : 1;

      records += times * change->set->values->len;
      for (guint n = 0; n < change->set->values->len; n++)
        characters += times * strlen (change->set->values->pdata[n]);
    }

  return records > RECORDS_MAX || characters > CHARACTERS_MAX;
}

char *
sb_route53_batch_judge (GPtrArray  *changes,
                        GPtrArray  *sets,
                        const char *zone)
{
  GString *wrong = g_string_new (NULL);

  if (is_too_large (changes))
    complain (wrong, "Number of records limit of %d or of characters limit of %d exceeded.", RECORDS_MAX, CHARACTERS_MAX);
  for (guint i = 0; i < changes->len; i++)
    judge_values (((SbRoute53Change *) changes->pdata[i])->set, wrong);
  for (guint i = 0; wrong->len == 0 && i < changes->len; i++)
    try_change (sets, changes->pdata[i], zone, wrong);

  return g_string_free (wrong, wrong->len == 0);
}
