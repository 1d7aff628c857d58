/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "order-row.h"

#include "lib/row.h"
#include "model/words.h"

struct _ChOrderRow
{
  GObject parent_instance;

  guint64 id;
  char *name;             /* (owned) */
  char *state;            /* (owned) */
  char *reason;           /* (owned) */
  char *account;          /* (owned) */
  char *product;          /* (owned) */
  char *served;           /* (owned) */
  gint64 not_after;
  gint64 term_end;

  gboolean loaded;
  gboolean stale;
};

enum
{
  PROP_ID = 1,
  PROP_LOADED,
  PROP_NAME,
  PROP_STATE,
  PROP_REASON,
  PROP_ACCOUNT,
  PROP_PRODUCT,
  PROP_SERVED,
  PROP_NOT_AFTER,
  PROP_TERM_END,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

const char *const ch_order_row_columns[] = { "Name", "State", "Reason", "AccountName", "Product", "Served",
                                             "NotAfter", "TermEnd", NULL };

G_DEFINE_FINAL_TYPE (ChOrderRow, ch_order_row, G_TYPE_OBJECT)

ChOrderRow *
ch_order_row_new (guint64 id)
{
  ChOrderRow *row = g_object_new (CH_TYPE_ORDER_ROW, NULL);

  row->id = id;
  return row;
}

guint64
ch_order_row_get_id (ChOrderRow *row)
{
  return row->id;
}

const char *
ch_order_row_get_name (ChOrderRow *row)
{
  return row->name;
}

const char *
ch_order_row_get_state (ChOrderRow *row)
{
  return row->state;
}

gboolean
ch_order_row_is_stale (ChOrderRow *row)
{
  return row->stale;
}

void
ch_order_row_set_stale (ChOrderRow *row,
                        gboolean    stale)
{
  row->stale = stale;
}

static void
take_text (ChOrderRow *row,
           char      **field,
           const char *text,
           guint       property)
{
  if (g_str_equal (*field, text))
    return;

  g_free (*field);
  *field = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (row), properties[property]);
}

static void
take_time (ChOrderRow *row,
           gint64     *field,
           gint64      time,
           guint       property)
{
  if (*field == time)
    return;

  *field = time;
  g_object_notify_by_pspec (G_OBJECT (row), properties[property]);
}

void
ch_order_row_fill (ChOrderRow *row,
                   GVariant   *facts)
{
  g_autofree char *reason = ch_words_without_commands (ch_row_string (facts, "Reason"));

  g_object_freeze_notify (G_OBJECT (row));
  take_text (row, &row->name, ch_row_string (facts, "Name"), PROP_NAME);
  take_text (row, &row->state, ch_row_string (facts, "State"), PROP_STATE);
  take_text (row, &row->reason, reason, PROP_REASON);
  take_text (row, &row->account, ch_row_string (facts, "AccountName"), PROP_ACCOUNT);
  take_text (row, &row->product, ch_row_string (facts, "Product"), PROP_PRODUCT);
  take_text (row, &row->served, ch_row_string (facts, "Served"), PROP_SERVED);
  take_time (row, &row->not_after, ch_row_number (facts, "NotAfter"), PROP_NOT_AFTER);
  take_time (row, &row->term_end, ch_row_number (facts, "TermEnd"), PROP_TERM_END);
  if (!row->loaded)
    {
      row->loaded = TRUE;
      g_object_notify_by_pspec (G_OBJECT (row), properties[PROP_LOADED]);
    }
  g_object_thaw_notify (G_OBJECT (row));
}

static void
ch_order_row_get_property (GObject    *object,
                           guint       property,
                           GValue     *value,
                           GParamSpec *pspec)
{
  ChOrderRow *row = CH_ORDER_ROW (object);

  switch (property)
    {
    case PROP_ID:
      g_value_set_uint64 (value, row->id);
      break;
    case PROP_LOADED:
      g_value_set_boolean (value, row->loaded);
      break;
    case PROP_NAME:
      g_value_set_string (value, row->name);
      break;
    case PROP_STATE:
      g_value_set_string (value, row->state);
      break;
    case PROP_REASON:
      g_value_set_string (value, row->reason);
      break;
    case PROP_ACCOUNT:
      g_value_set_string (value, row->account);
      break;
    case PROP_PRODUCT:
      g_value_set_string (value, row->product);
      break;
    case PROP_SERVED:
      g_value_set_string (value, row->served);
      break;
    case PROP_NOT_AFTER:
      g_value_set_int64 (value, row->not_after);
      break;
    case PROP_TERM_END:
      g_value_set_int64 (value, row->term_end);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
    }
}

static void
ch_order_row_finalize (GObject *object)
{
  ChOrderRow *row = CH_ORDER_ROW (object);

  g_free (row->name);
  g_free (row->state);
  g_free (row->reason);
  g_free (row->account);
  g_free (row->product);
  g_free (row->served);
  G_OBJECT_CLASS (ch_order_row_parent_class)->finalize (object);
}

static GParamSpec *
text_property (const char *name)
{
  return g_param_spec_string (name, NULL, NULL, "",
                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
}

static void
ch_order_row_class_init (ChOrderRowClass *class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  G_OBJECT_CLASS (class)->get_property = ch_order_row_get_property;
  G_OBJECT_CLASS (class)->finalize = ch_order_row_finalize;

  properties[PROP_ID] = g_param_spec_uint64 ("id", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, flags);
  properties[PROP_NAME] = text_property ("name");
  properties[PROP_STATE] = text_property ("state");
  properties[PROP_REASON] = text_property ("reason");
  properties[PROP_ACCOUNT] = text_property ("account");
  properties[PROP_PRODUCT] = text_property ("product");
  properties[PROP_SERVED] = text_property ("served");
  properties[PROP_TERM_END] = g_param_spec_int64 ("term-end", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  properties[PROP_NOT_AFTER] = g_param_spec_int64 ("not-after", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  g_object_class_install_properties (G_OBJECT_CLASS (class), N_PROPS, properties);
}

static void
ch_order_row_init (ChOrderRow *row)
{
  row->name = g_strdup ("");
  row->state = g_strdup ("");
  row->reason = g_strdup ("");
  row->account = g_strdup ("");
  row->product = g_strdup ("");
  row->served = g_strdup ("");
  row->stale = TRUE;
}
