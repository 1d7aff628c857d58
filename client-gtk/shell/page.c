/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/page.h"

typedef struct
{
  ChService *service;         /* (owned) */
  gboolean alone;
} ChPagePrivate;

enum
{
  PROP_SERVICE = 1,
  PROP_ALONE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ChPage, ch_page, ADW_TYPE_BIN)

ChService *
ch_page_get_service (ChPage *self)
{
  ChPagePrivate *private = ch_page_get_instance_private (self);

  return private->service;
}

static void
ch_page_get_property (GObject    *object,
                      guint       property,
                      GValue     *value,
                      GParamSpec *pspec)
{
  ChPagePrivate *private = ch_page_get_instance_private (CH_PAGE (object));

  if (property == PROP_SERVICE)
    g_value_set_object (value, private->service);
  else if (property == PROP_ALONE)
    g_value_set_boolean (value, private->alone);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
}

static void
ch_page_set_property (GObject      *object,
                      guint         property,
                      const GValue *value,
                      GParamSpec   *pspec)
{
  ChPagePrivate *private = ch_page_get_instance_private (CH_PAGE (object));

  if (property == PROP_SERVICE)
    private->service = g_value_dup_object (value);
  else if (property == PROP_ALONE)
    private->alone = g_value_get_boolean (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property, pspec);
}

static void
ch_page_finalize (GObject *object)
{
  ChPagePrivate *private = ch_page_get_instance_private (CH_PAGE (object));

  g_clear_object (&private->service);
  G_OBJECT_CLASS (ch_page_parent_class)->finalize (object);
}

static void
ch_page_class_init (ChPageClass *class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  G_OBJECT_CLASS (class)->get_property = ch_page_get_property;
  G_OBJECT_CLASS (class)->set_property = ch_page_set_property;
  G_OBJECT_CLASS (class)->finalize = ch_page_finalize;

  properties[PROP_SERVICE] = g_param_spec_object ("service", NULL, NULL, CH_TYPE_SERVICE,
                                                  flags | G_PARAM_CONSTRUCT_ONLY);
  properties[PROP_ALONE] = g_param_spec_boolean ("alone", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (G_OBJECT_CLASS (class), N_PROPS, properties);
}

static void
ch_page_init (ChPage *self)
{
}
