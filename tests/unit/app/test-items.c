/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/event-model.h"
#include "model/item-list.h"

#include <string.h>

/* ---- lists of items ---- */

typedef struct
{
  guint n;
  guint at, removed, added;     /* of the last items-changed */
} Changes;

static void
items_changed_cb (GListModel *model,
                  guint       at,
                  guint       removed,
                  guint       added,
                  gpointer    data)
{
  Changes *changes = data;

  changes->n++;
  changes->at = at;
  changes->removed = removed;
  changes->added = added;
}

static GVariant *
new_row (gint64      id,
         const char *name)
{
  GVariantDict row;

  g_variant_dict_init (&row, NULL);
  g_variant_dict_insert (&row, "Id", "t", (guint64) id);
  g_variant_dict_insert (&row, "Name", "s", name);
  return g_variant_dict_end (&row);
}

/* "1 b|2 a": the ids, which make the paths, and the names. */
static void
replace (ChItemList *list,
         const char *rows)
{
  g_autoptr(GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  g_auto(GStrv) lines = g_strsplit (rows, "|", -1);

  for (char **line = lines; *line != NULL && **line != '\0'; line++)
    g_hash_table_insert (table, g_strdup_printf ("/%c", **line), g_variant_ref_sink (new_row (**line - '0', *line + 2)));
  ch_item_list_replace (list, table);
}

static char *
read_names (ChItemList *list)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    {
      g_autoptr(ChItem) item = g_list_model_get_item (G_LIST_MODEL (list), i);

      g_string_append_printf (names, "%s ", ch_item_get_text (item, "Name"));
    }
  return g_string_free (names, FALSE);
}

static void
test_list (void)
{
  static const struct { const char *rows, *names; guint at, removed, added; } steps[] = {
    { "1 b|2 d|3 a", "a b d ", 0, 0, 3 },
    { "1 b|2 d|3 a|4 c", "a b c d ", 2, 0, 1 },
    { "1 b|2 d|4 c", "b c d ", 0, 1, 0 },
    { "1 b|2 a|4 c", "a b c ", 0, 3, 3 },
    { "4 c", "c ", 0, 2, 0 },
    { "", "", 0, 1, 0 },
  };
  g_autoptr(ChItemList) list = ch_item_list_new (ch_item_list_by_name);
  Changes changes = { 0 };

  g_signal_connect (list, "items-changed", G_CALLBACK (items_changed_cb), &changes);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autofree char *names = NULL;

      changes.n = 0;
      replace (list, steps[i].rows);
      names = read_names (list);
      g_assert_cmpstr (names, ==, steps[i].names);
      g_assert_cmpuint (changes.n, ==, 1);
      g_assert_cmpuint (changes.at, ==, steps[i].at);
      g_assert_cmpuint (changes.removed, ==, steps[i].removed);
      g_assert_cmpuint (changes.added, ==, steps[i].added);

      replace (list, steps[i].rows);
      g_assert_cmpuint (changes.n, ==, 1);
    }
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_identity (void)
{
  g_autoptr(ChItemList) list = ch_item_list_new (ch_item_list_by_name);
  guint n_changed = 0;
  ChItem *item;

  g_signal_connect_swapped (list, "changed", G_CALLBACK (count_cb), &n_changed);
  replace (list, "1 b|2 d");
  item = ch_item_list_find (list, "/1");
  replace (list, "1 e|2 d");
  g_assert_true (ch_item_list_find (list, "/1") == item);
  g_assert_cmpstr (ch_item_get_text (item, "Name"), ==, "e");
  g_assert_cmpuint (n_changed, ==, 2);

  ch_item_list_update (list, "/1", new_row (1, "a"));
  ch_item_list_update (list, "/9", g_variant_ref_sink (new_row (9, "nobody")));
  g_assert_cmpuint (n_changed, ==, 3);
  g_autofree char *names = read_names (list);
  g_assert_cmpstr (names, ==, "a d ");
}

/* ---- what is exported ---- */

static ChItem *
new_event (gint64      uid,
           gboolean    ok,
           const char *text)
{
  GVariantDict row;

  g_variant_dict_init (&row, NULL);
  g_variant_dict_insert (&row, "Id", "t", (guint64) 7);
  g_variant_dict_insert (&row, "At", "x", (gint64) 1700000000);
  g_variant_dict_insert (&row, "Uid", "x", uid);
  g_variant_dict_insert (&row, "Action", "s", "order.new");
  g_variant_dict_insert (&row, "Object", "s", "order/3");
  g_variant_dict_insert (&row, "Name", "s", "www.example.test");
  g_variant_dict_insert (&row, "Ok", "b", ok);
  g_variant_dict_insert (&row, "Text", "s", text);
  return ch_item_new ("", g_variant_dict_end (&row));
}

static void
test_csv (void)
{
  static const struct { gboolean ok; const char *text, *line; } cases[] = {
    { TRUE, "Said “so”, and done", "\"true\",\"Said “so”, and done\"\r\n" },
    { FALSE, "a \"b\"\nc", "\"false\",\"a \"\"b\"\"\nc\"\r\n" },
    { TRUE, "=1+1", "\"true\",\"'=1+1\"\r\n" },
    { TRUE, "@SUM(A1)", "\"true\",\"'@SUM(A1)\"\r\n" },
    { TRUE, "", "\"true\",\"\"\r\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GListStore) events = g_list_store_new (CH_TYPE_ITEM);
      g_autoptr(ChItem) event = new_event (-1, cases[i].ok, cases[i].text);
      g_autoptr(GBytes) bytes = NULL;
      g_autofree char *want = NULL;

      g_list_store_append (events, event);
      bytes = ch_event_export_csv (G_LIST_MODEL (events));
      want = g_strconcat ("\"id\",\"at\",\"who\",\"uid\",\"authority\",\"action\",\"object\",\"name\",\"ok\",\"text\"\r\n"
                          "\"7\",\"2023-11-14T22:13:20Z\",\"chanceryd\",\"\",\"\",\"order.new\",\"order/3\",\"www.example.test\",",
                          cases[i].line, NULL);
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), want, strlen (want));
    }
}

static void
test_json (void)
{
  g_autoptr(GListStore) events = g_list_store_new (CH_TYPE_ITEM);
  g_autoptr(ChItem) event = new_event (-1, FALSE, "a \"b\"");
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *text = NULL;

  g_list_store_append (events, event);
  bytes = ch_event_export_json (G_LIST_MODEL (events));
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_nonnull (strstr (text, "\"text\" : \"a \\\"b\\\"\""));
  g_assert_nonnull (strstr (text, "\"ok\" : false"));
  g_assert_nonnull (strstr (text, "\"uid\" : -1"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/item-list/changes", test_list);
  g_test_add_func ("/app/item-list/identity", test_identity);
  g_test_add_func ("/app/events/csv", test_csv);
  g_test_add_func ("/app/events/json", test_json);
  return g_test_run ();
}
