/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns-route53.h"

#include "wire.h"

#include <libxml/parser.h>
#include <string.h>

/* Record sets of Route 53: shown from a position on, and changed by batches that are done whole or not at all. */

#define STRING_MAX 255
#define VALUE_MAX 4000
#define RECORDS_MAX 1000
#define CHARACTERS_MAX 32000
#define PAGE_MAX 300

/** Set: all records of a name and a type. */
typedef struct
{
  char *name;
  char *order;
  char *type;
  guint32 ttl;
  GPtrArray *values;    /* (element-type utf8): as they are shown, sorted */
} Set;

static void
set_free (Set *set)
{
  g_free (set->name);
  g_free (set->order);
  g_free (set->type);
  g_ptr_array_unref (set->values);
  g_free (set);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Set, set_free)

static Set *
set_new (const char *name,
         const char *type,
         guint32     ttl)
{
  Set *set = g_new0 (Set, 1);

  set->name = g_ascii_strdown (name, -1);
  set->order = sb_route53_order (set->name);
  set->type = g_strdup (type);
  set->ttl = ttl;
  set->values = g_ptr_array_new_with_free_func (g_free);
  return set;
}

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static int
compare_sets (gconstpointer a,
              gconstpointer b)
{
  const Set *one = *(const Set *const *) a, *other = *(const Set *const *) b;
  int order = strcmp (one->order, other->order);

  return order != 0 ? order : strcmp (one->type, other->type);
}

static Set *
find_set (GPtrArray  *sets,
          const char *name,
          const char *type)
{
  for (guint i = 0; i < sets->len; i++)
    {
      Set *set = sets->pdata[i];

      if (g_ascii_strcasecmp (set->name, name) == 0 && (type == NULL || strcmp (set->type, type) == 0))
        return set;
    }

  return NULL;
}

/* ---- quoting ---- */

static void
append_quoted (GString    *out,
               const char *string)
{
  g_string_append (out, out->len > 0 ? " \"" : "\"");
  for (const char *c = string; *c != '\0'; c++)
    if (*c == '"' || *c == '\\')
      g_string_append_printf (out, "\\%c", *c);
    else if (g_ascii_isprint (*c))
      g_string_append_c (out, *c);
    else
      g_string_append_printf (out, "\\%03o", (guchar) *c);
  g_string_append_c (out, '"');
}

/* @wrong: (out) (transfer full): in Route 53's words
 * Returns: (transfer full) (nullable): the character-strings of a Value */
static GStrv
read_quoted (const char  *value,
             char       **wrong)
{
  g_autoptr(GStrvBuilder) strings = g_strv_builder_new ();
  const char *c = value, *trouble = *value == '"' ? NULL : "InvalidCharacterString (Value should be enclosed in "
                                                           "quotation marks)";

  while (trouble == NULL && *c != '\0')
    {
      g_autoptr(GString) string = g_string_new (NULL);

      if (*c == ' ')
        {
          c++;
          continue;
        }
      if (*c++ != '"')
        {
          trouble = "InvalidCharacterString (Value should be enclosed in quotation marks)";
          break;
        }
      for (; *c != '\0' && *c != '"'; c++)
        if (*c == '\\' && c[1] >= '0' && c[1] <= '3' && g_ascii_isdigit (c[2]) && g_ascii_isdigit (c[3]))
          {
            g_string_append_c (string, (c[1] - '0') * 64 + (c[2] - '0') * 8 + (c[3] - '0'));
            c += 3;
          }
        else if (*c == '\\' && c[1] != '\0')
          g_string_append_c (string, *++c);
        else
          g_string_append_c (string, *c);
      if (*c++ != '"')
        {
          trouble = "InvalidCharacterString (Unterminated quotation)";
          break;
        }
      if (string->len > STRING_MAX)
        trouble = "CharacterStringTooLong (Value is too long)";
      g_strv_builder_add (strings, string->str);
    }

  if (trouble == NULL && strlen (value) <= VALUE_MAX)
    return g_strv_builder_end (strings);

  *wrong = g_strdup_printf ("Invalid Resource Record: 'FATAL problem: %s encountered with '%s''",
                            trouble != NULL ? trouble : "CharacterStringTooLong (Value is too long)", value);
  return NULL;
}

/* the one way that a value is shown and compared */
static char *
tidy_value (const char *value)
{
  g_autofree char *wrong = NULL;
  g_auto(GStrv) strings = read_quoted (value, &wrong);
  GString *out = g_string_new (NULL);

  for (gsize i = 0; strings != NULL && strings[i] != NULL; i++)
    append_quoted (out, strings[i]);
  return g_string_free (out, FALSE);
}

/* ---- reading ---- */

static char *
show_record (const SbRecord *record)
{
  GString *value;

  if (record->strings == NULL)
    return g_strdup (record->data);

  value = g_string_new (NULL);
  for (gsize i = 0; record->strings[i] != NULL; i++)
    append_quoted (value, record->strings[i]);
  return g_string_free (value, FALSE);
}

static GPtrArray *
read_sets (SbDnsCall  *call,
           const char *zone)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) records = sb_zones_read (call->zones, zone, NULL, NULL, &error);
  GPtrArray *sets;

  if (records == NULL)
    {
      sb_route53_fail (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, "InternalFailure", "%s", error->message);
      return NULL;
    }

  sets = g_ptr_array_new_with_free_func ((GDestroyNotify) set_free);
  for (guint i = 0; i < records->len; i++)
    {
      const SbRecord *record = records->pdata[i];
      Set *set = find_set (sets, record->name, record->type);

      if (set == NULL)
        {
          set = set_new (record->name, record->type, record->ttl);
          g_ptr_array_add (sets, set);
        }
      g_ptr_array_add (set->values, show_record (record));
    }

  for (guint i = 0; i < sets->len; i++)
    g_ptr_array_sort (((Set *) sets->pdata[i])->values, compare_texts);
  g_ptr_array_sort (sets, compare_sets);
  return sets;
}

static void
append_set (SbRoute53 *state,
            GString   *xml,
            const Set *set)
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
is_before (const Set   *set,
           const Start *start)
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
  g_autoptr(GPtrArray) sets = read_sets (call, zone);
  g_autoptr(GString) xml = g_string_new ("<ListResourceRecordSetsResponse xmlns=\"" SB_ROUTE53_XMLNS "\">"
                                         "<ResourceRecordSets>");
  const Set *next = NULL;
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

/* ---- reading a batch ---- */

/** Change: one of a batch. */
typedef struct
{
  char *action;
  Set *set;
} Change;

static void
change_free (Change *change)
{
  g_free (change->action);
  g_clear_pointer (&change->set, set_free);
  g_free (change);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Change, change_free)

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
read_records (Set     *set,
              xmlNode *records)
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

static Change *
read_change (xmlNode *node)
{
  g_autoptr(Change) change = g_new0 (Change, 1);
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
  change->set = set_new (name, type, ttl);
  records = take (&at, "ResourceRecords");
  return records != NULL && is_end (at) && read_records (change->set, records) ? g_steal_pointer (&change) : NULL;
}

/* Returns: (transfer full) (nullable) (element-type Change) */
static GPtrArray *
read_batch (xmlDoc *doc)
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
      Change *change = read_change (node);

      if (change == NULL)
        return NULL;
      g_ptr_array_add (changes, change);
    }

  return is_end (at) && changes->len > 0 ? g_steal_pointer (&changes) : NULL;
}

/* ---- judging a batch ---- */

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
judge_values (Set     *set,
              GString *wrong)
{
  for (guint i = 0; i < set->values->len; i++)
    {
      g_autofree char *value = set->values->pdata[i];
      g_autofree char *why = NULL;
      g_auto(GStrv) strings = read_quoted (value, &why);

      if (why != NULL)
        complain (wrong, "%s", why);
      set->values->pdata[i] = tidy_value (value);
    }

  g_ptr_array_sort (set->values, compare_texts);
  for (guint i = 1; i < set->values->len; i++)
    if (strcmp (set->values->pdata[i - 1], set->values->pdata[i]) == 0)
      complain (wrong, "Duplicate Resource Record: '%s'", (char *) set->values->pdata[i]);
}

static gboolean
is_same (const Set *one,
         const Set *other)
{
  gboolean is_equal = one->ttl == other->ttl && one->values->len == other->values->len;

  for (guint i = 0; is_equal && i < one->values->len; i++)
    is_equal = strcmp (one->values->pdata[i], other->values->pdata[i]) == 0;

  return is_equal;
}

static Set *
copy_set (const Set *set)
{
  Set *copy = set_new (set->name, set->type, set->ttl);

  for (guint i = 0; i < set->values->len; i++)
    g_ptr_array_add (copy->values, g_strdup (set->values->pdata[i]));
  return copy;
}

/* Does one change to the sets as they would then be. */
static void
try_change (GPtrArray    *sets,
            const Change *change,
            const char   *zone,
            GString      *wrong)
{
  const Set *set = change->set;
  Set *there = find_set (sets, set->name, "TXT");
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
  else if (*verb == 'c' && find_set (sets, set->name, "CNAME") != NULL)
    complain (wrong, "RRSet of type TXT with DNS name %s. is not permitted as it conflicts with other records with the "
              "same DNS name in zone %s.", set->name, zone);
  else
    {
      if (there != NULL)
        g_ptr_array_remove (sets, there);
      if (*verb == 'c')
        g_ptr_array_add (sets, copy_set (set));
    }
}

/* UPSERT counts twice. */
static gboolean
is_too_large (GPtrArray *changes)
{
  gsize records = 0, characters = 0;

  for (guint i = 0; i < changes->len; i++)
    {
      const Change *change = changes->pdata[i];
      gsize times = strcmp (change->action, "UPSERT") == 0 ? 2 : 1;

      records += times * change->set->values->len;
      for (guint n = 0; n < change->set->values->len; n++)
        characters += times * strlen (change->set->values->pdata[n]);
    }

  return records > RECORDS_MAX || characters > CHARACTERS_MAX;
}

/* ---- doing a batch ---- */

static gboolean
has_value (const Set  *set,
           const char *value)
{
  for (guint i = 0; set != NULL && i < set->values->len; i++)
    if (strcmp (set->values->pdata[i], value) == 0)
      return TRUE;

  return FALSE;
}

static void
add_step (GArray      *steps,
          GPtrArray   *strings,
          SbTxtAction  action,
          const Set   *set,
          const char  *value)
{
  g_autofree char *wrong = NULL;
  GStrv parts = read_quoted (value, &wrong);
  SbTxtChange step = { action, set->name, set->ttl, (const char *const *) parts };

  g_ptr_array_add (strings, parts);
  g_array_append_val (steps, step);
}

/* The difference alone: what another program adds to the zone in the meantime stays. */
static void
add_steps (GArray    *steps,
           GPtrArray *strings,
           const Set *before,
           const Set *after)
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
      const char *name = ((Change *) changes->pdata[i])->set->name;

      if (g_hash_table_add (seen, (gpointer) name))
        add_steps (steps, strings, find_set (before, name, "TXT"), find_set (after, name, "TXT"));
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
      const Change *change = changes->pdata[i];

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
    if (!g_strv_contains (actions, ((Change *) changes->pdata[i])->action))
      return FALSE;

  return TRUE;
}

/* Judges all changes in their order; the sets become what they would then be. */
static char *
judge (GPtrArray  *changes,
       GPtrArray  *sets,
       const char *zone)
{
  GString *wrong = g_string_new (NULL);

  if (is_too_large (changes))
    complain (wrong, "Number of records limit of %d or of characters limit of %d exceeded.", RECORDS_MAX, CHARACTERS_MAX);
  for (guint i = 0; i < changes->len; i++)
    judge_values (((Change *) changes->pdata[i])->set, wrong);
  for (guint i = 0; wrong->len == 0 && i < changes->len; i++)
    try_change (sets, changes->pdata[i], zone, wrong);

  return g_string_free (wrong, wrong->len == 0);
}

static GPtrArray *
copy_sets (GPtrArray *sets)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify) set_free);

  for (guint i = 0; i < sets->len; i++)
    g_ptr_array_add (copy, copy_set (sets->pdata[i]));
  return copy;
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
  g_autoptr(GPtrArray) changes = doc != NULL ? read_batch (doc) : NULL;
  if (changes == NULL || !has_known_actions (changes))
    {
      sb_route53_fail (call, SOUP_STATUS_BAD_REQUEST, "InvalidInput", "Invalid XML ; cvc-complex-type.2.4.a: Invalid "
                       "content was found in the request.");
      return;
    }
  if (!is_allowed (call, changes))
    return;

  g_autoptr(GPtrArray) before = read_sets (call, zone);
  if (before == NULL)
    return;

  g_autoptr(GPtrArray) after = copy_sets (before);
  g_autofree char *wrong = judge (changes, after, zone);
  if (wrong != NULL)
    sb_route53_fail (call, SOUP_STATUS_BAD_REQUEST, "InvalidChangeBatch", "[%s]", wrong);
  else
    carry_out (call, zone, changes, before, after);
}
