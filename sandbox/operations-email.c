/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "operations.h"

#include "draft.h"
#include "mails.h"
#include "names.h"
#include "place.h"
#include "reservations.h"

#include <string.h>

static void
add_approvers (xmlNode    *list,
               const char *name)
{
  g_autoptr(GPtrArray) addresses = sb_mail_addresses (name);

  for (guint i = 0; i < addresses->len; i++)
    {
      xmlNode *item = sb_add (list, "SearchOrderDetail"); /* so it is called, and not Approver */

      sb_add_text (item, "ApproverType", "GENERIC");
      sb_add_text (item, "ApproverEmail", g_ptr_array_index (addresses, i));
    }
}

/* Of the further names only those whose domain is another one. */
static void
add_further (SbCall     *call,
             xmlNode    *list,
             const char *name)
{
  xmlNode *entries = sb_find (call->request, "SANEntries");
  const char *domain = sb_name_registrable (name);

  for (xmlNode *node = entries != NULL ? entries->children : NULL; node != NULL; node = node->next)
    {
      g_autofree char *text = sb_is_named (node, "SANEntry") ? sb_text (node, "SubjectAltName") : NULL;
      g_autofree char *san = text != NULL ? g_ascii_strdown (text, -1) : NULL;

      if (san != NULL && sb_name_judge (san, -6018) == 0 && !sb_name_is_covered (san, domain))
        add_approvers (list, san);
    }
}

/* The name in lower case without “*.”; %NULL with the reason in the call's errors. */
static char *
read_name (SbCall *call)
{
  g_autofree char *text = sb_text (call->request, "FQDN");

  if (text == NULL)
    {
      sb_call_fail (call, -102, "FQDN");
      return NULL;
    }

  g_autofree char *name = g_ascii_strdown (text, -1);
  int code = sb_name_is_address (name) ? -104 : sb_name_judge (name, -104);
  if (code != 0 || sb_mail_has_ended (call->now))
    {
      sb_call_fail (call, code != 0 ? code : -4009, "FQDN");
      return NULL;
    }

  return g_strdup (sb_name_base (name));
}

static void
add_list (SbCall     *call,
          const char *name)
{
  xmlNode *list = sb_add (call->response, "Approvers");

  add_approvers (list, name);
  add_further (call, list, name);
}

static void
warn_of_name (SbCall     *call,
              const char *name)
{
  if (!sb_is_high_risk (call->world, name))
    return;

  sb_call_fail (call, -5001, NULL);
  call->success = 1;
}

void
sb_get_dv_approver_list (SbCall *call)
{
  g_autofree char *name = read_name (call);
  g_autofree char *given = sb_text (call->request, "OrderID");
  const char *id = NULL;

  if (name != NULL)
    {
      const char *reserved = given != NULL ? sb_reservation_name (call, given) : NULL;

      if (given == NULL)
        id = sb_reserve (call, name);
      else if (reserved != NULL && strcmp (reserved, name) != 0)
        sb_call_fail (call, -6021, "FQDN");
      else
        id = reserved != NULL ? given : NULL;
    }
  if (id != NULL)
    {
      add_list (call, name);
      sb_add_text (call->response, "OrderID", id);
      warn_of_name (call, name);
    }

  sb_call_done (call);
}

void
sb_get_approver_list (SbCall *call)
{
  g_autofree char *name = read_name (call);

  if (name != NULL)
    add_list (call, name);
  sb_call_done (call);
}

static SbOrder *
place (SbCall *call)
{
  g_autofree char *id = sb_text (call->request, "OrderID");
  g_autofree char *address = sb_text (call->request, "ApproverEmail");
  const char *name = sb_reservation_name (call, id);
  g_autoptr(SbOrder) order = name != NULL ? sb_draft_order (call, SB_METHOD_EMAIL) : NULL;

  if (order == NULL)
    return NULL;
  if (strcmp (sb_name_base (order->common_name), name) != 0)
    {
      sb_call_fail (call, -6021, "OrderRequestParameter.CSR");
      return NULL;
    }
  if (!sb_mail_is_allowed (order->common_name, address) || sb_mail_has_ended (call->now))
    {
      sb_call_fail (call, -4009, "ApproverEmail");
      return NULL;
    }

  order->id = g_steal_pointer (&id);
  order->approver = g_steal_pointer (&address);
  return sb_place (call, g_steal_pointer (&order));
}

void
sb_dv_order (SbCall *call)
{
  SbOrder *order = place (call);

  if (order != NULL)
    sb_add_text (call->response, "OrderID", order->id);
  sb_call_done (call);
}

/* An order that waits for the click in a mail; %NULL with the reason in the call's errors. */
static SbOrder *
order_by_mail (SbCall *call)
{
  SbOrder *order = sb_call_open_order (call);
  const SbProduct *product = order != NULL ? sb_product_find (order->product) : NULL;

  if (order != NULL && (product == NULL || product->method != SB_METHOD_EMAIL))
    {
      sb_call_fail (call, -9901, "OrderID");
      return NULL;
    }

  return order;
}

/* @address: (nullable): in place of the one before */
static void
send_again (SbCall        *call,
            const SbOrder *order,
            const char    *address,
            const char    *answer)
{
  g_autoptr(SbOrder) next = sb_order_copy (order);
  g_autoptr(GError) error = NULL;

  if (address != NULL)
    {
      g_free (next->approver);
      next->approver = g_strdup (address);
    }
  sb_mails_send (next, call->now);

  if (sb_state_commit (call->world->state, g_steal_pointer (&next), 0, &error))
    sb_add_text (call->response, answer, call->order_id);
  else
    sb_call_fail_internally (call, error);
}

void
sb_resend_email (SbCall *call)
{
  SbOrder *order = order_by_mail (call);

  if (order != NULL)
    send_again (call, order, NULL, "OrderId"); /* spelled so */
  sb_call_done (call);
}

static void
change_approver (SbCall *call)
{
  static const char *const needed[] = { "OrderID", "ApproverEmail", "FQDN" };
  g_autofree char *address = sb_text (call->request, "ApproverEmail");
  g_autofree char *name = sb_text (call->request, "FQDN");

  for (gsize i = 0; i < G_N_ELEMENTS (needed); i++)
    {
      g_autofree char *text = sb_text (call->request, needed[i]);

      if (text == NULL)
        sb_call_fail (call, -102, needed[i]);
    }

  SbOrder *order = call->success == 0 ? order_by_mail (call) : NULL;
  if (order == NULL)
    return;

  if (g_ascii_strcasecmp (sb_name_base (name), sb_name_base (order->common_name)) != 0)
    sb_call_fail (call, -6021, "FQDN");
  else if (!sb_mail_is_allowed (order->common_name, address))
    sb_call_fail (call, -4009, "ApproverEmail");
  else
    send_again (call, order, address, "OrderID");
}

void
sb_change_approver_email (SbCall *call)
{
  change_approver (call);
  sb_call_done (call);
}
