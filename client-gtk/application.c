/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "application.h"

#include "notifier.h"
#include "shell/pages.h"
#include "shell/preferences.h"
#include "shell/settings.h"
#include "window.h"

#include <glib/gi18n.h>

struct _ChApplication
{
  AdwApplication parent_instance;

  ChService *service;     /* (owned) (nullable): from the first activation on */
  ChNotifier *notifier;   /* (owned) (nullable): as long */
  GSettings *settings;    /* (owned) (nullable) */
  ChClientBus bus;
  char *address;          /* (owned) (nullable) */
  gboolean begins_hidden; /* and no window was shown yet */
  gboolean is_held;       /* goes on without a window */
};

G_DEFINE_FINAL_TYPE (ChApplication, ch_application, ADW_TYPE_APPLICATION)

/* options */

static const GOptionEntry options[] = {
  { "session", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Use the service on the session bus, not the system bus"),
    NULL },
  { "address", 0, 0, G_OPTION_ARG_STRING, NULL,
    N_("Use the service on the bus at this address (also: CHANCERY_BUS_ADDRESS)"), N_("ADDRESS") },
  { "background", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Begin without a window; tell what happens"), NULL },
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Print the version"), NULL },
  { NULL }
};

/* Only the app on the system bus is one for all windows: another bus is another world. */
static void
use_bus (ChApplication *self,
         ChClientBus    bus,
         const char    *address)
{
  self->bus = bus;
  self->address = g_strdup (address);
  g_application_set_flags (G_APPLICATION (self), G_APPLICATION_NON_UNIQUE);
}

/* Returns the code to end with; below 0: go on. */
static int
handle_local_options (GApplication *application,
                      GVariantDict *given)
{
  ChApplication *self = CH_APPLICATION (application);
  const char *address = g_getenv ("CHANCERY_BUS_ADDRESS");
  gboolean session = g_variant_dict_contains (given, "session");
  gboolean has_address = g_variant_dict_lookup (given, "address", "&s", &address);

  if (g_variant_dict_contains (given, "version"))
    {
      g_print ("chancery-gtk %s\n", CH_VERSION);
      return 0;
    }
  if (session && has_address)
    {
      g_printerr ("%s: %s\n", g_get_prgname (),
                  _("“--session” and “--address” exclude each other; give one of them"));
      return 2;
    }

  self->begins_hidden = g_variant_dict_contains (given, "background");
  if (session)
    use_bus (self, CH_CLIENT_BUS_SESSION, NULL);
  else if (address != NULL && *address != '\0')
    use_bus (self, CH_CLIENT_BUS_ADDRESS, address);
  return -1;
}

/* the background */

static void
hold_or_release (ChApplication *self)
{
  gboolean wanted = self->begins_hidden
                    || (self->settings != NULL
                        && g_settings_get_boolean (self->settings, "run-in-background"));

  if (wanted && !self->is_held)
    g_application_hold (G_APPLICATION (self));
  else if (!wanted && self->is_held)
    g_application_release (G_APPLICATION (self));
  self->is_held = wanted;
}

/* actions */

static void
preferences_cb (GSimpleAction *action,
                GVariant      *parameter,
                gpointer       data)
{
  ch_preferences_show (gtk_application_get_active_window (data), CH_APPLICATION (data)->settings);
}

static void
about_cb (GSimpleAction *action,
          GVariant      *parameter,
          gpointer       data)
{
  adw_show_about_window (gtk_application_get_active_window (data),
                         "application-name", _("Chancery"),
                         "application-icon", CH_APPLICATION_ID,
                         "version", CH_VERSION,
                         "developer-name", _("The Chancery authors"),
                         "comments", _("Orders TLS certificates, proves control of their names, and sees "
                                       "to it that servers serve them."),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         NULL);
}

/* Made when it is wanted: GtkApplication would keep a hidden one beside each window, and GTK 4.8 dies of a
 * screen reader that asks for the child of a dialog's place right after that dialog was closed, as it then
 * gives the last window, hidden or not. */
static void
shortcuts_cb (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       data)
{
  g_autoptr(GtkBuilder) builder =
      gtk_builder_new_from_resource ("/org/chancery/Chancery/shell/shortcuts.ui");
  GtkWindow *window = GTK_WINDOW (gtk_builder_get_object (builder, "shortcuts"));

  gtk_window_set_transient_for (window, gtk_application_get_active_window (data));
  gtk_window_present (window);
}

static void
quit_cb (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  ChApplication *self = CH_APPLICATION (data);
  GList *windows;

  /* Closing lets each window keep its size. */
  while ((windows = gtk_application_get_windows (data)) != NULL)
    gtk_window_destroy (windows->data);
  if (self->is_held)
    g_application_release (data);
  self->is_held = FALSE;
}

/* Of a notification, which may come while there is no window: the window has an action of the same name. */
static void
forward_cb (GSimpleAction *action,
            GVariant      *parameter,
            gpointer       data)
{
  ChApplication *self = CH_APPLICATION (data);

  self->begins_hidden = FALSE;
  g_application_activate (data);
  for (GList *i = gtk_application_get_windows (data); i != NULL; i = i->next)
    if (CH_IS_WINDOW (i->data))
      {
        g_action_group_activate_action (i->data, g_action_get_name (G_ACTION (action)), parameter);
        return;
      }
}

static const GActionEntry actions[] = {
  { .name = "open", .activate = forward_cb, .parameter_type = "s" },
  { .name = "act", .activate = forward_cb, .parameter_type = "s" },
  { .name = "page", .activate = forward_cb, .parameter_type = "s" },
  { .name = "preferences", .activate = preferences_cb },
  { .name = "shortcuts", .activate = shortcuts_cb },
  { .name = "about", .activate = about_cb },
  { .name = "quit", .activate = quit_cb },
};

static const struct
{
  const char *action;
  const char *keys[3];
} accelerators[] = {
  { "app.quit", { "<Primary>q" } },
  { "app.preferences", { "<Primary>comma" } },
  { "app.shortcuts", { "<Primary>question" } },
  { "window.close", { "<Primary>w" } },
  { "win.search", { "<Primary>f" } },
  { "win.add", { "<Primary>n" } },
  { "win.reload", { "F5", "<Primary>r" } },
  { "win.back", { "<Alt>Left" } },
  { "win.sidebar", { "F9" } },
};

/* Alt and a digit: the pages, from above. */
static void
bind_pages (GtkApplication *application)
{
  for (guint i = 0; ch_pages[i].id != NULL && i < 9; i++)
    {
      g_autofree char *action = g_strdup_printf ("win.page::%s", ch_pages[i].id);
      g_autofree char *key = g_strdup_printf ("<Alt>%u", i + 1);

      gtk_application_set_accels_for_action (application, action, (const char *[]) { key, NULL });
    }
}

/* class */

static void
startup (GApplication *application)
{
  ChApplication *self = CH_APPLICATION (application);

  G_APPLICATION_CLASS (ch_application_parent_class)->startup (application);

  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions), application);
  for (gsize i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), accelerators[i].action,
                                           (const char *const *) accelerators[i].keys);
  bind_pages (GTK_APPLICATION (application));
  gtk_window_set_default_icon_name (CH_APPLICATION_ID);

  self->settings = ch_settings_new ();
  if (self->settings != NULL)
    g_signal_connect_object (self->settings, "changed::run-in-background", G_CALLBACK (hold_or_release), self,
                             G_CONNECT_SWAPPED);
}

static void
open_service (ChApplication *self)
{
  self->service = ch_service_new (self->bus, self->address);
  self->notifier = ch_notifier_new (G_APPLICATION (self), self->service, self->settings);
  ch_service_open (self->service);
}

static void
activate (GApplication *application)
{
  ChApplication *self = CH_APPLICATION (application);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));
  gboolean is_first = self->service == NULL;

  if (is_first)
    open_service (self);
  hold_or_release (self);
  if (self->begins_hidden && is_first)
    return;

  if (window == NULL)
    window = GTK_WINDOW (ch_window_new (ADW_APPLICATION (application), self->service));
  gtk_window_present (window);
  self->begins_hidden = FALSE;
  hold_or_release (self);
}

static void
shut_down (GApplication *application)
{
  ChApplication *self = CH_APPLICATION (application);

  g_clear_object (&self->notifier);
  if (self->service != NULL)
    ch_service_close (self->service);
  G_APPLICATION_CLASS (ch_application_parent_class)->shutdown (application);
}

static void
finalize (GObject *object)
{
  g_clear_object (&CH_APPLICATION (object)->service);
  g_clear_object (&CH_APPLICATION (object)->settings);
  g_free (CH_APPLICATION (object)->address);
  G_OBJECT_CLASS (ch_application_parent_class)->finalize (object);
}

static void
ch_application_class_init (ChApplicationClass *class)
{
  G_OBJECT_CLASS (class)->finalize = finalize;
  G_APPLICATION_CLASS (class)->handle_local_options = handle_local_options;
  G_APPLICATION_CLASS (class)->startup = startup;
  G_APPLICATION_CLASS (class)->activate = activate;
  G_APPLICATION_CLASS (class)->shutdown = shut_down;
}

static void
ch_application_init (ChApplication *self)
{
  self->bus = CH_CLIENT_BUS_SYSTEM;
  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_summary (G_APPLICATION (self),
                                            _("Shows the certificate orders of the service chanceryd."));
}

ChApplication *
ch_application_new (void)
{
  return g_object_new (CH_TYPE_APPLICATION,
                       "application-id", CH_APPLICATION_ID,
                       "resource-base-path", "/org/chancery/Chancery",
                       NULL);
}
