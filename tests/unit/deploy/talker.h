/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stage.h"

/** TestLast: what a talker does after its script. */
typedef enum
{
  TEST_LAST_TLS,      /* TLS with its certificate, until the other side goes */
  TEST_LAST_CLOSE,
  TEST_LAST_SILENCE,  /* says nothing until the other side goes */
  TEST_LAST_FLOOD,    /* says "x" until the other side goes */
} TestLast;

/** TestLine: either what it says, or how what it hears until LF, or all of so many bytes, must begin. */
typedef struct
{
  const char *says;
  gsize n_says;         /* 0: up to the zero byte */
  const char *hears;
  gsize n_hears;        /* 0: a line */
} TestLine;

/** TestTalker: a server that says the same to everybody, one after the other, in a thread of its own. */
typedef struct _TestTalker TestTalker;

/**
 * test_talker_new:
 * @address: such as "127.0.0.1"
 * @port: 0: any
 * @lines: ended by one that neither says nor hears; outlives it
 * @chain: (nullable): PEM that is sent with TLS
 * @key: (nullable): PEM of its key
 */
TestTalker *test_talker_new (const char *address, guint16 port, const TestLine *lines, TestLast last,
                             const char *chain, const char *key);
guint16 test_talker_port (TestTalker *talker);
/** test_talker_n_heard: how many connections have gone through the whole script. */
guint test_talker_n_heard (TestTalker *talker);
void test_talker_free (TestTalker *talker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestTalker, test_talker_free)
