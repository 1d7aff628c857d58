/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-world.h"

#include "engine/draft.h"

/* Every broken rule is told once, and what it is about, so that a form can show it there. */

static const struct
{
  const char *name;
  ChOrderDraft draft;
  const char *option;         /* (nullable): “key=value” of the options */
  const char *fields;         /* of the problems, with blanks between */
} cases[] = {
  { "nothing wrong", { .account = (char *) "ca" }, NULL, "" },
  { "account", { .account = (char *) "nobody" }, NULL, "account" },
  { "DNS account", { .dns_account = (char *) "nobody" }, NULL, "dns-account" },
  { "product", { .product = (char *) "platinumssl" }, NULL, "product" },
  { "method", { .method = (char *) "pigeon" }, NULL, "method" },
  { "key", { .key_algorithm = (char *) "rsa-1024" }, NULL, "key" },
  { "term", { .term_months = 13 }, NULL, "term" },
  { "request", { .csr = (char *) "no request" }, NULL, "csr" },
  { "kind", { .kind = (char *) "gift" }, NULL, "kind" },
  { "contact", { .contact_profile = (char *) "nobody" }, NULL, "contact-profile" },
  { "organisation", { .product = (char *) "organizationssl", .organization_profile = (char *) "nobody" }, NULL,
    "organization" },
  { "licences", { NULL }, "licenses=1000", "licenses" },
  { "coupon", { NULL }, "coupon=two\nlines", "coupon" },
  { "begin", { NULL }, "not-before=1", "not-before" },
  { "end", { NULL }, "not-after=1", "not-after" },
  { "transfer of nothing", { .kind = (char *) "transfer" }, NULL, "replaces" },
  { "transfer of no certificate", { .kind = (char *) "transfer" }, "replaces=hello", "replaces" },
  { "certificate without a transfer", { NULL }, "replaces=-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "replaces" },
  { "two at once", { .term_months = 13, .key_algorithm = (char *) "rsa-1024" }, NULL, "key term" },
};

static const struct
{
  const char *name;
  ChOrderDraft draft;
  const char *fields;
} named[] = {
  { "", { NULL }, "names" },
  { "a..b", { NULL }, "names" },
  { "com", { NULL }, "names" },
  /* What the rules say of a wildcard, the connector would say again. */
  { "*.example.com", { .method = (char *) "http" }, "method" },
  { "*.example.com", { .product = (char *) "extendedssl", .organization_profile = (char *) "nobody" }, "product organization" },
};

static World *world;

static char *
examine (ChOrderDraft draft,
         const char  *name)
{
  char *names[] = { (char *) name, NULL };
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_autoptr(GPtrArray) fields = g_ptr_array_new ();
  g_autoptr(ChOrder) order = NULL;
  g_autoptr(GHashTable) contact = world_pairs ("first-name", "Ada", "last-name", "Example", "phone", "+491234567",
                                               "email", "ada@example.com", NULL);

  draft.contact = contact;
  draft.names = *name != '\0' ? names : names + 1;
  order = ch_draft_examine (&world->world, &draft, problems, fields, NULL);
  g_assert_cmpuint (problems->len, ==, fields->len);
  for (guint i = 0; i < problems->len; i++)
    g_test_message ("%s: %s", (char *) fields->pdata[i], ((GError *) problems->pdata[i])->message);
  g_ptr_array_add (fields, NULL);
  return g_strjoinv (" ", (char **) fields->pdata);
}

static gint
compare_words (gconstpointer a,
               gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

/* In any order. */
static void
assert_same_words (const char *told,
                   const char *wanted)
{
  g_auto(GStrv) a = g_strsplit (told, " ", -1);
  g_auto(GStrv) b = g_strsplit (wanted, " ", -1);

  qsort (a, g_strv_length (a), sizeof *a, compare_words);
  qsort (b, g_strv_length (b), sizeof *b, compare_words);
  g_assert_cmpstrv (a, b);
}

static void
test_field (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_auto(GStrv) pair = cases[i].option != NULL ? g_strsplit (cases[i].option, "=", 2) : NULL;
  g_autoptr(GHashTable) options = pair != NULL ? world_pairs (pair[0], pair[1], NULL) : NULL;
  ChOrderDraft draft = cases[i].draft;
  g_autofree char *fields = NULL;

  draft.options = options;
  fields = examine (draft, "www.example.com");
  assert_same_words (fields, cases[i].fields);
}

static void
test_names (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *fields = examine (named[i].draft, named[i].name);

  assert_same_words (fields, named[i].fields);
}

int
main (int   argc,
      char *argv[])
{
  world_init (&argc, &argv);
  world = world_new ();
  world_add_peer (world, CH_PEER_ROLE_ACCOUNT, "ca");
  world_add_peer (world, CH_PEER_ROLE_DNS, "dns");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/engine/draft-fields/%s", cases[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_field);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (named); i++)
    {
      g_autofree char *path = g_strdup_printf ("/engine/draft-fields/names/%" G_GSIZE_FORMAT, i);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_names);
    }

  int failed = g_test_run ();
  world_free (world);
  return failed;
}
