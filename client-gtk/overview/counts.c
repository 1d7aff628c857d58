/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overview/counts.h"

#include "lib/paths.h"
#include "lib/row.h"
#include "shell/pages.h"

#include <glib/gi18n.h>

/* Each with a number before it; in the order of an order's life. */
static const struct
{
  const char *state;
  const char *word;
  ChMood mood;
} words[] = {
  { "failing", NC_("how many", "%u failing"), CH_MOOD_BAD },
  { "failed", NC_("how many", "%u failed"), CH_MOOD_BAD },
  { "queued", NC_("how many", "%u queued"), CH_MOOD_BUSY },
  { "submitting", NC_("how many", "%u being placed"), CH_MOOD_BUSY },
  { "validating", NC_("how many", "%u being validated"), CH_MOOD_BUSY },
  { "vetting", NC_("how many", "%u being vetted"), CH_MOOD_BUSY },
  { "reissuing", NC_("how many", "%u being reissued"), CH_MOOD_BUSY },
  { "renewing", NC_("how many", "%u being renewed"), CH_MOOD_BUSY },
  { "running", NC_("how many", "%u running"), CH_MOOD_BUSY },
  { "pending", NC_("how many", "%u about to run"), CH_MOOD_BUSY },
  { "deployed", NC_("how many", "%u deployed"), CH_MOOD_GOOD },
  { "enabled", NC_("how many", "%u enabled"), CH_MOOD_GOOD },
  { "idle", NC_("how many", "%u without a certificate yet"), CH_MOOD_NONE },
  { "stopped", NC_("how many", "%u stopped"), CH_MOOD_NONE },
  { "disabled", NC_("how many", "%u disabled"), CH_MOOD_NONE },
};

static const struct
{
  const char *icon;
  const char *class;
  const char *label;
} moods[] = {
  [CH_MOOD_NONE] = { "media-playback-pause-symbolic", "dim-label", N_("Quiet") },
  [CH_MOOD_BUSY] = { "content-loading-symbolic", "accent", N_("Under way") },
  [CH_MOOD_GOOD] = { "object-select-symbolic", "success", N_("Well") },
  [CH_MOOD_BAD] = { "dialog-warning-symbolic", "warning", N_("Needs you") },
};

GtkWidget *
ch_counts_icon_new (ChMood mood)
{
  GtkWidget *icon = gtk_image_new_from_icon_name (moods[mood].icon);

  gtk_widget_add_css_class (icon, moods[mood].class);
  gtk_widget_set_tooltip_text (icon, _(moods[mood].label));
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, _(moods[mood].label),
                                  -1);
  return icon;
}

static guint
count_state (GVariant   *status,
             const char *key,
             const char *state)
{
  g_autoptr(GVariant) counts = ch_row_list (status, key, "a{su}");
  guint32 n = 0;

  g_variant_lookup (counts, state, "u", &n);
  return n;
}

guint
ch_counts_sum (GVariant   *status,
               const char *key)
{
  g_autoptr(GVariant) counts = ch_row_list (status, key, "a{su}");
  GVariantIter iter;
  guint32 n;
  guint sum = 0;

  g_variant_iter_init (&iter, counts);
  while (g_variant_iter_loop (&iter, "{&su}", NULL, &n))
    sum += n;

  return sum;
}

static void
add_count (GString    *text,
           const char *format,
           guint       n)
{
  g_string_append (text, text->len > 0 ? C_("between the parts of a list", ", ") : "");
  g_string_append_printf (text, format, n);
}

/* The worst of what is there. */
static char *
describe (GVariant   *status,
          const char *key,
          ChMood     *mood)
{
  GString *text = g_string_new (NULL);

  *mood = CH_MOOD_NONE;
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      guint n = count_state (status, key, words[i].state);

      if (n == 0)
        continue;

      add_count (text, g_dpgettext2 (NULL, "how many", words[i].word), n);
      if (*mood == CH_MOOD_NONE || words[i].mood == CH_MOOD_BAD)
        *mood = words[i].mood;
    }

  return g_string_free (text, FALSE);
}

/* rows: there are always the same, so they are kept, and with them who has the focus */

static GtkWidget *
get_row (GtkListBox *list,
         int         i,
         const char *title,
         const char *folder)
{
  g_autofree char *path = ch_path_new (folder, 1);
  const ChPageRow *page = ch_pages_find_by_path (path);
  GtkWidget *row = GTK_WIDGET (gtk_list_box_get_row_at_index (list, i));

  if (row != NULL)
    return row;

  row = g_object_new (ADW_TYPE_ACTION_ROW, "title", title, "title-lines", 0, "subtitle-lines", 0,
                      "use-markup", FALSE, NULL);
  if (page != NULL)
    {
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", page->id);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.page");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
    }
  gtk_list_box_append (list, row);
  return row;
}

static void
fill_row (GtkWidget  *row,
          const char *text,
          ChMood      mood)
{
  GtkWidget *old = g_object_get_data (G_OBJECT (row), "icon");
  GtkWidget *icon;

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  if (old != NULL && g_object_get_data (G_OBJECT (row), "mood") == GINT_TO_POINTER (mood))
    return;

  if (old != NULL)
    adw_action_row_remove (ADW_ACTION_ROW (row), old);
  icon = ch_counts_icon_new (mood);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  g_object_set_data (G_OBJECT (row), "icon", icon);
  g_object_set_data (G_OBJECT (row), "mood", GINT_TO_POINTER (mood));
}

/* Orders that are in force, or ended, are not under way; what failed stands above. */
static char *
describe_orders (GVariant *status,
                 ChMood   *mood)
{
  GString *text = g_string_new (NULL);
  guint issued = count_state (status, "Orders", "issued");

  *mood = CH_MOOD_NONE;
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      guint n = words[i].mood == CH_MOOD_BUSY ? count_state (status, "Orders", words[i].state) : 0;

      if (n == 0)
        continue;

      *mood = CH_MOOD_BUSY;
      add_count (text, g_dpgettext2 (NULL, "how many", words[i].word), n);
    }
  if (issued > 0)
    add_count (text, C_("how many", "%u in force"), issued);
  if (*mood == CH_MOOD_NONE && issued > 0)
    *mood = CH_MOOD_GOOD;

  return g_string_free (text, FALSE);
}

static char *
describe_jobs (ChItemList *jobs,
               ChMood     *mood)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (jobs)); i++)
    {
      g_autoptr(ChItem) job = g_list_model_get_item (G_LIST_MODEL (jobs), i);

      if (g_str_equal (ch_item_get_text (job, "State"), "running"))
        g_string_append_printf (text, "%s%s", text->len > 0 ? C_("between the parts of a list", ", ") : "",
                                ch_item_get_text (job, "Title"));
    }

  *mood = text->len > 0 ? CH_MOOD_BUSY : CH_MOOD_NONE;
  return g_string_free (text, FALSE);
}

void
ch_counts_fill_doings (GtkListBox *list,
                       GVariant   *status,
                       ChItemList *jobs)
{
  ChMood mood;
  g_autofree char *orders = describe_orders (status, &mood);

  fill_row (get_row (list, 0, _("Orders"), CH_FOLDER_ORDERS),
            *orders != '\0' ? orders : _("None under way"), mood);

  g_autofree char *deployments = describe (status, "Deployments", &mood);
  fill_row (get_row (list, 1, _("Deployments"), CH_FOLDER_DEPLOYMENTS),
            *deployments != '\0' ? deployments : _("None yet"), mood);

  g_autofree char *running = describe_jobs (jobs, &mood);
  fill_row (get_row (list, 2, _("Jobs"), CH_FOLDER_JOBS), *running != '\0' ? running : _("None is running"),
            mood);
}

void
ch_counts_fill_health (GtkListBox *list,
                       GVariant   *status)
{
  static const struct { const char *key, *title, *folder; } peers[] = {
    { "Accounts", N_("Accounts"), CH_FOLDER_ACCOUNTS },
    { "DnsAccounts", N_("DNS Accounts"), CH_FOLDER_DNS },
    { "Servers", N_("Servers"), CH_FOLDER_SERVERS },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (peers); i++)
    {
      ChMood mood;
      g_autofree char *text = describe (status, peers[i].key, &mood);

      fill_row (get_row (list, (int) i, _(peers[i].title), peers[i].folder),
                *text != '\0' ? text : _("None yet"), mood);
    }
}
