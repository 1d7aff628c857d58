/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/files.h"

#include "deploy/jks.h"
#include "lib/error.h"
#include "lib/secret.h"
#include "pki/export.h"

#include <gnutls/gnutls.h>

#include <glib/gi18n.h>
#include <string.h>

#define PIECES_MAX 3
#define ALIAS_DEFAULT "tls"
#define STORE_PASSWORD_MIN 6     /* keytool(1) */

typedef enum
{
  PIECE_END,
  PIECE_LEAF,
  PIECE_KEY,
  PIECE_CHAIN,          /* may be empty */
  PIECE_CHAIN_OR_ROOT,  /* must hold something */
} Piece;

static const struct
{
  const char *part;
  Piece pieces[PIECES_MAX + 1];
} parts[] = {
  { "certificate", { PIECE_LEAF } },
  { "key", { PIECE_KEY } },
  { "chain", { PIECE_CHAIN_OR_ROOT } },
  { "fullchain", { PIECE_LEAF, PIECE_CHAIN } },
  { "all", { PIECE_KEY, PIECE_LEAF, PIECE_CHAIN } },
};

typedef struct
{
  const char *text;
  gsize length;
} Span;

static const Piece *
find (const char *part)
{
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (g_strcmp0 (parts[i].part, part) == 0)
      return parts[i].pieces;

  return NULL;
}

static Span
span_of_text (const char *text)
{
  return (Span) { text, text != NULL ? strlen (text) : 0 };
}

static Span
span_of_bytes (GBytes *bytes)
{
  Span span = { NULL, 0 };

  if (bytes != NULL)
    span.text = g_bytes_get_data (bytes, &span.length);
  return span;
}

static gboolean
find_piece (const ChPartSource *source,
            Piece               piece,
            Span               *span,
            GError            **error)
{
  switch (piece)
    {
    case PIECE_LEAF:
      *span = span_of_text (source->leaf);
      return span->length > 0 || ch_error_set (error, CH_ERROR_INVALID, _("There is no certificate yet"));

    case PIECE_KEY:
      *span = span_of_bytes (source->key);
      return span->length > 0
             || ch_error_set (error, CH_ERROR_INVALID,
                              _("The private key is not kept here, because the order came with a request of "
                                "its own: leave the parts “key” and “all” out, and put the key on the server "
                                "by hand"));

    case PIECE_CHAIN:
      *span = span_of_text (source->chain);
      return TRUE;

    case PIECE_CHAIN_OR_ROOT:
      *span = span_of_text (source->chain);
      if (span->length == 0)
        *span = span_of_text (source->root);
      return span->length > 0
             || ch_error_set (error, CH_ERROR_INVALID,
                              _("The CA gave neither intermediates nor a root: leave the part “chain” out"));

    default:
      g_assert_not_reached ();
    }
}

/* The buffer has its size from the start: one that grows would leave copies of the key behind. */
static char *
join (const Span *spans,
      gsize       n,
      gsize      *length)
{
  gsize size = 1;

  for (gsize i = 0; i < n; i++)
    size += spans[i].length + 1;

  char *text = g_malloc0 (size);
  char *end = text;

  for (gsize i = 0; i < n; i++)
    {
      if (spans[i].length == 0)
        continue;
      memcpy (end, spans[i].text, spans[i].length);
      end += spans[i].length;
      if (end[-1] != '\n')
        *end++ = '\n';
    }

  *length = end - text;
  return text;
}

gboolean
ch_part_check (const char *part,
               GError    **error)
{
  if (find (part) != NULL)
    return TRUE;

  g_autoptr(GString) known = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", parts[i].part);

  return ch_error_set (error, CH_ERROR_INVALID, _("There is no part “%s” of a certificate; these are: %s"),
                       part != NULL ? part : "", known->str);
}

gboolean
ch_part_is_secret (const char *part)
{
  const Piece *pieces = find (part);

  for (; pieces != NULL && *pieces != PIECE_END; pieces++)
    if (*pieces == PIECE_KEY)
      return TRUE;

  return FALSE;
}

/* ---- formats ---- */

typedef enum
{
  FORMAT_PEM,
  FORMAT_DER,
  FORMAT_PKCS12,
  FORMAT_JKS,
  N_FORMATS,
} Format;

static const struct
{
  const char *word;
  const char *parts;      /* that it can hold */
} formats[] = {
  [FORMAT_PEM] = { "pem", "certificate, key, chain, fullchain, all" },
  [FORMAT_DER] = { "der", "certificate, key" },
  [FORMAT_PKCS12] = { "pkcs12", "all, fullchain, certificate" },
  [FORMAT_JKS] = { "jks", "all, fullchain, certificate" },
};

static Format
find_format (const char *word)
{
  Format format = FORMAT_PEM;

  if (word == NULL)
    return FORMAT_PEM;
  while (format < N_FORMATS && !g_str_equal (formats[format].word, word))
    format++;

  return format;
}

static gboolean
holds (Format      format,
       const char *part)
{
  g_auto(GStrv) parts_held = g_strsplit (formats[format].parts, ", ", -1);

  return g_strv_contains ((const char *const *) parts_held, part);
}

gboolean
ch_form_check (const ChPartForm *form,
               GError          **error)
{
  Format format = find_format (form->format);

  if (!ch_part_check (form->part, error))
    return FALSE;
  if (format == N_FORMATS)
    return ch_error_set (error, CH_ERROR_INVALID, _("There is no format “%s”; these are: %s"), form->format,
                         "pem, der, pkcs12, jks");
  if (!holds (format, form->part))
    return ch_error_set (error, CH_ERROR_INVALID, _("A file of the format %s cannot hold the part “%s”, only one of: %s"),
                         form->format, form->part, formats[format].parts);
  if (form->alias != NULL && format < FORMAT_PKCS12)
    return ch_error_set (error, CH_ERROR_INVALID, _("Only key stores, pkcs12 and jks, have an alias; leave “%s” out"), form->alias);

  return TRUE;
}

gboolean
ch_form_needs_password (const char *format)
{
  Format found = find_format (format);

  return found == FORMAT_PKCS12 || found == FORMAT_JKS;
}

/* keytool tells its rule of the length only after it has asked. Of other characters than ASCII, programs make
 * different things. */
gboolean
ch_form_check_password (const char *format,
                        const char *password,
                        GError    **error)
{
  if (!ch_form_needs_password (format))
    return TRUE;
  if (password == NULL || *password == '\0')
    return ch_error_set (error, CH_ERROR_INVALID, _("A file of the format %s needs a password; give the deployment one"), format);
  if (!g_str_is_ascii (password) || strpbrk (password, "\r\n") != NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("The password of a key store must be one line of ASCII characters"));
  if (find_format (format) == FORMAT_JKS && strlen (password) < STORE_PASSWORD_MIN)
    return ch_error_set (error, CH_ERROR_INVALID, _("The password of a Java key store must have at least %d characters"),
                         STORE_PASSWORD_MIN);

  return TRUE;
}

static GBytes *
make_pem (const ChPartSource *source,
          const char         *part,
          GError            **error)
{
  const Piece *pieces = find (part);
  Span spans[PIECES_MAX];
  gsize n = 0, length;

  for (; pieces[n] != PIECE_END; n++)
    if (!find_piece (source, pieces[n], &spans[n], error))
      return NULL;

  char *text = join (spans, n, &length);
  return ch_part_is_secret (part) ? ch_secret_take (text, length) : g_bytes_new_take (text, length);
}

/* PKCS#8 without its armour (RFC 7468, 10). */
static GBytes *
make_der_key (GBytes  *pem,
              GError **error)
{
  gsize size;
  const void *data = g_bytes_get_data (pem, &size);
  gnutls_datum_t text = { (void *) data, (guint) size }, der = { NULL, 0 };

  if (gnutls_pem_base64_decode2 ("PRIVATE KEY", &text, &der) < 0)
    {
      ch_error_set (error, CH_ERROR_INVALID, _("The private key cannot be written as DER"));
      return NULL;
    }

  char *copy = g_malloc0 (der.size + 1);
  gsize length = der.size;

  memcpy (copy, der.data, der.size);
  gnutls_memset (der.data, 0, der.size);
  gnutls_free (der.data);
  return ch_secret_take (copy, length);
}

static GBytes *
make_der (const ChPartSource *source,
          const char         *part,
          GError            **error)
{
  g_autoptr(GBytes) pem = make_pem (source, part, error);
  const ChExport what = { .format = CH_EXPORT_DER, .leaf = source->leaf, .chain = "" };

  if (pem == NULL)
    return NULL;

  return ch_part_is_secret (part) ? make_der_key (pem, error) : ch_export (&what, error);
}

static GBytes *
make_store (const ChPartSource *source,
            const ChPartForm   *form,
            GCancellable       *cancellable,
            GError            **error)
{
  g_autoptr(GBytes) pem = make_pem (source, form->part, error);
  gboolean alone = g_str_equal (form->part, "certificate");
  ChExport what = {
    .format = CH_EXPORT_PKCS12,
    .leaf = source->leaf,
    .chain = alone || source->chain == NULL ? "" : source->chain,
    .key = ch_part_is_secret (form->part) ? source->key : NULL,
    .password = form->password,
    .name = form->alias != NULL ? form->alias : ALIAS_DEFAULT,
  };

  if (pem == NULL || !ch_form_check_password (form->format, form->password, error))
    return NULL;
  if (find_format (form->format) == FORMAT_PKCS12)
    return ch_export (&what, error);
  if (what.key == NULL)
    return ch_jks_of_certificates (pem, what.name, form->password, cancellable, error);

  g_autoptr(GBytes) pkcs12 = ch_export (&what, error);
  return pkcs12 != NULL ? ch_jks_of_key (pkcs12, form->password, cancellable, error) : NULL;
}

GBytes *
ch_part_content (const ChPartSource *source,
                 const ChPartForm   *form,
                 GCancellable       *cancellable,
                 GError            **error)
{
  if (!ch_form_check (form, error))
    return NULL;

  switch (find_format (form->format))
    {
    case FORMAT_PEM:
      return make_pem (source, form->part, error);
    case FORMAT_DER:
      return make_der (source, form->part, error);
    default:
      return make_store (source, form, cancellable, error);
    }
}
