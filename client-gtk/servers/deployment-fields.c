/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servers/deployment-fields.h"

#include "form/question.h"
#include "lib/row.h"
#include "servers/endpoint.h"

#include <glib/gi18n.h>
#include <string.h>

const ChDeploymentFile ch_deployment_files[] = {
  { "fullchain", "pem", "file-fullchain", N_("Certificate with its chain"),
    N_("Path on the server, such as /etc/nginx/tls/www.pem"), FALSE },
  { "key", "pem", "file-key", N_("Private key"), N_("Path on the server, such as /etc/nginx/tls/www.key"),
    FALSE },
  { "certificate", "pem", "file-certificate", N_("Certificate alone"),
    N_("Path on the server, for programs that want it by itself"), TRUE },
  { "chain", "pem", "file-chain", N_("Chain alone"),
    N_("Path on the server, for programs that want it by itself"),
    TRUE },
  { "all", "pem", "file-all", N_("Key, certificate and chain in one file"),
    N_("Path on the server, for programs such as HAProxy"), TRUE },
  { "certificate", "der", "file-certificate-der", N_("Certificate alone (DER)"),
    N_("Path on the server"), TRUE },
  { "key", "der", "file-key-der", N_("Private key (DER)"), N_("Path on the server"), TRUE },
  { "all", "pkcs12", "file-pkcs12", N_("Key store (PKCS#12)"), N_("Path on the server; it needs a password"),
    TRUE },
  { "all", "jks", "file-jks", N_("Key store (JKS)"), N_("Path on the server; it needs a password"), TRUE },
  { NULL }
};

const ChDeploymentAct ch_deployment_acts[] = {
  { "none", N_("Nothing"), { NULL } },
  { "reload-unit", N_("Reload a unit of systemd"), { "unit" } },
  { "signal", N_("Send a signal"), { "pid-file", "signal" } },
  { "program", N_("Run a program of the configuration"), { "program" } },
  { "command", N_("Run a command there (SSH)"), { "command" } },
  { NULL }
};

/* What an action and a test are told, in the order of the form. */
static const struct
{
  const char *key;
  const char *title;
  const char *help;
} details[] = {
  { "unit", N_("Unit"), N_("That is reloaded, such as nginx.service") },
  { "pid-file", N_("PID file"), N_("Of the service that gets a signal") },
  { "signal", N_("Signal"), N_("Such as HUP") },
  { "program", N_("Program"), N_("Its name in the configuration of the service chanceryd") },
  { "command", N_("Command"),
    N_("The whole path of a program, and its arguments: /usr/sbin/nginx -s reload") },
};

char *
ch_deployment_field (const char *prefix,
                     const char *key)
{
  return g_strconcat (prefix, key, NULL);
}

/* fields */

typedef struct
{
  GVariantBuilder *fields;
  gboolean advanced;
  gboolean secret;
} Maker;

static void
add_field (const Maker       *maker,
           const char        *name,
           const char        *title,
           const char        *help,
           const char *const *choices,
           const char *const *titles)
{
  const ChQuestion question = {
    .name = name,
    .title = title,
    .help = help,
    .choices = choices,
    .titles = titles,
    .required = g_str_equal (name, "names"),
    .advanced = maker->advanced,
    .secret = maker->secret,
  };

  ch_question_add (&question, maker->fields);
}

/* Those that cannot be used are left out; the command “chancery deploy templates” says why. */
static void
add_templates (const Maker *maker,
               GVariant    *templates)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_null_terminated (8, g_free, TRUE);
  g_autoptr(GPtrArray) titles = g_ptr_array_new_null_terminated (8, g_free, TRUE);

  g_ptr_array_add (names, g_strdup (""));
  g_ptr_array_add (titles, g_strdup (C_("template", "None")));
  for (gsize i = 0; templates != NULL && i < g_variant_n_children (templates); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (templates, i);

      if (*ch_row_string (row, "Problem") != '\0')
        continue;
      g_ptr_array_add (names, g_strdup (ch_row_string (row, "Name")));
      g_ptr_array_add (titles, g_strdup (ch_row_string (row, "Title")));
    }

  if (names->len > 1)
    add_field (maker, "template", _("Service"), _("What it wants is known: files, test and reload"),
               (const char *const *) names->pdata, (const char *const *) titles->pdata);
}

static void
add_act (const Maker *maker,
         const char  *prefix,
         const char  *name,
         const char  *title,
         const char  *help)
{
  const char *kinds[G_N_ELEMENTS (details) + 2] = { "" };
  const char *titles[G_N_ELEMENTS (details) + 2] = { _("As the service’s template says") };

  for (gsize i = 0; ch_deployment_acts[i].kind != NULL; i++)
    {
      kinds[i + 1] = ch_deployment_acts[i].kind;
      titles[i + 1] = _(ch_deployment_acts[i].title);
    }

  add_field (maker, name, title, help, kinds, titles);
  for (gsize i = 0; i < G_N_ELEMENTS (details); i++)
    {
      g_autofree char *field = ch_deployment_field (prefix, details[i].key);

      add_field (maker, field, _(details[i].title), _(details[i].help), NULL, NULL);
    }
}

static void
add_files (GVariantBuilder *fields)
{
  const Maker secret = { fields, TRUE, TRUE };

  for (gsize i = 0; ch_deployment_files[i].part != NULL; i++)
    {
      const Maker maker = { fields, ch_deployment_files[i].advanced, FALSE };

      add_field (&maker, ch_deployment_files[i].name, _(ch_deployment_files[i].title),
                 _(ch_deployment_files[i].help), NULL, NULL);
    }
  add_field (&secret, "password", _("Password of key stores"), _("What they are locked with"), NULL, NULL);
}

GVariant *
ch_deployment_fields (const char *const *servers,
                      GVariant          *templates)
{
  GVariantBuilder fields = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  const Maker usual = { &fields, FALSE, FALSE };
  const Maker rare = { &fields, TRUE, FALSE };

  add_field (&usual, "server", _("Server"), _("On which the files are put"), servers, NULL);
  add_templates (&usual, templates);
  add_field (&usual, "names", _("Names"),
             _("It wants certificates that cover all of these; with blanks or commas between them"),
             NULL, NULL);
  add_files (&fields);
  add_act (&usual, "", "action", _("Action"), _("What makes the service take new files"));
  add_field (&usual, "checks", _("Checks"),
             _("Where the new certificate must be seen: HOST, HOST:PORT or HOST:PORT/NAME, with blanks or "
               "commas between them; HOST:25,starttls=smtp where TLS is begun that way"), NULL, NULL);
  add_act (&rare, "test-", "test", _("Test"),
           _("The service’s own look at its configuration, before and after the files are switched"));
  add_field (&rare, "web-root", _("Web root"),
             _("Files that prove control of a name are put below it, in .well-known/pki-validation"),
             NULL, NULL);
  add_field (&rare, "challenge-folder", _("Folder for proofs"),
             _("In place of a web root, the very folder that they are put into"), NULL, NULL);
  add_field (&rare, "wave", _("Wave"),
             _("It waits for those of lower waves that are for the same certificate"), NULL, NULL);
  add_field (&rare, "windows", _("Maintenance windows"),
             _("When it may run, such as “Sat,Sun 02:00-05:00”; with semicolons between them"), NULL, NULL);
  return g_variant_builder_end (&fields);
}

/* what is asked as things stand */

static void
show_details (ChForm     *form,
              const char *prefix,
              const char *name)
{
  g_autofree char *kind = ch_form_get_value (form, name);

  for (gsize i = 0; i < G_N_ELEMENTS (details); i++)
    {
      g_autofree char *field = ch_deployment_field (prefix, details[i].key);
      gboolean needed = FALSE;

      for (const ChDeploymentAct *act = ch_deployment_acts; act->kind != NULL; act++)
        for (gsize j = 0; act->keys[j] != NULL; j++)
          needed = needed || (g_str_equal (act->kind, kind) && g_str_equal (act->keys[j], details[i].key));
      ch_form_show_field (form, field, needed);
    }
}

void
ch_deployment_show_needed (ChForm *form)
{
  show_details (form, "", "action");
  show_details (form, "test-", "test");
}

/* templates */

static GVariant *
find_template (GVariant   *templates,
               const char *name)
{
  for (gsize i = 0; templates != NULL && i < g_variant_n_children (templates); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (templates, i);

      if (g_str_equal (ch_row_string (row, "Name"), name))
        return g_steal_pointer (&row);
    }

  return NULL;
}

/* As ch_template_path() in the service does it. */
static char *
make_path (const char *pattern,
           const char *name)
{
  g_autofree char *safe = g_str_has_prefix (name, "*.") ? g_strconcat ("wildcard", name + 1, NULL)
                                                        : g_strdup (name);
  GString *path = g_string_new (pattern);

  g_strcanon (safe, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._", '_');
  g_string_replace (path, "%n", safe, 0);
  return g_string_free (path, FALSE);
}

/* (transfer full): "" where the template has no such file */
static char *
path_of (GVariant               *template,
         const ChDeploymentFile *wanted,
         const char             *name)
{
  g_autoptr(GVariant) files = ch_row_list (template, "Files", "aa{sv}");

  for (gsize i = 0; *name != '\0' && i < g_variant_n_children (files); i++)
    {
      g_autoptr(GVariant) file = g_variant_get_child_value (files, i);
      const char *format = ch_row_string (file, "format");

      if (g_str_equal (ch_row_string (file, "part"), wanted->part)
          && g_str_equal (*format != '\0' ? format : "pem", wanted->format))
        return make_path (ch_row_string (file, "path"), name);
    }

  return g_strdup ("");
}

void
ch_deployment_prefill (ChForm     *form,
                       GVariant   *templates,
                       GHashTable *before)
{
  g_autofree char *chosen = ch_form_get_value (form, "template");
  g_autofree char *text = ch_form_get_value (form, "names");
  g_auto(GStrv) names = ch_endpoint_split (text);
  g_autoptr(GVariant) template = find_template (templates, chosen);

  for (const ChDeploymentFile *file = ch_deployment_files; file->part != NULL; file++)
    {
      g_autofree char *there = ch_form_get_value (form, file->name);
      const char *last = g_hash_table_lookup (before, file->name);
      g_autofree char *path = template != NULL ? path_of (template, file, names[0] != NULL ? names[0] : "")
                                               : g_strdup ("");

      if (!g_str_equal (there, last != NULL ? last : ""))
        continue;
      g_hash_table_insert (before, g_strdup (file->name), g_strdup (path));
      if (!g_str_equal (there, path))
        ch_form_enter (form, file->name, path);
    }
}
