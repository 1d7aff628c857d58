/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "issue.h"

#include "names.h"

#define DAY 86400

static GStrv
certificate_names (SbOrder *order)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  g_autofree char *twin = sb_name_twin (order->common_name);

  g_strv_builder_add (names, order->common_name);
  if (twin != NULL && order->proven != NULL && sb_name_is_covered (twin, order->proven))
    g_strv_builder_add (names, twin);
  for (gsize i = 0; order->sans != NULL && order->sans[i] != NULL; i++)
    g_strv_builder_add (names, sb_san_name (order->sans[i]));

  return g_strv_builder_end (names);
}

/* Seconds; both ends count, so the life is one second longer than their difference. */
static void
set_validity (SbOrder *order,
              gint64   now)
{
  gint64 from = MAX (order->wanted_from, now) / 1000;
  g_autoptr(GDateTime) start = g_date_time_new_from_unix_utc (from);
  g_autoptr(GDateTime) term = g_date_time_add_months (start, order->months);
  gint64 until = from + sb_authority_limit (from * 1000) * (gint64) DAY - 1;

  until = MIN (until, g_date_time_to_unix (term));
  if (order->wanted_until > 0)
    until = MIN (until, order->wanted_until / 1000);

  order->not_before = from * 1000;
  order->not_after = until * 1000;
}

gboolean
sb_issue (SbWorld  *world,
          SbOrder  *order,
          gint64    now,
          GError  **error)
{
  g_strfreev (order->names);
  order->names = certificate_names (order);
  set_validity (order, now);

  g_autofree char *serial = NULL;
  char *certificate = sb_authority_issue (world->authority, order->csr, (const char *const *) order->names,
                                          order->not_before / 1000, order->not_after / 1000, &serial, error);
  if (certificate == NULL)
    return FALSE;

  g_free (order->certificate);
  order->certificate = certificate;
  g_free (order->serial);
  order->serial = g_steal_pointer (&serial);
  order->status = SB_STATUS_ISSUED;
  order->issued = now;
  order->issue_due = 0;
  sb_order_note (order, "ORDER_ISSUED", now);
  return TRUE;
}

void
sb_world_settle (SbWorld *world,
                 gint64   now)
{
  GPtrArray *orders = sb_state_orders (world->state);

  for (guint i = 0; i < orders->len; i++)
    {
      SbOrder *order = g_ptr_array_index (orders, i);

      if (order->issue_due == 0 || order->issue_due > now || order->status != SB_STATUS_INITIAL)
        continue;

      g_autoptr(SbOrder) next = sb_order_copy (order);
      g_autoptr(GError) error = NULL;
      if (!sb_issue (world, next, now, &error)
          || !sb_state_commit (world->state, g_steal_pointer (&next), 0, &error))
        g_warning ("Order %s: %s", order->id, error->message);
    }
}
