/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rfc2136-verdict.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <time.h>

/* What BIND 9.18, Knot DNS 3.2 and PowerDNS 4.7 were seen to answer:
 *
 *                           BIND                 Knot                     PowerDNS
 *   query, wrong key        NOTAUTH + TSIG error NOTAUTH + TSIG error     NOTAUTH, no TSIG
 *   query, zone not there   REFUSED, signed      REFUSED, no TSIG         REFUSED, signed
 *   update, not permitted   REFUSED, signed      NOTAUTH + TSIG BADKEY    REFUSED, no TSIG
 */

static char *
time_text (gint64 seconds)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (seconds);
  return time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M:%S UTC")
                      : g_strdup (_("an impossible time"));
}

static gboolean
fail_clock (const ChUpdatePeer *peer,
            const ChDnsAnswer  *answer,
            GError            **error)
{
  g_autofree char *ours = time_text (time (NULL));
  g_autofree char *theirs = answer->server_time != 0 ? time_text (answer->server_time) : NULL;

  if (theirs == NULL)
    return ch_error_set (error, CH_ERROR_CLOCK,
                         _("The clock of “%s” differs too much from ours, which says %s; set both by NTP"),
                         peer->server, ours);

  return ch_error_set (error, CH_ERROR_CLOCK,
                       _("Clocks differ too much: it is %s here and %s at “%s”; set both by NTP"),
                       ours, theirs, peer->server);
}

/* what the TSIG record itself complains about (RFC 8945, 5.2) */
static gboolean
fail_tsig (const ChUpdatePeer *peer,
           const ChDnsAnswer  *answer,
           GError            **error)
{
  switch (answer->tsig_error)
    {
    case CH_TSIG_BADTIME:
      return fail_clock (peer, answer, error);
    case CH_TSIG_BADSIG:
      return ch_error_set (error, CH_ERROR_CREDENTIALS,
                           _("“%s” knows the key “%s”, but with another secret (BADSIG); check "
                             "“tsig-secret”"),
                           peer->server, peer->key_name);
    case CH_TSIG_BADKEY:
      return ch_error_set (error, CH_ERROR_CREDENTIALS,
                           _("“%s” does not know a key “%s” for %s, or gives it no right to the zone "
                             "(BADKEY); check “key-name”, “algorithm” and the zone’s access list"),
                           peer->server, peer->key_name, peer->algorithm);
    default:
      return ch_error_set (error, CH_ERROR_CREDENTIALS,
                           _("“%s” does not accept the signature made with the key “%s” (TSIG error %u)"),
                           peer->server, peer->key_name, answer->tsig_error);
    }
}

static gboolean
fail_signature (const ChUpdatePeer *peer,
                const ChDnsAnswer  *answer,
                GError            **error)
{
  if (answer->signature == CH_DNS_SIGNATURE_BAD)
    return ch_error_set (error, CH_ERROR_BAD_ANSWER,
                         _("The answer of “%s” carries a wrong signature, so it is not believed"),
                         peer->server);

  return ch_error_set (error, CH_ERROR_BAD_ANSWER,
                       _("The answer of “%s” is not signed, so it is not believed; does the server know "
                         "TSIG?"),
                       peer->server);
}

static gboolean
fail_other (const ChUpdatePeer *peer,
            const ChDnsAnswer  *answer,
            GError            **error)
{
  g_autofree char *rcode = ch_dns_rcode_name (answer->rcode);

  if (answer->rcode == CH_DNS_RCODE_SERVFAIL)
    return ch_error_set (error, CH_ERROR_TRANSIENT,
                         _("“%s” has trouble with the zone (SERVFAIL); see its log"),
                         peer->server);

  return ch_error_set (error, CH_ERROR_BAD_ANSWER, _("“%s” answers %s, which was not expected; see its log"),
                       peer->server, rcode);
}

static gboolean
is_signed (const ChDnsAnswer *answer)
{
  return answer->signature == CH_DNS_SIGNATURE_GOOD;
}

gboolean
ch_rfc2136_judge_query (const ChUpdatePeer *peer,
                        const char         *name,
                        const ChDnsAnswer  *answer,
                        GError            **error)
{
  if (answer->tsig_error != 0)
    return fail_tsig (peer, answer, error);

  switch (answer->rcode)
    {
    case CH_DNS_RCODE_NOERROR:
    case CH_DNS_RCODE_NXDOMAIN:
      return is_signed (answer) || fail_signature (peer, answer, error);

    case CH_DNS_RCODE_REFUSED:
      return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                           _("“%s” does not answer for “%s” (REFUSED): it serves no zone for that name, or "
                             "the key “%s” may not query it"), peer->server, name, peer->key_name);

    case CH_DNS_RCODE_NOTAUTH:
      if (is_signed (answer))
        return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND, _("“%s” serves no zone for “%s” (NOTAUTH)"),
                             peer->server, name);
      return ch_error_set (error, CH_ERROR_CREDENTIALS,
                           _("“%s” does not accept the key “%s” and does not say why (NOTAUTH); check "
                             "“key-name”, “algorithm”, “tsig-secret” and the clocks"),
                           peer->server, peer->key_name);

    default:
      return fail_other (peer, answer, error);
    }
}

gboolean
ch_rfc2136_judge_update (const ChUpdatePeer *peer,
                         const char         *zone,
                         const char         *name,
                         const ChDnsAnswer  *answer,
                         GError            **error)
{
  gboolean is_mute = answer->rcode == CH_DNS_RCODE_NOTAUTH && answer->tsig_error == 0 && !is_signed (answer);
  gboolean is_denied = answer->rcode == CH_DNS_RCODE_REFUSED || answer->tsig_error == CH_TSIG_BADKEY
                       || is_mute;

  if (is_denied)
    return ch_error_set (error, CH_ERROR_FORBIDDEN,
                         _("“%s” knows the key “%s” but does not let it change TXT records of “%s” in the "
                           "zone “%s”; allow it there (BIND: update-policy, Knot: acl, PowerDNS: "
                           "TSIG-ALLOW-DNSUPDATE and ALLOW-DNSUPDATE-FROM)"),
                         peer->server, peer->key_name, name, zone);

  if (answer->tsig_error != 0)
    return fail_tsig (peer, answer, error);

  switch (answer->rcode)
    {
    case CH_DNS_RCODE_NOERROR:
      return is_signed (answer) || fail_signature (peer, answer, error);

    case CH_DNS_RCODE_NOTAUTH:
    case CH_DNS_RCODE_NOTZONE:
      return ch_error_set (error, CH_ERROR_ZONE_NOT_FOUND,
                           _("“%s” does not take changes of “%s” in the zone “%s”; check “zone”, or give the "
                             "primary server"), peer->server, name, zone);

    case CH_DNS_RCODE_NOTIMP:
      return ch_error_set (error, CH_ERROR_FORBIDDEN, _("“%s” does not support dynamic updates (NOTIMP)"),
                           peer->server);

    case CH_DNS_RCODE_YXDOMAIN:
    case CH_DNS_RCODE_YXRRSET:
    case CH_DNS_RCODE_NXRRSET:
      return ch_error_set (error, CH_ERROR_CONFLICT, _("“%s” says that something else stands at “%s”"),
                           peer->server, name);

    default:
      return fail_other (peer, answer, error);
    }
}
