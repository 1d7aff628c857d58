/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "faults.h"

#include <string.h>

#define HUGE_MAX (256 * 1024 * 1024)

struct _SbFaults
{
  GPtrArray *list; /* (element-type SbFault) (owned) */
};

void
sb_fault_free (SbFault *fault)
{
  g_free (fault->operation);
  g_free (fault->field);
  g_free (fault->message);
  g_free (fault->body);
  g_free (fault->content_type);
  g_strfreev (fault->headers);
  g_free (fault);
}

SbFaults *
sb_faults_new (void)
{
  SbFaults *faults = g_new0 (SbFaults, 1);

  faults->list = g_ptr_array_new_with_free_func ((GDestroyNotify) sb_fault_free);
  return faults;
}

void
sb_faults_free (SbFaults *faults)
{
  g_ptr_array_unref (faults->list);
  g_free (faults);
}

void
sb_faults_clear (SbFaults *faults)
{
  g_ptr_array_set_size (faults->list, 0);
}

static gboolean
read_drop (JsonObject *object,
           SbFault    *fault)
{
  const char *when = json_object_get_string_member_with_default (object, "drop", NULL);

  if (!json_object_has_member (object, "drop"))
    fault->drop = SB_DROP_NONE;
  else if (g_strcmp0 (when, "before") == 0)
    fault->drop = SB_DROP_BEFORE;
  else if (g_strcmp0 (when, "after") == 0)
    fault->drop = SB_DROP_AFTER;
  else
    return FALSE;

  return TRUE;
}

static gboolean
has_only_known (JsonObject  *object,
                char       **why)
{
  static const char *const known[] = {
    "code", "field", "message", "status", "html", "body", "content-type", "headers", "soap-fault",
    "latency_ms", "drop", "truncate", "garbage", "huge", NULL
  };
  g_autoptr(GList) names = json_object_get_members (object);

  for (GList *at = names; at != NULL; at = at->next)
    if (!g_strv_contains (known, at->data))
      {
        g_autofree char *list = g_strjoinv (", ", (GStrv) known);
        *why = g_strdup_printf ("Unknown fault “%s”. Known are: %s.", (char *) at->data, list);
        return FALSE;
      }

  if (names == NULL)
    *why = g_strdup ("The fault is empty.");
  return names != NULL;
}

/* An object of strings, as the list that SbFault wants. */
static GStrv
read_headers (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "headers");
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  JsonObjectIter iter;
  const char *name;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;

  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, &node))
    if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_string (node) != NULL)
      g_strv_builder_add_many (builder, name, json_node_get_string (node), NULL);

  return g_strv_builder_end (builder);
}

static SbFault *
read_fault (JsonObject  *object,
            char       **why)
{
  g_autoptr(SbFault) fault = g_new0 (SbFault, 1);

  if (!has_only_known (object, why))
    return NULL;
  if (!read_drop (object, fault))
    {
      *why = g_strdup ("“drop” must be “before” or “after”.");
      return NULL;
    }

  fault->code = json_object_get_int_member_with_default (object, "code", 0);
  fault->field = g_strdup (json_object_get_string_member_with_default (object, "field", NULL));
  fault->message = g_strdup (json_object_get_string_member_with_default (object, "message", NULL));
  fault->status = json_object_get_int_member_with_default (object, "status", 0);
  fault->html = json_object_get_boolean_member_with_default (object, "html", FALSE);
  fault->body = g_strdup (json_object_get_string_member_with_default (object, "body", NULL));
  fault->content_type = g_strdup (json_object_get_string_member_with_default (object, "content-type",
                                                                              "application/json"));
  fault->headers = read_headers (object);
  fault->soap_fault = json_object_get_boolean_member_with_default (object, "soap-fault", FALSE);
  fault->latency = CLAMP (json_object_get_int_member_with_default (object, "latency_ms", 0), 0, G_MAXINT);
  fault->truncate = json_object_get_int_member_with_default (object, "truncate", -1);
  fault->garbage = json_object_get_boolean_member_with_default (object, "garbage", FALSE);
  fault->huge = CLAMP (json_object_get_int_member_with_default (object, "huge", 0), 0, HUGE_MAX);
  return g_steal_pointer (&fault);
}

gboolean
sb_faults_add (SbFaults    *faults,
               JsonObject  *order,
               char       **why)
{
  JsonNode *node = json_object_get_member (order, "fault");

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      *why = g_strdup ("“fault” must be an object, as in {\"operation\": \"*\", \"fault\": {\"code\": -1}}.");
      return FALSE;
    }

  SbFault *fault = read_fault (json_node_get_object (node), why);
  if (fault == NULL)
    return FALSE;

  fault->operation = g_strdup (json_object_get_string_member_with_default (order, "operation", "*"));
  fault->times = json_object_get_int_member_with_default (order, "times", 1);
  g_ptr_array_add (faults->list, fault);
  return TRUE;
}

JsonArray *
sb_faults_list (SbFaults *faults)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < faults->list->len; i++)
    {
      SbFault *fault = g_ptr_array_index (faults->list, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "operation", fault->operation);
      json_object_set_int_member (object, "times", fault->times);
      json_array_add_object_element (array, object);
    }

  return array;
}

static SbFault *
copy_fault (const SbFault *fault)
{
  SbFault *copy = g_memdup2 (fault, sizeof *fault);

  copy->operation = g_strdup (fault->operation);
  copy->field = g_strdup (fault->field);
  copy->message = g_strdup (fault->message);
  copy->body = g_strdup (fault->body);
  copy->content_type = g_strdup (fault->content_type);
  copy->headers = g_strdupv (fault->headers);
  return copy;
}

/* “*”, “cloudflare.*”, or the operation itself */
static gboolean
means (const char *pattern,
       const char *operation)
{
  gsize length = strlen (pattern);

  if (length > 0 && pattern[length - 1] == '*')
    return strncmp (pattern, operation, length - 1) == 0;

  return strcmp (pattern, operation) == 0;
}

SbFault *
sb_faults_take (SbFaults   *faults,
                const char *operation)
{
  for (guint i = 0; i < faults->list->len; i++)
    {
      SbFault *fault = g_ptr_array_index (faults->list, i);

      if (!means (fault->operation, operation))
        continue;

      SbFault *copy = copy_fault (fault);
      if (fault->times > 0 && --fault->times == 0)
        g_ptr_array_remove_index (faults->list, i);
      return copy;
    }

  return NULL;
}
