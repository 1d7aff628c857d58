/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notify/digest.h"

#include "lib/text.h"
#include "lib/times.h"

#include <glib/gi18n.h>

#define DAY (24 * 60 * 60)

void
ch_digest_item_free (ChDigestItem *item)
{
  g_free (item->key);
  g_free (item->name);
  g_free (item->text);
  g_free (item->command);
  g_free (item);
}

static int
compare (const void *a,
         const void *b)
{
  const ChDigestItem *one = *(ChDigestItem *const *) a, *other = *(ChDigestItem *const *) b;

  if (one->kind != other->kind)
    return (int) one->kind - (int) other->kind;

  return one->not_after < other->not_after ? -1 : one->not_after > other->not_after;
}

void
ch_digest_sort (GPtrArray *items)
{
  g_ptr_array_sort (items, compare);
}

/* "www.example.com ends in 3 days" */
static char *
headline (const ChDigestItem *item,
          gint64              now)
{
  int days = (int) ((item->not_after - now) / DAY);

  if (item->kind == CH_DIGEST_NOT_REPLACED)
    return g_strdup_printf (_("%s could not be replaced"), item->name);
  if (item->kind == CH_DIGEST_NEEDS_YOU)
    return g_strdup_printf (_("%s needs you"), item->name);
  if (item->not_after <= now)
    return g_strdup_printf (_("%s has ended"), item->name);

  return g_strdup_printf (ngettext ("%s ends in %d day", "%s ends in %d days", (gulong) days), item->name, days);
}

char *
ch_digest_subject (const GPtrArray *items,
                   gint64           now)
{
  g_autofree char *worst = headline (g_ptr_array_index (items, 0), now);

  if (items->len == 1)
    return g_strdup_printf (_("Chancery: %s"), worst);

  return g_strdup_printf (ngettext ("Chancery: %s (and %u more thing)", "Chancery: %s (and %u more things)", items->len - 1),
                          worst, items->len - 1);
}

static void
append_item (GString            *body,
             const ChDigestItem *item,
             gint64              now)
{
  g_autofree char *line = headline (item, now);
  g_autofree char *text = item->text != NULL ? ch_text_line (item->text, -1) : NULL;
  g_autofree char *day = ch_time_day (item->not_after);

  g_string_append_printf (body, "* %s", line);
  if (item->kind == CH_DIGEST_ENDS)
    g_string_append_printf (body, " (%s)", day);
  if (text != NULL && *text != '\0')
    g_string_append_printf (body, "\n  %s", text);
  g_string_append_printf (body, "\n  chancery %s\n\n", item->command);
}

char *
ch_digest_body (const GPtrArray *items,
                const char      *host,
                gint64           now)
{
  static const char *const titles[] = {
    [CH_DIGEST_ENDS] = N_("Certificates that end"),
    [CH_DIGEST_NOT_REPLACED] = N_("Certificates that could not be replaced"),
    [CH_DIGEST_NEEDS_YOU] = N_("What needs a person"),
  };
  GString *body = g_string_new (NULL);
  int kind = -1;

  for (guint i = 0; i < items->len; i++)
    {
      const ChDigestItem *item = g_ptr_array_index (items, i);

      if ((int) item->kind != kind)
        g_string_append_printf (body, "%s\n\n", _(titles[item->kind]));
      kind = (int) item->kind;
      append_item (body, item, now);
    }

  g_string_append_printf (body, _("“chancery status” on %s shows how everything stands. This mail comes once a day at most, and only\n"
                                  "when there is something new in it.\n"), host);
  return g_string_free (body, FALSE);
}
