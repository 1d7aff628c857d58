/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status-view.h"

#include "lib/error.h"
#include "stack.h"

#include <glib/gi18n.h>

/* What is quicker needs no spinner. */
#define SPINNER_MS 200

struct _ChStatusView
{
  AdwBin parent_instance;

  GtkStack *stack;
  AdwStatusPage *page;
  GtkLabel *command;
  GtkButton *button;
  GtkLabel *message;

  guint timer;
};

G_DEFINE_FINAL_TYPE (ChStatusView, ch_status_view, ADW_TYPE_BIN)

static gboolean
spin_cb (gpointer data)
{
  ChStatusView *self = data;

  self->timer = 0;
  ch_stack_show (self->stack, "waiting");
  return G_SOURCE_REMOVE;
}

void
ch_status_view_show_waiting (ChStatusView *self)
{
  ch_stack_show (self->stack, "nothing");
  if (self->timer == 0)
    self->timer = g_timeout_add (SPINNER_MS, spin_cb, self);
}

static char *
start_command (ChClientBus bus,
               const char *address)
{
  g_autofree char *quoted = NULL;

  if (bus == CH_CLIENT_BUS_SYSTEM)
    return g_strdup ("sudo systemctl start chanceryd");
  if (bus == CH_CLIENT_BUS_SESSION)
    return g_strdup ("chanceryd --session");

  quoted = g_shell_quote (address);
  return g_strdup_printf ("chanceryd --address %s", quoted);
}

static void
set_text (GtkLabel   *label,
          const char *text)
{
  gtk_label_set_label (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), *text != '\0');
}

static void
set_page (ChStatusView *self,
          const char   *icon,
          const char   *title,
          const char   *description)
{
  g_autofree char *escaped = g_markup_escape_text (description, -1);

  adw_status_page_set_icon_name (self->page, icon);
  adw_status_page_set_title (self->page, title);
  adw_status_page_set_description (self->page, escaped);
}

static void
set_button (ChStatusView *self,
            const char   *label,
            const char   *action)
{
  gtk_button_set_label (self->button, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button), action);
}

void
ch_status_view_show_error (ChStatusView *self,
                           const GError *error,
                           ChClientBus   bus,
                           const char   *address)
{
  g_autofree char *command = start_command (bus, address);
  gboolean absent = g_error_matches (error, CH_CLIENT_ERROR, CH_CLIENT_ERROR_NO_SERVICE);

  set_text (self->command, absent ? command : "");
  set_text (self->message, absent ? error->message : "");
  set_button (self, _("Try Again"), "win.reload");

  if (absent)
    set_page (self, "network-offline-symbolic", _("Service Not Running"),
              _("This window shows the work of the service chanceryd. Once that is started, the window goes "
                "on by itself."));
  else if (g_error_matches (error, CH_CLIENT_ERROR, CH_CLIENT_ERROR_NO_BUS))
    set_page (self, "network-offline-symbolic", _("No Message Bus"), error->message);
  else if (g_error_matches (error, CH_ERROR, CH_ERROR_NOT_AUTHORIZED))
    {
      set_page (self, "changes-prevent-symbolic", _("Not Allowed"), error->message);
      set_button (self, _("Unlock…"), "win.unlock");
    }
  else
    set_page (self, "dialog-error-symbolic", _("Nothing Can Be Shown"), error->message);

  g_clear_handle_id (&self->timer, g_source_remove);
  ch_stack_show (self->stack, "error");
}

/* class */

static void
ch_status_view_dispose (GObject *object)
{
  g_clear_handle_id (&CH_STATUS_VIEW (object)->timer, g_source_remove);
  G_OBJECT_CLASS (ch_status_view_parent_class)->dispose (object);
}

static void
ch_status_view_class_init (ChStatusViewClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = ch_status_view_dispose;
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/status-view.ui");
  gtk_widget_class_bind_template_child (widget, ChStatusView, stack);
  gtk_widget_class_bind_template_child (widget, ChStatusView, page);
  gtk_widget_class_bind_template_child (widget, ChStatusView, command);
  gtk_widget_class_bind_template_child (widget, ChStatusView, button);
  gtk_widget_class_bind_template_child (widget, ChStatusView, message);
}

static void
ch_status_view_init (ChStatusView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
