/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "secret.h"

#include <string.h>

typedef struct
{
  char *data;
  gsize length;
} Secret;

static void
wipe (Secret *secret)
{
  explicit_bzero (secret->data, secret->length);
  g_free (secret->data);
  g_free (secret);
}

GBytes *
ch_secret_take (char *data,
                gsize length)
{
  Secret *secret = g_new (Secret, 1);

  secret->data = data;
  secret->length = length;
  return g_bytes_new_with_free_func (data, length, (GDestroyNotify) wipe, secret);
}

GBytes *
ch_secret_new (const char *text)
{
  return ch_secret_take (g_strdup (text), strlen (text));
}

void
ch_secret_free (char *text)
{
  if (text != NULL)
    explicit_bzero (text, strlen (text));
  g_free (text);
}

GHashTable *
ch_secret_table_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) ch_secret_free);
}
