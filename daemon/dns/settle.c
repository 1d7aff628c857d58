/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns/settle.h"

gboolean
ch_dns_check_settle (const char *value,
                     GError    **error)
{
  return ch_field_check_range (value, 0, CH_DNS_SETTLE_MAX, error);
}

static gint64
now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static gint64
settle_seconds (const ChField *fields,
                GHashTable    *settings)
{
  return g_ascii_strtoll (ch_fields_get (fields, settings, "settle"), NULL, 10);
}

char *
ch_dns_settle_token (const ChField *fields,
                     GHashTable    *settings,
                     const char    *what)
{
  gint64 seconds = settle_seconds (fields, settings);

  return seconds > 0 ? g_strdup_printf ("%s %" G_GINT64_FORMAT, what, now () + seconds) : NULL;
}

char *
ch_dns_settle_what (const ChField *fields,
                    GHashTable    *settings,
                    const char    *token)
{
  g_auto(GStrv) parts = g_strsplit (token, " ", 2);

  if (g_strv_length (parts) != 2)
    return NULL;

  /* more time left than there ever was is a clock that was set back */
  gint64 left = g_ascii_strtoll (parts[1], NULL, 10) - now ();
  return left > 0 && left <= settle_seconds (fields, settings) ? g_strdup (parts[0]) : NULL;
}
