/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/plan.h"

#include "engine/config.h"
#include "engine/handle.h"
#include "lib/error.h"

#include <glib/gstdio.h>
#include <string.h>

#define FILES "[{\"part\":\"fullchain\",\"path\":\"/etc/a.pem\"}]"

static const struct { const char *files, *action, *checks, *says; } plans[] = {
  { FILES, "{}", "[]", NULL },
  { "[{\"part\":\"key\",\"path\":\"/etc/a.key\",\"owner\":\"root\",\"group\":\"www-data\",\"mode\":\"0640\"}]", "{}", "[]", NULL },
  { FILES, "{\"kind\":\"reload-unit\",\"unit\":\"nginx.service\"}", "[{\"host\":\"www.example.com\",\"port\":8443,\"sni\":\"a.example.com\"}]", NULL },
  { FILES, "{\"kind\":\"signal\",\"pid-file\":\"/run/x.pid\",\"signal\":\"HUP\"}", "[{\"host\":\"::1\"}]", NULL },
  { FILES, "{\"kind\":\"program\",\"program\":\"reload\"}", "[]", NULL },
  { FILES, "{\"kind\":\"\"}", "[]", NULL },

  { "[]", "{}", "[]", "at least one file" },
  { "", "{}", "[]", "form" },
  { "{}", "{}", "[]", "form" },
  { "[1]", "{}", "[]", "Entry 1" },
  { "[{}]", "{}", "[]", "" },
  { "[{\"part\":\"soul\",\"path\":\"/etc/a\"}]", "{}", "[]", "soul" },
  { "[{\"part\":\"key\"}]", "{}", "[]", "path" },
  { "[{\"part\":\"key\",\"path\":\"a.key\"}]", "{}", "[]", "a.key" },
  { "[{\"part\":\"key\",\"path\":\"/etc/../a.key\"}]", "{}", "[]", ".." },
  { "[{\"part\":\"key\",\"path\":\"/etc/a.chancery-old\"}]", "{}", "[]", "chancery-old" },
  { "[{\"part\":\"key\",\"path\":\"/etc/a\\u000ab\"}]", "{}", "[]", "control" },
  { "[{\"part\":\"key\",\"path\":\"/etc/a\",\"color\":\"red\"}]", "{}", "[]", "color" },
  { "[{\"part\":\"key\",\"path\":5}]", "{}", "[]", "text" },
  { "[{\"part\":null,\"path\":\"/etc/a\"}]", "{}", "[]", "text" },
  { "[{\"part\":\"key\",\"path\":\"/etc/a\",\"mode\":\"0644\"}]", "{}", "[]", "0644" },
  { "[{\"part\":\"all\",\"path\":\"/etc/a\",\"mode\":\"0604\"}]", "{}", "[]", "0604" },
  { "[{\"part\":\"key\",\"path\":\"/etc/a\",\"mode\":\"9\"}]", "{}", "[]", "“9”" },
  { "[{\"part\":\"key\",\"path\":\"/etc/a\",\"mode\":\"4755\"}]", "{}", "[]", "4755" },
  { "[{\"part\":\"key\",\"path\":\"/etc/a\",\"mode\":416}]", "{}", "[]", "mode" },
  { "[{\"part\":\"key\",\"path\":\"/etc/a\"},{\"part\":\"chain\",\"path\":\"/etc/a\"}]", "{}", "[]", "twice" },

  { "[{\"part\":\"certificate\",\"path\":\"/etc/a\",\"format\":\"der\"}]", "{}", "[]", NULL },
  { "[{\"part\":\"fullchain\",\"path\":\"/etc/a\",\"format\":\"der\"}]", "{}", "[]", "certificate, key" },
  { "[{\"part\":\"all\",\"path\":\"/etc/a\",\"format\":\"p12\"}]", "{}", "[]", "pkcs12" },
  { "[{\"part\":\"all\",\"path\":\"/etc/a\",\"format\":\"pkcs12\"}]", "{}", "[]", "has a password" },
  { "[{\"part\":\"all\",\"path\":\"/etc/a\",\"format\":\"jks\"}]", "{}", "[]", "has a password" },
  { "[{\"part\":\"all\",\"path\":\"/etc/a\",\"alias\":\"tomcat\"}]", "{}", "[]", "alias" },

  { FILES, "[]", "[]", "form" },
  { FILES, "{\"kind\":\"pray\"}", "[]", "pray" },
  { FILES, "{\"kind\":7}", "[]", "kind" },
  { FILES, "{\"kind\":\"reload-unit\"}", "[]", "unit" },
  { FILES, "{\"kind\":\"reload-unit\",\"unit\":\"nginx; reboot\"}", "[]", "nginx" },
  { FILES, "{\"kind\":\"signal\",\"pid-file\":\"/run/x.pid\",\"signal\":\"KILL\"}", "[]", "KILL" },
  { FILES, "{\"kind\":\"signal\",\"signal\":\"HUP\"}", "[]", "path" },
  { FILES, "{\"kind\":\"program\",\"program\":\"rm\"}", "[]", "rm" },
  { FILES, "{\"kind\":\"program\"}", "[]", "" },
  { FILES, "{\"command\":\"rm -rf /\"}", "[]", "command" },
  { FILES, "{\"kind\":\"command\",\"command\":[]}", "[]", "command" },
  { FILES, "{\"kind\":\"command\",\"command\":[7]}", "[]", "texts" },
  { FILES, "{\"kind\":\"command\",\"command\":[\"nginx\"]}", "[]", "nginx" },
  { FILES, "{\"kind\":\"command\",\"command\":[\"/usr/sbin/nginx\",\"-t\"]}", "[]", "SSH" },

  { FILES, "{}", "{}", "form" },
  { FILES, "{}", "[{}]", "host" },
  { FILES, "{}", "[{\"host\":\"a b\"}]", "a b" },
  { FILES, "{}", "[{\"host\":\"a.example.com\",\"port\":0}]", "port" },
  { FILES, "{}", "[{\"host\":\"a.example.com\",\"port\":65536}]", "port" },
  { FILES, "{}", "[{\"host\":\"a.example.com\",\"port\":-9223372036854775808}]", "port" },
  { FILES, "{}", "[{\"host\":\"a.example.com\",\"port\":\"443\"}]", "port" },
  { FILES, "{}", "[{\"host\":\"a.example.com\",\"port\":443.5}]", "port" },
  { FILES, "{}", "[{\"host\":\"a.example.com\",\"port\":[443]}]", "port" },
  { FILES, "{}", "[{\"host\":\"a.example.com\",\"sni\":\"a/b\"}]", "a/b" },
  { FILES, "{}", "[{\"host\":\"a.example.com\",\"port\":25,\"starttls\":\"smtp\"}]", NULL },
  { FILES, "{}", "[{\"host\":\"a.example.com\",\"starttls\":\"gopher\"}]", "gopher" },
  { FILES, "{}", "[{\"host\":\"a.example.com\",\"patience\":600}]", NULL },
  { FILES, "{}", "[{\"host\":\"a.example.com\",\"patience\":601}]", "patience" },
  { FILES, "{}", "[{\"host\":\"a.example.com\",\"patience\":\"long\"}]", "patience" },
};

/* What this machine could do. */
static ChPlan *
parse (const char *files,
       const char *action,
       const char *checks,
       GError    **error)
{
  ChDeployment deployment = { .files = (char *) files, .test = (char *) "{}", .action = (char *) action,
                              .checks = (char *) checks };
  g_autoptr(ChPlan) plan = ch_plan_parse (&deployment, error);

  return plan != NULL && ch_plan_check_target (plan, ch_target_find ("local", NULL), error)
         ? g_steal_pointer (&plan) : NULL;
}

static void
test_plan (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr(GError) error = NULL;
  g_autoptr(ChPlan) plan = parse (plans[i].files, plans[i].action, plans[i].checks, &error);

  if (plans[i].says == NULL)
    {
      g_assert_no_error (error);
      g_assert_nonnull (plan);
      return;
    }

  g_assert_null (plan);
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, plans[i].says));
}

static void
test_plan_values (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ChPlan) plan = parse ("[{\"part\":\"fullchain\",\"path\":\"/etc/a.pem\"},"
                                          " {\"part\":\"key\",\"path\":\"/etc/a.key\",\"mode\":\"600\"}]",
                                          plans[2].action, plans[2].checks, &error);
  const ChPlanFile *first = g_ptr_array_index (plan->files, 0), *second = g_ptr_array_index (plan->files, 1);
  const ChPlanCheck *check = g_ptr_array_index (plan->checks, 0);
  ChAction action = ch_plan_action (&plan->action);

  g_assert_true (ch_plan_needs_key (plan));
  g_assert_cmpint (first->mode, ==, -1);
  g_assert_cmpint (second->mode, ==, 0600);
  g_assert_null (first->owner);
  g_assert_cmpstr (check->sni, ==, "a.example.com");
  g_assert_cmpuint (check->port, ==, 8443);
  g_assert_cmpint (action.kind, ==, CH_ACTION_RELOAD_UNIT);
  g_assert_cmpstr (action.unit, ==, "nginx.service");

  g_autoptr(ChPlan) without = parse (FILES, "{}", "[{\"host\":\"a.example.com\"}]", &error);
  g_assert_false (ch_plan_needs_key (without));
  g_assert_cmpuint (((const ChPlanCheck *) g_ptr_array_index (without->checks, 0))->port, ==, 443);
}

/* Deep, long, and cut off anywhere. */
static void
test_plan_hostile (void)
{
  g_autofree char *deep = g_strnfill (1000000, '[');
  g_autoptr(GString) many = g_string_new ("[");
  g_autoptr(GError) error = NULL;

  g_assert_null (parse (deep, "{}", "[]", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_clear_error (&error);

  for (guint i = 0; i < 65; i++)
    g_string_append_printf (many, "%s{\"part\":\"chain\",\"path\":\"/etc/%u\"}", i > 0 ? "," : "", i);
  g_string_append_c (many, ']');
  g_assert_null (parse (many->str, "{}", "[]", &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_clear_error (&error);

  for (gsize length = strlen (FILES) - 1; length > 0; length--)
    {
      g_autofree char *cut = g_strndup (FILES, length);

      g_assert_null (parse (cut, "{}", "[]", &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      g_clear_error (&error);
    }
}

/* ---- the configuration ---- */

static const struct { const char *text, *says; guint workers; } configs[] = {
  { "", NULL, 8 },
  { "[engine]\nworkers=64\n", NULL, 64 },
  { "[dns]\nresolver=192.0.2.1:5353\n[program reload]\nargv=/bin/true;-x\n", NULL, 8 },
  { "[engine]\nworkers=0\n", "1 to 64", 0 },
  { "[engine]\nworkers=65\n", "1 to 64", 0 },
  { "[engine]\nworkers=many\n", "1 to 64", 0 },
  { "[engine]\nworkers=8x\n", "1 to 64", 0 },
  { "[engine]\nworker=4\n", "worker", 0 },
  { "[dns]\nresolvers=1\n", "resolvers", 0 },
  { "[program a]\nargv=/bin/true\nuser=root\n", "user", 0 },
  { "[enigne]\nworkers=4\n", "enigne", 0 },
  { "[program ]\nargv=/bin/true\n", "argv", 0 },
  { "[program a]\n", "argv", 0 },
  { "[program a]\nargv=\n", "argv", 0 },
  { "[program a]\nargv=true;-x\n", "true", 0 },
  { "[validation]\nhttp-port=8080\nhttps-port=8443\n", NULL, 8 },
  { "[validation]\nhttp-port=0\n", "http-port", 0 },
  { "[validation]\nport=80\n", "http-port https-port", 0 },
  { "no key file at all", "cannot be read", 0 },
};

static void
test_config (void)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("chancery-config-XXXXXX", &path, NULL);

  g_close (fd, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (configs); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_true (g_file_set_contents (path, configs[i].text, -1, NULL));
      g_autoptr(ChConfig) config = ch_config_load (path, "/var/lib/x", FALSE, &error);
      if (configs[i].says == NULL)
        {
          g_assert_no_error (error);
          g_assert_cmpuint (config->workers, ==, configs[i].workers);
          continue;
        }

      g_assert_null (config);
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, configs[i].says));
      g_assert_nonnull (strstr (error->message, path));
    }

  g_assert_true (g_file_set_contents (path, configs[2].text, -1, NULL));
  g_autoptr(ChConfig) config = ch_config_load (path, "/var/lib/x", TRUE, NULL);
  const char *const *argv = g_hash_table_lookup (config->programs, "reload");
  g_assert_cmpstr (argv[0], ==, "/bin/true");
  g_assert_cmpstr (argv[1], ==, "-x");
  g_assert_cmpstr (config->resolver, ==, "192.0.2.1:5353");
  g_assert_true (config->session);

  g_unlink (path);
  g_autoptr(GError) error = NULL;
  g_assert_null (ch_config_load (path, "/var/lib/x", FALSE, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
}

static void
test_handle (void)
{
  static const char *const good[] = { "a", "web-1", "ns1.example.com", "A_b.C-d", "0x" };
  static const char *const bad[] = { NULL, "", "a b", "a/b", "1042", "ä", "a\n", "a;b", "\xff" };
  g_autofree char *long_good = g_strnfill (64, 'a'), *long_bad = g_strnfill (65, 'a');

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (ch_handle_check (good[i], NULL));
  g_assert_true (ch_handle_check (long_good, NULL));
  g_assert_false (ch_handle_check (long_bad, NULL));

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (ch_handle_check (bad[i], &error));
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GHashTable) programs = g_hash_table_new (g_str_hash, g_str_equal);
  const char *reload[] = { "/bin/true", NULL };

  g_test_init (&argc, &argv, NULL);
  g_hash_table_insert (programs, (char *) "reload", reload);
  ch_target_set_programs (programs);
  for (gsize i = 0; i < G_N_ELEMENTS (plans); i++)
    {
      g_autofree char *path = g_strdup_printf ("/engine/plan/%02" G_GSIZE_FORMAT, i);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_plan);
    }
  g_test_add_func ("/engine/plan/values", test_plan_values);
  g_test_add_func ("/engine/plan/hostile", test_plan_hostile);
  g_test_add_func ("/engine/config", test_config);
  g_test_add_func ("/engine/handle", test_handle);
  int failed = g_test_run ();
  ch_target_set_programs (NULL);
  return failed;
}
