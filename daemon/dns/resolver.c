/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "resolver.h"

#include "dns/name.h"
#include "dns/transport.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

/* The resolvers of /etc/resolv.conf are asked by our own codec, not through GResolver: the same code then
 * serves a resolver that the account names, and a file of a few lines is all there is to read. */

#define DNS_PORT 53
#define RESOLVERS_MAX 3         /* resolv.conf(5): MAXNS */
#define NAMES_MAX 16
#define ADDRESSES_MAX 32
#define ANSWER_SECONDS 2.0      /* for one resolver, before the next is asked */

/* ---- addresses ---- */

static gboolean
parse_port (const char *text,
            guint16    *port)
{
  guint64 number = 0;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &number, NULL))
    return FALSE;

  *port = number;
  return TRUE;
}

/* cuts "[v6]:port", "v4:port" and plain addresses; a bare IPv6 address has more than one colon and no port */
static char *
split_port (const char *text,
            guint16    *port)
{
  const char *colon = strrchr (text, ':');
  const char *bracket = strchr (text, ']');

  if (*text == '[' && bracket != NULL)
    return bracket[1] == '\0' || (bracket[1] == ':' && parse_port (bracket + 2, port))
             ? g_strndup (text + 1, bracket - text - 1) : NULL;

  if (colon == NULL || strchr (text, ':') != colon)
    return g_strdup (text);

  return parse_port (colon + 1, port) ? g_strndup (text, colon - text) : NULL;
}

GInetSocketAddress *
ch_dns_parse_server (const char *text,
                     GError    **error)
{
  guint16 port = DNS_PORT;
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  g_autofree char *host = split_port (stripped, &port);
  GSocketAddress *address = host != NULL ? g_inet_socket_address_new_from_string (host, port) : NULL;

  if (address == NULL)
    ch_error_set (error, CH_ERROR_INVALID,
                  _("“%s” is not an address such as 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:5353"),
                  stripped);

  return (GInetSocketAddress *) address;
}

GPtrArray *
ch_dns_parse_servers (const char *text,
                      GError    **error)
{
  g_autoptr(GPtrArray) servers = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto(GStrv) parts = g_strsplit (text, ",", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      GInetSocketAddress *server = ch_dns_parse_server (parts[i], error);

      if (server == NULL)
        return NULL;

      g_ptr_array_add (servers, server);
    }

  if (servers->len == 0 || servers->len > ADDRESSES_MAX)
    {
      ch_error_set (error, CH_ERROR_INVALID, _("Give 1 to %d addresses, separated by commas"), ADDRESSES_MAX);
      return NULL;
    }

  return g_steal_pointer (&servers);
}

char *
ch_dns_server_text (GInetSocketAddress *address)
{
  g_autofree char *host = g_inet_address_to_string (g_inet_socket_address_get_address (address));
  guint16 port = g_inet_socket_address_get_port (address);

  if (port == DNS_PORT)
    return g_steal_pointer (&host);

  return g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%u" : "%s:%u", host, port);
}

ChNameServer *
ch_name_server_new (const char         *name,
                    GInetSocketAddress *address)
{
  ChNameServer *server = g_new0 (ChNameServer, 1);

  server->name = g_strdup (name);
  server->address = g_object_ref (address);
  return server;
}

void
ch_name_server_free (ChNameServer *server)
{
  g_free (server->name);
  g_object_unref (server->address);
  g_free (server);
}

GPtrArray *
ch_name_servers_listed (const char *text,
                        GError    **error)
{
  g_autoptr(GPtrArray) addresses = ch_dns_parse_servers (text, error);

  if (addresses == NULL)
    return NULL;

  GPtrArray *servers = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_name_server_free);
  for (guint i = 0; i < addresses->len; i++)
    {
      g_autofree char *name = ch_dns_server_text (addresses->pdata[i]);
      g_ptr_array_add (servers, ch_name_server_new (name, addresses->pdata[i]));
    }

  return servers;
}

void
ch_name_servers_keep_family (GPtrArray     *servers,
                             GSocketFamily  family)
{
  for (guint i = servers->len; i > 0 && family != G_SOCKET_FAMILY_INVALID; i--)
    {
      const ChNameServer *server = servers->pdata[i - 1];

      if (g_socket_address_get_family (G_SOCKET_ADDRESS (server->address)) != family)
        g_ptr_array_remove_index (servers, i - 1);
    }
}

/* ---- resolvers ---- */

static GPtrArray *
system_resolvers (void)
{
  g_autoptr(GPtrArray) servers = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *text = NULL;

  /* resolv.conf(5): without the file or a line in it, this machine is asked */
  if (!g_file_get_contents ("/etc/resolv.conf", &text, NULL, NULL))
    text = g_strdup ("");

  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL && servers->len < RESOLVERS_MAX; i++)
    {
      g_auto(GStrv) words = g_strsplit_set (g_strstrip (lines[i]), " \t", 3);
      gboolean is_server = g_strv_length (words) >= 2 && g_str_equal (words[0], "nameserver");
      GSocketAddress *server = is_server ? g_inet_socket_address_new_from_string (words[1], DNS_PORT) : NULL;

      if (server != NULL)
        g_ptr_array_add (servers, server);
    }

  if (servers->len == 0)
    g_ptr_array_add (servers, g_inet_socket_address_new_from_string ("127.0.0.1", DNS_PORT));

  return g_steal_pointer (&servers);
}

static GPtrArray *
choose_resolvers (const char *resolver,
                  GError    **error)
{
  return resolver != NULL && *resolver != '\0' ? ch_dns_parse_servers (resolver, error) : system_resolvers ();
}

/** Finder: one search for name servers. */
typedef struct
{
  GPtrArray *resolvers;         /* (element-type GInetSocketAddress) */
  gint64 deadline;
  GCancellable *cancellable;
} Finder;

static ChDnsAnswer *
ask_resolver (Finder             *finder,
              GInetSocketAddress *resolver,
              const ChDnsRequest *request,
              GError            **error)
{
  g_autofree char *text = ch_dns_server_text (resolver);
  gint64 deadline = MIN (finder->deadline, ch_dns_deadline (ANSWER_SECONDS));
  g_autoptr(ChDnsAnswer) answer = ch_dns_exchange (G_SOCKET_CONNECTABLE (resolver), text, request,
                                                   CH_DNS_TRANSPORT_AUTO, deadline, finder->cancellable,
                                                   error);

  if (answer == NULL || answer->rcode == CH_DNS_RCODE_NOERROR || answer->rcode == CH_DNS_RCODE_NXDOMAIN)
    return g_steal_pointer (&answer);

  g_autofree char *rcode = ch_dns_rcode_name (answer->rcode);
  ch_error_set (error, CH_ERROR_UNREACHABLE, _("The resolver “%s” answers %s"), text, rcode);
  return NULL;
}

/* the first resolver that gives a useful answer */
static ChDnsAnswer *
ask (Finder     *finder,
     const char *name,
     ChDnsType   type,
     GError    **error)
{
  g_autoptr(ChDnsRequest) request = ch_dns_query_new (name, type, CH_DNS_ASKING_RESOLVER, NULL, error);
  g_autoptr(GError) failure = NULL;

  if (request == NULL)
    return NULL;

  for (guint i = 0; i < finder->resolvers->len; i++)
    {
      g_clear_error (&failure);
      ChDnsAnswer *answer = ask_resolver (finder, finder->resolvers->pdata[i], request, &failure);
      if (answer != NULL)
        return answer;
      if (g_cancellable_is_cancelled (finder->cancellable))
        break;
    }

  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}

const char *
ch_dns_soa_owner (const ChDnsAnswer *answer,
                  const char        *name)
{
  /* behind a CNAME the SOA is that of the target's zone */
  if (ch_dns_answer_find (answer, name, CH_DNS_TYPE_CNAME) != NULL)
    return NULL;

  for (guint i = 0; i < answer->records->len; i++)
    {
      const ChDnsRecord *record = answer->records->pdata[i];

      if (record->type == CH_DNS_TYPE_SOA && ch_dns_name_is_inside (name, record->owner))
        return record->owner;
    }

  return NULL;
}

/* The first level of the walk is asked after the record was put there, never before: RFC 2308 lets a
 * resolver keep "no such name" for hours. */
static char *
find_zone (Finder     *finder,
           const char *name,
           GError    **error)
{
  for (const char *at = name; at != NULL; at = ch_dns_name_parent (at))
    {
      g_autoptr(ChDnsAnswer) answer = ask (finder, at, CH_DNS_TYPE_SOA, error);

      if (answer == NULL)
        return NULL;

      const char *zone = ch_dns_soa_owner (answer, at);
      if (zone != NULL)
        return g_strdup (zone);
    }

  ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                _("No DNS zone holds “%s”: the domain does not exist, or is not delegated"), name);
  return NULL;
}

static gboolean
has_address (GPtrArray  *servers,
             const char *address)
{
  for (guint i = 0; i < servers->len; i++)
    {
      ChNameServer *server = servers->pdata[i];
      g_autofree char *text = ch_dns_server_text (server->address);

      if (g_str_equal (text, address))
        return TRUE;
    }

  return FALSE;
}

static void
add_addresses (Finder     *finder,
               GPtrArray  *servers,
               const char *name,
               ChDnsType   type,
               GError    **error)
{
  g_autoptr(ChDnsAnswer) answer = ask (finder, name, type, error);

  for (guint i = 0; answer != NULL && i < answer->records->len && servers->len < ADDRESSES_MAX; i++)
    {
      const ChDnsRecord *record = answer->records->pdata[i];

      if (!record->is_answer || record->type != type || record->text == NULL
          || has_address (servers, record->text))
        continue;

      g_autoptr(GSocketAddress) address = g_inet_socket_address_new_from_string (record->text, DNS_PORT);
      g_ptr_array_add (servers, ch_name_server_new (name, G_INET_SOCKET_ADDRESS (address)));
    }
}

static GPtrArray *
find_addresses (Finder            *finder,
                const char        *zone,
                const ChDnsAnswer *names,
                GError           **error)
{
  g_autoptr(GPtrArray) servers = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_name_server_free);
  g_autoptr(GError) failure = NULL;
  guint seen = 0;

  for (guint i = 0; i < names->records->len && seen < NAMES_MAX; i++)
    {
      const ChDnsRecord *record = names->records->pdata[i];

      if (!record->is_answer || record->type != CH_DNS_TYPE_NS || *record->text == '\0')
        continue;

      g_clear_error (&failure);
      add_addresses (finder, servers, record->text, CH_DNS_TYPE_A, &failure);
      g_clear_error (&failure);
      add_addresses (finder, servers, record->text, CH_DNS_TYPE_AAAA, &failure);
      seen++;
    }

  if (g_cancellable_is_cancelled (finder->cancellable))
    ch_error_set (error, CH_ERROR_CANCELLED, _("Cancelled"));
  else if (servers->len > 0)
    return g_steal_pointer (&servers);
  else if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND, _("The name servers of the zone “%s” have no addresses"),
                  zone);

  return NULL;
}

GPtrArray *
ch_dns_find_servers (const char   *name,
                     const char   *resolver,
                     gint64        deadline,
                     char        **zone,
                     GCancellable *cancellable,
                     GError      **error)
{
  g_autoptr(GPtrArray) resolvers = choose_resolvers (resolver, error);
  Finder finder = { resolvers, deadline, cancellable };

  if (resolvers == NULL)
    return NULL;

  g_autofree char *cut = find_zone (&finder, name, error);
  if (cut == NULL)
    return NULL;

  g_autoptr(ChDnsAnswer) names = ask (&finder, cut, CH_DNS_TYPE_NS, error);
  GPtrArray *servers = names != NULL ? find_addresses (&finder, cut, names, error) : NULL;

  if (servers != NULL)
    *zone = g_steal_pointer (&cut);

  return servers;
}

GPtrArray *
ch_dns_find_host (const char   *name,
                  const char   *resolver,
                  gint64        deadline,
                  GCancellable *cancellable,
                  GError      **error)
{
  g_autoptr(GPtrArray) resolvers = choose_resolvers (resolver, error);
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_name_server_free);
  Finder finder = { resolvers, deadline, cancellable };
  GError *failure = NULL;

  if (resolvers == NULL)
    return NULL;

  add_addresses (&finder, found, name, CH_DNS_TYPE_A, &failure);
  if (failure == NULL)
    add_addresses (&finder, found, name, CH_DNS_TYPE_AAAA, &failure);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return NULL;
    }

  GPtrArray *addresses = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < found->len; i++)
    {
      GInetAddress *address = g_inet_socket_address_get_address (((ChNameServer *) found->pdata[i])->address);
      g_ptr_array_add (addresses, g_object_ref (address));
    }
  return addresses;
}
