/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "bus/details.h"
#include "pki/names.h"

#include <string.h>

/* A host name as somebody writes it. What comes out stays as it is when read again, and is what polkit's
 * rules are told. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  const char *const names[] = { text, NULL };
  g_autoptr(GError) error = NULL;
  g_autofree char *name = ch_name_normalise (text, &error);

  g_assert_true ((name == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (name == NULL)
    return 0;

  g_autofree char *again = ch_name_normalise (name, NULL);
  g_autofree char *shown = ch_name_display (name);
  g_autofree char *back = ch_name_normalise (shown, NULL);
  g_autoptr(ChDetails) details = ch_details_new ();

  g_assert_cmpstr (again, ==, name);
  g_assert_cmpstr (back, ==, name);
  g_assert_true (g_str_is_ascii (name) && strlen (name) <= 253);
  ch_details_set_names (details, names);
  g_assert_cmpstr (g_hash_table_lookup (details, "names"), ==, name);
  return 0;
}
