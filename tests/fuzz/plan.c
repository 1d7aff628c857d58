/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "engine/plan.h"

#include <string.h>

/* The description of a deployment: three JSON texts with a zero byte between. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *files = g_strndup ((const char *) data, size);
  gsize first = MIN (strlen (files) + 1, size);
  g_autofree char *action = g_strndup ((const char *) data + first, size - first);
  gsize second = MIN (first + strlen (action) + 1, size);
  g_autofree char *checks = g_strndup ((const char *) data + second, size - second);
  ChDeployment deployment = { .files = files, .test = action, .action = action, .checks = checks };
  g_autoptr(GError) error = NULL;
  g_autoptr(ChPlan) plan = ch_plan_parse (&deployment, &error);

  g_assert_true ((plan == NULL) == (error != NULL));
  return 0;
}
