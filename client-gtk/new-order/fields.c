/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "new-order/fields.h"

#include "form/question.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "new-order/names.h"
#include "orders/format.h"

#include <glib/gi18n.h>

static const char *const products[] = {
  "alphassl", "domainssl", "organizationssl", "extendedssl", NULL
};
static const char *const product_titles[] = {
  "AlphaSSL", "DomainSSL", "OrganizationSSL", "ExtendedSSL", NULL
};
static const char *const keys[] = { "rsa-2048", "rsa-3072", "rsa-4096", "ec-p256", "ec-p384", NULL };
static const char *const key_titles[] = {
  "RSA 2048", "RSA 3072", "RSA 4096", "ECC P-256", "ECC P-384", NULL
};
static const char *const nothing[] = { NULL };
static const char *const no_yes[] = { "no", "yes", NULL };
static const char *const yes_no[] = { "yes", "no", NULL };

/* what there is to choose from */

static gboolean
is_offered (ChItem     *item,
            const char *kind)
{
  return (kind == NULL || g_str_equal (ch_item_get_text (item, "Kind"), kind))
         && !g_str_equal (ch_item_get_text (item, "State"), "disabled");
}

/* (transfer full): the names of what is in use; @kind is (nullable): any */
static GStrv
list_names (ChService  *service,
            const char *interface,
            const char *kind)
{
  GListModel *all = G_LIST_MODEL (ch_service_get_list (service, interface));
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr(ChItem) item = g_list_model_get_item (all, i);

      if (is_offered (item, kind))
        g_strv_builder_add (names, ch_item_get_text (item, "Name"));
    }

  return g_strv_builder_end (names);
}

/* Where there is one, it is taken without a question. */
static void
add_choice_of_names (GVariantBuilder *fields,
                     ChQuestion       question,
                     ChService       *service,
                     const char      *interface,
                     const char      *kind)
{
  g_auto(GStrv) names = list_names (service, interface, kind);

  if (g_strv_length (names) < 2)
    return;

  question.choices = (const char *const *) names;
  question.unset = C_("choice", "Not set");
  question.required = TRUE;
  ch_question_add (&question, fields);
}

/* the questions */

static void
add_names (GVariantBuilder *fields,
           const char      *help)
{
  const ChQuestion names = { "names", _("Names"), help, .required = TRUE, .multiline = TRUE };

  ch_question_add (&names, fields);
}

static void
add_proof (GVariantBuilder *fields,
           ChService       *service)
{
  g_auto(GStrv) accounts = list_names (service, CH_IFACE_DNS_ACCOUNT, NULL);
  const ChQuestion method = {
    "method", _("Proof of control"),
    _("How the authority sees that the names are yours; by a TXT record, unless the account says otherwise"),
    .choices = nothing, .unset = C_("choice", "The usual one"),
  };
  const ChQuestion account = {
    "dns-account", _("DNS account"), _("That puts the record there and takes it away again"),
    .choices = (const char *const *) accounts, .unset = C_("choice", "Found by itself"),
  };
  const ChQuestion approver = {
    "approver", _("Approver"), _("Who is mailed, and says yes"),
    .choices = nothing, .unset = C_("choice", "Choose who is mailed"), .required = TRUE,
  };

  ch_question_add (&method, fields);
  if (accounts[0] != NULL)
    ch_question_add (&account, fields);
  ch_question_add (&approver, fields);
}

static void
add_people (GVariantBuilder *fields,
            ChService       *service)
{
  const ChQuestion contact = { "contact-profile", _("Contact"), _("Whom the authority turns to") };
  const ChQuestion organization = { "organization", _("Organisation"), _("Which the certificate names") };

  add_choice_of_names (fields, contact, service, CH_IFACE_PROFILE, "contact");
  add_choice_of_names (fields, organization, service, CH_IFACE_PROFILE, "organization");
}

static void
add_request (GVariantBuilder *fields)
{
  const ChQuestion request = {
    "csr", _("Certificate signing request"),
    _("One of your own, as PEM; without it a new key is made and kept here"),
    .advanced = TRUE, .multiline = TRUE,
  };

  ch_question_add (&request, fields);
}

static void
add_term (GVariantBuilder *fields,
          gboolean         is_rare)
{
  const ChQuestion term = {
    "term", _("Term"), _("For how many months to pay. Without it: 12"), .advanced = is_rare
  };

  ch_question_add (&term, fields);
}

static void
add_rare (GVariantBuilder *fields)
{
  const char *renew_titles[] = { _("No: it is told when it is time"), _("Yes, which costs money each time"),
                                 NULL };
  const char *replace_titles[] = { _("Yes, free within the term"), _("No"), NULL };
  const ChQuestion questions[] = {
    { "key", _("Key"), _("The kind of key that is made; RSA 2048, unless the account says otherwise"),
      .choices = keys, .titles = key_titles, .unset = C_("choice", "The usual one") },
    { "private-key", _("Private key of the request"), _("As PEM, so that deployments can install it"),
      .secret = TRUE, .multiline = TRUE },
    { "auto-replace", _("Reissue by itself"), .choices = yes_no, .titles = replace_titles },
    { "auto-renew", _("Renew by itself"), .choices = no_yes, .titles = renew_titles },
    { "note", _("Note"), _("For people; it stays here") },
    { "tags", _("Tags"), _("With blanks or commas between them") },
    { "coupon", _("Coupon"), _("A code for a rebate") },
    { "campaign", _("Campaign"), _("A code of the authority’s sales people") },
    { "licenses", _("Licences"), _("On how many servers it is used, for the authority’s bill") },
    { "instructions", _("Instructions"), _("A note to the authority’s staff") },
    { "replaces", _("Certificate to take over"),
      _("Of another authority, as PEM: the order is a transfer then"), .multiline = TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      ChQuestion question = questions[i];

      question.advanced = TRUE;
      ch_question_add (&question, fields);
    }
}

static void
add_new_order (GVariantBuilder *fields,
               ChService       *service)
{
  const ChQuestion account = { "account", _("Account"), _("Where it is ordered") };
  const ChQuestion product = {
    "product", _("Product"),
    _("Usual is AlphaSSL for one name and DomainSSL for several, unless the account says otherwise"),
    .choices = products, .titles = product_titles, .unset = C_("choice", "The usual one"),
  };

  add_names (fields, _("One below the other, or with blanks or commas between them; *.example.org is a "
                       "wildcard. The first one becomes the common name"));
  add_choice_of_names (fields, account, service, CH_IFACE_ACCOUNT, NULL);
  ch_question_add (&product, fields);
  add_people (fields, service);
  add_proof (fields, service);
  add_term (fields, TRUE);
  add_request (fields);
  add_rare (fields);
}

static void
add_reissue (GVariantBuilder *fields)
{
  const char *choices[G_N_ELEMENTS (keys) + 1] = { "keep" };
  const char *titles[G_N_ELEMENTS (keys) + 1] = { _("The same key again") };
  const ChQuestion key = {
    "key", _("Key"), .choices = choices, .titles = titles, .unset = C_("choice", "A new one of the same kind")
  };

  for (gsize i = 0; keys[i] != NULL; i++)
    {
      choices[i + 1] = keys[i];
      titles[i + 1] = key_titles[i];
    }

  add_names (fields, _("All that are wanted; the first one stays the common name"));
  ch_question_add (&key, fields);
  add_request (fields);
}

GVariant *
ch_order_fields (ChOrderPurpose purpose,
                 ChService     *service)
{
  GVariantBuilder fields = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  switch (purpose)
    {
    case CH_ORDER_NEW:
      add_new_order (&fields, service);
      break;
    case CH_ORDER_RENEWAL:
      add_term (&fields, FALSE);
      break;
    case CH_ORDER_REISSUE:
      add_reissue (&fields);
      break;
    }

  return g_variant_builder_end (&fields);
}

/* what is asked as things stand */

static gboolean
is_in (ChForm     *form,
       const char *name,
       const char *value)
{
  g_autofree char *now = ch_form_get_value (form, name);

  return g_str_equal (now, value);
}

void
ch_order_fields_show_needed (ChForm *form)
{
  gboolean is_vetted = is_in (form, "product", "organizationssl") || is_in (form, "product", "extendedssl");
  gboolean is_dns = is_in (form, "method", "dns") || is_in (form, "method", "");
  gboolean has_csr = !is_in (form, "csr", "");

  ch_form_show_field (form, "organization", is_vetted);
  ch_form_show_field (form, "method", !is_vetted);
  ch_form_show_field (form, "dns-account", !is_vetted && is_dns);
  ch_form_show_field (form, "approver", !is_vetted && is_in (form, "method", "email"));
  ch_form_show_field (form, "key", !has_csr);
  ch_form_show_field (form, "private-key", has_csr);
}

void
ch_order_fields_set_methods (ChForm   *form,
                             GVariant *rows)
{
  ChFormField *field = ch_form_get_field (form, "method");
  g_autoptr(GStrvBuilder) methods = g_strv_builder_new ();
  g_autoptr(GStrvBuilder) titles = g_strv_builder_new ();

  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (rows, i);

      if (!ch_row_flag (row, "Allowed"))
        continue;
      g_strv_builder_add (methods, ch_row_string (row, "Method"));
      g_strv_builder_add (titles, ch_format_method (ch_row_string (row, "Method")));
    }

  g_auto(GStrv) values = g_strv_builder_end (methods);
  g_auto(GStrv) texts = g_strv_builder_end (titles);

  if (field != NULL)
    ch_form_field_set_choices (field, (const char *const *) values, (const char *const *) texts);
}

/* reading */

static void
take_text (ChForm       *form,
           GVariantDict *settings,
           const char   *name)
{
  ChFormField *field = ch_form_get_field (form, name);
  g_autofree char *text = ch_form_get_value (form, name);

  if (field != NULL && gtk_widget_get_visible (GTK_WIDGET (field)) && *g_strstrip (text) != '\0')
    g_variant_dict_insert (settings, name, "s", text);
}

static gboolean
take_number (ChForm       *form,
             GVariantDict *settings,
             const char   *name)
{
  g_autofree char *text = ch_form_get_value (form, name);
  guint64 number;

  if (*g_strstrip (text) == '\0')
    return TRUE;
  if (g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT32, &number, NULL))
    {
      g_variant_dict_insert (settings, name, "u", (guint32) number);
      return TRUE;
    }

  ch_form_show_problem (form, name, _("A whole number above 0 is needed"));
  return FALSE;
}

/* What was not touched is for the account's settings to say. */
static void
take_switch (ChForm       *form,
             GVariantDict *settings,
             const char   *name)
{
  const char *const names[] = { name, NULL };

  if (ch_form_is_changed (form, names))
    g_variant_dict_insert (settings, name, "b", is_in (form, name, "yes"));
}

static void
take_tags (ChForm       *form,
           GVariantDict *settings)
{
  g_autofree char *text = ch_form_get_value (form, "tags");
  g_auto(GStrv) tags = ch_names_split (text);

  if (tags[0] != NULL)
    g_variant_dict_insert_value (settings, "tags", g_variant_new_strv ((const char *const *) tags, -1));
}

static void
take_new_order (ChForm       *form,
                GVariantDict *settings)
{
  static const char *const texts[] = {
    "account", "product", "contact-profile", "organization", "method", "dns-account", "approver", "key",
    "csr", "private-key", "note", "coupon", "campaign", "instructions", "replaces"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    take_text (form, settings, texts[i]);
  if (g_variant_dict_contains (settings, "replaces"))
    g_variant_dict_insert (settings, "kind", "s", "transfer");
  take_switch (form, settings, "auto-replace");
  take_switch (form, settings, "auto-renew");
  take_tags (form, settings);
}

static void
take_reissue (ChForm            *form,
              GVariantDict      *settings,
              const char *const *names)
{
  g_variant_dict_insert_value (settings, "names", g_variant_new_strv (names, -1));
  take_text (form, settings, "csr");
  if (!is_in (form, "key", "keep"))
    take_text (form, settings, "key");
  else if (!g_variant_dict_contains (settings, "csr"))
    g_variant_dict_insert (settings, "keep-key", "b", TRUE);
}

GVariant *
ch_order_fields_read (ChForm        *form,
                      ChOrderPurpose purpose,
                      GStrv         *names)
{
  g_autofree char *text = ch_form_get_value (form, "names");
  g_auto(GVariantDict) settings = G_VARIANT_DICT_INIT (NULL);

  *names = ch_names_split (text);
  if (!take_number (form, &settings, "term") || !take_number (form, &settings, "licenses"))
    return NULL;
  if (purpose == CH_ORDER_NEW)
    take_new_order (form, &settings);
  else if (purpose == CH_ORDER_REISSUE)
    take_reissue (form, &settings, (const char *const *) *names);

  return g_variant_ref_sink (g_variant_dict_end (&settings));
}
