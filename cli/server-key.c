/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server-key.h"

#include "json.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "peer.h"
#include "print.h"

#include <glib/gi18n.h>
#include <unistd.h>

const GOptionEntry ch_server_key_options[] = {
  CH_SWITCH ("rotate", N_("Have a new key made; the old one is forgotten at once")),
  { NULL }
};

static gboolean
rotate (ChCli     *cli,
        ChObject  *server,
        GError   **error)
{
  g_autoptr(GVariant) settings = g_variant_ref_sink (g_variant_new_parsed ("{'public-key': ''}"));
  g_autoptr(GVariant) none = g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("{ss}"), NULL, 0));
  g_autoptr(GVariant) reply =
    ch_client_call (cli->client, server->path, CH_IFACE_SERVER, "Edit",
                    g_variant_new ("(@a{ss}@a{ss}@a{sv})", settings, none, ch_no_options ()), "()", NULL, error);

  return reply != NULL;
}

static const char *
public_key (GVariant *settings)
{
  const char *key = "";

  g_variant_lookup (settings, "public-key", "&s", &key);
  return key;
}

static void
print_key (ChCli       *cli,
           GVariant    *row,
           const char  *key)
{
  const char *name = ch_row_string (row, "Name");
  g_autofree char *line = g_strdup_printf ("restrict %s chancery-%s", key, name);

  if (cli->json)
    {
      GVariantDict document;

      g_variant_dict_init (&document, NULL);
      g_variant_dict_insert (&document, "Id", "t", (guint64) ch_row_number (row, "Id"));
      g_variant_dict_insert (&document, "Name", "s", name);
      g_variant_dict_insert (&document, "PublicKey", "s", key);
      g_variant_dict_insert (&document, "Line", "s", line);
      g_autoptr(GVariant) packed = g_variant_ref_sink (g_variant_dict_end (&document));
      ch_json_print (packed);
      return;
    }

  ch_print ("%s", line);
  if (isatty (STDOUT_FILENO))
    g_printerr (_("This line goes into ~/.ssh/authorized_keys of the user there. “restrict” allows files and commands, and no "
                  "forwarding; for a server that others are reached through, write “restrict,port-forwarding”.\n"));
}

gboolean
ch_server_key (ChCli   *cli,
               GError **error)
{
  const ChPeerNoun *noun = cli->command->subject;
  g_autoptr(ChObject) server = ch_find_object (cli, noun->interface, _(noun->title), ch_args_word (cli->args, 0), error);
  g_autoptr(GVariant) settings = NULL;
  const char *auth = "generated";

  if (server == NULL)
    return FALSE;

  settings = ch_row_list (server->row, "Settings", "a{ss}");
  g_variant_lookup (settings, "auth", "&s", &auth);
  if (ch_args_has (cli->args, "rotate"))
    {
      if (!g_str_equal (auth, "generated") || *public_key (settings) == '\0')
        return ch_error_set (error, CH_ERROR_WRONG_STATE, _("The key of “%s” was not made by the service; set another one with "
                             "“chancery server edit”"), ch_row_string (server->row, "Name"));
      if (!rotate (cli, server, error))
        return FALSE;

      ChObject *fresh = ch_client_get (cli->client, server->path, noun->interface, NULL, error);
      if (fresh == NULL)
        return FALSE;
      ch_object_free (server);
      server = fresh;
      g_variant_unref (settings);
      settings = ch_row_list (server->row, "Settings", "a{ss}");
    }

  const char *key = public_key (settings);
  if (*key == '\0')
    return ch_error_set (error, CH_ERROR_NOT_FOUND, _("“%s” is not logged in to by a key"), ch_row_string (server->row, "Name"));

  print_key (cli, server->row, key);
  return TRUE;
}
