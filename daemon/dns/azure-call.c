/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "azure-private.h"

#include "lib/secret.h"

void
ch_azure_reply_free (ChAzureReply *reply)
{
  if (reply == NULL)
    return;

  g_free (reply->etag);
  g_clear_pointer (&reply->object, json_object_unref);
  g_free (reply);
}

ChAzureReply *
ch_azure_ask (const ChService     *service,
              const ChHttpRequest *request,
              GError             **error)
{
  g_autoptr(ChHttpReply) reply = ch_service_ask (service, request, error);
  g_autoptr(JsonNode) root = reply != NULL ? ch_service_parse_json (service, reply, error) : NULL;

  if (root == NULL)
    return NULL;

  JsonObject *object = ch_json_root_object (root);
  ChAzureReply *read = g_new0 (ChAzureReply, 1);
  read->status = reply->status;
  read->etag = g_strdup (g_hash_table_lookup (reply->headers, "etag"));
  read->object = object != NULL ? json_object_ref (object) : NULL;
  return read;
}

static ChAzureReply *
ask (const ChAzure *azure,
     const char    *method,
     const char    *path,
     const char    *condition,
     const char    *tag,
     GBytes        *body,
     GBytes        *token,
     GError       **error)
{
  ch_autosecret char *bearer = g_strconcat ("Bearer ", g_bytes_get_data (token, NULL), NULL);
  const char *const headers[] = {
    "Authorization", bearer, "Accept", "application/json", condition, tag, NULL
  };
  ChHttpRequest request = { .method = method, .path = path, .headers = headers, .body = body,
                            .content_type = body != NULL ? "application/json" : NULL };

  return ch_azure_ask (&azure->manager, &request, error);
}

/* A subscription of another tenant refuses every token of this one. */
static gboolean
wants_new_token (const ChAzureReply *reply)
{
  return reply->status == 401 && g_strcmp0 (ch_azure_code (reply), "InvalidAuthenticationTokenTenant") != 0;
}

ChAzureReply *
ch_azure_call (const ChAzure *azure,
               const char    *method,
               const char    *path,
               const char    *condition,
               const char    *tag,
               GBytes        *body,
               GError       **error)
{
  g_autoptr(GBytes) token = ch_azure_token (azure, error);
  g_autoptr(ChAzureReply) reply =
    token != NULL ? ask (azure, method, path, condition, tag, body, token, error) : NULL;

  if (reply == NULL || !wants_new_token (reply))
    return g_steal_pointer (&reply);

  ch_azure_token_drop (azure, token);
  g_autoptr(GBytes) renewed = ch_azure_token (azure, error);
  return renewed != NULL ? ask (azure, method, path, condition, tag, body, renewed, error) : NULL;
}
