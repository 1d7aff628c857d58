/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns-service.h"

#define SB_AZURE_TENANT "11111111-2222-3333-4444-555555555555"
#define SB_AZURE_CLIENT "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
/* with what a form has to encode */
#define SB_AZURE_SECRET "sandbox~8Q+/=&secret"
#define SB_AZURE_SUBSCRIPTION "01234567-89ab-cdef-0123-456789abcdef"
#define SB_AZURE_GROUP "sandbox-dns"
#define SB_AZURE_OTHER_GROUP "sandbox-other"

/**
 * SbAzureRole: what the application may.
 * @SB_AZURE_ROLE_GROUP: everything in all groups
 * @SB_AZURE_ROLE_ZONE: everything in the first zone alone
 * @SB_AZURE_ROLE_READER: read only
 * @SB_AZURE_ROLE_NONE: nothing
 */
typedef enum
{
  SB_AZURE_ROLE_GROUP,
  SB_AZURE_ROLE_ZONE,
  SB_AZURE_ROLE_READER,
  SB_AZURE_ROLE_NONE,
} SbAzureRole;

/** SbAzure: what the stand-in keeps. */
typedef struct
{
  GHashTable *tokens;         /* (element-type utf8 Token) */
  GHashTable *sets;           /* (element-type utf8 Note): by zone and name: what DNS does not hold */
  guint serial;               /* of the last entity tag */
  guint token_life;           /* seconds */
  guint page;                 /* zones in one answer */
  SbAzureRole role;
  gboolean is_secret_expired;
  gboolean is_other_tenant;   /* the subscription's */
  gboolean is_locked;         /* against deleting */
  gboolean is_twice;          /* the first zone stands in the other group, too */
  gboolean is_private;        /* the zones are */
} SbAzure;

/* ---- dns-azure-login.c ---- */

void sb_azure_token (SbDnsCall *call);
void sb_azure_token_v1 (SbDnsCall *call);

/** sb_azure_know_caller: whether the request has a good token; else it has been answered. */
gboolean sb_azure_know_caller (SbDnsCall *call);

/** sb_azure_origin: (transfer full): the URL of the stand-in as the caller wrote it. */
char *sb_azure_origin (SbDnsCall *call);

/* ---- dns-azure-sets.c ---- */

void sb_azure_note_free (gpointer note);
void sb_azure_list_sets (SbDnsCall *call);
void sb_azure_get_set (SbDnsCall *call);
void sb_azure_put_set (SbDnsCall *call);
void sb_azure_delete_set (SbDnsCall *call);

/* ---- dns-azure.c ---- */

/** sb_azure_fail: {"error": {"code": …, "message": …}} of the resource manager. */
void sb_azure_fail (SbDnsCall  *call,
                    guint       status,
                    const char *code,
                    const char *format,
                    ...) G_GNUC_PRINTF (4, 5);

/** sb_azure_fail_bare: {"code": …, "message": …} of the DNS service itself. */
void sb_azure_fail_bare (SbDnsCall  *call,
                         guint       status,
                         const char *code,
                         const char *format,
                         ...) G_GNUC_PRINTF (4, 5);

/** sb_azure_answer_page: @all: (transfer full): one page of it. */
void sb_azure_answer_page (SbDnsCall *call,
                           JsonArray *all);

/**
 * sb_azure_zone:
 * @write: whether the call changes something
 *
 * Returns: (transfer none) (nullable): the zone of the path, when group and zone are there and the caller may; %NULL
 *   when it has been answered
 */
const char *sb_azure_zone (SbDnsCall *call,
                           gboolean   write);
