/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answers.h"

#include "dns/provider.h"
#include "lib/secret.h"

#include <gio/gio.h>
#include <string.h>

/* Everything that DNS services answer, in JSON and XML. The first byte chooses the service, the second what is
 * asked for; the rest is the answers. */

#define ID "01234567-89ab-cdef-0123-456789abcdef"

static const struct { const char *kind, *settings[9], *secret; } accounts[] = {
  { "azure", { "subscription", ID, "tenant", ID, "client-id", ID }, "client-secret" },
  { "azure", { "subscription", ID, "tenant", ID, "client-id", ID, "resource-group", "group" }, "client-secret" },
  { "cloudflare", { NULL }, "api-token" },
  { "cloudns", { "auth-id", "1" }, "auth-password" },
  { "godaddy", { "key", "key" }, "secret" },
  { "route53", { "access-key", "AKIAIOSFODNN7EXAMPLE" }, "secret-access-key" },
  { "route53", { "access-key", "AKIAIOSFODNN7EXAMPLE", "zone-id", "Z1", "role-arn", "arn:aws:iam::1:role/x" },
    "secret-access-key" },
};

static void
ask (const ChDnsProvider *provider,
     const ChDnsAccess   *access,
     guint                question)
{
  const ChTxt txt = { "_dnsauth.www.example.test", "value" };
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  gboolean existed, done;

  switch (question)
    {
    case 0:
      text = provider->find_zone (access, txt.name, NULL, &error);
      answers_check (text != NULL, &error);
      g_assert_true (text == NULL || g_str_has_suffix (txt.name, text));
      break;

    case 1:
      done = provider->add (access, "example.test", &txt, &existed, NULL, &error);
      answers_check (done, &error);
      break;

    case 2:
      done = provider->remove (access, "example.test", &txt, NULL, &error);
      answers_check (done, &error);
      break;

    case 3:
      if (provider->verify != NULL)
        {
          g_autoptr(GPtrArray) zones = g_ptr_array_new_with_free_func (g_free);

          done = provider->verify (access, zones, NULL, &error);
          answers_check (done, &error);
          for (guint i = 0; i < zones->len; i++)
            g_assert_true (g_utf8_validate (zones->pdata[i], -1, NULL));
        }
      break;

    default:
      if (provider->has_settled != NULL)
        {
          g_autofree char *what = answers_text ();

          text = g_strdup_printf ("%s %" G_GINT64_FORMAT, what, g_get_real_time () / G_USEC_PER_SEC + 30);
          provider->has_settled (access, text, NULL);
        }
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  if (size < 2)
    return 0;

  g_autoptr(GHashTable) settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GHashTable) secrets = ch_secret_table_new ();
  const ChDnsAccess access = { settings, secrets };
  gsize chosen = data[0] % G_N_ELEMENTS (accounts);
  const ChDnsProvider *provider = ch_dns_find (accounts[chosen].kind, NULL);

  for (const char *const *pair = accounts[chosen].settings; *pair != NULL; pair += 2)
    g_hash_table_insert (settings, g_strdup (pair[0]), g_strdup (pair[1]));
  g_hash_table_insert (secrets, g_strdup (accounts[chosen].secret), g_strdup (ANSWERS_SECRET));

  answers_begin (data + 2, size - 2);
  ask (provider, &access, data[1] % 5);
  return 0;
}
