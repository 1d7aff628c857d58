/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window.h"

#include "overview/attention.h"
#include "shell/page.h"
#include "shell/pages.h"
#include "shell/settings.h"
#include "shell/sidebar.h"
#include "stack.h"
#include "status-view.h"

#include <glib/gi18n.h>

/* A service that restarts is back before that, and nobody wants to see the bar flash. */
#define GRACE_MS 1500

struct _ChWindow
{
  AdwApplicationWindow parent_instance;

  GtkStack *stack;
  ChStatusView *status;
  AdwFlap *flap;
  ChSidebar *sidebar;
  GtkMenuButton *status_menu;
  GtkMenuButton *sidebar_menu;
  GtkStack *pages;
  GtkInfoBar *away;
  GtkLabel *away_text;

  ChService *service;         /* (owned) */
  GSettings *settings;        /* (owned) (nullable) */
  const ChPageRow *page;      /* (nullable): the one that is shown */
  guint grace;
  gboolean has_shown;         /* there was something to show */
};

G_DEFINE_FINAL_TYPE (ChWindow, ch_window, ADW_TYPE_APPLICATION_WINDOW)

/* pages */

static ChPage *
get_page (ChWindow *self)
{
  GtkWidget *page = self->page != NULL ? gtk_stack_get_child_by_name (self->pages, self->page->id) : NULL;

  return page != NULL ? CH_PAGE (page) : NULL;
}

static void
set_enabled (ChWindow   *self,
             const char *name,
             gboolean    enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self), name)),
                               enabled);
}

static void
make_page (ChWindow        *self,
           const ChPageRow *row)
{
  GtkWidget *page;

  if (gtk_stack_get_child_by_name (self->pages, row->id) != NULL)
    return;

  page = g_object_new (row->type (), "service", self->service, NULL);
  g_object_bind_property (self->flap, "folded", page, "alone", G_BINDING_SYNC_CREATE);
  gtk_stack_add_named (self->pages, page, row->id);
}

static void
show_page (ChWindow        *self,
           const ChPageRow *row)
{
  ChPageClass *class;

  /* Nothing can be asked for before it is there, so that a page may count on its models. */
  self->page = row;
  if (self->has_shown)
    {
      make_page (self, row);
      ch_stack_show (self->pages, row->id);
      class = CH_PAGE_GET_CLASS (get_page (self));
      set_enabled (self, "search", class->search != NULL);
      set_enabled (self, "add", class->add != NULL);
      set_enabled (self, "back", class->back != NULL);
    }

  ch_sidebar_show (self->sidebar, row->id);
  g_action_change_state (g_action_map_lookup_action (G_ACTION_MAP (self), "page"),
                         g_variant_new_string (row->id));
  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
}

/* what is shown */

static void
show_error (ChWindow *self)
{
  const GError *error = ch_service_get_error (self->service);
  const char *address;
  ChClientBus bus = ch_service_get_bus (self->service, &address);

  g_clear_handle_id (&self->grace, g_source_remove);
  gtk_label_set_label (self->away_text, error->message);
  gtk_info_bar_set_revealed (self->away, self->has_shown);
  gtk_widget_set_visible (GTK_WIDGET (self->away), self->has_shown);
  if (!self->has_shown)
    {
      ch_status_view_show_error (self->status, error, bus, address);
      ch_stack_show (self->stack, "status");
    }
}

static gboolean
grace_is_over_cb (gpointer data)
{
  ChWindow *self = data;

  self->grace = 0;
  show_error (self);
  return G_SOURCE_REMOVE;
}

static void
show_pages (ChWindow *self)
{
  g_clear_handle_id (&self->grace, g_source_remove);
  gtk_info_bar_set_revealed (self->away, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->away), FALSE);
  if (self->has_shown)
    return;

  self->has_shown = TRUE;
  show_page (self, self->page);
  ch_stack_show (self->stack, "pages");
}

static void
state_changed_cb (ChWindow *self)
{
  ChServiceState state = ch_service_get_state (self->service);

  if (state == CH_SERVICE_READY)
    show_pages (self);
  else if (state == CH_SERVICE_FAILED && !self->has_shown)
    show_error (self);
  else if (state == CH_SERVICE_FAILED && self->grace == 0)
    self->grace = g_timeout_add (GRACE_MS, grace_is_over_cb, self);
}

/* actions */

static void
page_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  const ChPageRow *row = ch_pages_find (g_variant_get_string (parameter, NULL));

  if (row != NULL)
    show_page (data, row);
}

static void
open_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  ChWindow *self = data;
  const char *path = g_variant_get_string (parameter, NULL);
  const ChPageRow *row = ch_pages_find_by_path (path);

  if (row == NULL)
    return;

  show_page (self, row);
  if (get_page (self) != NULL && CH_PAGE_GET_CLASS (get_page (self))->open != NULL)
    CH_PAGE_GET_CLASS (get_page (self))->open (get_page (self), path);
}

static void
act_cb (GSimpleAction *action,
        GVariant      *parameter,
        gpointer       data)
{
  ChWindow *self = data;

  if (get_page (self) != NULL)
    ch_attention_act (GTK_WIDGET (get_page (self)), self->service, g_variant_get_string (parameter, NULL));
}

static void
search_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  ChPage *page = get_page (data);

  if (page != NULL && CH_PAGE_GET_CLASS (page)->search != NULL)
    CH_PAGE_GET_CLASS (page)->search (page);
}

static void
add_cb (GSimpleAction *action,
        GVariant      *parameter,
        gpointer       data)
{
  ChPage *page = get_page (data);

  if (page != NULL && CH_PAGE_GET_CLASS (page)->add != NULL)
    CH_PAGE_GET_CLASS (page)->add (page);
}

static void
back_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  ChWindow *self = data;
  ChPage *page = get_page (self);

  if (page != NULL && CH_PAGE_GET_CLASS (page)->back != NULL)
    CH_PAGE_GET_CLASS (page)->back (page);
}

static void
reload_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  ChWindow *self = data;

  if (!self->has_shown)
    ch_status_view_show_waiting (self->status);
  ch_service_reload (self->service);
}

static void
unlock_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       data)
{
  ChWindow *self = data;

  if (!self->has_shown)
    ch_status_view_show_waiting (self->status);
  ch_service_unlock (self->service);
}

static void
details_cb (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       data)
{
  const char *heading, *text;
  GtkWidget *dialog;

  g_variant_get (parameter, "(&s&s)", &heading, &text);
  dialog = adw_message_dialog_new (GTK_WINDOW (data), heading, text);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
change_page_state_cb (GSimpleAction *action,
                      GVariant      *state,
                      gpointer       data)
{
  g_simple_action_set_state (action, state);
}

static const GActionEntry actions[] = {
  { .name = "page",
    .activate = page_cb,
    .parameter_type = "s",
    .state = "''",
    .change_state = change_page_state_cb },
  { .name = "open", .activate = open_cb, .parameter_type = "s" },
  { .name = "act", .activate = act_cb, .parameter_type = "s" },
  { .name = "search", .activate = search_cb },
  { .name = "add", .activate = add_cb },
  { .name = "back", .activate = back_cb },
  { .name = "reload", .activate = reload_cb },
  { .name = "unlock", .activate = unlock_cb },
  { .name = "details", .activate = details_cb, .parameter_type = "(ss)" },
};

/* class */

static void
bind_settings (ChWindow *self)
{
  self->settings = ch_settings_new ();
  if (self->settings == NULL)
    return;

  g_settings_bind (self->settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "run-in-background", self, "hide-on-close", G_SETTINGS_BIND_GET);
}

static const ChPageRow *
remembered_page (ChWindow *self)
{
  g_autofree char *id = self->settings != NULL ? g_settings_get_string (self->settings, "page")
                                               : g_strdup ("");
  const ChPageRow *row = ch_pages_find (id);

  return row != NULL ? row : &ch_pages[0];
}

static void
ch_window_dispose (GObject *object)
{
  ChWindow *self = CH_WINDOW (object);

  if (self->settings != NULL && self->page != NULL)
    g_settings_set_string (self->settings, "page", self->page->id);
  g_clear_handle_id (&self->grace, g_source_remove);
  if (self->service != NULL)
    g_signal_handlers_disconnect_by_data (self->service, self);
  g_clear_object (&self->service);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (ch_window_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget)
{
  gtk_widget_class_bind_template_child (widget, ChWindow, stack);
  gtk_widget_class_bind_template_child (widget, ChWindow, status);
  gtk_widget_class_bind_template_child (widget, ChWindow, flap);
  gtk_widget_class_bind_template_child (widget, ChWindow, sidebar);
  gtk_widget_class_bind_template_child (widget, ChWindow, status_menu);
  gtk_widget_class_bind_template_child (widget, ChWindow, sidebar_menu);
  gtk_widget_class_bind_template_child (widget, ChWindow, pages);
  gtk_widget_class_bind_template_child (widget, ChWindow, away);
  gtk_widget_class_bind_template_child (widget, ChWindow, away_text);
}

static void
ch_window_class_init (ChWindowClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  g_type_ensure (CH_TYPE_SIDEBAR);
  g_type_ensure (CH_TYPE_STATUS_VIEW);

  G_OBJECT_CLASS (class)->dispose = ch_window_dispose;
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/window.ui");
  bind_children (widget);
}

static void
ch_window_init (ChWindow *self)
{
  g_autoptr(GPropertyAction) sidebar = NULL;

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  gtk_widget_init_template (GTK_WIDGET (self));

  sidebar = g_property_action_new ("sidebar", self->flap, "reveal-flap");
  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (sidebar));
  ch_status_view_show_waiting (self->status);
  ch_stack_show (self->stack, "status");
  bind_settings (self);
}

ChWindow *
ch_window_new (AdwApplication *application,
               ChService      *service)
{
  ChWindow *self = g_object_new (CH_TYPE_WINDOW, "application", application, NULL);
  GMenu *menu = gtk_application_get_menu_by_id (GTK_APPLICATION (application), "main-menu");

  gtk_menu_button_set_menu_model (self->status_menu, G_MENU_MODEL (menu));
  gtk_menu_button_set_menu_model (self->sidebar_menu, G_MENU_MODEL (menu));
  self->service = g_object_ref (service);
  ch_sidebar_set_service (self->sidebar, service);
  show_page (self, remembered_page (self));
  g_signal_connect_object (service, "notify::state", G_CALLBACK (state_changed_cb), self, G_CONNECT_SWAPPED);
  state_changed_cb (self);
  return self;
}
