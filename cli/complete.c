/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "complete.h"

#include "fields.h"
#include "leftovers.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/types.h"
#include "order.h"
#include "peer.h"

#include <string.h>

/* A list of orders longer than this helps nobody at a prompt. */
#define ORDERS_MAX 100

static void
offer (const char *word,
       const char *begun)
{
  if (g_str_has_prefix (word, begun))
    g_print ("%s\n", word);
}

static void
offer_options (const GOptionEntry *options,
               const char         *begun)
{
  for (; options != NULL && options->long_name != NULL; options++)
    {
      g_autofree char *option = g_strconcat ("--", options->long_name, NULL);

      offer (option, begun);
    }
}

static void
offer_objects (ChCli      *cli,
               const char *interface,
               const char *begun)
{
  ChClient *client = ch_cli_client (cli, NULL);
  g_autoptr(GPtrArray) objects = client != NULL ? ch_client_list (client, interface, NULL, NULL) : NULL;

  for (guint i = 0; objects != NULL && i < objects->len; i++)
    offer (ch_row_string (((ChObject *) g_ptr_array_index (objects, i))->row, "Name"), begun);
}

static void
offer_orders (ChCli      *cli,
              const char *begun)
{
  ChClient *client = ch_cli_client (cli, NULL);
  g_autofree char *text = ch_order_search_text (begun);
  GVariantDict filter;
  g_autoptr(GPtrArray) rows = NULL;

  if (client == NULL)
    return;

  g_variant_dict_init (&filter, NULL);
  if (*begun != '\0')
    g_variant_dict_insert (&filter, "search", "s", text);
  rows = ch_client_list_orders (client, g_variant_dict_end (&filter), "-updated", ORDERS_MAX, NULL, NULL);
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    offer (ch_row_string (g_ptr_array_index (rows, i), "Name"), begun);
}

static void
offer_kinds (ChCli      *cli,
             const char *role,
             const char *begun)
{
  ChClient *client = ch_cli_client (cli, NULL);
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GVariant) kinds = NULL;

  if (client != NULL)
    reply = ch_client_call_manager (client, "ListKinds", g_variant_new ("(s)", role), "(aa{sv})", NULL, NULL);
  if (reply == NULL)
    return;

  kinds = g_variant_get_child_value (reply, 0);
  for (gsize i = 0; i < g_variant_n_children (kinds); i++)
    {
      g_autoptr(GVariant) kind = g_variant_get_child_value (kinds, i);

      offer (ch_row_string (kind, "kind"), begun);
    }
}

static void
offer_leftovers (ChCli      *cli,
                 const char *begun)
{
  g_autoptr(GPtrArray) rows = ch_leftovers_fetch (cli, NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, ch_row_number (rows->pdata[i], "Id"));

      offer (id, begun);
    }
}

static void
offer_bin (ChCli      *cli,
           const char *begun)
{
  ChClient *client = ch_cli_client (cli, NULL);
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GVariant) rows = NULL;

  if (client != NULL)
    reply = ch_client_call_manager (client, "ListBin", g_variant_new ("(@a{sv})", ch_no_options ()), "(aa{sv})", NULL, NULL);
  if (reply == NULL)
    return;

  rows = g_variant_get_child_value (reply, 0);
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (rows, i);

      offer (ch_row_string (row, "Name"), begun);
    }
}

static void
offer_names (ChCli      *cli,
             const char *noun,
             ChTakes     takes,
             const char *begun)
{
  switch (takes)
    {
    case CH_TAKES_ACCOUNT:
      offer_objects (cli, CH_IFACE_ACCOUNT, begun);
      break;
    case CH_TAKES_DNS:
      offer_objects (cli, CH_IFACE_DNS_ACCOUNT, begun);
      break;
    case CH_TAKES_SERVER:
      offer_objects (cli, CH_IFACE_SERVER, begun);
      break;
    case CH_TAKES_PROFILE:
      offer_objects (cli, CH_IFACE_PROFILE, begun);
      break;
    case CH_TAKES_DEPLOYMENT:
      offer_objects (cli, CH_IFACE_DEPLOYMENT, begun);
      break;
    case CH_TAKES_WATCH:
      offer_objects (cli, CH_IFACE_WATCH, begun);
      break;
    case CH_TAKES_ORDER:
      offer_orders (cli, begun);
      break;
    case CH_TAKES_KIND:
      offer_kinds (cli, noun, begun);
      break;
    case CH_TAKES_LEFTOVERS:
      offer_leftovers (cli, begun);
      break;
    case CH_TAKES_BIN:
      offer_bin (cli, begun);
      break;
    case CH_TAKES_NOTHING:
      break;
    }
}

static void
offer_profiles (ChCli      *cli,
                const char *kind,
                const char *begun)
{
  ChClient *client = ch_cli_client (cli, NULL);
  g_autoptr(GPtrArray) profiles = client != NULL ? ch_client_list (client, CH_IFACE_PROFILE, NULL, NULL) : NULL;

  for (guint i = 0; profiles != NULL && i < profiles->len; i++)
    {
      GVariant *row = ((ChObject *) g_ptr_array_index (profiles, i))->row;

      if (g_str_equal (ch_row_string (row, "Kind"), kind))
        offer (ch_row_string (row, "Name"), begun);
    }
}

/* Those that can prove the names on the line. */
static void
offer_methods (ChCli             *cli,
               const char *const *words,
               const char        *begun)
{
  ChClient *client = ch_cli_client (cli, NULL);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(GVariant) reply = NULL;

  for (; *words != NULL; words++)
    if (strchr (*words, '.') != NULL)
      g_strv_builder_add (builder, *words);

  g_auto(GStrv) names = g_strv_builder_end (builder);
  if (client != NULL)
    reply = ch_client_call_manager (client, "ListMethods", g_variant_new ("(^ass)", names, ""), "(aa{sv})", NULL, NULL);
  if (reply == NULL)
    return;

  g_autoptr(GVariant) rows = g_variant_get_child_value (reply, 0);
  for (gsize i = 0; i < g_variant_n_children (rows); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (rows, i);

      if (ch_row_flag (row, "Allowed"))
        offer (ch_row_string (row, "Method"), begun);
    }
}

static void
offer_nicks (GType       type,
             const char *begun)
{
  g_autoptr(GEnumClass) class = g_type_class_ref (type);

  for (guint i = 0; i < class->n_values; i++)
    offer (class->values[i].value_nick, begun);
}

static void
offer_formats (const char *begun)
{
  static const char *const formats[] = { "pem", "chain", "fullchain", "der", "pkcs7", "pkcs12", "jks" };

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    offer (formats[i], begun);
}

static void
offer_templates (ChCli      *cli,
                 const char *begun)
{
  ChClient *client = ch_cli_client (cli, NULL);
  g_autoptr(GVariant) reply = client != NULL
    ? ch_client_call_manager (client, "ListTemplates", NULL, "(aa{sv})", NULL, NULL) : NULL;
  g_autoptr(GVariant) rows = reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;

  for (gsize i = 0; rows != NULL && i < g_variant_n_children (rows); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (rows, i);

      offer (ch_row_string (row, "Name"), begun);
    }
}

/* What stands on the line before the word that is begun. */
typedef struct
{
  const ChNoun *noun;         /* (nullable) */
  const ChCommand *command;   /* (nullable) */
  GPtrArray *words;           /* (owned) (element-type utf8): neither options nor their values; ends with %NULL */
  guint n;                    /* of these */
  const char *option;         /* (nullable): whose value is begun */
  const char *begun;
} Line;

static const char *
word_at (const Line *line,
         guint       i)
{
  return i < line->n ? g_ptr_array_index (line->words, i) : "";
}

/* What follows an option that has one of few values. */
static gboolean
offer_values (ChCli      *cli,
              const Line *line)
{
  const char *option = line->option, *begun = line->begun;

  if (g_str_equal (option, "--dns"))
    offer_objects (cli, CH_IFACE_DNS_ACCOUNT, begun);
  else if (g_str_equal (option, "--account"))
    offer_objects (cli, CH_IFACE_ACCOUNT, begun);
  else if (g_str_equal (option, "--server"))
    offer_objects (cli, CH_IFACE_SERVER, begun);
  else if (g_str_equal (option, "--template"))
    offer_templates (cli, begun);
  else if (g_str_equal (option, "--state"))
    offer_nicks (CH_TYPE_ORDER_STATE, begun);
  else if (g_str_equal (option, "--format"))
    offer_formats (begun);
  else if (g_str_equal (option, "--contact"))
    offer_profiles (cli, "contact", begun);
  else if (g_str_equal (option, "--organization"))
    offer_profiles (cli, "organization", begun);
  else if (g_str_equal (option, "--method"))
    offer_methods (cli, (const char *const *) line->words->pdata, begun);
  else if (g_str_equal (option, "--product"))
    offer_nicks (CH_TYPE_PRODUCT, begun);
  else if (g_str_equal (option, "--key-algorithm"))
    offer_nicks (CH_TYPE_KEY_ALGORITHM, begun);
  else
    return FALSE;

  return TRUE;
}

static const ChNoun *
find_noun (const ChNoun *nouns,
           const char   *word)
{
  for (; nouns->noun != NULL; nouns++)
    if (g_str_equal (nouns->noun, word) || g_strcmp0 (nouns->alias, word) == 0)
      return nouns;

  return NULL;
}

static const ChCommand *
find_command (const ChNoun *noun,
              const char   *verb)
{
  for (const ChCommand *command = noun->commands; command->verb != NULL; command++)
    if (g_str_equal (command->verb, verb) || *command->verb == '\0')
      return command;

  return NULL;
}

/* Of what is added its kind is on the line; of what is edited, its name. */
static char *
find_kind (ChCli            *cli,
           const ChCommand  *command,
           const char       *word)
{
  const ChPeerNoun *noun = command->subject;
  ChClient *client = command->takes != CH_TAKES_KIND ? ch_cli_client (cli, NULL) : NULL;
  g_autoptr(GPtrArray) objects = client != NULL ? ch_client_list (client, noun->interface, NULL, NULL) : NULL;

  for (guint i = 0; objects != NULL && i < objects->len; i++)
    {
      GVariant *row = ((ChObject *) g_ptr_array_index (objects, i))->row;

      if (g_str_equal (ch_row_string (row, "Name"), word))
        return g_strdup (ch_row_string (row, "Kind"));
    }

  return g_strdup (word);
}

/* (transfer full): aa{sv}: the settings of the kind that the line is about */
static GVariant *
list_fields (ChCli      *cli,
             const Line *line)
{
  g_autofree char *name = find_kind (cli, line->command, word_at (line, 2));
  g_autoptr(GVariant) kind = ch_fields_kind (cli, ((const ChPeerNoun *) line->command->subject)->role, name, NULL);

  return kind != NULL ? ch_row_list (kind, "fields", "aa{sv}") : NULL;
}

static gboolean
takes_fields (const Line *line)
{
  return line->command != NULL && line->command->extras == CH_EXTRAS_TAKEN && line->n > 2;
}

/* The settings of a kind are options, too. */
static void
offer_fields (ChCli      *cli,
              const Line *line)
{
  g_autoptr(GVariant) fields = list_fields (cli, line);

  for (gsize i = 0; fields != NULL && i < g_variant_n_children (fields); i++)
    {
      g_autoptr(GVariant) field = g_variant_get_child_value (fields, i);
      g_autofree char *option = ch_fields_option (field);

      /* without what stands for its value */
      option[strcspn (option, " ")] = '\0';
      offer (option, line->begun);
    }
}

static void
offer_choices (ChCli      *cli,
               const Line *line)
{
  g_autoptr(GVariant) fields = list_fields (cli, line);

  for (gsize i = 0; fields != NULL && i < g_variant_n_children (fields); i++)
    {
      g_autoptr(GVariant) field = g_variant_get_child_value (fields, i);
      g_auto(GStrv) choices = ch_row_strings (field, "choices");

      if (!g_str_equal (line->option + strlen ("--"), ch_row_string (field, "name")))
        continue;
      for (gsize j = 0; choices[j] != NULL; j++)
        offer (choices[j], line->begun);
    }
}

/* ---- the line ---- */

static gboolean
is_switch (const GOptionEntry *options,
           const char         *word)
{
  for (; options != NULL && options->long_name != NULL; options++)
    if ((options->flags & G_OPTION_FLAG_NO_ARG) != 0
        && ((g_str_has_prefix (word, "--") && g_str_equal (word + 2, options->long_name))
            || (options->short_name != 0 && word[1] == options->short_name && word[2] == '\0')))
      return TRUE;

  return FALSE;
}

static void
take_word (Line         *line,
           const ChNoun *nouns,
           const char   *word)
{
  g_ptr_array_insert (line->words, (int) line->n++, (gpointer) word);
  if (line->n == 1)
    line->noun = find_noun (nouns, word);
  if (line->n <= 2 && line->noun != NULL)
    line->command = find_command (line->noun, line->n == 2 ? word : "");
}

/* An option that nobody knows here is a setting, which has a value. */
static void
read_line (Line               *line,
           const ChNoun       *nouns,
           const GOptionEntry *globals,
           const char *const  *given)
{
  guint n = g_strv_length ((char **) given);

  line->begun = n > 0 ? given[n - 1] : "";
  for (guint i = 0; i + 1 < n; i++)
    if (*given[i] != '-')
      take_word (line, nouns, given[i]);
    else if (strchr (given[i], '=') == NULL && !is_switch (globals, given[i])
             && !is_switch (line->command != NULL ? line->command->options : NULL, given[i]) && ++i + 1 == n)
      line->option = given[i - 1];
}

void
ch_complete (ChCli              *cli,
             const ChNoun       *nouns,
             const GOptionEntry *globals,
             const char *const  *given)
{
  g_autoptr(GPtrArray) words = g_ptr_array_new ();
  Line line = { .words = words };

  g_ptr_array_add (words, NULL);
  read_line (&line, nouns, globals, given);

  if (line.option != NULL)
    {
      if (!offer_values (cli, &line) && takes_fields (&line) && g_str_has_prefix (line.option, "--"))
        offer_choices (cli, &line);
    }
  else if (*line.begun == '-')
    {
      if (takes_fields (&line))
        offer_fields (cli, &line);
      offer_options (line.command != NULL ? line.command->options : NULL, line.begun);
      offer_options (globals, line.begun);
    }
  else if (line.n == 0)
    for (; nouns->noun != NULL; nouns++)
      offer (nouns->noun, line.begun);
  else if (line.noun != NULL && line.n == 1)
    for (const ChCommand *command = line.noun->commands; command->verb != NULL; command++)
      offer (command->verb, line.begun);
  else if (line.command != NULL && (line.n == 2 || line.command->takes == CH_TAKES_LEFTOVERS))
    offer_names (cli, line.noun->noun, line.command->takes, line.begun);
}
