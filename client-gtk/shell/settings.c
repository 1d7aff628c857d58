/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/settings.h"

#include "application.h"

GSettings *
ch_settings_new (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchema) schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, CH_APPLICATION_ID, TRUE);
  return schema != NULL ? g_settings_new (CH_APPLICATION_ID) : NULL;
}
