/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/row.h"
#include "lib/times.h"
#include "orders/boxes.h"
#include "orders/group.h"

#include <glib/gi18n.h>

static void
add_piece (GtkListBox *list,
           const char *title,
           const char *text,
           const char *copy)
{
  GtkWidget *row = ch_group_add_fact (list, title, text);

  if (row == NULL)
    return;

  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  ch_group_add_copy (row, text, copy);
}

/* The value stands where the aliases end. */
static void
add_record (GtkListBox *list,
            GVariant   *challenge)
{
  g_auto(GStrv) aliases = ch_row_strings (challenge, "Aliases");
  guint n = g_strv_length (aliases);
  const char *account = ch_row_string (challenge, "DnsAccountName");
  g_autofree char *who = NULL;

  if (*account != '\0')
    who = g_strdup_printf (_("The service puts it there with the DNS account “%s”."), account);
  ch_group_add (list, NULL, ch_row_string (challenge, "Name"),
                who != NULL ? who
                            : _("Create this TXT record where the domain’s DNS is kept; then choose “Verify Now”."));
  add_piece (list, _("TXT record at"), n > 0 ? aliases[n - 1] : ch_row_string (challenge, "Location"),
             _("Copy the Record’s Name"));
  add_piece (list, _("Value"), ch_row_string (challenge, "Value"), _("Copy the Value"));
}

static void
add_file (GtkListBox *list,
          GVariant   *challenge)
{
  ch_group_add (list, NULL, ch_row_string (challenge, "Name"),
                ch_row_number (challenge, "PublishedAt") > 0
                ? _("The service has put this file onto the servers.")
                : _("Let your web server show this file; then choose “Verify Now”."));
  add_piece (list, _("Address of the file"), ch_row_string (challenge, "Url"), _("Copy the Address"));
  add_piece (list, _("Content of the file, and nothing else"), ch_row_string (challenge, "Value"),
             _("Copy the Content"));
}

static void
add_mail (GtkListBox *list,
          GVariant   *challenge)
{
  GtkWidget *row = ch_group_add (list, "email", _("Waits for a click on the link in the mail to"),
                                 ch_row_string (challenge, "Location"));

  if (row == NULL)
    return;

  ch_group_add_button (row, _("_Send Again"), "order.resend-mail");
  ch_group_add_button (row, _("_Change…"), "order.validation");
}

static void
add_observed (GtkListBox *list,
              GVariant   *challenge)
{
  g_autoptr(GVariant) observed = ch_row_list (challenge, "Observed", "aa{sv}");
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < g_variant_n_children (observed); i++)
    {
      g_autoptr(GVariant) seen = g_variant_get_child_value (observed, i);
      const char *result = ch_row_string (seen, "Result");
      const char *text_seen = ch_row_string (seen, "Text");
      const char *found = *text_seen != '\0' ? text_seen : result;

      g_string_append_printf (text, "%s%s: %s", text->len > 0 ? "\n" : "", ch_row_string (seen, "Server"),
                              g_str_equal (result, "value") ? _("shows the value") : found);
    }
  if (text->len > 0)
    ch_group_add (list, NULL, _("Seen last"), text->str);
  g_string_free (text, TRUE);
}

static void
add_challenge (GtkListBox *list,
               GVariant   *challenge)
{
  const char *method = ch_row_string (challenge, "Method");
  g_autofree char *since = ch_time_minute (ch_row_number (challenge, "SeenAt"));

  if (g_str_equal (method, "http"))
    add_file (list, challenge);
  else if (g_str_equal (method, "email"))
    add_mail (list, challenge);
  else
    add_record (list, challenge);
  add_observed (list, challenge);
  ch_group_add_fact (list, _("All servers show it since"), since);
}

static void
fill (GtkListBox *list,
      ChOrder    *order)
{
  GVariant *challenges = ch_order_get_part (order, CH_ORDER_CHALLENGES);

  for (gsize i = 0; i < g_variant_n_children (challenges); i++)
    {
      g_autoptr(GVariant) challenge = g_variant_get_child_value (challenges, i);

      add_challenge (list, challenge);
    }
}

GtkWidget *
ch_order_challenges_new (ChOrder *order)
{
  return ch_group_new (_("Proof of Control"), order, CH_ORDER_CHALLENGES, fill);
}
