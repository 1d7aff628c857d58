/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overview/timeline.h"

#include "overview/bar.h"

#include <glib/gi18n.h>

struct _ChTimeline
{
  AdwBin parent_instance;

  GtkWidget *months;          /* (not owned): its buttons have a #ChBar each */
  GArray *periods;            /* (owned) (element-type ChPeriodRow) */
  int chosen;                 /* -1: none */
};

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ChTimeline, ch_timeline, ADW_TYPE_BIN)

static const char *const legend[CH_PERIOD_N_PARTS] = {
  [CH_PERIOD_UNATTENDED] = N_("Certificate ends, nothing replaces it"),
  [CH_PERIOD_ENDS] = N_("Certificate ends"),
  [CH_PERIOD_REISSUES] = N_("Free reissue"),
  [CH_PERIOD_RENEWALS] = N_("Paid renewal"),
  [CH_PERIOD_TERM_ENDS] = N_("Term ends"),
};

/* bars */

static GtkWidget *
get_button (ChTimeline *self,
            int         i)
{
  GtkWidget *button = gtk_widget_get_first_child (self->months);

  for (int j = 0; j < i && button != NULL; j++)
    button = gtk_widget_get_next_sibling (button);

  return button;
}

static int
find_button (ChTimeline *self,
             GtkWidget  *button)
{
  int i = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (self->months); child != button;
       child = gtk_widget_get_next_sibling (child))
    i++;

  return i;
}

static void
toggled_cb (ChTimeline      *self,
            GtkToggleButton *button)
{
  int i = find_button (self, GTK_WIDGET (button));
  int before = self->chosen;

  if (gtk_toggle_button_get_active (button))
    self->chosen = i;
  else if (before == i)
    self->chosen = -1;
  if (self->chosen == before)
    return;

  if (before >= 0 && self->chosen >= 0)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (get_button (self, before)), FALSE);
  g_signal_emit (self, signals[CHOSEN], 0);
}

static void
add_button (ChTimeline *self)
{
  GtkWidget *button = g_object_new (GTK_TYPE_TOGGLE_BUTTON, "child", g_object_new (CH_TYPE_BAR, NULL),
                                    "hexpand", TRUE, NULL);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "month");
  g_signal_connect_object (button, "toggled", G_CALLBACK (toggled_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (self->months), button);
}

static void
update_button (GtkWidget         *button,
               const ChPeriodRow *period,
               gint64             most)
{
  g_autofree char *name = ch_period_row_name (period);
  g_autofree char *words = ch_period_row_describe (period);
  /* TRANSLATORS: “March 2027: 3 certificates end, 1 term ends” */
  g_autofree char *text = g_strdup_printf (C_("a month", "%s: %s"), name, words);

  gtk_widget_set_tooltip_text (button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  ch_bar_set_period (CH_BAR (gtk_button_get_child (GTK_BUTTON (button))), period, most);
}

/* When the month has changed, what was pressed is now at another place, or gone. */
static int
find_again (ChTimeline *self,
            gint64      from)
{
  for (guint i = 0; i < self->periods->len; i++)
    if (g_array_index (self->periods, ChPeriodRow, i).from == from)
      return (int) i;

  return -1;
}

static gint64
read_periods (ChTimeline *self,
              GVariant   *periods)
{
  gint64 most = 0;

  g_array_set_size (self->periods, 0);
  for (gsize i = 0; i < g_variant_n_children (periods); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (periods, i);
      ChPeriodRow period = ch_period_row_read (row);

      most = MAX (most, ch_period_row_sum (&period));
      g_array_append_val (self->periods, period);
    }

  return most;
}

void
ch_timeline_set_periods (ChTimeline *self,
                         GVariant   *periods)
{
  gboolean has_chosen = self->chosen >= 0;
  gint64 from = has_chosen ? g_array_index (self->periods, ChPeriodRow, self->chosen).from : 0;
  gint64 most = read_periods (self, periods);
  int again = has_chosen ? find_again (self, from) : -1;
  GtkWidget *button;

  while ((button = get_button (self, (int) self->periods->len)) != NULL)
    gtk_box_remove (GTK_BOX (self->months), button);
  for (guint i = 0; i < self->periods->len; i++)
    {
      if (get_button (self, (int) i) == NULL)
        add_button (self);
      update_button (get_button (self, (int) i), &g_array_index (self->periods, ChPeriodRow, i), most);
    }

  if (!has_chosen)
    return;

  self->chosen = again;
  for (guint i = 0; i < self->periods->len; i++)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (get_button (self, (int) i)), (int) i == again);
  g_signal_emit (self, signals[CHOSEN], 0);
}

const ChPeriodRow *
ch_timeline_get_chosen (ChTimeline *self)
{
  return self->chosen >= 0 && (guint) self->chosen < self->periods->len
         ? &g_array_index (self->periods, ChPeriodRow, self->chosen) : NULL;
}

/* class */

static GtkWidget *
new_legend (void)
{
  GtkWidget *box = g_object_new (GTK_TYPE_FLOW_BOX, "selection-mode", GTK_SELECTION_NONE, "column-spacing",
                                 12, "row-spacing", 3, "max-children-per-line", CH_PERIOD_N_PARTS, NULL);

  for (int i = 0; i < CH_PERIOD_N_PARTS; i++)
    {
      GtkWidget *item = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
      GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", _(legend[i]), "wrap", TRUE, "xalign", 0.0,
                                       NULL);
      GtkWidget *child = g_object_new (GTK_TYPE_FLOW_BOX_CHILD, "child", item, "focusable", FALSE, NULL);

      gtk_widget_add_css_class (label, "caption");
      gtk_box_append (GTK_BOX (item), ch_bar_new_swatch ((ChPeriodPart) i));
      gtk_box_append (GTK_BOX (item), label);
      gtk_flow_box_insert (GTK_FLOW_BOX (box), child, -1);
    }

  return box;
}

static void
ch_timeline_finalize (GObject *object)
{
  g_array_unref (CH_TIMELINE (object)->periods);
  G_OBJECT_CLASS (ch_timeline_parent_class)->finalize (object);
}

static void
ch_timeline_class_init (ChTimelineClass *class)
{
  G_OBJECT_CLASS (class)->finalize = ch_timeline_finalize;

  signals[CHOSEN] = g_signal_new ("chosen", CH_TYPE_TIMELINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
}

static void
ch_timeline_init (ChTimeline *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->periods = g_array_new (FALSE, FALSE, sizeof (ChPeriodRow));
  self->chosen = -1;
  self->months = g_object_new (GTK_TYPE_BOX, "homogeneous", TRUE, "accessible-role",
                               GTK_ACCESSIBLE_ROLE_GROUP, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->months), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("What comes in which month"), -1);
  gtk_box_append (GTK_BOX (box), self->months);
  gtk_box_append (GTK_BOX (box), new_legend ());
  adw_bin_set_child (ADW_BIN (self), box);
}
