/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "crowd.h"
#include "expect.h"
#include "stand-in.h"

/**
 * Trial: a provider against the stand-in for its service.
 * @name: (nullable): where begin(), end() and those below write; else the program does it all itself
 * @create, @remove: the operations of the stand-in that put a value there and take it away
 * @shortest_ttl: as in #Contract
 * @setting: (nullable): one that the account of the contract has besides, with @value
 */
typedef struct
{
  const char *kind;
  const char *name;
  const char *create, *remove;
  guint shortest_ttl;
  const char *setting, *value;
  void (*add_tests) (void);
} Trial;

extern StandIn *stand_in;
extern ChDnsAccess access_now;

/** trial_main: the whole program: the contract, and the tests of @trial. Skips when there is no BIND. */
int trial_main (int           argc,
                char        **argv,
                const Trial  *trial);

const ChDnsProvider *provider (void);

/** begin: a service without faults, and an account in access_now. */
void begin (void);
/** end: and nothing is left at the name. */
void end (void);

/** trial_control: {"kind": KIND, @order} for the stand-in. */
void trial_control (const char *order);
/** trial_expect_shown: what BIND has at the name. */
void trial_expect_shown (const char *expected);

/** trial_add, trial_take: @value at the name. @existed: (nullable) */
gboolean trial_add (const char *value,
                    gboolean   *existed,
                    GError    **error);
gboolean trial_take (const char *value,
                     GError    **error);

/** trial_add_in_doubt, trial_take_in_doubt: it is done, or with @code >= 0 refused so and then done. */
void trial_add_in_doubt (const char *value,
                         int         code);
void trial_take_in_doubt (const char *value,
                          int         code);

/** trial_crowd_name: others put @n values there, which begin with @prefix. */
void trial_crowd_name (const char *prefix,
                       guint       n);

/* ---- tests that are the same for several ---- */

/** trial_test_doubt: the answer is lost, or is none: it is looked whether the change was made. */
void trial_test_doubt (void);
/** trial_test_unknown_outcome: neither the answer nor a second look: nobody knows. */
void trial_test_unknown_outcome (void);
/** trial_test_many_values: more values than the service shows by default, and ours is the last. */
void trial_test_many_values (void);
void trial_test_crowd (void);
