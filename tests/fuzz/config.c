/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scratch.h"

#include "engine/config.h"

/* chanceryd.conf */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ChConfig) config = ch_config_load (scratch_file (data, size), "/tmp", FALSE, &error);

  g_assert_true ((config == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (config == NULL)
    return 0;

  GHashTableIter iter;
  gpointer argv;
  g_hash_table_iter_init (&iter, config->programs);
  while (g_hash_table_iter_next (&iter, NULL, &argv))
    g_assert_true (g_path_is_absolute (((char **) argv)[0]));
  g_assert_true (config->workers >= 1 && config->workers <= 64);
  return 0;
}
