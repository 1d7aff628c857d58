/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "orders/actions.h"

#include "jobs/start.h"
#include "lib/cover.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "new-order/dialog.h"
#include "orders/deletion.h"
#include "orders/replacement.h"
#include "orders/states.h"
#include "orders/validation-dialog.h"
#include "shell/tell.h"

#include <glib/gi18n.h>

static ChOrder *
get_order (GtkWidget *detail)
{
  return g_object_get_data (G_OBJECT (detail), "order");
}

/* what is done at once, without an answer worth showing */

typedef struct
{
  const char *action;
  const char *method;
  const char *failed;
  const char *heading;        /* (nullable): asked before; with the order's name */
  const char *body;
  const char *verb;
  gboolean force;
} Deed;

enum
{
  RETRY,
  RESEND,
  FRESH_VALUE,
  CANCEL,
  CANCEL_REISSUE,
  CANCEL_ISSUED,
  REVOKE,
};

static const Deed deeds[] = {
  [RETRY] = { "order.retry", "Retry", N_("The order was not tried again"), NULL, NULL, NULL, FALSE },
  [RESEND] = { "order.resend-mail", "ResendMail", N_("The mail was not sent"), NULL, NULL, NULL, FALSE },
  [FRESH_VALUE] = { "order.renew-challenge", "RenewChallenge", N_("There is no fresh value"),
    N_("Get a Fresh Value for “%s”?"),
    N_("The order is withdrawn at the certificate authority, unpaid, and placed anew. "
       "The value of now is void then."),
    N_("_Get Fresh Value"), FALSE },
  [CANCEL] = { "order.cancel", "Cancel", N_("The order was not cancelled"), N_("Cancel the Order for “%s”?"),
    N_("It is withdrawn at the certificate authority, wherever it stands. What was published is removed."),
    N_("_Cancel Order"), FALSE },
  [CANCEL_REISSUE] = { "order.cancel", "Cancel", N_("The reissue was not cancelled"),
    N_("Cancel the Reissue for “%s”?"), N_("The certificate in force stays, and the order with it."),
    N_("_Cancel Reissue"), FALSE },
  [CANCEL_ISSUED] = { "order.cancel", "Cancel", N_("The order was not cancelled"),
    N_("Cancel the Issued Order for “%s”?"),
    N_("The certificate authority ends its certificate, which breaks what uses it, and takes no money. "
       "It does so for some days after the issue only."),
    N_("_Cancel Order"), TRUE },
  [REVOKE] = { "order.revoke", "Revoke", N_("The order was not revoked"),
    N_("Revoke the Certificates for “%s”?"),
    N_("Every certificate of the order that has not ended is revoked. This cannot be undone."), N_("_Revoke"),
    TRUE },
};

/* What was asked about: the order that was shown then, whatever is shown now. */
#define CH_TYPE_DOING (ch_doing_get_type ())
G_DECLARE_FINAL_TYPE (ChDoing, ch_doing, CH, DOING, GObject)

struct _ChDoing
{
  GObject parent_instance;

  GtkWidget *where;           /* (owned) */
  ChService *service;         /* (owned) */
  char *path;                 /* (owned) */
  const Deed *deed;
};

G_DEFINE_FINAL_TYPE (ChDoing, ch_doing, G_TYPE_OBJECT)

static void
ch_doing_finalize (GObject *object)
{
  ChDoing *self = CH_DOING (object);

  g_clear_object (&self->where);
  g_clear_object (&self->service);
  g_free (self->path);
  G_OBJECT_CLASS (ch_doing_parent_class)->finalize (object);
}

static void
ch_doing_class_init (ChDoingClass *class)
{
  G_OBJECT_CLASS (class)->finalize = ch_doing_finalize;
}

static void
ch_doing_init (ChDoing *self)
{
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(ChDoing) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = ch_service_act_finish (CH_SERVICE (source), result, &error);

  if (reply == NULL && gtk_widget_get_root (self->where) != NULL)
    ch_tell_error (self->where, _(self->deed->failed), error);
}

static void
do_it (gpointer data)
{
  ChDoing *self = data;
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  if (self->deed->force)
    g_variant_dict_insert (&options, "force", "b", TRUE);
  ch_service_act_async (self->service, self->path, CH_IFACE_ORDER, self->deed->method,
                        g_variant_new ("(@a{sv})", g_variant_dict_end (&options)), "()", NULL, done_cb,
                        g_object_ref (self));
}

/* Where the certificate is to be seen that would be gone. */
static char *
describe_uses (ChOrder *order)
{
  GListModel *all = G_LIST_MODEL (ch_service_get_list (ch_order_get_service (order), CH_IFACE_DEPLOYMENT));
  GVariant *facts = ch_order_get_part (order, CH_ORDER_FACTS);
  g_auto(GStrv) have = ch_row_strings (facts, "Names");
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr(ChItem) item = g_list_model_get_item (all, i);
      g_auto(GStrv) want = ch_row_strings (ch_item_get_row (item), "Names");

      if (ch_item_get_number (item, "InstalledNotAfter") == ch_row_number (facts, "NotAfter")
          && ch_names_cover (have, want))
        g_string_append_printf (text, _("\n• “%s” on the server “%s”"), ch_item_get_text (item, "Name"),
                                ch_item_get_text (item, "ServerName"));
    }
  return g_string_free (text, FALSE);
}

static void
ask (ChDoing *doing,
     ChOrder *order)
{
  const Deed *deed = doing->deed;
  g_autofree char *heading = g_strdup_printf (_(deed->heading), ch_order_get_text (order, "Name"));
  g_autofree char *uses = deed->force ? describe_uses (order) : g_strdup ("");
  g_autofree char *served = g_strdup_printf (_("%s\n\nIt is served by:%s"), _(deed->body), uses);
  const char *body = *uses != '\0' ? served : _(deed->body);

  g_object_set_data_full (G_OBJECT (ch_ask (doing->where, heading, body, _(deed->verb), do_it, doing)),
                          "doing",
                          g_object_ref (doing), g_object_unref);
}

static void
begin (GtkWidget  *detail,
       const Deed *deed)
{
  ChOrder *order = get_order (detail);
  g_autoptr(ChDoing) doing = g_object_new (CH_TYPE_DOING, NULL);

  doing->where = g_object_ref (gtk_widget_get_parent (detail));
  doing->service = g_object_ref (ch_order_get_service (order));
  doing->path = g_strdup (ch_order_get_path (order));
  doing->deed = deed;
  if (deed->heading != NULL)
    ask (doing, order);
  else
    do_it (doing);
}

/* the actions */

static void
deed_action (GtkWidget  *detail,
             const char *name,
             GVariant   *parameter)
{
  const char *state = ch_order_get_text (get_order (detail), "State");
  gsize i = 0;

  while (!g_str_equal (deeds[i].action, name))
    i++;
  if (i == CANCEL && g_str_equal (state, "reissuing"))
    i = CANCEL_REISSUE;
  else if (i == CANCEL && g_str_equal (state, "issued"))
    i = CANCEL_ISSUED;
  begin (detail, &deeds[i]);
}

static void
verify_action (GtkWidget  *detail,
               const char *name,
               GVariant   *parameter)
{
  ChOrder *order = get_order (detail);

  ch_job_start (detail, ch_order_get_service (order), ch_order_get_path (order), CH_IFACE_ORDER, "Verify",
                g_variant_new ("(@a{sv})", ch_no_options ()));
}

static void
validation_action (GtkWidget  *detail,
                   const char *name,
                   GVariant   *parameter)
{
  ch_validation_dialog_show (detail, get_order (detail));
}

static void
delete_action (GtkWidget  *detail,
               const char *name,
               GVariant   *parameter)
{
  ChOrder *order = get_order (detail);
  guint64 id = (guint64) ch_row_number (ch_order_get_part (order, CH_ORDER_FACTS), "Id");
  g_autoptr(GArray) ids = g_array_append_val (g_array_new (FALSE, FALSE, sizeof id), id);

  ch_deletion_begin (gtk_widget_get_parent (detail), ch_order_get_service (order), ids,
                     ch_order_get_text (order, "Name"));
}

static void
replace_action (GtkWidget  *detail,
                const char *name,
                GVariant   *parameter)
{
  ch_replacement_begin (gtk_widget_get_parent (detail), get_order (detail));
}

static void
successor_action (GtkWidget  *detail,
                  const char *name,
                  GVariant   *parameter)
{
  ChOrder *order = get_order (detail);

  ch_order_dialog_show (gtk_widget_get_parent (detail), ch_order_get_service (order),
                        g_str_equal (name, "order.renew") ? CH_ORDER_RENEWAL : CH_ORDER_REISSUE, order);
}

static const struct
{
  const char *name;
  GtkWidgetActionActivateFunc run;
  guint states;               /* in which it makes sense */
} actions[] = {
  { "order.verify", verify_action, CH_STATES_TO_VERIFY },
  { "order.retry", deed_action, CH_STATES_TO_RETRY },
  { "order.validation", validation_action,
    CH_STATE_BIT (QUEUED) | CH_STATE_BIT (VALIDATING) | CH_STATE_BIT (REISSUING) },
  { "order.renew-challenge", deed_action, CH_STATE_BIT (VALIDATING) },
  { "order.resend-mail", deed_action, CH_STATE_BIT (VALIDATING) },
  { "order.replace", replace_action, CH_STATE_BIT (ISSUED) },
  { "order.reissue", successor_action, CH_STATE_BIT (ISSUED) },
  { "order.renew", successor_action, CH_STATE_BIT (ISSUED) },
  { "order.cancel", deed_action, CH_STATES_UNDER_WAY | CH_STATE_BIT (ISSUED) | CH_STATE_BIT (REISSUING) },
  { "order.revoke", deed_action, CH_STATES_IN_FORCE },
  { "order.delete", delete_action, CH_STATES_OVER | CH_STATES_IN_FORCE },
};

void
ch_order_actions_install (GtkWidgetClass *class)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (class, actions[i].name, NULL, actions[i].run);
}

void
ch_order_actions_update (GtkWidget *detail,
                         ChOrder   *order)
{
  if (get_order (detail) != order)
    g_object_set_data_full (G_OBJECT (detail), "order", g_object_ref (order), g_object_unref);
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (detail, actions[i].name,
                                   ch_state_in (ch_order_get_text (order, "State"), actions[i].states));
}
