/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "attention.h"

#include "lib/paths.h"
#include "lib/row.h"
#include "table.h"

#include <glib/gi18n.h>

/* For each folder of the bus the word that commands begin with, and the one that tells most. */
static const struct
{
  const char *folder;
  const char *noun;
  const char *verb;
} nouns[] = {
  { CH_FOLDER_ORDERS, "order", "explain" },
  { CH_FOLDER_DEPLOYMENTS, "deploy", "show" },
  { CH_FOLDER_WATCHES, "watch", "show" },
  { CH_FOLDER_ACCOUNTS, "account", "show" },
  { CH_FOLDER_DNS, "dns", "show" },
  { CH_FOLDER_SERVERS, "server", "show" },
};

/* What must be there before an order can be placed, in this order. */
static const struct
{
  const char *key;
  const char *sentence;
} beginnings[] = {
  { "Accounts", N_("Begin with an account at a certificate authority: “chancery account types” shows what "
                   "it needs, “chancery account add” adds it.") },
  { "DnsAccounts", N_("Next: add a DNS account, which proves control of names: “chancery dns types” shows "
                      "what it needs, “chancery dns add” adds it.") },
  { "Orders", N_("Next: order a certificate with “chancery order new www.example.test --wait”.") },
};

static gboolean
has_none (GVariant   *status,
          const char *key)
{
  g_autoptr(GVariant) counts = ch_row_list (status, key, "a{su}");
  GVariantIter iter;
  guint32 count;

  g_variant_iter_init (&iter, counts);
  while (g_variant_iter_loop (&iter, "{&su}", NULL, &count))
    if (count > 0)
      return FALSE;

  return TRUE;
}

static void
print_beginning (GVariant *status)
{
  for (gsize i = 0; i < G_N_ELEMENTS (beginnings); i++)
    if (has_none (status, beginnings[i].key))
      {
        ch_print ("%s", _(beginnings[i].sentence));
        return;
      }

  ch_print_text ("", CH_COLOUR_GOOD, _("Nothing needs you."));
}

/* Its place in @nouns; -1 for what this program does not know yet. */
static int
find_noun (GVariant *row)
{
  g_autofree char *parent = g_path_get_dirname (ch_row_string (row, "Object"));
  g_autofree char *folder = g_path_get_basename (parent);

  for (gsize i = 0; i < G_N_ELEMENTS (nouns); i++)
    if (g_str_equal (nouns[i].folder, folder))
      return (int) i;

  return -1;
}

/* Orders are told apart by their number, the others by their name. */
static char *
name_object (GVariant *row,
             int       noun)
{
  return noun == 0 ? g_path_get_basename (ch_row_string (row, "Object")) : g_strdup (ch_row_string (row, "Name"));
}

static void
add_row (ChTable  *table,
         GVariant *row)
{
  int noun = find_noun (row);
  const char *name = ch_row_string (row, "Name");
  g_autofree char *number = name_object (row, noun);
  g_autofree char *title = noun < 0 ? g_strdup_printf ("  %s", name)
                           : noun == 0 ? g_strdup_printf ("  %s %s (%s)", nouns[noun].noun, number, name)
                                       : g_strdup_printf ("  %s %s", nouns[noun].noun, name);

  ch_table_add (table, title, ch_row_string (row, "Text"));
  ch_table_colour (table, 0, CH_COLOUR_BAD);
}

static void
print_command (GVariant *row)
{
  int noun = find_noun (row);
  g_autofree char *name = name_object (row, noun);

  if (noun >= 0)
    ch_print (_("“chancery %s %s %s” tells more."), nouns[noun].noun, nouns[noun].verb, name);
}

void
ch_attention_print (GVariant *status)
{
  static const ChColumn columns[] = { { "", CH_COLUMN_SHRINKS }, { "", CH_COLUMN_WRAPS }, { NULL } };
  g_autoptr(ChTable) table = ch_table_new (columns);
  g_autoptr(GVariant) list = ch_row_list (status, "Attention", "aa{sv}");
  g_autoptr(GVariant) first = NULL;

  ch_print ("%s", "");
  if (g_variant_n_children (list) == 0)
    {
      print_beginning (status);
      return;
    }

  ch_print ("%s", _("What needs you"));
  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (list, i);

      add_row (table, row);
    }
  ch_table_print (table);

  first = g_variant_get_child_value (list, 0);
  print_command (first);
}
