/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/form.h"

#include "lib/secret.h"

#include <string.h>

/* Whatever is not unreserved (RFC 3986, 2.3) goes as %XX, the blank too, which every decoder of forms
 * takes. */
static char *
append (char       *end,
        const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (g_ascii_isalnum (*p) || strchr ("-._~", *p) != NULL)
      *end++ = *p;
    else
      end += g_snprintf (end, 4, "%%%02X", (guint) (guchar) *p);

  return end;
}

GBytes *
ch_form_encode (const char *const *pairs)
{
  gsize room = 1;

  for (gsize i = 0; pairs[i] != NULL; i++)
    room += 3 * strlen (pairs[i]) + 1;

  char *form = g_malloc (room), *end = form;
  for (gsize i = 0; pairs[i] != NULL; i++)
    {
      if (i > 0)
        *end++ = i % 2 == 0 ? '&' : '=';
      end = append (end, pairs[i]);
    }

  *end = '\0';
  return ch_secret_take (form, end - form);
}
