/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/** ChDigestKind: what a line of the daily mail is about, the worst first. */
typedef enum
{
  CH_DIGEST_ENDS,
  CH_DIGEST_NOT_REPLACED,
  CH_DIGEST_NEEDS_YOU,
} ChDigestKind;

/** ChDigestItem: one thing that somebody has to know. */
typedef struct
{
  ChDigestKind kind;
  char *key;          /* the same as long as it is no news: "order/3:ends:14" */
  char *name;         /* for people */
  char *text;         /* (nullable): a sentence; any text */
  char *command;      /* what tells more, without “chancery” */
  gint64 not_after;   /* with CH_DIGEST_ENDS */
} ChDigestItem;

void ch_digest_item_free (ChDigestItem *item);

/** ch_digest_sort: (element-type ChDigestItem): the worst first. */
void ch_digest_sort (GPtrArray *items);

/** ch_digest_subject: (transfer full): names the worst; @items: sorted, not empty */
char *ch_digest_subject (const GPtrArray *items, gint64 now);

/** ch_digest_body: (transfer full): all of them; @host: this machine's name */
char *ch_digest_body (const GPtrArray *items, const char *host, gint64 now);
