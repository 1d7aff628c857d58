/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/effects.h"

#include "dns/alias.h"
#include "dns/common.h"
#include "engine/challenges.h"
#include "engine/dns-choice.h"
#include "lib/error.h"

#include <glib/gi18n.h>

/* A CA that finds a CNAME where it looks for the value goes where that leads, perhaps to a zone of another service. So
 * the value is put there, by the account that takes care of it; the CA is asked for the name itself all the same. */

/* Resolvers give up after about as many: BIND and Unbound after 11. */
#define ALIASES_MAX 10

/** Walk: from a challenge's location to where it leads. */
typedef struct
{
  const ChEffect *effect;
  const char *location;
  GPtrArray *aliases;         /* (element-type utf8) (owned) */
  const ChPeer *usual;        /* (nullable): the location's account */
  const ChPeer *account;      /* (nullable): that of where we are */
} Walk;

static const char *
here (const Walk *walk)
{
  return walk->aliases->len > 0 ? walk->aliases->pdata[walk->aliases->len - 1] : walk->location;
}

static gboolean
was_there (const Walk *walk,
           const char *name)
{
  for (guint i = 0; i < walk->aliases->len; i++)
    if (g_str_equal (walk->aliases->pdata[i], name))
      return TRUE;

  return g_ascii_strcasecmp (walk->location, name) == 0;
}

static char *
describe (const Walk *walk,
          const char *target)
{
  g_autoptr(GString) text = g_string_new (walk->location);

  for (guint i = 0; i < walk->aliases->len; i++)
    g_string_append_printf (text, " → %s", (const char *) walk->aliases->pdata[i]);
  g_string_append_printf (text, " → %s", target);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* @target: (transfer full) */
static gboolean
step (Walk    *walk,
      char    *target,
      GError **error)
{
  g_autofree char *name = target;
  g_autofree char *way = describe (walk, name);

  if (was_there (walk, name))
    return ch_error_set (error, CH_ERROR_CONFLICT,
                         _("“%s” leads in a circle by CNAMEs, so no CA can find a value there: %s. Remove one of them"),
                         walk->location, way);
  if (walk->aliases->len == ALIASES_MAX)
    return ch_error_set (error, CH_ERROR_CONFLICT,
                         _("“%s” leads on by more than %d CNAMEs, which no CA follows: %s. Let it lead to the end at once"),
                         walk->location, ALIASES_MAX, way);

  walk->account = walk->usual;
  if (walk->usual != NULL
      && !ch_dns_choose (walk->effect->dns, name, walk->usual, &walk->account, error))
    {
      g_prefix_error (error, _("“%s” leads elsewhere by CNAME (%s). "), walk->location, way);
      return FALSE;
    }

  g_ptr_array_add (walk->aliases, g_steal_pointer (&name));
  return TRUE;
}

/* What nobody can tell is taken for the end: services refuse a value beside a CNAME, and the look at the name servers
 * comes after. */
static gboolean
can_be_passed_over (const GError *failure)
{
  return g_error_matches (failure, CH_ERROR, CH_ERROR_UNREACHABLE)
         || g_error_matches (failure, CH_ERROR, CH_ERROR_ZONE_NOT_FOUND);
}

static gboolean
walk_on (Walk          *walk,
         gboolean      *end,
         GCancellable  *cancellable,
         GError       **error)
{
  GHashTable *settings = walk->account != NULL ? walk->account->settings : NULL;
  ChDnsView view = ch_dns_common_view (settings, walk->effect->world->config->resolver);
  g_autoptr(GError) failure = NULL;
  char *target = NULL;

  if (ch_dns_find_alias (here (walk), &view, &target, cancellable, &failure))
    {
      *end = target == NULL;
      return *end || step (walk, target, error);
    }

  *end = can_be_passed_over (failure);
  if (!*end)
    g_propagate_error (error, g_steal_pointer (&failure));

  return *end;
}

static gboolean
follow_one (ChEffect      *effect,
            ChChallenge   *challenge,
            GCancellable  *cancellable,
            GError       **error)
{
  gint64 owner = ch_challenge_owner (effect->order, effect->dns, challenge->location);
  g_autoptr(GPtrArray) aliases = g_ptr_array_new_null_terminated (2, g_free, TRUE);
  const ChPeer *usual = ch_effect_find_dns (effect, owner);
  Walk walk = { effect, challenge->location, aliases, usual, usual };
  gboolean end = FALSE;

  while (!end)
    if (!walk_on (&walk, &end, cancellable, error))
      return FALSE;

  g_strfreev (challenge->aliases);
  challenge->aliases = g_strdupv ((char **) aliases->pdata);
  challenge->dns_account_id = walk.account != NULL ? walk.account->id : 0;
  return TRUE;
}

gboolean
ch_effect_follow (ChEffect      *effect,
                  GCancellable  *cancellable,
                  GError       **error)
{
  for (guint i = 0; i < effect->challenges->len; i++)
    {
      ChChallenge *challenge = effect->challenges->pdata[i];

      if (challenge->method == CH_DCV_METHOD_DNS && !follow_one (effect, challenge, cancellable, error))
        return FALSE;
    }

  effect->kind = CH_FACT_FOLLOWED;
  return TRUE;
}
