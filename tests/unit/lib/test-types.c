/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/error.h"
#include "lib/field.h"
#include "lib/paths.h"
#include "lib/types.h"

#include <gio/gio.h>
#include <string.h>

static void
test_nicks_round_trip (void)
{
  GType types[] = {
    CH_TYPE_ORDER_STATE, CH_TYPE_ORDER_STEP, CH_TYPE_DCV_METHOD, CH_TYPE_PRODUCT, CH_TYPE_KEY_ALGORITHM,
    CH_TYPE_PEER_ROLE, CH_TYPE_PEER_STATE, CH_TYPE_TXT_STATE, CH_TYPE_DEPLOYMENT_STATE, CH_TYPE_JOB_STATE,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr(GEnumClass) class = g_type_class_ref (types[i]);

      for (guint v = 0; v < class->n_values; v++)
        {
          g_autoptr(GError) error = NULL;
          int value = -1;

          g_assert_true (ch_from_nick (types[i], ch_nick (types[i], class->values[v].value), &value, &error));
          g_assert_no_error (error);
          g_assert_cmpint (value, ==, class->values[v].value);
        }
    }
}

static void
test_unknown_nick_lists_the_known (void)
{
  g_autoptr(GError) error = NULL;
  int value = 7;

  g_assert_false (ch_from_nick (CH_TYPE_DCV_METHOD, "pigeon", &value, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "dns, http, email"));
  g_assert_cmpint (value, ==, 7);
}

static void
test_path_ids (void)
{
  static const struct { const char *text; gint64 id; } cases[] = {
    { "1", 1 }, { "42", 42 }, { "9223372036854775807", G_MAXINT64 },
    { "0", 0 }, { "01", 0 }, { "-1", 0 }, { "+1", 0 }, { "", 0 }, { "9223372036854775808", 0 }, { "1a", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 id = 0;

      g_assert_cmpint (ch_path_parse_id (cases[i].text, &id), ==, cases[i].id != 0);
      g_assert_cmpint (id, ==, cases[i].id);
    }
}

static void
test_errors_keep_their_name_on_the_bus (void)
{
  for (int code = 0; code < CH_ERROR_N_CODES; code++)
    {
      g_autoptr(GError) error = g_error_new_literal (CH_ERROR, code, "x");
      g_autofree char *name = g_dbus_error_encode_gerror (error);
      g_autoptr(GError) back = g_dbus_error_new_for_dbus_error (name, "x");

      g_assert_cmpstr (name, ==, ch_error_name (code));
      g_assert_error (back, CH_ERROR, code);
    }
}

static gboolean
check_seven_to_nine (const char *value,
                     GError    **error)
{
  return ch_field_check_range (value, 7, 9, error);
}

static void
test_fields (void)
{
  static const ChField fields[] = {
    { "server", "Server", "", CH_FIELD_REQUIRED, NULL, NULL, ch_field_check_host },
    { "algorithm", "Algorithm", "", CH_FIELD_NONE, "hmac-sha256", "hmac-sha256|hmac-sha512", NULL },
    { "count", "Count", "", CH_FIELD_NONE, "8", NULL, check_seven_to_nine },
    { "secret", "Secret", "", CH_FIELD_REQUIRED | CH_FIELD_SECRET, NULL, NULL, NULL },
    { NULL },
  };
  static const struct { const char *name, *value, *secret, *says; } cases[] = {
    { "server", "ns.example.test", "hunter2", NULL },
    { "server", "ns example", "hunter2", "host name" },
    { "server", "", "hunter2", "missing" },
    { "srever", "ns.example.test", "hunter2", "no setting" },
    { "secret", "hunter2", "hunter2", "is a secret" },
    { "server", "ns.example.test", "", "missing" },
    { "algorithm", "rot13", "hunter2", "hmac-sha512" },
    { "server", "ns\nexample", "hunter2", "one line" },
    { "count", "6", "hunter2", "from 7 to 9" },
    { "count", "10", "hunter2", "from 7 to 9" },
    { "count", "7.5", "hunter2", "from 7 to 9" },
    { "count", "-8", "hunter2", "from 7 to 9" },
    { "count", "4294967304", "hunter2", "from 7 to 9" },
    { "count", "7", "hunter2", "missing" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GHashTable) settings = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr(GHashTable) secrets = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr(GError) error = NULL;

      g_hash_table_insert (settings, (char *) cases[i].name, (char *) cases[i].value);
      g_hash_table_insert (secrets, (char *) "secret", (char *) cases[i].secret);

      g_assert_cmpint (ch_fields_check (fields, settings, secrets, &error), ==, cases[i].says == NULL);
      if (cases[i].says != NULL)
        {
          g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
          g_assert_nonnull (strstr (error->message, cases[i].says));
          g_assert_null (strstr (error->message, "hunter2"));
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/types/nicks-round-trip", test_nicks_round_trip);
  g_test_add_func ("/types/unknown-nick", test_unknown_nick_lists_the_known);
  g_test_add_func ("/paths/ids", test_path_ids);
  g_test_add_func ("/error/names", test_errors_keep_their_name_on_the_bus);
  g_test_add_func ("/field/check", test_fields);
  return g_test_run ();
}
