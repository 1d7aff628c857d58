/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns-azure.h"

#include <gnutls/crypto.h>
#include <string.h>

/* Microsoft's identity platform: the client credentials grant, and who shows a token that it gave. */

#define PUBLIC_MANAGER "https://management.azure.com"
#define GRAPH "https://graph.microsoft.com"

/* {"error": …} with the number that clients look at, and a description that begins with it. */
static void
refuse (SbDnsCall  *call,
        guint       status,
        const char *error,
        int         number,
        const char *text)
{
  JsonObject *object = json_object_new ();
  JsonArray *numbers = json_array_new ();
  g_autofree char *description = g_strdup_printf ("AADSTS%d: %s\r\nTrace ID: 00000000-0000-0000-0000-000000000001\r\n"
                                                  "Timestamp: 2026-01-01 00:00:00Z", number, text);

  json_array_add_int_element (numbers, number);
  json_object_set_string_member (object, "error", error);
  json_object_set_string_member (object, "error_description", description);
  json_object_set_array_member (object, "error_codes", numbers);
  json_object_set_string_member (object, "timestamp", "2026-01-01 00:00:00Z");
  json_object_set_string_member (object, "trace_id", "00000000-0000-0000-0000-000000000001");
  json_object_set_string_member (object, "correlation_id", "00000000-0000-0000-0000-000000000002");
  sb_dns_answer_json (call, status, sb_json_take_object (object));
}

char *
sb_azure_origin (SbDnsCall *call)
{
  GUri *uri = soup_server_message_get_uri (call->message);
  g_autofree char *host = g_uri_join (G_URI_FLAGS_NONE, g_uri_get_scheme (uri), NULL, g_uri_get_host (uri),
                                      g_uri_get_port (uri), "", NULL, NULL);

  return g_strconcat (host, SB_DNS_PATH "/", call->service->kind, NULL);
}

/* ---- giving tokens ---- */

typedef struct
{
  gboolean is_for_manager;
  gint64 end;           /* of the monotonic clock */
} Token;

static gboolean
names_manager (SbDnsCall  *call,
               const char *audience)
{
  g_autofree char *own = sb_azure_origin (call);

  return strcmp (audience, own) == 0 || strcmp (audience, PUBLIC_MANAGER) == 0
         || strcmp (audience, PUBLIC_MANAGER "/") == 0;
}

static char *
make_token (SbDnsCall *call,
            gboolean   is_for_manager)
{
  SbAzure *state = call->state;
  Token *token = g_new (Token, 1);
  guchar bytes[48];

  gnutls_rnd (GNUTLS_RND_NONCE, bytes, sizeof bytes);
  g_autofree char *base64 = g_base64_encode (bytes, sizeof bytes);
  char *text = g_strconcat ("eyJ0eXAi.", g_strdelimit (base64, "+/=", '-'), NULL);

  token->is_for_manager = is_for_manager;
  token->end = g_get_monotonic_time () + (gint64) state->token_life * G_USEC_PER_SEC;
  g_hash_table_replace (state->tokens, g_strdup (text), token);
  return text;
}

static const char *
form_text (GHashTable *form,
           const char *name)
{
  const char *text = g_hash_table_lookup (form, name);

  return text != NULL ? text : "";
}

/* TRUE when tenant, grant, application and secret are right. */
static gboolean
know_application (SbDnsCall  *call,
                  GHashTable *form)
{
  SbAzure *state = call->state;
  const char *tenant = call->parts[0];

  if (g_ascii_strcasecmp (tenant, SB_AZURE_TENANT) != 0)
    {
      if (g_uuid_string_is_valid (tenant) || strchr (tenant, '.') != NULL)
        refuse (call, SOUP_STATUS_BAD_REQUEST, "invalid_request", 90002, "Tenant was not found.");
      else
        refuse (call, SOUP_STATUS_BAD_REQUEST, "invalid_request", 900023,
                "Specified tenant identifier is neither a valid DNS name, nor a valid external domain.");
    }
  else if (strcmp (form_text (form, "grant_type"), "client_credentials") != 0)
    refuse (call, SOUP_STATUS_BAD_REQUEST, "unsupported_grant_type", 70003,
            "The app requested an unsupported grant type.");
  else if (g_ascii_strcasecmp (form_text (form, "client_id"), SB_AZURE_CLIENT) != 0)
    refuse (call, SOUP_STATUS_BAD_REQUEST, "unauthorized_client", 700016,
            "Application with that identifier was not found in the directory 'Sandbox'.");
  else if (strcmp (form_text (form, "client_secret"), SB_AZURE_SECRET) != 0)
    refuse (call, SOUP_STATUS_UNAUTHORIZED, "invalid_client", 7000215,
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not "
            "the client secret ID.");
  else if (state->is_secret_expired)
    refuse (call, SOUP_STATUS_UNAUTHORIZED, "invalid_client", 7000222,
            "The provided client secret keys are expired.");
  else
    return TRUE;

  return FALSE;
}

static GHashTable *
read_form (SbDnsCall *call)
{
  const char *type = soup_message_headers_get_content_type (soup_server_message_get_request_headers (call->message),
                                                            NULL);

  if (g_strcmp0 (type, "application/x-www-form-urlencoded") == 0)
    return soup_form_decode (call->body);

  refuse (call, SOUP_STATUS_BAD_REQUEST, "invalid_request", 900144,
          "The request body must contain the following parameter: 'grant_type'.");
  return NULL;
}

void
sb_azure_token (SbDnsCall *call)
{
  SbAzure *state = call->state;
  g_autoptr(GHashTable) form = read_form (call);

  if (form == NULL || !know_application (call, form))
    return;

  const char *scope = form_text (form, "scope");
  g_autofree char *audience = g_str_has_suffix (scope, "/.default")
                                ? g_strndup (scope, strlen (scope) - strlen ("/.default")) : NULL;
  if (audience == NULL)
    {
      refuse (call, SOUP_STATUS_BAD_REQUEST, "invalid_scope", 1002012,
              "The provided value for scope is not valid. Client credential flows must have a scope value with /.default "
              "suffixed to the resource identifier.");
      return;
    }
  if (!names_manager (call, audience) && strcmp (audience, GRAPH) != 0)
    {
      refuse (call, SOUP_STATUS_BAD_REQUEST, "invalid_resource", 500011,
              "The resource principal was not found in the tenant named Sandbox.");
      return;
    }

  JsonObject *object = json_object_new ();
  g_autofree char *token = make_token (call, names_manager (call, audience));
  json_object_set_string_member (object, "token_type", "Bearer");
  json_object_set_int_member (object, "expires_in", state->token_life);
  json_object_set_int_member (object, "ext_expires_in", state->token_life);
  json_object_set_string_member (object, "access_token", token);
  sb_dns_answer_json (call, SOUP_STATUS_OK, sb_json_take_object (object));
}

/* The older path takes a resource, and answers with numbers as strings. */
void
sb_azure_token_v1 (SbDnsCall *call)
{
  SbAzure *state = call->state;
  g_autoptr(GHashTable) form = read_form (call);

  if (form == NULL || !know_application (call, form))
    return;

  const char *resource = form_text (form, "resource");
  if (!names_manager (call, resource))
    {
      refuse (call, SOUP_STATUS_BAD_REQUEST, "invalid_resource", 500011,
              "The resource principal was not found in the tenant named Sandbox.");
      return;
    }

  JsonObject *object = json_object_new ();
  g_autofree char *token = make_token (call, TRUE);
  g_autofree char *life = g_strdup_printf ("%u", state->token_life);
  g_autofree char *end = g_strdup_printf ("%" G_GINT64_FORMAT, g_get_real_time () / G_USEC_PER_SEC + state->token_life);
  json_object_set_string_member (object, "token_type", "Bearer");
  json_object_set_string_member (object, "expires_in", life);
  json_object_set_string_member (object, "ext_expires_in", life);
  json_object_set_string_member (object, "expires_on", end);
  json_object_set_string_member (object, "resource", resource);
  json_object_set_string_member (object, "access_token", token);
  sb_dns_answer_json (call, SOUP_STATUS_OK, sb_json_take_object (object));
}

/* ---- taking tokens ---- */

static void
refuse_token (SbDnsCall  *call,
              const char *code,
              const char *message)
{
  sb_dns_answer_header (call, "WWW-Authenticate",
                        "Bearer authorization_uri=\"https://login.windows.net/" SB_AZURE_TENANT "\", "
                        "error=\"invalid_token\"");
  sb_azure_fail (call, SOUP_STATUS_UNAUTHORIZED, code, "%s", message);
}

gboolean
sb_azure_know_caller (SbDnsCall *call)
{
  SbAzure *state = call->state;
  const char *header = sb_dns_call_header (call, "Authorization");
  gboolean is_bearer = header != NULL && g_ascii_strncasecmp (header, "Bearer ", strlen ("Bearer ")) == 0;
  Token *token = is_bearer ? g_hash_table_lookup (state->tokens, header + strlen ("Bearer ")) : NULL;

  if (header == NULL)
    refuse_token (call, "AuthenticationFailed",
                  "Authentication failed. The 'Authorization' header is missing.");
  else if (!is_bearer)
    refuse_token (call, "AuthenticationFailedInvalidHeader",
                  "Authentication failed. The 'Authorization' header is provided in an invalid format.");
  else if (token == NULL)
    refuse_token (call, "InvalidAuthenticationToken", "The access token is invalid.");
  else if (!token->is_for_manager)
    refuse_token (call, "InvalidAuthenticationTokenAudience",
                  "The access token has been obtained for wrong audience or resource.");
  else if (token->end <= g_get_monotonic_time ())
    refuse_token (call, "ExpiredAuthenticationToken", "The access token expiry UTC time is earlier than current UTC time.");
  else if (state->is_other_tenant)
    refuse_token (call, "InvalidAuthenticationTokenTenant",
                  "The access token is from the wrong issuer. It must match the tenant associated with this subscription.");
  else
    return TRUE;

  return FALSE;
}
