/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "expect.h"

#include <string.h>

static const char *hidden[4];

void
expect_hides (const char *secret)
{
  guint n = 0;

  while (hidden[n] != NULL)
    n++;
  g_assert_cmpuint (n + 1, <, G_N_ELEMENTS (hidden));
  hidden[n] = secret;
}

void
must (gboolean   done,
      GError   **error)
{
  g_assert_no_error (*error);
  g_assert_true (done);
}

void
expect (gboolean     done,
        GError     **error,
        int          code,
        const char  *says)
{
  g_test_message ("%s", *error != NULL ? (*error)->message : "no error");
  if (code < 0)
    {
      must (done, error);
      return;
    }

  g_assert_false (done);
  g_assert_error (*error, CH_ERROR, code);
  g_assert_nonnull (strstr ((*error)->message, says));
  for (guint i = 0; hidden[i] != NULL; i++)
    g_assert_null (strstr ((*error)->message, hidden[i]));
  g_clear_error (error);
}
