/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "new-order/dialog.h"

#include "form/dialog.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "new-order/names.h"
#include "new-order/review.h"
#include "shell/tell.h"

#include <glib/gi18n.h>

/* So long nobody types any more. */
#define PAUSE_MS 400

#define CH_TYPE_ORDER_DIALOG (ch_order_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ChOrderDialog, ch_order_dialog, CH, ORDER_DIALOG, ChFormDialog)

struct _ChOrderDialog
{
  ChFormDialog parent_instance;

  ChOrderPurpose purpose;
  char *path;                 /* (owned) (nullable): of the order that is renewed or reissued */
  GStrv names;                /* (owned) (nullable): what was looked at last */
  GVariant *settings;         /* (owned) (nullable): the same */
  char *asked;                /* (owned) (nullable): for which name approvers were asked for */
  guint pause;                /* until what was typed is looked at; 0: nothing new */
};

G_DEFINE_FINAL_TYPE (ChOrderDialog, ch_order_dialog, CH_TYPE_FORM_DIALOG)

static ChForm *
get_form (ChOrderDialog *self)
{
  return ch_form_dialog_get_form (CH_FORM_DIALOG (self));
}

static gboolean
is_closed (ChOrderDialog *self)
{
  return ch_form_dialog_get_service (CH_FORM_DIALOG (self)) == NULL;
}

/* what can be chosen */

static void
methods_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(ChOrderDialog) self = data;
  g_autoptr(GVariant) reply = ch_client_call_finish (CH_CLIENT (source), result, NULL);

  if (reply == NULL || is_closed (self))
    return;

  g_autoptr(GVariant) rows = g_variant_get_child_value (reply, 0);
  ch_order_fields_set_methods (get_form (self), rows);
  ch_order_fields_show_needed (get_form (self));
}

static void
approvers_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(ChOrderDialog) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_client_call_finish (CH_CLIENT (source), result, &error);
  g_auto(GStrv) approvers = NULL;

  if (is_closed (self))
    return;
  if (reply == NULL)
    {
      g_clear_pointer (&self->asked, g_free);
      ch_form_field_set_error (ch_form_get_field (get_form (self), "approver"), error->message);
      return;
    }

  g_variant_get (reply, "(^as)", &approvers);
  ch_form_field_set_error (ch_form_get_field (get_form (self), "approver"), NULL);
  ch_form_field_set_choices (ch_form_get_field (get_form (self), "approver"), (const char *const *) approvers,
                             (const char *const *) approvers);
}

static void
ask_approvers (ChOrderDialog *self,
               ChClient      *client,
               const char    *name)
{
  g_autofree char *method = ch_form_get_value (get_form (self), "method");
  g_autofree char *account = ch_form_get_value (get_form (self), "account");

  if (!g_str_equal (method, "email") || g_strcmp0 (self->asked, name) == 0)
    return;

  g_free (self->asked);
  self->asked = g_strdup (name);
  ch_client_call_async (client, CH_ROOT_PATH, CH_IFACE_MANAGER, "ListApprovers",
                        g_variant_new ("(ss)", account, name), "(as)", NULL, approvers_cb,
                        g_object_ref (self));
}

static gboolean
look (gpointer data)
{
  ChOrderDialog *self = data;
  ChClient *client = ch_service_get_client (ch_form_dialog_get_service (CH_FORM_DIALOG (self)));
  g_autofree char *text = ch_form_get_value (get_form (self), "names");
  g_autofree char *product = ch_form_get_value (get_form (self), "product");
  g_auto(GStrv) names = ch_names_split (text);

  self->pause = 0;
  if (client == NULL)
    return G_SOURCE_REMOVE;

  ch_client_call_async (client, CH_ROOT_PATH, CH_IFACE_MANAGER, "ListMethods",
                        g_variant_new ("(^ass)", names, product), "(aa{sv})", NULL, methods_cb,
                        g_object_ref (self));
  if (names[0] != NULL)
    ask_approvers (self, client, names[0]);
  return G_SOURCE_REMOVE;
}

static void
look_soon (ChOrderDialog *self)
{
  g_clear_handle_id (&self->pause, g_source_remove);
  self->pause = g_timeout_add (PAUSE_MS, look, self);
}

static void
changed_cb (ChOrderDialog *self)
{
  ch_order_fields_show_needed (get_form (self));
  if (self->purpose == CH_ORDER_NEW)
    look_soon (self);
}

/* placing it */

static void
place (gpointer data)
{
  ChOrderDialog *self = data;
  ChFormDialog *dialog = data;

  switch (self->purpose)
    {
    case CH_ORDER_NEW:
      ch_form_dialog_act (dialog, CH_ROOT_PATH, CH_IFACE_MANAGER, "NewOrder",
                          g_variant_new ("(^as@a{sv}@a{sv})", self->names, self->settings, ch_no_options ()),
                          "(o)");
      break;
    case CH_ORDER_RENEWAL:
      ch_form_dialog_act (dialog, self->path, CH_IFACE_ORDER, "Renew",
                          g_variant_new ("(@a{sv}@a{sv})", self->settings, ch_no_options ()), "(o)");
      break;
    case CH_ORDER_REISSUE:
      ch_form_dialog_act (dialog, self->path, CH_IFACE_ORDER, "Reissue",
                          g_variant_new ("(@a{sv}@a{sv})", self->settings, ch_no_options ()), "()");
      break;
    }
}

static void
ch_order_dialog_saved (ChFormDialog *dialog,
                       GVariant     *reply)
{
  ChOrderDialog *self = CH_ORDER_DIALOG (dialog);
  GtkWidget *window = GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self)));
  const char *path = self->path;

  if (g_variant_n_children (reply) > 0)
    g_variant_get_child (reply, 0, "&o", &path);
  gtk_widget_activate_action (window, "win.open", "s", path);
  ch_tell (window, _("The order is written down and goes on by itself"));
}

/* Nobody shall place it twice for want of an answer. */
static void
ch_order_dialog_failed (ChFormDialog *dialog,
                        const GError *error)
{
  g_autoptr(GError) told = g_error_copy (error);

  if (error->domain != CH_ERROR)
    g_prefix_error (&told, "%s ",
                    _("No answer came. Look in the list of orders whether it was written down before you "
                      "place it again."));
  ch_form_dialog_tell (dialog, told);
}

/* looking at it before */

static void
tell_problems (ChOrderDialog     *self,
               const char *const *problems,
               const char *const *fields)
{
  g_autoptr(GString) others = g_string_new (NULL);

  /* The first one gets the focus last. */
  for (guint i = g_strv_length ((char **) problems); i > 0; i--)
    {
      const char *field = i <= g_strv_length ((char **) fields) ? fields[i - 1] : "";

      if (g_str_equal (field, "keep-key"))
        field = "key";
      if (ch_form_show_problem (get_form (self), field, problems[i - 1]))
        continue;
      g_string_prepend (others, others->len > 0 ? "\n" : "");
      g_string_prepend (others, problems[i - 1]);
    }

  if (others->len > 0)
    ch_form_dialog_show_error (CH_FORM_DIALOG (self), others->str);
}

static void
checked_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      data)
{
  g_autoptr(ChOrderDialog) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);

  if (is_closed (self))
    return;

  ch_form_dialog_set_busy (CH_FORM_DIALOG (self), FALSE);
  if (reply == NULL)
    {
      ch_form_dialog_tell (CH_FORM_DIALOG (self), error);
      return;
    }

  g_autoptr(GVariant) preview = g_variant_get_child_value (reply, 0);
  g_auto(GStrv) problems = ch_row_strings (preview, "Problems");
  g_auto(GStrv) fields = ch_row_strings (preview, "ProblemFields");

  if (problems[0] != NULL)
    tell_problems (self, (const char *const *) problems, (const char *const *) fields);
  else
    ch_order_review_show (GTK_WIDGET (self), CH_SERVICE (source), self->purpose, preview, place, self);
}

/* What CheckOrder() is given: the settings, and which order they are for. */
static GVariant *
settings_for_check (ChOrderDialog *self)
{
  GVariantDict settings;

  g_variant_dict_init (&settings, self->settings);
  if (self->purpose == CH_ORDER_RENEWAL)
    g_variant_dict_insert (&settings, "renews", "o", self->path);
  else if (self->purpose == CH_ORDER_REISSUE)
    {
      g_variant_dict_remove (&settings, "names");
      g_variant_dict_insert (&settings, "reissues", "o", self->path);
    }
  return g_variant_dict_end (&settings);
}

static void
ch_order_dialog_save (ChFormDialog *dialog,
                      const char   *name)
{
  ChOrderDialog *self = CH_ORDER_DIALOG (dialog);

  g_clear_pointer (&self->names, g_strfreev);
  g_clear_pointer (&self->settings, g_variant_unref);
  self->settings = ch_order_fields_read (get_form (self), self->purpose, &self->names);
  if (self->settings == NULL)
    return;

  ch_form_dialog_set_busy (dialog, TRUE);
  ch_service_act_async (ch_form_dialog_get_service (dialog), CH_ROOT_PATH, CH_IFACE_MANAGER, "CheckOrder",
                        g_variant_new ("(^as@a{sv}@a{sv})", self->names, settings_for_check (self),
                                       ch_no_options ()),
                        "(a{sv})", NULL, checked_cb, g_object_ref (self));
}

/* making */

static char *
make_title (ChOrderPurpose purpose,
            ChOrder       *order)
{
  if (purpose == CH_ORDER_RENEWAL)
    return g_strdup_printf (_("Renew “%s”"), ch_order_get_text (order, "Name"));
  if (purpose == CH_ORDER_REISSUE)
    return g_strdup_printf (_("Reissue “%s”"), ch_order_get_text (order, "Name"));
  return g_strdup (_("New Order"));
}

/* As the order stands. */
static void
fill (ChOrderDialog *self,
      ChOrder       *order)
{
  GVariant *facts = ch_order_get_part (order, CH_ORDER_FACTS);
  g_auto(GStrv) names = ch_row_strings (facts, "Names");
  g_autofree char *lines = g_strjoinv ("\n", names);
  g_autofree char *term = g_strdup_printf ("%" G_GINT64_FORMAT, ch_row_number (facts, "Term"));

  self->path = g_strdup (ch_order_get_path (order));
  ch_form_set_value (get_form (self), "names", lines);
  if (ch_row_number (facts, "Term") > 0)
    ch_form_set_value (get_form (self), "term", term);
}

void
ch_order_dialog_show (GtkWidget     *where,
                      ChService     *service,
                      ChOrderPurpose purpose,
                      ChOrder       *order)
{
  ChOrderDialog *self = g_object_new (CH_TYPE_ORDER_DIALOG, NULL);
  ChFormDialog *dialog = CH_FORM_DIALOG (self);
  g_autofree char *title = make_title (purpose, order);
  g_autoptr(GVariant) fields = g_variant_ref_sink (ch_order_fields (purpose, service));

  self->purpose = purpose;
  ch_form_dialog_begin (dialog, where, service, NULL, title);
  ch_form_dialog_set_nameless (dialog, C_("button", "_Review"));
  ch_form_set_fields (get_form (self), fields);
  if (order != NULL)
    fill (self, order);
  g_signal_connect_object (get_form (self), "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  changed_cb (self);
  ch_form_dialog_present (dialog);
}

/* class */

static void
ch_order_dialog_dispose (GObject *object)
{
  g_clear_handle_id (&CH_ORDER_DIALOG (object)->pause, g_source_remove);
  G_OBJECT_CLASS (ch_order_dialog_parent_class)->dispose (object);
}

static void
ch_order_dialog_finalize (GObject *object)
{
  ChOrderDialog *self = CH_ORDER_DIALOG (object);

  g_free (self->path);
  g_strfreev (self->names);
  g_clear_pointer (&self->settings, g_variant_unref);
  g_free (self->asked);
  G_OBJECT_CLASS (ch_order_dialog_parent_class)->finalize (object);
}

static void
ch_order_dialog_class_init (ChOrderDialogClass *class)
{
  G_OBJECT_CLASS (class)->dispose = ch_order_dialog_dispose;
  G_OBJECT_CLASS (class)->finalize = ch_order_dialog_finalize;
  CH_FORM_DIALOG_CLASS (class)->save = ch_order_dialog_save;
  CH_FORM_DIALOG_CLASS (class)->saved = ch_order_dialog_saved;
  CH_FORM_DIALOG_CLASS (class)->failed = ch_order_dialog_failed;
}

static void
ch_order_dialog_init (ChOrderDialog *self)
{
}
