/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/draft-private.h"

#include "engine/alarm.h"
#include "engine/defaults.h"
#include "engine/edit.h"
#include "lib/error.h"
#include "lib/times.h"
#include "pki/chain.h"

#include <glib/gi18n.h>
#include <string.h>

/* What few orders say: the kind of order, and the options of ChOrder.options. */

void
ch_drafting_take_kind (ChDrafting *drafting)
{
  const char *nick = drafting->draft->kind;
  ChOrder *order = drafting->order;
  int kind = CH_ORDER_KIND_NEW;
  GError *error = NULL;

  drafting->about = "kind";
  if (nick != NULL && *nick != '\0' && !ch_from_nick (CH_TYPE_ORDER_KIND, nick, &kind, &error))
    ch_drafting_note (drafting, error);

  order->kind = kind;
  order->renews_id = drafting->draft->renews_id;
  order->renews_ca = g_strdup (drafting->draft->renews_ca);
  if (kind == CH_ORDER_KIND_RENEWAL && order->renews_ca == NULL)
    ch_drafting_say (drafting, _("A renewal begins with the order that it renews: use “chancery order renew”"));
}

static gint64
time_of (GHashTable *options,
         const char *key)
{
  const char *text = g_hash_table_lookup (options, key);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

/* A time of one's own shortens what was paid for; it cannot lengthen it. */
static void
check_times (ChDrafting *drafting)
{
  gint64 now = ch_now ();
  gint64 begin = time_of (drafting->order->options, "not-before"), end = time_of (drafting->order->options, "not-after");
  g_autoptr(GDateTime) start = g_date_time_new_from_unix_utc (MAX (begin, now));
  g_autoptr(GDateTime) term = g_date_time_add_months (start, drafting->order->term_months);

  drafting->about = "not-before";
  if (begin != 0 && begin < now)
    ch_drafting_say (drafting, _("The certificate cannot begin in the past"));
  drafting->about = "not-after";
  if (end != 0 && end <= MAX (begin, now))
    ch_drafting_say (drafting, _("The certificate must end after it begins, and not in the past"));
  if (end != 0 && term != NULL && end > g_date_time_to_unix (term))
    ch_drafting_say (drafting, _("The certificate cannot end later than the term of %d months"), drafting->order->term_months);
}

static void
check_replaced (ChDrafting *drafting)
{
  const char *pem = g_hash_table_lookup (drafting->order->options, "replaces");
  gboolean is_transfer = drafting->order->kind == CH_ORDER_KIND_TRANSFER;
  GError *error = NULL;

  drafting->about = "replaces";
  if (is_transfer && pem == NULL)
    ch_drafting_say (drafting, _("A transfer needs the certificate of the other CA that it takes over"));
  if (!is_transfer && pem != NULL)
    ch_drafting_say (drafting, _("The certificate of another CA goes with a transfer only"));
  if (!is_transfer || pem == NULL)
    return;

  g_autoptr(ChCert) cert = ch_cert_parse (pem, &error);
  if (cert == NULL)
    ch_drafting_note (drafting, error);
  else if (cert->not_after <= ch_now ())
    ch_drafting_say (drafting, _("The certificate of the other CA has ended: order a new one"));
}

/* Each by itself, so that every one that is wrong is told; then whether there are any others. */
static gboolean
check_options (ChDrafting *drafting)
{
  guint before = drafting->problems->len;
  GError *stranger = NULL;

  for (const ChField *field = ch_order_option_fields; field->name != NULL; field++)
    {
      const char *value = g_hash_table_lookup (drafting->order->options, field->name);
      g_autoptr(GHashTable) one = g_hash_table_new (g_str_hash, g_str_equal);
      ChField alone[2] = { *field, { NULL } };
      GError *error = NULL;

      if (value == NULL)
        continue;
      drafting->about = field->name;
      g_hash_table_insert (one, (gpointer) field->name, (gpointer) value);
      ch_fields_check (alone, one, NULL, &error);
      ch_drafting_note (drafting, error);
    }

  drafting->about = NULL;
  if (drafting->problems->len == before)
    ch_fields_check (ch_order_option_fields, drafting->order->options, NULL, &stranger);
  ch_drafting_note (drafting, stranger);
  return drafting->problems->len == before;
}

void
ch_drafting_take_options (ChDrafting *drafting)
{
  GHashTable *options = drafting->order->options = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTable *given = drafting->draft->options;
  GHashTableIter iter;
  gpointer key, value;

  if (given != NULL)
    {
      g_hash_table_iter_init (&iter, given);
      while (g_hash_table_iter_next (&iter, &key, &value))
        if (*(const char *) value != '\0')
          g_hash_table_insert (options, g_strdup (key), g_strdup (value));
    }

  if (!check_options (drafting))
    return;

  check_times (drafting);
  check_replaced (drafting);
}

void
ch_drafting_take_words (ChDrafting *drafting)
{
  const ChOrderEdit note = { .note = drafting->draft->note };
  const ChOrderEdit tags = { .tags = (const char *const *) drafting->draft->tags };
  GError *error = NULL;

  drafting->about = "note";
  ch_order_edit_words (drafting->order, &note, &error);
  ch_drafting_note (drafting, g_steal_pointer (&error));

  drafting->about = "tags";
  ch_order_edit_words (drafting->order, &tags, &error);
  ch_drafting_note (drafting, error);
}
