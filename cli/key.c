/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "lib/secret.h"
#include "order.h"
#include "secret-input.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const GOptionEntry export_options[] = {
  CH_OPTION ("password-file", N_("Encrypt the key with the password in this file, “-” for standard input"),
             N_("FILE")),
  CH_SWITCH ("plain", N_("Do not encrypt the key")),
  CH_OPTION ("out", N_("Write it to this new file, which only you can read"), N_("FILE")),
  { NULL }
};

/* Asked twice, as nobody sees what is typed. */
static char *
ask_password (GError **error)
{
  ch_autosecret char *first = ch_input_ask (_("Password to encrypt the key with"), error);
  ch_autosecret char *second = first != NULL ? ch_input_ask (_("The same again"), error) : NULL;

  if (second == NULL)
    return NULL;

  if (*first == '\0' || !g_str_equal (first, second))
    {
      ch_error_set (error, CH_ERROR_INVALID,
                    *first == '\0' ? _("An empty password protects nothing; “--plain” exports the key "
                                                                "without one")
                                                            : _("The two passwords differ"));
      return NULL;
    }

  return g_steal_pointer (&first);
}

/* Leaves @password at NULL for a plain export. */
static gboolean
find_password (ChArgs  *args,
               char   **password,
               GError **error)
{
  const char *file = ch_args_get (args, "password-file");

  if (file != NULL && ch_args_has (args, "plain"))
    return ch_error_set (error, CH_ERROR_INVALID, _("“--password-file” and “--plain” exclude each other"));

  if (ch_args_has (args, "plain"))
    {
      if (!ch_args_has (args, "out") && isatty (STDOUT_FILENO))
        return ch_error_set (error, CH_ERROR_INVALID, _("An unencrypted key is not shown on a terminal; "
                                                        "name a file with “--out FILE”"));
      return TRUE;
    }

  if (file == NULL && !ch_input_can_ask ())
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("Give a password with “--password-file FILE”, or “--plain” to export "
                                                    "the key unencrypted"));

  *password = file != NULL ? ch_input_read_line (file, "password", error) : ask_password (error);
  return *password != NULL;
}

static gboolean
write_all (int         fd,
           const char *text)
{
  gsize length = strlen (text);

  while (length > 0)
    {
      gssize n = write (fd, text, length);

      if (n < 0 && errno != EINTR)
        return FALSE;
      if (n > 0)
        {
          text += n;
          length -= (gsize) n;
        }
    }

  return TRUE;
}

static gboolean
write_file (const char *file,
            const char *pem,
            GError    **error)
{
  g_autofree char *shown = g_filename_display_name (file);
  int fd = open (file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  gboolean ok;

  if (fd < 0 && errno == EEXIST)
    return ch_error_set (error, CH_ERROR_FILE, _("“%s” is there already; nothing was exported over it"),
                         shown);
  if (fd < 0)
    return ch_error_set (error, CH_ERROR_FILE, _("“%s” cannot be written: %s"), shown, g_strerror (errno));

  ok = write_all (fd, pem) && fsync (fd) == 0;
  if (!ok)
    ch_error_set (error, CH_ERROR_FILE, _("“%s” cannot be written: %s"), shown, g_strerror (errno));
  close (fd);
  if (!ok)
    unlink (file);

  return ok;
}

static gboolean
deliver (ChCli      *cli,
         GVariant   *order,
         const char *pem,
         GError    **error)
{
  const char *file = ch_args_get (cli->args, "out");
  g_autoptr(GVariant) document = NULL;

  if (file != NULL)
    {
      if (!write_file (file, pem, error))
        return FALSE;
      g_printerr (_("The key of %s is in “%s”.\n"), ch_row_string (order, "Name"), file);
      return TRUE;
    }

  if (!cli->json)
    return write_all (STDOUT_FILENO, pem)
           || ch_error_set (error, CH_ERROR_FILE, _("Standard output cannot be written: %s"),
                            g_strerror (errno));

  document = ch_json_result (order, "Pem", pem);
  ch_json_print (document);
  return TRUE;
}

static gboolean
export (ChCli   *cli,
        GError **error)
{
  g_autoptr(ChObject) order = ch_order_find_first (cli, CH_ORDER_PICK_NEWEST, error);
  ch_autosecret char *password = NULL;
  g_autoptr(GVariant) reply = NULL;
  const char *pem;
  GVariantDict options;

  if (order == NULL || !find_password (cli->args, &password, error))
    return FALSE;

  g_variant_dict_init (&options, NULL);
  if (password != NULL)
    g_variant_dict_insert (&options, "password", "s", password);

  reply = ch_client_call (cli->client, order->path, CH_IFACE_ORDER, "ExportKey",
                          g_variant_new ("(@a{sv})", g_variant_dict_end (&options)), "(s)", NULL, error);
  if (reply == NULL)
    return FALSE;

  g_variant_get (reply, "(&s)", &pem);
  return deliver (cli, order->row, pem, error);
}

const ChCommand ch_key_commands[] = {
  { "export", N_("ORDER"), 1, 1, N_("Take the private key of an order out, encrypted with a password"),
    "chancery key export www.example.test --out www.key", export_options, CH_EXTRAS_REFUSED, CH_TAKES_ORDER,
    export },
  { NULL }
};
