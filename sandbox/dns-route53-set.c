/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns-route53-set.h"

#include <string.h>

#define STRING_MAX 255
#define VALUE_MAX 4000

void
sb_route53_set_free (SbRoute53Set *set)
{
  g_free (set->name);
  g_free (set->order);
  g_free (set->type);
  g_ptr_array_unref (set->values);
  g_free (set);
}

SbRoute53Set *
sb_route53_set_new (const char *name,
                    const char *type,
                    guint32     ttl)
{
  SbRoute53Set *set = g_new0 (SbRoute53Set, 1);

  set->name = g_ascii_strdown (name, -1);
  set->order = sb_route53_order (set->name);
  set->type = g_strdup (type);
  set->ttl = ttl;
  set->values = g_ptr_array_new_with_free_func (g_free);
  return set;
}

int
sb_route53_compare_texts (gconstpointer a,
                          gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static int
compare_sets (gconstpointer a,
              gconstpointer b)
{
  const SbRoute53Set *one = *(const SbRoute53Set *const *) a, *other = *(const SbRoute53Set *const *) b;
  int order = strcmp (one->order, other->order);

  return order != 0 ? order : strcmp (one->type, other->type);
}

SbRoute53Set *
sb_route53_sets_find (GPtrArray  *sets,
                      const char *name,
                      const char *type)
{
  for (guint i = 0; i < sets->len; i++)
    {
      SbRoute53Set *set = sets->pdata[i];

      if (g_ascii_strcasecmp (set->name, name) == 0 && (type == NULL || strcmp (set->type, type) == 0))
        return set;
    }

  return NULL;
}

SbRoute53Set *
sb_route53_set_copy (const SbRoute53Set *set)
{
  SbRoute53Set *copy = sb_route53_set_new (set->name, set->type, set->ttl);

  for (guint i = 0; i < set->values->len; i++)
    g_ptr_array_add (copy->values, g_strdup (set->values->pdata[i]));
  return copy;
}

GPtrArray *
sb_route53_sets_copy (GPtrArray *sets)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify) sb_route53_set_free);

  for (guint i = 0; i < sets->len; i++)
    g_ptr_array_add (copy, sb_route53_set_copy (sets->pdata[i]));
  return copy;
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

GStrv
sb_route53_read_quoted (const char *value,
                        char      **wrong)
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

char *
sb_route53_tidy_value (const char *value)
{
  g_autofree char *wrong = NULL;
  g_auto(GStrv) strings = sb_route53_read_quoted (value, &wrong);
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

GPtrArray *
sb_route53_sets_read (SbDnsCall  *call,
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

  sets = g_ptr_array_new_with_free_func ((GDestroyNotify) sb_route53_set_free);
  for (guint i = 0; i < records->len; i++)
    {
      const SbRecord *record = records->pdata[i];
      SbRoute53Set *set = sb_route53_sets_find (sets, record->name, record->type);

      if (set == NULL)
        {
          set = sb_route53_set_new (record->name, record->type, record->ttl);
          g_ptr_array_add (sets, set);
        }
      g_ptr_array_add (set->values, show_record (record));
    }

  for (guint i = 0; i < sets->len; i++)
    g_ptr_array_sort (((SbRoute53Set *) sets->pdata[i])->values, sb_route53_compare_texts);
  g_ptr_array_sort (sets, compare_sets);
  return sets;
}
