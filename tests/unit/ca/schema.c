/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "schema.h"

#include <gio/gio.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <string.h>

static char *
folder (void)
{
  const char *given = g_getenv ("CHANCERY_WSDL_DIR");

  return g_strdup (given != NULL ? given : CH_WSDL_DIR);
}

static char *
schema_path (const char *service)
{
  g_autofree char *dir = folder ();
  return g_build_filename (dir, "xsd", service, "envelope.xsd", NULL);
}

static gboolean
is_there (const char *service)
{
  g_autofree char *path = schema_path (service);
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

gboolean
test_schema_available (void)
{
  if (is_there ("GASService"))
    return TRUE;

  g_test_skip ("GlobalSign's schemas are not here; set CHANCERY_WSDL_DIR");
  return FALSE;
}

char *
test_schema_sample (const char *name)
{
  g_autofree char *dir = folder ();
  g_autofree char *path = g_build_filename (dir, "samples", name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS) ? g_steal_pointer (&path) : NULL;
}

static void
complain (void       *data,
          const char *format,
          ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_test_message ("%s", text);
}

/* They are large: each is read once. */
static xmlSchema *
schema_for (const char *service)
{
  static GHashTable *schemas;

  if (schemas == NULL)
    schemas = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  xmlSchema *schema = g_hash_table_lookup (schemas, service);
  if (schema == NULL)
    {
      g_autofree char *path = schema_path (service);
      xmlSchemaParserCtxt *parser = xmlSchemaNewParserCtxt (path);

      schema = xmlSchemaParse (parser);
      g_assert_nonnull (schema);
      xmlSchemaFreeParserCtxt (parser);
      g_hash_table_insert (schemas, g_strdup (service), schema);
    }

  return schema;
}

gboolean
test_schema_accepts (const char *service,
                     const char *message)
{
  xmlSchema *schema = schema_for (service);
  xmlSchemaValidCtxt *validator = xmlSchemaNewValidCtxt (schema);
  xmlDoc *doc = xmlReadMemory (message, strlen (message), NULL, NULL, XML_PARSE_NONET);
  g_assert_nonnull (doc);
  xmlSchemaSetValidErrors (validator, complain, complain, NULL);
  gboolean valid = xmlSchemaValidateDoc (validator, doc) == 0;

  xmlFreeDoc (doc);
  xmlSchemaFreeValidCtxt (validator);
  return valid;
}

void
test_schema_check (const char *service,
                   const char *message)
{
  if (is_there (service) && !test_schema_accepts (service, message))
    g_error ("not valid for %s: %s", service, message);
}
