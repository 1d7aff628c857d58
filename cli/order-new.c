/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "order.h"

#include "json.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/secret.h"
#include "order-proof.h"
#include "print.h"
#include "secret-input.h"

#include <glib/gi18n.h>

#define TERM_MAX 36
#define LICENSES_MAX 99

static const struct
{
  const char *option;
  const char *key;
} contact_options[] = {
  { "contact-first-name", "first-name" },
  { "contact-last-name", "last-name" },
  { "contact-phone", "phone" },
  { "contact-email", "email" },
};

const GOptionEntry ch_order_new_options[] = {
  CH_OPTION ("account", N_("Order at this account; may be left out when there is one"), N_("NAME")),
  CH_OPTION ("dns", N_("Prove control through this DNS account; without it each name finds its own by the accounts’ zones"),
             N_("NAME")),
  CH_OPTION ("product", N_("alphassl, domainssl, organizationssl or extendedssl"), N_("PRODUCT")),
  CH_OPTION ("method", N_("How control of the names is proven: dns, http or email"), N_("METHOD")),
  CH_OPTION ("key-algorithm", N_("rsa-2048, rsa-3072, rsa-4096, ec-p256 or ec-p384"), N_("ALGORITHM")),
  CH_OPTION ("term", N_("For how long to pay, in months"), N_("MONTHS")),
  CH_OPTION ("contact", N_("Who is responsible: a profile; may be left out when there is one contact"), N_("NAME")),
  CH_OPTION ("contact-first-name", N_("In place of what the profile says"), N_("TEXT")),
  CH_OPTION ("contact-last-name", N_("The same"), N_("TEXT")),
  CH_OPTION ("contact-phone", N_("The same"), N_("TEXT")),
  CH_OPTION ("contact-email", N_("The same"), N_("TEXT")),
  CH_OPTION ("organization", N_("A profile, for organizationssl and extendedssl; may be left out when there is one"), N_("NAME")),
  CH_OPTION ("approver", N_("With the method email: who is mailed"), N_("ADDRESS")),
  CH_OPTION ("transfer", N_("Take over the certificate of another CA that is in this file"), N_("FILE")),
  CH_OPTION ("licenses", N_("On how many servers it is used, for the CA's bill"), N_("NUMBER")),
  CH_OPTION ("coupon", N_("A code for a rebate"), N_("CODE")),
  CH_OPTION ("campaign", N_("A code of the CA's sales people"), N_("CODE")),
  CH_OPTION ("instructions", N_("A note to the CA's staff"), N_("TEXT")),
  CH_OPTION ("not-before", N_("When the certificate begins, in UTC"), N_("YYYY-MM-DD")),
  CH_OPTION ("not-after", N_("When the certificate ends, in UTC"), N_("YYYY-MM-DD")),
  CH_OPTION ("csr", N_("Use this certificate signing request; no key is made then"), N_("FILE")),
  CH_OPTION ("private-key", N_("The key of that request, so that deployments can install it"), N_("FILE")),
  CH_OPTION ("note", N_("A note for people, which stays here"), N_("TEXT")),
  CH_OPTION ("tag", N_("A word to find it by; may be given several times"), N_("TAG")),
  CH_SWITCH ("auto-renew", N_("Renew by itself at the end of the term, which costs money each time")),
  CH_SWITCH ("no-auto-replace", N_("Do not even reissue by itself, which is free")),
  CH_SWITCH ("dry-run", N_("Only show what would be sent, what it costs, and every rule that it breaks")),
  CH_SWITCH ("wait", N_("Watch until it is issued and deployed, or has failed")),
  { NULL }
};

static void
add_text (ChArgs       *args,
          GVariantDict *settings,
          const char   *option,
          const char   *key)
{
  if (ch_args_has (args, option))
    g_variant_dict_insert (settings, key, "s", ch_args_get (args, option));
}

static void
add_contact (ChArgs       *args,
             GVariantDict *settings)
{
  g_autoptr(GVariantBuilder) contact = g_variant_builder_new (G_VARIANT_TYPE ("a{ss}"));
  gboolean any = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (contact_options); i++)
    {
      const char *value = ch_args_get (args, contact_options[i].option);

      if (value == NULL)
        continue;
      g_variant_builder_add (contact, "{ss}", contact_options[i].key, value);
      any = TRUE;
    }

  if (any)
    g_variant_dict_insert_value (settings, "contact", g_variant_builder_end (contact));
}

static void
add_tags (ChArgs       *args,
          GVariantDict *settings)
{
  GPtrArray *tags = ch_args_all (args, "tag");

  if (tags != NULL)
    g_variant_dict_insert_value (settings, "tags", g_variant_new_strv ((const char *const *) tags->pdata, tags->len));
}

static gboolean
add_file (ChArgs       *args,
          GVariantDict *settings,
          const char   *option,
          const char   *key,
          GError      **error)
{
  const char *file = ch_args_get (args, option);
  ch_autosecret char *text = NULL;

  if (file == NULL)
    return TRUE;

  text = ch_input_read (file, option, error);
  if (text == NULL)
    return FALSE;

  g_variant_dict_insert (settings, key, "s", text);
  return TRUE;
}

static gboolean
add_day (ChArgs       *args,
         GVariantDict *settings,
         const char   *option,
         GError      **error)
{
  gint64 day;

  if (!ch_args_has (args, option))
    return TRUE;
  if (!ch_args_day (args, option, &day, error))
    return FALSE;

  g_variant_dict_insert (settings, option, "x", day);
  return TRUE;
}

/* What few orders say. */
static gboolean
add_options (ChArgs       *args,
             GVariantDict *settings,
             GError      **error)
{
  guint licenses;

  if (!ch_args_number (args, "licenses", 0, 1, LICENSES_MAX, &licenses, error)
      || !add_day (args, settings, "not-before", error) || !add_day (args, settings, "not-after", error)
      || !add_file (args, settings, "transfer", "replaces", error))
    return FALSE;

  if (licenses != 0)
    g_variant_dict_insert (settings, "licenses", "u", licenses);
  if (ch_args_has (args, "transfer"))
    g_variant_dict_insert (settings, "kind", "s", "transfer");
  add_text (args, settings, "coupon", "coupon");
  add_text (args, settings, "campaign", "campaign");
  add_text (args, settings, "instructions", "instructions");
  return TRUE;
}

static GVariant *
collect (ChArgs  *args,
         GError **error)
{
  g_auto(GVariantDict) settings = G_VARIANT_DICT_INIT (NULL);
  guint term;

  if (ch_args_has (args, "private-key") && !ch_args_has (args, "csr"))
    {
      ch_error_set (error, CH_ERROR_INVALID,
                    _("“--private-key” goes with “--csr”; without a request a new key is made"));
      return NULL;
    }
  if (!ch_args_number (args, "term", 0, 1, TERM_MAX, &term, error)
      || !add_file (args, &settings, "csr", "csr", error)
      || !add_file (args, &settings, "private-key", "private-key", error) || !add_options (args, &settings, error))
    return NULL;

  add_text (args, &settings, "account", "account");
  add_text (args, &settings, "dns", "dns-account");
  add_text (args, &settings, "product", "product");
  add_text (args, &settings, "method", "method");
  add_text (args, &settings, "approver", "approver");
  add_text (args, &settings, "contact", "contact-profile");
  add_text (args, &settings, "organization", "organization");
  add_text (args, &settings, "key-algorithm", "key");
  add_text (args, &settings, "note", "note");
  add_tags (args, &settings);
  if (term != 0)
    g_variant_dict_insert (&settings, "term", "u", term);
  add_contact (args, &settings);
  if (ch_args_has (args, "auto-renew"))
    g_variant_dict_insert (&settings, "auto-renew", "b", TRUE);
  if (ch_args_has (args, "no-auto-replace"))
    g_variant_dict_insert (&settings, "auto-replace", "b", FALSE);

  return g_variant_ref_sink (g_variant_dict_end (&settings));
}

static gboolean
print_new (ChCli      *cli,
           const char *path,
           GError    **error)
{
  g_autoptr(ChObject) order = ch_client_get (cli->client, path, CH_IFACE_ORDER, NULL, error);
  g_autofree char *name = NULL;
  g_autofree char *id = NULL;

  if (order == NULL)
    return FALSE;
  if (cli->json)
    {
      ch_json_print (order->row);
      return TRUE;
    }

  id = g_strdup_printf ("%" G_GINT64_FORMAT, ch_row_number (order->row, "Id"));
  name = ch_clean (ch_row_string (order->row, "Name"));
  ch_print (_("Order %s for %s is written down and goes on by itself."), id, name);
  if (!ch_order_proof_await (cli, path, order->row, error))
    return FALSE;
  if (!ch_args_has (cli->args, "wait"))
    ch_print (_("Next: watch it with “chancery order watch %s”."), id);
  return TRUE;
}

/* @settings: (transfer full). Somebody who sits there is asked who approves it. */
static GVariant *
add_approver (ChCli     *cli,
              GVariant  *settings,
              GError   **error)
{
  g_autoptr(GVariant) before = settings;
  const char *method = ch_args_get (cli->args, "method");
  const char *name = g_ptr_array_index (cli->args->words, 0);

  if (!cli->json)
    {
      const char *names[] = { name, NULL };
      ch_order_proof_notice (cli, names, method);
    }
  if (g_strcmp0 (method, "email") != 0 || ch_args_has (cli->args, "approver") || cli->json || !ch_input_can_ask ())
    return g_steal_pointer (&before);

  g_autofree char *approver = ch_order_ask_approver (cli, ch_args_get (cli->args, "account"), name, error);
  if (approver == NULL)
    return NULL;

  g_auto(GVariantDict) more = G_VARIANT_DICT_INIT (before);
  g_variant_dict_insert (&more, "approver", "s", approver);
  return g_variant_ref_sink (g_variant_dict_end (&more));
}

gboolean
ch_order_new (ChCli   *cli,
              GError **error)
{
  g_autoptr(GVariant) settings = collect (cli->args, error);
  ChClient *client = settings != NULL ? ch_cli_client (cli, error) : NULL;
  GPtrArray *names = cli->args->words;
  gboolean wait = ch_args_has (cli->args, "wait");
  g_autoptr(GVariant) reply = NULL;
  const char *path;

  if (client == NULL)
    return FALSE;
  if (ch_args_has (cli->args, "dry-run"))
    return ch_order_check (cli, settings, error);

  settings = add_approver (cli, g_steal_pointer (&settings), error);
  if (settings == NULL)
    return FALSE;

  /* Before the order is there, so that no change of it is missed. */
  if (wait)
    ch_client_subscribe (client);

  reply = ch_client_call_manager (client, "NewOrder",
                                  g_variant_new ("(@as@a{sv}@a{sv})",
                                                 g_variant_new_strv ((const char *const *) names->pdata,
                                                                     names->len),
                                                 settings, ch_no_options ()),
                                  "(o)", NULL, error);
  if (reply == NULL)
    return FALSE;

  g_variant_get (reply, "(&o)", &path);
  if (!(cli->json && wait) && !print_new (cli, path, error))
    return FALSE;

  return !wait || ch_order_follow (cli, path, error);
}
