/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "requests.h"

#include "dates.h"

#define MOST 10000

typedef struct
{
  gint64 time;
  char *operation;
  char *order_id;
  char *body;
  char *outcome;
} Request;

struct _SbRequests
{
  GQueue list;        /* (element-type Request) (owned), oldest first */
  GHashTable *counts; /* (element-type utf8 gsize), by operation */
};

static void
request_free (Request *request)
{
  g_free (request->operation);
  g_free (request->order_id);
  g_free (request->body);
  g_free (request->outcome);
  g_free (request);
}

SbRequests *
sb_requests_new (void)
{
  SbRequests *requests = g_new0 (SbRequests, 1);

  g_queue_init (&requests->list);
  requests->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return requests;
}

void
sb_requests_clear (SbRequests *requests)
{
  g_queue_clear_full (&requests->list, (GDestroyNotify) request_free);
  g_hash_table_remove_all (requests->counts);
}

void
sb_requests_free (SbRequests *requests)
{
  sb_requests_clear (requests);
  g_hash_table_unref (requests->counts);
  g_free (requests);
}

/* Works on text, not on XML: what is not well-formed may hold a password too. */
static char *
blot_out (const char *body,
          gsize       length)
{
  static GRegex *password, *pair;
  g_autofree char *text = g_utf8_make_valid (body, length);

  if (password == NULL)
    password = g_regex_new ("(<[^<>]*Password[^<>]*>).*?(</|$)", G_REGEX_DOTALL | G_REGEX_OPTIMIZE, 0, NULL);
  if (pair == NULL)
    /* as in forms and queries (RFC 6749, 2.3.1; ClouDNS) */
    pair = g_regex_new ("\\b((?:client_secret|auth-password)=)[^&\\s]*", G_REGEX_OPTIMIZE, 0, NULL);

  g_autofree char *clean = g_regex_replace (password, text, -1, 0, "\\1********\\2", 0, NULL);
  g_autofree char *cleaner = clean != NULL ? g_regex_replace (pair, clean, -1, 0, "\\1********", 0, NULL) : NULL;
  return cleaner != NULL ? g_steal_pointer (&cleaner) : g_strdup ("(not kept)");
}

void
sb_requests_add (SbRequests *requests,
                 const char *operation,
                 const char *order_id,
                 const char *body,
                 gsize       length,
                 const char *outcome)
{
  Request *request = g_new0 (Request, 1);
  const char *counted = operation != NULL ? operation : "?";
  gsize count = GPOINTER_TO_SIZE (g_hash_table_lookup (requests->counts, counted));

  g_hash_table_replace (requests->counts, g_strdup (counted), GSIZE_TO_POINTER (count + 1));
  request->time = sb_now ();
  request->operation = g_strdup (operation);
  request->order_id = g_strdup (order_id);
  request->body = blot_out (body, length);
  request->outcome = g_strdup (outcome);
  g_queue_push_tail (&requests->list, request);

  if (requests->list.length > MOST)
    request_free (g_queue_pop_head (&requests->list));
}

static JsonObject *
to_json (const Request *request)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "time", request->time);
  json_object_set_string_member (object, "operation", request->operation);
  json_object_set_string_member (object, "order", request->order_id);
  json_object_set_string_member (object, "outcome", request->outcome);
  json_object_set_string_member (object, "body", request->body);
  return object;
}

JsonArray *
sb_requests_list (SbRequests *requests)
{
  JsonArray *array = json_array_new ();

  for (GList *at = requests->list.head; at != NULL; at = at->next)
    json_array_add_object_element (array, to_json (at->data));

  return array;
}

GHashTable *
sb_requests_by_order (SbRequests *requests)
{
  GHashTable *orders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_array_unref);

  for (GList *at = requests->list.head; at != NULL; at = at->next)
    {
      const Request *request = at->data;
      JsonArray *array = request->order_id != NULL ? g_hash_table_lookup (orders, request->order_id) : NULL;

      if (request->order_id == NULL)
        continue;
      if (array == NULL)
        {
          array = json_array_new ();
          g_hash_table_insert (orders, g_strdup (request->order_id), array);
        }
      json_array_add_object_element (array, to_json (request));
    }

  return orders;
}

JsonObject *
sb_requests_count (SbRequests *requests)
{
  JsonObject *object = json_object_new ();
  GHashTableIter iter;
  gpointer name, number;

  g_hash_table_iter_init (&iter, requests->counts);
  while (g_hash_table_iter_next (&iter, &name, &number))
    json_object_set_int_member (object, name, GPOINTER_TO_SIZE (number));

  return object;
}
