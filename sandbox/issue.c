/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "issue.h"

#include "dates.h"
#include "names.h"
#include "products.h"
#include "proofs.h"
#include "subject.h"

#define DAY_MS (24 * 3600 * (gint64) 1000)

static GStrv
certificate_names (SbOrder *order)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  g_autofree char *twin = sb_name_twin (order->common_name);

  g_strv_builder_add (names, order->common_name);
  if (twin != NULL && sb_order_is_proven (order, twin))
    g_strv_builder_add (names, twin);
  for (gsize i = 0; order->sans != NULL && order->sans[i] != NULL; i++)
    g_strv_builder_add (names, sb_san_name (order->sans[i]));

  return g_strv_builder_end (names);
}

/* Whole seconds; both ends count, so the life is one second longer than their difference. */
static void
set_validity (SbOrder *order,
              gint64   now)
{
  gint64 from = MAX (order->wanted_from, now) / 1000 * 1000;
  gint64 until = from + sb_authority_limit (from) * DAY_MS - 1000;

  if (order->term_end == 0)
    order->term_end = sb_add_months (from, order->months);
  until = MIN (until, order->term_end);
  if (order->wanted_until > 0)
    until = MIN (until, order->wanted_until / 1000 * 1000);

  order->not_before = from;
  order->not_after = until;
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
  g_auto(GStrv) subject = sb_subject (order);
  char *certificate = sb_authority_issue (world->authority, order->csr, (const char *const *) order->names,
                                          (const char *const *) subject, sb_subject_policy (order),
                                          order->not_before / 1000, order->not_after / 1000, &serial, error);
  if (certificate == NULL)
    return FALSE;

  g_free (order->certificate);
  order->certificate = certificate;
  g_free (order->serial);
  order->serial = g_steal_pointer (&serial);
  order->status = SB_STATUS_ISSUED;
  order->issued = now;
  if (order->first_issued == 0)
    order->first_issued = now;
  order->issue_due = 0;
  sb_order_note (order, "ORDER_ISSUED", now);
  return TRUE;
}

gboolean
sb_issue_when_ready (SbWorld  *world,
                     SbOrder  *order,
                     gint64    now,
                     GError  **error)
{
  const SbProduct *product = sb_product_find (order->product);
  gboolean is_vetted = !sb_product_is_vetted (product) || order->vetted != 0;

  if (order->status != SB_STATUS_INITIAL || order->verified == 0 || !is_vetted)
    return TRUE;
  if (world->settings.vetting_delay == 0)
    return sb_issue (world, order, now, error);

  order->issue_due = now + world->settings.vetting_delay;
  return TRUE;
}

static void
prove_by_staff (SbOrder    *order,
                const char *name,
                gint64      now)
{
  sb_order_prove (order, SB_PROVEN_BY_STAFF, sb_name_registrable (sb_name_base (name)), now);
}

gboolean
sb_issue_vetted (SbWorld  *world,
                 SbOrder  *next,
                 gboolean  domains,
                 gint64    now,
                 GError  **error)
{
  next->vetted = now;
  sb_order_note (next, "VETTING_COMPLETED", now);
  if (domains)
    prove_by_staff (next, next->common_name, now);
  for (gsize i = 0; domains && next->sans[i] != NULL; i++)
    prove_by_staff (next, sb_san_name (next->sans[i]), now);
  if (domains && next->verified == 0)
    next->verified = now;

  return sb_issue_when_ready (world, next, now, error);
}

static gboolean
is_vetted_by_now (SbWorld       *world,
                  const SbOrder *order,
                  gint64         now)
{
  gint64 delay = world->settings.organization_delay;

  return delay >= 0 && order->status == SB_STATUS_INITIAL && order->vetted == 0 && now - order->ordered >= delay
         && sb_product_is_vetted (sb_product_find (order->product));
}

/* What is due at an order and not done yet, done on a copy. */
static gboolean
settle (SbWorld  *world,
        SbOrder  *next,
        gint64    now,
        GError  **error)
{
  if (next->status == SB_STATUS_REVOKING)
    {
      next->status = SB_STATUS_REVOKED;
      next->revoke_due = 0;
      sb_order_note (next, "CERTIFICATE_REVOKED", now);
      return TRUE;
    }

  if (is_vetted_by_now (world, next, now))
    return sb_issue_vetted (world, next, TRUE, now, error);

  return sb_issue (world, next, now, error);
}

static gboolean
is_due (SbWorld       *world,
        const SbOrder *order,
        gint64         now)
{
  return is_vetted_by_now (world, order, now) || (order->status == SB_STATUS_INITIAL && order->issue_due != 0 && order->issue_due <= now)
         || (order->status == SB_STATUS_REVOKING && order->revoke_due <= now);
}

void
sb_world_settle (SbWorld *world,
                 gint64   now)
{
  GPtrArray *orders = sb_state_orders (world->state);

  for (guint i = 0; i < orders->len; i++)
    {
      SbOrder *order = g_ptr_array_index (orders, i);

      if (!is_due (world, order, now))
        continue;

      g_autoptr(SbOrder) next = sb_order_copy (order);
      g_autoptr(GError) error = NULL;
      if (!settle (world, next, now, &error)
          || !sb_state_commit (world->state, g_steal_pointer (&next), 0, &error))
        g_warning ("Order %s: %s", order->id, error->message);
    }
}
