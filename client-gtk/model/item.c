/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/item.h"

#include "lib/row.h"

struct _ChItem
{
  GObject parent_instance;

  char *path;                 /* (owned) */
  GVariant *row;              /* (owned) */
};

enum
{
  PROP_PATH = 1,
  PROP_ROW,
  PROP_NAME,
  PROP_KIND,
  PROP_STATE,
  PROP_REASON,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* Of the properties that are texts of the row. */
static const char *const keys[N_PROPS] = {
  [PROP_NAME] = "Name",
  [PROP_KIND] = "Kind",
  [PROP_STATE] = "State",
  [PROP_REASON] = "Reason",
};

G_DEFINE_FINAL_TYPE (ChItem, ch_item, G_TYPE_OBJECT)

const char *
ch_item_get_path (ChItem *self)
{
  return self->path;
}

GVariant *
ch_item_get_row (ChItem *self)
{
  return self->row;
}

const char *
ch_item_get_text (ChItem     *self,
                  const char *key)
{
  return ch_row_string (self->row, key);
}

gint64
ch_item_get_number (ChItem     *self,
                    const char *key)
{
  return ch_row_number (self->row, key);
}

gboolean
ch_item_set_row (ChItem   *self,
                 GVariant *row)
{
  g_autoptr(GVariant) taken = g_variant_ref_sink (row);

  if (g_variant_equal (taken, self->row))
    return FALSE;

  g_variant_unref (self->row);
  self->row = g_steal_pointer (&taken);
  for (guint i = PROP_ROW; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  return TRUE;
}

ChItem *
ch_item_new (const char *path,
             GVariant   *row)
{
  ChItem *self = g_object_new (CH_TYPE_ITEM, NULL);

  self->path = g_strdup (path);
  self->row = g_variant_ref_sink (row);
  return self;
}

/* class */

static void
ch_item_get_property (GObject    *object,
                      guint       property,
                      GValue     *value,
                      GParamSpec *pspec)
{
  ChItem *self = CH_ITEM (object);

  if (property == PROP_PATH)
    g_value_set_string (value, self->path);
  else if (property == PROP_ROW)
    g_value_set_variant (value, self->row);
  else if (property < N_PROPS)
    g_value_set_string (value, ch_row_string (self->row, keys[property]));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
}

static void
ch_item_finalize (GObject *object)
{
  ChItem *self = CH_ITEM (object);

  g_free (self->path);
  g_clear_pointer (&self->row, g_variant_unref);
  G_OBJECT_CLASS (ch_item_parent_class)->finalize (object);
}

static void
ch_item_class_init (ChItemClass *class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  G_OBJECT_CLASS (class)->get_property = ch_item_get_property;
  G_OBJECT_CLASS (class)->finalize = ch_item_finalize;

  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  properties[PROP_ROW] = g_param_spec_variant ("row", NULL, NULL, G_VARIANT_TYPE_VARDICT, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_KIND] = g_param_spec_string ("kind", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_string ("state", NULL, NULL, NULL, flags);
  properties[PROP_REASON] = g_param_spec_string ("reason", NULL, NULL, NULL, flags);
  g_object_class_install_properties (G_OBJECT_CLASS (class), N_PROPS, properties);
}

static void
ch_item_init (ChItem *self)
{
}
