/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli.h"

#include "deploy-options.h"
#include "json.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "names.h"
#include "peer.h"
#include "table.h"

#include <glib/gi18n.h>
#include <string.h>

static const ChPeerNoun noun = {
  .noun = "watch", .title = N_("watch"), .interface = CH_IFACE_WATCH, .job = "Look",
  .removed = N_("“%s” is watched no more."),
};

static const GOptionEntry add_options[] = {
  CH_OPTION ("starttls", N_("Start TLS in this protocol: smtp, imap, pop3, ldap or postgresql"), N_("PROTOCOL")),
  CH_OPTION ("interval", N_("How often it is looked at, such as 30m, 12h or 7d"), N_("TIME")),
  { NULL }
};

static const GOptionEntry edit_options[] = {
  CH_OPTION ("interval", N_("How often it is looked at, such as 30m, 12h or 7d; “default”: as the configuration says"),
             N_("TIME")),
  { NULL }
};

static const ChColumn columns[] = {
  { N_("NAME") }, { N_("STATE"), CH_COLUMN_STATE }, { N_("EXPIRES") }, { N_("ISSUER"), CH_COLUMN_SHRINKS },
  { N_("REASON"), CH_COLUMN_WRAPS }, { NULL }
};

static const struct { char unit; guint seconds; } units[] = { { 'd', 86400 }, { 'h', 3600 }, { 'm', 60 } };

/* "30m", "24h", "7d"; "default" is 0 */
static gboolean
parse_interval (const char *text,
                guint      *every,
                GError    **error)
{
  gsize length = strlen (text);
  g_autofree char *digits = g_strndup (text, length > 0 ? length - 1 : 0);
  guint64 number;

  *every = 0;
  if (g_str_equal (text, "default"))
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (length > 0 && text[length - 1] == units[i].unit
        && g_ascii_string_to_unsigned (digits, 10, 1, 40000, &number, NULL))
      {
        *every = (guint) number * units[i].seconds;
        return TRUE;
      }

  return ch_error_set (error, CH_ERROR_INVALID,
                       _("“--interval %s”: a number and m, h or d is needed, such as 24h, or “default”"), text);
}

/* (transfer full): as parse_interval() reads it */
static char *
show_interval (guint every)
{
  for (gsize i = 0; every > 0 && i < G_N_ELEMENTS (units); i++)
    if (every % units[i].seconds == 0)
      return g_strdup_printf ("%u%c", every / units[i].seconds, units[i].unit);

  return every > 0 ? g_strdup_printf ("%us", every) : g_strdup ("");
}

static void
print_watch (GVariant *row)
{
  g_autoptr(ChTable) facts = ch_facts_new ();
  g_autofree char *name = ch_clean (ch_row_string (row, "Name"));
  g_autofree char *heading = ch_paint (CH_COLOUR_BOLD, name);
  g_auto(GStrv) names = ch_row_strings (row, "Names");
  g_autofree char *serves = ch_names_shown (names);
  g_autofree char *expires = ch_time_full (ch_row_number (row, "NotAfter"));
  g_autofree char *looked = ch_time_full (ch_row_number (row, "LookedAt"));
  g_autofree char *next = ch_time_full (ch_row_number (row, "NextLook"));
  g_autofree char *every = show_interval ((guint) ch_row_number (row, "Interval"));
  gboolean seen = *ch_row_string (row, "Fingerprint") != '\0';

  ch_print ("%s", heading);
  ch_facts_add (facts, _("State"), ch_row_string (row, "State"));
  ch_facts_add (facts, _("Reason"), ch_row_string (row, "Reason"));
  ch_facts_add (facts, _("Subject"), ch_row_string (row, "Subject"));
  ch_facts_add (facts, _("Names"), serves);
  ch_facts_add (facts, _("Issuer"), ch_row_string (row, "Issuer"));
  ch_facts_add (facts, _("Chain"), !seen ? "" : ch_row_flag (row, "Trusted") ? _("trusted by this machine") : _("not trusted by this machine"));
  ch_facts_add (facts, _("Certificate"), ch_row_string (row, "Fingerprint"));
  ch_facts_add (facts, _("Expires"), expires);
  ch_facts_add (facts, _("Looked at"), looked);
  ch_facts_add (facts, _("Next look"), next);
  ch_facts_add (facts, _("Every"), every);
  ch_table_print (facts);
}

static void
print_row (ChCli    *cli,
           GVariant *row)
{
  if (cli->json)
    ch_json_print (row);
  else
    print_watch (row);
}

static gboolean
show (ChCli   *cli,
      GError **error)
{
  g_autoptr(ChObject) watch = ch_find_object (cli, noun.interface, _(noun.title), ch_args_word (cli->args, 0), error);

  if (watch != NULL)
    print_row (cli, watch->row);
  return watch != NULL;
}

static gboolean
list (ChCli   *cli,
      GError **error)
{
  ChClient *client = ch_cli_client (cli, error);
  g_autoptr(GPtrArray) watches = client != NULL ? ch_client_list (client, noun.interface, NULL, error) : NULL;
  g_autoptr(ChTable) table = ch_table_new (columns);

  if (watches == NULL)
    return FALSE;
  if (cli->json)
    {
      ch_json_print_objects (watches);
      return TRUE;
    }

  for (guint i = 0; i < watches->len; i++)
    {
      GVariant *row = ((ChObject *) g_ptr_array_index (watches, i))->row;
      g_autofree char *expires = ch_time_relative (ch_row_number (row, "NotAfter"));

      ch_table_add (table, ch_row_string (row, "Name"), ch_row_string (row, "State"), expires, ch_row_string (row, "Issuer"),
                    ch_row_string (row, "Reason"));
    }

  ch_table_print (table);
  if (watches->len == 0)
    ch_print ("%s", _("Nothing is watched yet; “chancery watch add www.example.com:443” begins."));
  return TRUE;
}

/* AddWatch takes the host apart from the rest. */
static GVariant *
read_settings (ChArgs  *args,
               char   **host,
               GError **error)
{
  g_auto(GVariantDict) settings = G_VARIANT_DICT_INIT (NULL);
  const char *text = ch_args_word (args, 0), *interval = ch_args_get (args, "interval");
  const char *start_tls = ch_args_get (args, "starttls");
  guint every = 0;

  if (!ch_deploy_parse_endpoint (text, &settings))
    {
      ch_error_set (error, CH_ERROR_INVALID, _("“%s”: HOST:PORT or HOST:PORT/NAME is needed, such as www.example.com:443"), text);
      return NULL;
    }
  if (interval != NULL && !parse_interval (interval, &every, error))
    return NULL;

  g_variant_dict_lookup (&settings, "host", "s", host);
  g_variant_dict_remove (&settings, "host");
  if (start_tls != NULL)
    g_variant_dict_insert (&settings, "starttls", "s", start_tls);
  if (every != 0)
    g_variant_dict_insert (&settings, "interval", "u", every);
  return g_variant_ref_sink (g_variant_dict_end (&settings));
}

static gboolean
add (ChCli   *cli,
     GError **error)
{
  g_autofree char *host = NULL;
  g_autoptr(GVariant) settings = read_settings (cli->args, &host, error);
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(ChObject) watch = NULL;
  const char *path;

  if (settings == NULL || ch_cli_client (cli, error) == NULL)
    return FALSE;

  reply = ch_client_call_manager (cli->client, "AddWatch",
                                  g_variant_new ("(s@a{sv}@a{sv})", host, settings, ch_no_options ()), "(o)", NULL, error);
  if (reply == NULL)
    return FALSE;

  g_variant_get (reply, "(&o)", &path);
  watch = ch_client_get (cli->client, path, noun.interface, NULL, error);
  if (watch == NULL)
    return FALSE;

  print_row (cli, watch->row);
  return TRUE;
}

static gboolean
edit (ChCli   *cli,
      GError **error)
{
  const char *interval = ch_args_get (cli->args, "interval");
  g_auto(GVariantDict) settings = G_VARIANT_DICT_INIT (NULL);
  g_autoptr(GVariant) reply = NULL;
  guint every;

  if (interval == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("Nothing is to be changed: give “--interval TIME”"));
  if (!parse_interval (interval, &every, error))
    return FALSE;

  g_autoptr(ChObject) watch = ch_find_object (cli, noun.interface, _(noun.title), ch_args_word (cli->args, 0),
                                              error);
  if (watch == NULL)
    return FALSE;

  g_variant_dict_insert (&settings, "interval", "u", every);
  reply = ch_client_call (cli->client, watch->path, noun.interface, "Edit",
                          g_variant_new ("(@a{sv}@a{sv})", g_variant_dict_end (&settings), ch_no_options ()),
                          "()", NULL, error);
  if (reply == NULL)
    return FALSE;

  g_autoptr(ChObject) fresh = ch_client_get (cli->client, watch->path, noun.interface, NULL, error);
  if (fresh == NULL)
    return FALSE;

  print_row (cli, fresh->row);
  return TRUE;
}

static gboolean
accept_certificate (ChCli   *cli,
                    GError **error)
{
  g_autoptr(ChObject) watch = ch_find_object (cli, noun.interface, _(noun.title), ch_args_word (cli->args, 0), error);
  g_autoptr(GVariant) reply = NULL;
  g_autofree char *sentence = NULL;

  if (watch == NULL)
    return FALSE;

  reply = ch_client_call (cli->client, watch->path, noun.interface, "Accept", g_variant_new ("(@a{sv})", ch_no_options ()),
                          "()", NULL, error);
  if (reply == NULL)
    return FALSE;

  sentence = g_strdup_printf (_("What “%s” serves now counts as right."), ch_row_string (watch->row, "Name"));
  ch_say_done (cli, watch->row, "accepted", sentence);
  return TRUE;
}

const ChCommand ch_watch_commands[] = {
  { "list", "", 0, 0, N_("List the endpoints that are only watched"),
    "chancery watch list", NULL, CH_EXTRAS_REFUSED, CH_TAKES_NOTHING, list },
  { "add", N_("HOST:PORT[/NAME]"), 1, 1, N_("Look at an endpoint from now on, whoever its certificate is from"),
    "chancery watch add mail.example.com:25 --starttls smtp", add_options, CH_EXTRAS_REFUSED, CH_TAKES_NOTHING, add },
  { "show", N_("NAME"), 1, 1, N_("Show what was seen there last"),
    "chancery watch show mail.example.com:25,starttls=smtp", NULL, CH_EXTRAS_REFUSED, CH_TAKES_WATCH, show },
  { "look", N_("NAME"), 1, 1, N_("Look now"),
    "chancery watch look www.example.com:443", NULL, CH_EXTRAS_REFUSED, CH_TAKES_WATCH, ch_peer_try, &noun },
  { "edit", N_("NAME"), 1, 1, N_("Change how often it is looked at"),
    "chancery watch edit www.example.com:443 --interval 12h", edit_options, CH_EXTRAS_REFUSED, CH_TAKES_WATCH, edit },
  { "accept", N_("NAME"), 1, 1, N_("The other certificate that was seen is right"),
    "chancery watch accept www.example.com:443", NULL, CH_EXTRAS_REFUSED, CH_TAKES_WATCH, accept_certificate },
  { "remove", N_("NAME"), 1, 1, N_("Look no more"),
    "chancery watch remove www.example.com:443", NULL, CH_EXTRAS_REFUSED, CH_TAKES_WATCH, ch_peer_remove, &noun },
  { NULL }
};
