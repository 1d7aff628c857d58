/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/date.h"

#include <glib/gi18n.h>
#include <string.h>

gboolean
ch_date_read (const char *text,
              GTimeZone  *zone,
              gint64     *day)
{
  g_autofree char *midnight = g_strconcat (text, "T00:00:00", NULL);
  g_autoptr(GDateTime) date = NULL;

  if (strlen (text) != 10 || text[4] != '-' || text[7] != '-')
    return FALSE;

  date = g_date_time_new_from_iso8601 (midnight, zone);
  if (date == NULL)
    return FALSE;
  *day = g_date_time_to_unix (date);
  return TRUE;
}

void
ch_date_blame (ChFormField *field)
{
  ch_form_field_set_error (field, _("A day is needed, such as 2027-03-15"));
  ch_form_field_focus (field);
}

static void
chosen_cb (GtkCalendar *calendar,
           ChFormField *field)
{
  g_autoptr(GDateTime) date = gtk_calendar_get_date (calendar);
  g_autofree char *text = g_date_time_format (date, "%Y-%m-%d");

  ch_form_field_set_value (field, text);
  gtk_popover_popdown (GTK_POPOVER (gtk_widget_get_ancestor (GTK_WIDGET (calendar), GTK_TYPE_POPOVER)));
}

/* The four buttons above the days, which GTK 4.8 gives no names. */
static void
name_buttons (GtkWidget *calendar)
{
  static const char *const names[] = {
    N_("Month Before"), N_("Month After"), N_("Year Before"), N_("Year After")
  };
  GtkWidget *child = gtk_widget_get_first_child (gtk_widget_get_first_child (calendar));

  for (gsize i = 0; child != NULL && i < G_N_ELEMENTS (names); child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_BUTTON (child))
      gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _(names[i++]), -1);
}

void
ch_date_add_calendar (ChFormField *field)
{
  GtkWidget *calendar = gtk_calendar_new ();
  GtkWidget *popover = g_object_new (GTK_TYPE_POPOVER, "child", calendar, NULL);
  GtkWidget *button = g_object_new (GTK_TYPE_MENU_BUTTON, "icon-name", "x-office-calendar-symbolic",
                                    "popover", popover, "valign", GTK_ALIGN_CENTER, "tooltip-text",
                                    _("Select a Day"), NULL);

  name_buttons (calendar);
  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Select a Day"), -1);
  g_signal_connect_object (calendar, "day-selected", G_CALLBACK (chosen_cb), field, G_CONNECT_DEFAULT);
  ch_form_field_add_suffix (field, button);
}
