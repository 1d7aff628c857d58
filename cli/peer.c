/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "peer.h"

#include "fields.h"
#include "host-key.h"
#include "job.h"
#include "json.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "nearest.h"
#include "table.h"

#include <glib/gi18n.h>

const GOptionEntry ch_peer_add_options[] = { CH_FIELD_OPTIONS, { NULL } };

const GOptionEntry ch_peer_edit_options[] = {
  CH_FIELD_OPTIONS,
  CH_OPTION ("unset", N_("Take a setting or a secret away"), N_("NAME")),
  CH_OPTION ("rename", N_("Give it a new name"), N_("NAME")),
  { NULL }
};

static const ChColumn peer_columns[] = {
  { N_("NAME") }, { N_("KIND") }, { N_("STATE"), CH_COLUMN_STATE }, { N_("CHECKED") },
  { N_("REASON"), CH_COLUMN_WRAPS }, { NULL }
};

ChObject *
ch_find_object (ChCli      *cli,
                const char *interface,
                const char *title,
                const char *reference,
                GError    **error)
{
  ChClient *client = ch_cli_client (cli, error);
  g_autoptr(GPtrArray) objects = client != NULL ? ch_client_list (client, interface, NULL, error) : NULL;
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  g_autofree char *all = NULL;
  gint64 id = 0;

  if (objects == NULL)
    return NULL;

  (void) ch_path_parse_id (reference, &id);
  for (guint i = 0; i < objects->len; i++)
    {
      ChObject *object = g_ptr_array_index (objects, i);
      const char *name = ch_row_string (object->row, "Name");

      if (g_str_equal (name, reference) || (id != 0 && ch_row_number (object->row, "Id") == id))
        return ch_object_new (object->path, object->row);
      g_ptr_array_add (names, (gpointer) name);
    }

  all = ch_join (names);
  if (names->len == 0)
    ch_error_set (error, CH_ERROR_NOT_FOUND, _("There is no %s “%s”; there are none at all"), title,
                  reference);
  else
    ch_error_set (error, CH_ERROR_NOT_FOUND, _("There is no %s “%s”; these are: %s"), title, reference, all);
  return NULL;
}

static ChObject *
find_peer (ChCli            *cli,
           const ChPeerNoun *noun,
           GError          **error)
{
  return ch_find_object (cli, noun->interface, _(noun->title), ch_args_word (cli->args, 0), error);
}

void
ch_say_done (ChCli      *cli,
             GVariant   *row,
             const char *result,
             const char *sentence)
{
  g_autoptr(GVariant) document = ch_json_result (row, "Result", result);

  if (cli->json)
    ch_json_print (document);
  else
    ch_print ("%s", sentence);
}

/* showing */

static void
print_settings (GVariant *row,
                ChTable  *facts)
{
  g_autoptr(GVariant) settings = ch_row_list (row, "Settings", "a{ss}");
  g_auto(GStrv) secrets = ch_row_strings (row, "Secrets");

  ch_facts_add_all (facts, settings);
  for (guint i = 0; secrets[i] != NULL; i++)
    ch_facts_add (facts, secrets[i], _("(secret, set)"));
}

static void
print_peer (GVariant *row)
{
  g_autoptr(ChTable) facts = ch_facts_new ();
  g_autofree char *name = ch_clean (ch_row_string (row, "Name"));
  g_autofree char *heading = ch_paint (CH_COLOUR_BOLD, name);
  g_autofree char *checked = ch_time_full (ch_row_number (row, "CheckedAt"));
  g_autofree char *created = ch_time_full (ch_row_number (row, "CreatedAt"));

  ch_print ("%s", heading);
  ch_facts_add (facts, _("Kind"), ch_row_string (row, "Kind"));
  ch_facts_add (facts, _("State"), ch_row_string (row, "State"));
  ch_facts_add (facts, _("Reason"), ch_row_string (row, "Reason"));
  print_settings (row, facts);
  ch_facts_add (facts, _("Checked"), checked);
  ch_facts_add (facts, _("Added"), created);
  ch_table_print (facts);
}

gboolean
ch_peer_show (ChCli   *cli,
              GError **error)
{
  const ChPeerNoun *noun = cli->command->subject;
  g_autoptr(ChObject) peer = find_peer (cli, noun, error);

  if (peer == NULL)
    return FALSE;

  if (cli->json)
    ch_json_print (peer->row);
  else
    print_peer (peer->row);
  return TRUE;
}

static void
print_peers (GPtrArray        *peers,
             const ChPeerNoun *noun)
{
  g_autoptr(ChTable) table = ch_table_new (peer_columns);

  for (guint i = 0; i < peers->len; i++)
    {
      GVariant *row = ((ChObject *) g_ptr_array_index (peers, i))->row;
      g_autofree char *checked = ch_time_relative (ch_row_number (row, "CheckedAt"));

      ch_table_add (table, ch_row_string (row, "Name"), ch_row_string (row, "Kind"),
                    ch_row_string (row, "State"),
                    *checked != '\0' ? checked : _("never"), ch_row_string (row, "Reason"));
    }

  ch_table_print (table);
  if (peers->len == 0)
    ch_print (_("There is no %s yet; “chancery %s add --help” shows how to add one."), _(noun->title),
              noun->noun);
}

gboolean
ch_peer_list (ChCli   *cli,
              GError **error)
{
  const ChPeerNoun *noun = cli->command->subject;
  ChClient *client = ch_cli_client (cli, error);
  g_autoptr(GPtrArray) peers = client != NULL ? ch_client_list (client, noun->interface, NULL, error) : NULL;

  if (peers == NULL)
    return FALSE;

  if (cli->json)
    ch_json_print_objects (peers);
  else
    print_peers (peers, noun);
  return TRUE;
}

/* changing */

static GVariant *
pack_new (const ChPeerNoun *noun,
          const char       *kind,
          const char       *name,
          ChAnswers        *answers)
{
  if (noun->no_secrets)
    return g_variant_new ("(ss@a{ss}@a{sv})", kind, name, ch_fields_pack (answers->settings), ch_no_options ());

  return g_variant_new ("(ss@a{ss}@a{ss}@a{sv})", kind, name, ch_fields_pack (answers->settings),
                        ch_fields_pack (answers->secrets), ch_no_options ());
}

gboolean
ch_peer_add (ChCli   *cli,
             GError **error)
{
  const ChPeerNoun *noun = cli->command->subject;
  const char *name = ch_args_word (cli->args, 1);
  g_autoptr(GVariant) kind = ch_fields_kind (cli, noun->role, ch_args_word (cli->args, 0), error);
  g_autoptr(ChAnswers) answers = kind != NULL ? ch_fields_answer (cli, kind, error) : NULL;
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(ChObject) peer = NULL;
  const char *path;

  if (answers == NULL
      || (ch_row_flag (kind, "scanned") && !ch_host_key_find (cli, kind, answers, error))
      || !ch_fields_ask_missing (kind, answers, error))
    return FALSE;

  reply = ch_client_call_manager (cli->client, noun->add,
                                  pack_new (noun, ch_row_string (kind, "kind"), name, answers), "(o)", NULL, error);
  if (reply == NULL)
    return FALSE;

  g_variant_get (reply, "(&o)", &path);
  peer = ch_client_get (cli->client, path, noun->interface, NULL, error);
  if (peer == NULL)
    return FALSE;

  if (cli->json)
    {
      ch_json_print (peer->row);
      return TRUE;
    }

  print_peer (peer->row);
  ch_print (_(noun->next_step), ch_row_string (peer->row, "Name"));
  return TRUE;
}

static gboolean
take_away (ChArgs    *args,
           GVariant  *kind,
           ChAnswers *answers,
           GError   **error)
{
  g_autoptr(GVariant) fields = ch_row_list (kind, "fields", "aa{sv}");
  GPtrArray *names = ch_args_all (args, "unset");

  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      GHashTable *where = NULL;

      for (gsize j = 0; j < g_variant_n_children (fields); j++)
        {
          g_autoptr(GVariant) field = g_variant_get_child_value (fields, j);

          if (g_str_equal (ch_row_string (field, "name"), name))
            where = ch_row_flag (field, "secret") ? answers->secrets : answers->settings;
        }

      if (where == NULL)
        return ch_error_set (error, CH_ERROR_INVALID,
                             _("“%s” has no setting “%s”, so it cannot be taken away"),
                             ch_row_string (kind, "kind"), name);
      g_hash_table_insert (where, g_strdup (name), g_strdup (""));
    }

  return TRUE;
}

static gboolean
send_edit (ChCli            *cli,
           const ChPeerNoun *noun,
           ChObject         *peer,
           ChAnswers        *answers,
           GError          **error)
{
  const char *name = ch_args_get (cli->args, "rename");
  GVariantDict options;
  g_autoptr(GVariant) reply = NULL;

  if (name == NULL && g_hash_table_size (answers->settings) == 0 && g_hash_table_size (answers->secrets) == 0)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("Nothing was given that could change; “chancery %s edit --help” "
                                                    "shows what can"), noun->noun);

  g_variant_dict_init (&options, NULL);
  if (name != NULL)
    g_variant_dict_insert (&options, "name", "s", name);

  GVariant *parameters = noun->no_secrets
    ? g_variant_new ("(@a{ss}@a{sv})", ch_fields_pack (answers->settings), g_variant_dict_end (&options))
    : g_variant_new ("(@a{ss}@a{ss}@a{sv})", ch_fields_pack (answers->settings), ch_fields_pack (answers->secrets),
                     g_variant_dict_end (&options));
  reply = ch_client_call (cli->client, peer->path, noun->interface, "Edit", parameters, "()", NULL, error);
  return reply != NULL;
}

gboolean
ch_peer_edit (ChCli   *cli,
              GError **error)
{
  const ChPeerNoun *noun = cli->command->subject;
  g_autoptr(ChObject) peer = find_peer (cli, noun, error);
  g_autoptr(ChObject) edited = NULL;
  g_autoptr(GVariant) kind = NULL;
  g_autoptr(ChAnswers) answers = NULL;

  if (peer == NULL)
    return FALSE;

  kind = ch_fields_kind (cli, noun->role, ch_row_string (peer->row, "Kind"), error);
  answers = kind != NULL ? ch_fields_answer (cli, kind, error) : NULL;
  if (answers == NULL || !take_away (cli->args, kind, answers, error)
      || !send_edit (cli, noun, peer, answers, error))
    return FALSE;

  edited = ch_client_get (cli->client, peer->path, noun->interface, NULL, error);
  if (edited == NULL)
    return FALSE;

  if (cli->json)
    ch_json_print (edited->row);
  else
    print_peer (edited->row);
  return TRUE;
}

static gboolean
set_enabled (ChCli   *cli,
             gboolean enabled,
             GError **error)
{
  const ChPeerNoun *noun = cli->command->subject;
  g_autoptr(ChObject) peer = find_peer (cli, noun, error);
  g_autoptr(GVariant) reply = NULL;
  g_autofree char *sentence = NULL;

  if (peer == NULL)
    return FALSE;

  reply = ch_client_call (cli->client, peer->path, noun->interface, "SetEnabled",
                          g_variant_new ("(b@a{sv})", enabled, ch_no_options ()), "()", NULL, error);
  if (reply == NULL)
    return FALSE;

  sentence = g_strdup_printf (enabled ? _("“%s” is enabled.") : _(noun->disabled),
                              ch_row_string (peer->row, "Name"));
  ch_say_done (cli, peer->row, enabled ? "enabled" : "disabled", sentence);
  return TRUE;
}

gboolean
ch_peer_enable (ChCli   *cli,
                GError **error)
{
  return set_enabled (cli, TRUE, error);
}

gboolean
ch_peer_disable (ChCli   *cli,
                 GError **error)
{
  return set_enabled (cli, FALSE, error);
}

gboolean
ch_peer_remove (ChCli   *cli,
                GError **error)
{
  const ChPeerNoun *noun = cli->command->subject;
  g_autoptr(ChObject) peer = find_peer (cli, noun, error);
  g_autoptr(GVariant) reply = NULL;
  g_autofree char *sentence = NULL;

  if (peer == NULL)
    return FALSE;

  reply = ch_client_call (cli->client, peer->path, noun->interface, "Remove",
                          g_variant_new ("(@a{sv})", ch_no_options ()), "()", NULL, error);
  if (reply == NULL)
    return FALSE;

  sentence = g_strdup_printf (_(noun->removed), ch_row_string (peer->row, "Name"));
  ch_say_done (cli, peer->row, "removed", sentence);
  return TRUE;
}

gboolean
ch_peer_try (ChCli   *cli,
             GError **error)
{
  const ChPeerNoun *noun = cli->command->subject;
  const char *zone = ch_cli_word (cli, 1);
  g_autoptr(ChObject) peer = find_peer (cli, noun, error);

  if (peer == NULL)
    return FALSE;

  return ch_job_run (cli, peer->path, noun->interface, noun->job,
                     zone != NULL ? g_variant_new ("(s@a{sv})", zone, ch_no_options ())
                                  : g_variant_new ("(@a{sv})", ch_no_options ()), error);
}
