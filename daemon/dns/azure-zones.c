/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "azure-private.h"

#include "dns/delegation.h"
#include "dns/name.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

#define API_VERSION "2018-05-01"
#define PAGES_MAX 200            /* of 100 zones each */
#define TOLD_MAX 10              /* zones that a message names */
#define REMEMBERED_MAX 10000

/** Zone: one of a listing. */
typedef struct
{
  char *name;
  char *group;
  GStrv servers;
} Zone;

static void
zone_free (Zone *zone)
{
  g_free (zone->name);
  g_free (zone->group);
  g_strfreev (zone->servers);
  g_free (zone);
}

/* ---- paths ---- */

static char *
group_path (const ChAzure *azure,
            const char    *group)
{
  g_autofree char *escaped = g_uri_escape_string (group, NULL, FALSE);

  return g_strdup_printf ("/subscriptions/%s/resourceGroups/%s", azure->subscription, escaped);
}

char *
ch_azure_zone_path (const ChAzure *azure,
                    const char    *group,
                    const char    *zone,
                    const char    *below)
{
  g_autofree char *path = group_path (azure, group);
  g_autofree char *escaped = g_uri_escape_string (zone, NULL, FALSE);

  return g_strdup_printf ("%s/providers/Microsoft.Network/dnsZones/%s%s?api-version=" API_VERSION,
                          path, escaped, below);
}

static gboolean
is_same_host (GUri *one,
              GUri *other)
{
  return g_str_equal (g_uri_get_scheme (one), g_uri_get_scheme (other))
         && g_strcmp0 (g_uri_get_host (one), g_uri_get_host (other)) == 0
         && g_uri_get_port (one) == g_uri_get_port (other) && g_uri_get_userinfo (one) == NULL;
}

/* The rest of a complete URL below the resource manager. Any other host would be shown our token. */
static char *
path_of_link (const ChAzure *azure,
              const char    *link)
{
  GUriFlags flags = G_URI_FLAGS_ENCODED | G_URI_FLAGS_SCHEME_NORMALIZE;
  g_autoptr(GUri) next = g_uri_parse (link, flags, NULL);
  g_autoptr(GUri) manager = g_uri_parse (azure->url, flags, NULL);

  if (next == NULL || manager == NULL || g_uri_get_host (next) == NULL || !is_same_host (next, manager))
    return NULL;

  const char *base = g_uri_get_path (manager);
  gsize skip = strlen (base) - (g_str_has_suffix (base, "/") ? 1 : 0);
  const char *path = g_uri_get_path (next);
  const char *query = g_uri_get_query (next);
  if (strncmp (path, base, skip) != 0 || path[skip] != '/')
    return NULL;

  return g_strconcat (path + skip, query != NULL ? "?" : NULL, query, NULL);
}

/* ---- the listing ---- */

/* The part after "resourceGroups" of an id; Azure spells it one way or the other. */
static char *
group_of_id (const char *id)
{
  g_auto(GStrv) parts = g_strsplit (id, "/", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    if (g_ascii_strcasecmp (parts[i], "resourceGroups") == 0)
      return parts[i + 1] != NULL && *parts[i + 1] != '\0' ? g_strdup (parts[i + 1]) : NULL;

  return NULL;
}

/* Private ones of an early preview are among them, and nobody outside sees those. */
static gboolean
is_public (JsonObject *object)
{
  const char *type = ch_json_get_text (ch_json_get_object (object, "properties"), "zoneType");

  return type == NULL || g_ascii_strcasecmp (type, "Public") == 0;
}

static GStrv
read_servers (JsonObject *object)
{
  JsonArray *array = ch_json_get_array (ch_json_get_object (object, "properties"), "nameServers");
  g_autoptr(GStrvBuilder) servers = g_strv_builder_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_string (node) != NULL)
        g_strv_builder_add (servers, json_node_get_string (node));
    }

  return g_strv_builder_end (servers);
}

static void
add_zone (GPtrArray  *zones,
          JsonObject *object)
{
  const char *id = ch_json_get_text (object, "id");
  const char *name = ch_json_get_text (object, "name");
  g_autofree char *group = id != NULL ? group_of_id (id) : NULL;

  if (group == NULL || name == NULL || !ch_dns_check_name (name, NULL) || !is_public (object))
    return;

  Zone *zone = g_new (Zone, 1);
  zone->name = ch_dns_name_tidy (name);
  zone->group = g_steal_pointer (&group);
  zone->servers = read_servers (object);
  g_ptr_array_add (zones, zone);
}

/* One page. @path: (inout): where it is; then where the next one is, or %NULL. */
static gboolean
read_page (const ChAzure *azure,
           const char    *name,
           char         **path,
           GPtrArray     *zones,
           GError       **error)
{
  g_autoptr(ChAzureReply) reply = ch_azure_call (azure, "GET", *path, NULL, NULL, NULL, error);

  if (reply == NULL)
    return FALSE;

  if (reply->status != 200 || reply->object == NULL)
    return ch_azure_fail (azure, name, reply, error);

  const char *link = ch_json_get_text (reply->object, "nextLink");
  g_autofree char *next = link != NULL && *link != '\0' ? path_of_link (azure, link) : NULL;
  if (ch_json_get_array (reply->object, "value") == NULL || (link != NULL && *link != '\0' && next == NULL))
    return ch_error_set (error, CH_ERROR_BAD_ANSWER,
                         _("“%s” lists its zones in a way that is not understood, or sends us elsewhere for "
                           "the rest"), azure->url);

  for (guint i = 0; i < ch_json_get_length (reply->object, "value"); i++)
    add_zone (zones, ch_json_get_element (reply->object, "value", i));
  g_free (*path);
  *path = g_steal_pointer (&next);
  return TRUE;
}

/* Who has a role on single zones is refused the list of the group, or given an empty one. */
gboolean
ch_azure_verify (const ChAzure *azure,
                 GPtrArray     *names,
                 GError       **error)
{
  g_autoptr(GPtrArray) zones = g_ptr_array_new_with_free_func ((GDestroyNotify) zone_free);
  g_autofree char *group = azure->group != NULL ? g_uri_escape_string (azure->group, NULL, FALSE) : NULL;
  g_autofree char *path = g_strdup_printf ("/subscriptions/%s%s%s/providers/Microsoft.Network/dnsZones"
                                           "?api-version=" API_VERSION, azure->subscription,
                                           group != NULL ? "/resourceGroups/" : "", group != NULL ? group : "");
  g_autoptr(GError) failure = NULL;

  if (!read_page (azure, azure->group != NULL ? azure->group : azure->subscription, &path, zones, &failure)
      && (azure->group == NULL || !g_error_matches (failure, CH_ERROR, CH_ERROR_FORBIDDEN)))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  for (guint i = 0; i < zones->len; i++)
    g_ptr_array_add (names, g_strdup (((const Zone *) zones->pdata[i])->name));

  return TRUE;
}

static GPtrArray *
list_zones (const ChAzure *azure,
            const char    *name,
            GError       **error)
{
  g_autoptr(GPtrArray) zones = g_ptr_array_new_with_free_func ((GDestroyNotify) zone_free);
  g_autofree char *path = g_strdup_printf ("/subscriptions/%s/providers/Microsoft.Network/dnszones"
                                           "?api-version=" API_VERSION, azure->subscription);

  for (guint page = 0; path != NULL; page++)
    {
      if (page == PAGES_MAX)
        {
          ch_error_set (error, CH_ERROR_BAD_ANSWER, _("“%s” lists zones without end"), azure->url);
          return NULL;
        }
      if (!read_page (azure, name, &path, zones, error))
        return NULL;
    }

  return g_steal_pointer (&zones);
}

/* ---- groups that were found ---- */

static GMutex lock;
static GHashTable *groups;      /* (element-type utf8 utf8) (owned) (nullable): account and zone → group */

static char *
memory_key (const ChAzure *azure,
            const char    *zone)
{
  return g_strconcat (azure->key, " ", azure->subscription, " ", zone, NULL);
}

static char *
recall (const ChAzure *azure,
        const char    *zone)
{
  g_autofree char *key = memory_key (azure, zone);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);

  return groups != NULL ? g_strdup (g_hash_table_lookup (groups, key)) : NULL;
}

/* Lists are what Azure lets be asked least often. */
static void
remember (const ChAzure *azure,
          const Zone    *zone)
{
  char *key = memory_key (azure, zone->name);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);

  if (groups == NULL)
    groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (g_hash_table_size (groups) >= REMEMBERED_MAX)
    g_hash_table_remove_all (groups);
  g_hash_table_replace (groups, key, g_strdup (zone->group));
}

gboolean
ch_azure_forget_group (const ChAzure *azure,
                       const char    *zone)
{
  g_autofree char *key = memory_key (azure, zone);
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);

  return groups != NULL && g_hash_table_remove (groups, key);
}

/* ---- the right one ---- */

static char *
tell_zones (GPtrArray *zones)
{
  g_autoptr(GString) told = g_string_new (NULL);

  for (guint i = 0; i < zones->len && i < TOLD_MAX; i++)
    g_string_append_printf (told, "%s%s", i > 0 ? ", " : "", ((Zone *) zones->pdata[i])->name);
  if (zones->len > TOLD_MAX)
    g_string_append (told, ", …");

  return g_string_free (g_steal_pointer (&told), FALSE);
}

static gboolean
fail_no_zone (GPtrArray  *zones,
              const char *name,
              GError    **error)
{
  g_autofree char *told = tell_zones (zones);

  if (zones->len == 0)
    return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                         _("The subscription shows the application no DNS zone, so that there is none for “%s”; "
                           "if its role is on the zone alone, give “resource-group”"), name);

  return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                       _("No zone of the subscription holds “%s”; these were seen: %s"), name, told);
}

/* All zones of the longest name that holds @name. */
static GPtrArray *
best_zones (GPtrArray  *zones,
            const char *name)
{
  GPtrArray *best = g_ptr_array_new ();
  gsize length = 0;

  for (guint i = 0; i < zones->len; i++)
    {
      Zone *zone = zones->pdata[i];

      if (!ch_dns_name_is_inside (name, zone->name) || strlen (zone->name) < length)
        continue;
      if (strlen (zone->name) > length)
        g_ptr_array_set_size (best, 0);
      length = strlen (zone->name);
      g_ptr_array_add (best, zone);
    }

  return best;
}

/* Azure gives two zones of one name different servers; the world is sent to those of one of them. */
static const Zone *
choose_delegated (const ChAzure *azure,
                  GPtrArray     *same,
                  GError       **error)
{
  const Zone *first = same->pdata[0];
  g_autoptr(GPtrArray) servers = g_ptr_array_new ();

  for (guint i = 0; i < same->len; i++)
    g_ptr_array_add (servers, ((Zone *) same->pdata[i])->servers);

  int chosen = ch_dns_find_delegated (first->name, servers, azure->resolver, azure->cancellable);
  if (chosen >= 0)
    return same->pdata[chosen];

  ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                _("The subscription has %u zones “%s”, and DNS does not tell which of them is in use; give "
                  "“resource-group”"), same->len, first->name);
  return NULL;
}

/* @exactly: the zone @name itself; else the longest that holds @name. */
static char *
find_listed (const ChAzure *azure,
             const char    *name,
             gboolean       exactly,
             char         **group,
             GError       **error)
{
  g_autoptr(GPtrArray) zones = list_zones (azure, name, error);

  if (zones == NULL)
    return NULL;

  g_autoptr(GPtrArray) best = best_zones (zones, name);
  if (best->len == 0 || (exactly && !ch_dns_name_is_inside (((Zone *) best->pdata[0])->name, name)))
    {
      fail_no_zone (zones, name, error);
      return NULL;
    }

  const Zone *zone = best->len == 1 ? best->pdata[0] : choose_delegated (azure, best, error);
  if (zone == NULL)
    return NULL;

  remember (azure, zone);
  *group = g_strdup (zone->group);
  return g_strdup (zone->name);
}

/* One step of the walk: whether the group has the zone @at. An application with a role on one zone alone is
 * refused where no zone is, too: @refused keeps the first such answer. */
static gboolean
ask_zone (const ChAzure *azure,
          const char    *at,
          gboolean      *found,
          GError       **refused,
          GError       **error)
{
  g_autofree char *path = ch_azure_zone_path (azure, azure->group, at, "");
  g_autoptr(ChAzureReply) reply = ch_azure_call (azure, "GET", path, NULL, NULL, NULL, error);
  g_autoptr(GError) failure = NULL;

  if (reply == NULL)
    return FALSE;

  *found = reply->status == 200 && reply->object != NULL && is_public (reply->object);
  if (*found || (reply->status == 200 && reply->object != NULL))
    return TRUE;

  ch_azure_fail (azure, at, reply, &failure);
  if (g_error_matches (failure, CH_ERROR, CH_ERROR_FORBIDDEN) && *refused == NULL)
    g_propagate_error (refused, g_steal_pointer (&failure));
  else if (!g_error_matches (failure, CH_ERROR, CH_ERROR_FORBIDDEN)
           && !g_error_matches (failure, CH_ERROR, CH_ERROR_ZONE_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }

  return TRUE;
}

static char *
find_in_group (const ChAzure *azure,
               const char    *name,
               GError       **error)
{
  g_autofree char *tidy = ch_dns_name_tidy (name);
  g_autoptr(GError) refused = NULL;

  /* the last label alone is no zone of a customer */
  for (const char *at = tidy; at != NULL && ch_dns_name_parent (at) != NULL; at = ch_dns_name_parent (at))
    {
      gboolean found = FALSE;

      if (!ask_zone (azure, at, &found, &refused, error))
        return NULL;
      if (found)
        return g_strdup (at);
    }

  if (refused != NULL)
    g_propagate_error (error, g_steal_pointer (&refused));
  else
    ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND, _("The resource group “%s” has no zone that holds “%s”"),
                  azure->group, name);
  return NULL;
}

char *
ch_azure_find_zone (const ChAzure *azure,
                    const char    *name,
                    GError       **error)
{
  g_autofree char *group = NULL;

  return azure->group != NULL ? find_in_group (azure, name, error)
                              : find_listed (azure, name, FALSE, &group, error);
}

char *
ch_azure_find_group (const ChAzure *azure,
                     const char    *zone,
                     GError       **error)
{
  char *group = azure->group != NULL ? g_strdup (azure->group) : recall (azure, zone);

  if (group == NULL)
    g_free (find_listed (azure, zone, TRUE, &group, error));

  return group;
}
