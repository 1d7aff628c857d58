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
  GQueue list; /* (element-type Request) (owned), oldest first */
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
  return requests;
}

void
sb_requests_clear (SbRequests *requests)
{
  g_queue_clear_full (&requests->list, (GDestroyNotify) request_free);
}

void
sb_requests_free (SbRequests *requests)
{
  sb_requests_clear (requests);
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
sb_requests_list (SbRequests *requests,
                  const char *order_id)
{
  JsonArray *array = json_array_new ();

  for (GList *at = requests->list.head; at != NULL; at = at->next)
    {
      const Request *request = at->data;

      if (order_id == NULL || g_strcmp0 (request->order_id, order_id) == 0)
        json_array_add_object_element (array, to_json (request));
    }

  return array;
}
