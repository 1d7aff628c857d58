/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns-cloudns.h"

#include <string.h>

static gboolean
is_visible (SbCloudns  *state,
            const char *zone)
{
  return !state->is_sub_user || g_hash_table_contains (state->delegated, zone);
}

static const char *
type_of (SbCloudns  *state,
         const char *zone)
{
  const char *type = g_hash_table_lookup (state->types, zone);

  return type != NULL ? type : "master";
}

const char *
sb_cloudns_zone (SbDnsCall *call)
{
  const char *const *names = sb_zones_names (call->zones);
  const char *wanted = sb_cloudns_param (call, "domain-name");

  for (gsize i = 0; names[i] != NULL; i++)
    if (g_ascii_strcasecmp (names[i], wanted) == 0)
      {
        if (is_visible (call->state, names[i]))
          return names[i];

        sb_cloudns_fail (call, "You do not have access to this domain-name.");
        return NULL;
      }

  sb_cloudns_fail (call, "Missing domain-name");
  return NULL;
}

const char *
sb_cloudns_zone_to_write (SbDnsCall *call)
{
  SbCloudns *state = call->state;
  const char *zone = sb_cloudns_zone (call);

  if (zone == NULL)
    return NULL;

  if (state->is_sub_user && state->is_read_only)
    sb_cloudns_fail (call, "You do not have permission to write.");
  else if (strcmp (type_of (state, zone), "master") != 0)
    sb_cloudns_fail (call, "You can add records only to a master zone.");
  else
    {
      gint64 *until = g_new (gint64, 1);

      *until = g_get_monotonic_time () + state->pending * 1000;
      g_hash_table_replace (state->busy, g_strdup (zone), until);
      return zone;
    }

  return NULL;
}

static JsonObject *
zone_to_json (SbCloudns  *state,
              const char *zone)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "name", zone);
  json_object_set_string_member (object, "type", type_of (state, zone));
  json_object_set_string_member (object, "zone", "domain");
  json_object_set_string_member (object, "status", g_hash_table_contains (state->off, zone) ? "0" : "1");
  return object;
}

void
sb_cloudns_get_zone (SbDnsCall *call)
{
  const char *zone = sb_cloudns_zone (call);

  if (zone != NULL)
    sb_dns_answer_json (call, SOUP_STATUS_OK, sb_json_take_object (zone_to_json (call->state, zone)));
}

static gboolean
read_length (SbDnsCall *call,
             guint64   *length)
{
  static const char *const lengths[] = { "10", "20", "30", "50", "100", NULL };
  const char *text = sb_cloudns_param (call, "rows-per-page");

  if (!g_strv_contains (lengths, text))
    {
      sb_cloudns_fail (call, "Invalid rows-per-page param.");
      return FALSE;
    }

  *length = g_ascii_strtoull (text, NULL, 10);
  return TRUE;
}

gboolean
sb_cloudns_page (SbDnsCall *call,
                 guint64   *first,
                 guint64   *length)
{
  guint64 page;

  if (!read_length (call, length))
    return FALSE;

  if (!g_ascii_string_to_unsigned (sb_cloudns_param (call, "page"), 10, 1, G_MAXUINT32, &page, NULL))
    {
      sb_cloudns_fail (call, "Invalid page param.");
      return FALSE;
    }

  *first = (page - 1) * *length;
  return TRUE;
}

/* Returns: (transfer container): the zones that the caller sees and looks for */
static GPtrArray *
visible_zones (SbDnsCall *call)
{
  const char *const *names = sb_zones_names (call->zones);
  const char *search = sb_cloudns_param (call, "search");
  GPtrArray *zones = g_ptr_array_new ();

  for (gsize i = 0; names[i] != NULL; i++)
    if (is_visible (call->state, names[i]) && strstr (names[i], search) != NULL)
      g_ptr_array_add (zones, (char *) names[i]);

  return zones;
}

void
sb_cloudns_list_zones (SbDnsCall *call)
{
  g_autoptr(GPtrArray) zones = visible_zones (call);
  guint64 first, length;

  if (!sb_cloudns_page (call, &first, &length))
    return;

  JsonArray *array = json_array_new ();
  for (guint64 i = first; i < zones->len && i < first + length; i++)
    json_array_add_object_element (array, zone_to_json (call->state, zones->pdata[i]));
  sb_dns_answer_json (call, SOUP_STATUS_OK, sb_json_take_array (array));
}

/* a bare number */
void
sb_cloudns_count_pages (SbDnsCall *call)
{
  g_autoptr(GPtrArray) zones = visible_zones (call);
  guint64 length;

  if (!read_length (call, &length))
    return;

  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, (zones->len + length - 1) / length);
  sb_dns_answer (call, SOUP_STATUS_OK, "application/json", text);
}

/* ---- whether all servers have it ---- */

static gboolean
is_everywhere (SbCloudns  *state,
               const char *zone)
{
  const gint64 *until = g_hash_table_lookup (state->busy, zone);

  return until == NULL || *until <= g_get_monotonic_time ();
}

void
sb_cloudns_list_servers (SbDnsCall *call)
{
  const char *zone = sb_cloudns_zone (call);
  JsonArray *array;

  if (zone == NULL)
    return;

  array = json_array_new ();
  for (guint i = 1; i <= 2; i++)
    {
      JsonObject *server = json_object_new ();
      g_autofree char *name = g_strdup_printf ("pns%u.cloudns.test", i);
      g_autofree char *address = g_strdup_printf ("192.0.2.%u", i);

      json_object_set_string_member (server, "server", name);
      json_object_set_string_member (server, "ip4", address);
      json_object_set_string_member (server, "ip6", "");
      /* the first is always faster */
      json_object_set_boolean_member (server, "updated", i == 1 || is_everywhere (call->state, zone));
      json_array_add_object_element (array, server);
    }
  sb_dns_answer_json (call, SOUP_STATUS_OK, sb_json_take_array (array));
}

static void
answer_flag (SbDnsCall *call,
             gboolean   flag)
{
  sb_dns_answer (call, SOUP_STATUS_OK, "application/json", flag ? "true" : "false");
}

void
sb_cloudns_is_updated (SbDnsCall *call)
{
  SbCloudns *state = call->state;
  const char *zone = sb_cloudns_zone (call);

  if (zone != NULL && state->is_sub_user)
    sb_cloudns_fail (call, "This call is not allowed to sub-users.");
  else if (zone != NULL)
    answer_flag (call, is_everywhere (state, zone));
}
