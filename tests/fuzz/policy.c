/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scratch.h"

#include "engine/policy.h"

/* The administrator's policy, and every question to what comes of it. */

#define DATE G_GINT64_CONSTANT (1800000000)

static void
check_why (char *why)
{
  g_assert_true (why == NULL || g_utf8_validate (why, -1, NULL));
  g_free (why);
}

static void
ask (const ChPolicy *policy,
     ChProduct       product)
{
  char *why = NULL;

  ch_policy_max_days (policy, product, DATE);
  ch_policy_renewal_window_days (policy, product, DATE);
  ch_policy_reuse_days (policy, product, DATE);
  ch_policy_challenge_days (policy, product, DATE);
  ch_policy_term_months (policy, product, DATE);
  ch_policy_cancel_days (policy, product, DATE);
  ch_policy_organization_reuse_days (policy, product, DATE);
  ch_policy_names_allowed (policy, product, DATE, TRUE, FALSE, &why);
  check_why (why);
  check_why (ch_policy_client_notice (policy, product, DATE));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ChPolicy) policy = ch_policy_load (FUZZ_POLICY, scratch_file (data, size), &error);
  char *why = NULL;

  g_assert_true ((policy == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (policy == NULL)
    return 0;

  ask (policy, CH_PRODUCT_ALPHASSL);
  ask (policy, CH_PRODUCT_EXTENDEDSSL);
  ch_policy_key_allowed (policy, CH_KEY_ALGORITHM_RSA_2048, DATE, &why);
  check_why (why);
  ch_policy_method_allowed (policy, CH_DCV_METHOD_EMAIL, DATE, TRUE, &why);
  check_why (why);
  g_ptr_array_unref (ch_policy_list (policy, DATE));
  return 0;
}
