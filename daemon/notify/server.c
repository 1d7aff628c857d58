/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notify/server.h"

#include "lib/error.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

#define GROUP "mail"
#define RECIPIENTS_MAX 50
/* RFC 5321 §4.5.3.1.3: a path has 256 octets with its brackets. */
#define ADDRESS_MAX 254

static const struct { const char *word; guint16 port; } ways[] = {
  [CH_MAIL_STARTTLS] = { "starttls", 587 },
  [CH_MAIL_TLS] = { "tls", 465 },
  [CH_MAIL_PLAIN] = { "none", 25 },
};

/* A dot-atom on both sides (RFC 5322 §3.4.1): quoted local parts and comments are seen nowhere but in attacks. */
static gboolean
is_address (const char *text)
{
  const char *at = strchr (text, '@');

  if (at == NULL || at == text || at[1] == '\0' || strchr (at + 1, '@') != NULL || strlen (text) > ADDRESS_MAX)
    return FALSE;

  for (const char *c = text; *c != '\0'; c++)
    if (*c <= ' ' || *c > '~' || strchr ("()<>[]:;\\,\"", *c) != NULL)
      return FALSE;

  return TRUE;
}

static gboolean
check_address (const char *key,
               const char *text,
               GError    **error)
{
  return is_address (text)
         || ch_error_set (error, CH_ERROR_INVALID, _("[mail] %s: “%s” is no address such as ada@example.com"), key, text);
}

static gboolean
is_host (const char *text)
{
  return *text != '\0' && strlen (text) <= 253
         && text[strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.:")] == '\0';
}

static gboolean
is_this_machine (const char *server)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (server);

  return address != NULL ? g_inet_address_get_is_loopback (address) : g_ascii_strcasecmp (server, "localhost") == 0;
}

static gboolean
read_way (ChMailServer *server,
          GKeyFile     *file,
          GError      **error)
{
  g_autofree char *word = g_key_file_get_string (file, GROUP, "tls", NULL);
  g_autofree char *port = g_key_file_get_string (file, GROUP, "port", NULL);
  guint64 number;

  for (gsize i = 0; word != NULL; i++)
    {
      if (i == G_N_ELEMENTS (ways))
        return ch_error_set (error, CH_ERROR_INVALID, _("[mail] tls must be starttls, tls or none, not “%s”"), word);
      server->tls = (ChMailTls) i;
      if (g_str_equal (ways[i].word, word))
        break;
    }

  if (server->tls == CH_MAIL_PLAIN && !is_this_machine (server->server))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("[mail] tls=none is only for a server on this machine, such as localhost: others need starttls or tls"));

  number = ways[server->tls].port;
  if (port != NULL && !g_ascii_string_to_unsigned (port, 10, 1, G_MAXUINT16, &number, NULL))
    return ch_error_set (error, CH_ERROR_INVALID, _("[mail] port must be a number from 1 to %d"), G_MAXUINT16);

  server->port = (guint16) number;
  return TRUE;
}

static gboolean
read_people (ChMailServer *server,
             GKeyFile     *file,
             GError      **error)
{
  server->from = g_key_file_get_string (file, GROUP, "from", NULL);
  server->to = g_key_file_get_string_list (file, GROUP, "to", NULL, NULL);
  if (server->from == NULL || server->to == NULL || server->to[0] == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("[mail] needs from=ADDRESS and to=ADDRESS;ADDRESS;…"));
  if (g_strv_length (server->to) > RECIPIENTS_MAX)
    return ch_error_set (error, CH_ERROR_INVALID, _("[mail] to can name %d addresses; let the mail server pass it on to more"),
                         RECIPIENTS_MAX);

  if (!check_address ("from", server->from, error))
    return FALSE;
  for (gsize i = 0; server->to[i] != NULL; i++)
    if (!check_address ("to", g_strstrip (server->to[i]), error))
      return FALSE;

  return TRUE;
}

static gboolean
read_rest (ChMailServer *server,
           GKeyFile     *file,
           GError      **error)
{
  server->user = g_key_file_get_string (file, GROUP, "user", NULL);
  server->ca_certificate = g_key_file_get_string (file, GROUP, "ca-certificate", NULL);

  if (server->user != NULL && *server->user == '\0')
    return ch_error_set (error, CH_ERROR_INVALID, _("[mail] user is empty: leave the line out if nobody has to log in"));
  if (server->ca_certificate != NULL && !g_path_is_absolute (server->ca_certificate))
    return ch_error_set (error, CH_ERROR_INVALID, _("[mail] ca-certificate must be an absolute path, not “%s”"),
                         server->ca_certificate);

  return TRUE;
}

ChMailServer *
ch_mail_server_read (GKeyFile *file,
                     GError  **error)
{
  g_autoptr(ChMailServer) server = g_new0 (ChMailServer, 1);

  server->server = g_key_file_get_string (file, GROUP, "server", NULL);
  if (server->server == NULL || !is_host (server->server))
    {
      ch_error_set (error, CH_ERROR_INVALID, _("[mail] needs server=HOST, the name or address of the mail server; its port is a line of its own"));
      return NULL;
    }

  if (!read_way (server, file, error) || !read_people (server, file, error) || !read_rest (server, file, error))
    return NULL;

  return g_steal_pointer (&server);
}

void
ch_mail_server_free (ChMailServer *server)
{
  g_free (server->server);
  g_free (server->user);
  g_free (server->from);
  g_strfreev (server->to);
  g_free (server->ca_certificate);
  g_free (server);
}
