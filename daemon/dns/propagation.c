/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "propagation.h"

#include "dns/name.h"
#include "dns/propagation-private.h"
#include "dns/resolver.h"
#include "dns/transport.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <string.h>

/* 5 seconds to find the servers, then two rounds of 16 of at most 2.5 seconds */
#define FIND_SECONDS 5.0
#define ASK_SECONDS 2.5
#define AT_ONCE 16
#define NAMED_MAX 3             /* servers that a summary names */

/* ---- what was seen ---- */

static void
observation_free (ChObservation *observation)
{
  g_free (observation->server);
  g_free (observation->address);
  g_free (observation->text);
  g_free (observation);
}

ChObservation *
ch_observation_new (const char *server,
                    const char *address,
                    ChSeen      seen,
                    const char *text)
{
  ChObservation *observation = g_new0 (ChObservation, 1);

  observation->server = g_strdup (server);
  observation->address = g_strdup (address);
  observation->seen = seen;
  observation->text = g_strdup (text);
  return observation;
}

GPtrArray *
ch_observations_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) observation_free);
}

void
ch_propagation_free (ChPropagation *propagation)
{
  g_free (propagation->zone);
  g_clear_pointer (&propagation->observations, g_ptr_array_unref);
  g_free (propagation->summary);
  g_free (propagation);
}

/* A server that does not answer, is not in charge or has trouble says nothing about the record: a resolver
 * would ask the next one. */
static gboolean
says_no (const ChObservation *observation)
{
  return observation->seen == CH_SEEN_OTHER || observation->seen == CH_SEEN_NO_NAME;
}

static gboolean
is_ipv6 (const ChObservation *observation)
{
  return strchr (observation->address, ':') != strrchr (observation->address, ':');
}

static gboolean
is_complete (GPtrArray *observations)
{
  gboolean asked[2] = { FALSE, FALSE };
  gboolean shown[2] = { FALSE, FALSE };

  for (guint i = 0; i < observations->len; i++)
    {
      const ChObservation *observation = observations->pdata[i];

      if (says_no (observation))
        return FALSE;

      asked[is_ipv6 (observation)] = TRUE;
      if (observation->seen == CH_SEEN_VALUE)
        shown[is_ipv6 (observation)] = TRUE;
    }

  return observations->len > 0 && asked[0] == shown[0] && asked[1] == shown[1];
}

static void
append_observation (GString             *text,
                    const ChObservation *observation)
{
  if (g_str_equal (observation->server, observation->address))
    g_string_append_printf (text, "; %s %s", observation->address, observation->text);
  else
    g_string_append_printf (text, "; %s (%s) %s", observation->server, observation->address,
                            observation->text);
}

/* first those that say no, because they are what is waited for */
static guint
append_others (GString   *text,
               GPtrArray *observations,
               gboolean   no,
               guint      named)
{
  for (guint i = 0; i < observations->len; i++)
    {
      const ChObservation *observation = observations->pdata[i];

      if (observation->seen == CH_SEEN_VALUE || says_no (observation) != no)
        continue;

      if (named++ < NAMED_MAX)
        append_observation (text, observation);
    }

  return named;
}

static char *
summarize (GPtrArray *observations)
{
  g_autoptr(GString) text = g_string_new (NULL);
  guint shown = 0;

  for (guint i = 0; i < observations->len; i++)
    shown += ((ChObservation *) observations->pdata[i])->seen == CH_SEEN_VALUE;

  if (shown == observations->len)
    g_string_append_printf (text, ngettext ("The only server shows the value",
                                            "All %u servers show the value", shown), shown);
  else
    g_string_append_printf (text, ngettext ("%u of %u server shows the value",
                                            "%u of %u servers show the value", observations->len),
                            shown, observations->len);

  guint named = append_others (text, observations, TRUE, 0);
  named = append_others (text, observations, FALSE, named);
  if (named > NAMED_MAX)
    g_string_append_printf (text, ngettext ("; and %u more does not", "; and %u more do not",
                                            named - NAMED_MAX), named - NAMED_MAX);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
ch_propagation_conclude (ChPropagation *propagation)
{
  g_free (propagation->summary);
  propagation->complete = is_complete (propagation->observations);
  propagation->denied = propagation->doubtful = FALSE;
  for (guint i = 0; i < propagation->observations->len; i++)
    {
      const ChObservation *observation = propagation->observations->pdata[i];

      propagation->denied |= says_no (observation);
      propagation->doubtful |= observation->seen != CH_SEEN_VALUE && !says_no (observation);
    }
  propagation->summary = summarize (propagation->observations);
}

/* ---- asking ---- */

/** Look: what the threads of one look share. */
typedef struct
{
  const char *name;
  const char *value;
  gboolean listed;              /* a person has said whom to ask: resolvers, too */
  const ChDnsRequest *request;
  GCancellable *cancellable;
  GMutex lock;
  GPtrArray *observations;    /* guarded by the lock */
} Look;

static ChSeen
judge_trouble (const ChDnsAnswer *answer,
               char             **text)
{
  g_autofree char *rcode = ch_dns_rcode_name (answer->rcode);
  gboolean positive = answer->rcode == CH_DNS_RCODE_NOERROR || answer->rcode == CH_DNS_RCODE_NXDOMAIN;

  *text = positive ? g_strdup (_("answers without authority for the zone"))
                   : g_strdup_printf (_("answers %s"), rcode);
  if (positive || answer->rcode == CH_DNS_RCODE_REFUSED || answer->rcode == CH_DNS_RCODE_NOTAUTH)
    return CH_SEEN_NOT_AUTHORITATIVE;

  return CH_SEEN_SERVFAIL;
}

static ChSeen
judge (const Look        *look,
       const ChDnsAnswer *answer,
       char             **text)
{
  const ChDnsRecord *alias = ch_dns_answer_find (answer, look->name, CH_DNS_TYPE_CNAME);

  if (!(answer->authoritative || (look->listed && answer->recursive))
      || (answer->rcode != CH_DNS_RCODE_NOERROR && answer->rcode != CH_DNS_RCODE_NXDOMAIN))
    return judge_trouble (answer, text);

  if (ch_dns_answer_has_txt (answer, look->name, look->value))
    {
      *text = g_strdup (_("shows the value"));
      return CH_SEEN_VALUE;
    }

  /* an alias comes first: what follows it, NXDOMAIN too, is about its target */
  if (alias != NULL)
    *text = g_strdup_printf (_("shows an alias (CNAME) to “%s” in place of the value"), alias->text);
  else if (answer->rcode == CH_DNS_RCODE_NXDOMAIN)
    *text = g_strdup (_("still answers NXDOMAIN"));
  else if (ch_dns_answer_find (answer, look->name, CH_DNS_TYPE_TXT) != NULL)
    *text = g_strdup (_("shows other TXT values only"));
  else
    *text = g_strdup (_("has no TXT record there yet"));

  return alias == NULL && answer->rcode == CH_DNS_RCODE_NXDOMAIN ? CH_SEEN_NO_NAME : CH_SEEN_OTHER;
}

static ChSeen
judge_failure (const GError *failure,
               char        **text)
{
  if (failure->code == CH_ERROR_BAD_ANSWER)
    {
      *text = g_strdup (_("gives an answer that makes no sense"));
      return CH_SEEN_SERVFAIL;
    }

  *text = g_strdup (_("does not answer"));
  return CH_SEEN_SILENT;
}

static void
ask_one (gpointer data,
         gpointer user_data)
{
  ChNameServer *server = data;
  Look *look = user_data;
  g_autoptr(GError) failure = NULL;
  g_autofree char *address = ch_dns_server_text (server->address);
  g_autofree char *text = NULL;
  g_autoptr(ChDnsAnswer) answer = ch_dns_exchange (G_SOCKET_CONNECTABLE (server->address), address,
                                                   look->request, CH_DNS_TRANSPORT_AUTO,
                                                   ch_dns_deadline (ASK_SECONDS), look->cancellable,
                                                   &failure);
  ChSeen seen = answer != NULL ? judge (look, answer, &text) : judge_failure (failure, &text);

  g_mutex_lock (&look->lock);
  g_ptr_array_add (look->observations, ch_observation_new (server->name, address, seen, text));
  g_mutex_unlock (&look->lock);
}

/* Connecting a datagram socket sends nothing; it only looks for a route. */
static gboolean
has_route (ChNameServer *server)
{
  GSocketAddress *address = G_SOCKET_ADDRESS (server->address);
  g_autoptr(GSocket) socket = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_DATAGRAM,
                                            G_SOCKET_PROTOCOL_UDP, NULL);

  return socket != NULL && g_socket_connect (socket, address, NULL, NULL);
}

static int
compare_observations (gconstpointer a,
                      gconstpointer b)
{
  const ChObservation *left = *(const ChObservation **) a;
  const ChObservation *right = *(const ChObservation **) b;
  int order = strcmp (left->server, right->server);

  return order != 0 ? order : strcmp (left->address, right->address);
}

/* in parallel, so that one that is silent does not keep the others waiting */
static void
ask_all (Look      *look,
         GPtrArray *servers)
{
  GThreadPool *pool = g_thread_pool_new (ask_one, look, AT_ONCE, FALSE, NULL);

  for (guint i = 0; i < servers->len; i++)
    if (has_route (servers->pdata[i]))
      g_thread_pool_push (pool, servers->pdata[i], NULL);

  g_thread_pool_free (pool, FALSE, TRUE);
  g_ptr_array_sort (look->observations, compare_observations);
}

/* Listed servers are asked as they are, with the port that they were given; of the others, those of the family. */
static GPtrArray *
find_servers (const char       *name,
              const ChDnsView  *view,
              char            **zone,
              GCancellable     *cancellable,
              GError          **error)
{
  gboolean listed = view->nameservers != NULL && *view->nameservers != '\0';
  g_autoptr(GPtrArray) servers = listed
    ? ch_name_servers_listed (view->nameservers, error)
    : ch_dns_find_servers (name, view->resolver, ch_dns_deadline (FIND_SECONDS), zone, cancellable, error);

  if (servers == NULL)
    return NULL;

  ch_name_servers_keep_family (servers, view->family);
  if (servers->len == 0)
    {
      ch_error_set (error, CH_ERROR_UNREACHABLE,
                    view->family == G_SOCKET_FAMILY_IPV4
                      ? _("No name server that should show “%s” has an IPv4 address, and no other is to be asked")
                      : _("No name server that should show “%s” has an IPv6 address, and no other is to be asked"),
                    name);
      return NULL;
    }

  return g_steal_pointer (&servers);
}

static GPtrArray *
look_at (const char   *name,
         const char   *value,
         GPtrArray    *servers,
         gboolean      listed,
         GCancellable *cancellable,
         GError      **error)
{
  g_autoptr(ChDnsRequest) request = ch_dns_query_new (name, CH_DNS_TYPE_TXT,
                                                      listed ? CH_DNS_ASKING_RESOLVER : CH_DNS_ASKING_AUTHORITY, NULL,
                                                      error);
  g_autoptr(GPtrArray) observations = ch_observations_new ();
  Look look = { .name = name, .value = value, .listed = listed, .request = request, .cancellable = cancellable,
                .observations = observations };

  if (request == NULL)
    return NULL;

  g_mutex_init (&look.lock);
  ask_all (&look, servers);
  g_mutex_clear (&look.lock);

  if (g_cancellable_is_cancelled (cancellable))
    {
      ch_error_set (error, CH_ERROR_CANCELLED, _("Cancelled"));
      return NULL;
    }

  if (observations->len == 0)
    {
      ch_error_set (error, CH_ERROR_UNREACHABLE,
                    _("This machine has no route to any name server that should show “%s”"), name);
      return NULL;
    }

  return g_steal_pointer (&observations);
}

ChPropagation *
ch_propagation_look (const char       *name,
                     const char       *value,
                     const ChDnsView  *view,
                     GCancellable     *cancellable,
                     GError          **error)
{
  g_autofree char *tidy = ch_dns_name_tidy (name);
  g_autofree char *zone = NULL;
  g_autoptr(GPtrArray) servers = find_servers (tidy, view, &zone, cancellable, error);
  if (servers == NULL)
    return NULL;

  g_autoptr(GPtrArray) observations = look_at (tidy, value, servers, zone == NULL, cancellable, error);
  if (observations == NULL)
    return NULL;

  ChPropagation *propagation = g_new0 (ChPropagation, 1);
  propagation->zone = g_steal_pointer (&zone);
  propagation->observations = g_steal_pointer (&observations);
  ch_propagation_conclude (propagation);
  return propagation;
}
