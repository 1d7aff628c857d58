/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns-route53.h"

#include <stdarg.h>
#include <string.h>

/* Amazon Route 53 and the part of STS that gives a role, with one user and one role. Beside the zones whose records
 * stand in DNS it has for each a private one of the same name, and a neighbour: a client that takes the first that it is
 * shown takes the wrong one. */

#define PENDING 400
#define NEIGHBOUR "neighbour.test"
#define PAGE_MAX 100

/* ---- answers ---- */

void
sb_route53_answer (SbDnsCall  *call,
                   const char *xml)
{
  g_autofree char *text = g_strconcat ("<?xml version=\"1.0\"?>\n", xml, NULL);

  sb_dns_answer (call, SOUP_STATUS_OK, "text/xml", text);
}

void
sb_route53_fail (SbDnsCall  *call,
                 guint       status,
                 const char *code,
                 const char *format,
                 ...)
{
  const char *namespace = g_str_has_prefix (call->path, "/sts") ? SB_STS_XMLNS : SB_ROUTE53_XMLNS;
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *message = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  g_autofree char *xml = g_markup_printf_escaped (
    "<?xml version=\"1.0\"?>\n<ErrorResponse xmlns=\"%s\"><Error><Type>%s</Type><Code>%s</Code><Message>%s</Message>"
    "</Error><RequestId>sandbox</RequestId></ErrorResponse>", namespace, status < 500 ? "Sender" : "Receiver", code,
    message);
  sb_dns_answer (call, status, "text/xml", xml);
}

gboolean
sb_route53_allow (SbDnsCall  *call,
                  const char *action,
                  const char *resource)
{
  SbRoute53 *state = call->state;
  const char *service = g_str_has_prefix (call->path, "/sts") ? "sts" : "route53";

  if (!g_hash_table_contains (state->denied, action))
    return TRUE;

  sb_route53_fail (call, SOUP_STATUS_FORBIDDEN, "AccessDenied", "User: " SB_ROUTE53_USER " is not authorized to perform: "
                   "%s:%s on resource: %s because no identity-based policy allows the %s:%s action", service, action,
                   resource, service, action);
  return FALSE;
}

gint64
sb_route53_now (SbRoute53 *state)
{
  return g_get_real_time () / G_USEC_PER_SEC + state->clock;
}

char *
sb_route53_order (const char *name)
{
  g_auto(GStrv) labels = g_strsplit (name, ".", -1);
  GString *key = g_string_new (NULL);

  for (gsize i = g_strv_length (labels); i > 0; i--)
    if (*labels[i - 1] != '\0')
      g_string_append_printf (key, "%s.", labels[i - 1]);

  return g_string_free (key, FALSE);
}

char *
sb_route53_name (const char *name)
{
  GString *shown = g_string_new (NULL);

  for (const char *c = name; *c != '\0'; c++)
    if (g_ascii_isalnum (*c) || strchr ("-_.", *c) != NULL)
      g_string_append_c (shown, g_ascii_tolower (*c));
    else
      g_string_append_printf (shown, "\\%03o", (guchar) *c);

  if (shown->len == 0 || shown->str[shown->len - 1] != '.')
    g_string_append_c (shown, '.');
  return g_string_free (shown, FALSE);
}

/* ---- who may call how often ---- */

static gboolean
check (SbDnsCall *call)
{
  SbRoute53 *state = call->state;
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc (sb_route53_now (state));
  g_autofree char *date = soup_date_time_to_string (now, SOUP_DATE_HTTP);
  gint64 second = g_get_monotonic_time () / G_USEC_PER_SEC;

  sb_dns_answer_header (call, "Date", date);
  sb_dns_answer_header (call, "x-amzn-RequestId", "sandbox");
  if (second != state->second)
    state->requests = 0;
  state->second = second;
  if (state->rate > 0 && ++state->requests > state->rate)
    {
      sb_route53_fail (call, SOUP_STATUS_BAD_REQUEST, "Throttling", "Rate exceeded");
      return FALSE;
    }

  return sb_route53_check (call);
}

static void
lost (SbDnsCall *call)
{
  sb_route53_fail (call, SOUP_STATUS_NOT_FOUND, "UnknownOperationException", "There is no %s %s here", call->method,
                   call->path);
}

/* ---- zones ---- */

/** Zone: a hosted zone; @name is set for those whose records stand in DNS. */
typedef struct
{
  char *id;
  char *shown;          /* its name, final dot */
  char *order;
  const char *name;
  gboolean is_private;
} Zone;

static void
zone_free (Zone *zone)
{
  g_free (zone->id);
  g_free (zone->shown);
  g_free (zone->order);
  g_free (zone);
}

static void
add_zone (GPtrArray  *zones,
          const char *name,
          const char *sort,
          gboolean    is_real,
          gboolean    is_private)
{
  Zone *zone = g_new0 (Zone, 1);
  g_autofree char *id = sb_dns_hex_id (13, "route53", name, sort, NULL);
  g_autofree char *upper = g_ascii_strup (id, -1);

  zone->id = g_strconcat ("Z", upper, NULL);
  zone->shown = sb_route53_name (name);
  zone->order = sb_route53_order (name);
  zone->name = is_real ? name : NULL;
  zone->is_private = is_private;
  g_ptr_array_add (zones, zone);
}

static int
compare_zones (gconstpointer a,
               gconstpointer b)
{
  const Zone *one = *(const Zone *const *) a, *other = *(const Zone *const *) b;
  int order = strcmp (one->order, other->order);

  return order != 0 ? order : strcmp (one->id, other->id);
}

static GPtrArray *
all_zones (SbDnsCall *call)
{
  SbRoute53 *state = call->state;
  const char *const *names = sb_zones_names (call->zones);
  GPtrArray *zones = g_ptr_array_new_with_free_func ((GDestroyNotify) zone_free);

  for (gsize i = 0; names[i] != NULL; i++)
    {
      add_zone (zones, names[i], "public", TRUE, FALSE);
      add_zone (zones, names[i], "private", FALSE, TRUE);
      if (g_hash_table_contains (state->twins, names[i]))
        add_zone (zones, names[i], "twin", FALSE, FALSE);
    }
  add_zone (zones, NEIGHBOUR, "public", FALSE, FALSE);

  g_ptr_array_sort (zones, compare_zones);
  return zones;
}

static const Zone *
find_zone (SbDnsCall *call,
           GPtrArray *zones)
{
  for (guint i = 0; i < zones->len; i++)
    if (strcmp (((Zone *) zones->pdata[i])->id, call->parts[0]) == 0)
      return zones->pdata[i];

  sb_route53_fail (call, SOUP_STATUS_NOT_FOUND, "NoSuchHostedZone", "No hosted zone found with ID: %s", call->parts[0]);
  return NULL;
}

const char *
sb_route53_zone (SbDnsCall *call)
{
  g_autoptr(GPtrArray) zones = all_zones (call);
  const Zone *zone = find_zone (call, zones);

  if (zone != NULL && zone->name == NULL)
    sb_route53_fail (call, SOUP_STATUS_FORBIDDEN, "AccessDenied", "User: " SB_ROUTE53_USER " is not authorized to access "
                     "this resource");

  return zone != NULL ? zone->name : NULL;
}

static void
append_zone (GString    *xml,
             const Zone *zone)
{
  g_autofree char *text =
    g_markup_printf_escaped ("<HostedZone><Id>/hostedzone/%s</Id><Name>%s</Name><CallerReference>sandbox"
                             "</CallerReference><Config><PrivateZone>%s</PrivateZone></Config>"
                             "<ResourceRecordSetCount>2</ResourceRecordSetCount></HostedZone>",
                             zone->id, zone->shown, zone->is_private ? "true" : "false");
  g_string_append (xml, text);
}

/* The delegation set of a zone is what stands at its top. */
static void
append_servers (GString    *xml,
                SbDnsCall  *call,
                const Zone *zone)
{
  g_autoptr(GPtrArray) records = zone->name != NULL ? sb_zones_read (call->zones, zone->name, zone->name, "NS", NULL)
                                                    : NULL;

  g_string_append (xml, "<DelegationSet><NameServers>");
  if (records == NULL)
    g_string_append (xml, "<NameServer>ns-elsewhere.awsdns.test</NameServer>");
  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      const char *name = ((SbRecord *) records->pdata[i])->data;
      gsize length = strlen (name);

      g_string_append_printf (xml, "<NameServer>%.*s</NameServer>",
                              (int) (length > 0 && name[length - 1] == '.' ? length - 1 : length), name);
    }
  g_string_append (xml, "</NameServers></DelegationSet>");
}

static void
get_zone (SbDnsCall *call)
{
  g_autoptr(GPtrArray) zones = all_zones (call);
  g_autofree char *resource = g_strconcat ("arn:aws:route53:::hostedzone/", call->parts[0], NULL);
  const Zone *zone = find_zone (call, zones);

  if (zone == NULL || !sb_route53_allow (call, "GetHostedZone", resource))
    return;

  g_autoptr(GString) xml = g_string_new ("<GetHostedZoneResponse xmlns=\"" SB_ROUTE53_XMLNS "\">");
  append_zone (xml, zone);
  if (zone->is_private)
    g_string_append (xml, "<VPCs><VPC><VPCRegion>us-east-1</VPCRegion><VPCId>vpc-1</VPCId></VPC></VPCs>");
  else
    append_servers (xml, call, zone);
  g_string_append (xml, "</GetHostedZoneResponse>");
  sb_route53_answer (call, xml->str);
}

static gboolean
read_page (SbDnsCall *call,
           guint64   *most)
{
  const char *text = sb_dns_call_query (call, "maxitems");

  *most = PAGE_MAX;
  if (text == NULL || (g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT32, most, NULL)))
    {
      *most = MIN (*most, PAGE_MAX);
      return TRUE;
    }

  sb_route53_fail (call, SOUP_STATUS_BAD_REQUEST, "InvalidInput", "1 validation error detected: Value '%s' at 'maxItems' "
                   "failed to satisfy constraint", text);
  return FALSE;
}

/* A position, not a filter: whatever comes from there on. */
static void
list_by_name (SbDnsCall *call)
{
  const char *name = sb_dns_call_query (call, "dnsname"), *id = sb_dns_call_query (call, "hostedzoneid");
  g_autofree char *start = sb_route53_order (name != NULL ? name : "");
  g_autoptr(GPtrArray) zones = all_zones (call);
  g_autoptr(GString) xml = g_string_new ("<ListHostedZonesByNameResponse xmlns=\"" SB_ROUTE53_XMLNS "\"><HostedZones>");
  const Zone *next = NULL;
  guint64 most, n = 0;

  if (!read_page (call, &most) || !sb_route53_allow (call, "ListHostedZonesByName", "*"))
    return;
  if (id != NULL && name == NULL)
    {
      sb_route53_fail (call, SOUP_STATUS_BAD_REQUEST, "InvalidInput", "hostedzoneid needs dnsname");
      return;
    }

  for (guint i = 0; i < zones->len && next == NULL; i++)
    {
      const Zone *zone = zones->pdata[i];
      int order = strcmp (zone->order, start);

      if (order < 0 || (order == 0 && id != NULL && strcmp (zone->id, id) < 0))
        continue;
      if (n++ < most)
        append_zone (xml, zone);
      else
        next = zone;
    }

  g_autofree char *tail =
    next != NULL ? g_markup_printf_escaped ("<IsTruncated>true</IsTruncated><NextDNSName>%s</NextDNSName>"
                                            "<NextHostedZoneId>%s</NextHostedZoneId>", next->shown, next->id)
                 : g_strdup ("<IsTruncated>false</IsTruncated>");
  g_string_append_printf (xml, "</HostedZones>%s<MaxItems>%" G_GUINT64_FORMAT "</MaxItems>"
                          "</ListHostedZonesByNameResponse>", tail, most);
  sb_route53_answer (call, xml->str);
}

static void
list_zones (SbDnsCall *call)
{
  const char *marker = sb_dns_call_query (call, "marker");
  g_autoptr(GPtrArray) zones = all_zones (call);
  g_autoptr(GString) xml = g_string_new ("<ListHostedZonesResponse xmlns=\"" SB_ROUTE53_XMLNS "\"><HostedZones>");
  const char *next = NULL;
  guint64 most, n = 0;

  if (!read_page (call, &most) || !sb_route53_allow (call, "ListHostedZones", "*"))
    return;

  for (guint i = 0; i < zones->len && next == NULL; i++)
    {
      const Zone *zone = zones->pdata[i];

      if (marker != NULL && strcmp (zone->id, marker) != 0)
        continue;
      marker = NULL;
      if (n++ < most)
        append_zone (xml, zone);
      else
        next = zone->id;
    }

  g_string_append_printf (xml, "</HostedZones><IsTruncated>%s</IsTruncated>", next != NULL ? "true" : "false");
  if (next != NULL)
    g_string_append_printf (xml, "<NextMarker>%s</NextMarker>", next);
  g_string_append_printf (xml, "<MaxItems>%" G_GUINT64_FORMAT "</MaxItems></ListHostedZonesResponse>", most);
  sb_route53_answer (call, xml->str);
}

/* ---- changes ---- */

static char *
change_info (const char *id,
             gboolean    is_pending)
{
  return g_strdup_printf ("<ChangeInfo><Id>/change/%s</Id><Status>%s</Status><SubmittedAt>2026-01-01T00:00:00.000Z"
                          "</SubmittedAt></ChangeInfo>", id, is_pending ? "PENDING" : "INSYNC");
}

char *
sb_route53_begin_change (SbRoute53 *state)
{
  g_autofree char *number = g_strdup_printf ("%u", g_hash_table_size (state->changes));
  g_autofree char *hex = sb_dns_hex_id (13, "change", number, NULL);
  g_autofree char *upper = g_ascii_strup (hex, -1);
  char *id = g_strconcat ("C", upper, NULL);
  gint64 *ready = g_new (gint64, 1);

  *ready = g_get_monotonic_time () + state->pending * G_TIME_SPAN_MILLISECOND;
  g_hash_table_replace (state->changes, id, ready);
  return change_info (id, TRUE);
}

static void
get_change (SbDnsCall *call)
{
  SbRoute53 *state = call->state;
  const gint64 *ready = g_hash_table_lookup (state->changes, call->parts[0]);
  g_autofree char *resource = g_strconcat ("arn:aws:route53:::change/", call->parts[0], NULL);

  if (!sb_route53_allow (call, "GetChange", resource))
    return;
  if (ready == NULL)
    {
      sb_route53_fail (call, SOUP_STATUS_NOT_FOUND, "NoSuchChange", "Could not find resource with ID: %s", call->parts[0]);
      return;
    }

  g_autofree char *info = change_info (call->parts[0], g_get_monotonic_time () < *ready);
  g_autofree char *xml = g_strconcat ("<GetChangeResponse xmlns=\"" SB_ROUTE53_XMLNS "\">", info, "</GetChangeResponse>",
                                      NULL);
  sb_route53_answer (call, xml);
}

/* ---- life ---- */

static void
session_free (gpointer data)
{
  SbRoute53Session *session = data;

  g_free (session->secret);
  g_free (session->token);
  g_free (session);
}

static gpointer
open_state (SbZones *zones)
{
  SbRoute53 *state = g_new0 (SbRoute53, 1);

  state->sessions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, session_free);
  state->changes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  state->denied = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  state->routed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  state->twins = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  state->pending = PENDING;
  return state;
}

static void
close_state (gpointer data)
{
  SbRoute53 *state = data;

  g_hash_table_unref (state->sessions);
  g_hash_table_unref (state->changes);
  g_hash_table_unref (state->denied);
  g_hash_table_unref (state->routed);
  g_hash_table_unref (state->twins);
  g_free (state);
}

static void
add_fields (gpointer    state,
            JsonObject *fields)
{
  json_object_set_string_member (fields, "access-key", SB_ROUTE53_ACCESS_KEY);
  json_object_set_string_member (fields, "secret-access-key", SB_ROUTE53_SECRET);
}

static void
reset (SbRoute53 *state)
{
  g_hash_table_remove_all (state->denied);
  g_hash_table_remove_all (state->routed);
  g_hash_table_remove_all (state->twins);
  state->clock = state->rate = 0;
  state->pending = PENDING;
  state->only_upsert = FALSE;
}

static void
note_word (JsonObject *order,
           const char *name,
           GHashTable *words)
{
  const char *word = sb_json_text (order, name);

  if (word != NULL)
    g_hash_table_add (words, g_strdup (word));
}

static void
expire_sessions (SbRoute53 *state)
{
  GHashTableIter iter;
  gpointer session;

  g_hash_table_iter_init (&iter, state->sessions);
  while (g_hash_table_iter_next (&iter, NULL, &session))
    ((SbRoute53Session *) session)->until = 0;
}

static gboolean
control (gpointer     data,
         JsonObject  *order,
         char       **why)
{
  static const char *const known[] = { "kind", "reset", "deny", "routed", "twin", "clock", "pending", "rate",
                                       "only-upsert", "expire-sessions", NULL };
  SbRoute53 *state = data;
  g_autofree char *unknown = sb_json_unknown (order, known);

  if (unknown != NULL)
    {
      *why = g_strdup_printf ("Unknown is “%s”. Known are: reset, deny, routed, twin, clock, pending, rate, only-upsert, "
                              "expire-sessions.", unknown);
      return FALSE;
    }

  if (json_object_get_boolean_member_with_default (order, "reset", FALSE))
    reset (state);
  if (json_object_get_boolean_member_with_default (order, "expire-sessions", FALSE))
    expire_sessions (state);
  note_word (order, "deny", state->denied);
  note_word (order, "routed", state->routed);
  note_word (order, "twin", state->twins);
  state->clock = json_object_get_int_member_with_default (order, "clock", state->clock);
  state->pending = json_object_get_int_member_with_default (order, "pending", state->pending);
  state->rate = json_object_get_int_member_with_default (order, "rate", state->rate);
  state->only_upsert = json_object_get_boolean_member_with_default (order, "only-upsert", state->only_upsert);
  return TRUE;
}

static const SbDnsRoute routes[] = {
  { "GET", "/2013-04-01/hostedzonesbyname", "route53.zones", list_by_name },
  { "GET", "/2013-04-01/hostedzone", "route53.all-zones", list_zones },
  { "GET", "/2013-04-01/hostedzone/{zone}", "route53.zone", get_zone },
  { "GET", "/2013-04-01/hostedzone/{zone}/rrset", "route53.list", sb_route53_list },
  { "POST", "/2013-04-01/hostedzone/{zone}/rrset/", "route53.change", sb_route53_change },
  { "POST", "/2013-04-01/hostedzone/{zone}/rrset", "route53.change", sb_route53_change },
  { "GET", "/2013-04-01/change/{change}", "route53.status", get_change },
  { "POST", "/sts/", "route53.role", sb_route53_assume_role },
  { "POST", "/sts", "route53.role", sb_route53_assume_role },
  { NULL }
};

const SbDnsService sb_dns_route53 = {
  .kind = "route53",
  .base = "",
  .routes = routes,
  .open = open_state,
  .close = close_state,
  .check = check,
  .lost = lost,
  .fields = add_fields,
  .control = control,
};
