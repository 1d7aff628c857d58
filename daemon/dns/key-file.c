/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "key-file.h"

#include "dns/message.h"
#include "dns/name.h"
#include "lib/error.h"
#include "lib/secret.h"

#include <glib/gi18n.h>
#include <string.h>

#define KEYS_MAX 64

/* A token is a word, a quoted string, or one of '{', '}', ';'. No token is ever shown in a message: in a
 * file that is a little wrong, any of them may be the secret. */
typedef struct
{
  const char *next;
  guint line;
  char punctuation;     /* '{', '}', ';', or 0 for a word */
  char *word;           /* (owned): wiped when replaced */
} Scanner;

static void
scanner_clear (Scanner *scanner)
{
  g_clear_pointer (&scanner->word, ch_secret_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scanner, scanner_clear)

static gboolean
fail (const Scanner *scanner,
      GError       **error,
      const char    *expected)
{
  return ch_error_set (error, CH_ERROR_INVALID, _("Line %u of the key file: %s"), scanner->line, expected);
}

static void
skip_line (Scanner *scanner)
{
  scanner->next += strcspn (scanner->next, "\n");
}

static gboolean
skip_block_comment (Scanner *scanner,
                    GError **error)
{
  const char *end = strstr (scanner->next + 2, "*/");

  if (end == NULL)
    return fail (scanner, error, _("the comment has no end"));

  for (; scanner->next < end + 2; scanner->next++)
    scanner->line += *scanner->next == '\n';

  return TRUE;
}

/* to the next token or the end of the text */
static gboolean
skip_blanks (Scanner *scanner,
             GError **error)
{
  while (*scanner->next != '\0')
    {
      if (g_ascii_isspace (*scanner->next))
        scanner->line += *scanner->next++ == '\n';
      else if (*scanner->next == '#' || g_str_has_prefix (scanner->next, "//"))
        skip_line (scanner);
      else if (!g_str_has_prefix (scanner->next, "/*"))
        break;
      else if (!skip_block_comment (scanner, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
scan_quoted (Scanner *scanner,
             GError **error)
{
  gsize length = strcspn (scanner->next + 1, "\"\n");

  if (scanner->next[1 + length] != '"')
    return fail (scanner, error, _("the quotation mark is not closed"));

  scanner->word = g_strndup (scanner->next + 1, length);
  scanner->next += length + 2;
  return TRUE;
}

static gboolean
scan (Scanner *scanner,
      GError **error)
{
  scanner_clear (scanner);
  scanner->punctuation = 0;
  if (!skip_blanks (scanner, error))
    return FALSE;

  if (*scanner->next == '\0')
    return fail (scanner, error, _("the file ends in the middle of a key"));

  if (strchr ("{};", *scanner->next) != NULL)
    {
      scanner->punctuation = *scanner->next++;
      return TRUE;
    }

  if (*scanner->next == '"')
    return scan_quoted (scanner, error);

  gsize length = strcspn (scanner->next, " \t\r\n\v\f{};\"#");
  if (length == 0)
    return fail (scanner, error, _("unexpected character"));

  scanner->word = g_strndup (scanner->next, length);
  scanner->next += length;
  return TRUE;
}

static gboolean
expect (Scanner *scanner,
        char     punctuation,
        GError **error)
{
  if (!scan (scanner, error))
    return FALSE;

  if (scanner->punctuation != punctuation)
    {
      g_autofree char *expected = g_strdup_printf (_("“%c” is missing"), punctuation);
      return fail (scanner, error, expected);
    }

  return TRUE;
}

static gboolean
expect_word (Scanner    *scanner,
             const char *expected,
             GError    **error)
{
  if (!scan (scanner, error))
    return FALSE;

  return scanner->word != NULL || fail (scanner, error, expected);
}

void
ch_key_file_free (ChKeyFile *file)
{
  g_free (file->name);
  g_free (file->algorithm);
  ch_secret_free (file->secret);
  g_free (file);
}

static gboolean
parse_statement (Scanner   *scanner,
                 ChKeyFile *file,
                 GError   **error)
{
  gboolean is_algorithm = g_str_equal (scanner->word, "algorithm");
  char **target = is_algorithm ? &file->algorithm : &file->secret;

  if (!is_algorithm && !g_str_equal (scanner->word, "secret"))
    return fail (scanner, error, _("only “algorithm” and “secret” may stand inside a key"));

  if (*target != NULL)
    return fail (scanner, error, is_algorithm ? _("a second “algorithm”") : _("a second “secret”"));

  if (!expect_word (scanner,
                    is_algorithm ? _("the algorithm is missing") : _("the secret is missing"), error))
    return FALSE;

  *target = is_algorithm ? ch_dns_name_tidy (scanner->word) : g_steal_pointer (&scanner->word);
  return expect (scanner, ';', error);
}

static gboolean
parse_body (Scanner   *scanner,
            ChKeyFile *file,
            GError   **error)
{
  if (!expect (scanner, '{', error) || !scan (scanner, error))
    return FALSE;

  while (scanner->punctuation != '}')
    {
      if (scanner->word == NULL)
        return fail (scanner, error, _("“algorithm” or “secret” is missing"));
      if (!parse_statement (scanner, file, error) || !scan (scanner, error))
        return FALSE;
    }

  if (file->algorithm == NULL || file->secret == NULL)
    return fail (scanner, error,
                 file->secret == NULL ? _("the key has no secret") : _("the key has no algorithm"));

  return expect (scanner, ';', error);
}

/* the scanner stands before the word "key" */
static ChKeyFile *
parse_key (Scanner *scanner,
           GError **error)
{
  g_autoptr(ChKeyFile) file = g_new0 (ChKeyFile, 1);

  if (!expect_word (scanner, _("“key” is missing"), error))
    return NULL;

  if (!g_str_equal (scanner->word, "key"))
    {
      fail (scanner, error, _("a key file holds only “key \"name\" { … };”"));
      return NULL;
    }

  if (!expect_word (scanner, _("the name of the key is missing"), error))
    return NULL;

  file->name = ch_dns_name_tidy (scanner->word);
  return parse_body (scanner, file, error) ? g_steal_pointer (&file) : NULL;
}

static GPtrArray *
parse_all (const char *text,
           GError    **error)
{
  g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_key_file_free);
  g_auto(Scanner) scanner = { .next = text, .line = 1 };

  if (!skip_blanks (&scanner, error))
    return NULL;

  while (*scanner.next != '\0')
    {
      ChKeyFile *file = keys->len < KEYS_MAX ? parse_key (&scanner, error) : NULL;

      if (file == NULL)
        {
          if (keys->len == KEYS_MAX)
            fail (&scanner, error, _("too many keys"));
          return NULL;
        }

      g_ptr_array_add (keys, file);
      if (!skip_blanks (&scanner, error))
        return NULL;
    }

  return g_steal_pointer (&keys);
}

static ChKeyFile *
choose (GPtrArray  *keys,
        const char *name,
        GError    **error)
{
  g_autofree char *wanted = name != NULL ? ch_dns_name_tidy (name) : NULL;

  if (keys->len == 1)
    return g_ptr_array_steal_index (keys, 0);

  for (guint i = 0; wanted != NULL && i < keys->len; i++)
    if (g_str_equal (((ChKeyFile *) keys->pdata[i])->name, wanted))
      return g_ptr_array_steal_index (keys, i);

  if (keys->len == 0)
    ch_error_set (error, CH_ERROR_INVALID, _("The key file holds no key; it looks like: "
                                             "key \"name\" { algorithm hmac-sha256; secret \"…\"; };"));
  else if (wanted != NULL)
    ch_error_set (error, CH_ERROR_INVALID, _("The key file holds no key “%s”"), name);
  else
    ch_error_set (error, CH_ERROR_INVALID,
                  _("The key file holds %u keys; say with “key-name” which one is meant"),
                  keys->len);

  return NULL;
}

ChKeyFile *
ch_key_file_parse (const char *text,
                   const char *name,
                   GError    **error)
{
  g_autoptr(GPtrArray) keys = parse_all (text, error);

  if (keys == NULL)
    return NULL;

  g_autoptr(ChKeyFile) file = choose (keys, name, error);
  if (file == NULL)
    return NULL;

  /* proves name, algorithm and secret */
  g_autoptr(ChTsigKey) key = ch_tsig_key_new (file->name, file->algorithm, file->secret, error);
  return key != NULL ? g_steal_pointer (&file) : NULL;
}
