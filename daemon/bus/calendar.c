/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/dispatch.h"

#include "lib/error.h"
#include "lib/paths.h"

#include <glib/gi18n.h>

/* A year of days. */
#define MAX_PERIODS 366

static gboolean
check_bounds (const gint64 *bounds,
              gsize         n_bounds,
              GError      **error)
{
  if (n_bounds < 2 || n_bounds > MAX_PERIODS + 1)
    return ch_error_set (error, CH_ERROR_LIMIT, _("A calendar has 1 to %d periods: give 2 to %d moments"), MAX_PERIODS, MAX_PERIODS + 1);

  for (gsize i = 1; i < n_bounds; i++)
    if (bounds[i] <= bounds[i - 1])
      return ch_error_set (error, CH_ERROR_INVALID, _("The moments of a calendar must rise: moment %u does not come after the one before it"),
                           (guint) i + 1);

  return TRUE;
}

static GVariant *
period_row (const ChPeriod *period)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&row, "{sv}", "From", g_variant_new_int64 (period->from));
  g_variant_builder_add (&row, "{sv}", "Until", g_variant_new_int64 (period->until));
  g_variant_builder_add (&row, "{sv}", "Ends", g_variant_new_uint32 (period->ends));
  g_variant_builder_add (&row, "{sv}", "Unattended", g_variant_new_uint32 (period->unattended));
  g_variant_builder_add (&row, "{sv}", "Reissues", g_variant_new_uint32 (period->reissues));
  g_variant_builder_add (&row, "{sv}", "Renewals", g_variant_new_uint32 (period->renewals));
  g_variant_builder_add (&row, "{sv}", "TermEnds", g_variant_new_uint32 (period->term_ends));
  return g_variant_builder_end (&row);
}

static GVariant *
calendar (ChStore  *store,
          GVariant *list,
          GError  **error)
{
  gsize n_bounds;
  const gint64 *bounds = g_variant_get_fixed_array (list, &n_bounds, sizeof *bounds);
  g_autoptr(GArray) periods = check_bounds (bounds, n_bounds, error)
                              ? ch_store_count_periods (store, bounds, (guint) n_bounds, error) : NULL;
  GVariantBuilder rows;

  if (periods == NULL)
    return NULL;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < periods->len; i++)
    g_variant_builder_add_value (&rows, period_row (&g_array_index (periods, ChPeriod, i)));

  return g_variant_new ("(aa{sv})", &rows);
}

static void
get_calendar (ChCall *call)
{
  g_autoptr(GVariant) bounds = ch_call_argument (call, 0);
  GError *error = NULL;

  if (!ch_call_check_options (call, 1, ch_options_none, "options"))
    return;

  GVariant *reply = calendar (call->bus->world->store, bounds, &error);
  ch_call_answer (call, reply, error);
}

const ChMethod ch_calendar_methods[] = {
  { CH_IFACE_MANAGER, "GetCalendar", CH_ACTION_VIEW, get_calendar },
  { NULL }
};
