/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lib/field.h"

#include <gio/gio.h>

/** ChDnsAccess: a DNS account as a connector sees it, by value. */
typedef struct
{
  GHashTable *settings;   /* (element-type utf8 utf8) */
  GHashTable *secrets;    /* (element-type utf8 utf8), wiped by its owner */
} ChDnsAccess;

/** ChTxt: one TXT value. */
typedef struct
{
  const char *name;       /* FQDN, A-labels, no final dot */
  const char *value;      /* printable ASCII without '"' and '\' */
} ChTxt;

/**
 * ChDnsProvider: what one DNS service must be able to do.
 *
 * Every function blocks, runs on a worker, and may be called again after a crash: adding what is
 * there and removing what is gone succeed. Neighbours at the same name stay as they are.
 * Errors: CH_ERROR_CREDENTIALS, CH_ERROR_FORBIDDEN, CH_ERROR_ZONE_NOT_FOUND, CH_ERROR_CONFLICT,
 * CH_ERROR_THROTTLED, CH_ERROR_TRANSIENT, CH_ERROR_UNREACHABLE, CH_ERROR_UNKNOWN_OUTCOME, CH_ERROR_CLOCK,
 * CH_ERROR_BAD_ANSWER, CH_ERROR_INVALID.
 */
typedef struct
{
  const char *kind;             /* "rfc2136": on D-Bus, in the store, on the command line */
  const char *title;            /* for people, marked with N_() */
  const char *permissions;      /* the rights that are needed, in the narrowest form, marked with N_() */
  const ChField *fields;

  /* the whole of settings and secrets beyond what each field can check alone, without the network;
   * may fill in, replace and remove settings and secrets (a BIND key file becomes the three values in it), so
   * both tables own their strings. @secrets is NULL for an edit that leaves them alone. NULL when there is
   * nothing to check */
  gboolean (*prepare) (GHashTable *settings, GHashTable *secrets, GError **error);

  /* whether the credentials are good, without changing anything. @zones: (element-type utf8): the names of the zones that
   * they show are added to it, as far as the service tells them; the first hundred are enough. NULL for a service of
   * which nothing can be learnt but by find_zone() */
  gboolean (*verify) (const ChDnsAccess *access, GPtrArray *zones, GCancellable *cancellable, GError **error);

  /* (transfer full): the zone of the account that holds @name */
  char *(*find_zone) (const ChDnsAccess *access, const char *name, GCancellable *cancellable, GError **error);

  /* put one value. @existed: (out): it was there before, so it is not ours to remove */
  gboolean (*add) (const ChDnsAccess *access, const char *zone, const ChTxt *txt, gboolean *existed,
                   GCancellable *cancellable, GError **error);

  /* for a service that answers before all its servers have the value; NULL for the others. The same as add(), without
   * any waiting. @token: (out) (transfer full) (nullable): what has_settled() is asked with; %NULL: nothing is to be
   * waited for */
  gboolean (*begin_add) (const ChDnsAccess *access, const char *zone, const ChTxt *txt, gboolean *existed, char **token,
                         GCancellable *cancellable, GError **error);

  /* whether all servers have it, or nothing more can be learnt: one question, no waiting, since when to ask again is the
   * engine's. The name servers are looked at afterwards in any case, so there is nothing to fail */
  gboolean (*has_settled) (const ChDnsAccess *access, const char *token, GCancellable *cancellable);

  /* take one value away */
  gboolean (*remove) (const ChDnsAccess *access, const char *zone, const ChTxt *txt,
                      GCancellable *cancellable, GError **error);
} ChDnsProvider;

/* ---- registry.c ---- */

/** ch_dns_find: the provider of that kind, or %NULL with %CH_ERROR_INVALID that lists the kinds. */
const ChDnsProvider *ch_dns_find (const char *kind, GError **error);
/** ch_dns_list: (array zero-terminated=1): all of them. */
const ChDnsProvider *const *ch_dns_list (void);
