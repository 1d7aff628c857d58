/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fuzz.h"

/* The network of a harness: whatever is asked over HTTP is answered out of the fuzzer's input. Linked with
 * --wrap for what answers.c has in its place: nothing is sent anywhere, and nobody waits. */

/**
 * answers_begin:
 * @data: the answers, one after the other: a byte for the status, a line for headers, the body up to a zero byte.
 *   When they are used up, nobody can be reached
 */
void answers_begin (const guint8 *data, gsize size);

/** answers_text: (transfer full): the next piece of the input up to a zero byte, as text. */
char *answers_text (void);

/** answers_check: @done and @error must fit, and the error must be fit to be shown; clears it. */
void answers_check (gboolean done, GError **error);

/** ANSWERS_SECRET: what no message may hold. */
#define ANSWERS_SECRET "hunter2-the-secret"
