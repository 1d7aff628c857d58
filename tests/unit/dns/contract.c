/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "contract.h"

#include "lib/error.h"

#include <string.h>

static void
add (Contract   *contract,
     const char *name,
     const char *value,
     gboolean    expect_existed)
{
  ChTxt txt = { name, value };
  gboolean existed = !expect_existed;
  g_autoptr(GError) error = NULL;

  g_assert_true (contract->provider->add (&contract->access, contract->zone, &txt, &existed, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (existed, ==, expect_existed);
}

static void
take (Contract   *contract,
      const char *name,
      const char *value)
{
  ChTxt txt = { name, value };
  g_autoptr(GError) error = NULL;

  g_assert_true (contract->provider->remove (&contract->access, contract->zone, &txt, NULL, &error));
  g_assert_no_error (error);
}

/* @ttl: of new records 60, of neighbours 300, as far as the service takes it. Ends with %NULL: the values */
static void G_GNUC_NULL_TERMINATED
expect_shown (Contract   *contract,
              const char *name,
              guint       ttl,
              ...)
{
  g_autofree char *shown = contract->show (contract->service, name);
  g_autoptr(GString) expected = g_string_new (NULL);
  va_list values;

  va_start (values, ttl);
  for (const char *value = va_arg (values, const char *); value != NULL; value = va_arg (values, const char *))
    g_string_append_printf (expected, "%s%u %s", expected->len > 0 ? "\n" : "", MAX (ttl, contract->shortest_ttl),
                            value);
  va_end (values);
  g_assert_cmpstr (shown, ==, expected->str);
}

static void
expect_nothing (Contract   *contract,
                const char *name)
{
  g_autofree char *shown = contract->show (contract->service, name);
  g_assert_cmpstr (shown, ==, "");
}

static void
expect_error (Contract   *contract,
              const char *name,
              const char *value,
              int         code)
{
  ChTxt txt = { name, value };
  gboolean existed = FALSE;
  g_autoptr(GError) error = NULL;

  g_assert_false (contract->provider->add (&contract->access, contract->zone, &txt, &existed, NULL, &error));
  g_assert_error (error, CH_ERROR, code);
}

static void
test_find_zone (gconstpointer data)
{
  Contract *contract = (Contract *) data;
  const char *const prefixes[] = { "", "a.", "_dnsauth.a.b.c." };
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      g_autofree char *name = g_strconcat (prefixes[i], contract->zone, NULL);
      g_autofree char *zone = contract->provider->find_zone (&contract->access, name, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (zone, ==, contract->zone);
    }

  /* whole labels */
  g_autofree char *similar = g_strconcat ("bad", contract->zone, NULL);
  g_assert_null (contract->provider->find_zone (&contract->access, similar, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_ZONE_NOT_FOUND);
}

static void
test_add_and_remove (gconstpointer data)
{
  Contract *contract = (Contract *) data;
  g_autofree char *name = g_strconcat ("_once.", contract->zone, NULL);

  add (contract, name, "one", FALSE);
  expect_shown (contract, name, 60, "\"one\"", NULL);
  add (contract, name, "one", TRUE);
  expect_shown (contract, name, 60, "\"one\"", NULL);
  take (contract, name, "one");
  expect_nothing (contract, name);
  take (contract, name, "one");
  expect_nothing (contract, name);
}

static void
test_two_values (gconstpointer data)
{
  Contract *contract = (Contract *) data;
  g_autofree char *name = g_strconcat ("_two.", contract->zone, NULL);

  add (contract, name, "first", FALSE);
  add (contract, name, "second", FALSE);
  expect_shown (contract, name, 60, "\"first\"", "\"second\"", NULL);
  take (contract, name, "first");
  expect_shown (contract, name, 60, "\"second\"", NULL);
  take (contract, name, "first");
  expect_shown (contract, name, 60, "\"second\"", NULL);
  take (contract, name, "second");
  expect_nothing (contract, name);
}

static void
test_neighbours_stay (gconstpointer data)
{
  Contract *contract = (Contract *) data;
  g_autofree char *name = g_strconcat ("spf.", contract->zone, NULL);

  /* the TTL belongs to the whole set */
  add (contract, name, "ours", FALSE);
  expect_shown (contract, name, 300, "\"ours\"", "\"v=spf1 -all\"", NULL);
  take (contract, name, "ours");
  expect_shown (contract, name, 300, "\"v=spf1 -all\"", NULL);
  take (contract, name, "never there");
  expect_shown (contract, name, 300, "\"v=spf1 -all\"", NULL);
}

static void
test_apex (gconstpointer data)
{
  Contract *contract = (Contract *) data;

  add (contract, contract->zone, "at the top", FALSE);
  expect_shown (contract, contract->zone, 60, "\"at the top\"", NULL);
  take (contract, contract->zone, "at the top");
  expect_nothing (contract, contract->zone);
}

static void
test_long_value (gconstpointer data)
{
  Contract *contract = (Contract *) data;
  g_autofree char *name = g_strconcat ("_long.", contract->zone, NULL);
  g_autofree char *head = g_strnfill (255, 'a');
  g_autofree char *tail = g_strnfill (45, 'b');
  g_autofree char *value = g_strconcat (head, tail, NULL);
  g_autofree char *shown = g_strdup_printf ("\"%s\" \"%s\"", head, tail);

  add (contract, name, value, FALSE);
  expect_shown (contract, name, 60, shown, NULL);
  add (contract, name, value, TRUE);
  take (contract, name, value);
  expect_nothing (contract, name);
}

static void
test_alias_is_a_conflict (gconstpointer data)
{
  Contract *contract = (Contract *) data;
  g_autofree char *name = g_strconcat ("alias.", contract->zone, NULL);

  expect_error (contract, name, "value", CH_ERROR_CONFLICT);
  expect_nothing (contract, name);
  take (contract, name, "value");
}

static void
test_bad_values (gconstpointer data)
{
  Contract *contract = (Contract *) data;
  g_autofree char *name = g_strconcat ("_bad.", contract->zone, NULL);
  const char *const values[] = { "", "quote\"", "back\\slash", "new\nline", "caf\xc3\xa9" };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    expect_error (contract, name, values[i], CH_ERROR_INVALID);

  expect_error (contract, "www.elsewhere.invalid", "value", CH_ERROR_ZONE_NOT_FOUND);
  expect_nothing (contract, name);
}

static void
test_cancelled (gconstpointer data)
{
  Contract *contract = (Contract *) data;
  g_autofree char *name = g_strconcat ("_cancelled.", contract->zone, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  ChTxt txt = { name, "value" };
  gboolean existed;

  g_cancellable_cancel (cancellable);
  g_assert_false (contract->provider->add (&contract->access, contract->zone, &txt, &existed, cancellable,
                                           &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (contract->provider->remove (&contract->access, contract->zone, &txt, cancellable, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
  expect_nothing (contract, name);
}

static GHashTable *
spoil (GHashTable *secrets)
{
  GHashTable *wrong = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, secrets);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      char *other = g_strdup (value);

      /* as long as it was, and of the same characters */
      for (char *p = other; *p != '\0'; p++)
        *p = *p == 'a' ? 'b' : *p == 'A' ? 'B' : *p == '1' ? '2' : g_ascii_isalpha (*p) ? *p - 1 : *p;
      g_hash_table_insert (wrong, g_strdup (name), other);
    }

  return wrong;
}

/* Good credentials are known for good and bad ones for bad, without anything being written. */
static void
test_verify (gconstpointer data)
{
  Contract *contract = (Contract *) data;
  g_autoptr(GPtrArray) zones = g_ptr_array_new_null_terminated (4, g_free, TRUE);
  g_autoptr(GHashTable) wrong = spoil (contract->access.secrets);
  g_autoptr(GHashTable) settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  ChDnsAccess good = { settings, contract->access.secrets }, bad = { settings, wrong };
  g_autoptr(GError) error = NULL;
  GHashTableIter iter;
  gpointer name, value;

  /* A DNS server tells whether it knows the key when it is asked about a zone of its own. */
  g_hash_table_iter_init (&iter, contract->access.settings);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_insert (settings, g_strdup (name), g_strdup (value));
  g_hash_table_insert (settings, g_strdup ("zones"), g_strdup (contract->zone));

  contract->provider->verify (&good, zones, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (zones->len == 0 || g_strv_contains ((const char *const *) zones->pdata, contract->zone));

  g_assert_false (contract->provider->verify (&bad, zones, NULL, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, CH_ERROR, CH_ERROR_CREDENTIALS);
}

void
contract_add_tests (Contract *contract)
{
  static const struct { const char *name; GTestDataFunc test; } promises[] = {
    { "verify", test_verify },
    { "find-zone", test_find_zone },
    { "add-and-remove", test_add_and_remove },
    { "two-values", test_two_values },
    { "neighbours-stay", test_neighbours_stay },
    { "apex", test_apex },
    { "long-value", test_long_value },
    { "alias-is-a-conflict", test_alias_is_a_conflict },
    { "bad-values", test_bad_values },
    { "cancelled", test_cancelled },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (promises); i++)
    {
      g_autofree char *path = g_strdup_printf ("/%s/%s/%s", contract->provider->kind, contract->label,
                                               promises[i].name);
      g_test_add_data_func (path, contract, promises[i].test);
    }
}
