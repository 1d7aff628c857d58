/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "peer.h"

#include "fields.h"
#include "json.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "table.h"

#include <glib/gi18n.h>

static const ChPeerNoun noun = {
  .noun = "profile", .role = "profile", .title = N_("profile"), .interface = CH_IFACE_PROFILE, .add = "AddProfile",
  .no_secrets = TRUE,
  .removed = N_("Profile “%s” is removed. Orders keep what they took from it."),
  .next_step = N_("Orders take “%s” by themselves while it is the only one of its kind; “chancery order new --help” "
                  "shows how to name one."),
};

static const GOptionEntry add_options[] = { CH_SETTING_OPTIONS, { NULL } };

static const GOptionEntry edit_options[] = {
  CH_SETTING_OPTIONS,
  CH_OPTION ("unset", N_("Take a setting away"), N_("NAME")),
  CH_OPTION ("rename", N_("Give it a new name"), N_("NAME")),
  { NULL }
};

/* What people know a person or an organisation by. */
static char *
describe (GVariant *row)
{
  static const char *const known_by[] = { "first-name", "last-name", "name", "city", "country", "email" };
  g_autoptr(GVariant) settings = ch_row_list (row, "Settings", "a{ss}");
  g_autoptr(GString) text = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (known_by); i++)
    {
      const char *value;

      if (g_variant_lookup (settings, known_by[i], "&s", &value))
        g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", value);
    }

  return g_strdup (text->str);
}

static gboolean
list_profiles (ChCli   *cli,
               GError **error)
{
  static const ChColumn columns[] = { { N_("NAME") }, { N_("KIND") }, { N_("WHO"), CH_COLUMN_WRAPS }, { NULL } };
  ChClient *client = ch_cli_client (cli, error);
  g_autoptr(GPtrArray) profiles = client != NULL ? ch_client_list (client, CH_IFACE_PROFILE, NULL, error) : NULL;
  g_autoptr(ChTable) table = ch_table_new (columns);

  if (profiles == NULL)
    return FALSE;
  if (cli->json)
    {
      ch_json_print_objects (profiles);
      return TRUE;
    }

  for (guint i = 0; i < profiles->len; i++)
    {
      GVariant *row = ((ChObject *) g_ptr_array_index (profiles, i))->row;
      g_autofree char *who = describe (row);

      ch_table_add (table, ch_row_string (row, "Name"), ch_row_string (row, "Kind"), who);
    }

  ch_table_print (table);
  if (profiles->len == 0)
    ch_print ("%s", _("There is no profile yet; “chancery profile add --help” shows how to add one."));
  return TRUE;
}

const ChCommand ch_profile_commands[] = {
  { "types", N_("[KIND]"), 0, 1, N_("Show what a contact or an organisation must be told"),
    "chancery profile types organization", NULL, CH_EXTRAS_REFUSED, CH_TAKES_KIND, ch_peer_types, &noun },
  { "add", N_("KIND NAME"), 2, 2, N_("Add a contact or an organisation"),
    "chancery profile add contact ada --first-name Ada --last-name Byron --phone \"+44 20 7946 0000\" "
    "--email ada@example.test",
    add_options, CH_EXTRAS_TAKEN, CH_TAKES_KIND, ch_peer_add, &noun },
  { "list", "", 0, 0, N_("List the profiles"),
    "chancery profile list", NULL, CH_EXTRAS_REFUSED, CH_TAKES_NOTHING, list_profiles, &noun },
  { "show", N_("NAME"), 1, 1, N_("Show a profile"),
    "chancery profile show ada", NULL, CH_EXTRAS_REFUSED, CH_TAKES_PROFILE, ch_peer_show, &noun },
  { "edit", N_("NAME"), 1, 1, N_("Change a profile; orders that were placed keep what they have"),
    "chancery profile edit ada --phone \"+44 20 7946 0001\"",
    edit_options, CH_EXTRAS_TAKEN, CH_TAKES_PROFILE, ch_peer_edit, &noun },
  { "remove", N_("NAME"), 1, 1, N_("Remove a profile; orders that were placed keep what they have"),
    "chancery profile remove ada", NULL, CH_EXTRAS_REFUSED, CH_TAKES_PROFILE, ch_peer_remove, &noun },
  { NULL }
};
