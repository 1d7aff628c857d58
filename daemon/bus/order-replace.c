/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/dispatch.h"
#include "bus/rows.h"

#include "engine/replace.h"
#include "lib/error.h"
#include "lib/paths.h"

#include <glib/gi18n.h>

/* Reissue, renewal, the one that picks, and the plan. */

static const char *
successor_nick (ChSuccessor kind)
{
  static const char *const nicks[] = {
    [CH_SUCCESSOR_NONE] = "none",
    [CH_SUCCESSOR_REISSUE] = "reissue",
    [CH_SUCCESSOR_RENEWAL] = "renewal",
  };

  return nicks[kind];
}

static void
put_next (GVariantBuilder *row,
          const ChNext    *next)
{
  ch_row_put_text (row, "What", successor_nick (next->kind));
  g_variant_builder_add (row, "{sv}", "Paid", g_variant_new_boolean (next->kind == CH_SUCCESSOR_RENEWAL));
  g_variant_builder_add (row, "{sv}", "At", g_variant_new_int64 (next->at));
  g_variant_builder_add (row, "{sv}", "Until", g_variant_new_int64 (next->until));
}

static void
reissue (ChCall *call)
{
  static const ChOption known[] = { { "keep-key", "b" }, { "key", "s" }, { "csr", "s" }, { "names", "as" }, { NULL } };
  GError *error = NULL;
  ChReissueWish wish = { 0 };
  g_autofree const char **names = NULL;

  if (!ch_call_check_options (call, 0, known, "settings") || !ch_call_check_options (call, 1, ch_options_none, "options"))
    return;

  g_autoptr(GVariant) settings = ch_call_argument (call, 0);
  g_variant_lookup (settings, "keep-key", "b", &wish.keep_key);
  g_variant_lookup (settings, "key", "&s", &wish.key_algorithm);
  g_variant_lookup (settings, "csr", "&s", &wish.csr);
  g_variant_lookup (settings, "names", "^a&s", &names);
  wish.names = names;

  gboolean ok = ch_order_reissue (call->bus->world, call->id, &wish, &call->actor, &error);
  ch_call_answer_done (call, ok, error);
}

static void
renew (ChCall *call)
{
  static const ChOption known[] = { { "term", "u" }, { NULL } };
  GError *error = NULL;
  guint32 term = 0;

  if (!ch_call_check_options (call, 0, known, "settings") || !ch_call_check_options (call, 1, ch_options_none, "options"))
    return;

  g_autoptr(GVariant) settings = ch_call_argument (call, 0);
  g_variant_lookup (settings, "term", "u", &term);

  gint64 id = ch_order_renew (call->bus->world, call->id, (int) MIN (term, G_MAXINT), &call->actor, &error);
  ch_call_answer_id (call, CH_FOLDER_ORDERS, id, error);
}

static void
replace (ChCall *call)
{
  static const ChOption known[] = { { "look-only", "b" }, { NULL } };
  GError *error = NULL;
  gboolean look_only = FALSE;
  ChReplacement replacement;

  if (!ch_call_check_options (call, 0, known, "options"))
    return;

  g_autoptr(GVariant) options = ch_call_argument (call, 0);
  g_variant_lookup (options, "look-only", "b", &look_only);
  if (!ch_order_replace (call->bus->world, call->id, look_only, &call->actor, &replacement, &error))
    {
      ch_call_answer (call, NULL, error);
      return;
    }

  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  put_next (&row, &replacement.next);
  ch_row_put_path (&row, "Order", CH_FOLDER_ORDERS, replacement.order_id);
  ch_call_answer (call, g_variant_new ("(a{sv})", &row), NULL);
}

/* Looking changes nothing and costs nothing. */
static const char *
replace_action (const ChCall *call)
{
  g_autoptr(GVariant) options = ch_call_argument (call, 0);
  gboolean look_only = FALSE;

  g_variant_lookup (options, "look-only", "b", &look_only);
  return look_only ? CH_ACTION_VIEW : CH_ACTION_ORDER_CREATE;
}

static void
get_plan (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, ch_options_none, "options"))
    return;

  g_autoptr(GArray) plan = ch_order_plan (call->bus->world, call->id, &error);
  if (plan == NULL)
    {
      ch_call_answer (call, NULL, error);
      return;
    }

  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < plan->len; i++)
    {
      g_variant_builder_open (&rows, G_VARIANT_TYPE_VARDICT);
      put_next (&rows, &g_array_index (plan, ChNext, i));
      g_variant_builder_close (&rows);
    }
  ch_call_answer (call, g_variant_new ("(aa{sv})", &rows), NULL);
}

/* A renewal spends money as a new order does. */
const ChMethod ch_order_replace_methods[] = {
  { CH_IFACE_ORDER, "Reissue", CH_ACTION_ORDER_CHANGE, reissue },
  { CH_IFACE_ORDER, "Renew", CH_ACTION_ORDER_CREATE, renew },
  { CH_IFACE_ORDER, "Replace", CH_ACTION_ORDER_CREATE, replace, .pick_action = replace_action },
  { CH_IFACE_ORDER, "GetPlan", CH_ACTION_VIEW, get_plan },
  { NULL }
};
