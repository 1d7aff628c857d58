/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/dispatch.h"
#include "bus/rows.h"

#include "engine/policy.h"
#include "lib/paths.h"
#include "lib/times.h"
#include "pki/names.h"

/* Manager.GetPolicy(), Manager.ListMethods(). */

static GVariant *
row_of (const ChPolicyRule *rule)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  ch_row_put_text (&row, "Table", rule->table);
  ch_row_put_text (&row, "Title", rule->title);
  ch_row_put_names (&row, "For", rule->subjects);
  g_variant_builder_add (&row, "{sv}", "From", g_variant_new_int64 (rule->from));
  g_variant_builder_add (&row, "{sv}", "InForce", g_variant_new_boolean (rule->in_force));
  g_variant_builder_add (&row, "{sv}", "Number", g_variant_new_uint32 (rule->number));
  ch_row_put_text (&row, "State", rule->state);
  ch_row_put_text (&row, "Text", rule->text);
  ch_row_put_text (&row, "Source", rule->source);
  return g_variant_builder_end (&row);
}

static void
get_policy (ChCall *call)
{
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  gint64 date;

  if (!ch_call_check_options (call, 1, ch_options_none, "options"))
    {
      g_variant_builder_clear (&rows);
      return;
    }

  g_variant_get_child (call->parameters, 0, "x", &date);
  g_autoptr(GPtrArray) rules = ch_policy_list (call->bus->world->policy, date != 0 ? date : ch_time_now ());
  for (guint i = 0; i < rules->len; i++)
    g_variant_builder_add_value (&rows, row_of (rules->pdata[i]));

  ch_call_answer (call, g_variant_new ("(aa{sv})", &rows), NULL);
}

/* ---- ways of proof ---- */

static gboolean
look_at_names (const char *const *names,
               gboolean           *wildcard,
               GError            **error)
{
  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autofree char *name = ch_name_normalise (names[i], error);

      if (name == NULL)
        return FALSE;
      *wildcard |= g_str_has_prefix (name, "*.");
    }

  return TRUE;
}

static GVariant *
method_row (const ChPolicy *policy,
            ChDcvMethod     method,
            gboolean        wildcard)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autofree char *notice = NULL;
  gboolean allowed = ch_policy_method_allowed (policy, method, ch_time_now (), wildcard, &notice);

  ch_row_put_text (&row, "Method", ch_nick (CH_TYPE_DCV_METHOD, (int) method));
  g_variant_builder_add (&row, "{sv}", "Allowed", g_variant_new_boolean (allowed));
  ch_row_put_text (&row, "Notice", notice);
  return g_variant_builder_end (&row);
}

static gboolean
read_product (const char *nick,
              int        *product,
              GError    **error)
{
  *product = CH_PRODUCT_DOMAINSSL;
  return *nick == '\0' || ch_from_nick (CH_TYPE_PRODUCT, nick, product, error);
}

static void
list_methods (ChCall *call)
{
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_autofree const char **names = NULL;
  gboolean wildcard = FALSE;
  const char *nick;
  GError *error = NULL;
  int product;

  g_variant_get_child (call->parameters, 0, "^a&s", &names);
  g_variant_get_child (call->parameters, 1, "&s", &nick);
  if (!look_at_names (names, &wildcard, &error) || !read_product (nick, &product, &error))
    {
      g_variant_builder_clear (&rows);
      ch_call_answer (call, NULL, error);
      return;
    }

  /* The CA's staff prove the names of the others. */
  if (product == CH_PRODUCT_ALPHASSL || product == CH_PRODUCT_DOMAINSSL)
    for (ChDcvMethod method = CH_DCV_METHOD_DNS; method <= CH_DCV_METHOD_EMAIL; method++)
      g_variant_builder_add_value (&rows, method_row (call->bus->world->policy, method, wildcard));

  ch_call_answer (call, g_variant_new ("(aa{sv})", &rows), NULL);
}

const ChMethod ch_policy_methods[] = {
  { CH_IFACE_MANAGER, "GetPolicy", CH_ACTION_VIEW, get_policy },
  { CH_IFACE_MANAGER, "ListMethods", CH_ACTION_VIEW, list_methods },
  { NULL }
};
