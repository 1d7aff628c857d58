/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy-options.h"

#include "nearest.h"
#include "json.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "table.h"

#include <glib/gi18n.h>

static const ChColumn template_columns[] = {
  { N_("TEMPLATE") }, { N_("SERVICE"), CH_COLUMN_SHRINKS }, { N_("FILES"), CH_COLUMN_WRAPS }, { NULL }
};

static GVariant *
list (ChCli   *cli,
      GError **error)
{
  g_autoptr(GVariant) reply = ch_cli_call (cli, CH_ROOT_PATH, CH_IFACE_MANAGER, "ListTemplates", NULL, "(aa{sv})", error);

  return reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
}

GVariant *
ch_deploy_find_template (ChCli      *cli,
                         const char *name,
                         GError    **error)
{
  g_autoptr(GVariant) templates = list (cli, error);

  if (templates == NULL)
    return NULL;

  for (gsize i = 0; i < g_variant_n_children (templates); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (templates, i);

      if (g_str_equal (ch_row_string (row, "Name"), name))
        return g_steal_pointer (&row);
    }

  ch_error_set (error, CH_ERROR_NOT_FOUND, _("There is no template “%s”; “chancery deploy templates” lists them"), name);
  return NULL;
}

static char *
describe_files (GVariant *template)
{
  g_autoptr(GVariant) files = ch_row_list (template, "Files", "aa{sv}");
  g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; i < g_variant_n_children (files); i++)
    {
      g_autoptr(GVariant) file = g_variant_get_child_value (files, i);

      g_ptr_array_add (texts, g_strdup (ch_row_string (file, "path")));
    }

  return ch_join (texts);
}

static void
print_all (GVariant *templates)
{
  g_autoptr(ChTable) table = ch_table_new (template_columns);

  for (gsize i = 0; i < g_variant_n_children (templates); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (templates, i);
      const char *problem = ch_row_string (row, "Problem");
      g_autofree char *files = describe_files (row);

      ch_table_add (table, ch_row_string (row, "Name"), ch_row_string (row, "Title"), *problem != '\0' ? problem : files);
    }

  ch_table_print (table);
}

static void
add_files (ChTable  *facts,
           GVariant *template)
{
  g_autoptr(GVariant) files = ch_row_list (template, "Files", "aa{sv}");

  for (gsize i = 0; i < g_variant_n_children (files); i++)
    {
      g_autoptr(GVariant) file = g_variant_get_child_value (files, i);
      g_autofree char *text = ch_deploy_describe_file (file);

      ch_facts_add (facts, ch_row_string (file, "part"), text);
    }
}

static void
print_one (GVariant *template)
{
  g_autoptr(ChTable) facts = ch_facts_new ();
  g_autofree char *title = ch_clean (ch_row_string (template, "Title"));
  g_autofree char *heading = ch_paint (CH_COLOUR_BOLD, title);
  g_auto(GStrv) test = ch_row_strings (template, "Test");
  g_auto(GStrv) reload = ch_row_strings (template, "Reload");
  g_autofree char *tests = g_strjoinv (" ", test);
  const char *unit = ch_row_string (template, "Unit");
  g_autofree char *reloads = *unit != '\0' ? g_strdup_printf (_("reload %s"), unit) : g_strjoinv (" ", reload);
  const char *start_tls = ch_row_string (template, "StartTls");
  gint64 port = ch_row_number (template, "Port");
  gint64 patience = ch_row_number (template, "Patience");
  g_autofree char *check = port == 0 ? NULL
    : patience > 0 ? g_strdup_printf (_("port %d, for up to %d seconds"), (int) port, (int) patience)
    : *start_tls != '\0' ? g_strdup_printf (_("port %d, STARTTLS of %s"), (int) port, start_tls)
                         : g_strdup_printf (_("port %d"), (int) port);

  ch_print ("%s (%s)", heading, ch_row_string (template, "Name"));
  ch_facts_add (facts, _("From"), ch_row_string (template, "Source"));
  add_files (facts, template);
  ch_facts_add (facts, _("Before"), tests);
  ch_facts_add (facts, _("Then"), reloads);
  ch_facts_add (facts, _("Checks"), check != NULL ? check : "");
  ch_table_print (facts);
  ch_print ("%s", _("%n is the first name of the deployment."));
  if (ch_row_flag (template, "NeedsPassword"))
    ch_print ("%s", _("It needs a password: “--password-file FILE”, or it is asked for."));
}

gboolean
ch_deploy_templates (ChCli   *cli,
                     GError **error)
{
  const char *wanted = ch_cli_word (cli, 0);
  g_autoptr(GVariant) templates = wanted == NULL ? list (cli, error) : NULL;
  g_autoptr(GVariant) template = wanted != NULL ? ch_deploy_find_template (cli, wanted, error) : NULL;
  const char *problem = template != NULL ? ch_row_string (template, "Problem") : "";

  if (templates == NULL && template == NULL)
    return FALSE;
  if (*problem != '\0')
    return ch_error_set (error, CH_ERROR_INVALID, "%s", problem);

  if (cli->json)
    ch_json_print (template != NULL ? template : templates);
  else if (template != NULL)
    print_one (template);
  else
    print_all (templates);
  return TRUE;
}
