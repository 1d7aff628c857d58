/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "dns/message.h"
#include "dns/resolver.h"

/* What a DNS server answers, to a query with and without TSIG and to an update. */

static void
answer (const ChDnsRequest *request,
        const guint8       *data,
        gsize               size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ChDnsAnswer) found = NULL;

  ch_dns_request_is_answered_by (request, data, size);
  found = ch_dns_answer_parse (request, data, size, &error);
  g_assert_true ((found == NULL) == (error != NULL));
  if (found == NULL)
    return;

  /* The fuzzer does not know the key. */
  g_assert_true (found->signature != CH_DNS_SIGNATURE_GOOD);
  ch_dns_answer_has_txt (found, "www.example.test", "value");
  ch_dns_soa_owner (found, "www.example.test");
  for (guint i = 0; i < found->records->len; i++)
    {
      const ChDnsRecord *record = g_ptr_array_index (found->records, i);

      g_assert_true (g_str_is_ascii (record->owner));
      if (record->type == CH_DNS_TYPE_NS || record->type == CH_DNS_TYPE_CNAME)
        g_assert_true (g_str_is_ascii (record->text));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  const ChTxt txt = { .name = "www.example.test", .value = "value" };
  g_autoptr(ChTsigKey) key = ch_tsig_key_new ("key.test", "hmac-sha256", "c2VjcmV0c2VjcmV0c2VjcmV0", NULL);
  g_autoptr(ChDnsRequest) query = ch_dns_query_new ("www.example.test", CH_DNS_TYPE_TXT,
                                                    CH_DNS_ASKING_AUTHORITY, NULL, NULL);
  g_autoptr(ChDnsRequest) signed_query = ch_dns_query_new ("www.example.test", CH_DNS_TYPE_TXT,
                                                           CH_DNS_ASKING_AUTHORITY, key, NULL);
  g_autoptr(ChDnsRequest) update = ch_dns_update_new ("example.test", CH_DNS_CHANGE_ADD, &txt, 60, key, NULL);

  answer (query, data, size);
  answer (signed_query, data, size);
  answer (update, data, size);
  return 0;
}
