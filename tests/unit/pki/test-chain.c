/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/chain.h"

#include "forge.h"
#include "lib/error.h"

#include <string.h>

/* A small world: old root → root (cross) ; root → intermediate → leaf; and strangers. */
typedef struct
{
  Forged *old_root, *root, *cross, *intermediate, *leaf;
  Forged *stranger, *namesake;
} World;

static void
world_set_up (World        *world,
              gconstpointer data)
{
  world->old_root = forge ("Old Root", NULL, NULL, TRUE, 30);
  world->root = forge ("Root", NULL, NULL, TRUE, 60);
  world->cross = forge ("Root", world->root, world->old_root, TRUE, 20);
  world->intermediate = forge ("Intermediate", NULL, world->root, TRUE, 40);
  world->leaf = forge ("www.example.com", NULL, world->intermediate, FALSE, 10);
  world->stranger = forge ("Stranger", NULL, NULL, TRUE, 90);
  world->namesake = forge ("Intermediate", NULL, world->root, TRUE, 90); /* right name, wrong key */
}

static void
world_tear_down (World        *world,
                 gconstpointer data)
{
  g_clear_pointer (&world->old_root, forged_free);
  g_clear_pointer (&world->root, forged_free);
  g_clear_pointer (&world->cross, forged_free);
  g_clear_pointer (&world->intermediate, forged_free);
  g_clear_pointer (&world->leaf, forged_free);
  g_clear_pointer (&world->stranger, forged_free);
  g_clear_pointer (&world->namesake, forged_free);
}

static void
assert_chain (const Forged      *leaf,
              const char *const *others,
              const char        *intermediates,
              const char        *root)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ChChain) chain = ch_chain_order (leaf->pem, others, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (chain->leaf->pem, ==, leaf->pem);
  g_assert_cmpstr (chain->intermediates, ==, intermediates);
  g_assert_cmpstr (chain->root, ==, root);
}

static void
assert_refused (const char        *leaf,
                const char *const *others,
                const char        *says)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (ch_chain_order (leaf, others, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_BAD_ANSWER);
  g_assert_nonnull (strstr (error->message, says));
}

static void
test_orders (World        *w,
             gconstpointer data)
{
  const char *right[] = { w->intermediate->pem, w->root->pem, NULL };
  const char *reversed[] = { w->root->pem, w->intermediate->pem, NULL };
  const char *doubled[] = {
    w->root->pem, w->leaf->pem, w->intermediate->pem, w->root->pem, w->intermediate->pem, NULL,
  };
  const char *foreign[] = { w->stranger->pem, w->namesake->pem, w->root->pem, w->intermediate->pem, NULL };
  g_autofree char *all = g_strconcat ("chatter\n", w->root->pem, "\r\n", w->namesake->pem,
                                      w->intermediate->pem, NULL);
  const char *one_text[] = { "", all, NULL };
  g_autofree char *broken = g_strconcat ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                                         "-----BEGIN CERTIFICATE-----\n", w->root->pem,
                                         w->intermediate->pem, NULL);
  const char *with_garbage[] = { "garbage", broken, w->root->pem, NULL };
  const char *const *cases[] = { right, reversed, doubled, foreign, one_text, with_garbage };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_chain (w->leaf, cases[i], w->intermediate->pem, w->root->pem);
}

static void
test_without_root (World        *w,
                   gconstpointer data)
{
  const char *others[] = { w->stranger->pem, w->intermediate->pem, NULL };

  assert_chain (w->leaf, others, w->intermediate->pem, NULL);
}

static void
test_leaf_of_a_root (World        *w,
                     gconstpointer data)
{
  g_autoptr(Forged) leaf = forge ("www.example.com", NULL, w->root, FALSE, 1);
  const char *others[] = { w->stranger->pem, w->root->pem, NULL };

  assert_chain (leaf, others, "", w->root->pem);
}

static void
test_self_signed (World        *w,
                  gconstpointer data)
{
  g_autoptr(Forged) leaf = forge ("www.example.com", NULL, NULL, FALSE, 1);

  assert_chain (leaf, NULL, "", NULL);
}

static void
test_whole_chain_as_leaf (World        *w,
                          gconstpointer data)
{
  g_autofree char *full = g_strconcat (w->leaf->pem, w->intermediate->pem, w->root->pem, NULL);
  g_autoptr(ChChain) chain = ch_chain_order (full, NULL, NULL);

  g_assert_cmpstr (chain->leaf->pem, ==, w->leaf->pem);
  g_assert_cmpstr (chain->intermediates, ==, w->intermediate->pem);
  g_assert_cmpstr (chain->root, ==, w->root->pem);
}

/* With the old root at hand the cross-certificate is sent; without it, it would lead nowhere. */
static void
test_cross_signed (World        *w,
                   gconstpointer data)
{
  const char *with_old_root[] = { w->root->pem, w->old_root->pem, w->cross->pem, w->intermediate->pem, NULL };
  const char *without[] = { w->cross->pem, w->root->pem, w->intermediate->pem, NULL };
  const char *cross_only[] = { w->cross->pem, w->intermediate->pem, NULL };
  g_autofree char *both = g_strconcat (w->intermediate->pem, w->cross->pem, NULL);

  assert_chain (w->leaf, with_old_root, both, w->old_root->pem);
  assert_chain (w->leaf, without, w->intermediate->pem, w->root->pem);
  assert_chain (w->leaf, cross_only, both, NULL);
}

/* Two authorities that sign each other, and nobody above them. */
static void
test_loop (World        *w,
           gconstpointer data)
{
  g_autoptr(Forged) a_seed = forge ("A", NULL, NULL, TRUE, 1);
  g_autoptr(Forged) b = forge ("B", NULL, a_seed, TRUE, 1);
  g_autoptr(Forged) a = forge ("A", a_seed, b, TRUE, 1);
  g_autoptr(Forged) leaf = forge ("www.example.com", NULL, a_seed, FALSE, 1);
  const char *others[] = { b->pem, a->pem, NULL };
  g_autofree char *both = g_strconcat (a->pem, b->pem, NULL);

  assert_chain (leaf, others, both, NULL);
}

/* Of two certificates of one intermediate the one that lasts longer is sent. */
static void
test_renewed_intermediate (World        *w,
                           gconstpointer data)
{
  g_autoptr(Forged) newer = forge ("Intermediate", w->intermediate, w->root, TRUE, 80);
  const char *others[] = { w->intermediate->pem, newer->pem, w->root->pem, NULL };
  const char *turned[] = { w->root->pem, newer->pem, w->intermediate->pem, NULL };

  assert_chain (w->leaf, others, newer->pem, w->root->pem);
  assert_chain (w->leaf, turned, newer->pem, w->root->pem);
}

static void
test_missing_link (World        *w,
                   gconstpointer data)
{
  const char *none[] = { NULL };
  const char *gap[] = { w->root->pem, w->stranger->pem, NULL };
  const char *namesake[] = { w->namesake->pem, w->root->pem, NULL };

  assert_refused (w->leaf->pem, NULL, "“CN=Intermediate”");
  assert_refused (w->leaf->pem, none, "“CN=Intermediate”");
  assert_refused (w->leaf->pem, gap, "“CN=Intermediate”");
  assert_refused (w->leaf->pem, namesake, "“CN=Intermediate”");
}

/* Who is no CA signs nothing, whatever its signature is worth. */
static void
test_issuer_that_is_no_ca (World        *w,
                           gconstpointer data)
{
  g_autoptr(Forged) issuer = forge ("www.example.org", NULL, w->root, FALSE, 1);
  g_autoptr(Forged) leaf = forge ("www.example.com", NULL, issuer, FALSE, 1);
  const char *others[] = { issuer->pem, w->root->pem, NULL };

  assert_refused (leaf->pem, others, "was not given");
}

static void
test_bad_leaf (World        *w,
               gconstpointer data)
{
  const char *others[] = { w->intermediate->pem, w->root->pem, NULL };
  g_autofree char *filling = g_strnfill (1024 * 1024 + 1, 'A');
  g_autofree char *huge = g_strconcat ("-----BEGIN CERTIFICATE-----\n", filling,
                                       "\n-----END CERTIFICATE-----\n", NULL);

  assert_refused ("", others, "no certificate in PEM");
  assert_refused ("<html>", others, "no certificate in PEM");
  assert_refused ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", others, "damaged");
  assert_refused (filling, others, "no certificate in PEM");
  assert_refused (huge, others, "64 KiB");
}

static void
test_huge (World        *w,
           gconstpointer data)
{
  g_autofree char *huge = g_strnfill (1024 * 1024 + 1, '-');
  const char *others[] = { w->intermediate->pem, huge, NULL };

  assert_refused (w->leaf->pem, others, "1 MiB");
}

static void
test_many (World        *w,
           gconstpointer data)
{
  g_autoptr(GString) crowd = g_string_new (w->root->pem);
  const char *others[] = { NULL, w->intermediate->pem, NULL };

  for (int i = 0; i < 200; i++)
    {
      g_autoptr(Forged) one = forge (i % 2 == 0 ? "Intermediate" : "Root", NULL, NULL, TRUE, 1);
      g_string_append (crowd, one->pem);
    }
  others[0] = crowd->str;
  assert_chain (w->leaf, others, w->intermediate->pem, w->root->pem);

  for (int i = 0; i < 60; i++)
    {
      g_autoptr(Forged) one = forge ("x", NULL, NULL, TRUE, 1);
      g_string_append (crowd, one->pem);
    }
  others[0] = crowd->str;
  assert_refused (w->leaf->pem, others, "more than 256 certificates");
}

static void
test_long (World        *w,
           gconstpointer data)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) forged_free);
  g_autoptr(GString) text = g_string_new (NULL);

  for (int i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("CA %d", i);
      Forged *ca = forge (name, NULL, i > 0 ? all->pdata[i - 1] : NULL, TRUE, 1);

      g_ptr_array_add (all, ca);
      g_string_append (text, ca->pem);
    }

  const char *others[] = { text->str, NULL };
  assert_refused (((Forged *) all->pdata[19])->pem, others, "more than 10");
}

int
main (int   argc,
      char *argv[])
{
  static const struct { const char *name; void (*run) (World *, gconstpointer); } tests[] = {
    { "/chain/orders", test_orders },
    { "/chain/without-root", test_without_root },
    { "/chain/leaf-of-a-root", test_leaf_of_a_root },
    { "/chain/self-signed", test_self_signed },
    { "/chain/whole-chain-as-leaf", test_whole_chain_as_leaf },
    { "/chain/cross-signed", test_cross_signed },
    { "/chain/loop", test_loop },
    { "/chain/renewed-intermediate", test_renewed_intermediate },
    { "/chain/missing-link", test_missing_link },
    { "/chain/issuer-that-is-no-ca", test_issuer_that_is_no_ca },
    { "/chain/bad-leaf", test_bad_leaf },
    { "/chain/huge", test_huge },
    { "/chain/many", test_many },
    { "/chain/long", test_long },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, World, NULL, world_set_up, tests[i].run, world_tear_down);
  return g_test_run ();
}
