/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/prove.h"

#include "lib/error.h"
#include "talker.h"

#include <string.h>

/* ---- a resolver that knows what the tests tell it ---- */

typedef GResolver FakeResolver;
typedef GResolverClass FakeResolverClass;
GType fake_resolver_get_type (void);
G_DEFINE_TYPE (FakeResolver, fake_resolver, G_TYPE_RESOLVER)

static const char *const *fake_addresses;

static GList *
lookup (GResolver     *resolver,
        const char    *host,
        GCancellable  *cancellable,
        GError       **error)
{
  GList *found = NULL;

  for (gsize i = 0; fake_addresses != NULL && fake_addresses[i] != NULL; i++)
    found = g_list_append (found, g_inet_address_new_from_string (fake_addresses[i]));
  if (found == NULL)
    g_set_error_literal (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no such host");
  return found;
}

static void
fake_resolver_class_init (FakeResolverClass *class)
{
  class->lookup_by_name = lookup;
}

static void
fake_resolver_init (FakeResolver *resolver)
{
}

/* ---- the certificates of all tests ---- */

static const TestLine nothing[] = { { NULL } };
static TestCert *root, *intermediate, *stranger, *leaf, *other;

/* (transfer full): the PEM of @words, such as "leaf intermediate" */
static char *
pem_of (const char *words)
{
  g_auto(GStrv) list = g_strsplit (words, " ", -1);
  g_autoptr(GString) pem = g_string_new (NULL);

  for (gsize i = 0; list[i] != NULL; i++)
    g_string_append (pem, g_str_equal (list[i], "leaf") ? leaf->pem
                          : g_str_equal (list[i], "other") ? other->pem
                          : g_str_equal (list[i], "intermediate") ? intermediate->pem
                          : g_str_equal (list[i], "root") ? root->pem
                          : stranger->pem);
  return g_string_free (g_steal_pointer (&pem), FALSE);
}

static TestTalker *
serve (const char *address,
       guint16     port,
       const char *words)
{
  g_autofree char *pem = pem_of (words);

  return test_talker_new (address, port, nothing, TEST_LAST_TLS, pem,
                          g_str_has_prefix (words, "other") ? other->key : leaf->key);
}

static const struct
{
  const char *served;
  const char *expected;   /* (nullable): "" none */
  const char *problem;    /* (nullable) */
} chains[] = {
  { "leaf intermediate", "intermediate", NULL },
  { "leaf intermediate root", "intermediate", NULL },
  { "leaf intermediate", "intermediate root", NULL },
  { "leaf", "intermediate", "not the intermediate certificate “CN=Intermediate”" },
  { "leaf", "intermediate", "“fullchain”" },
  { "leaf root", "intermediate", "not the intermediate certificate" },
  { "leaf stranger", "intermediate", "not the intermediate certificate" },
  { "leaf intermediate stranger", "intermediate", "“CN=Stranger”, which does not belong" },
  { "leaf leaf intermediate", "intermediate", NULL },
  { "leaf intermediate", NULL, NULL },
  { "leaf", NULL, NULL },
  { "leaf", "", NULL },
  { "leaf root", "", NULL },
  { "leaf intermediate", "", "does not belong" },
  { "other intermediate", "intermediate", "serves another certificate than the new one: “CN=www.example.test”" },
};

static void
test_chains (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (chains); i++)
    {
      g_autoptr(TestTalker) talker = serve ("127.0.0.1", 0, chains[i].served);
      ChEndpoint endpoint = { "127.0.0.1", test_talker_port (talker), "www.example.test" };
      g_autofree char *chain = chains[i].expected == NULL ? NULL
        : *chains[i].expected == '\0' ? g_strdup ("") : pem_of (chains[i].expected);
      ChExpected expected = { leaf->fingerprint, chain };
      g_autoptr(GError) error = NULL;
      g_autofree char *instead = NULL;
      gboolean ok = ch_prove_once (&endpoint, &expected, &instead, NULL, &error);

      g_test_message ("%s: %s", chains[i].served, ok ? "served" : error->message);
      g_assert_cmpint (ok, ==, chains[i].problem == NULL);
      if (ok)
        continue;
      g_assert_error (error, CH_ERROR, CH_ERROR_NOT_SERVED);
      g_assert_nonnull (strstr (error->message, chains[i].problem));
      g_assert_nonnull (strstr (error->message, "(as www.example.test)"));
      g_assert_cmpint (instead != NULL, ==, strstr (chains[i].problem, "another certificate") != NULL);
    }
}

/* ---- addresses ---- */

/* The second address serves what @words say. */
static gboolean
prove_two (const char  *words,
           gboolean     once,
           GString     *told,
           GError     **error)
{
  static const char *const two[] = { "127.0.0.1", "127.0.0.2", NULL };
  g_autoptr(TestTalker) first = serve ("127.0.0.1", 0, "leaf intermediate");
  g_autoptr(TestTalker) second = words != NULL ? serve ("127.0.0.2", test_talker_port (first), words) : NULL;
  ChEndpoint endpoint = { "www.example.test", test_talker_port (first) };
  ChExpected expected = { leaf->fingerprint, intermediate->pem };

  fake_addresses = two;
  return once ? ch_prove_once (&endpoint, &expected, NULL, NULL, error)
              : ch_prove (&endpoint, &expected, told, NULL, error);
}

static void
test_every_address (void)
{
  g_autoptr(GString) told = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (prove_two ("leaf intermediate", FALSE, told, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (told->str, ==, "");

  g_assert_false (prove_two ("other intermediate", FALSE, told, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_SERVED);
  g_assert_nonnull (strstr (error->message, " at 127.0.0.2 serves another"));
  g_clear_error (&error);

  g_assert_false (prove_two ("leaf", TRUE, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_SERVED);
  g_assert_nonnull (strstr (error->message, " at 127.0.0.2 serves the right certificate but"));
}

/* Who has just been told to reload must answer at each; later it is another matter. */
static void
test_silent_address (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (prove_two (NULL, FALSE, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, " at 127.0.0.2 cannot be reached"));
  g_clear_error (&error);

  g_assert_true (prove_two (NULL, TRUE, NULL, &error));
  g_assert_no_error (error);
}

/* 2001:db8::/32 is for documentation. Where there is a default route for IPv6 it has one too. */
static void
test_no_route (void)
{
  static const char *const both[] = { "2001:db8::1", "127.0.0.1", NULL };
  static const char *const far[] = { "2001:db8::1", NULL };
  g_autoptr(TestTalker) talker = serve ("127.0.0.1", 0, "leaf intermediate");
  ChEndpoint endpoint = { "www.example.test", test_talker_port (talker) };
  ChExpected expected = { leaf->fingerprint, intermediate->pem };
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (far[0]);
  g_autoptr(GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV6, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr(GSocketAddress) there = g_inet_socket_address_new (address, 443);
  g_autoptr(GString) told = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  if (socket != NULL && g_socket_connect (socket, there, NULL, NULL))
    {
      g_test_skip ("this machine has a route for every IPv6 address");
      return;
    }

  fake_addresses = both;
  g_assert_true (ch_prove (&endpoint, &expected, told, NULL, &error));
  g_assert_no_error (error);
  g_assert_nonnull (strstr (told->str, " at 2001:db8::1 was not asked: this machine has no route to it"));

  fake_addresses = far;
  g_assert_false (ch_prove (&endpoint, &expected, told, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, "no route to any of its addresses"));
}

/* What each address serves, and which say nothing; only when all are silent is that an error. */
static void
test_look_everywhere (void)
{
  static const char *const three[] = { "127.0.0.3", "127.0.0.1", "127.0.0.2", NULL };
  g_autoptr(TestTalker) first = serve ("127.0.0.1", 0, "leaf intermediate");
  g_autoptr(TestTalker) second = serve ("127.0.0.2", test_talker_port (first), "other intermediate");
  ChEndpoint endpoint = { "www.example.test", test_talker_port (first) };
  g_autoptr(GString) told = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  fake_addresses = three;
  g_autoptr(GPtrArray) all = ch_prove_look (&endpoint, told, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 2);
  for (guint i = 0; i < all->len; i++)
    {
      const ChSeen *seen = g_ptr_array_index (all, i);

      g_assert_true (g_str_has_suffix (seen->place, i == 0 ? " at 127.0.0.1" : " at 127.0.0.2"));
      g_assert_cmpstr (seen->served->leaf->fingerprint, ==, i == 0 ? leaf->fingerprint : other->fingerprint);
    }
  g_assert_nonnull (strstr (told->str, "at 127.0.0.3 cannot be reached"));

  endpoint.port = test_free_port ();
  g_assert_null (ch_prove_look (&endpoint, NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, "127.0.0.3"));
  g_clear_error (&error);

  g_autoptr(GCancellable) cancelled = g_cancellable_new ();
  g_cancellable_cancel (cancelled);
  g_assert_null (ch_prove_look (&endpoint, NULL, cancelled, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_CANCELLED);
}

/* “localhost” is both, and most services of a machine listen at one. */
static void
test_localhost (void)
{
  static const char *const both[] = { "::1", "127.0.0.1", NULL };
  g_autoptr(TestTalker) talker = serve ("127.0.0.1", 0, "leaf intermediate");
  ChEndpoint endpoint = { "localhost", test_talker_port (talker) };
  ChExpected expected = { leaf->fingerprint, intermediate->pem };
  g_autoptr(GError) error = NULL;

  fake_addresses = both;
  g_assert_true (ch_prove (&endpoint, &expected, NULL, NULL, &error));
  g_assert_no_error (error);

  expected.fingerprint = other->fingerprint;
  g_assert_false (ch_prove_once (&endpoint, &expected, NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_NOT_SERVED);
}

static void
test_ipv6 (void)
{
  static const char *const six[] = { "::1", NULL };
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string ("::1");
  g_autoptr(GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV6, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr(GSocketAddress) here = g_inet_socket_address_new (address, 0);
  g_autoptr(GError) error = NULL;

  if (socket == NULL || !g_socket_bind (socket, here, FALSE, NULL))
    {
      g_test_skip ("this machine has no IPv6");
      return;
    }

  g_autoptr(TestTalker) talker = serve ("::1", 0, "leaf intermediate");
  ChEndpoint endpoint = { "::1", test_talker_port (talker), "www.example.test" };
  ChExpected expected = { leaf->fingerprint, intermediate->pem };

  fake_addresses = six;
  g_assert_true (ch_prove_once (&endpoint, &expected, NULL, NULL, &error));
  g_assert_no_error (error);
}

static void
test_no_address (void)
{
  ChEndpoint endpoint = { "www.example.test", 443 };
  ChExpected expected = { leaf->fingerprint, NULL };
  g_autoptr(GError) error = NULL;

  fake_addresses = NULL;
  g_assert_false (ch_prove (&endpoint, &expected, NULL, NULL, &error));
  g_assert_error (error, CH_ERROR, CH_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, "www.example.test:443 cannot be reached"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_autoptr(GResolver) resolver = g_object_new (fake_resolver_get_type (), NULL);
  g_resolver_set_default (resolver);
  root = test_cert_issue ("Root", NULL, TRUE);
  intermediate = test_cert_issue ("Intermediate", root, TRUE);
  stranger = test_cert_issue ("Stranger", root, TRUE);
  leaf = test_cert_issue ("www.example.test", intermediate, FALSE);
  other = test_cert_issue ("www.example.test", intermediate, FALSE);

  g_test_add_func ("/deploy/prove/chains", test_chains);
  g_test_add_func ("/deploy/prove/every-address", test_every_address);
  g_test_add_func ("/deploy/prove/silent-address", test_silent_address);
  g_test_add_func ("/deploy/prove/no-route", test_no_route);
  g_test_add_func ("/deploy/prove/localhost", test_localhost);
  g_test_add_func ("/deploy/prove/look-everywhere", test_look_everywhere);
  g_test_add_func ("/deploy/prove/ipv6", test_ipv6);
  g_test_add_func ("/deploy/prove/no-address", test_no_address);
  int result = g_test_run ();

  TestCert *certs[] = { root, intermediate, stranger, leaf, other };
  for (gsize i = 0; i < G_N_ELEMENTS (certs); i++)
    test_cert_free (certs[i]);
  return result;
}
