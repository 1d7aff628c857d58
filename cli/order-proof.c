/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "order-proof.h"

#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "order.h"
#include "print.h"

#include <glib/gi18n.h>

/* The CA answers within a second or two, mostly. */
#define WAIT_SECONDS 15
#define PAUSE_MS 250
#define SOON_SECONDS 5

static void
print_piece (const char *label,
             const char *text)
{
  g_autofree char *clean = ch_clean (text);

  ch_print ("  %s\n    %s", label, clean);
}

static void
print_challenge (GVariant *challenge)
{
  const char *method = ch_row_string (challenge, "Method");
  g_autofree char *since = ch_time_full (ch_row_number (challenge, "ValueAt"));

  if (g_str_equal (method, "http") && ch_row_number (challenge, "PublishedAt") > 0)
    {
      print_piece (_("The service put a file onto the servers, which is to be seen at"), ch_row_string (challenge, "Url"));
      return;
    }
  else if (g_str_equal (method, "http"))
    {
      print_piece (_("Let your web server show a file at"), ch_row_string (challenge, "Url"));
      print_piece (_("with exactly this content"), ch_row_string (challenge, "Value"));
    }
  else if (g_str_equal (method, "dns") && *ch_row_string (challenge, "DnsAccountName") == '\0')
    {
      print_piece (_("Create a TXT record at"), ch_row_string (challenge, "Location"));
      print_piece (_("with the value"), ch_row_string (challenge, "Value"));
    }
  else if (g_str_equal (method, "email"))
    {
      print_piece (_("Waits for a click on the link in the mail to"), ch_row_string (challenge, "Location"));
      return;
    }
  else
    return;

  ch_print (_("  The value is of %s."), since);
}

void
ch_order_proof_print (GVariant *challenges)
{
  for (gsize i = 0; i < g_variant_n_children (challenges); i++)
    {
      g_autoptr(GVariant) challenge = g_variant_get_child_value (challenges, i);

      print_challenge (challenge);
    }
}

gboolean
ch_order_proof_is_by_hand (GVariant *order)
{
  const char *method = ch_row_string (order, "Method");
  const char *product = ch_row_string (order, "Product");

  if (g_str_equal (product, "organizationssl") || g_str_equal (product, "extendedssl"))
    return FALSE;

  return !g_str_equal (method, "dns") || *ch_row_string (order, "DnsAccountName") == '\0';
}

gboolean
ch_order_proof_tell (ChCli      *cli,
                     const char *path,
                     GVariant   *order,
                     GError    **error)
{
  const char *state = ch_row_string (order, "State");

  if (!ch_order_proof_is_by_hand (order) || (!g_str_equal (state, "validating") && !g_str_equal (state, "reissuing")))
    return TRUE;

  g_autoptr(GVariant) challenges = ch_order_rows (cli, path, "GetChallenges", error);
  if (challenges == NULL)
    return FALSE;

  ch_order_proof_print (challenges);
  return TRUE;
}

/* It goes on without us, whatever becomes of it. */
static gboolean
is_settled (GVariant *order)
{
  const char *step = ch_row_string (order, "Step");
  gint64 soon = g_get_real_time () / G_USEC_PER_SEC + SOON_SECONDS;

  /* It waits for its turn with the one file, or for a server. */
  if (g_str_equal (step, "publish") && ch_row_number (order, "Due") > soon)
    return TRUE;

  return !g_str_equal (step, "make-key") && !g_str_equal (step, "submit") && !g_str_equal (step, "follow")
         && !g_str_equal (step, "publish");
}

gboolean
ch_order_proof_await (ChCli      *cli,
                      const char *path,
                      GVariant   *order,
                      GError    **error)
{
  gint64 end = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;

  if (!ch_order_proof_is_by_hand (order))
    return TRUE;

  while (g_get_monotonic_time () < end)
    {
      g_autoptr(ChObject) now = ch_client_get (cli->client, path, CH_IFACE_ORDER, NULL, error);
      g_autoptr(GVariant) challenges = now != NULL ? ch_order_rows (cli, path, "GetChallenges", error) : NULL;

      if (challenges == NULL)
        return FALSE;
      if (g_variant_n_children (challenges) > 0 && is_settled (now->row))
        {
          if (g_str_equal (ch_row_string (now->row, "Step"), "publish"))
            ch_print_text ("  ", CH_COLOUR_BUSY, ch_row_string (now->row, "Reason"));
          else
            ch_order_proof_print (challenges);
          return TRUE;
        }
      if (is_settled (now->row))
        break;
      g_usleep (PAUSE_MS * 1000);
    }

  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, ch_row_number (order, "Id"));
  ch_print (_("What you have to do for it is told by “chancery order explain %s”, as soon as the CA has answered."), id);
  return TRUE;
}

void
ch_order_proof_notice (ChCli             *cli,
                       const char *const *names,
                       const char        *method)
{
  g_autoptr(GVariant) reply = method != NULL
    ? ch_client_call_manager (cli->client, "ListMethods", g_variant_new ("(^ass)", names, ""), "(aa{sv})", NULL, NULL) : NULL;
  g_autoptr(GVariant) rows = reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;

  for (gsize i = 0; rows != NULL && i < g_variant_n_children (rows); i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (rows, i);
      const char *notice = ch_row_string (row, "Notice");

      if (g_str_equal (ch_row_string (row, "Method"), method) && *notice != '\0')
        ch_print_text ("", CH_COLOUR_BUSY, notice);
    }
}
