/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "host-key.h"

#include "lib/error.h"
#include "lib/row.h"
#include "print.h"
#include "secret-input.h"

#include <glib/gi18n.h>
#include <stdio.h>

#define KNOWN_MAX (1024 * 1024)

static GVariant *
pack_options (ChArgs *args,
              GError **error)
{
  const char *file = ch_args_get (args, "known-hosts");
  GVariantDict options;

  g_variant_dict_init (&options, NULL);
  if (file != NULL)
    {
      g_autofree char *text = NULL;
      g_autoptr(GError) local = NULL;
      gsize length = 0;

      if (!g_file_get_contents (file, &text, &length, &local))
        ch_error_set (error, CH_ERROR_FILE, _("“%s” cannot be read: %s"), file, local->message);
      else if (length > KNOWN_MAX || !g_utf8_validate (text, (gssize) length, NULL))
        ch_error_set (error, CH_ERROR_INVALID, _("“%s” is no list of known hosts"), file);
      else
        g_variant_dict_insert (&options, "known-hosts", "s", text);

      if (!g_variant_dict_contains (&options, "known-hosts"))
        {
          g_variant_dict_clear (&options);
          return NULL;
        }
    }

  return g_variant_dict_end (&options);
}

/* (transfer full): aa{sv} */
static GVariant *
scan (ChCli     *cli,
      GVariant  *kind,
      ChAnswers *answers,
      GError   **error)
{
  GVariant *options = pack_options (cli->args, error);

  if (options == NULL)
    return NULL;

  g_autoptr(GVariant) reply =
    ch_client_call_manager (cli->client, "ScanServer",
                            g_variant_new ("(s@a{ss}@a{sv})", ch_row_string (kind, "kind"), ch_fields_pack (answers->settings),
                                           options), "(aa{sv})", NULL, error);
  return reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
}

/* (transfer full) (nullable): the first, or with @known the first that is known */
static GVariant *
pick (GVariant *keys,
      gboolean  known)
{
  for (gsize i = 0; i < g_variant_n_children (keys); i++)
    {
      g_autoptr(GVariant) key = g_variant_get_child_value (keys, i);

      if (!known || ch_row_flag (key, "known"))
        return g_steal_pointer (&key);
    }

  return NULL;
}

static char *
list (GVariant *keys)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < g_variant_n_children (keys); i++)
    {
      g_autoptr(GVariant) key = g_variant_get_child_value (keys, i);
      g_autofree char *type = ch_clean (ch_row_string (key, "type"));
      g_autofree char *fingerprint = ch_clean (ch_row_string (key, "fingerprint"));

      g_string_append_printf (text, "%s%s %s", i > 0 ? ", " : "", type, fingerprint);
    }

  return g_string_free (text, FALSE);
}

static gboolean
confirm (const char  *host,
         GVariant    *key,
         GError     **error)
{
  char line[16];

  g_printerr (_("%s shows this key (%s):\n  %s\nCompare it with what the server's administrator says, or on the server with\n"
                "  ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub\n"), host, ch_row_string (key, "type"),
              ch_row_string (key, "fingerprint"));
  g_printerr (_("Is it that server's key? [y/N] "));
  if (fgets (line, sizeof line, stdin) != NULL && (g_ascii_strcasecmp (g_strstrip (line), "y") == 0
                                                   || g_ascii_strcasecmp (line, "yes") == 0))
    return TRUE;

  return ch_error_set (error, CH_ERROR_CANCELLED, _("The key was not confirmed, so the server was not added"));
}

gboolean
ch_host_key_find (ChCli     *cli,
                  GVariant  *kind,
                  ChAnswers *answers,
                  GError   **error)
{
  const char *host = g_hash_table_lookup (answers->settings, "host");
  gboolean has_file = ch_args_has (cli->args, "known-hosts");

  if (g_hash_table_contains (answers->settings, "host-key") || host == NULL)
    return TRUE;

  g_autoptr(GVariant) keys = scan (cli, kind, answers, error);
  g_autoptr(GVariant) key = keys != NULL ? pick (keys, has_file) : NULL;
  if (keys == NULL)
    return FALSE;

  g_autofree char *all = list (keys);
  if (key == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” has no line for %s with a key that it shows; these are: %s"),
                         ch_args_get (cli->args, "known-hosts"), host, all);
  if (!has_file && !ch_input_can_ask ())
    return ch_error_set (error, CH_ERROR_INVALID, _("The key of %s is not known. It shows: %s. Compare a fingerprint with what its "
                         "administrator says, and give it with “--host-key SHA256:…”, or a list of known hosts with "
                         "“--known-hosts FILE”"), host, all);
  if (!has_file && !confirm (host, key, error))
    return FALSE;

  g_hash_table_insert (answers->settings, g_strdup ("host-key"), g_strdup (ch_row_string (key, "value")));
  return TRUE;
}
