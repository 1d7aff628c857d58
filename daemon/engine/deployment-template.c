/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/deployments-private.h"

#include "deploy/target.h"
#include "deploy/template.h"
#include "lib/error.h"
#include "lib/json.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

static void
set_text (JsonObject *object,
          const char *member,
          const char *text)
{
  if (text != NULL && !json_object_has_member (object, member))
    json_object_set_string_member (object, member, text);
}

/* ---- files ---- */

static JsonObject *
take_given (JsonArray  *given,
            const char *part)
{
  for (guint i = 0; i < json_array_get_length (given); i++)
    {
      JsonNode *node = json_array_get_element (given, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      JsonNode *word = object != NULL ? json_object_get_member (object, "part") : NULL;

      if (word != NULL && json_node_get_value_type (word) == G_TYPE_STRING && g_str_equal (json_node_get_string (word), part))
        {
          json_object_ref (object);
          json_array_remove_element (given, i);
          return object;
        }
    }

  return json_object_new ();
}

static JsonNode *
make_files (const ChTemplate *template,
            const char       *name,
            JsonArray        *given)
{
  JsonArray *files = json_array_new ();

  for (guint i = 0; i < template->files->len; i++)
    {
      const ChTemplateFile *file = g_ptr_array_index (template->files, i);
      g_autofree char *path = ch_template_path (file->path, name);
      JsonObject *object = take_given (given, file->part);

      set_text (object, "part", file->part);
      set_text (object, "format", file->format);
      set_text (object, "path", path);
      set_text (object, "owner", file->owner);
      set_text (object, "group", file->group);
      set_text (object, "mode", file->mode);
      set_text (object, "alias", file->alias);
      json_array_add_object_element (files, object);
    }

  for (guint i = 0; i < json_array_get_length (given); i++)
    json_array_add_element (files, json_node_ref (json_array_get_element (given, i)));

  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (node, files);
  return node;
}

/* Files that are given take the place of the template's with the same part, and have of it what they do not say. */
static gboolean
apply_files (ChDeployment            *deployment,
             const ChDeploymentDraft *draft,
             const ChTemplate        *template,
             GError                 **error)
{
  const char *json = draft->files != NULL ? draft->files : "[]";
  g_autoptr(JsonNode) given = ch_json_check_depth (json, strlen (json), NULL) ? json_from_string (json, NULL) : NULL;

  if (given == NULL || !JSON_NODE_HOLDS_ARRAY (given))
    return ch_error_set (error, CH_ERROR_INVALID, _("The deployment's description is not of the right form"));

  g_autoptr(JsonNode) files = make_files (template, deployment->names[0], json_node_get_array (given));
  g_free (deployment->files);
  deployment->files = json_to_string (files, FALSE);
  return TRUE;
}

/* ---- test and action ---- */

static char *
to_text (JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return json_to_string (node, FALSE);
}

/* On this machine a program is named, and the template says what it is; where a server takes commands, it is written out. */
static char *
make_command (const ChTemplate *template,
              const char       *what,
              char            **argv,
              const ChTarget   *target)
{
  const ChAction command = { .kind = CH_ACTION_COMMAND, .command = (const char *const *) argv };
  JsonObject *object = json_object_new ();

  if (argv == NULL)
    json_object_set_string_member (object, "kind", "none");
  else if (target->check_action (&command, NULL))
    {
      JsonArray *words = json_array_new ();

      for (gsize i = 0; argv[i] != NULL; i++)
        json_array_add_string_element (words, argv[i]);
      json_object_set_string_member (object, "kind", "command");
      json_object_set_array_member (object, "command", words);
    }
  else
    {
      g_autofree char *program = g_strdup_printf (CH_TEMPLATE_PROGRAM "%s/%s", template->name, what);

      json_object_set_string_member (object, "kind", "program");
      json_object_set_string_member (object, "program", program);
    }

  return to_text (object);
}

static char *
make_action (const ChTemplate *template,
             const ChTarget   *target)
{
  if (template->unit == NULL)
    return make_command (template, "reload", template->reload, target);

  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "kind", "reload-unit");
  json_object_set_string_member (object, "unit", template->unit);
  return to_text (object);
}

/* ---- checks ---- */

static gboolean
apply_checks (ChDeployment      *deployment,
              const ChTemplate  *template,
              GError           **error)
{
  const char *name = NULL;

  for (gsize i = 0; name == NULL && deployment->names[i] != NULL; i++)
    if (*deployment->names[i] != '*')
      name = deployment->names[i];

  if (name == NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("A wildcard is no host to look at: say where the certificate must be seen, or that nobody looks"));

  JsonObject *object = json_object_new ();
  json_object_set_string_member (object, "host", template->host != NULL ? template->host : name);
  json_object_set_int_member (object, "port", template->port);
  set_text (object, "sni", template->host != NULL ? name : NULL);
  set_text (object, "starttls", template->start_tls);
  if (template->patience > 0)
    json_object_set_int_member (object, "patience", template->patience);

  g_autofree char *text = to_text (object);
  g_free (deployment->checks);
  deployment->checks = g_strdup_printf ("[%s]", text);
  return TRUE;
}

gboolean
ch_deployment_apply_template (ChWorld                  *world,
                              ChDeployment             *deployment,
                              const ChDeploymentDraft  *draft,
                              GError                  **error)
{
  g_autoptr(ChTemplate) template = ch_template_find (deployment->template, error);
  g_autoptr(ChPeer) server = template != NULL
    ? ch_store_get_peer (world->store, CH_PEER_ROLE_SERVER, deployment->server_id, error) : NULL;
  const ChTarget *target = server != NULL ? ch_target_find (server->kind, error) : NULL;

  if (target == NULL || !apply_files (deployment, draft, template, error))
    return FALSE;

  if (draft->test == NULL)
    {
      g_free (deployment->test);
      deployment->test = make_command (template, "test", template->test, target);
    }
  if (draft->action == NULL)
    {
      g_free (deployment->action);
      deployment->action = make_action (template, target);
    }

  return draft->checks != NULL || template->port == 0 || apply_checks (deployment, template, error);
}
