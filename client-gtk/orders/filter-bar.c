/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orders/filter-bar.h"

#include "lib/paths.h"
#include "lib/times.h"

#include <glib/gi18n.h>

#define DAY (24 * 60 * 60)

struct _ChOrderFilterBar
{
  AdwBin parent_instance;

  GtkDropDown *state;
  GtkDropDown *account;
  GtkDropDown *end;

  ChItemList *accounts;       /* (not owned) (nullable): the service has it */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChOrderFilterBar, ch_order_filter_bar, ADW_TYPE_BIN)

/* The first of each is no choice. */
static const struct
{
  const char *title;
  const char *states[8];
} groups[] = {
  { N_("Any State"), { NULL } },
  { N_("In Force"), { "issued", "reissuing", "renewing" } },
  { N_("Under Way"), { "queued", "submitting", "validating", "vetting", "reissuing", "renewing" } },
  { N_("Failed"), { "failed", "rejected" } },
  { N_("Ended"), { "cancelled", "revoked", "expired" } },
};

static const struct
{
  const char *title;
  int days;
} ends[] = {
  { N_("Any End"), 0 },
  { N_("Ends within 7 Days"), 7 },
  { N_("Ends within 30 Days"), 30 },
  { N_("Ends within 90 Days"), 90 },
};

static const char *
get_account (ChOrderFilterBar *self)
{
  GListModel *model = gtk_drop_down_get_model (self->account);
  guint chosen = gtk_drop_down_get_selected (self->account);

  return chosen > 0 && chosen < g_list_model_get_n_items (model)
             ? gtk_string_list_get_string (GTK_STRING_LIST (model), chosen)
             : "";
}

GVariant *
ch_order_filter_bar_get (ChOrderFilterBar *self)
{
  GVariantDict filter;
  guint state = gtk_drop_down_get_selected (self->state);
  guint end = gtk_drop_down_get_selected (self->end);

  g_variant_dict_init (&filter, NULL);
  if (state > 0 && state < G_N_ELEMENTS (groups))
    g_variant_dict_insert_value (&filter, "states", g_variant_new_strv (groups[state].states, -1));
  if (*get_account (self) != '\0')
    g_variant_dict_insert (&filter, "account", "s", get_account (self));
  if (end > 0 && end < G_N_ELEMENTS (ends))
    {
      g_variant_dict_insert (&filter, "ends-before", "x", ch_time_now () + ends[end].days * DAY);
      g_variant_dict_insert (&filter, "open", "b", TRUE);
    }
  return g_variant_dict_end (&filter);
}

void
ch_order_filter_bar_reset (ChOrderFilterBar *self)
{
  gtk_drop_down_set_selected (self->state, 0);
  gtk_drop_down_set_selected (self->account, 0);
  gtk_drop_down_set_selected (self->end, 0);
}

/* accounts: who has one does not choose */

static void
fill_accounts (ChOrderFilterBar *self)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  g_autofree char *chosen = g_strdup (get_account (self));
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->accounts));
  guint position = 0;

  gtk_string_list_append (names, _("Any Account"));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ChItem) item = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

      gtk_string_list_append (names, ch_item_get_text (item, "Name"));
      if (g_str_equal (ch_item_get_text (item, "Name"), chosen))
        position = i + 1;
    }

  gtk_drop_down_set_model (self->account, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->account, position);
  gtk_widget_set_visible (GTK_WIDGET (self->account), n > 1);
}

void
ch_order_filter_bar_set_service (ChOrderFilterBar *self,
                                 ChService        *service)
{
  self->accounts = ch_service_get_list (service, CH_IFACE_ACCOUNT);
  g_signal_connect_object (self->accounts, "items-changed", G_CALLBACK (fill_accounts), self,
                           G_CONNECT_SWAPPED);
  fill_accounts (self);
}

/* class */

static void
chosen_cb (ChOrderFilterBar *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static GtkDropDown *
add_choice (ChOrderFilterBar *self,
            GtkFlowBox       *box,
            const char       *label,
            GtkStringList    *titles)
{
  GtkWidget *choice = gtk_drop_down_new (G_LIST_MODEL (titles), NULL);
  GtkWidget *button = gtk_widget_get_first_child (choice);

  /* GTK 4.8 gives the button inside no name of its own. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (choice), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_tooltip_text (choice, label);
  g_signal_connect_swapped (choice, "notify::selected", G_CALLBACK (chosen_cb), self);
  gtk_flow_box_append (box, choice);
  gtk_widget_set_focusable (gtk_widget_get_parent (choice), FALSE);
  return GTK_DROP_DOWN (choice);
}

static void
ch_order_filter_bar_class_init (ChOrderFilterBarClass *class)
{
  signals[CHANGED] = g_signal_new ("changed", CH_TYPE_ORDER_FILTER_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
ch_order_filter_bar_init (ChOrderFilterBar *self)
{
  GtkWidget *box = g_object_new (GTK_TYPE_FLOW_BOX, "selection-mode", GTK_SELECTION_NONE, "column-spacing", 6,
                                 "row-spacing", 6, "max-children-per-line", 3, "margin-start", 6,
                                 "margin-end", 6, "margin-bottom", 6, NULL);
  GtkStringList *states = gtk_string_list_new (NULL);
  GtkStringList *times = gtk_string_list_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    gtk_string_list_append (states, _(groups[i].title));
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    gtk_string_list_append (times, _(ends[i].title));
  self->state = add_choice (self, GTK_FLOW_BOX (box), _("Show Orders by State"), states);
  self->end = add_choice (self, GTK_FLOW_BOX (box), _("Show Orders by Their End"), times);
  self->account =
    add_choice (self, GTK_FLOW_BOX (box), _("Show Orders by Account"), gtk_string_list_new (NULL));
  adw_bin_set_child (ADW_BIN (self), box);
}
