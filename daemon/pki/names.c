/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/names.h"

#include "lib/error.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <idn2.h>
#include <string.h>

#define MAX_LABEL 63
#define MAX_NAME 253
/* A name of 253 octets is shorter than this in Unicode too: the bytes of a label, in UTF-8, are less
 * than four times the octets of its A-label. */
#define MAX_WRITTEN 1024
/* How much of a wrong name an error repeats. */
#define MAX_QUOTED 80

/* What was written, fit to stand in a sentence: no control or formatting characters, which could turn
 * the sentence around on a terminal, and not endless. */
static char *
quotable (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *quoted = g_string_new (NULL);
  guint length = 0;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (length++ == MAX_QUOTED)
        {
          g_string_append (quoted, "…");
          break;
        }
      g_string_append_unichar (quoted, g_unichar_isgraph (c) || c == ' ' ? c : 0xfffd);
    }

  return g_string_free (quoted, FALSE);
}

/* Returns: always %FALSE; @format has one "%s", for the name. */
static gboolean
refuse (GError    **error,
        const char *format,
        const char *name)
{
  g_autofree char *quoted = quotable (name);

  return ch_error_set (error, CH_ERROR_INVALID, format, quoted);
}

static gboolean
is_all (const char *label,
        gboolean (*is) (char))
{
  for (; *label != '\0'; label++)
    if (!is (*label))
      return FALSE;

  return TRUE;
}

static gboolean
is_digit (char c)
{
  return g_ascii_isdigit (c);
}

/* An underscore is no letter of a host name, but names of DNS records hold it; ch_names_check()
 * refuses it in a certificate. */
static gboolean
is_label_char (char c)
{
  return g_ascii_islower (c) || g_ascii_isdigit (c) || c == '-' || c == '_';
}

/* The U-label of an A-label, or %NULL when it stands for none: RFC 5891 section 4.4 wants one that is
 * valid and comes back as the same A-label. This is the strict check of registries; libidn2's lookup
 * lets a few characters through that none registers. */
static char *
decode_label (const char *label)
{
  char *unicode = NULL;
  guint8 *back = NULL;
  char *result = NULL;

  if (idn2_to_unicode_8z8z (label, &unicode, 0) == IDN2_OK
      && idn2_register_u8 ((const guint8 *) unicode, (const guint8 *) label, &back, 0) == IDN2_OK)
    result = g_strdup (unicode);

  idn2_free (unicode);
  idn2_free (back);
  return result;
}

static gboolean
refuse_character (GError    **error,
                  const char *name)
{
  return refuse (error,
                 _("“%s” has a character that international host names do not allow, such as a symbol, an "
                   "emoji or a blank"), name);
}

static gboolean
check_alabel (const char *label,
              const char *name,
              GError    **error)
{
  g_autofree char *unicode = decode_label (label);

  if (unicode != NULL)
    return TRUE;
  if (!g_str_is_ascii (name))
    return refuse_character (error, name);

  return refuse (error,
                 _("“%s” has a label “xn--…” that stands for no valid international name. Write the name in "
                   "its own letters"), name);
}

static gboolean
check_label (const char *label,
             const char *name,
             GError    **error)
{
  gsize length = strlen (label);

  if (length == 0)
    return refuse (error,
                   _("“%s” has an empty label: a dot in front or two dots in a row. Remove one"), name);
  if (length > MAX_LABEL)
    return refuse (error,
                   _("“%s” has more than 63 characters between two dots, which no host name may"), name);
  if (!is_all (label, is_label_char))
    return refuse (error,
                   _("“%s” is no host name: only letters, digits, hyphens and dots may stand in one"), name);
  if (label[0] == '-' || label[length - 1] == '-')
    return refuse (error,
                   _("“%s” has a hyphen at the beginning or end of a label, which no host name may"), name);
  if (g_str_has_prefix (label, "xn--"))
    return check_alabel (label, name, error);
  if (length > 3 && label[2] == '-' && label[3] == '-')
    return refuse (error,
                   _("“%s” has hyphens at the third and fourth place of a label, which is reserved"), name);

  return TRUE;
}

static gboolean
check_labels (const char *ascii,
              const char *name,
              GError    **error)
{
  g_auto(GStrv) labels = g_strsplit (ascii, ".", -1);
  gsize n = g_strv_length (labels);

  if (n == 0)
    return refuse (error, _("“%s” is no host name. Write one like “www.example.com”"), name);
  for (gsize i = 0; i < n; i++)
    if (!check_label (labels[i], name, error))
      return FALSE;

  /* RFC 3696 section 2: no top-level domain is all digits, so that none is taken for an address. */
  if (is_all (labels[n - 1], is_digit))
    return refuse (error,
                   _("“%s” ends in digits: it is neither a host name nor a complete IP address"), name);

  return TRUE;
}

/* UTS 46 without transitional processing, so that "ß" stays a letter of its own as in IDNA 2008. */
static char *
to_ascii (const char *name,
          GError    **error)
{
  guint8 *found = NULL;
  int code;

  if (g_str_is_ascii (name))
    return g_ascii_strdown (name, -1);

  code = idn2_lookup_u8 ((const guint8 *) name, &found, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  if (code == IDN2_OK)
    {
      char *ascii = g_strdup ((const char *) found);

      idn2_free (found);
      return ascii;
    }

  if (code == IDN2_TOO_BIG_LABEL || code == IDN2_TOO_BIG_DOMAIN || code == IDN2_PUNYCODE_BIG_OUTPUT)
    refuse (error,
            _("“%s” is too long: 63 octets between two dots and 253 in all are allowed, counted in the "
              "ASCII form “xn--…”"), name);
  else if (code == IDN2_BIDI)
    refuse (error,
            _("“%s” mixes right-to-left and left-to-right letters in one label, which names may not"), name);
  else
    refuse_character (error, name);
  return NULL;
}

static void
drop_final_dot (char *name)
{
  if (g_str_has_suffix (name, "."))
    name[strlen (name) - 1] = '\0';
}

static gboolean
check_shape (const char *name,
             GError    **error)
{
  if (*name == '\0')
    return ch_error_set (error, CH_ERROR_INVALID, _("The name is empty. Write one like “www.example.com”"));
  if (strlen (name) > MAX_WRITTEN)
    return refuse (error, _("“%s” is too long: a host name has at most 253 characters"), name);
  if (!g_utf8_validate (name, -1, NULL))
    return refuse (error, _("“%s” is not valid UTF-8. Write the name again"), name);
  if (strpbrk (name, "/:@?#[]") != NULL)
    return refuse (error,
                   _("“%s” is not a bare name. Leave away “https://”, the user, the port and the path"),
                   name);

  return TRUE;
}

static char *
normalise_host (const char *host,
                const char *name,
                GError    **error)
{
  g_autofree char *ascii = NULL;

  if (strchr (host, '*') != NULL)
    {
      refuse (error,
              _("In “%s” the “*” is at a wrong place: it may only be the whole first label, as in "
                "“*.example.com”"), name);
      return NULL;
    }

  ascii = to_ascii (host, error);
  if (ascii == NULL)
    return NULL;

  drop_final_dot (ascii);
  return check_labels (ascii, name, error) ? g_steal_pointer (&ascii) : NULL;
}

char *
ch_name_normalise (const char *text,
                   GError    **error)
{
  g_autofree char *name = g_strstrip (g_strdup (text));
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (name);
  gboolean wildcard = g_str_has_prefix (name, "*.");

  if (address != NULL)
    return g_inet_address_to_string (address);
  if (!check_shape (name, error))
    return NULL;

  g_autofree char *host = normalise_host (wildcard ? name + 2 : name, name, error);
  if (host == NULL)
    return NULL;

  g_autofree char *normal = g_strconcat (wildcard ? "*." : "", host, NULL);
  if (strlen (normal) > MAX_NAME)
    {
      refuse (error, _("“%s” is too long: a host name has at most 253 characters"), name);
      return NULL;
    }

  return g_steal_pointer (&normal);
}

char *
ch_name_display (const char *name)
{
  g_auto(GStrv) labels = g_strsplit (name, ".", -1);

  for (gsize i = 0; labels[i] != NULL; i++)
    {
      char *unicode = g_str_has_prefix (labels[i], "xn--") ? decode_label (labels[i]) : NULL;

      if (unicode == NULL)
        continue;
      g_free (labels[i]);
      labels[i] = unicode;
    }

  return g_strjoinv (".", labels);
}

gboolean
ch_name_is_below (const char *name,
                  const char *domain)
{
  gsize name_length = strlen (name);
  gsize domain_length = strlen (domain);

  if (domain_length == 0 || name_length < domain_length
      || g_ascii_strcasecmp (name + name_length - domain_length, domain) != 0)
    return FALSE;
  if (name_length == domain_length)
    return TRUE;

  return name_length > domain_length + 1
         && name[name_length - domain_length - 1] == '.'
         && !g_hostname_is_ip_address (name);
}

static gboolean
is_twin (const char        *name,
         const char *const *names)
{
  g_autofree char *longer = g_strconcat ("www.", name, NULL);
  g_autofree char *wild = g_strconcat ("*.", name, NULL);

  return g_strv_contains (names, longer) || g_strv_contains (names, wild)
         || (g_str_has_prefix (name, "www.") && g_strv_contains (names, name + strlen ("www.")));
}

gboolean
ch_names_differ (const char *const *wanted,
                 const char *const *had)
{
  for (gsize i = 0; wanted[i] != NULL; i++)
    if (!g_strv_contains (had, wanted[i]))
      return TRUE;

  for (gsize i = 0; had[i] != NULL; i++)
    if (!g_strv_contains (wanted, had[i]) && !is_twin (had[i], wanted))
      return TRUE;

  return FALSE;
}

char **
ch_names_without_twins (const char *const *names)
{
  g_autoptr(GPtrArray) kept = g_ptr_array_new_null_terminated (4, g_free, TRUE);

  for (gsize i = 0; names[i] != NULL; i++)
    if (!is_twin (names[i], (const char *const *) kept->pdata))
      g_ptr_array_add (kept, g_strdup (names[i]));

  return (char **) g_ptr_array_free (g_steal_pointer (&kept), FALSE);
}
