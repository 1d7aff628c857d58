/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "route53-call.h"

#include "lib/error.h"
#include "lib/secret.h"
#include "net/form.h"
#include "net/pause.h"

#include <glib/gi18n.h>
#include <string.h>

/* Where the services are, and in whose name they are asked. */

/* the endpoint rules of AWS; Route 53 is one global service in each partition */
static const ChRoute53Place places[] = {
  { "aws", "https://route53.amazonaws.com", "us-east-1", "amazonaws.com" },
  { "aws-cn", "https://route53.amazonaws.com.cn", "cn-northwest-1", "amazonaws.com.cn" },
  { "aws-us-gov", "https://route53.us-gov.amazonaws.com", "us-gov-west-1", "amazonaws.com" },
  { "aws-eusc", "https://route53.amazonaws.eu", "eusc-de-east-1", "amazonaws.eu" },
  { "aws-iso", "https://route53.c2s.ic.gov", "us-iso-east-1", "c2s.ic.gov" },
  { "aws-iso-b", "https://route53.sc2s.sgov.gov", "us-isob-east-1", "sc2s.sgov.gov" },
  { "aws-iso-e", "https://route53.cloud.adc-e.uk", "eu-isoe-west-1", "cloud.adc-e.uk" },
  { "aws-iso-f", "https://route53.csp.hci.ic.gov", "us-isof-south-1", "csp.hci.ic.gov" },
};

/* a role's credentials live for an hour, and are renewed five minutes before their end */
#define LIFETIME 3600
#define MARGIN (5 * 60)
#define ROLES_MAX 64

const ChRoute53Place *
ch_route53_place (const char *partition)
{
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_str_equal (places[i].partition, partition))
      return &places[i];

  return NULL;
}

/* The partition "aws" alone has an STS without a region in its name. */
char *
ch_route53_sts_url (const ChRoute53Place *place,
                    const char           *region)
{
  if (region == NULL && g_str_equal (place->partition, "aws"))
    return g_strdup ("https://sts.amazonaws.com");

  return g_strdup_printf ("https://sts.%s.%s", region != NULL ? region : place->region, place->sts_domain);
}

/* ---- roles ---- */

/** Role: the temporary credentials of an assumed role. */
typedef struct
{
  char *access_key;
  char *secret;
  char *session_token;
  gint64 until;         /* Unix seconds */
} Role;

static void
role_free (Role *role)
{
  g_free (role->access_key);
  ch_secret_free (role->secret);
  ch_secret_free (role->session_token);
  g_free (role);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Role, role_free)

/* A connector keeps no state, but an AssumeRole for each change would be the slowest part of it. */
static GMutex mutex;
static GHashTable *roles;     /* (element-type utf8 Role): by a hash of all that was asked with */

static const char *
setting (const ChRoute53 *aws,
         const char      *name)
{
  return ch_fields_get (ch_route53_fields, aws->settings, name);
}

static const char *
secret (const ChRoute53 *aws,
        const char      *name)
{
  return ch_fields_get (ch_route53_fields, aws->secrets, name);
}

static char *
trim_url (const char *url)
{
  return g_strndup (url, strlen (url) - (g_str_has_suffix (url, "/") ? 1 : 0));
}

static char *
sts_url (const ChRoute53 *aws)
{
  const char *url = setting (aws, "sts-url");
  return url != NULL ? trim_url (url) : ch_route53_sts_url (aws->place, setting (aws, "region"));
}

static char *
role_id (const ChRoute53 *aws)
{
  g_autofree char *url = sts_url (aws);
  const char *const parts[] = { url, setting (aws, "region"), setting (aws, "role-arn"), setting (aws, "external-id"),
                                setting (aws, "access-key"), secret (aws, "secret-access-key"),
                                secret (aws, "session-token") };
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      const char *part = parts[i] != NULL ? parts[i] : "";
      g_checksum_update (checksum, (const guchar *) part, strlen (part) + 1);
    }

  return g_strdup (g_checksum_get_string (checksum));
}

static void
become (ChRoute53  *aws,
        const char *access_key,
        const char *secret_key,
        const char *session_token)
{
  g_free (aws->access_key);
  ch_secret_free (aws->secret);
  ch_secret_free (aws->session_token);
  aws->access_key = g_strdup (access_key);
  aws->secret = g_strdup (secret_key);
  aws->session_token = g_strdup (session_token);
}

static void
become_itself (ChRoute53 *aws)
{
  become (aws, setting (aws, "access-key"), secret (aws, "secret-access-key"), secret (aws, "session-token"));
}

/* The secret must not lie around in the document's memory. */
static char *
take_text (const xmlNode *from,
           const char    *path)
{
  const xmlNode *node = ch_route53_find (from, path);
  char *text = ch_xml_text (node);

  for (const xmlNode *part = node != NULL ? node->children : NULL; part != NULL; part = part->next)
    if (part->content != NULL)
      explicit_bzero (part->content, strlen ((const char *) part->content));

  return text;
}

static Role *
read_role (const xmlDoc *doc,
           GError      **error)
{
  const xmlNode *from = ch_route53_find (xmlDocGetRootElement (doc), "AssumeRoleResult/Credentials");
  g_autofree char *until = ch_route53_text (from, "Expiration");
  g_autoptr(GDateTime) end = until != NULL ? g_date_time_new_from_iso8601 (until, NULL) : NULL;
  g_autoptr(Role) role = g_new0 (Role, 1);

  role->access_key = ch_route53_text (from, "AccessKeyId");
  role->secret = take_text (from, "SecretAccessKey");
  role->session_token = take_text (from, "SessionToken");
  if (role->access_key == NULL || role->secret == NULL || role->session_token == NULL || end == NULL)
    {
      ch_error_set (error, CH_ERROR_BAD_ANSWER, _("STS has answered without whole credentials for the role"));
      return NULL;
    }

  role->until = g_date_time_to_unix (end);
  return g_steal_pointer (&role);
}

static GBytes *
role_request (const ChRoute53 *aws)
{
  const char *external_id = setting (aws, "external-id");
  const char *const pairs[] = { "Action", "AssumeRole", "Version", "2011-06-15", "RoleArn", setting (aws, "role-arn"),
                                "RoleSessionName", "chancery", "DurationSeconds", G_STRINGIFY (LIFETIME),
                                external_id != NULL ? "ExternalId" : NULL, external_id, NULL };

  return ch_form_encode (pairs);
}

static Role *
assume (ChRoute53  *aws,
        GError    **error)
{
  g_autofree char *url = sts_url (aws);
  const char *region = setting (aws, "region");
  g_autoptr(GBytes) form = role_request (aws);
  ChRoute53Refusal refusal;
  ChRoute53Question question = { "sts", url, region != NULL ? region : aws->place->region, "/",
                                 CH_FORM_TYPE "; charset=utf-8", form, "sts:AssumeRole" };

  become_itself (aws);
  g_autoptr(xmlDoc) doc = ch_route53_ask (aws, &question, &refusal, error);
  if (doc == NULL)
    {
      g_prefix_error (error, _("The role “%s” cannot be assumed: "), setting (aws, "role-arn"));
      return NULL;
    }

  return read_role (doc, error);
}

static gboolean
take_from_cache (ChRoute53  *aws,
                 const char *id)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  g_mutex_lock (&mutex);
  const Role *role = roles != NULL ? g_hash_table_lookup (roles, id) : NULL;
  gboolean found = role != NULL && role->until - MARGIN > now;
  if (found)
    become (aws, role->access_key, role->secret, role->session_token);
  g_mutex_unlock (&mutex);

  return found;
}

static void
put_into_cache (const char *id,
                Role       *role)
{
  g_mutex_lock (&mutex);
  if (roles == NULL)
    roles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) role_free);
  if (g_hash_table_size (roles) >= ROLES_MAX)
    g_hash_table_remove_all (roles);
  g_hash_table_replace (roles, g_strdup (id), role);
  g_mutex_unlock (&mutex);
}

gboolean
ch_route53_renew (ChRoute53  *aws,
                  GError    **error)
{
  g_autofree char *id = role_id (aws);
  g_autoptr(Role) role = assume (aws, error);

  if (role == NULL)
    return FALSE;

  become (aws, role->access_key, role->secret, role->session_token);
  put_into_cache (id, g_steal_pointer (&role));
  return TRUE;
}

/* ---- opening ---- */

gboolean
ch_route53_open (ChRoute53          *aws,
                 const ChDnsAccess  *access,
                 GCancellable       *cancellable,
                 GError            **error)
{
  aws->settings = access->settings;
  aws->secrets = access->secrets;
  aws->cancellable = cancellable;
  aws->place = ch_route53_place (setting (aws, "partition"));
  if (aws->place == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not a partition of AWS"), setting (aws, "partition"));
  if (setting (aws, "access-key") == NULL || secret (aws, "secret-access-key") == NULL)
    return ch_error_set (error, CH_ERROR_CREDENTIALS,
                         _("The Route 53 account has no access key or no secret; set “access-key” and "
                           "“secret-access-key”"));

  const char *url = setting (aws, "url");
  aws->url = trim_url (url != NULL ? url : aws->place->url);
  aws->caller = ch_pause_caller (aws->url, setting (aws, "access-key"));
  if (setting (aws, "role-arn") == NULL)
    {
      become_itself (aws);
      return TRUE;
    }

  g_autofree char *id = role_id (aws);
  return take_from_cache (aws, id) || ch_route53_renew (aws, error);
}

void
ch_route53_clear (ChRoute53 *aws)
{
  g_free (aws->url);
  g_free (aws->caller);
  g_free (aws->access_key);
  ch_secret_free (aws->secret);
  ch_secret_free (aws->session_token);
}
