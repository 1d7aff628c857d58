/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloudflare-private.h"

#include "dns/name.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

#define ZONES_NAMED 5
#define ZONES_PER_PAGE 50

/* Only an active zone of type "full" is answered for by Cloudflare's name servers from these records: what
 * is written into another one is not seen. */
static gboolean
is_served (JsonObject *zone)
{
  return g_strcmp0 (ch_json_get_text (zone, "status"), "active") == 0
         && g_strcmp0 (ch_json_get_text (zone, "type"), "full") == 0;
}

gboolean
ch_cloudflare_is_id (const char *id)
{
  return id != NULL && strlen (id) == 32 && id[strspn (id, "0123456789abcdef")] == '\0';
}

/* Looks for a zone of just this name. FALSE with @error unset: there is none that helps.
 * @unserved: (inout): the first that is there and does not help */
static gboolean
find_zone_named (ChCloudflare *self,
                 const char   *name,
                 char        **id,
                 JsonObject  **unserved,
                 GError      **error)
{
  g_autofree char *tidy = ch_dns_name_tidy (name);
  g_autofree char *path = g_strconcat ("/zones?name=", tidy, NULL);
  g_autoptr(GPtrArray) zones = ch_cloudflare_list (self, path, ZONES_PER_PAGE, error);

  for (guint i = 0; zones != NULL && i < zones->len; i++)
    {
      JsonObject *zone = zones->pdata[i];

      if (g_strcmp0 (ch_json_get_text (zone, "name"), tidy) != 0
          || !ch_cloudflare_is_id (ch_json_get_text (zone, "id")))
        continue;
      if (is_served (zone))
        {
          *id = g_strdup (ch_json_get_text (zone, "id"));
          return TRUE;
        }
      if (*unserved == NULL)
        *unserved = json_object_ref (zone);
    }

  return FALSE;
}

static gboolean
fail_unserved (JsonObject *zone,
               GError    **error)
{
  g_autofree char *name = ch_service_words (ch_json_get_text (zone, "name"));
  g_autofree char *status = ch_service_words (ch_json_get_text (zone, "status"));
  g_autofree char *type = ch_service_words (ch_json_get_text (zone, "type"));

  if (!g_str_equal (status, "active"))
    return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                         _("The zone “%s” is at Cloudflare, but not in force (%s): nobody would see a "
                           "record there. Delegate it to Cloudflare's name servers, or use an account where "
                           "it is"), name, status);

  return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                       _("The zone “%s” is at Cloudflare as “%s” only: other name servers answer for it. "
                         "Use an account for those"), name, type);
}

static char *
names_of (GPtrArray *zones)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < zones->len && i < ZONES_NAMED; i++)
    {
      g_autofree char *name = ch_service_words (ch_json_get_text (zones->pdata[i], "name"));
      g_string_append_printf (text, "%s“%s”", i > 0 ? ", " : "", name);
    }
  if (zones->len > ZONES_NAMED)
    g_string_append (text, ", …");

  return g_string_free (text, FALSE);
}

static gboolean
fail_no_zone (ChCloudflare *self,
              const char   *name,
              GError      **error)
{
  g_autoptr(GPtrArray) zones = ch_cloudflare_list (self, "/zones", ZONES_PER_PAGE, error);

  if (zones == NULL)
    return FALSE;
  if (zones->len == 0)
    return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                         _("Cloudflare shows no zone at all to these credentials, so none for “%s”; give "
                           "the API token Zone: Zone: Read, or give “zone” and “zone-id”"), name);

  g_autofree char *seen = names_of (zones);
  return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                       _("Cloudflare has no zone for “%s” with these credentials; it shows %s"), name, seen);
}

char *
ch_cloudflare_find_zone (ChCloudflare *self,
                         const char   *name,
                         GError      **error)
{
  g_autoptr(JsonObject) unserved = NULL;

  for (const char *at = name; at != NULL && strchr (at, '.') != NULL; at = ch_dns_name_parent (at))
    {
      g_autofree char *id = NULL;
      g_autoptr(GError) failure = NULL;

      if (find_zone_named (self, at, &id, &unserved, &failure))
        return ch_dns_name_tidy (at);

      if (failure != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return NULL;
        }
    }

  if (unserved != NULL)
    fail_unserved (unserved, error);
  else
    fail_no_zone (self, name, error);
  return NULL;
}

char *
ch_cloudflare_zone_id (ChCloudflare *self,
                       const char   *zone,
                       GError      **error)
{
  const char *pinned = ch_fields_get (ch_cloudflare_fields, self->settings, "zone-id");
  g_autoptr(JsonObject) unserved = NULL;
  g_autoptr(GError) failure = NULL;
  char *id = NULL;

  if (pinned != NULL)
    return g_strdup (pinned);
  if (find_zone_named (self, zone, &id, &unserved, &failure))
    return id;

  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (unserved != NULL)
    fail_unserved (unserved, error);
  else
    fail_no_zone (self, zone, error);
  return NULL;
}

/* A token that may only write into one zone sees no list of zones: but it sees the records. */
static gboolean
verify_pinned (ChCloudflare *self,
               const char   *id,
               GPtrArray    *names,
               GError      **error)
{
  g_autofree char *path = g_strdup_printf ("/zones/%s/dns_records?type=TXT&per_page=%d", id, ZONES_PER_PAGE);
  ChCloudflareSpecial special;
  g_autoptr(JsonNode) envelope = ch_cloudflare_ask (self, "GET", path, NULL, &special, error);

  if (envelope != NULL)
    g_ptr_array_add (names, ch_dns_name_tidy (ch_fields_get (ch_cloudflare_fields, self->settings, "zone")));

  return envelope != NULL;
}

gboolean
ch_cloudflare_verify (ChCloudflare *self,
                      GPtrArray    *names,
                      GError      **error)
{
  const char *id = ch_fields_get (ch_cloudflare_fields, self->settings, "zone-id");
  g_autofree char *path = g_strdup_printf ("/zones?per_page=%d", ZONES_PER_PAGE);
  ChCloudflareSpecial special;

  if (id != NULL)
    return verify_pinned (self, id, names, error);

  g_autoptr(JsonNode) envelope = ch_cloudflare_ask (self, "GET", path, NULL, &special, error);
  JsonObject *object = envelope != NULL ? ch_json_root_object (envelope) : NULL;

  for (guint i = 0; object != NULL && i < ch_json_get_length (object, "result"); i++)
    {
      const char *name = ch_json_get_text (ch_json_get_element (object, "result", i), "name");

      if (name != NULL && ch_dns_check_name (name, NULL))
        g_ptr_array_add (names, ch_dns_name_tidy (name));
    }

  return envelope != NULL;
}
