/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pages.h"

#include "mails.h"
#include "page-proof.h"
#include "place.h"

#include <string.h>

char *
sb_page_link (SbWorld       *world,
              const SbOrder *order)
{
  return g_strconcat (world->base, SB_PAGES_PATH "/", order->id, "/", order->page, NULL);
}

/* The link is the right to see the page. */
static const SbOrder *
find_order (SbWorld    *world,
            const char *path)
{
  g_auto(GStrv) parts = g_strsplit (path, "/", -1);
  const SbOrder *order = NULL;

  if (g_strv_length (parts) == 4)
    order = sb_state_order (world->state, parts[2]);

  return order != NULL && g_strcmp0 (order->page, parts[3]) == 0 ? order : NULL;
}

static void
describe (const SbOrder *order,
          GString       *page)
{
  g_autofree char *dns = sb_dns_text (order);
  g_autofree char *tag = sb_meta_tag (order);
  g_autofree char *escaped = g_markup_escape_text (tag, -1);

  g_string_append_printf (page, "<!DOCTYPE html>\n<html><head><title>Domain verification</title></head><body>\n"
                          "<h1>Order %s</h1>\n<p>TXT record: <code id=\"dns\">%s</code></p>\n"
                          "<p>File: <code id=\"file\">%s</code></p>\n<ul>\n", order->id, dns, escaped);
  for (gsize i = 0; order->approvers != NULL && order->approvers[i] != NULL; i++)
    g_string_append_printf (page, "<li>%s</li>\n", order->approvers[i]);
  g_string_append (page, "</ul>\n<form method=\"post\"><input name=\"domain\"> <select name=\"method\">"
                         "<option>dns</option><option>http</option></select> <button>Verify</button></form>\n"
                         "</body></html>\n");
}

/* The page behind the link in a mail: two buttons. */
static void
serve_mail (SbWorld           *world,
            SoupServerMessage *message,
            const char        *mail)
{
  static const char form[] =
    "<!DOCTYPE html>\n<html><head><title>Approve</title></head><body>\n<form method=\"post\">"
    "<button name=\"answer\" value=\"approve\">Approve</button> "
    "<button name=\"answer\" value=\"reject\">Reject</button></form>\n</body></html>\n";
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autofree char *why = NULL;
  const char *text = form;

  if (soup_server_message_get_method (message) == SOUP_METHOD_POST)
    {
      gboolean is_approved = g_strcmp0 (body->data, "answer=approve") == 0;
      gboolean is_answer = is_approved || g_strcmp0 (body->data, "answer=reject") == 0;

      text = is_answer && sb_mails_answer (world, mail, NULL, is_approved, &why) ? "Thank you.\n" : why;
    }

  guint status = text != NULL && why == NULL ? SOUP_STATUS_OK : SOUP_STATUS_BAD_REQUEST;
  const char *type = text == form ? "text/html;charset=UTF-8" : "text/plain;charset=UTF-8";
  soup_server_message_set_status (message, status, NULL);
  if (text != NULL)
    soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, text, strlen (text));
}

/* “domain=example.test&method=dns”, as the form of the page sends it */
static void
press (SbWorld           *world,
       SoupServerMessage *message,
       const SbOrder     *order)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr(GHashTable) form = soup_form_decode (body->data != NULL ? body->data : "");
  const char *domain = g_hash_table_lookup (form, "domain");
  const char *method = g_hash_table_lookup (form, "method");
  gboolean is_waiting = order->status < SB_STATUS_CANCELLED;

  if (is_waiting && domain != NULL && g_strv_contains ((const char *const *) order->approvers, domain)
      && (g_strcmp0 (method, "dns") == 0 || g_strcmp0 (method, "http") == 0))
    sb_page_prove (world, sb_exchange_new (message), order, domain, strcmp (method, "http") == 0);
  else
    soup_server_message_set_status (message, SOUP_STATUS_BAD_REQUEST, NULL);
}

void
sb_page_request_cb (SoupServer        *server,
                    SoupServerMessage *message,
                    const char        *path,
                    GHashTable        *query,
                    gpointer           user_data)
{
  const SbOrder *order = find_order (user_data, path);
  g_autoptr(GString) page = g_string_new (NULL);

  if (g_str_has_prefix (path, SB_PAGES_PATH "/mail/"))
    {
      serve_mail (user_data, message, path + strlen (SB_PAGES_PATH "/mail/"));
      return;
    }
  if (order == NULL)
    {
      soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
      return;
    }
  if (soup_server_message_get_method (message) == SOUP_METHOD_POST)
    {
      press (user_data, message, order);
      return;
    }

  describe (order, page);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "text/html;charset=UTF-8", SOUP_MEMORY_COPY, page->str, page->len);
}
