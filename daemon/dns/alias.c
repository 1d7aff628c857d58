/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns/alias.h"

#include "dns/name.h"
#include "dns/resolver.h"
#include "dns/transport.h"
#include "lib/error.h"

#include <glib/gi18n.h>

#define FIND_SECONDS 5.0
#define ASK_SECONDS 2.0
#define SERVERS_MAX 4           /* that do not answer, before it is given up */

/* A referral: the name is the top of a zone of its own, and so has no CNAME (RFC 1034, 3.6.2). */
static gboolean
is_top_of_zone (const ChDnsAnswer *answer,
                const char        *name)
{
  for (guint i = 0; i < answer->records->len; i++)
    {
      const ChDnsRecord *record = answer->records->pdata[i];

      if (!record->is_answer && record->type == CH_DNS_TYPE_NS && g_str_equal (record->owner, name))
        return TRUE;
    }

  return FALSE;
}

/* whether an answer says what stands at the name */
static gboolean
is_clear (const ChDnsAnswer *answer,
          const char        *name,
          gboolean           listed)
{
  gboolean positive = answer->rcode == CH_DNS_RCODE_NOERROR || answer->rcode == CH_DNS_RCODE_NXDOMAIN;

  return positive && (answer->authoritative || (listed && answer->recursive) || is_top_of_zone (answer, name));
}

static ChDnsAnswer *
ask (GPtrArray     *servers,
     const char    *name,
     gboolean       listed,
     GCancellable  *cancellable,
     GError       **error)
{
  g_autoptr(ChDnsRequest) request = ch_dns_query_new (name, CH_DNS_TYPE_CNAME,
                                                      listed ? CH_DNS_ASKING_RESOLVER : CH_DNS_ASKING_AUTHORITY, NULL,
                                                      error);
  g_autofree char *last = NULL;

  for (guint i = 0; request != NULL && i < servers->len && i < SERVERS_MAX; i++)
    {
      const ChNameServer *server = servers->pdata[i];
      g_autofree char *address = ch_dns_server_text (server->address);
      g_autoptr(ChDnsAnswer) answer = ch_dns_exchange (G_SOCKET_CONNECTABLE (server->address), address, request,
                                                       CH_DNS_TRANSPORT_AUTO, ch_dns_deadline (ASK_SECONDS),
                                                       cancellable, NULL);

      if (g_cancellable_is_cancelled (cancellable))
        {
          ch_error_set (error, CH_ERROR_CANCELLED, _("Cancelled"));
          return NULL;
        }
      if (answer != NULL && is_clear (answer, name, listed))
        return g_steal_pointer (&answer);

      g_free (last);
      last = g_steal_pointer (&address);
    }

  if (request != NULL)
    ch_error_set (error, CH_ERROR_UNREACHABLE, _("“%s” does not tell what stands at “%s”"),
                  last != NULL ? last : "?", name);
  return NULL;
}

/* The zone that holds a name holds its parent, too, unless the name is the top of a zone: then the parent's refers to it. */
static ChDnsAnswer *
ask_authority (const char       *name,
               const ChDnsView  *view,
               GCancellable     *cancellable,
               GError          **error)
{
  const char *parent = ch_dns_name_parent (name);
  g_autofree char *zone = NULL;
  g_autoptr(GPtrArray) servers = ch_dns_find_servers (parent != NULL ? parent : name, view->resolver,
                                                      ch_dns_deadline (FIND_SECONDS), &zone, cancellable, error);

  if (servers == NULL)
    return NULL;

  ch_name_servers_keep_family (servers, view->family);
  return ask (servers, name, FALSE, cancellable, error);
}

/* Listed servers need not know the zones that an alias leads to. */
static ChDnsAnswer *
ask_view (const char       *name,
          const ChDnsView  *view,
          GCancellable     *cancellable,
          GError          **error)
{
  if (view->nameservers == NULL || *view->nameservers == '\0')
    return ask_authority (name, view, cancellable, error);

  g_autoptr(GPtrArray) servers = ch_name_servers_listed (view->nameservers, error);
  g_autoptr(GError) failure = NULL;
  ChDnsAnswer *answer = servers != NULL ? ask (servers, name, TRUE, cancellable, &failure) : NULL;

  if (answer != NULL || servers == NULL)
    return answer;
  if (!g_error_matches (failure, CH_ERROR, CH_ERROR_CANCELLED))
    answer = ask_authority (name, view, cancellable, NULL);
  if (answer == NULL)
    g_propagate_error (error, g_steal_pointer (&failure));

  return answer;
}

gboolean
ch_dns_find_alias (const char       *name,
                   const ChDnsView  *view,
                   char            **target,
                   GCancellable     *cancellable,
                   GError          **error)
{
  g_autofree char *tidy = ch_dns_name_tidy (name);
  g_autoptr(ChDnsAnswer) answer = ask_view (tidy, view, cancellable, error);

  if (answer == NULL)
    return FALSE;

  const ChDnsRecord *alias = ch_dns_answer_find (answer, tidy, CH_DNS_TYPE_CNAME);
  if (alias != NULL && !ch_dns_check_name (alias->text, error))
    {
      g_prefix_error (error, _("“%s” is an alias (CNAME) of a name at which no record can be put: "), tidy);
      return FALSE;
    }

  *target = alias != NULL ? ch_dns_name_tidy (alias->text) : NULL;
  return TRUE;
}
