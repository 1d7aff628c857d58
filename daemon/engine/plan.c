/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/plan.h"

#include "deploy/files.h"
#include "lib/error.h"
#include "lib/json.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define ITEMS_MAX 64
#define OTHERS_MASK 07
#define PORT_DEFAULT 443

static void
file_free (ChPlanFile *file)
{
  g_free (file->part);
  g_free (file->format);
  g_free (file->alias);
  g_free (file->path);
  g_free (file->owner);
  g_free (file->group);
  g_free (file);
}

static void
check_free (ChPlanCheck *check)
{
  g_free (check->host);
  g_free (check->sni);
  g_free (check);
}

static void
action_clear (ChPlanAction *action)
{
  g_free (action->unit);
  g_free (action->pid_file);
  g_free (action->signal);
  g_free (action->program);
  g_strfreev (action->command);
}

void
ch_plan_free (ChPlan *plan)
{
  g_ptr_array_unref (plan->files);
  g_ptr_array_unref (plan->checks);
  action_clear (&plan->test);
  action_clear (&plan->action);
  g_free (plan);
}

/* ---- JSON ---- */

static gboolean
only_members (JsonObject        *object,
              const char *const *known,
              GError           **error)
{
  g_autoptr(GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    if (!g_strv_contains (known, l->data))
      {
        g_autofree char *list = g_strjoinv (", ", (char **) known);
        return ch_error_set (error, CH_ERROR_INVALID, _("There is no “%s” here; known are: %s"), (char *) l->data, list);
      }

  return TRUE;
}

/* An absent or empty member is NULL. */
static gboolean
get_text (JsonObject  *object,
          const char  *member,
          char       **text,
          GError     **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL)
    return TRUE;

  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” must be a text"), member);

  const char *value = json_node_get_string (node);
  *text = *value != '\0' ? g_strdup (value) : NULL;
  return TRUE;
}

static JsonNode *
parse (const char   *json,
       JsonNodeType  type,
       GError      **error)
{
  gboolean shallow = ch_json_check_depth (json, strlen (json), NULL);
  g_autoptr(JsonNode) node = shallow ? json_from_string (json, NULL) : NULL;

  if (node == NULL || json_node_get_node_type (node) != type)
    {
      ch_error_set (error, CH_ERROR_INVALID, _("The deployment's description is not of the right form"));
      return NULL;
    }

  return g_steal_pointer (&node);
}

typedef gboolean (*ReadItem) (ChPlan *plan, JsonObject *object, GError **error);

static gboolean
read_items (ChPlan     *plan,
            const char *json,
            ReadItem    read_item,
            GError    **error)
{
  g_autoptr(JsonNode) node = parse (json, JSON_NODE_ARRAY, error);
  JsonArray *array = node != NULL ? json_node_get_array (node) : NULL;

  if (array == NULL)
    return FALSE;

  if (json_array_get_length (array) > ITEMS_MAX)
    return ch_error_set (error, CH_ERROR_INVALID, _("More than %d entries"), ITEMS_MAX);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_OBJECT (item))
        return ch_error_set (error, CH_ERROR_INVALID, _("Entry %u is not of the right form"), i + 1);
      if (!read_item (plan, json_node_get_object (item), error))
        return FALSE;
    }

  return TRUE;
}

/* ---- files ---- */

static gboolean
read_mode (JsonObject *object,
           int        *mode,
           GError    **error)
{
  g_autofree char *text = NULL;
  guint64 value;

  *mode = -1;
  if (!get_text (object, "mode", &text, error))
    return FALSE;
  if (text == NULL)
    return TRUE;

  if (!g_ascii_string_to_unsigned (text, 8, 0400, 0777, &value, NULL))
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not a mode: octal, such as 0640"), text);

  *mode = (int) value;
  return TRUE;
}

static gboolean
check_path (const ChPlan *plan,
            const char   *path,
            GError      **error)
{
  if (!ch_target_check_path (path, error))
    return FALSE;

  for (guint i = 0; i < plan->files->len; i++)
    if (g_str_equal (((const ChPlanFile *) g_ptr_array_index (plan->files, i))->path, path))
      return ch_error_set (error, CH_ERROR_INVALID, _("The path %s is there twice"), path);

  return TRUE;
}

static gboolean
check_form (const ChPlanFile *file,
            GError          **error)
{
  const ChPartForm form = { .part = file->part, .format = file->format, .alias = file->alias };

  return ch_form_check (&form, error);
}

static gboolean
read_file (ChPlan     *plan,
           JsonObject *object,
           GError    **error)
{
  static const char *const known[] = { "part", "format", "path", "owner", "group", "mode", "alias", NULL };
  ChPlanFile *file = g_new0 (ChPlanFile, 1);

  if (!only_members (object, known, error)
      || !get_text (object, "part", &file->part, error)
      || !get_text (object, "format", &file->format, error)
      || !get_text (object, "path", &file->path, error)
      || !get_text (object, "owner", &file->owner, error)
      || !get_text (object, "group", &file->group, error)
      || !get_text (object, "alias", &file->alias, error)
      || !read_mode (object, &file->mode, error)
      || !check_form (file, error)
      || !check_path (plan, file->path, error))
    {
      file_free (file);
      return FALSE;
    }

  g_ptr_array_add (plan->files, file);
  if (ch_part_is_secret (file->part) && file->mode > 0 && (file->mode & OTHERS_MASK) != 0)
    return ch_error_set (error, CH_ERROR_INVALID, _("The mode %04o would let everybody read the private key in %s; use 0600 or 0640"),
                         (guint) file->mode, file->path);

  return TRUE;
}

/* ---- action ---- */

static gboolean
find_action (const char    *kind,
             ChActionKind  *action,
             GError       **error)
{
  static const struct { const char *kind; ChActionKind action; } kinds[] = {
    { "none", CH_ACTION_NONE },
    { "reload-unit", CH_ACTION_RELOAD_UNIT },
    { "signal", CH_ACTION_SIGNAL },
    { "program", CH_ACTION_PROGRAM },
    { "command", CH_ACTION_COMMAND },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].kind, kind))
      {
        *action = kinds[i].action;
        return TRUE;
      }

  return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not an action; these are: none, reload-unit, signal, program, command"), kind);
}

/* The program and its arguments; an absent member is NULL. */
static gboolean
get_words (JsonObject *object,
           const char *member,
           char     ***words,
           GError    **error)
{
  JsonNode *node = json_object_get_member (object, member);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  if (node == NULL)
    return TRUE;

  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = array != NULL ? json_array_get_length (array) : 0;

  if (n == 0 || n > ITEMS_MAX)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” must be a list of 1 to %d texts"), member, ITEMS_MAX);

  for (guint i = 0; i < n; i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (json_node_get_value_type (item) != G_TYPE_STRING)
        return ch_error_set (error, CH_ERROR_INVALID, _("“%s” must be a list of texts"), member);
      g_strv_builder_add (builder, json_node_get_string (item));
    }

  *words = g_strv_builder_end (builder);
  return TRUE;
}

static gboolean
read_action (ChPlanAction *action,
             const char   *json,
             GError      **error)
{
  static const char *const known[] = { "kind", "unit", "pid-file", "signal", "program", "command", NULL };
  g_autoptr(JsonNode) node = parse (json, JSON_NODE_OBJECT, error);
  JsonObject *object = node != NULL ? json_node_get_object (node) : NULL;
  g_autofree char *kind = NULL;

  if (object == NULL
      || !only_members (object, known, error)
      || !get_text (object, "kind", &kind, error)
      || !get_text (object, "unit", &action->unit, error)
      || !get_text (object, "pid-file", &action->pid_file, error)
      || !get_text (object, "signal", &action->signal, error)
      || !get_text (object, "program", &action->program, error)
      || !get_words (object, "command", &action->command, error)
      || !find_action (kind != NULL ? kind : "none", &action->kind, error))
    return FALSE;

  ChAction wanted = ch_plan_action (action);
  return ch_action_check (&wanted, error);
}

ChAction
ch_plan_action (const ChPlanAction *action)
{
  return (ChAction) {
    .kind = action->kind,
    .unit = action->unit,
    .pid_file = action->pid_file,
    .signal = action->signal,
    .program = action->program,
    .command = (const char *const *) action->command,
  };
}

gboolean
ch_plan_check_target (const ChPlan   *plan,
                      const ChTarget *target,
                      GError        **error)
{
  ChAction test = ch_plan_action (&plan->test);
  ChAction action = ch_plan_action (&plan->action);

  return target->check_action (&test, error) && target->check_action (&action, error);
}

/* ---- checks ---- */

/* @value: stays as it is where the member is absent */
static gboolean
get_number (JsonObject *object,
            const char *member,
            gint64      most,
            gint64     *value,
            GError    **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL)
    return TRUE;

  *value = json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : 0;
  return (*value >= 1 && *value <= most)
         || ch_error_set (error, CH_ERROR_INVALID, _("The %s of a check is from 1 to %d"), member, (int) most);
}

static gboolean
read_check (ChPlan     *plan,
            JsonObject *object,
            GError    **error)
{
  static const char *const known[] = { "host", "port", "sni", "starttls", "patience", NULL };
  ChPlanCheck *check = g_new0 (ChPlanCheck, 1);
  g_autofree char *word = NULL;
  gint64 port = PORT_DEFAULT, patience = 0;

  g_ptr_array_add (plan->checks, check);
  if (!only_members (object, known, error)
      || !get_text (object, "host", &check->host, error)
      || !get_text (object, "sni", &check->sni, error)
      || !get_text (object, "starttls", &word, error)
      || (word != NULL && !ch_start_tls_parse (word, &check->start_tls, error)))
    return FALSE;

  if (check->host == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("A check needs a host"));
  if (!get_number (object, "port", G_MAXUINT16, &port, error)
      || !get_number (object, "patience", CH_PATIENCE_MAX, &patience, error))
    return FALSE;

  check->port = (guint16) port;
  check->patience = (guint) patience;
  return ch_field_check_host (check->host, error)
         && (check->sni == NULL || ch_field_check_host (check->sni, error));
}

const ChPlanFile *
ch_plan_key_store (const ChPlan *plan)
{
  const ChPlanFile *found = NULL;

  for (guint i = 0; i < plan->files->len; i++)
    {
      const ChPlanFile *file = g_ptr_array_index (plan->files, i);

      if (ch_form_needs_password (file->format) && (found == NULL || g_str_equal (file->format, "jks")))
        found = file;
    }

  return found;
}

static gboolean
check_password (const ChPlan       *plan,
                const ChDeployment *deployment,
                GError            **error)
{
  const ChPlanFile *store = ch_plan_key_store (plan);

  if (store == NULL
      || (deployment->secrets != NULL && g_strv_contains ((const char *const *) deployment->secrets, CH_DEPLOYMENT_PASSWORD)))
    return TRUE;

  return ch_error_set (error, CH_ERROR_INVALID, _("%s is of the format %s, which has a password; give one"),
                       store->path, store->format);
}

ChPlan *
ch_plan_parse (const ChDeployment *deployment,
               GError            **error)
{
  g_autoptr(ChPlan) plan = g_new0 (ChPlan, 1);

  plan->files = g_ptr_array_new_with_free_func ((GDestroyNotify) file_free);
  plan->checks = g_ptr_array_new_with_free_func ((GDestroyNotify) check_free);
  if (!read_items (plan, deployment->files, read_file, error)
      || !read_action (&plan->test, deployment->test, error)
      || !read_action (&plan->action, deployment->action, error)
      || !read_items (plan, deployment->checks, read_check, error)
      || (deployment->web_root != NULL && !ch_target_check_path (deployment->web_root, error))
      || (deployment->challenge_folder != NULL && !ch_target_check_path (deployment->challenge_folder, error)))
    return NULL;

  if (deployment->web_root != NULL && deployment->challenge_folder != NULL)
    {
      ch_error_set (error, CH_ERROR_INVALID, _("Give the web root or the folder of the challenge files, not both"));
      return NULL;
    }

  if (plan->files->len == 0 && deployment->web_root == NULL && deployment->challenge_folder == NULL)
    {
      ch_error_set (error, CH_ERROR_INVALID, _("A deployment needs at least one file, or a web root for challenge files"));
      return NULL;
    }

  if (!check_password (plan, deployment, error))
    return NULL;

  return g_steal_pointer (&plan);
}

gboolean
ch_plan_needs_key (const ChPlan *plan)
{
  for (guint i = 0; i < plan->files->len; i++)
    if (ch_part_is_secret (((const ChPlanFile *) g_ptr_array_index (plan->files, i))->part))
      return TRUE;

  return FALSE;
}
