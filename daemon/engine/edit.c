/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/edit.h"

#include "engine/alarm.h"
#include "engine/effects.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <string.h>

#define NOTE_MAX 4096
#define TAG_MAX 64
#define TAGS_MAX 32

static gboolean
check_note (const char *note,
            GError    **error)
{
  if (strlen (note) > NOTE_MAX)
    return ch_error_set (error, CH_ERROR_LIMIT, _("A note has at most %d bytes"), NOTE_MAX);

  for (const char *at = note; *at != '\0'; at++)
    if (g_ascii_iscntrl (*at) && *at != '\n' && *at != '\t')
      return ch_error_set (error, CH_ERROR_INVALID, _("A note is text: it holds no control characters but line breaks and tabs"));

  return TRUE;
}

/* Words that can be typed in a shell and stand in a list with commas. */
static gboolean
check_tag (const char *tag,
           GError    **error)
{
  gboolean good = *tag != '\0' && *tag != '-' && strlen (tag) <= TAG_MAX;

  for (const char *at = tag; good && *at != '\0'; at = g_utf8_next_char (at))
    good = g_unichar_isalnum (g_utf8_get_char (at)) || strchr (".-_:/+@=", *at) != NULL;

  return good
         || ch_error_set (error, CH_ERROR_INVALID,
                          _("“%.64s” cannot be a tag: letters, digits and . - _ : / + @ = are possible, up to %d bytes"), tag, TAG_MAX);
}

/* (transfer full): without doubles, which differ in more than capital letters; in their order */
static char **
read_tags (const char *const *tags,
           GError            **error)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (; *tags != NULL; tags++)
    {
      if (!check_tag (*tags, error))
        return NULL;
      if (g_hash_table_add (seen, g_ascii_strdown (*tags, -1)))
        g_ptr_array_add (list, g_strdup (*tags));
    }

  if (list->len > TAGS_MAX)
    {
      ch_error_set (error, CH_ERROR_LIMIT, _("An order has at most %d tags"), TAGS_MAX);
      return NULL;
    }

  g_ptr_array_add (list, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&list), FALSE);
}

gboolean
ch_order_edit_words (ChOrder            *order,
                     const ChOrderEdit  *edit,
                     GError            **error)
{
  if (edit->note != NULL)
    {
      if (!check_note (edit->note, error))
        return FALSE;
      g_free (order->note);
      order->note = *edit->note != '\0' ? g_strdup (edit->note) : NULL;
    }

  if (edit->tags != NULL)
    {
      char **tags = read_tags (edit->tags, error);

      if (tags == NULL)
        return FALSE;
      g_strfreev (order->tags);
      order->tags = tags;
    }

  return TRUE;
}

/* When it is replaced, and when somebody is told, is looked at anew. */
static gboolean
edit_flags (ChOrder            *order,
            const ChOrderEdit  *edit,
            GError            **error)
{
  gint64 now = ch_now ();

  if (edit->auto_replace == NULL && edit->auto_renew == NULL)
    return TRUE;
  if (ch_order_state_is_final (order->state))
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("Order %" PRId64 " has ended; it is not replaced any more"), order->id);
  if (edit->auto_replace != NULL && *edit->auto_replace && order->csr != NULL && order->key_ref == NULL)
    return ch_error_set (error, CH_ERROR_WRONG_STATE,
                         _("The private key of order %" PRId64 " is not here, so it cannot replace itself: reissue it once with a key "
                           "that is made here"), order->id);

  if (edit->auto_replace != NULL)
    order->auto_replace = *edit->auto_replace;
  if (edit->auto_renew != NULL)
    order->auto_renew = *edit->auto_renew;
  order->replace_at = order->issued_at != 0 && order->auto_replace ? now : 0;
  order->tell_at = order->issued_at != 0 ? now : 0;
  return TRUE;
}

gboolean
ch_order_edit (ChWorld            *world,
               gint64              id,
               const ChOrderEdit  *edit,
               const ChActor      *actor,
               GError            **error)
{
  g_autoptr(ChOrder) order = ch_store_get_order (world->store, id, error);

  if (order == NULL || !ch_order_edit_words (order, edit, error) || !edit_flags (order, edit, error)
      || !ch_store_update_order (world->store, order, error))
    return FALSE;

  ch_order_note (world, actor, order, "order.edit", _("Changed"));
  ch_order_tell (world, id, CH_CHANGE_CHANGED);
  return TRUE;
}
