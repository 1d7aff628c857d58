/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state.h"

#include "dates.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <math.h>

#define DEFAULT_USER "PAR00000_sandbox"
#define DEFAULT_PASSWORD "sandbox"
#define DEFAULT_BALANCE 100000.0
#define DEFAULT_CURRENCY "EUR"
#define DEFAULT_OFFSET "+09:00"

void
sb_account_free (SbAccount *account)
{
  g_free (account->user);
  g_free (account->password);
  g_free (account->currency);
  g_free (account->offset);
  g_strfreev (account->products);
  g_free (account);
}

static GStrv
read_products (JsonReader *reader)
{
  g_autoptr(GStrvBuilder) products = g_strv_builder_new ();
  gboolean found = json_reader_read_member (reader, "products") && json_reader_is_array (reader);

  for (int i = 0; found && i < json_reader_count_elements (reader); i++)
    {
      json_reader_read_element (reader, i);
      const char *code = json_reader_get_string_value (reader);
      if (code != NULL)
        g_strv_builder_add (products, code);
      json_reader_end_element (reader);
    }

  json_reader_end_member (reader);
  return found ? g_strv_builder_end (products) : NULL;
}

static char *
read_text (JsonReader *reader,
           const char *name,
           const char *otherwise)
{
  const char *text = json_reader_read_member (reader, name) ? json_reader_get_string_value (reader) : NULL;
  char *copy = g_strdup (text != NULL ? text : otherwise);

  json_reader_end_member (reader);
  return copy;
}

static SbAccount *
read_account (JsonReader *reader)
{
  SbAccount *account = g_new0 (SbAccount, 1);
  gboolean has_balance = json_reader_read_member (reader, "balance") && json_reader_is_value (reader);
  double balance = has_balance ? json_reader_get_double_value (reader) : DEFAULT_BALANCE;

  json_reader_end_member (reader);
  account->balance = llround (balance * 100);
  account->user = read_text (reader, "user", NULL);
  account->password = read_text (reader, "password", NULL);
  account->currency = read_text (reader, "currency", DEFAULT_CURRENCY);
  account->offset = read_text (reader, "utc-offset", DEFAULT_OFFSET);
  account->products = read_products (reader);
  return account;
}

static gboolean
read_accounts (JsonReader  *reader,
               const char  *path,
               GPtrArray   *accounts,
               GError     **error)
{
  int n = json_reader_is_array (reader) ? json_reader_count_elements (reader) : 0;

  for (int i = 0; i < n; i++)
    {
      json_reader_read_element (reader, i);
      SbAccount *account = read_account (reader);
      json_reader_end_element (reader);
      g_ptr_array_add (accounts, account);

      if (account->user == NULL || account->password == NULL)
        return ch_error_set (error, CH_ERROR_INVALID, _("Account %d of “%s” needs “user” and “password”."),
                             i + 1, path);
      if (!sb_offset_is_valid (account->offset))
        return ch_error_set (error, CH_ERROR_INVALID,
                             _("The “utc-offset” of account “%s” in “%s” must be like +09:00."),
                             account->user, path);
    }

  if (n == 0)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” must hold a JSON list of accounts."), path);
  return TRUE;
}

static GPtrArray *
default_accounts (void)
{
  GPtrArray *accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) sb_account_free);
  SbAccount *account = g_new0 (SbAccount, 1);

  account->user = g_strdup (DEFAULT_USER);
  account->password = g_strdup (DEFAULT_PASSWORD);
  account->currency = g_strdup (DEFAULT_CURRENCY);
  account->offset = g_strdup (DEFAULT_OFFSET);
  account->balance = (gint64) (DEFAULT_BALANCE * 100);
  g_ptr_array_add (accounts, account);
  return accounts;
}

GPtrArray *
sb_accounts_load (const char  *path,
                  GError     **error)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GPtrArray) accounts = g_ptr_array_new_with_free_func ((GDestroyNotify) sb_account_free);

  if (path == NULL)
    return default_accounts ();
  if (!json_parser_load_from_file (parser, path, error))
    return NULL;

  g_autoptr(JsonReader) reader = json_reader_new (json_parser_get_root (parser));
  if (!read_accounts (reader, path, accounts, error))
    return NULL;

  return g_steal_pointer (&accounts);
}
