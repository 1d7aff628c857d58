/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cloudns-private.h"

#include "dns/name.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

/* ---- zones ---- */

/* Records can be put into these; what others hold comes from elsewhere, or is none of ours ("slave",
 * "parked", "cloud"). */
static const char *const types[] = { "master", "geodns", NULL };

/* A zone that is there answers for its names even if it is of no use to us: no shorter one is looked for. */
static gboolean
check_zone (const char  *name,
            JsonNode    *node,
            GError     **error)
{
  JsonObject *zone = ch_json_root_object (node);
  const char *type = ch_json_get_text (zone, "type");

  if (type == NULL)
    return ch_error_set (error, CH_ERROR_BAD_ANSWER, _("ClouDNS does not say what kind of zone “%s” "
                                                       "is"), name);

  if (!g_strv_contains (types, type))
    {
      g_autofree char *words = ch_service_words (type);
      return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                           _("The zone “%s” is at ClouDNS as “%s” only: its records come from elsewhere. "
                             "Use a DNS account for where they do"), name, words);
    }
  if (ch_json_get_number (zone, "status", 1) == 0)
    return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                         _("The zone “%s” is switched off at ClouDNS: nobody would see a record there. "
                           "Switch it on"),
                         name);

  return TRUE;
}

/* @rows: how many at most; the service has pages of 10, 20, 30, 50 and 100 */
gboolean
ch_cloudns_list_zones (ChCloudns   *self,
                       const char  *rows,
                       GPtrArray   *names,
                       GError     **error)
{
  const char *const params[] = { "page", "1", "rows-per-page", rows, NULL };
  g_autoptr(JsonNode) node = ch_cloudns_ask (self, "dns/list-zones", params, error);
  JsonArray *zones = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (node == NULL)
    return FALSE;
  if (zones == NULL)
    return ch_error_set (error, CH_ERROR_BAD_ANSWER, _("ClouDNS does not answer with a list of zones"));

  for (guint i = 0; i < json_array_get_length (zones); i++)
    {
      JsonObject *zone = ch_json_root_object (json_array_get_element (zones, i));

      if (ch_json_get_text (zone, "name") != NULL)
        g_ptr_array_add (names, ch_service_words (ch_json_get_text (zone, "name")));
    }

  return TRUE;
}

static gboolean
fail_no_zone (ChCloudns   *self,
              const char  *name,
              GError     **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_null_terminated (0, g_free, TRUE);

  if (!ch_cloudns_list_zones (self, "10", names, NULL))
    return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                         _("ClouDNS has no zone for “%s” with these credentials"), name);
  if (names->len == 0)
    return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                         _("ClouDNS shows no zone at all to these credentials, so none for “%s”; delegate "
                           "the zone to the sub-user"), name);

  g_autofree char *seen = g_strjoinv ("”, “", (char **) names->pdata);
  return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                       _("ClouDNS has no zone for “%s” with these credentials; it shows “%s”"), name, seen);
}

/* never a top-level domain */
char *
ch_cloudns_find_zone (ChCloudns   *self,
                      const char  *name,
                      GError     **error)
{
  g_autofree char *tidy = ch_dns_name_tidy (name);
  g_autoptr(GError) forbidden = NULL;

  for (const char *at = tidy; at != NULL && strchr (at, '.') != NULL; at = ch_dns_name_parent (at))
    {
      const char *const params[] = { "domain-name", at, NULL };
      g_autoptr(GError) failure = NULL;
      g_autoptr(JsonNode) node = ch_cloudns_ask (self, "dns/get-zone-info", params, &failure);

      if (node != NULL)
        return check_zone (at, node, error) ? g_strdup (at) : NULL;

      /* a sub-user may be told so of all names but its own */
      if (g_error_matches (failure, CH_ERROR, CH_ERROR_FORBIDDEN))
        {
          if (forbidden == NULL)
            forbidden = g_steal_pointer (&failure);
        }
      else if (!g_error_matches (failure, CH_ERROR, CH_ERROR_ZONE_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return NULL;
        }
    }

  if (forbidden != NULL)
    g_propagate_error (error, g_steal_pointer (&forbidden));
  else
    fail_no_zone (self, name, error);
  return NULL;
}

/* ---- waiting ---- */

static gboolean
is_everywhere (JsonNode *node)
{
  JsonArray *servers = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; servers != NULL && i < json_array_get_length (servers); i++)
    if (!ch_json_get_flag (ch_json_root_object (json_array_get_element (servers, i)), "updated"))
      return FALSE;

  return TRUE;
}

gboolean
ch_cloudns_has_settled (ChCloudns  *self,
                        const char *zone)
{
  const char *const params[] = { "domain-name", zone, NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = ch_cloudns_ask (self, "dns/update-status", params, &error);

  return node != NULL ? is_everywhere (node) : !ch_error_is_retryable (error);
}
