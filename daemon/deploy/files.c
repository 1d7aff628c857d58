/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/files.h"

#include "lib/error.h"
#include "lib/secret.h"

#include <glib/gi18n.h>
#include <string.h>

#define PIECES_MAX 3

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

GBytes *
ch_part_content (const ChPartSource *source,
                 const char         *part,
                 GError            **error)
{
  const Piece *pieces = find (part);
  Span spans[PIECES_MAX];
  gsize n = 0, length;

  if (!ch_part_check (part, error))
    return NULL;

  for (; pieces[n] != PIECE_END; n++)
    if (!find_piece (source, pieces[n], &spans[n], error))
      return NULL;

  char *text = join (spans, n, &length);
  return ch_part_is_secret (part) ? ch_secret_take (text, length) : g_bytes_new_take (text, length);
}
