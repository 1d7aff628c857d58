/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/ssh-private.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

#define REVOKED "@revoked "

/* Whether @line is of @host and has @key. libssh knows hashed names and patterns (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
static gboolean
has_key (const char *line,
         const char *host,
         ssh_key     key)
{
  struct ssh_knownhosts_entry *entry = NULL;
  gboolean same = ssh_known_hosts_parse_line (host, line, &entry) == SSH_OK && entry != NULL && entry->publickey != NULL
                  && ssh_key_cmp (entry->publickey, key, SSH_KEY_CMP_PUBLIC) == 0;

  ssh_knownhosts_entry_free (entry);
  return same;
}

gboolean
ch_ssh_is_known (const char *text,
                 const char *host,
                 guint       port,
                 ssh_key     key)
{
  g_autofree char *lower = g_ascii_strdown (host, -1);
  g_autofree char *name = port == 22 ? g_strdup (lower) : g_strdup_printf ("[%s]:%u", lower, port);
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean known = FALSE;

  for (gsize i = 0; lines[i] != NULL; i++)
    {
      const char *line = g_strstrip (lines[i]);

      if (g_str_has_prefix (line, REVOKED) && has_key (line + strlen (REVOKED), name, key))
        return FALSE;
      known = known || (*line != '\0' && strchr ("#@", *line) == NULL && has_key (line, name, key));
    }

  return known;
}

static ChScanned *
describe (ChSsh      *ssh,
          const char *known,
          const char *host,
          guint       port)
{
  ssh_key key = NULL;

  if (ssh_get_server_publickey (ssh->session, &key) != SSH_OK)
    return NULL;

  ChScanned *scanned = g_new0 (ChScanned, 1);
  scanned->value = ch_ssh_key_line (key);
  scanned->type = g_strndup (scanned->value, strcspn (scanned->value, " "));
  scanned->fingerprint = ch_ssh_key_fingerprint (key);
  scanned->known = known != NULL && ch_ssh_is_known (known, host, port, key);
  ssh_key_free (key);
  return scanned;
}

GPtrArray *
ch_ssh_scan (const ChServerAccess  *access,
             const char            *known,
             GCancellable          *cancellable,
             GError               **error)
{
  const char *host = ch_fields_get (ch_ssh_fields, access->settings, "host");
  const char *port = ch_fields_get (ch_ssh_fields, access->settings, "port");
  g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_scanned_free);
  g_autoptr(GError) last = NULL;

  if (host == NULL)
    {
      ch_error_set (error, CH_ERROR_INVALID, _("Say by “host” which server is meant"));
      return NULL;
    }

  for (const char *const *types = ch_ssh_host_key_types; *types != NULL; types++)
    {
      g_clear_error (&last);
      ChSsh *ssh = ch_ssh_open (access, *types, cancellable, &last);
      ChScanned *key = ssh != NULL ? describe (ssh, known, host, (guint) g_ascii_strtoull (port, NULL, 10)) : NULL;

      if (key != NULL)
        g_ptr_array_add (keys, key);
      g_clear_pointer (&ssh, ch_ssh_free);
      /* It has no key of this type; else it is a matter of all. */
      if (last != NULL && !g_error_matches (last, CH_ERROR, CH_ERROR_BAD_ANSWER))
        break;
    }

  if (keys->len > 0)
    return g_steal_pointer (&keys);

  if (last != NULL)
    g_propagate_error (error, g_steal_pointer (&last));
  else
    ch_error_set (error, CH_ERROR_BAD_ANSWER, _("“%s” shows no key"), host);
  return NULL;
}
