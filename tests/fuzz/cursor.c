/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "store/store.h"

#include <string.h>

/* A cursor that a client gives back, in its outer and in its inner form, and what it searches for. */

static ChStore *
open_store (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("chancery-fuzz-XXXXXX", &error);
  g_autofree char *path = folder != NULL ? g_build_filename (folder, "state.db", NULL) : NULL;
  ChStore *store = path != NULL ? ch_store_open (path, &error) : NULL;

  g_assert_no_error (error);
  return store;
}

static void
page (ChStore    *store,
      const char *sort,
      const char *cursor,
      char       *search)
{
  const ChOrderFilter filter = { .search = search };
  g_autoptr(GError) error = NULL;
  g_autofree char *next = NULL;
  g_autoptr(GPtrArray) list = ch_store_page_orders (store, &filter, sort, cursor, 10, &next, &error);

  g_assert_true ((list == NULL) == (error != NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static ChStore *store;
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *inner = g_base64_encode (data, size);

  if (store == NULL)
    store = open_store ();

  page (store, "name", text, text);
  page (store, "name", inner, NULL);
  page (store, "-not-after", inner, NULL);
  page (store, text, NULL, NULL);
  return 0;
}
