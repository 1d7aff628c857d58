/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/** ChMessage: a mail. */
typedef struct
{
  const char *from;           /* an address */
  const char *const *to;      /* addresses */
  const char *subject;        /* any text: what would begin another line becomes a blank */
  const char *body;           /* any text */
  gint64 date;
  const char *id;             /* what stands left of the @ in its Message-ID; the same for the same mail sent again */
} ChMessage;

/** ch_message_compose: (transfer full): as RFC 5322 and RFC 2045 want it: plain text in UTF-8, lines that end with CR LF. */
char *ch_message_compose (const ChMessage *message);
