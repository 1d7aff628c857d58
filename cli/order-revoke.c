/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "order.h"

#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "order-view.h"
#include "peer.h"
#include "secret-input.h"

#include <glib/gi18n.h>
#include <stdio.h>

/* What serves the newest certificate, and where. */
static void
print_uses (ChOrderView *view)
{
  for (guint i = 0; i < view->deployments->len; i++)
    {
      const ChObject *deployment = g_ptr_array_index (view->deployments, i);
      g_autoptr(GVariant) checks = ch_row_list (deployment->row, "Checks", "aa{sv}");
      g_autofree char *name = ch_clean (ch_row_string (deployment->row, "Name"));

      if (g_strcmp0 (ch_row_string (deployment->row, "Fingerprint"), view->fingerprint) != 0)
        continue;

      g_printerr (_("  deployment %s on %s serves it"), name, ch_row_string (deployment->row, "ServerName"));
      for (gsize j = 0; j < g_variant_n_children (checks); j++)
        {
          g_autoptr(GVariant) check = g_variant_get_child_value (checks, j);
          gint64 port = ch_row_number (check, "port");

          g_printerr ("%s %s:%d", j > 0 ? "," : _(" at"), ch_row_string (check, "host"), (int) (port != 0 ? port : 443));
        }
      g_printerr ("\n");
    }
}

/* What is typed is shown, as it is no secret. */
static gboolean
confirm (ChOrderView  *view,
         const char   *name,
         GError      **error)
{
  char line[300];

  if (!ch_input_can_ask ())
    return ch_error_set (error, CH_ERROR_INVALID, _("Revoking cannot be undone; “--yes” says that it is meant"));

  g_printerr (_("Every certificate of order %s for %s is revoked at the CA. This cannot be undone.\n"),
              ch_row_string (view->order, "CaOrder"), name);
  print_uses (view);
  g_printerr (_("Type the name %s to go on: "), name);
  if (fgets (line, sizeof line, stdin) != NULL && g_strcmp0 (g_strstrip (line), name) == 0)
    return TRUE;

  return ch_error_set (error, CH_ERROR_CANCELLED, _("That is not the name; nothing was revoked"));
}

gboolean
ch_order_revoke (ChCli   *cli,
                 GError **error)
{
  g_autoptr(ChObject) order = ch_order_find_first (cli, CH_ORDER_PICK_ONLY, error);
  g_autoptr(ChOrderView) view = order != NULL ? ch_order_view_read (cli->client, order->path, error) : NULL;
  g_autoptr(GVariant) reply = NULL;
  g_autofree char *text = NULL;
  GVariantDict options;

  if (view == NULL)
    return FALSE;
  if (!ch_args_has (cli->args, "yes") && !confirm (view, ch_row_string (order->row, "Name"), error))
    return FALSE;

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "force", "b", TRUE);
  reply = ch_client_call (cli->client, order->path, CH_IFACE_ORDER, "Revoke",
                          g_variant_new ("(@a{sv})", g_variant_dict_end (&options)), "()", NULL, error);
  if (reply == NULL)
    return FALSE;

  text = g_strdup_printf (_("Order %d for %s is being revoked."), (int) ch_row_number (order->row, "Id"), ch_row_string (order->row, "Name"));
  ch_say_done (cli, order->row, "revoking", text);
  return TRUE;
}
