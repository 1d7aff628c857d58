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

void
ch_plan_free (ChPlan *plan)
{
  g_ptr_array_unref (plan->files);
  g_ptr_array_unref (plan->checks);
  g_free (plan->unit);
  g_free (plan->pid_file);
  g_free (plan->signal);
  g_free (plan->program);
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
read_file (ChPlan     *plan,
           JsonObject *object,
           GError    **error)
{
  static const char *const known[] = { "part", "path", "owner", "group", "mode", NULL };
  ChPlanFile *file = g_new0 (ChPlanFile, 1);

  if (!only_members (object, known, error)
      || !get_text (object, "part", &file->part, error)
      || !get_text (object, "path", &file->path, error)
      || !get_text (object, "owner", &file->owner, error)
      || !get_text (object, "group", &file->group, error)
      || !read_mode (object, &file->mode, error)
      || !ch_part_check (file->part != NULL ? file->part : "", error)
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
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].kind, kind))
      {
        *action = kinds[i].action;
        return TRUE;
      }

  return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not an action; these are: none, reload-unit, signal, program"), kind);
}

static gboolean
read_action (ChPlan     *plan,
             const char *json,
             GError    **error)
{
  static const char *const known[] = { "kind", "unit", "pid-file", "signal", "program", NULL };
  g_autoptr(JsonNode) node = parse (json, JSON_NODE_OBJECT, error);
  JsonObject *object = node != NULL ? json_node_get_object (node) : NULL;
  g_autofree char *kind = NULL;

  if (object == NULL
      || !only_members (object, known, error)
      || !get_text (object, "kind", &kind, error)
      || !get_text (object, "unit", &plan->unit, error)
      || !get_text (object, "pid-file", &plan->pid_file, error)
      || !get_text (object, "signal", &plan->signal, error)
      || !get_text (object, "program", &plan->program, error)
      || !find_action (kind != NULL ? kind : "none", &plan->action, error))
    return FALSE;

  ChAction action = ch_plan_action (plan);
  return ch_action_check (&action, error);
}

ChAction
ch_plan_action (const ChPlan *plan)
{
  return (ChAction) { plan->action, plan->unit, plan->pid_file, plan->signal, plan->program };
}

/* ---- checks ---- */

static gboolean
read_check (ChPlan     *plan,
            JsonObject *object,
            GError    **error)
{
  static const char *const known[] = { "host", "port", "sni", NULL };
  ChPlanCheck *check = g_new0 (ChPlanCheck, 1);
  JsonNode *port = json_object_get_member (object, "port");
  gint64 number = PORT_DEFAULT;

  g_ptr_array_add (plan->checks, check);
  if (!only_members (object, known, error)
      || !get_text (object, "host", &check->host, error)
      || !get_text (object, "sni", &check->sni, error))
    return FALSE;

  if (check->host == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("A check needs a host"));
  if (port != NULL)
    number = json_node_get_value_type (port) == G_TYPE_INT64 ? json_node_get_int (port) : 0;
  if (number < 1 || number > G_MAXUINT16)
    return ch_error_set (error, CH_ERROR_INVALID, _("The port of a check is from 1 to 65535"));

  check->port = (guint16) number;
  return ch_field_check_host (check->host, error)
         && (check->sni == NULL || ch_field_check_host (check->sni, error));
}

ChPlan *
ch_plan_parse (const char *files,
               const char *action,
               const char *checks,
               GError    **error)
{
  g_autoptr(ChPlan) plan = g_new0 (ChPlan, 1);

  plan->files = g_ptr_array_new_with_free_func ((GDestroyNotify) file_free);
  plan->checks = g_ptr_array_new_with_free_func ((GDestroyNotify) check_free);
  if (!read_items (plan, files, read_file, error)
      || !read_action (plan, action, error)
      || !read_items (plan, checks, read_check, error))
    return NULL;

  if (plan->files->len == 0)
    {
      ch_error_set (error, CH_ERROR_INVALID, _("A deployment needs at least one file"));
      return NULL;
    }

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
