/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "faults.h"

#include <libsoup/soup.h>

/**
 * SbExchange:
 * @fault: (owned) (nullable): what is to go wrong with it
 *
 * One HTTP request on its way to an answer. The functions that answer free it.
 */
typedef struct
{
  SoupServerMessage *message; /* (owned) */
  SbFault *fault;
  guint status;               /* while the answer waits for a latency */
  char *type;                 /* (owned) (nullable): the same */
  GBytes *body;               /* (owned) (nullable): the same */
  gboolean is_gone;           /* the client closed the connection */
} SbExchange;

/** sb_exchange_new: holds the message until it is answered. */
SbExchange *sb_exchange_new (SoupServerMessage *message);

/**
 * sb_exchange_send:
 * @type: (nullable): the content type
 *
 * Answers just so.
 */
void sb_exchange_send (SbExchange *exchange,
                       guint       status,
                       const char *type,
                       GBytes     *body);

/** sb_exchange_answer: answers after the work, as far as the fault lets the answer through. */
void sb_exchange_answer (SbExchange *exchange,
                         guint       status,
                         const char *type,
                         GBytes     *body);

/** sb_exchange_drop: closes the connection. */
void sb_exchange_drop (SbExchange *exchange);

/**
 * sb_exchange_prevention:
 *
 * Returns: (transfer none) (nullable): in a word, what takes the place of the work when the fault wants that
 */
const char *sb_exchange_prevention (SbExchange *exchange);

/** sb_exchange_prevent: does what takes the place of the work. */
void sb_exchange_prevent (SbExchange *exchange);

/**
 * sb_exchange_guard:
 *
 * Refuses bodies that are too long before they are read, below @path.
 */
void sb_exchange_guard (SoupServer *server,
                        const char *path);
