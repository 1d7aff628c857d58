/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "route53-zone.h"

#include "dns/delegation.h"
#include "dns/name.h"
#include "dns/route53-set.h"
#include "dns/settle.h"
#include "dns/turn.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

#define PAGES_MAX 50
/* of one name; more have nothing to do with certificates */
#define TWINS_MAX 8


/** Zone: a public hosted zone. */
typedef struct
{
  char *id;
  char *name;
} Zone;

static void
zone_free (Zone *zone)
{
  g_free (zone->id);
  g_free (zone->name);
  g_free (zone);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Zone, zone_free)

/* "/hostedzone/Z1" → "Z1" */
static char *
strip_id (char *id)
{
  const char *slash = id != NULL ? strrchr (id, '/') : NULL;
  char *stripped = g_strdup (slash != NULL ? slash + 1 : id);

  g_free (id);
  return stripped;
}

static gboolean
is_id (const char *id)
{
  return id != NULL && *id != '\0' && strlen (id) <= 32
         && id[strspn (id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static gboolean
is_true (const xmlNode *from,
         const char    *path)
{
  g_autofree char *text = ch_route53_text (from, path);
  return g_strcmp0 (text, "true") == 0;
}

/* NULL for what makes no sense. */
static Zone *
read_zone (const xmlNode *entry)
{
  g_autoptr(Zone) zone = g_new0 (Zone, 1);
  g_autofree char *raw = ch_route53_text (entry, "Name");

  zone->id = strip_id (ch_route53_text (entry, "Id"));
  zone->name = raw != NULL ? ch_route53_unescape_name (raw) : NULL;
  return is_id (zone->id) && zone->name != NULL ? g_steal_pointer (&zone) : NULL;
}

/* ---- listing ---- */

/** Listing: a walk through the zones at and below a name, which stand together in Route 53's order. */
typedef struct
{
  ChRoute53 *aws;
  const char *start;
  const char *name;       /* zones that hold it are wanted */
  GPtrArray *found;       /* (element-type Zone): the longest ones that hold it */
  guint n_private;
  char *next_name;        /* (nullable): of the next page */
  char *next_id;          /* (nullable) */
} Listing;

static void
listing_clear (Listing *listing)
{
  g_ptr_array_unref (listing->found);
  g_free (listing->next_name);
  g_free (listing->next_id);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Listing, listing_clear)

static void
consider (Listing       *listing,
          const xmlNode *entry,
          Zone          *zone)
{
  const Zone *best = listing->found->len > 0 ? listing->found->pdata[0] : NULL;

  if (!ch_dns_name_is_inside (listing->name, zone->name)
      || (best != NULL && strlen (zone->name) < strlen (best->name)))
    zone_free (zone);
  else if (is_true (entry, "Config/PrivateZone"))
    {
      listing->n_private++;
      zone_free (zone);
    }
  else
    {
      if (best != NULL && strlen (zone->name) > strlen (best->name))
        g_ptr_array_set_size (listing->found, 0);
      g_ptr_array_add (listing->found, zone);
    }
}

/* Returns whether the walk goes on: the list is a position in the order of names, and runs over its end. */
static gboolean
read_page (Listing       *listing,
           const xmlNode *root)
{
  const xmlNode *zones = ch_route53_find (root, "HostedZones");

  for (const xmlNode *entry = NULL; (entry = ch_route53_next (zones, entry, "HostedZone")) != NULL;)
    {
      Zone *zone = read_zone (entry);

      if (zone != NULL && !ch_dns_name_is_inside (zone->name, listing->start))
        {
          zone_free (zone);
          return FALSE;
        }
      if (zone != NULL)
        consider (listing, entry, zone);
    }

  g_free (listing->next_name);
  g_free (listing->next_id);
  listing->next_name = ch_route53_text (root, "NextDNSName");
  listing->next_id = ch_route53_text (root, "NextHostedZoneId");
  return is_true (root, "IsTruncated") && listing->next_name != NULL && listing->next_id != NULL;
}

static char *
page_path (const Listing *listing)
{
  g_autofree char *name = g_uri_escape_string (listing->next_name != NULL ? listing->next_name : listing->start,
                                               NULL, FALSE);
  g_autofree char *id = listing->next_id != NULL ? g_uri_escape_string (listing->next_id, NULL, FALSE) : NULL;

  return g_strdup_printf ("/2013-04-01/hostedzonesbyname?dnsname=%s%s%s&maxitems=100", name,
                          id != NULL ? "&hostedzoneid=" : "", id != NULL ? id : "");
}

static gboolean
walk (Listing  *listing,
      GError  **error)
{
  for (guint i = 0; i < PAGES_MAX; i++)
    {
      g_autofree char *path = page_path (listing);
      g_autoptr(xmlDoc) doc = ch_route53_call (listing->aws, path, NULL, "route53:ListHostedZonesByName", NULL, error);

      if (doc == NULL)
        {
          if (error != NULL && g_error_matches (*error, CH_ERROR, CH_ERROR_FORBIDDEN))
            g_prefix_error (error, _("The hosted zones cannot be listed (an account with “zone-id” need not): "));
          return FALSE;
        }
      if (ch_route53_find (xmlDocGetRootElement (doc), "HostedZones") == NULL)
        return ch_error_set (error, CH_ERROR_BAD_ANSWER, _("Route 53's list of zones holds no zones"));
      if (!read_page (listing, xmlDocGetRootElement (doc)))
        return TRUE;
    }

  return ch_error_set (error, CH_ERROR_BAD_ANSWER, _("Route 53's list of zones has no end; set “zone-id”"));
}

static gboolean
fail_not_found (const Listing *listing,
                GError       **error)
{
  if (listing->n_private > 0)
    return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                         _("The account has only a private zone for “%s”, which no CA can see; make a public hosted "
                           "zone"), listing->name);

  return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                       _("The Route 53 account has no hosted zone that holds “%s”; use the account that has it, or set "
                         "“zone-id”"), listing->name);
}

/* ---- one zone ---- */

static xmlDoc *
get_zone (ChRoute53   *aws,
          const char  *id,
          GError     **error)
{
  g_autofree char *path = g_strdup_printf ("/2013-04-01/hostedzone/%s", id);
  return ch_route53_call (aws, path, NULL, "route53:GetHostedZone", NULL, error);
}

static char *
pinned_zone (ChRoute53   *aws,
             const char  *id,
             const char  *name,
             GError     **error)
{
  g_autoptr(xmlDoc) doc = get_zone (aws, id, error);
  const xmlNode *entry = doc != NULL ? ch_route53_find (xmlDocGetRootElement (doc), "HostedZone") : NULL;
  g_autoptr(Zone) zone = entry != NULL ? read_zone (entry) : NULL;

  if (doc == NULL)
    return NULL;

  if (zone == NULL)
    ch_error_set (error, CH_ERROR_BAD_ANSWER, _("Route 53 has answered without the zone “%s”"), id);
  else if (is_true (entry, "Config/PrivateZone"))
    ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                  _("The zone “%s” (%s) is private, and no CA can see it; set “zone-id” to the public one"), zone->name, id);
  else if (!ch_dns_name_is_inside (name, zone->name))
    ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                  _("“%s” is not inside the zone “%s” (%s) of this DNS account; use an account for its zone, or clear "
                    "“zone-id”"), name, zone->name, id);
  else
    return g_steal_pointer (&zone->name);

  return NULL;
}

/* ---- twins: several public zones of one name ---- */

static GStrv
read_servers (ChRoute53  *aws,
              const char *id)
{
  g_autoptr(xmlDoc) doc = get_zone (aws, id, NULL);
  const xmlNode *list = doc != NULL ? ch_route53_find (xmlDocGetRootElement (doc), "DelegationSet/NameServers") : NULL;
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  for (const xmlNode *entry = NULL; (entry = ch_route53_next (list, entry, "NameServer")) != NULL;)
    {
      g_autofree char *name = ch_xml_text (entry);

      if (name != NULL)
        g_strv_builder_add (names, name);
    }

  return g_strv_builder_end (names);
}

static char *
choose_twin (ChRoute53   *aws,
             GPtrArray   *twins,
             GError     **error)
{
  const char *name = ((Zone *) twins->pdata[0])->name;
  const char *resolver = g_hash_table_lookup (aws->settings, "resolver");
  g_autoptr(GPtrArray) candidates = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr(GString) ids = g_string_new (NULL);

  for (guint i = 0; i < MIN (twins->len, TWINS_MAX); i++)
    {
      const Zone *zone = twins->pdata[i];

      g_string_append_printf (ids, "%s%s", i > 0 ? ", " : "", zone->id);
      g_ptr_array_add (candidates, read_servers (aws, zone->id));
    }

  int chosen = ch_dns_find_delegated (name, candidates, resolver != NULL && *resolver != '\0' ? resolver : NULL,
                                      aws->cancellable);
  if (chosen >= 0)
    return g_strdup (((Zone *) twins->pdata[chosen])->id);

  ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                _("The Route 53 account has several public zones “%s” (%s), and the public DNS does not tell which one "
                  "counts; set “zone-id”"), name, ids->str);
  return NULL;
}

/* ---- */

/* The last two labels: all zones that may hold a name are at or below them, and stand together in the list. */
static const char *
last_labels (const char *name)
{
  const char *parent = ch_dns_name_parent (name);

  while (parent != NULL && ch_dns_name_parent (parent) != NULL)
    {
      name = parent;
      parent = ch_dns_name_parent (name);
    }

  return name;
}

char *
ch_route53_find_zone (ChRoute53   *aws,
                      const char  *name,
                      GError     **error)
{
  const char *pinned = ch_fields_get (ch_route53_fields, aws->settings, "zone-id");
  g_autofree char *tidy = ch_dns_name_tidy (name);

  if (pinned != NULL)
    return pinned_zone (aws, pinned, tidy, error);

  g_auto(Listing) listing = { .aws = aws, .start = last_labels (tidy), .name = tidy };
  listing.found = g_ptr_array_new_with_free_func ((GDestroyNotify) zone_free);
  if (!walk (&listing, error))
    return NULL;
  if (listing.found->len == 0)
    {
      fail_not_found (&listing, error);
      return NULL;
    }

  return g_strdup (((Zone *) listing.found->pdata[0])->name);
}

char *
ch_route53_zone_id (ChRoute53   *aws,
                    const char  *zone,
                    GError     **error)
{
  const char *pinned = ch_fields_get (ch_route53_fields, aws->settings, "zone-id");
  g_autofree char *tidy = ch_dns_name_tidy (zone);

  if (pinned != NULL)
    return g_strdup (pinned);

  g_auto(Listing) listing = { .aws = aws, .start = tidy, .name = tidy };
  listing.found = g_ptr_array_new_with_free_func ((GDestroyNotify) zone_free);
  if (!walk (&listing, error))
    return NULL;
  if (listing.found->len == 0)
    {
      fail_not_found (&listing, error);
      return NULL;
    }
  if (listing.found->len > 1)
    return choose_twin (aws, listing.found, error);

  return g_strdup (((Zone *) listing.found->pdata[0])->id);
}

/* ---- waiting ---- */

char *
ch_route53_change_id (const xmlNode *root)
{
  g_autofree char *id = strip_id (ch_route53_text (root, "ChangeInfo/Id"));
  g_autofree char *status = ch_route53_text (root, "ChangeInfo/Status");

  return is_id (id) && g_strcmp0 (status, "INSYNC") != 0 ? g_steal_pointer (&id) : NULL;
}

gboolean
ch_route53_has_settled (ChRoute53  *aws,
                        const char *token)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *id = ch_dns_settle_what (ch_route53_fields, aws->settings, token);

  if (!is_id (id))
    return TRUE;

  g_autofree char *path = g_strdup_printf ("/2013-04-01/change/%s", id);
  g_autoptr(xmlDoc) doc = ch_route53_call (aws, path, NULL, "route53:GetChange", NULL, &error);
  g_autofree char *status = doc != NULL ? ch_route53_text (xmlDocGetRootElement (doc), "ChangeInfo/Status") : NULL;

  return doc != NULL ? g_strcmp0 (status, "PENDING") != 0 : !ch_error_is_retryable (error);
}

gboolean
ch_route53_verify (ChRoute53  *aws,
                   GPtrArray  *names,
                   GError    **error)
{
  const char *pinned = ch_fields_get (ch_route53_fields, aws->settings, "zone-id");
  g_autoptr(xmlDoc) doc = pinned != NULL
    ? get_zone (aws, pinned, error)
    : ch_route53_call (aws, "/2013-04-01/hostedzonesbyname?maxitems=100", NULL, "route53:ListHostedZonesByName", NULL, error);

  if (doc == NULL)
    return FALSE;

  const xmlNode *root = xmlDocGetRootElement (doc);
  const xmlNode *list = pinned != NULL ? root : ch_route53_find (root, "HostedZones");
  if (list == NULL)
    return ch_error_set (error, CH_ERROR_BAD_ANSWER, _("Route 53's list of zones holds no zones"));

  for (const xmlNode *entry = NULL; (entry = ch_route53_next (list, entry, "HostedZone")) != NULL;)
    {
      g_autoptr(Zone) zone = is_true (entry, "Config/PrivateZone") ? NULL : read_zone (entry);

      if (zone != NULL)
        g_ptr_array_add (names, g_steal_pointer (&zone->name));
    }

  return TRUE;
}
