/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orders/bulk.h"

#include "lib/row.h"
#include "model/order-row.h"
#include "orders/deletion.h"
#include "orders/round.h"
#include "orders/states.h"
#include "orders/tags.h"
#include "shell/tell.h"
#include "stack.h"

#include <glib/gi18n.h>

/* So many names a question lists. */
#define NAMES 10

struct _ChOrderBulk
{
  AdwBin parent_instance;

  AdwWindowTitle *title;
  GtkStack *stack;
  AdwPreferencesGroup *group;
  AdwActionRow *rows[5];      /* of the deeds */
  GtkEditable *add_tags;
  GtkEditable *remove_tags;
  GtkLabel *result;
  GtkLabel *doing;
  GtkProgressBar *bar;

  ChService *service;         /* (not owned): the page has it */
  GListModel *orders;         /* (owned) (nullable): those that are chosen */
  ChRound *round;             /* (owned) (nullable): under way */
  const char *what;           /* the round does */
  ChRound *asked;             /* (owned) (nullable): begins if somebody says yes */
  const char *asked_what;
  gboolean folded;
  guint count_source;
};

enum
{
  PROP_FOLDED = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ChOrderBulk, ch_order_bulk, ADW_TYPE_BIN)

/* what can be done */

static const struct
{
  const char *action;
  const char *title;
  const char *verb;
  const char *method;
  const char *reply_type;
  guint states;               /* in which it makes sense */
  const char *question;       /* (nullable): asked before */
  const char *body;
} deeds[] = {
  { "bulk.verify", N_("Verify Now"), N_("_Verify"), "Verify", "(o)", CH_STATES_TO_VERIFY, NULL, NULL },
  { "bulk.retry", N_("Try Again"), N_("_Try Again"), "Retry", "()", CH_STATES_TO_RETRY, NULL, NULL },
  { "bulk.reissue", N_("Reissue"), N_("Re_issue…"), "Reissue", "()", CH_STATE_BIT (ISSUED),
    N_("Reissue These Orders?"),
    N_("Each gets a new key and a new certificate for the same names and the same term. It is free.") },
  { "bulk.cancel", N_("Cancel"), N_("_Cancel Orders…"), "Cancel", "()", CH_STATES_UNDER_WAY,
    N_("Cancel These Orders?"),
    N_("They are withdrawn at the certificate authority, wherever they stand. "
       "What was published is removed.") },
  { "bulk.delete", N_("Delete"), N_("_Delete…"), NULL, NULL, CH_STATES_OVER | CH_STATES_IN_FORCE,
    NULL, NULL },
};

static ChOrderRow *
get_row (ChOrderBulk *self,
         guint        position)
{
  return g_list_model_get_item (self->orders, position);
}

/* Also one that a newer service has. */
#define ALL_STATES 0

/* (transfer full) (element-type guint64): those in one of the states. */
static GArray *
collect (ChOrderBulk *self,
         guint        states)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (guint64));

  for (guint i = 0; i < g_list_model_get_n_items (self->orders); i++)
    {
      g_autoptr(ChOrderRow) row = get_row (self, i);
      guint64 id = ch_order_row_get_id (row);

      if (states == ALL_STATES || ch_state_in (ch_order_row_get_state (row), states))
        g_array_append_val (ids, id);
    }

  return ids;
}

static char *
list_names (ChOrderBulk *self,
            guint        states)
{
  g_autoptr(GString) text = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (self->orders); i++)
    {
      g_autoptr(ChOrderRow) row = get_row (self, i);

      if (ch_state_in (ch_order_row_get_state (row), states) && n++ < NAMES)
        g_string_append_printf (text, "\n• %s", ch_order_row_get_name (row));
    }

  if (n > NAMES)
    g_string_append_printf (text, _("\n… and %u more"), n - NAMES);
  return g_strdup (text->str);
}

/* doing it */

static void
show_progress (ChOrderBulk *self)
{
  guint all;
  guint asked = ch_round_get_asked (self->round, &all);
  g_autofree char *text = g_strdup_printf (_("%u of %u"), asked, all);

  gtk_label_set_label (self->doing, _(self->what));
  gtk_progress_bar_set_fraction (self->bar, all > 0 ? (double) asked / all : 0);
  gtk_progress_bar_set_text (self->bar, text);
}

/* It stands here until the next; who looks at something else meanwhile is told there. */
static void
tell (ChOrderBulk  *self,
      const char   *text,
      const GError *error)
{
  gtk_label_set_label (self->result, text);
  gtk_widget_set_visible (GTK_WIDGET (self->result), TRUE);
  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;
  if (error != NULL)
    ch_tell_error (GTK_WIDGET (self), text, error);
  else if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    ch_tell (GTK_WIDGET (self), text);
}

static void
ended_cb (ChOrderBulk *self)
{
  g_autoptr(ChRound) round = g_steal_pointer (&self->round);
  g_autoptr(GError) error = ch_round_get_error (round);
  g_autofree char *text = NULL;
  guint all;

  ch_round_get_asked (round, &all);
  text = g_strdup_printf (_("%s: %u of %u"), _(self->what), ch_round_get_well (round), all);
  g_signal_handlers_disconnect_by_data (round, self);
  ch_stack_show (self->stack, "deeds");
  tell (self, text, error);
}

static void
begin_round (ChOrderBulk *self,
             const char  *what,
             ChRound     *round)
{
  g_set_object (&self->round, round);
  self->what = what;
  g_signal_connect_object (round, "progress", G_CALLBACK (show_progress), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (round, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
  show_progress (self);
  ch_stack_show (self->stack, "doing");
  ch_round_start (round);
}

static GVariant *
no_settings (GVariant *facts,
             gpointer  data)
{
  return g_str_equal (data, "Reissue") ? g_variant_new ("(@a{sv}@a{sv})", ch_no_options (), ch_no_options ())
                                       : g_variant_new ("(@a{sv})", ch_no_options ());
}

/* What was asked about are the orders that were chosen then, whatever is chosen now. */
static void
yes_cb (gpointer data)
{
  ChOrderBulk *self = data;

  if (self->round == NULL)
    begin_round (self, self->asked_what, self->asked);
}

static void
ask (ChOrderBulk *self,
     gsize        deed,
     ChRound     *round)
{
  g_autofree char *names = list_names (self, deeds[deed].states);
  g_autofree char *body = g_strdup_printf (C_("many orders", "%s\n%s"), _(deeds[deed].body), names);

  g_set_object (&self->asked, round);
  self->asked_what = deeds[deed].title;
  ch_ask (GTK_WIDGET (self), _(deeds[deed].question), body, _(deeds[deed].verb), yes_cb, self);
}

static void
deed_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  ChOrderBulk *self = CH_ORDER_BULK (widget);
  g_autoptr(ChRound) round = NULL;
  g_autoptr(GArray) ids = NULL;
  gsize i = 0;

  while (!g_str_equal (deeds[i].action, name))
    i++;
  ids = collect (self, deeds[i].states);
  round = ch_round_new (self->service, ids, deeds[i].method, deeds[i].reply_type, no_settings,
                        (gpointer) deeds[i].method, NULL);
  if (deeds[i].question != NULL)
    ask (self, i, round);
  else
    begin_round (self, deeds[i].title, round);
}

static void
delete_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  ChOrderBulk *self = CH_ORDER_BULK (widget);
  const guint states = CH_STATES_OVER | CH_STATES_IN_FORCE;
  g_autoptr(GArray) ids = collect (self, states);
  g_autofree char *names = list_names (self, states);

  ch_deletion_begin (gtk_widget_get_parent (widget), self->service, ids, names);
}

/* changing what people write on them */

static GVariant *
edit (const char *key,
      GVariant   *value)
{
  GVariantDict settings;

  g_variant_dict_init (&settings, NULL);
  g_variant_dict_insert_value (&settings, key, value);
  return g_variant_new ("(@a{sv}@a{sv})", g_variant_dict_end (&settings), ch_no_options ());
}

static void
append_other_than (GPtrArray         *all,
                   GStrv              tags,
                   const char *const *others)
{
  for (gsize i = 0; tags[i] != NULL; i++)
    if (!g_strv_contains (others, tags[i]))
      g_ptr_array_add (all, tags[i]);
}

static GVariant *
new_list (GPtrArray *texts)
{
  return g_variant_new_strv ((const char *const *) texts->pdata, texts->len);
}

/* Orders that have them all, or none, stay as they are. */
static GVariant *
with_tags (GVariant *facts,
           gpointer  data)
{
  g_auto(GStrv) tags = ch_row_strings (facts, "Tags");
  g_autoptr(GPtrArray) all = g_ptr_array_new ();
  const guint n = g_strv_length (tags);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (all, tags[i]);
  append_other_than (all, data, (const char *const *) tags);
  return all->len == n ? NULL : edit ("tags", new_list (all));
}

static GVariant *
without_tags (GVariant *facts,
              gpointer  data)
{
  g_auto(GStrv) tags = ch_row_strings (facts, "Tags");
  g_autoptr(GPtrArray) all = g_ptr_array_new ();

  append_other_than (all, tags, data);
  return all->len == g_strv_length (tags) ? NULL : edit ("tags", new_list (all));
}

static GVariant *
with_replacing (GVariant *facts,
                gpointer  data)
{
  gboolean wanted = GPOINTER_TO_INT (data);

  if (ch_row_flag (facts, "AutoReplace") == wanted)
    return NULL;

  return edit ("auto-replace", g_variant_new_boolean (wanted));
}

static void
edit_all (ChOrderBulk   *self,
          const char    *what,
          guint          states,
          ChRoundFunc    make,
          gpointer       data,
          GDestroyNotify free_data)
{
  g_autoptr(GArray) ids = collect (self, states);
  g_autoptr(ChRound) round = ch_round_new (self->service, ids, "Edit", "()", make, data, free_data);

  begin_round (self, what, round);
}

static void
add_tags_cb (ChOrderBulk *self)
{
  GStrv tags = ch_tags_split (gtk_editable_get_text (self->add_tags));

  edit_all (self, N_("Add Tags"), ALL_STATES, with_tags, tags, (GDestroyNotify) g_strfreev);
  gtk_editable_set_text (self->add_tags, "");
}

static void
remove_tags_cb (ChOrderBulk *self)
{
  GStrv tags = ch_tags_split (gtk_editable_get_text (self->remove_tags));

  edit_all (self, N_("Remove Tags"), ALL_STATES, without_tags, tags, (GDestroyNotify) g_strfreev);
  gtk_editable_set_text (self->remove_tags, "");
}

static void
replacing_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  edit_all (CH_ORDER_BULK (widget), N_("Replace by itself"), CH_STATES_IN_FORCE | CH_STATES_UNDER_WAY,
            with_replacing, GINT_TO_POINTER (g_variant_get_boolean (parameter)), NULL);
}

static void
stop_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  ChOrderBulk *self = CH_ORDER_BULK (widget);

  if (self->round != NULL)
    ch_round_stop (self->round);
}

/* what is shown */

static gboolean
count_cb (gpointer data)
{
  ChOrderBulk *self = data;
  guint all = g_list_model_get_n_items (self->orders);
  g_autofree char *title = g_strdup_printf (ngettext ("%u Order", "%u Orders", all), all);

  self->count_source = 0;
  adw_window_title_set_title (self->title, title);
  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_autoptr(GArray) ids = collect (self, deeds[i].states);
      g_autofree char *text = g_strdup_printf (_("%u of %u"), ids->len, all);

      adw_action_row_set_subtitle (self->rows[i], text);
      gtk_widget_set_visible (GTK_WIDGET (self->rows[i]), ids->len > 0);
    }
  return G_SOURCE_REMOVE;
}

/* Rows are filled one after the other. */
static void
count_soon (ChOrderBulk *self)
{
  if (self->count_source == 0 && self->orders != NULL)
    self->count_source = g_idle_add (count_cb, self);
}

static void
orders_changed_cb (ChOrderBulk *self,
                   guint        position,
                   guint        removed,
                   guint        added)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(ChOrderRow) row = get_row (self, i);

      g_signal_handlers_disconnect_by_func (row, count_soon, self);
      g_signal_connect_object (row, "notify::state", G_CALLBACK (count_soon), self, G_CONNECT_SWAPPED);
    }
  count_soon (self);
}

void
ch_order_bulk_set_service (ChOrderBulk *self,
                           ChService   *service)
{
  self->service = service;
}

void
ch_order_bulk_set_orders (ChOrderBulk *self,
                          GListModel  *orders)
{
  self->orders = g_object_ref (orders);
  g_signal_connect_object (orders, "items-changed", G_CALLBACK (orders_changed_cb), self, G_CONNECT_SWAPPED);
}

/* class */

static void
ch_order_bulk_get_property (GObject    *object,
                            guint       property,
                            GValue     *value,
                            GParamSpec *pspec)
{
  if (property == PROP_FOLDED)
    g_value_set_boolean (value, CH_ORDER_BULK (object)->folded);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
}

static void
ch_order_bulk_set_property (GObject      *object,
                            guint         property,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  if (property == PROP_FOLDED)
    CH_ORDER_BULK (object)->folded = g_value_get_boolean (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
}

static void
ch_order_bulk_dispose (GObject *object)
{
  ChOrderBulk *self = CH_ORDER_BULK (object);

  g_clear_handle_id (&self->count_source, g_source_remove);
  g_clear_object (&self->orders);
  g_clear_object (&self->round);
  g_clear_object (&self->asked);
  G_OBJECT_CLASS (ch_order_bulk_parent_class)->dispose (object);
}

static void
ch_order_bulk_class_init (ChOrderBulkClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->get_property = ch_order_bulk_get_property;
  G_OBJECT_CLASS (class)->set_property = ch_order_bulk_set_property;
  G_OBJECT_CLASS (class)->dispose = ch_order_bulk_dispose;
  properties[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (class), N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/orders/bulk.ui");
  gtk_widget_class_bind_template_child (widget, ChOrderBulk, title);
  gtk_widget_class_bind_template_child (widget, ChOrderBulk, stack);
  gtk_widget_class_bind_template_child (widget, ChOrderBulk, group);
  gtk_widget_class_bind_template_child (widget, ChOrderBulk, add_tags);
  gtk_widget_class_bind_template_child (widget, ChOrderBulk, remove_tags);
  gtk_widget_class_bind_template_child (widget, ChOrderBulk, result);
  gtk_widget_class_bind_template_child (widget, ChOrderBulk, doing);
  gtk_widget_class_bind_template_child (widget, ChOrderBulk, bar);
  gtk_widget_class_bind_template_callback (widget, add_tags_cb);
  gtk_widget_class_bind_template_callback (widget, remove_tags_cb);
  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    gtk_widget_class_install_action (widget, deeds[i].action, NULL,
                                     deeds[i].method != NULL ? deed_action : delete_action);
  gtk_widget_class_install_action (widget, "bulk.replacing", "b", replacing_action);
  gtk_widget_class_install_action (widget, "bulk.stop", NULL, stop_action);
}

static AdwActionRow *
new_row (gsize deed)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", _(deeds[deed].title), NULL);
  GtkWidget *button = g_object_new (GTK_TYPE_BUTTON, "label", _(deeds[deed].verb), "use-underline", TRUE,
                                    "action-name", deeds[deed].action, "valign", GTK_ALIGN_CENTER, NULL);

  if (deeds[deed].method == NULL)
    gtk_widget_add_css_class (button, "destructive-action");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return ADW_ACTION_ROW (row);
}

static void
ch_order_bulk_init (ChOrderBulk *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  G_STATIC_ASSERT (G_N_ELEMENTS (deeds) == G_N_ELEMENTS (self->rows));
  for (gsize i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      self->rows[i] = new_row (i);
      adw_preferences_group_add (self->group, GTK_WIDGET (self->rows[i]));
    }
  ch_stack_show (self->stack, "deeds");
}
