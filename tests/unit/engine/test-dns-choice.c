/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/challenges.h"
#include "engine/dns-choice.h"
#include "lib/error.h"

#include <string.h>

/* Accounts are written as "NAME ZONES": with "!" in front a disabled one, with "?" a failing one. */
static GPtrArray *
new_accounts (const char *const *written)
{
  GPtrArray *accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_peer_free);

  for (gsize i = 0; written[i] != NULL; i++)
    {
      ChPeer *account = g_new0 (ChPeer, 1);
      g_auto(GStrv) parts = g_strsplit (written[i], " ", 2);
      const char *name = parts[0];

      account->settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      account->state = *name == '!' ? CH_PEER_STATE_DISABLED
                       : *name == '?' ? CH_PEER_STATE_FAILING : CH_PEER_STATE_ENABLED;
      account->id = (gint64) i + 1;
      account->name = g_strdup (name + (*name == '!' || *name == '?'));
      if (parts[1] != NULL)
        g_hash_table_insert (account->settings, g_strdup ("zones"), g_strdup (parts[1]));
      g_ptr_array_add (accounts, account);
    }

  return accounts;
}

static const ChPeer *
find (GPtrArray  *accounts,
      const char *name)
{
  for (guint i = 0; name != NULL && i < accounts->len; i++)
    if (g_str_equal (((const ChPeer *) accounts->pdata[i])->name, name))
      return accounts->pdata[i];

  return NULL;
}

typedef struct
{
  const char *what;
  const char *accounts[5];
  const char *name, *usual;
  const char *chosen;           /* NULL: an error, or nobody when @says is NULL, too */
  const char *says;
} Case;

static const Case cases[] = {
  { "nobody is there", { NULL }, "a.test", NULL, NULL, NULL },
  { "all are disabled", { "!one", "!two a.test" }, "a.test", NULL, NULL, NULL },
  { "the only one, without zones", { "one" }, "a.test", NULL, "one", NULL },
  { "the only one, for other zones", { "one b.test" }, "a.test", NULL, NULL, "takes care of “a.test”" },
  { "two without zones", { "one", "two" }, "a.test", NULL, NULL, "one, two" },
  { "one with, one without", { "one", "two a.test" }, "a.test", NULL, "two", NULL },
  { "the other way round", { "one", "two a.test" }, "b.test", NULL, "one", NULL },
  { "the longest", { "one test", "two a.test", "three b.a.test" }, "x.b.a.test", NULL, "three", NULL },
  { "the longest that holds it", { "one test", "two a.test", "three b.a.test" }, "x.a.test", NULL, "two", NULL },
  { "of many zones", { "one x.test, b.a.test", "two a.test" }, "b.a.test", NULL, "one", NULL },
  { "equally long", { "one a.test", "two a.test", "three test" }, "x.a.test", NULL, NULL, "equally well: one, two" },
  { "a disabled one", { "!one x.a.test", "two a.test" }, "x.a.test", NULL, "two", NULL },
  { "a failing one", { "?one x.a.test", "two a.test" }, "x.a.test", NULL, "one", NULL },
  { "everything", { "one *", "two a.test" }, "b.test", NULL, "one", NULL },
  { "everything is more than nothing", { "one *", "two" }, "b.test", NULL, "one", NULL },
  { "an international name", { "one xn--bcher-kva.test", "two test" }, "xn--bcher-kva.test", NULL, "one", NULL },
  { "an international name in words", { "one a.test" }, "xn--bcher-kva.test", NULL, NULL, "“bücher.test”" },
  { "a wildcard", { "one *.a.test", "two a.test" }, "*.a.test", NULL, "one", NULL },
  { "the usual one", { "one", "two" }, "a.test", "two", "two", NULL },
  { "the usual one for want of zones", { "one b.test", "two" }, "a.test", "two", "two", NULL },
  { "somebody closer than the usual one", { "one a.test", "two test" }, "a.test", "two", "one", NULL },
  { "the usual one of two", { "one a.test", "two a.test" }, "a.test", "two", "two", NULL },
  { "two of which none is usual", { "one a.test", "two a.test", "three" }, "a.test", "three", NULL, "one, two" },
};

static void
test_choose (gconstpointer data)
{
  const Case *row = data;
  g_autoptr(GPtrArray) accounts = new_accounts (row->accounts);
  g_autoptr(GError) error = NULL;
  const ChPeer *chosen = NULL;
  gboolean ok = ch_dns_choose (accounts, row->name, find (accounts, row->usual), &chosen, &error);

  if (row->says != NULL)
    {
      g_assert_false (ok);
      g_assert_error (error, CH_ERROR, CH_ERROR_INVALID);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, row->says));
      return;
    }

  g_assert_no_error (error);
  g_assert_true (ok);
  g_assert_cmpstr (chosen != NULL ? chosen->name : NULL, ==, row->chosen);
}

/* ---- who proves what, where ---- */

typedef struct
{
  const char *what;
  const char *accounts[4];
  const char *names, *locations;
  gboolean named;               /* the order names the first account */
  const char *want;
} Places;

static const Places places[] = {
  { "one account", { "one" }, "www.a.test a.test", "www.a.test a.test", FALSE, "a.test one" },
  { "each its own", { "one a.test", "two b.test" }, "www.a.test www.b.test", "www.a.test a.test www.b.test b.test", FALSE,
    "www.a.test one, www.b.test two" },
  { "not at a place of somebody else", { "one www.a.test", "two api.a.test" }, "www.a.test api.a.test",
    "www.a.test api.a.test a.test", FALSE, "www.a.test one, api.a.test two" },
  { "at a place of somebody else when there is no other", { "one www.a.test", "two a.test" }, "www.a.test", "a.test", FALSE,
    "a.test two" },
  { "at a place of nobody", { "one www.a.test" }, "www.a.test", "a.test", FALSE, "a.test one" },
  { "one value for two", { "one www.a.test", "two api.a.test" }, "www.a.test api.a.test", "a.test", FALSE, "a.test one" },
  { "whom the order names", { "one b.test", "two a.test" }, "www.a.test", "www.a.test a.test", TRUE, "www.a.test one" },
  { "a wildcard at its base", { "one *.a.test" }, "*.a.test", "a.test", FALSE, "a.test one" },
  { "a person", { NULL }, "www.a.test", "www.a.test", FALSE, "www.a.test -" },
};

static char *
describe (GPtrArray *challenges,
          GPtrArray *accounts)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < challenges->len; i++)
    {
      const ChChallenge *challenge = challenges->pdata[i];
      gint64 id = challenge->dns_account_id;

      g_string_append_printf (text, "%s%s %s", i > 0 ? ", " : "", challenge->location,
                              id != 0 ? ((const ChPeer *) accounts->pdata[id - 1])->name : "-");
    }

  return g_string_free (text, FALSE);
}

static void
test_places (gconstpointer data)
{
  const Places *row = data;
  g_autoptr(GPtrArray) accounts = new_accounts (row->accounts);
  g_auto(GStrv) names = g_strsplit (row->names, " ", -1);
  g_auto(GStrv) locations = g_strsplit (row->locations, " ", -1);
  ChOrder order = { .id = 1, .names = names, .dns_named = row->named };
  ChCaOrder ca = { .value = (char *) "value", .locations = locations };
  const ChPeer *first = NULL;

  g_assert_true (row->named || ch_dns_choose (accounts, names[0], NULL, &first, NULL));
  order.dns_account_id = row->named ? 1 : first != NULL ? first->id : 0;

  g_autoptr(GPtrArray) challenges = ch_challenges_from_ca (&order, &ca, accounts, 5);
  g_autofree char *found = describe (challenges, accounts);
  g_assert_cmpstr (found, ==, row->want);
}

/* What was chosen when the order was written down is gone or changed when the CA answers. */
static void
test_changed_meanwhile (void)
{
  const char *names[] = { "www.a.test", NULL }, *locations[] = { "www.a.test", NULL };
  ChOrder order = { .id = 1, .names = (char **) names, .dns_account_id = 3 };
  ChCaOrder ca = { .value = (char *) "value", .locations = (char **) locations };
  static const char *const several[] = { "one a.test", "two a.test", "three b.test", NULL };
  g_autoptr(GPtrArray) accounts = new_accounts (several);
  g_autoptr(GPtrArray) challenges = ch_challenges_from_ca (&order, &ca, accounts, 5);
  g_autofree char *found = describe (challenges, accounts);

  g_assert_cmpstr (found, ==, "www.a.test three");
}

static void
test_describe (void)
{
  static const char *const names[] = { "www.a.test", "xn--bcher-kva.test", "b.test", NULL };
  static const char *const two[] = { "one", "two", NULL };
  g_autoptr(GPtrArray) accounts = new_accounts (two);
  g_autoptr(GPtrArray) same = g_ptr_array_new (), different = g_ptr_array_new ();

  for (int i = 0; i < 3; i++)
    {
      g_ptr_array_add (same, accounts->pdata[0]);
      g_ptr_array_add (different, accounts->pdata[i % 2]);
    }

  g_autofree char *one = ch_dns_choose_describe (same, names);
  g_autofree char *both = ch_dns_choose_describe (different, names);
  g_assert_cmpstr (one, ==, "“one”");
  g_assert_cmpstr (both, ==, "“one” (www.a.test, b.test), “two” (bücher.test)");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/dns-choice/choose/%s", cases[i].what);
      g_test_add_data_func (path, &cases[i], test_choose);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_strdup_printf ("/dns-choice/places/%s", places[i].what);
      g_test_add_data_func (path, &places[i], test_places);
    }
  g_test_add_func ("/dns-choice/changed-meanwhile", test_changed_meanwhile);
  g_test_add_func ("/dns-choice/describe", test_describe);
  return g_test_run ();
}
