/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overview/attention.h"

#include "jobs/view.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "model/words.h"
#include "overview/counts.h"
#include "shell/pages.h"
#include "shell/tell.h"
#include "shell/text-row.h"

#include <glib/gi18n.h>

/* What can be done without asking anything: each begins a job, whose lines tell how it goes. */
static const struct
{
  const char *folder;
  const char *interface;
  const char *method;
  const char *label;
  const char *failed;
} acts[] = {
  { CH_FOLDER_ACCOUNTS, CH_IFACE_ACCOUNT, "Verify", N_("_Verify Again"),
    N_("The account was not verified") },
  { CH_FOLDER_SERVERS, CH_IFACE_SERVER, "Test", N_("_Test Again"), N_("The server was not tested") },
  { CH_FOLDER_DEPLOYMENTS, CH_IFACE_DEPLOYMENT, "Run", N_("_Run Again"),
    N_("The deployment was not started") },
  { CH_FOLDER_WATCHES, CH_IFACE_WATCH, "Look", N_("_Look Again"), N_("The endpoint was not looked at") },
};

/* What must be there before an order can be placed, in this order. */
static const struct
{
  const char *key;
  const char *title;
  const char *text;
  const char *page;
} beginnings[] = {
  { "Accounts", N_("Begin with an account"),
    N_("Orders are placed with an account at a certificate authority."), "accounts" },
  { "DnsAccounts", N_("Add a DNS account"), N_("It proves control of the names that certificates are for."),
    "dns" },
  { "Orders", N_("Order the first certificate"), N_("Everything that it needs is there."), "orders" },
};

/* acting */

typedef struct
{
  GtkWidget *row;             /* (owned) */
  gsize act;
} Acting;

static void
acting_free (Acting *acting)
{
  g_object_unref (acting->row);
  g_free (acting);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Acting, acting_free)

static void
acted_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(Acting) acting = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);
  const char *job;

  /* The row may be gone: then nobody waits for this. */
  if (gtk_widget_get_root (acting->row) == NULL)
    return;
  if (reply == NULL)
    {
      ch_tell_error (acting->row, _(acts[acting->act].failed), error);
      return;
    }

  g_variant_get (reply, "(&o)", &job);
  ch_job_dialog_show (acting->row, CH_SERVICE (source), job);
}

/* The index of what can be done about @path; -1: nothing. */
static gssize
find_act (const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *folder = g_path_get_basename (parent);

  for (gsize i = 0; i < G_N_ELEMENTS (acts); i++)
    if (g_str_equal (acts[i].folder, folder))
      return (gssize) i;

  return -1;
}

char *
ch_attention_name_act (const char *path)
{
  gssize act = find_act (path);
  g_auto(GStrv) parts = act >= 0 ? g_strsplit (_(acts[act].label), "_", 2) : NULL;

  return parts != NULL ? g_strjoinv ("", parts) : NULL;
}

void
ch_attention_act (GtkWidget  *where,
                  ChService  *service,
                  const char *path)
{
  gssize act = find_act (path);
  Acting *acting;

  if (act < 0)
    return;

  acting = g_new0 (Acting, 1);
  acting->row = g_object_ref (where);
  acting->act = (gsize) act;
  ch_service_act_async (service, path, acts[act].interface, acts[act].method,
                        g_variant_new ("(@a{sv})", ch_no_options ()), "(o)", NULL, acted_cb, acting);
}

static void
act_cb (GtkWidget *row)
{
  ChItem *item = g_object_get_data (G_OBJECT (row), "item");

  ch_attention_act (row, g_object_get_data (G_OBJECT (row), "service"), ch_item_get_path (item));
}

static void
add_act (GtkWidget *row,
         ChService *service,
         ChItem    *item)
{
  gssize act = find_act (ch_item_get_path (item));
  GtkWidget *button;

  if (act < 0)
    return;

  button = g_object_new (GTK_TYPE_BUTTON, "label", _(acts[act].label), "use-underline", TRUE, "valign",
                         GTK_ALIGN_CENTER, NULL);
  g_object_set_data_full (G_OBJECT (row), "service", g_object_ref (service), g_object_unref);
  g_object_set_data_full (G_OBJECT (row), "item", g_object_ref (item), g_object_unref);
  g_signal_connect_object (button, "clicked", G_CALLBACK (act_cb), row, G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

/* rows */

GtkWidget *
ch_attention_row_new (ChService *service,
                      ChItem    *item)
{
  g_autofree char *text = ch_words_without_commands (ch_item_get_text (item, "Text"));
  GtkWidget *row = ch_text_row_new (ADW_TYPE_ACTION_ROW, "title", ch_item_get_text (item, "Name"),
                                    "subtitle", text,
                                    "title-lines", 0, "subtitle-lines", 0, NULL);

  adw_action_row_add_prefix (ADW_ACTION_ROW (row), ch_counts_icon_new (CH_MOOD_BAD));
  add_act (row, service, item);
  if (ch_pages_find_by_path (ch_item_get_path (item)) == NULL)
    return row;

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", ch_item_get_path (item));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.open");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  return row;
}

static GtkWidget *
new_beginning (gsize i)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", _(beginnings[i].title), "subtitle",
                                 _(beginnings[i].text), "title-lines", 0, "subtitle-lines", 0, NULL);

  if (ch_pages_find (beginnings[i].page) == NULL)
    return row;

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", beginnings[i].page);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.page");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("go-next-symbolic"));
  return row;
}

GtkWidget *
ch_attention_row_new_calm (GVariant *status)
{
  GtkWidget *row;

  for (gsize i = 0; i < G_N_ELEMENTS (beginnings); i++)
    if (ch_counts_sum (status, beginnings[i].key) == 0)
      return new_beginning (i);

  row = g_object_new (ADW_TYPE_ACTION_ROW, "title", _("Nothing needs you"), NULL);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), ch_counts_icon_new (CH_MOOD_GOOD));
  return row;
}
