/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table.h"

GHashTable *
table (const char *key,
       ...)
{
  GHashTable *values = g_hash_table_new (g_str_hash, g_str_equal);
  va_list args;

  va_start (args, key);
  for (; key != NULL; key = va_arg (args, const char *))
    g_hash_table_insert (values, (char *) key, va_arg (args, char *));
  va_end (args);
  return values;
}
