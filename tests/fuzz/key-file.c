/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "dns/key-file.h"

/* A BIND key file that somebody gives. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(ChKeyFile) file = ch_key_file_parse (text, NULL, &error);

  g_assert_true ((file == NULL) == (error != NULL));
  return 0;
}
