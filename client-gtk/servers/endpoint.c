/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "servers/endpoint.h"

#include "lib/row.h"

#include <string.h>

#define STARTTLS "starttls="
#define PATIENCE "patience="

char *
ch_endpoint_write (GVariant *endpoint)
{
  const char *host = ch_row_string (endpoint, "host");
  const char *sni = ch_row_string (endpoint, "sni");
  const char *start_tls = ch_row_string (endpoint, "starttls");
  gint64 port = ch_row_number (endpoint, "port");
  gboolean is_v6 = strchr (host, ':') != NULL;
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s%s%s", is_v6 ? "[" : "", host, is_v6 ? "]" : "");
  if (port != 0 && port != 443)
    g_string_append_printf (text, ":%" G_GINT64_FORMAT, port);
  if (*sni != '\0')
    g_string_append_printf (text, "/%s", sni);
  if (*start_tls != '\0')
    g_string_append_printf (text, "," STARTTLS "%s", start_tls);
  if (ch_row_number (endpoint, "patience") > 0)
    g_string_append_printf (text, "," PATIENCE "%d", (int) ch_row_number (endpoint, "patience"));
  return g_string_free (text, FALSE);
}

static void
read_place (char         *text,
            GVariantDict *endpoint)
{
  char *colon = *text == '[' ? strchr (text, ']') : strchr (text, ':');

  if (*text == '[' && colon != NULL)
    {
      text++;
      *colon++ = '\0';
    }
  if (colon != NULL && *colon == ':')
    {
      g_variant_dict_insert (endpoint, "port", "u", (guint32) g_ascii_strtoull (colon + 1, NULL, 10));
      *colon = '\0';
    }
  g_variant_dict_insert (endpoint, "host", "s", text);
}

static void
read_option (const char   *text,
             GVariantDict *endpoint)
{
  if (g_str_has_prefix (text, STARTTLS))
    g_variant_dict_insert (endpoint, "starttls", "s", text + strlen (STARTTLS));
  else if (g_str_has_prefix (text, PATIENCE))
    g_variant_dict_insert (endpoint, "patience", "u",
                           (guint32) g_ascii_strtoull (text + strlen (PATIENCE), NULL, 10));
}

GVariant *
ch_endpoint_read (const char *text)
{
  g_auto(GStrv) pieces = g_strsplit (text, ",", -1);
  g_auto(GStrv) halves = g_strsplit (pieces[0] != NULL ? pieces[0] : "", "/", 2);
  GVariantDict endpoint;

  g_variant_dict_init (&endpoint, NULL);
  if (halves[0] != NULL)
    read_place (halves[0], &endpoint);
  if (halves[0] != NULL && halves[1] != NULL)
    g_variant_dict_insert (&endpoint, "sni", "s", halves[1]);
  for (gsize i = 1; pieces[0] != NULL && pieces[i] != NULL; i++)
    read_option (pieces[i], &endpoint);
  return g_variant_dict_end (&endpoint);
}

GStrv
ch_endpoint_split (const char *text)
{
  g_auto(GStrv) pieces = g_strsplit_set (text, " ,;\t\n", -1);
  g_autoptr(GPtrArray) words = g_ptr_array_new_null_terminated (8, g_free, TRUE);

  for (char **piece = pieces; *piece != NULL; piece++)
    if (words->len > 0 && (g_str_has_prefix (*piece, STARTTLS) || g_str_has_prefix (*piece, PATIENCE)))
      {
        char *last = words->pdata[words->len - 1];

        words->pdata[words->len - 1] = g_strdup_printf ("%s,%s", last, *piece);
        g_free (last);
      }
    else if (**piece != '\0')
      g_ptr_array_add (words, g_strdup (*piece));
  return (GStrv) g_ptr_array_steal (words, NULL);
}
