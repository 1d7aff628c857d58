/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/contract.h"
#include "bus/json.h"
#include "bus/objects.h"
#include "bus/rows.h"

#include "engine/deployments.h"
#include "lib/paths.h"
#include "lib/secret.h"

#define DEFAULT_RUNS 20
#define MAX_RUNS 500

/* Standing rules: made at the Manager, then objects of their own. */

static GVariant *
properties (ChBus          *bus,
            const ChFolder *folder,
            gint64          id,
            GError        **error)
{
  g_autoptr(ChDeployment) deployment = ch_store_get_deployment (bus->world->store, id, error);
  g_autoptr(ChRows) rows = ch_rows_new (bus->world->store);

  return deployment != NULL ? ch_row_deployment (rows, deployment) : NULL;
}

static GArray *
list (ChBus          *bus,
      const ChFolder *folder,
      GError        **error)
{
  return ch_objects_ids (ch_store_list_deployments (bus->world->store, error));
}

static void
describe (const ChCall *call,
          ChDetails    *details)
{
  ChStore *store = call->bus->world->store;
  g_autoptr(ChDeployment) deployment = ch_store_get_deployment (store, call->id, NULL);
  g_autoptr(ChRows) rows = ch_rows_new (store);

  if (deployment == NULL)
    return;

  ch_details_set (details, "name", deployment->name);
  ch_details_set (details, "deployment", deployment->name);
  ch_details_set (details, "server", ch_rows_peer_name (rows, CH_PEER_ROLE_SERVER, deployment->server_id));
  ch_details_set_names (details, (const char *const *) deployment->names);
}

const ChFolder ch_folder_deployments = {
  .name = CH_FOLDER_DEPLOYMENTS,
  .interface = &org_chancery_chancery1_deployment_interface,
  .properties = properties,
  .list = list,
  .describe = describe,
};

/* ---- settings ---- */

#define SETTINGS \
  { "server", "s" }, { "names", "as" }, { "template", "s" }, { "files", "aa{sv}" }, { "test", "a{sv}" }, \
  { "action", "a{sv}" }, { "checks", "aa{sv}" }, { "web-root", "s" }, { "challenge-folder", "s" }, { "wave", "u" }, \
  { "windows", "as" }, { "secrets", "a{ss}" }

static const ChOption add_settings[] = { SETTINGS, { NULL } };
static const ChOption edit_settings[] = { { "name", "s" }, SETTINGS, { NULL } };

static const ChOption file_keys[] = {
  { "part", "s" }, { "format", "s" }, { "path", "s" }, { "owner", "s" }, { "group", "s" }, { "mode", "s" },
  { "alias", "s" }, { NULL }
};
static const ChOption action_keys[] = {
  { "kind", "s" }, { "unit", "s" }, { "pid-file", "s" }, { "signal", "s" }, { "program", "s" },
  { "command", "as" }, { NULL }
};
static const ChOption check_keys[] = {
  { "host", "s" }, { "port", "u" }, { "sni", "s" }, { "starttls", "s" }, { "patience", "u" }, { NULL }
};

static gboolean
read_list (GVariant       *settings,
           const char     *key,
           const ChOption *keys,
           char          **json,
           GError        **error)
{
  g_autoptr(GVariant) entries = g_variant_lookup_value (settings, key, G_VARIANT_TYPE ("aa{sv}"));

  for (gsize i = 0; entries != NULL && i < g_variant_n_children (entries); i++)
    {
      g_autoptr(GVariant) entry = g_variant_get_child_value (entries, i);
      if (!ch_options_check (entry, keys, key, error))
        return FALSE;
    }

  if (entries != NULL)
    *json = ch_json_from_variant (entries);
  return TRUE;
}

static gboolean
read_action (GVariant   *settings,
             const char *key,
             char      **json,
             GError    **error)
{
  g_autoptr(GVariant) action = g_variant_lookup_value (settings, key, G_VARIANT_TYPE_VARDICT);

  if (action == NULL)
    return TRUE;
  if (!ch_options_check (action, action_keys, key, error))
    return FALSE;

  *json = ch_json_from_variant (action);
  return TRUE;
}

static GHashTable *
read_secrets (GVariant *settings)
{
  g_autoptr(GVariant) given = g_variant_lookup_value (settings, "secrets", G_VARIANT_TYPE ("a{ss}"));
  GHashTable *secrets = given != NULL ? ch_secret_table_new () : NULL;
  GVariantIter iter;
  char *name, *value;

  if (secrets == NULL)
    return NULL;

  g_variant_iter_init (&iter, given);
  while (g_variant_iter_next (&iter, "{ss}", &name, &value))
    g_hash_table_replace (secrets, name, value);
  return secrets;
}

/* (transfer full): what the caller gave, in the store's terms */
static ChDeploymentDraft *
read_draft (GVariant       *settings,
            const ChOption *known,
            GError        **error)
{
  g_autoptr(ChDeploymentDraft) draft = g_new0 (ChDeploymentDraft, 1);

  if (!ch_options_check (settings, known, "settings", error))
    return NULL;

  g_variant_lookup (settings, "name", "s", &draft->name);
  g_variant_lookup (settings, "server", "s", &draft->server);
  g_variant_lookup (settings, "names", "^as", &draft->names);
  g_variant_lookup (settings, "template", "s", &draft->template);
  g_variant_lookup (settings, "web-root", "s", &draft->web_root);
  g_variant_lookup (settings, "challenge-folder", "s", &draft->challenge_folder);
  g_variant_lookup (settings, "windows", "^as", &draft->windows);
  draft->secrets = read_secrets (settings);
  draft->has_wave = g_variant_lookup (settings, "wave", "u", &draft->wave);
  if (!read_list (settings, "files", file_keys, &draft->files, error)
      || !read_action (settings, "test", &draft->test, error)
      || !read_action (settings, "action", &draft->action, error)
      || !read_list (settings, "checks", check_keys, &draft->checks, error))
    return NULL;

  return g_steal_pointer (&draft);
}

/* ---- methods ---- */

static void
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  GError *error = NULL;
  gint64 id = ch_deployment_add_finish (result, &error);

  ch_call_answer_id (data, CH_FOLDER_DEPLOYMENTS, id, error);
}

static void
add (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 2, ch_options_none, "options"))
    return;

  g_autoptr(GVariant) settings = ch_call_argument (call, 1);
  ChDeploymentDraft *draft = read_draft (settings, add_settings, &error);
  if (draft == NULL)
    {
      ch_call_answer_id (call, CH_FOLDER_DEPLOYMENTS, 0, error);
      return;
    }

  g_variant_get_child (call->parameters, 0, "s", &draft->name);
  ch_deployment_add_async (call->bus->world, draft, &call->actor, added_cb, call);
}

static void
describe_add (const ChCall *call,
              ChDetails    *details)
{
  g_autoptr(GVariant) settings = ch_call_argument (call, 1);
  g_autofree const char **names = NULL;
  const char *name, *server;

  g_variant_get_child (call->parameters, 0, "&s", &name);
  ch_details_set (details, "name", name);
  ch_details_set (details, "deployment", name);
  if (g_variant_lookup (settings, "server", "&s", &server))
    ch_details_set (details, "server", server);
  if (g_variant_lookup (settings, "names", "^a&s", &names))
    ch_details_set_names (details, names);
}

static void
edited_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  GError *error = NULL;
  gboolean ok = ch_deployment_edit_finish (result, &error);

  ch_call_answer_done (data, ok, error);
}

static void
edit (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 1, ch_options_none, "options"))
    return;

  g_autoptr(GVariant) settings = ch_call_argument (call, 0);
  ChDeploymentDraft *draft = read_draft (settings, edit_settings, &error);
  if (draft == NULL)
    ch_call_answer_done (call, FALSE, error);
  else
    ch_deployment_edit_async (call->bus->world, call->id, draft, &call->actor, edited_cb, call);
}

/* All names, old and new, count: who may change example.test must not take example.org in. */
static void
describe_new_names (const ChCall      *call,
                    const char *const *names,
                    ChDetails         *details)
{
  g_autoptr(ChDeployment) deployment = ch_store_get_deployment (call->bus->world->store, call->id, NULL);
  g_autoptr(GPtrArray) all = g_ptr_array_new ();

  for (gsize i = 0; names[i] != NULL; i++)
    g_ptr_array_add (all, (gpointer) names[i]);
  for (gsize i = 0; deployment != NULL && deployment->names[i] != NULL; i++)
    g_ptr_array_add (all, deployment->names[i]);
  g_ptr_array_add (all, NULL);

  g_hash_table_remove (details, "names");
  g_hash_table_remove (details, "domain");
  ch_details_set_names (details, (const char *const *) all->pdata);
}

static void
describe_edit (const ChCall *call,
               ChDetails    *details)
{
  g_autoptr(GVariant) settings = ch_call_argument (call, 0);
  g_autofree const char **names = NULL;
  const char *server;

  if (g_variant_lookup (settings, "names", "^a&s", &names))
    describe_new_names (call, names, details);

  /* Between two servers there is none that a rule could mean. */
  if (g_variant_lookup (settings, "server", "&s", &server)
      && g_strcmp0 (server, g_hash_table_lookup (details, "server")) != 0)
    g_hash_table_remove (details, "server");
}

static void
run (ChCall *call)
{
  static const ChOption known[] = { { "now", "b" }, { NULL } };
  GError *error = NULL;
  gboolean at_once = FALSE;

  if (!ch_call_check_options (call, 0, known, "options"))
    return;

  g_autoptr(GVariant) options = ch_call_argument (call, 0);
  g_variant_lookup (options, "now", "b", &at_once);
  ChJob *job = ch_deployment_run (call->bus->world, call->id, at_once, &call->actor, &error);
  ch_call_answer_job (call, job, error);
}

static void
pause_deployment (ChCall *call)
{
  static const ChOption known[] = { { "until", "x" }, { "reason", "s" }, { NULL } };
  GError *error = NULL;
  const char *reason = "";
  gint64 until = 0;

  if (!ch_call_check_options (call, 0, known, "options"))
    return;

  g_autoptr(GVariant) options = ch_call_argument (call, 0);
  g_variant_lookup (options, "until", "x", &until);
  g_variant_lookup (options, "reason", "&s", &reason);
  gboolean ok = ch_deployment_pause (call->bus->world, call->id, until, reason, &call->actor, &error);
  ch_call_answer_done (call, ok, error);
}

static void
resume (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, ch_options_none, "options"))
    return;

  gboolean ok = ch_deployment_resume (call->bus->world, call->id, &call->actor, &error);
  ch_call_answer_done (call, ok, error);
}

static void
rollback (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, ch_options_none, "options"))
    return;

  ChJob *job = ch_deployment_rollback (call->bus->world, call->id, &call->actor, &error);
  ch_call_answer_job (call, job, error);
}

static void
look (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, ch_options_none, "options"))
    return;

  ChJob *job = ch_deployment_look (call->bus->world, call->id, &call->actor, &error);
  ch_call_answer_job (call, job, error);
}

static void
set_enabled (ChCall *call)
{
  GError *error = NULL;
  gboolean enabled;

  if (!ch_call_check_options (call, 1, ch_options_none, "options"))
    return;

  g_variant_get_child (call->parameters, 0, "b", &enabled);
  gboolean ok = ch_deployment_set_enabled (call->bus->world, call->id, enabled, &call->actor, &error);
  ch_call_answer_done (call, ok, error);
}

static void
remove_deployment (ChCall *call)
{
  GError *error = NULL;

  if (!ch_call_check_options (call, 0, ch_options_none, "options"))
    return;

  gboolean ok = ch_deployment_remove (call->bus->world, call->id, &call->actor, &error);
  ch_call_answer_done (call, ok, error);
}

static GVariant *
run_rows (ChStore *store,
          gint64   id,
          guint32  limit,
          GError **error)
{
  g_autoptr(ChDeployment) deployment = ch_store_get_deployment (store, id, error);
  g_autoptr(ChRows) rows = ch_rows_new (store);
  g_autoptr(GPtrArray) runs = NULL;
  g_auto(GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  if (deployment == NULL || (runs = ch_store_list_runs (store, id, limit, error)) == NULL)
    return NULL;

  for (guint i = 0; i < runs->len; i++)
    g_variant_builder_add_value (&builder, ch_row_run (rows, g_ptr_array_index (runs, i)));

  return g_variant_new ("(aa{sv})", &builder);
}

static void
list_runs (ChCall *call)
{
  GError *error = NULL;
  guint32 limit;

  g_variant_get_child (call->parameters, 0, "u", &limit);
  limit = limit == 0 ? DEFAULT_RUNS : MIN (limit, MAX_RUNS);

  GVariant *reply = run_rows (call->bus->world->store, call->id, limit, &error);
  ch_call_answer (call, reply, error);
}

const ChMethod ch_deployment_methods[] = {
  { CH_IFACE_MANAGER, "AddDeployment", CH_ACTION_DEPLOYMENT_CHANGE, add, describe_add },
  { CH_IFACE_DEPLOYMENT, "Run", CH_ACTION_DEPLOYMENT_RUN, run },
  { CH_IFACE_DEPLOYMENT, "Pause", CH_ACTION_DEPLOYMENT_CHANGE, pause_deployment },
  { CH_IFACE_DEPLOYMENT, "Resume", CH_ACTION_DEPLOYMENT_CHANGE, resume },
  { CH_IFACE_DEPLOYMENT, "Rollback", CH_ACTION_DEPLOYMENT_CHANGE, rollback },
  { CH_IFACE_DEPLOYMENT, "Look", CH_ACTION_DEPLOYMENT_RUN, look },
  { CH_IFACE_DEPLOYMENT, "Edit", CH_ACTION_DEPLOYMENT_CHANGE, edit, describe_edit },
  { CH_IFACE_DEPLOYMENT, "SetEnabled", CH_ACTION_DEPLOYMENT_CHANGE, set_enabled },
  { CH_IFACE_DEPLOYMENT, "Remove", CH_ACTION_DEPLOYMENT_CHANGE, remove_deployment },
  { CH_IFACE_DEPLOYMENT, "ListRuns", CH_ACTION_VIEW, list_runs },
  { NULL }
};
