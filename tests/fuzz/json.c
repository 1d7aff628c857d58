/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "net/json.h"

/* An answer of a DNS service. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GBytes) body = g_bytes_new_static (data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = ch_json_parse (body, &error);

  g_assert_true ((node == NULL) == (error != NULL));
  return 0;
}
