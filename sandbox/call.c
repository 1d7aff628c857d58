/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "call.h"

#include "dates.h"
#include "operations.h"

#include <string.h>

#define HALF_DAY (12 * 3600 * 1000)

SbCall *
sb_call_new (SbWorld           *world,
             const SbOperation *operation,
             xmlDoc            *doc,
             xmlNode           *request,
             SbCallDone         done,
             gpointer           user_data)
{
  SbCall *call = g_new0 (SbCall, 1);

  call->world = world;
  call->operation = operation;
  call->doc = doc;
  call->request = request;
  call->response = xmlNewNode (NULL, (const xmlChar *) "Response");
  call->errors = g_ptr_array_new_with_free_func ((GDestroyNotify) sb_error_free);
  call->now = sb_now ();
  call->done = done;
  call->user_data = user_data;
  return call;
}

void
sb_call_free (SbCall *call)
{
  xmlFreeDoc (call->doc);
  if (call->response != NULL)
    xmlFreeNode (call->response);
  g_ptr_array_unref (call->errors);
  g_free (call->order_id);
  g_free (call);
}

gboolean
sb_call_fail (SbCall     *call,
              int         code,
              const char *field)
{
  g_ptr_array_add (call->errors, sb_error_new (code, field, NULL));
  call->success = -1;
  return FALSE;
}

gboolean
sb_call_fail_internally (SbCall       *call,
                         const GError *error)
{
  g_warning ("%s: %s", call->operation->name, error->message);
  return sb_call_fail (call, -301, NULL);
}

void
sb_call_refuse (SbCall     *call,
                int         code,
                const char *field,
                const char *message)
{
  g_ptr_array_add (call->errors, sb_error_new (code, field, message));
  call->success = -1;
  sb_call_done (call);
}

void
sb_call_done (SbCall *call)
{
  call->done (call, call->user_data);
}

static gboolean
log_in (SbCall *call)
{
  xmlNode *header = xmlFirstElementChild (call->request);
  g_autofree char *user = sb_text (header, "AuthToken/UserName");
  g_autofree char *password = sb_text (header, "AuthToken/Password");
  SbAccount *account = sb_state_account (call->world->state, user);

  if (account != NULL && account->ip_refused)
    return sb_call_fail (call, -4201, NULL);
  if (account == NULL || g_strcmp0 (account->password, password) != 0)
    return sb_call_fail (call, -4001, NULL);
  if (account->locked)
    return sb_call_fail (call, -9939, NULL);

  call->account = account;
  return TRUE;
}

void
sb_call_run (SbCall *call)
{
  SbHandler handler = sb_operations_find (call->operation->name);
  g_autoptr(GPtrArray) wrong = sb_check (call->operation->rules, call->request, call->world->check);

  if (wrong->len > 0)
    {
      g_ptr_array_extend_and_steal (call->errors, g_steal_pointer (&wrong));
      call->success = -1;
      sb_call_done (call);
      return;
    }

  if (!log_in (call))
    sb_call_done (call);
  else if (handler == NULL)
    sb_call_refuse (call, -9100, NULL, "The sandbox does not know this operation yet.");
  else
    {
      sb_world_settle (call->world, call->now);
      handler (call);
    }
}

/* In 2017 an account west of Greenwich had its timestamps on a 12-hour clock. */
static char *
timestamp (SbCall *call)
{
  gint64 now = sb_now ();
  g_autofree char *text = sb_call_date (call, now);

  if (call->account != NULL && call->account->twelve_hours && strncmp (text + 11, "12", 2) >= 0)
    return sb_call_date (call, now - HALF_DAY);

  return g_steal_pointer (&text);
}

static xmlNode *
failed_response (SbCall *call)
{
  xmlNode *response = xmlNewNode (NULL, (const xmlChar *) "Response");
  g_auto(GStrv) names = g_strsplit (call->operation->nils, " ", -1);

  for (gsize i = 0; names[i] != NULL; i++)
    if (*names[i] == '=')
      sb_add (response, names[i] + 1);
    else if (*names[i] != '\0')
      sb_add_nil (response, names[i]);

  return response;
}

static void
restyle_nils (xmlNode    *node,
              SbNilStyle  style)
{
  for (xmlNode *child = xmlFirstElementChild (node), *next = NULL; child != NULL; child = next)
    {
      xmlAttr *nil = xmlHasNsProp (child, (const xmlChar *) "nil", (const xmlChar *) SB_NS_XSI);

      next = xmlNextElementSibling (child);
      if (nil == NULL)
        {
          restyle_nils (child, style);
          continue;
        }
      xmlUnlinkNode (child);
      if (style == SB_NIL_EMPTY)
        {
          xmlNode *empty = xmlNewNode (NULL, child->name);

          if (next != NULL)
            xmlAddPrevSibling (next, empty);
          else
            xmlAddChild (node, empty);
        }
      xmlFreeNode (child);
    }
}

GBytes *
sb_call_answer (SbCall *call)
{
  xmlNode *response = call->success < 0 ? failed_response (call) : g_steal_pointer (&call->response);
  g_autofree char *time = timestamp (call);
  xmlNode *header = sb_wire_header (call->operation->header, call->success, call->errors, time);

  if (call->world->settings.nil_style != SB_NIL_MARKED)
    restyle_nils (response, call->world->settings.nil_style);
  if (response->children != NULL)
    xmlAddPrevSibling (response->children, header);
  else
    xmlAddChild (response, header);

  return sb_wire_answer (call->operation->name, response);
}

char *
sb_call_outcome (SbCall *call)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%d", call->success);
  for (guint i = 0; i < call->errors->len; i++)
    {
      SbError *error = g_ptr_array_index (call->errors, i);
      g_string_append_printf (text, " %d", error->code);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

SbOrder *
sb_call_order (SbCall *call)
{
  g_autofree char *id = sb_text (call->request, "OrderID");

  return sb_call_order_named (call, id, "OrderID");
}

SbOrder *
sb_call_order_named (SbCall     *call,
                     const char *id,
                     const char *field)
{
  SbOrder *order = sb_state_order (call->world->state, id);

  if (order == NULL)
    {
      sb_call_fail (call, -9916, field);
      return NULL;
    }
  if (strcmp (order->user, call->account->user) != 0)
    {
      sb_call_fail (call, -9902, field);
      return NULL;
    }

  g_free (call->order_id);
  call->order_id = g_strdup (order->id);
  return order;
}

SbOrder *
sb_call_open_order (SbCall *call)
{
  SbOrder *order = sb_call_order (call);

  if (order == NULL)
    return NULL;

  switch (order->status)
    {
    case SB_STATUS_INITIAL:
    case SB_STATUS_PHISHING_CHECK:
      return order;
    case SB_STATUS_ISSUED:
      sb_call_fail (call, -4004, "OrderID");
      return NULL;
    default:
      sb_call_fail (call, -9915, "OrderID");
      return NULL;
    }
}

char *
sb_call_date (SbCall *call,
              gint64  time)
{
  return sb_date_format (time, call->account != NULL ? call->account->offset : "+00:00");
}
