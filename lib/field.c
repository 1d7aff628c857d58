/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "field.h"

#include "error.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

#define VALUE_MAX (64 * 1024)

static const ChField *
find (const ChField *fields,
      const char    *name)
{
  for (const ChField *field = fields; field->name != NULL; field++)
    if (g_str_equal (field->name, name))
      return field;

  return NULL;
}

static gboolean
is_choice (const char *choices,
           const char *value)
{
  g_auto(GStrv) list = g_strsplit (choices, "|", -1);
  return g_strv_contains ((const char *const *) list, value);
}

static gboolean
check_value (const ChField *field,
             const char    *value,
             GError       **error)
{
  if (strlen (value) > VALUE_MAX)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is longer than 64 KiB"), field->name);

  if (!(field->flags & CH_FIELD_MULTILINE) && strpbrk (value, "\r\n") != NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” must be one line"), field->name);

  if (field->choices != NULL && !is_choice (field->choices, value))
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not a choice for “%s”; these are: %s"),
                         value, field->name, field->choices);

  if (field->check != NULL && !field->check (value, error))
    {
      g_prefix_error (error, "%s: ", field->name);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_given (const ChField *fields,
             GHashTable    *given,
             ChFieldFlags   kind,
             GError       **error)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, given);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      const ChField *field = find (fields, name);

      if (field == NULL)
        return ch_error_set (error, CH_ERROR_INVALID, _("There is no setting “%s” here"), (char *) name);

      if ((field->flags & CH_FIELD_SECRET) != kind)
        return ch_error_set (error, CH_ERROR_INVALID,
                             kind ? _("“%s” is not a secret: give it as a setting")
                                  : _("“%s” is a secret: give it as a secret, not as a setting"),
                             field->name);

      if (*(char *) value != '\0' && !check_value (field, value, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_required (const ChField *fields,
                GHashTable    *settings,
                GHashTable    *secrets,
                GError       **error)
{
  for (const ChField *field = fields; field->name != NULL; field++)
    {
      GHashTable *where = field->flags & CH_FIELD_SECRET ? secrets : settings;

      if (where != NULL && (field->flags & CH_FIELD_REQUIRED)
          && ch_fields_get (fields, where, field->name) == NULL)
        return ch_error_set (error, CH_ERROR_INVALID, _("“%s” (%s) is missing"),
                             field->name, _(field->title));
    }

  return TRUE;
}

gboolean
ch_fields_check (const ChField *fields,
                 GHashTable    *settings,
                 GHashTable    *secrets,
                 GError       **error)
{
  return check_given (fields, settings, 0, error)
         && (secrets == NULL || check_given (fields, secrets, CH_FIELD_SECRET, error))
         && check_required (fields, settings, secrets, error);
}

const char *
ch_fields_get (const ChField *fields,
               GHashTable    *settings,
               const char    *name)
{
  const ChField *field = find (fields, name);
  const char *value = g_hash_table_lookup (settings, name);

  g_return_val_if_fail (field != NULL, NULL);
  return value != NULL && *value != '\0' ? value : field->fallback;
}

const ChField *
ch_fields_find_moved (const ChField *fields,
                      GHashTable    *before,
                      GHashTable    *after)
{
  for (const ChField *field = fields; field->name != NULL; field++)
    if ((field->flags & CH_FIELD_WHERE)
        && g_strcmp0 (ch_fields_get (fields, before, field->name), ch_fields_get (fields, after, field->name)) != 0)
      return field;

  return NULL;
}

gboolean
ch_field_check_host (const char *value,
                     GError    **error)
{
  g_autoptr(GSocketConnectable) host = g_network_address_parse (value, 1, NULL);

  if (host == NULL || strpbrk (value, " /@?#") != NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not a host name or address"), value);

  return TRUE;
}

gboolean
ch_field_check_port (const char *value,
                     GError    **error)
{
  if (!g_ascii_string_to_unsigned (value, 10, 1, 65535, NULL, NULL))
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not a port: 1 to 65535"), value);

  return TRUE;
}

gboolean
ch_field_check_range (const char *value,
                      guint       minimum,
                      guint       maximum,
                      GError    **error)
{
  if (!g_ascii_string_to_unsigned (value, 10, minimum, maximum, NULL, NULL))
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not a whole number from %u to %u"), value, minimum,
                         maximum);

  return TRUE;
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (host);

  return g_str_equal (host, "localhost")
         || (address != NULL && g_inet_address_get_is_loopback (address));
}

gboolean
ch_field_check_url (const char *value,
                    GError    **error)
{
  g_autoptr(GUri) uri = g_uri_parse (value, G_URI_FLAGS_NONE, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not a URL such as https://host/path"), value);

  if (g_uri_get_userinfo (uri) != NULL || g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("The URL may hold no user, query or fragment"));

  if (!g_str_equal (g_uri_get_scheme (uri), "https")
      && !(g_str_equal (g_uri_get_scheme (uri), "http") && is_loopback (g_uri_get_host (uri))))
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” must begin with https:// (http:// is allowed for this machine only)"), value);

  return TRUE;
}

gboolean
ch_field_check_pem (const char *value,
                    GError    **error)
{
  if (strstr (value, "-----BEGIN CERTIFICATE-----") == NULL
      || strstr (value, "-----END CERTIFICATE-----") == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("This is not a certificate in PEM form"));

  return TRUE;
}
