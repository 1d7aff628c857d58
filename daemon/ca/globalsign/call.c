/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "globalsign.h"

#include "ca/globalsign/codes.h"
#include "net/http.h"

#include <glib/gi18n.h>
#include <string.h>

/* docs/globalsign.md, Endpoints */
#define PRODUCTION "https://system.globalsign.com/kb/ws/v1"
#define TEST "https://test-gcc.globalsign.com/kb/ws/v1"

/* 500 orders in one answer, some kilobytes each */
#define MAX_BODY (16 * 1024 * 1024)

static const char *
setting (const ChCaAccess *access,
         const char       *name)
{
  return ch_fields_get (ch_gs_fields, access->settings, name);
}

static const char *
password (const ChCaAccess *access)
{
  return access->secrets != NULL ? ch_fields_get (ch_gs_fields, access->secrets, "password") : NULL;
}

/* A URL that is given always counts: nobody who gives one may end at production for want of a word. */
static char *
base_url (const ChCaAccess *access,
          GError          **error)
{
  const char *given = g_hash_table_lookup (access->settings, "environment");
  const char *environment = setting (access, "environment");
  const char *url = setting (access, "url");
  gboolean is_url = g_str_equal (environment, "url");

  if (is_url && url == NULL)
    {
      ch_error_set (error, CH_ERROR_INVALID, _("The environment “url” needs a URL, but “url” is missing"));
      return NULL;
    }
  if (url != NULL && !is_url && given != NULL && *given != '\0')
    {
      ch_error_set (error, CH_ERROR_INVALID,
                    _("The account has both the environment “%s” and a URL; make the environment “url”, or "
                      "remove the URL"), environment);
      return NULL;
    }
  if (url == NULL)
    return g_strdup (g_str_equal (environment, "test") ? TEST : PRODUCTION);

  return g_strndup (url, strlen (url) - (g_str_has_suffix (url, "/") ? 1 : 0));
}

xmlNode *
ch_gs_request_new (const ChCaAccess *access,
                   const char       *operation,
                   ChGsHeader        header)
{
  xmlNode *request = ch_soap_request_new (operation);
  xmlNode *token = ch_soap_open (ch_soap_open (request, header == CH_GS_ORDER_HEADER ? "OrderRequestHeader"
                                                                                     : "QueryRequestHeader"),
                                 "AuthToken");

  ch_soap_add (token, "UserName", setting (access, "user"));
  ch_soap_add (token, "Password", password (access));
  return request;
}

static gboolean
status_trouble (guint       status,
                const char *url,
                GError    **error)
{
  if (status == 401)
    return ch_error_set (error, CH_ERROR_CREDENTIALS,
                         _("“%s” wants a log-in of its own (HTTP 401); check the URL and the proxy"), url);
  if (status == 403)
    return ch_error_set (error, CH_ERROR_FORBIDDEN,
                         _("“%s” refuses this machine (HTTP 403); check that its public address is on the "
                           "account's API allow-list, and the proxy"), url);
  if (status == 429)
    return ch_error_set (error, CH_ERROR_THROTTLED,
                         _("“%s” was asked too often (HTTP 429); it is tried again later"), url);
  if (status >= 500)
    return ch_error_set (error, CH_ERROR_TRANSIENT,
                         _("“%s” has trouble (HTTP %u); it is tried again later"), url, status);

  return ch_error_set (error, CH_ERROR_TRANSIENT,
                       _("“%s” is not where GlobalSign's service answers (HTTP %u); check the URL"),
                       url, status);
}

static ChHttpReply *
post (const ChCaAccess *access,
      const char       *url,
      const char       *service,
      GBytes           *body,
      GCancellable     *cancellable,
      GError          **error)
{
  static const char *const headers[] = { "SOAPAction", "\"\"", NULL };
  ChHttp http = {
    .base_url = url,
    .ca_pem = setting (access, "ca-certificate"),
    .proxy = setting (access, "proxy"),
    .max_body = MAX_BODY,
  };
  ChHttpRequest request = {
    .method = "POST",
    .path = service,
    .headers = headers,
    .content_type = "text/xml; charset=utf-8",
    .body = body,
  };

  return ch_http_send (&http, &request, cancellable, error);
}

static ChSoapReply *
converse (const ChCaAccess *access,
          const char       *service,
          xmlNode          *request,
          GCancellable     *cancellable,
          GError          **error)
{
  const char *operation = (const char *) request->parent->name;
  g_autofree char *url = base_url (access, error);
  g_autoptr(GBytes) body = url != NULL ? ch_soap_write (request, error) : NULL;
  g_autoptr(ChHttpReply) answer = body != NULL ? post (access, url, service, body, cancellable, error) : NULL;

  if (answer == NULL)
    return NULL;

  /* a SOAP fault comes with 500 (SOAP 1.1, section 6.2) */
  if (answer->status == 200 || (answer->status == 500 && g_strcmp0 (answer->content_type, "text/xml") == 0))
    return ch_soap_parse (answer->body, operation, error);

  status_trouble (answer->status, url, error);
  return NULL;
}

/* Faults and messages can quote what was sent (docs/globalsign.md, Errors). */
static gboolean
quotes_secret (const ChCaAccess *access,
               const char       *text)
{
  const char *secret = password (access);

  return secret != NULL && text != NULL && strstr (text, secret) != NULL;
}

static void
hide_secret (const ChCaAccess *access,
             GError          **error)
{
  if (error == NULL || *error == NULL || !quotes_secret (access, (*error)->message))
    return;

  int code = (*error)->code;
  g_clear_error (error);
  ch_error_set (error, code, _("GlobalSign refused the request with words that are not repeated here"));
}

ChSoapReply *
ch_gs_call (const ChCaAccess *access,
            const char       *service,
            xmlNode          *request,
            GCancellable     *cancellable,
            GError          **error)
{
  ChSoapReply *reply = NULL;

  if (setting (access, "user") == NULL || password (access) == NULL)
    ch_error_set (error, CH_ERROR_CREDENTIALS,
                  _("The GlobalSign account has no user name or no password; set both"));
  else
    reply = converse (access, service, request, cancellable, error);
  ch_soap_request_free (request);
  hide_secret (access, error);

  return reply;
}

char *
ch_gs_error_text (const ChCaAccess  *access,
                  const ChSoapError *entry)
{
  g_autoptr(GError) error = NULL;

  ch_gs_code_set (entry->code, quotes_secret (access, entry->field) ? NULL : entry->field,
                  quotes_secret (access, entry->message) ? NULL : entry->message, &error);
  return g_strdup (error->message);
}

gboolean
ch_gs_check (const ChCaAccess  *access,
             const ChSoapReply *reply,
             GError           **error)
{
  if (reply->success >= 0)
    return TRUE;

  if (reply->code == 0)
    ch_error_set (error, CH_ERROR_TRANSIENT,
                  _("GlobalSign refused the request without saying why; it is tried again later"));
  else
    ch_gs_code_set (reply->code, quotes_secret (access, reply->field) ? NULL : reply->field,
                    quotes_secret (access, reply->message) ? NULL : reply->message, error);

  return FALSE;
}

ChSoapReply *
ch_gs_ask (const ChCaAccess *access,
           const char       *service,
           xmlNode          *request,
           GCancellable     *cancellable,
           GError          **error)
{
  g_autoptr(ChSoapReply) reply = ch_gs_call (access, service, request, cancellable, error);

  if (reply == NULL || !ch_gs_check (access, reply, error))
    return NULL;

  return g_steal_pointer (&reply);
}
