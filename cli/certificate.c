/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "certificate.h"

#include "json.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/times.h"
#include "names.h"
#include "order.h"
#include "table.h"

#include <glib/gi18n.h>
#include <string.h>

#define PAGE 500
#define LIMIT_MAX 1000000

/* A serial number has 64 bits of chance at least; a certificate's own number never comes that far. */
#define SERIAL_MIN 10

/* ---- asking ---- */

/* (element-type GVariant): at most @limit rows, 0: all */
static GPtrArray *
fetch (ChCli    *cli,
       GVariant *filter,
       guint     limit,
       GError  **error)
{
  g_autoptr(GVariant) kept = g_variant_ref_sink (filter);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  guint64 before = 0;
  gsize n;

  do
    {
      guint32 most = limit == 0 ? PAGE : MIN (PAGE, limit - rows->len);
      g_autoptr(GVariant) reply = ch_cli_call (cli, CH_ROOT_PATH, CH_IFACE_MANAGER, "ListCertificates",
                                               g_variant_new ("(@a{sv}tu)", kept, before, most), "(aa{sv})", error);
      if (reply == NULL)
        return NULL;

      g_autoptr(GVariant) page = g_variant_get_child_value (reply, 0);
      n = g_variant_n_children (page);
      for (gsize i = 0; i < n; i++)
        g_ptr_array_add (rows, g_variant_get_child_value (page, i));
      if (n > 0)
        before = (guint64) ch_row_number (g_ptr_array_index (rows, rows->len - 1), "Id");
    }
  while (n == PAGE && (limit == 0 || rows->len < limit));

  return g_steal_pointer (&rows);
}

static GVariant *
get (ChCli    *cli,
     guint64   id,
     GError  **error)
{
  g_autoptr(GVariant) reply = ch_cli_call (cli, CH_ROOT_PATH, CH_IFACE_MANAGER, "GetCertificate",
                                           g_variant_new ("(t@a{sv})", id, ch_no_options ()), "(a{sv})", error);

  return reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
}

static GVariant *
filter_of (const char *key,
           GVariant   *value)
{
  GVariantDict filter;

  g_variant_dict_init (&filter, NULL);
  if (key != NULL)
    g_variant_dict_insert_value (&filter, key, value);
  return g_variant_dict_end (&filter);
}

static gboolean
is_serial (const char *text)
{
  guint digits = 0;

  for (; *text != '\0'; text++)
    if (g_ascii_isxdigit (*text))
      digits++;
    else if (*text != ':')
      return FALSE;

  return digits >= SERIAL_MIN;
}

static GVariant *
get_newest (ChCli       *cli,
            GVariant    *filter,
            const char  *reference,
            GError     **error)
{
  g_autoptr(GPtrArray) rows = fetch (cli, filter, 1, error);

  if (rows == NULL)
    return NULL;
  if (rows->len > 0)
    return get (cli, (guint64) ch_row_number (g_ptr_array_index (rows, 0), "Id"), error);

  ch_error_set (error, CH_ERROR_NOT_FOUND, _("There is no certificate for “%s” yet; “chancery certificate list” shows all"),
                reference);
  return NULL;
}

GVariant *
ch_certificate_find (ChCli       *cli,
                     const char  *reference,
                     GError     **error)
{
  gint64 id;

  if (is_serial (reference))
    return get_newest (cli, filter_of ("serial", g_variant_new_string (reference)), reference, error);
  if (ch_path_parse_id (reference, &id))
    return get (cli, (guint64) id, error);

  g_autoptr(ChObject) order = ch_order_find (cli, reference, CH_ORDER_PICK_NEWEST, error);
  if (order == NULL)
    return NULL;

  return get_newest (cli, filter_of ("order", g_variant_new_uint64 ((guint64) ch_row_number (order->row, "Id"))), reference,
                     error);
}

/* ---- list ---- */

static const GOptionEntry list_options[] = {
  CH_OPTION ("order", N_("Only certificates of this order, by number or name"), N_("ORDER")),
  CH_OPTION ("serial", N_("Only the one whose serial number or fingerprint begins so"), N_("HEX")),
  CH_OPTION ("limit", N_("How many at most"), N_("NUMBER")),
  { NULL }
};

static const ChColumn list_columns[] = {
  { N_("ID"), CH_COLUMN_RIGHT }, { N_("NAME"), CH_COLUMN_SHRINKS }, { N_("EXPIRES") }, { N_("STATE"), CH_COLUMN_STATE },
  { N_("ORDER"), CH_COLUMN_RIGHT }, { N_("ISSUER"), CH_COLUMN_SHRINKS }, { N_("SERIAL"), CH_COLUMN_SHRINKS }, { NULL }
};

/* The common name of a name in RFC 4514's form, or all of it. */
static char *
short_name (const char *dn)
{
  const char *start = g_str_has_prefix (dn, "CN=") ? dn + 3 : strstr (dn, ",CN=");

  if (start == NULL)
    return g_strdup (dn);
  if (*start == ',')
    start += 4;

  GString *name = g_string_new (NULL);
  for (; *start != '\0' && *start != ','; start++)
    {
      if (*start == '\\' && start[1] != '\0')
        start++;
      g_string_append_c (name, *start);
    }

  return g_string_free (name, FALSE);
}

static const char *
standing (GVariant *row)
{
  if (ch_row_number (row, "NotAfter") <= ch_time_now ())
    return _("ended");

  return ch_row_flag (row, "Current") ? _("in force") : _("replaced");
}

static ChColour
standing_colour (GVariant *row)
{
  return ch_row_flag (row, "Current") ? ch_order_expiry_colour (ch_row_number (row, "NotAfter")) : CH_COLOUR_DIM;
}

static char *
first_name (GVariant *row)
{
  g_auto(GStrv) names = ch_row_strings (row, "Names");

  return ch_name_shown (names[0] != NULL ? names[0] : ch_row_string (row, "Subject"));
}

static void
print_rows (GPtrArray *rows)
{
  g_autoptr(ChTable) table = ch_table_new (list_columns);

  for (guint i = 0; i < rows->len; i++)
    {
      GVariant *row = g_ptr_array_index (rows, i);
      g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, ch_row_number (row, "Id"));
      g_autofree char *order = g_path_get_basename (ch_row_string (row, "Order"));
      g_autofree char *name = first_name (row);
      g_autofree char *issuer = short_name (ch_row_string (row, "Issuer"));
      g_autofree char *expires = ch_time_relative (ch_row_number (row, "NotAfter"));

      ch_table_add (table, id, name, expires, standing (row), order, issuer, ch_row_string (row, "Serial"));
      ch_table_colour (table, 2, standing_colour (row));
      ch_table_colour (table, 3, standing_colour (row));
    }

  ch_table_print (table);
}

static GVariant *
list_filter (ChCli   *cli,
             GError **error)
{
  const char *order = ch_args_get (cli->args, "order");
  const char *serial = ch_args_get (cli->args, "serial");
  g_autoptr(ChObject) object = NULL;

  if (order != NULL && serial != NULL)
    {
      ch_error_set (error, CH_ERROR_INVALID, _("“--order” and “--serial” exclude each other"));
      return NULL;
    }
  if (serial != NULL)
    return filter_of ("serial", g_variant_new_string (serial));
  if (order == NULL)
    return filter_of (NULL, NULL);

  object = ch_order_find (cli, order, CH_ORDER_PICK_NEWEST, error);
  return object != NULL ? filter_of ("order", g_variant_new_uint64 ((guint64) ch_row_number (object->row, "Id"))) : NULL;
}

static gboolean
list (ChCli   *cli,
      GError **error)
{
  g_autoptr(GPtrArray) rows = NULL;
  GVariant *filter;
  guint limit;

  if (!ch_args_number (cli->args, "limit", 0, 1, LIMIT_MAX, &limit, error)
      || (filter = list_filter (cli, error)) == NULL
      || (rows = fetch (cli, filter, limit, error)) == NULL)
    return FALSE;

  if (cli->json)
    ch_json_print_rows (rows);
  else if (rows->len > 0)
    print_rows (rows);
  else
    ch_print ("%s", _("No certificate matches."));
  return TRUE;
}

/* ---- show ---- */

/* "0a:1b:…", as other programs show it. */
static char *
with_colons (const char *hex)
{
  GString *text = g_string_new (strlen (hex) % 2 != 0 ? "0" : "");

  for (; *hex != '\0'; hex++)
    {
      if (text->len % 3 == 2)
        g_string_append_c (text, ':');
      g_string_append_c (text, *hex);
    }

  return g_string_free (text, FALSE);
}

static void
add_hex (ChTable    *facts,
         const char *label,
         const char *hex)
{
  g_autofree char *text = with_colons (hex);

  ch_facts_add (facts, label, text);
}

static void
print_facts (GVariant *row,
             GVariant *leaf)
{
  g_autoptr(ChTable) facts = ch_facts_new ();
  g_auto(GStrv) names = ch_row_strings (row, "Names");
  g_autofree char *all = ch_names_shown (names);
  g_autofree char *name = first_name (row);
  g_autofree char *heading = ch_paint (CH_COLOUR_BOLD, name);
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, ch_row_number (row, "Id"));
  g_autofree char *number = g_path_get_basename (ch_row_string (row, "Order"));
  g_autofree char *order = g_strdup_printf ("%s (%s)", number, ch_row_string (row, "OrderState"));
  g_autofree char *from = ch_time_minute (ch_row_number (row, "NotBefore"));
  g_autofree char *until = ch_time_full (ch_row_number (row, "NotAfter"));
  g_autofree char *key = g_strdup_printf (ch_row_flag (row, "HasKey") ? _("%s, the private key is kept here")
                                                                      : _("%s, the private key is not here"),
                                          ch_row_string (leaf, "Key"));

  ch_print (_("Certificate %s: %s"), id, heading);
  ch_facts_add (facts, _("State"), standing (row));
  ch_table_colour (facts, 1, standing_colour (row));
  ch_facts_add (facts, _("Names"), all);
  ch_facts_add (facts, _("Order"), order);
  ch_facts_add (facts, _("Valid from"), from);
  ch_facts_add (facts, _("Valid until"), until);
  ch_facts_add (facts, _("Subject"), ch_row_string (row, "Subject"));
  ch_facts_add (facts, _("Issuer"), ch_row_string (row, "Issuer"));
  add_hex (facts, _("Serial number"), ch_row_string (row, "Serial"));
  ch_facts_add (facts, _("Key"), key);
  ch_facts_add (facts, _("Signature"), ch_row_string (leaf, "Signature"));
  add_hex (facts, _("SHA-256"), ch_row_string (row, "Fingerprint"));
  add_hex (facts, _("SHA-1"), ch_row_string (leaf, "Sha1"));
  add_hex (facts, _("Public key"), ch_row_string (row, "PublicKey"));
  ch_table_print (facts);
}

static void
print_branch (guint       depth,
              const char *dn,
              const char *more,
              ChColour    colour)
{
  g_autofree char *name = short_name (dn);
  g_autofree char *clean = ch_clean (name);
  g_autofree char *painted = ch_paint (colour, clean);
  g_autofree char *line = g_strdup_printf ("  %*s%s%s  %s", depth > 0 ? (int) (depth - 1) * 3 : 0, "", depth > 0 ? "└─ " : "", painted,
                                           more);

  ch_print ("%s", line);
}

/* From the root down; what was not given but is named is dim. */
static void
print_chain (GVariant *path)
{
  gsize n = g_variant_n_children (path);
  guint depth = 0;

  if (n == 0)
    return;

  ch_print ("\n%s", _("Chain"));
  g_autoptr(GVariant) top = g_variant_get_child_value (path, n - 1);
  if (g_strcmp0 (ch_row_string (top, "Subject"), ch_row_string (top, "Issuer")) != 0)
    print_branch (depth++, ch_row_string (top, "Issuer"), _("(not part of the chain that is sent)"), CH_COLOUR_DIM);

  for (gsize i = n; i > 0; i--)
    {
      g_autoptr(GVariant) link = g_variant_get_child_value (path, i - 1);
      gint64 not_after = ch_row_number (link, "NotAfter");
      g_autofree char *until = ch_time_minute (not_after);
      g_autofree char *more = g_strdup_printf (_("%s, until %s"), ch_row_string (link, "Key"), until);
      ChColour colour = not_after <= ch_time_now () ? CH_COLOUR_BAD : i == 1 ? CH_COLOUR_BOLD : CH_COLOUR_GOOD;

      print_branch (depth++, ch_row_string (link, "Subject"), more, colour);
    }
}

static void
print_history (GPtrArray *rows)
{
  static const ChColumn columns[] = {
    { N_("ID"), CH_COLUMN_RIGHT }, { N_("ISSUED") }, { N_("EXPIRES") }, { N_("STATE") }, { N_("SERIAL"), CH_COLUMN_SHRINKS }, { NULL }
  };
  g_autoptr(ChTable) table = ch_table_new (columns);

  for (guint i = 0; i < rows->len; i++)
    {
      GVariant *row = g_ptr_array_index (rows, i);
      g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, ch_row_number (row, "Id"));
      g_autofree char *issued = ch_time_minute (ch_row_number (row, "IssuedAt"));
      g_autofree char *expires = ch_time_minute (ch_row_number (row, "NotAfter"));

      ch_table_add (table, id, issued, expires, standing (row), ch_row_string (row, "Serial"));
      ch_table_colour (table, 3, standing_colour (row));
    }

  ch_print ("\n%s", _("All certificates of this order"));
  ch_table_print (table);
}

static gboolean
show (ChCli   *cli,
      GError **error)
{
  g_autoptr(GVariant) row = ch_certificate_find (cli, ch_args_word (cli->args, 0), error);
  g_autoptr(GVariant) path = row != NULL ? ch_row_list (row, "Path", "aa{sv}") : NULL;
  g_autoptr(GVariant) leaf = NULL;
  g_autoptr(GPtrArray) history = NULL;
  g_autofree char *number = NULL;

  if (row == NULL)
    return FALSE;
  if (cli->json)
    {
      ch_json_print (row);
      return TRUE;
    }

  number = g_path_get_basename (ch_row_string (row, "Order"));
  history = fetch (cli, filter_of ("order", g_variant_new_uint64 (g_ascii_strtoull (number, NULL, 10))), 0, error);
  if (history == NULL)
    return FALSE;

  leaf = g_variant_n_children (path) > 0 ? g_variant_get_child_value (path, 0) : g_variant_ref_sink (ch_no_options ());
  print_facts (row, leaf);
  print_chain (path);
  if (history->len > 1)
    print_history (history);
  return TRUE;
}

const ChCommand ch_certificate_commands[] = {
  { "list", "", 0, 0, N_("List certificates: the first of each order, and every reissue"),
    "chancery certificate list --order www.example.test", list_options, CH_EXTRAS_REFUSED, CH_TAKES_NOTHING, list },
  { "show", N_("CERTIFICATE"), 1, 1, N_("Show a certificate, by number, serial number or host name, and its chain"),
    "chancery certificate show www.example.test", NULL, CH_EXTRAS_REFUSED, CH_TAKES_ORDER, show },
  { "export", N_("CERTIFICATE"), 1, 1, N_("Write a certificate as PEM, DER, PKCS#7, PKCS#12 or a Java key store"),
    "chancery certificate export www.example.test --format pkcs12 --key --out www.p12", ch_certificate_export_options,
    CH_EXTRAS_REFUSED, CH_TAKES_ORDER, ch_certificate_export },
  { NULL }
};
