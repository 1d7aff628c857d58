/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/dispatch.h"

#include "bus/objects.h"
#include "engine/job.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/secret.h"

#include <glib/gi18n.h>

static const ChMethod *const tables[] = {
  ch_manager_methods,
  ch_calendar_methods,
  ch_new_order_methods,
  ch_new_peer_methods,
  ch_orders_methods,
  ch_event_methods,
  ch_certificate_methods,
  ch_bin_methods,
  ch_import_methods,
  ch_mail_methods,
  ch_order_methods,
  ch_order_replace_methods,
  ch_order_validate_methods,
  ch_peer_methods,
  ch_policy_methods,
  ch_deployment_methods,
  ch_watch_methods,
  ch_job_methods,
  ch_challenge_files_methods,
  ch_leftovers_methods,
  ch_objects_methods,
  ch_template_methods,
};

const ChMethod *
ch_dispatch_find (const char *interface,
                  const char *method)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    for (const ChMethod *row = tables[i]; row->interface != NULL; row++)
      if (g_str_equal (row->interface, interface) && g_str_equal (row->method, method))
        return row;

  return NULL;
}

static void
call_free (ChCall *call)
{
  g_clear_pointer (&call->grant, ch_grant_free);
  ch_bus_unref (call->bus);
  g_free (call);
}

static GVariant *
describe (gpointer data)
{
  const ChCall *call = data;
  g_autoptr(ChDetails) details = ch_details_new ();

  /* The messages of the policy file name it. */
  ch_details_set (details, "name", _("all of Chancery"));
  if (call->folder != NULL)
    call->folder->describe (call, details);
  if (call->method->describe != NULL)
    call->method->describe (call, details);

  return ch_details_to_variant (details);
}

static void
authorised_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      data)
{
  ChCall *call = data;
  g_autoptr(GError) error = NULL;

  call->grant = ch_authority_check_finish (result, &error);
  if (call->grant != NULL && call->bus->closed)
    ch_error_set (&error, CH_ERROR_CANCELLED, _("The service is ending; try again in a moment"));

  if (error != NULL)
    {
      g_info ("%s.%s by %s refused: %s", call->method->interface, call->method->method,
              g_dbus_method_invocation_get_sender (call->invocation), error->message);
      ch_call_answer (call, NULL, g_steal_pointer (&error));
      return;
    }

  call->actor = (ChActor) { .uid = call->grant->uid, .authority = call->grant->authority };
  call->method->handler (call);
}

void
ch_dispatch (ChBus                 *bus,
             const ChFolder        *folder,
             gint64                 id,
             GDBusMethodInvocation *invocation)
{
  static const ChMethod nobody = { "", "", NULL };
  const ChMethod *row = ch_dispatch_find (g_dbus_method_invocation_get_interface_name (invocation),
                                          g_dbus_method_invocation_get_method_name (invocation));
  g_autoptr(GError) error = NULL;
  ChCall *call = g_new0 (ChCall, 1);

  call->bus = ch_bus_ref (bus);
  call->invocation = invocation;
  call->method = row != NULL ? row : &nobody;
  call->folder = folder;
  call->id = id;
  call->parameters = g_dbus_method_invocation_get_parameters (invocation);

  if (!ch_bounds_check (call->parameters, &error))
    {
      ch_call_answer (call, NULL, g_steal_pointer (&error));
      return;
    }

  const char *action = call->method->action;
  if (call->method->pick_action != NULL)
    action = call->method->pick_action (call);
  ch_authority_check_async (bus->authority, invocation, action, describe, authorised_cb, call);
}

void
ch_call_answer (ChCall   *call,
                GVariant *value,
                GError   *error)
{
  if (value != NULL)
    g_dbus_method_invocation_return_value (g_steal_pointer (&call->invocation), value);
  else
    {
      ch_error_from_gio (&error);
      if (error == NULL)
        ch_error_set (&error, CH_ERROR_FAILED, _("Something went wrong that has no name; see the journal"));
      g_dbus_method_invocation_take_error (g_steal_pointer (&call->invocation), error);
    }

  call_free (call);
}

void
ch_call_answer_done (ChCall  *call,
                     gboolean ok,
                     GError  *error)
{
  ch_call_answer (call, ok ? g_variant_new ("()") : NULL, error);
}

void
ch_call_answer_id (ChCall     *call,
                   const char *folder,
                   gint64      id,
                   GError     *error)
{
  g_autofree char *path = ch_path_new (folder, id);

  ch_call_answer (call, id > 0 ? g_variant_new ("(o)", path) : NULL, error);
}

void
ch_call_answer_job (ChCall *call,
                    ChJob  *job,
                    GError *error)
{
  ch_call_answer_id (call, CH_FOLDER_JOBS, job != NULL ? job->id : 0, error);
}

gboolean
ch_call_check_options (ChCall         *call,
                       guint           index,
                       const ChOption *table,
                       const char     *what)
{
  g_autoptr(GVariant) options = ch_call_argument (call, index);
  g_autoptr(GError) error = NULL;

  if (ch_options_check (options, table, what, &error))
    return TRUE;

  ch_call_answer (call, NULL, g_steal_pointer (&error));
  return FALSE;
}

GVariant *
ch_call_argument (const ChCall *call,
                  guint         index)
{
  return g_variant_get_child_value (call->parameters, index);
}

GHashTable *
ch_call_table (const ChCall *call,
               guint         index)
{
  g_autoptr(GVariant) dictionary = ch_call_argument (call, index);
  GHashTable *table = ch_secret_table_new ();
  GVariantIter iter;
  char *key, *value;

  g_variant_iter_init (&iter, dictionary);
  while (g_variant_iter_next (&iter, "{ss}", &key, &value))
    g_hash_table_replace (table, key, value);

  return table;
}
