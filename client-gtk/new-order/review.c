/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "new-order/review.h"

#include "lib/cover.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "orders/format.h"
#include "shell/text-row.h"

#include <glib/gi18n.h>

#define CH_TYPE_ORDER_REVIEW (ch_order_review_get_type ())
G_DECLARE_FINAL_TYPE (ChOrderReview, ch_order_review, CH, ORDER_REVIEW, AdwWindow)

struct _ChOrderReview
{
  AdwWindow parent_instance;

  GtkLabel *price;
  GtkLabel *price_note;
  AdwPreferencesGroup *notices;
  AdwPreferencesGroup *names;
  AdwPreferencesGroup *facts;
  AdwPreferencesGroup *deployments;
  GtkButton *place_button;

  ChAnsweredFunc yes;
  GObject *owner;             /* (owned) (nullable): until it is closed */
};

G_DEFINE_FINAL_TYPE (ChOrderReview, ch_order_review, ADW_TYPE_WINDOW)

static GtkWidget *
add_row (AdwPreferencesGroup *group,
         const char          *title,
         const char          *subtitle)
{
  GtkWidget *row = ch_text_row_new (ADW_TYPE_ACTION_ROW, "title", title, "subtitle", subtitle,
                                    "title-lines", 0, "subtitle-lines", 0, NULL);

  adw_preferences_group_add (group, row);
  gtk_widget_set_visible (GTK_WIDGET (group), TRUE);
  return row;
}

static void
add_fact (ChOrderReview *self,
          const char    *title,
          const char    *value)
{
  if (*value != '\0')
    add_row (self->facts, title, value);
}

/* what it costs */

static void
show_price (ChOrderReview *self,
            ChOrderPurpose purpose,
            GVariant      *preview)
{
  const char *price = ch_row_string (preview, "Price");
  const char *silence = ch_row_string (preview, "Silence");
  gboolean is_free = purpose == CH_ORDER_REISSUE;

  if (is_free)
    gtk_label_set_label (self->price, C_("price", "Free"));
  else
    gtk_label_set_label (self->price, *price != '\0' ? price : _("Price Not Known"));
  if (is_free)
    gtk_label_set_label (self->price_note, _("A reissue within the paid term costs nothing"));
  else if (*price == '\0')
    gtk_label_set_label (self->price_note,
                         *silence != '\0' ? silence : _("The authority does not tell it"));
  else
    gtk_label_set_label (self->price_note,
                         _("What the authority says now; it is charged when the order is placed"));
}

/* what comes of it */

/* “Key: value” lines of a dictionary. */
static char *
list_values (GVariant   *preview,
             const char *key)
{
  g_autoptr(GVariant) values = ch_row_list (preview, key, "a{ss}");
  GString *text = g_string_new (NULL);
  GVariantIter iter;
  const char *name, *value;

  g_variant_iter_init (&iter, values);
  while (g_variant_iter_loop (&iter, "{&s&s}", &name, &value))
    if (*value != '\0')
      g_string_append_printf (text, "%s%s: %s", text->len > 0 ? "\n" : "", name, value);
  return g_string_free (text, FALSE);
}

static void
add_dictionary (ChOrderReview *self,
                const char    *title,
                GVariant      *preview,
                const char    *key)
{
  g_autofree char *text = list_values (preview, key);

  add_fact (self, title, text);
}

static void
add_times (ChOrderReview *self,
           GVariant      *preview)
{
  g_autofree char *first = ch_time_day (ch_row_number (preview, "NotAfter"));
  g_autofree char *term_end = ch_time_day (ch_row_number (preview, "TermEnd"));
  gint64 months = ch_row_number (preview, "Term");
  gint64 certificates = ch_row_number (preview, "Certificates");
  g_autofree char *term =
    g_strdup_printf (ngettext ("%d month, until %s", "%d months, until %s", (gulong) months), (int) months,
                     term_end);
  g_autofree char *count =
    g_strdup_printf (ngettext ("%d certificate is issued within the term",
                               "%d certificates are issued within the term; all but the first are free",
                               (gulong) certificates),
                     (int) certificates);

  if (months > 0)
    add_fact (self, _("Term"), term);
  add_fact (self, _("First certificate until"), first);
  if (certificates > 0)
    add_fact (self, _("Certificates"), count);
}

static void
add_facts (ChOrderReview *self,
           GVariant      *preview)
{
  g_autofree char *product = ch_format_product (ch_row_string (preview, "Product"));

  add_fact (self, _("Account"), ch_row_string (preview, "AccountName"));
  add_fact (self, _("Product"), product);
  add_times (self, preview);
  add_fact (self, _("Key"), ch_row_string (preview, "Key"));
  add_fact (self, _("Proof of control"), ch_format_method (ch_row_string (preview, "Method")));
  add_dictionary (self, _("Contact"), preview, "Contact");
  add_dictionary (self, _("Organisation"), preview, "Organization");
  add_dictionary (self, _("Options"), preview, "Options");
  add_dictionary (self, _("The authority reads in the request"), preview, "Request");
  add_dictionary (self, _("It would certify"), preview, "Certificate");
}

static void
add_names (ChOrderReview *self,
           GVariant      *preview)
{
  g_autoptr(GVariant) rows = ch_row_list (preview, "Names", "aa{sv}");
  gboolean is_dns = g_str_equal (ch_row_string (preview, "Method"), "dns");

  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (rows, i);
      const char *account = ch_row_string (row, "DnsAccountName");
      const char *counted = ch_row_string (row, "CountedAs");
      g_autofree char *by_account =
        g_strdup_printf (_("%s · proven by the DNS account “%s”"), counted, account);
      g_autofree char *by_hand =
        g_strdup_printf (_("%s · you make the record yourself; it is shown after the order is placed"),
                         counted);

      add_row (self->names, ch_row_string (row, "Name"),
               *account != '\0' ? by_account : is_dns ? by_hand : counted);
    }
}

static void
add_notices (ChOrderReview *self,
             GVariant      *preview)
{
  g_auto(GStrv) notices = ch_row_strings (preview, "Notices");

  for (gsize i = 0; notices[i] != NULL; i++)
    add_row (self->notices, notices[i], "");
}

static GStrv
list_ordered (GVariant *preview)
{
  g_autoptr(GVariant) rows = ch_row_list (preview, "Names", "aa{sv}");
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (rows, i);

      g_strv_builder_add (names, ch_row_string (row, "Name"));
    }
  return g_strv_builder_end (names);
}

/* Who will install the certificate; that there is nobody is worth a word before one pays. */
static void
add_deployments (ChOrderReview *self,
                 ChService     *service,
                 GVariant      *preview)
{
  GListModel *all = G_LIST_MODEL (ch_service_get_list (service, CH_IFACE_DEPLOYMENT));
  g_auto(GStrv) have = list_ordered (preview);
  gboolean any = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr(ChItem) item = g_list_model_get_item (all, i);
      g_auto(GStrv) want = ch_row_strings (ch_item_get_row (item), "Names");
      g_autofree char *text =
        g_strdup_printf (_("On the server “%s”"), ch_item_get_text (item, "ServerName"));

      if (!ch_names_cover (have, want))
        continue;
      add_row (self->deployments, ch_item_get_text (item, "Name"), text);
      any = TRUE;
    }

  if (!any)
    add_row (self->deployments, _("None"),
             _("Nothing puts this certificate on a server yet. Add a deployment under "
               "“Servers & Deployments”, now or later."));
}

/* the window */

static void
place_cb (ChOrderReview *self)
{
  g_autoptr(GObject) owner = g_object_ref (self->owner);
  ChAnsweredFunc yes = self->yes;

  gtk_window_destroy (GTK_WINDOW (self));
  yes (owner);
}

void
ch_order_review_show (GtkWidget     *where,
                      ChService     *service,
                      ChOrderPurpose purpose,
                      GVariant      *preview,
                      ChAnsweredFunc yes,
                      gpointer       owner)
{
  static const char *const verbs[] = {
    [CH_ORDER_NEW] = NC_("button", "_Place Order"),
    [CH_ORDER_RENEWAL] = NC_("button", "_Renew and Pay"),
    [CH_ORDER_REISSUE] = NC_("button", "_Reissue"),
  };
  ChOrderReview *self =
    g_object_new (CH_TYPE_ORDER_REVIEW, "transient-for", gtk_widget_get_root (where), NULL);

  self->yes = yes;
  self->owner = g_object_ref (owner);
  gtk_button_set_label (self->place_button, g_dpgettext2 (NULL, "button", verbs[purpose]));
  show_price (self, purpose, preview);
  add_notices (self, preview);
  add_names (self, preview);
  add_facts (self, preview);
  add_deployments (self, service, preview);
  gtk_window_present (GTK_WINDOW (self));
}

static void
ch_order_review_dispose (GObject *object)
{
  g_clear_object (&CH_ORDER_REVIEW (object)->owner);
  G_OBJECT_CLASS (ch_order_review_parent_class)->dispose (object);
}

static void
ch_order_review_class_init (ChOrderReviewClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = ch_order_review_dispose;
  gtk_widget_class_set_template_from_resource (widget, "/org/chancery/Chancery/new-order/review.ui");
  gtk_widget_class_bind_template_child (widget, ChOrderReview, price);
  gtk_widget_class_bind_template_child (widget, ChOrderReview, price_note);
  gtk_widget_class_bind_template_child (widget, ChOrderReview, notices);
  gtk_widget_class_bind_template_child (widget, ChOrderReview, names);
  gtk_widget_class_bind_template_child (widget, ChOrderReview, facts);
  gtk_widget_class_bind_template_child (widget, ChOrderReview, deployments);
  gtk_widget_class_bind_template_child (widget, ChOrderReview, place_button);
  gtk_widget_class_bind_template_callback (widget, place_cb);
}

static void
ch_order_review_init (ChOrderReview *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ch_closes_on_escape (GTK_WINDOW (self));
}
