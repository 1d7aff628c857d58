/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/dispatch.h"
#include "bus/rows.h"

#include "engine/templates.h"
#include "lib/paths.h"

static GVariant *
file_row (const ChTemplateFile *file)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  ch_row_put_text (&row, "part", file->part);
  ch_row_put_text (&row, "format", file->format);
  ch_row_put_text (&row, "alias", file->alias);
  ch_row_put_text (&row, "path", file->path);
  ch_row_put_text (&row, "owner", file->owner);
  ch_row_put_text (&row, "group", file->group);
  ch_row_put_text (&row, "mode", file->mode);
  return g_variant_builder_end (&row);
}

static void
put_files (GVariantBuilder  *row,
           const ChTemplate *template)
{
  GVariantBuilder files = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  gboolean needs_password = FALSE;

  for (guint i = 0; i < template->files->len; i++)
    {
      const ChTemplateFile *file = g_ptr_array_index (template->files, i);

      g_variant_builder_add_value (&files, file_row (file));
      needs_password |= ch_form_needs_password (file->format);
    }

  g_variant_builder_add (row, "{sv}", "Files", g_variant_builder_end (&files));
  g_variant_builder_add (row, "{sv}", "NeedsPassword", g_variant_new_boolean (needs_password));
}

/* One that cannot be read has its name and what is wrong with it. */
static GVariant *
template_row (const char *name)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autoptr(GError) problem = NULL;
  g_autoptr(ChTemplate) template = ch_template_find (name, &problem);

  ch_row_put_text (&row, "Name", name);
  ch_row_put_text (&row, "Problem", problem != NULL ? problem->message : NULL);
  if (template == NULL)
    return g_variant_builder_end (&row);

  ch_row_put_text (&row, "Title", template->title);
  ch_row_put_text (&row, "Source", template->source);
  put_files (&row, template);
  ch_row_put_names (&row, "Test", template->test);
  ch_row_put_names (&row, "Reload", template->reload);
  ch_row_put_text (&row, "Unit", template->unit);
  g_variant_builder_add (&row, "{sv}", "Port", g_variant_new_uint32 (template->port));
  ch_row_put_text (&row, "StartTls", template->start_tls);
  g_variant_builder_add (&row, "{sv}", "Patience", g_variant_new_uint32 (template->patience));
  return g_variant_builder_end (&row);
}

static void
list_templates (ChCall *call)
{
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  g_auto(GStrv) names = ch_template_names ();

  for (gsize i = 0; names[i] != NULL; i++)
    g_variant_builder_add_value (&rows, template_row (names[i]));

  ch_call_answer (call, g_variant_new ("(aa{sv})", &rows), NULL);
}

const ChMethod ch_template_methods[] = {
  { CH_IFACE_MANAGER, "ListTemplates", CH_ACTION_VIEW, list_templates },
  { NULL }
};
