/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloudflare-private.h"

#include "net/pause.h"

#include "lib/error.h"
#include "lib/secret.h"

#include <glib/gi18n.h>
#include <string.h>

/* an account or a name that has more than this is not what we think it is */
#define PAGES_MAX 100

gboolean
ch_cloudflare_open (ChCloudflare      *self,
                    const ChDnsAccess *access,
                    GCancellable      *cancellable,
                    GError           **error)
{
  const char *token = ch_fields_get (ch_cloudflare_fields, access->secrets, "api-token");
  const char *key = ch_fields_get (ch_cloudflare_fields, access->secrets, "api-key");
  const char *email = ch_fields_get (ch_cloudflare_fields, access->settings, "email");

  if (token == NULL && (key == NULL || email == NULL))
    return ch_error_set (error, CH_ERROR_INVALID, _("The DNS account lacks an API token"));

  /* Cloudflare counts by user, over dashboard, key and tokens together; of a token we do not know the user */
  ch_web_account_open (&self->web, "Cloudflare", ch_cloudflare_fields, access, CH_CLOUDFLARE_URL,
                       token != NULL ? token : email, cancellable);
  self->settings = access->settings;
  if (token != NULL)
    {
      self->bearer = g_strconcat ("Bearer ", token, NULL);
      self->headers[0] = "Authorization";
      self->headers[1] = self->bearer;
    }
  else
    {
      self->headers[0] = "X-Auth-Email";
      self->headers[1] = email;
      self->headers[2] = "X-Auth-Key";
      self->headers[3] = key;
    }
  self->web.service.headers = self->headers;
  return TRUE;
}

void
ch_cloudflare_clear (ChCloudflare *self)
{
  ch_web_account_clear (&self->web);
  ch_secret_free (self->bearer);
}

/* “Ratelimit: "default";r=0;t=30”: no call is left for 30 seconds. Going on would be punished by five
 * minutes. */
static void
heed_limit (ChCloudflare      *self,
            const ChHttpReply *reply)
{
  const char *text = g_hash_table_lookup (reply->headers, "ratelimit");
  const char *left = text != NULL ? strstr (text, ";r=") : NULL;
  const char *wait = text != NULL ? strstr (text, ";t=") : NULL;

  if (left != NULL && wait != NULL && g_ascii_strtoull (left + 3, NULL, 10) == 0 && g_ascii_isdigit (left[3]))
    ch_pause_begin (self->web.caller, g_get_monotonic_time (),
                    MIN (g_ascii_strtoull (wait + 3, NULL, 10), G_MAXINT));
}

JsonNode *
ch_cloudflare_ask (ChCloudflare        *self,
                   const char          *method,
                   const char          *path,
                   GBytes              *body,
                   ChCloudflareSpecial *special,
                   GError             **error)
{
  ChHttpRequest request = {
    .method = method,
    .path = path,
    .content_type = body != NULL ? "application/json" : NULL,
    .body = body,
  };

  *special = CH_CLOUDFLARE_NOTHING;
  g_autoptr(ChHttpReply) reply = ch_service_ask (&self->web.service, &request, error);
  if (reply == NULL)
    return NULL;

  heed_limit (self, reply);
  g_autoptr(JsonNode) envelope = ch_service_parse_json (&self->web.service, reply, error);
  if (envelope == NULL
      || !ch_cloudflare_judge (reply->status, ch_json_root_object (envelope), special, error))
    return NULL;

  return g_steal_pointer (&envelope);
}

GPtrArray *
ch_cloudflare_list (ChCloudflare *self,
                    const char   *path,
                    guint         per_page,
                    GError      **error)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);

  for (gint64 page = 1, pages = 1; page <= MIN (pages, PAGES_MAX); page++)
    {
      g_autofree char *text = g_strdup_printf ("%s%sper_page=%u&page=%d", path,
                                               strchr (path, '?') != NULL ? "&" : "?", per_page, (int) page);
      ChCloudflareSpecial special;
      g_autoptr(JsonNode) envelope = ch_cloudflare_ask (self, "GET", text, NULL, &special, error);
      JsonObject *object = ch_json_root_object (envelope);

      if (envelope == NULL)
        return NULL;

      for (guint i = 0; i < ch_json_get_length (object, "result"); i++)
        if (ch_json_get_element (object, "result", i) != NULL)
          g_ptr_array_add (all, json_object_ref (ch_json_get_element (object, "result", i)));

      pages = ch_json_get_number (ch_json_get_object (object, "result_info"), "total_pages", 1);
    }

  return g_steal_pointer (&all);
}
