/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "azure-private.h"

#include "dns/web-account.h"
#include "lib/error.h"
#include "lib/secret.h"
#include "net/form.h"

#include <glib/gi18n.h>
#include <string.h>

/* The client credentials grant (RFC 6749, 4.4) of Microsoft's identity platform. There is no refresh token with
 * it: at the end of one, another is asked for. */

#define EARLY 300                /* seconds before its end that a token is not used any more */
#define LIFE_MAX (24 * 60 * 60)  /* the longest that is handed out */
#define CACHE_MAX 256

/** Token: what the authority gave one account. */
typedef struct
{
  GBytes *text;         /* with its final zero */
  gint64 end;           /* of the monotonic clock */
} Token;

static GMutex lock;
static GHashTable *tokens;      /* (element-type utf8 Token) (owned) (nullable): by ChAzure.key */

static void
token_free (Token *token)
{
  g_bytes_unref (token->text);
  g_free (token);
}

static GBytes *
look_up (const ChAzure *azure)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);
  Token *token = tokens != NULL ? g_hash_table_lookup (tokens, azure->key) : NULL;

  if (token == NULL)
    return NULL;

  if (g_get_monotonic_time () < token->end)
    return g_bytes_ref (token->text);

  g_hash_table_remove (tokens, azure->key);
  return NULL;
}

static void
keep (const ChAzure *azure,
      GBytes        *text,
      gint64         seconds)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);
  /* short-lived ones would else never be used */
  gint64 use = seconds - MIN (EARLY, seconds / 2);
  Token *token = g_new (Token, 1);

  if (tokens == NULL)
    tokens = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) token_free);
  if (g_hash_table_size (tokens) >= CACHE_MAX)
    g_hash_table_remove_all (tokens);

  token->text = g_bytes_ref (text);
  token->end = g_get_monotonic_time () + use * G_USEC_PER_SEC;
  g_hash_table_replace (tokens, g_strdup (azure->key), token);
}

void
ch_azure_token_drop (const ChAzure *azure,
                     GBytes        *text)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);
  Token *token = tokens != NULL ? g_hash_table_lookup (tokens, azure->key) : NULL;

  /* another worker may have got a new one meanwhile */
  if (token != NULL && g_bytes_equal (token->text, text))
    g_hash_table_remove (tokens, azure->key);
}

/* ---- log in ---- */

static GBytes *
make_form (const ChAzure *azure)
{
  g_autofree char *scope = g_strconcat (azure->url, "/.default", NULL);
  const char *const pairs[] = { "grant_type", "client_credentials", "client_id", azure->client,
                                "client_secret", azure->secret, "scope", scope, NULL };

  return ch_form_encode (pairs);
}

static GBytes *
read_token (const ChAzure      *azure,
            const ChAzureReply *reply,
            GError            **error)
{
  const char *type = ch_json_get_text (reply->object, "token_type");
  const char *text = ch_json_get_text (reply->object, "access_token");
  gint64 seconds = ch_json_get_number (reply->object, "expires_in", 0);

  if (type == NULL || g_ascii_strcasecmp (type, "Bearer") != 0
      || text == NULL || !ch_web_account_is_header (text))
    {
      ch_error_set (error, CH_ERROR_BAD_ANSWER,
                    _("“%s” has answered the log-in with something that holds no token"), azure->login_url);
      return NULL;
    }

  g_autoptr(GBytes) token = ch_secret_take (g_strdup (text), strlen (text) + 1);
  keep (azure, token, CLAMP (seconds, 0, LIFE_MAX));
  return g_steal_pointer (&token);
}

static ChAzureReply *
log_in (const ChAzure *azure,
        GError       **error)
{
  g_autofree char *tenant = g_uri_escape_string (azure->tenant, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/%s/oauth2/v2.0/token", tenant);
  g_autoptr(GBytes) form = make_form (azure);
  static const char *const headers[] = { "Accept", "application/json", NULL };
  ChHttpRequest request = { .method = "POST", .path = path, .headers = headers, .body = form,
                            .content_type = CH_FORM_TYPE, .is_question = TRUE };

  return ch_azure_ask (&azure->login, &request, error);
}

GBytes *
ch_azure_token (const ChAzure *azure,
                GError       **error)
{
  GBytes *known = look_up (azure);

  if (known != NULL)
    return known;

  g_autoptr(ChAzureReply) reply = log_in (azure, error);
  if (reply == NULL)
    return NULL;

  if (reply->status == 200 && reply->object != NULL)
    return read_token (azure, reply, error);

  ch_azure_fail_login (azure, reply, error);
  return NULL;
}
