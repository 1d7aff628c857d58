/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/event-model.h"

#include "lib/row.h"

#include <json-glib/json-glib.h>
#include <pwd.h>
#include <string.h>

static const char *const titles[] = {
  "id", "at", "who", "uid", "authority", "action", "object", "name", "ok", "text", NULL
};

char *
ch_event_who (ChItem *event)
{
  gint64 uid = ch_item_get_number (event, "Uid");
  struct passwd *entry = uid >= 0 ? getpwuid ((uid_t) uid) : NULL;

  if (uid < 0)
    return g_strdup ("chanceryd");
  return entry != NULL ? g_strdup (entry->pw_name) : g_strdup_printf ("%" G_GINT64_FORMAT, uid);
}

static char *
format_time (ChItem *event)
{
  g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc (ch_item_get_number (event, "At"));

  return at != NULL ? g_date_time_format_iso8601 (at) : g_strdup ("");
}

/* A cell that begins like a formula would be computed by a spreadsheet; names and sentences come from
 * outside. */
static void
append_cell (GString    *csv,
             const char *text)
{
  gboolean is_formula = *text != '\0' && strchr ("=+-@\t\r", *text) != NULL;

  if (csv->len > 0 && csv->str[csv->len - 1] != '\n')
    g_string_append_c (csv, ',');
  g_string_append_c (csv, '"');
  if (is_formula)
    g_string_append_c (csv, '\'');
  for (const char *c = text; *c != '\0'; c++)
    {
      if (*c == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *c);
    }
  g_string_append_c (csv, '"');
}

static void
append_event (GString *csv,
              ChItem  *event)
{
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, ch_item_get_number (event, "Id"));
  g_autofree char *at = format_time (event);
  g_autofree char *who = ch_event_who (event);
  gint64 number = ch_item_get_number (event, "Uid");
  g_autofree char *uid = number >= 0 ? g_strdup_printf ("%" G_GINT64_FORMAT, number) : g_strdup ("");

  append_cell (csv, id);
  append_cell (csv, at);
  append_cell (csv, who);
  append_cell (csv, uid);
  append_cell (csv, ch_item_get_text (event, "Authority"));
  append_cell (csv, ch_item_get_text (event, "Action"));
  append_cell (csv, ch_item_get_text (event, "Object"));
  append_cell (csv, ch_item_get_text (event, "Name"));
  append_cell (csv, ch_row_flag (ch_item_get_row (event), "Ok") ? "true" : "false");
  append_cell (csv, ch_item_get_text (event, "Text"));
  g_string_append (csv, "\r\n");
}

GBytes *
ch_event_export_csv (GListModel *events)
{
  GString *csv = g_string_new (NULL);

  for (gsize i = 0; titles[i] != NULL; i++)
    append_cell (csv, titles[i]);
  g_string_append (csv, "\r\n");
  for (guint i = 0; i < g_list_model_get_n_items (events); i++)
    {
      g_autoptr(ChItem) event = g_list_model_get_item (events, i);

      append_event (csv, event);
    }
  return g_string_free_to_bytes (csv);
}

static void
add_text (JsonBuilder *builder,
          const char  *name,
          const char  *text)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static void
add_event (JsonBuilder *builder,
           ChItem      *event)
{
  g_autofree char *at = format_time (event);
  g_autofree char *who = ch_event_who (event);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "id");
  json_builder_add_int_value (builder, ch_item_get_number (event, "Id"));
  add_text (builder, "at", at);
  add_text (builder, "who", who);
  json_builder_set_member_name (builder, "uid");
  json_builder_add_int_value (builder, ch_item_get_number (event, "Uid"));
  add_text (builder, "authority", ch_item_get_text (event, "Authority"));
  add_text (builder, "action", ch_item_get_text (event, "Action"));
  add_text (builder, "object", ch_item_get_text (event, "Object"));
  add_text (builder, "name", ch_item_get_text (event, "Name"));
  json_builder_set_member_name (builder, "ok");
  json_builder_add_boolean_value (builder, ch_row_flag (ch_item_get_row (event), "Ok"));
  add_text (builder, "text", ch_item_get_text (event, "Text"));
  json_builder_end_object (builder);
}

GBytes *
ch_event_export_json (GListModel *events)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;
  char *text;

  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (events); i++)
    {
      g_autoptr(ChItem) event = g_list_model_get_item (events, i);

      add_event (builder, event);
    }
  json_builder_end_array (builder);

  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  return g_bytes_new_take (text, strlen (text));
}
