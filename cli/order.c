/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "order.h"

#include "json.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "names.h"
#include "order-proof.h"
#include "peer.h"
#include "table.h"

#include <glib/gi18n.h>
#include <string.h>

static const GOptionEntry retry_options[] = {
  CH_SWITCH ("fresh", N_("With a fresh validation value: withdrawn, unpaid, and placed anew")),
  { NULL }
};

static const GOptionEntry force_options[] = {
  CH_SWITCH ("force", N_("Also an order whose certificate is in force")),
  { NULL }
};

static const GOptionEntry tag_options[] = {
  CH_OPTION ("untag", N_("A tag to take away; may be given several times"), N_("TAG")),
  { NULL }
};

static const GOptionEntry revoke_options[] = {
  CH_SWITCH ("yes", N_("Do not ask again")),
  { NULL }
};

static const ChColumn certificate_columns[] = {
  { N_("SERIAL"), CH_COLUMN_SHRINKS }, { N_("ISSUED") }, { N_("EXPIRES") },
  { N_("ISSUER"), CH_COLUMN_SHRINKS }, { NULL }
};

/* showing */

static void
add_time (ChTable    *facts,
          const char *label,
          GVariant   *row,
          const char *key)
{
  g_autofree char *time = ch_time_full (ch_row_number (row, key));

  ch_facts_add (facts, label, time);
}

/* The values of some @keys, in one line. */
static void
add_person (ChTable           *facts,
            const char        *label,
            GVariant          *row,
            const char        *property,
            const char *const *keys)
{
  g_autoptr(GVariant) table = ch_row_list (row, property, "a{ss}");
  g_autoptr(GString) text = g_string_new (NULL);
  const char *value;

  for (; *keys != NULL; keys++)
    if (g_variant_lookup (table, *keys, "&s", &value))
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", value);

  ch_facts_add (facts, label, text->str);
}

static gint
compare_text (gconstpointer a,
              gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

void
ch_order_add_values (ChTable    *facts,
                     const char *label,
                     GVariant   *row,
                     const char *property)
{
  g_autoptr(GVariant) values = ch_row_list (row, property, "a{ss}");
  g_autoptr(GPtrArray) parts = g_ptr_array_new_null_terminated (8, g_free, TRUE);
  GVariantIter iter;
  const char *name, *value;

  g_variant_iter_init (&iter, values);
  while (g_variant_iter_next (&iter, "{&s&s}", &name, &value))
    g_ptr_array_add (parts, g_strdup_printf ("%s=%s", name, g_utf8_strlen (value, -1) > 64 ? "…" : value));

  /* The service gives them in no order. */
  g_ptr_array_sort (parts, compare_text);
  g_autofree char *text = g_strjoinv (", ", (char **) parts->pdata);
  ch_facts_add (facts, label, text);
}

/* The order that @key of @row leads to, by its number; nothing where there is none. */
static void
add_link (ChTable    *facts,
          const char *label,
          GVariant   *row,
          const char *key)
{
  const char *path = ch_row_string (row, key);
  const char *id = strrchr (path, '/');

  if (id == NULL || id[1] == '\0')
    return;

  g_autofree char *text = g_strdup_printf (_("order %s"), id + 1);
  ch_facts_add (facts, label, text);
}

/* What follows the certificate in force. */
static void
add_next (ChTable  *facts,
          GVariant *row)
{
  gint64 at = ch_row_number (row, "ReplaceAt"), failures = ch_row_number (row, "ReplaceFailures");
  g_autofree char *when = ch_time_full (at);
  g_autofree char *next = failures > 0
    ? g_strdup_printf (ngettext ("%s; %d try has failed", "%s; %d tries have failed", (gulong) failures), when, (int) failures)
    : g_strdup_printf (_("%s, by itself"), when);

  if (at > 0)
    ch_facts_add (facts, _("Next certificate"), next);
  if (ch_row_flag (row, "AutoRenew"))
    ch_facts_add (facts, _("Renewal"), _("by itself, which costs money"));
  add_link (facts, _("Renews"), row, "Renews");
  add_link (facts, _("Renewed by"), row, "RenewedBy");
}

static void
print_order (GVariant *row)
{
  static const char *const person[] = { "first-name", "last-name", "email", NULL };
  static const char *const organization[] = { "name", "city", "country", NULL };
  g_autoptr(ChTable) facts = ch_facts_new ();
  g_auto(GStrv) names = ch_row_strings (row, "Names");
  g_autofree char *all = ch_names_shown (names);
  g_auto(GStrv) tags = ch_row_strings (row, "Tags");
  g_autofree char *all_tags = g_strjoinv (", ", tags);
  g_autofree char *name = ch_clean (ch_row_string (row, "Name"));
  g_autofree char *heading = ch_paint (CH_COLOUR_BOLD, name);
  g_autofree char *term = g_strdup_printf (ngettext ("%d month", "%d months",
                                                     (gulong) ch_row_number (row, "Term")),
                                           (int) ch_row_number (row, "Term"));
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, ch_row_number (row, "Id"));

  ch_print (_("Order %s: %s"), id, heading);
  ch_facts_add (facts, _("State"), ch_row_string (row, "State"));
  ch_facts_add (facts, _("Reason"), ch_row_string (row, "Reason"));
  if (g_strcmp0 (ch_row_string (row, "Step"), "none") != 0)
    ch_facts_add (facts, _("Next step"), ch_row_string (row, "Step"));
  add_time (facts, _("Due"), row, "Due");
  ch_facts_add (facts, _("Names"), all);
  ch_facts_add (facts, _("Account"), ch_row_string (row, "AccountName"));
  ch_facts_add (facts, _("DNS account"), ch_row_string (row, "DnsAccountName"));
  ch_facts_add (facts, _("Product"), ch_row_string (row, "Product"));
  if (g_strcmp0 (ch_row_string (row, "Kind"), "new") != 0)
    ch_facts_add (facts, _("Kind"), ch_row_string (row, "Kind"));
  ch_facts_add (facts, _("Method"), ch_row_string (row, "Method"));
  ch_facts_add (facts, _("Key"), ch_row_string (row, "Key"));
  ch_facts_add (facts, _("Key kept"), ch_row_flag (row, "HasKey") ? _("yes") : _("no"));
  ch_facts_add (facts, _("Term"), term);
  ch_facts_add (facts, _("Price"), ch_row_string (row, "Price"));
  add_person (facts, _("Contact"), row, "Contact", person);
  add_person (facts, _("Organisation"), row, "Organization", organization);
  ch_order_add_values (facts, _("Options"), row, "Options");
  ch_facts_add (facts, _("Verified at"), ch_row_string (row, "Page"));
  ch_facts_add (facts, _("CA's number"), ch_row_string (row, "CaOrder"));
  add_time (facts, _("Created"), row, "CreatedAt");
  add_time (facts, _("Placed"), row, "PlacedAt");
  add_time (facts, _("Issued"), row, "IssuedAt");
  add_time (facts, _("Expires"), row, "NotAfter");
  add_time (facts, _("Term ends"), row, "TermEnd");
  ch_facts_add (facts, _("Served"), ch_row_string (row, "Served"));
  add_next (facts, row);
  ch_facts_add (facts, _("Tags"), all_tags);
  ch_facts_add (facts, _("Note"), ch_row_string (row, "Note"));
  ch_table_print (facts);
}

static void
print_certificates (GVariant *certificates)
{
  g_autoptr(ChTable) table = ch_table_new (certificate_columns);

  for (gsize i = 0; i < g_variant_n_children (certificates); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (certificates, i);
      g_autofree char *issued = ch_time_minute (ch_row_number (row, "IssuedAt"));
      g_autofree char *expires = ch_time_full (ch_row_number (row, "NotAfter"));

      ch_table_add (table, ch_row_string (row, "Serial"), issued, expires, ch_row_string (row, "Issuer"));
      ch_table_colour (table, 2, ch_order_expiry_colour (ch_row_number (row, "NotAfter")));
    }

  if (g_variant_n_children (certificates) > 0)
    ch_print ("\n%s", _("Certificates"));
  ch_table_print (table);
}

gboolean
ch_order_show (ChCli   *cli,
               GError **error)
{
  g_autoptr(ChObject) order = ch_order_find_first (cli, CH_ORDER_PICK_NEWEST, error);
  g_autoptr(GVariant) certificates = NULL;
  g_autoptr(GVariant) challenges = NULL;
  g_autoptr(GVariant) more = NULL;
  g_autoptr(GVariant) document = NULL;

  if (order == NULL)
    return FALSE;

  certificates = ch_order_rows (cli, order->path, "GetCertificates", error);
  challenges = certificates != NULL ? ch_order_rows (cli, order->path, "GetChallenges", error) : NULL;
  if (challenges == NULL)
    return FALSE;

  if (!cli->json)
    {
      print_order (order->row);
      print_certificates (certificates);
      return ch_order_proof_tell (cli, order->path, order->row, error);
    }

  more = ch_json_extend (order->row, "Certificates", certificates);
  document = ch_json_extend (more, "Challenges", challenges);
  ch_json_print (document);
  return TRUE;
}

/* watching */

gboolean
ch_order_watch (ChCli   *cli,
                GError **error)
{
  g_autoptr(ChObject) order = ch_order_find_first (cli, CH_ORDER_PICK_NEWEST, error);

  return order != NULL
         && (cli->json || ch_order_proof_tell (cli, order->path, order->row, error))
         && ch_order_follow (cli, order->path, error);
}

/* changing */

static gboolean
change (ChCli       *cli,
        const char  *method,
        ChOrderPick  pick,
        const char  *result,
        const char  *sentence,
        GError     **error)
{
  g_autoptr(ChObject) order = ch_order_find_first (cli, pick, error);
  g_autoptr(GVariant) reply = NULL;
  g_autofree char *id = NULL;
  g_autofree char *text = NULL;
  GVariantDict options;

  if (order == NULL)
    return FALSE;

  g_variant_dict_init (&options, NULL);
  if (ch_args_has (cli->args, "force"))
    g_variant_dict_insert (&options, "force", "b", TRUE);

  reply = ch_client_call (cli->client, order->path, CH_IFACE_ORDER, method,
                          g_variant_new ("(@a{sv})", g_variant_dict_end (&options)), "()", NULL, error);
  if (reply == NULL)
    return FALSE;

  id = g_strdup_printf ("%" G_GINT64_FORMAT, ch_row_number (order->row, "Id"));
  text = g_strdup_printf (sentence, id, ch_row_string (order->row, "Name"));
  ch_say_done (cli, order->row, result, text);
  return TRUE;
}

static gboolean
cancel (ChCli   *cli,
        GError **error)
{
  return change (cli, "Cancel", CH_ORDER_PICK_ONLY, "cancelling",
                 _("Order %s for %s is being cancelled."), error);
}

static gboolean
retry (ChCli   *cli,
       GError **error)
{
  if (ch_args_has (cli->args, "fresh"))
    return ch_order_renew_challenge (cli, error);

  return change (cli, "Retry", CH_ORDER_PICK_NEWEST, "retrying",
                 _("Order %s for %s is tried again now."), error);
}

static gboolean
delete (ChCli   *cli,
        GError **error)
{
  return change (cli, "Delete", CH_ORDER_PICK_ONLY, "deleted",
                 _("Order %s for %s is deleted here; its key is in the bin for 30 days (“chancery key bin”)."), error);
}

const ChCommand ch_order_commands[] = {
  { "list", "", 0, 0, N_("List orders"),
    "chancery order list --open --sort not-after", ch_order_list_options, CH_EXTRAS_REFUSED, CH_TAKES_NOTHING,
    ch_order_list },
  { "new", N_("NAME…"), 1, 1000, N_("Order a certificate for host names"),
    "chancery order new www.example.test example.test --wait", ch_order_new_options, CH_EXTRAS_REFUSED,
    CH_TAKES_NOTHING,
    ch_order_new },
  { "import", "", 0, 0, N_("Take over orders that were placed elsewhere, with their certificates"),
    "chancery order import --from 2026-01-01 --state issued", ch_order_import_options, CH_EXTRAS_REFUSED, CH_TAKES_NOTHING,
    ch_order_import },
  { "show", N_("ORDER"), 1, 1, N_("Show an order, by number or name, and its certificates"),
    "chancery order show www.example.test", NULL, CH_EXTRAS_REFUSED, CH_TAKES_ORDER, ch_order_show },
  { "explain", N_("ORDER"), 1, 1, N_("Tell why an order stands as it does, and what to do"),
    "chancery order explain www.example.test", NULL, CH_EXTRAS_REFUSED, CH_TAKES_ORDER, ch_order_explain },
  { "watch", N_("ORDER"), 1, 1, N_("Watch an order until it is issued and deployed, or has ended"),
    "chancery order watch www.example.test", NULL, CH_EXTRAS_REFUSED, CH_TAKES_ORDER, ch_order_watch },
  { "plan", N_("ORDER"), 1, 1, N_("Show the certificates to come until the end of the term, and what they cost"),
    "chancery order plan www.example.test", NULL, CH_EXTRAS_REFUSED, CH_TAKES_ORDER, ch_order_plan },
  { "replace", N_("ORDER"), 1, 1, N_("Get a new certificate, free as long as the term allows it; else by a paid renewal"),
    "chancery order replace www.example.test --dry-run", ch_order_replace_options, CH_EXTRAS_REFUSED, CH_TAKES_ORDER,
    ch_order_replace },
  { "reissue", N_("ORDER"), 1, 1, N_("Get a free new certificate inside the term"),
    "chancery order reissue www.example.test --wait", ch_order_reissue_options, CH_EXTRAS_REFUSED, CH_TAKES_ORDER,
    ch_order_reissue },
  { "renew", N_("ORDER"), 1, 1, N_("Order the paid successor in the last days of the term"),
    "chancery order renew www.example.test --wait", ch_order_renew_options, CH_EXTRAS_REFUSED, CH_TAKES_ORDER,
    ch_order_renew },
  { "edit", N_("ORDER"), 1, 1, N_("Change note, tags, and what an order does by itself"),
    "chancery order edit www.example.test --auto-renew yes", ch_order_edit_options, CH_EXTRAS_REFUSED, CH_TAKES_ORDER, ch_order_edit },
  { "note", N_("ORDER [TEXT…]"), 1, 1000, N_("Write a note on an order; without a text take it away"),
    "chancery order note www.example.test Ask the shop team first", NULL, CH_EXTRAS_REFUSED, CH_TAKES_ORDER, ch_order_note },
  { "tag", N_("ORDER [TAG…]"), 1, 1000, N_("Tag an order, to find it by"),
    "chancery order tag www.example.test shop production", tag_options, CH_EXTRAS_REFUSED, CH_TAKES_ORDER, ch_order_tag },
  { "verify", N_("ORDER"), 1, 1, N_("Look for the proof of control now, and ask the certificate authority"),
    "chancery order verify www.example.test", NULL, CH_EXTRAS_REFUSED, CH_TAKES_ORDER, ch_order_verify },
  { "validate", N_("ORDER"), 1, 1, N_("Prove control of the names in another way, while the order waits for it"),
    "chancery order validate www.example.test --method http", ch_order_validate_options, CH_EXTRAS_REFUSED, CH_TAKES_ORDER,
    ch_order_validate },
  { "approvers", N_("NAME"), 1, 1, N_("List whom the certificate authority would mail to approve a host name"),
    "chancery order approvers www.example.test", ch_order_approvers_options, CH_EXTRAS_REFUSED, CH_TAKES_NOTHING,
    ch_order_approvers },
  { "approver", N_("ORDER ADDRESS"), 2, 2, N_("Let somebody else be mailed to approve an order"),
    "chancery order approver www.example.test webmaster@example.test", NULL, CH_EXTRAS_REFUSED, CH_TAKES_ORDER, ch_order_approver },
  { "resend-mail", N_("ORDER"), 1, 1, N_("Let the approver be mailed once more"),
    "chancery order resend-mail www.example.test", NULL, CH_EXTRAS_REFUSED, CH_TAKES_ORDER, ch_order_resend_mail },
  { "cancel", N_("ORDER"), 1, 1, N_("Cancel an order at the certificate authority"),
    "chancery order cancel 3", force_options, CH_EXTRAS_REFUSED, CH_TAKES_ORDER, cancel },
  { "revoke", N_("ORDER"), 1, 1, N_("Revoke the certificates of an order, for good"),
    "chancery order revoke 3", revoke_options, CH_EXTRAS_REFUSED, CH_TAKES_ORDER, ch_order_revoke },
  { "retry", N_("ORDER"), 1, 1, N_("Do now what is due later, or revive a failed order"),
    "chancery order retry 3", retry_options, CH_EXTRAS_REFUSED, CH_TAKES_ORDER, retry },
  { "delete", N_("ORDER"), 1, 1, N_("Forget an ended order here; its key goes into the bin"),
    "chancery order delete 3", force_options, CH_EXTRAS_REFUSED, CH_TAKES_ORDER, delete },
  { NULL }
};
