/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "order.h"

#include "json.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/secret.h"
#include "lib/times.h"
#include "peer.h"
#include "secret-input.h"
#include "table.h"

#include <glib/gi18n.h>
#include <string.h>

#define TERM_MAX 36
/* Cells of the longest bar in a plan, and what the other columns take. */
#define BAR_MAX 40
#define BAR_MIN 8
#define BEFORE_BAR 68

const GOptionEntry ch_order_reissue_options[] = {
  CH_SWITCH ("keep-key", N_("Use the key of the certificate in force again")),
  CH_OPTION ("key-algorithm", N_("rsa-2048, rsa-3072, rsa-4096, ec-p256 or ec-p384"), N_("ALGORITHM")),
  CH_OPTION ("csr", N_("Use this certificate signing request; no key is made then"), N_("FILE")),
  CH_OPTION ("name", N_("A name that is wanted; give all of them, the common name first"), N_("HOST")),
  CH_SWITCH ("wait", N_("Watch until it is issued and deployed, or has failed")),
  { NULL }
};

const GOptionEntry ch_order_renew_options[] = {
  CH_OPTION ("term", N_("For how long to pay, in months"), N_("MONTHS")),
  CH_SWITCH ("wait", N_("Watch until it is issued and deployed, or has failed")),
  { NULL }
};

const GOptionEntry ch_order_replace_options[] = {
  CH_SWITCH ("dry-run", N_("Say what would be done, and whether it costs money")),
  CH_SWITCH ("wait", N_("Watch until it is issued and deployed, or has failed")),
  { NULL }
};

static char *
id_of_path (const char *path)
{
  const char *slash = strrchr (path, '/');

  return g_strdup (slash != NULL ? slash + 1 : path);
}

static gboolean
tell (ChCli       *cli,
      ChObject    *order,
      const char  *path,
      const char  *result,
      const char  *sentence,
      GError     **error)
{
  gboolean wait = ch_args_has (cli->args, "wait");

  if (!wait || !cli->json)
    ch_say_done (cli, order->row, result, sentence);

  return !wait || ch_order_follow (cli, path, error);
}

/* ---- reissue ---- */

static gboolean
add_csr (ChCli         *cli,
         GVariantDict  *settings,
         GError       **error)
{
  const char *file = ch_args_get (cli->args, "csr");

  if (file == NULL)
    return TRUE;

  ch_autosecret char *text = ch_input_read (file, _("certificate signing request"), error);
  if (text == NULL)
    return FALSE;

  g_variant_dict_insert (settings, "csr", "s", text);
  return TRUE;
}

static GVariant *
reissue_settings (ChCli   *cli,
                  GError **error)
{
  g_auto(GVariantDict) settings = G_VARIANT_DICT_INIT (NULL);
  GPtrArray *names = ch_args_all (cli->args, "name");

  if (ch_args_has (cli->args, "keep-key"))
    g_variant_dict_insert (&settings, "keep-key", "b", TRUE);
  if (ch_args_has (cli->args, "key-algorithm"))
    g_variant_dict_insert (&settings, "key", "s", ch_args_get (cli->args, "key-algorithm"));
  if (names != NULL)
    g_variant_dict_insert_value (&settings, "names", g_variant_new_strv ((const char *const *) names->pdata, names->len));
  if (!add_csr (cli, &settings, error))
    return NULL;

  return g_variant_ref_sink (g_variant_dict_end (&settings));
}

gboolean
ch_order_reissue (ChCli   *cli,
                  GError **error)
{
  g_autoptr(GVariant) settings = reissue_settings (cli, error);
  g_autoptr(ChObject) order = settings != NULL ? ch_order_find_first (cli, CH_ORDER_PICK_ONLY, error) : NULL;

  if (order == NULL)
    return FALSE;

  g_autoptr(GVariant) reply = ch_client_call (cli->client, order->path, CH_IFACE_ORDER, "Reissue",
                                              g_variant_new ("(@a{sv}@a{sv})", settings, ch_no_options ()), "()", NULL, error);
  g_autofree char *text = g_strdup_printf (_("A free new certificate for %s is on its way; the one in force stays until it is there."),
                                           ch_row_string (order->row, "Name"));

  return reply != NULL && tell (cli, order, order->path, "reissuing", text, error);
}

/* ---- renew ---- */

gboolean
ch_order_renew (ChCli   *cli,
                GError **error)
{
  g_auto(GVariantDict) settings = G_VARIANT_DICT_INIT (NULL);
  guint term;

  if (!ch_args_number (cli->args, "term", 0, 1, TERM_MAX, &term, error))
    return FALSE;
  if (ch_args_has (cli->args, "term"))
    g_variant_dict_insert (&settings, "term", "u", term);

  g_autoptr(ChObject) order = ch_order_find_first (cli, CH_ORDER_PICK_ONLY, error);
  if (order == NULL)
    return FALSE;

  g_autoptr(GVariant) reply = ch_client_call (cli->client, order->path, CH_IFACE_ORDER, "Renew",
                                              g_variant_new ("(@a{sv}@a{sv})", g_variant_dict_end (&settings), ch_no_options ()),
                                              "(o)", NULL, error);
  if (reply == NULL)
    return FALSE;

  const char *path;
  g_variant_get (reply, "(&o)", &path);
  g_autofree char *id = id_of_path (path);
  g_autofree char *text = g_strdup_printf (_("Order %s renews %s. It costs money once it is issued; “chancery order cancel %s” stops it "
                                             "before."), id, ch_row_string (order->row, "Name"), id);

  return tell (cli, order, path, "renewing", text, error);
}

/* ---- the one that picks ---- */

static char *
replace_sentence (GVariant   *what,
                  const char *name,
                  gboolean    dry_run)
{
  g_autofree char *until = ch_time_minute (ch_row_number (what, "Until"));
  gboolean paid = ch_row_flag (what, "Paid");

  if (dry_run)
    return g_strdup_printf (paid ? _("%s would be renewed, which costs money; the certificate would be valid until %s.")
                                 : _("%s would be reissued, which is free; the certificate would be valid until %s."), name, until);

  return g_strdup_printf (paid ? _("%s is being renewed, which costs money; the certificate will be valid until %s.")
                               : _("%s is being reissued, which is free; the certificate will be valid until %s."), name, until);
}

gboolean
ch_order_replace (ChCli   *cli,
                  GError **error)
{
  g_autoptr(ChObject) order = ch_order_find_first (cli, CH_ORDER_PICK_ONLY, error);
  gboolean dry_run = ch_args_has (cli->args, "dry-run");
  g_auto(GVariantDict) options = G_VARIANT_DICT_INIT (NULL);

  if (order == NULL)
    return FALSE;

  if (dry_run)
    g_variant_dict_insert (&options, "look-only", "b", TRUE);
  g_autoptr(GVariant) reply = ch_client_call (cli->client, order->path, CH_IFACE_ORDER, "Replace",
                                              g_variant_new ("(@a{sv})", g_variant_dict_end (&options)), "(a{sv})", NULL, error);
  if (reply == NULL)
    return FALSE;

  g_autoptr(GVariant) what = g_variant_get_child_value (reply, 0);
  g_autofree char *text = replace_sentence (what, ch_row_string (order->row, "Name"), dry_run);
  if (cli->json)
    ch_json_print (what);
  else
    ch_print ("%s", text);

  return dry_run || !ch_args_has (cli->args, "wait") || ch_order_follow (cli, ch_row_string (what, "Order"), error);
}

/* ---- the plan ---- */

typedef struct
{
  gint64 from;
  gint64 until;
} Span;

/* A bar for @part in a row that stands for @whole; nothing where there is no room for one. */
static char *
draw_bar (Span whole,
          Span part)
{
  gint64 room = MIN ((gint64) ch_print_width () - BEFORE_BAR, BAR_MAX);
  gint64 length = MAX (whole.until - whole.from, 1);
  GString *bar = g_string_new (NULL);

  if (room < BAR_MIN)
    return g_string_free (bar, FALSE);

  gint64 before = CLAMP ((part.from - whole.from) * room / length, 0, room - 1);
  gint64 cells = CLAMP ((part.until - part.from) * room / length, 1, room - before);

  for (gint64 i = 0; i < before; i++)
    g_string_append_c (bar, ' ');
  for (gint64 i = 0; i < cells; i++)
    g_string_append (bar, "━");
  return g_string_free (bar, FALSE);
}

static void
add_step (ChTable    *table,
          const char *what,
          const char *cost,
          Span        part,
          Span        whole,
          ChColour    colour)
{
  g_autofree char *when = ch_time_full (part.from);
  g_autofree char *until = ch_time_minute (part.until);
  g_autofree char *bar = draw_bar (whole, part);

  ch_table_add (table, when, what, cost, until, bar);
  ch_table_colour (table, 4, colour);
}

static void
print_plan (GVariant *order,
            GVariant *plan)
{
  static const ChColumn columns[] = {
    { N_("WHEN") }, { N_("WHAT") }, { N_("COST") }, { N_("VALID UNTIL") }, { "", CH_COLUMN_PLAIN }, { NULL }
  };
  g_autoptr(ChTable) table = ch_table_new (columns);
  gsize n = g_variant_n_children (plan);
  Span now = { ch_row_number (order, "IssuedAt"), ch_row_number (order, "NotAfter") };
  Span whole = now;
  gboolean by_itself = ch_row_flag (order, "AutoReplace"), spends = ch_row_flag (order, "AutoRenew");
  g_autofree char *paid_until = ch_time_full (ch_row_number (order, "TermEnd"));

  if (n > 0)
    {
      g_autoptr(GVariant) last = g_variant_get_child_value (plan, n - 1);
      whole.until = MAX (whole.until, ch_row_number (last, "Until"));
    }

  add_step (table, _("in force"), "", now, whole, CH_COLOUR_GOOD);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr(GVariant) row = g_variant_get_child_value (plan, i);
      Span next = { ch_row_number (row, "At"), ch_row_number (row, "Until") };
      gboolean paid = ch_row_flag (row, "Paid");

      add_step (table, ch_row_string (row, "What"), paid ? _("paid") : _("free"), next, whole,
                paid ? CH_COLOUR_BUSY : CH_COLOUR_DIM);
    }

  ch_print (_("%s: paid until %s"), ch_row_string (order, "Name"), paid_until);
  ch_table_print (table);
  if (!by_itself)
    ch_print (_("Nothing of this is done by itself; “chancery order replace %d” does the next."), (int) ch_row_number (order, "Id"));
  else if (!spends)
    ch_print (_("Reissues are made by themselves. The renewal waits for you: “chancery order renew %d”, when its time has come."),
              (int) ch_row_number (order, "Id"));
  else
    ch_print ("%s", _("All of this is done by itself, the renewal too."));
}

gboolean
ch_order_plan (ChCli   *cli,
               GError **error)
{
  g_autoptr(ChObject) order = ch_order_find_first (cli, CH_ORDER_PICK_NEWEST, error);
  g_autoptr(GVariant) reply = order != NULL
    ? ch_client_call (cli->client, order->path, CH_IFACE_ORDER, "GetPlan", g_variant_new ("(@a{sv})", ch_no_options ()),
                      "(aa{sv})", NULL, error) : NULL;

  if (reply == NULL)
    return FALSE;

  g_autoptr(GVariant) plan = g_variant_get_child_value (reply, 0);
  if (cli->json)
    ch_json_print (plan);
  else
    print_plan (order->row, plan);
  return TRUE;
}
