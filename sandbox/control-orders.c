/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control-handlers.h"

#include "dates.h"
#include "issue.h"
#include "mails.h"
#include "products.h"
#include "seed.h"

#include "lib/error.h"

/* The CN and the ordered names; once issued, those of the certificate. */
static JsonArray *
names_of (const SbOrder *order)
{
  JsonArray *array = json_array_new ();

  if (order->names == NULL || order->names[0] == NULL)
    {
      json_array_add_string_element (array, order->common_name);
      for (gsize i = 0; order->sans != NULL && order->sans[i] != NULL; i++)
        json_array_add_string_element (array, sb_san_name (order->sans[i]));
    }
  else
    for (gsize i = 0; order->names[i] != NULL; i++)
      json_array_add_string_element (array, order->names[i]);

  return array;
}

JsonNode *
sb_control_list_orders (SbWorld     *world,
                        JsonObject  *body,
                        char       **why)
{
  JsonArray *array = json_array_new ();
  GPtrArray *orders = sb_state_orders (world->state);
  g_autoptr(GHashTable) requests = sb_requests_by_order (world->requests);

  sb_world_settle (world, sb_now ());
  for (guint i = 0; i < orders->len; i++)
    {
      SbOrder *order = g_ptr_array_index (orders, i);
      JsonObject *object = sb_order_to_json (order);

      json_object_set_array_member (object, "names", names_of (order));
      json_object_remove_member (object, "price");
      json_object_set_double_member (object, "charged", order->price / 100.0);
      JsonArray *about = g_hash_table_lookup (requests, order->id);
      json_object_set_array_member (object, "requests", about != NULL ? json_array_ref (about) : json_array_new ());
      json_array_add_object_element (array, object);
    }

  return sb_json_take_array (array);
}

JsonNode *
sb_control_list_mails (SbWorld     *world,
                       JsonObject  *body,
                       char       **why)
{
  return sb_json_take_array (sb_mails_list (world));
}

static JsonNode *
answer_mail (SbWorld     *world,
             JsonObject  *body,
             gboolean     approve,
             char       **why)
{
  const char *mail = json_object_get_string_member_with_default (body, "mail", NULL);
  const char *order = json_object_get_string_member_with_default (body, "order", NULL);

  return sb_mails_answer (world, mail, order, approve, why) ? sb_control_done () : NULL;
}

JsonNode *
sb_control_approve (SbWorld     *world,
                    JsonObject  *body,
                    char       **why)
{
  return answer_mail (world, body, TRUE, why);
}

JsonNode *
sb_control_reject (SbWorld     *world,
                   JsonObject  *body,
                   char       **why)
{
  return answer_mail (world, body, FALSE, why);
}

static gboolean
turn_down (SbOrder *next,
           gint64   now,
           gint64  *refund)
{
  next->status = SB_STATUS_CANCELLED;
  next->cancelled = now;
  *refund = next->price;
  next->price = 0;
  sb_order_note (next, "ORDER_REJECTED", now);
  return TRUE;
}

/* The staff's decision on a held order. What was proven meanwhile is issued at once. */
static gboolean
decide (SbWorld     *world,
        SbOrder     *next,
        JsonObject  *body,
        gint64      *refund,
        GError     **error)
{
  gint64 now = sb_now ();

  if (sb_control_flag (body, "reject", FALSE))
    return turn_down (next, now, refund);

  next->status = SB_STATUS_INITIAL;
  sb_order_note (next, "PHISHING_CHECK_PASSED", now);
  return sb_control_flag (body, "issue", FALSE) ? sb_issue (world, next, now, error)
                                                : sb_issue_when_ready (world, next, now, error);
}

/* The staff's decision on an organisation. */
static gboolean
vet (SbWorld     *world,
     SbOrder     *next,
     JsonObject  *body,
     gint64      *refund,
     GError     **error)
{
  if (!sb_product_is_vetted (sb_product_find (next->product)))
    return ch_error_set (error, CH_ERROR_INVALID, "Order %s is not for an organisation.", next->id);
  if (sb_control_flag (body, "reject", FALSE))
    return turn_down (next, sb_now (), refund);

  return sb_issue_vetted (world, next, sb_control_flag (body, "domains", FALSE), sb_now (), error);
}

typedef gboolean (*Decision) (SbWorld     *world,
                              SbOrder     *next,
                              JsonObject  *body,
                              gint64      *refund,
                              GError     **error);

static JsonNode *
change_order (SbWorld     *world,
              JsonObject  *body,
              Decision     decision,
              char       **why)
{
  const char *id = json_object_get_string_member_with_default (body, "order", NULL);
  SbOrder *order = sb_state_order (world->state, id);
  g_autoptr(GPtrArray) changed = g_ptr_array_new_with_free_func ((GDestroyNotify) sb_order_free);
  g_autoptr(GError) error = NULL;
  gint64 refund = 0;

  if (order == NULL || (order->status != SB_STATUS_PHISHING_CHECK && order->status != SB_STATUS_INITIAL))
    {
      *why = g_strdup_printf ("There is no open order “%s”.", id != NULL ? id : "");
      return NULL;
    }

  SbOrder *next = sb_order_copy (order);
  g_ptr_array_add (changed, next);
  if (!decision (world, next, body, &refund, &error)
      || !sb_state_commit_all (world->state, changed, -refund, &error))
    {
      *why = g_strdup (error->message);
      return NULL;
    }

  return sb_control_done ();
}

JsonNode *
sb_control_release (SbWorld     *world,
                    JsonObject  *body,
                    char       **why)
{
  return change_order (world, body, decide, why);
}

JsonNode *
sb_control_vet (SbWorld     *world,
                JsonObject  *body,
                char       **why)
{
  return change_order (world, body, vet, why);
}

JsonNode *
sb_control_seed (SbWorld     *world,
                 JsonObject  *body,
                 char       **why)
{
  return sb_seed (world, body, why) ? sb_control_done () : NULL;
}
