/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "order.h"

#include "json.h"
#include "lib/error.h"
#include "lib/row.h"
#include "lib/times.h"
#include "names.h"

#include <glib/gi18n.h>
#include <string.h>

/* What “order new --dry-run” prints: what would be sent, what would come of it, and what is against it. */

static void
print_names (GVariant *preview)
{
  static const ChColumn columns[] = { { N_("NAME") }, { N_("COUNTED AS") }, { N_("PROVEN BY") }, { NULL } };
  g_autoptr(ChTable) table = ch_table_new (columns);
  g_autoptr(GVariant) names = ch_row_list (preview, "Names", "aa{sv}");

  for (gsize i = 0; i < g_variant_n_children (names); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (names, i);
      g_autofree char *shown = ch_name_shown (ch_row_string (row, "Name"));

      ch_table_add (table, shown, ch_row_string (row, "CountedAs"), ch_row_string (row, "DnsAccountName"));
    }

  ch_table_print (table);
}

static void
add_times (ChTable  *facts,
           GVariant *preview)
{
  g_autofree char *not_after = ch_time_full (ch_row_number (preview, "NotAfter"));
  g_autofree char *term_end = ch_time_full (ch_row_number (preview, "TermEnd"));
  gint64 certificates = ch_row_number (preview, "Certificates");
  g_autofree char *term = g_strdup_printf (_("%d months, until %s"), (int) ch_row_number (preview, "Term"), term_end);
  g_autofree char *count = certificates > 1
    ? g_strdup_printf (_("%d within the term; all but the first are free"), (int) certificates) : g_strdup (_("one"));

  ch_facts_add (facts, _("Term"), term);
  ch_facts_add (facts, _("First certificate"), not_after);
  ch_facts_add (facts, _("Certificates"), count);
}

static void
print_facts (GVariant *preview)
{
  g_autoptr(ChTable) facts = ch_facts_new ();
  const char *price = ch_row_string (preview, "Price");
  const char *silence = ch_row_string (preview, "Silence");
  g_autofree char *no_price = g_strdup_printf (_("not known: %s"), *silence != '\0' ? silence : _("the CA does not tell it"));

  ch_facts_add (facts, _("Account"), ch_row_string (preview, "AccountName"));
  ch_facts_add (facts, _("Product"), ch_row_string (preview, "Product"));
  ch_facts_add (facts, _("Kind"), ch_row_string (preview, "Kind"));
  add_times (facts, preview);
  ch_facts_add (facts, _("Key"), ch_row_string (preview, "Key"));
  ch_facts_add (facts, _("Proof"), ch_row_string (preview, "Method"));
  ch_order_add_values (facts, _("Contact"), preview, "Contact");
  ch_order_add_values (facts, _("Organisation"), preview, "Organization");
  ch_order_add_values (facts, _("Options"), preview, "Options");
  ch_facts_add (facts, _("Price"), *price != '\0' ? price : no_price);
  ch_order_add_values (facts, _("The CA reads"), preview, "Request");
  ch_order_add_values (facts, _("It would certify"), preview, "Certificate");
  ch_table_print (facts);
}

static void
print_sentences (GVariant   *preview,
                 const char *key,
                 const char *heading,
                 ChColour    colour)
{
  g_auto(GStrv) sentences = ch_row_strings (preview, key);

  if (sentences[0] == NULL)
    return;

  ch_print ("%s", "");
  ch_print ("%s", heading);
  for (gsize i = 0; sentences[i] != NULL; i++)
    ch_print_text ("  - ", colour, sentences[i]);
}

gboolean
ch_order_check (ChCli    *cli,
                GVariant *settings,
                GError  **error)
{
  GPtrArray *names = cli->args->words;
  ChClient *client = ch_cli_client (cli, error);
  g_autoptr(GVariant) reply = client != NULL
    ? ch_client_call_manager (client, "CheckOrder",
                              g_variant_new ("(@as@a{sv}@a{sv})",
                                             g_variant_new_strv ((const char *const *) names->pdata, names->len), settings,
                                             ch_no_options ()),
                              "(a{sv})", NULL, error)
    : NULL;
  if (reply == NULL)
    return FALSE;

  g_autoptr(GVariant) preview = g_variant_get_child_value (reply, 0);
  g_auto(GStrv) problems = ch_row_strings (preview, "Problems");

  if (cli->json)
    ch_json_print (preview);
  else
    {
      print_facts (preview);
      ch_print ("%s", "");
      print_names (preview);
      print_sentences (preview, "Notices", _("Good to know"), CH_COLOUR_DIM);
      print_sentences (preview, "Problems", _("What is against it"), CH_COLOUR_BAD);
    }

  if (problems[0] != NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("It cannot be ordered like this; nothing was sent"));

  if (!cli->json)
    {
      ch_print ("%s", "");
      ch_print ("%s", _("Nothing is against it. This was a dry run: nothing was ordered."));
    }
  return TRUE;
}
