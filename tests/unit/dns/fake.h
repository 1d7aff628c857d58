/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/**
 * FakeManner: what a bad server does with a message.
 * @FAKE_SILENT: takes it and says nothing
 * @FAKE_GARBAGE: answers with something that is no DNS message
 * @FAKE_WRONG_ID: answers, but to another question
 * @FAKE_LATE: over UDP, first the answer to another question, then the right one
 * @FAKE_ECHO: answers NOERROR without a record and without a signature
 * @FAKE_REFUSE: answers REFUSED without a signature
 * @FAKE_FORGE: gives the signature of the question back as that of the answer
 * @FAKE_CUT: stops in the middle of an answer
 * @FAKE_HUGE: announces 65535 octets and sends more of them than that
 * @FAKE_TRUNCATE: over UDP sets TC, over TCP as @FAKE_ECHO
 * @FAKE_CLOSE: closes the connection instead of answering
 * @FAKE_DROP_UPDATES: relays to a real server, and swallows the answers to updates
 * @FAKE_DIE_AT_UPDATE: the same, and is silent after the first update
 * @FAKE_SWALLOW_UPDATES: relays queries, and swallows updates themselves
 */
typedef enum
{
  FAKE_SILENT,
  FAKE_GARBAGE,
  FAKE_WRONG_ID,
  FAKE_LATE,
  FAKE_ECHO,
  FAKE_REFUSE,
  FAKE_FORGE,
  FAKE_CUT,
  FAKE_HUGE,
  FAKE_TRUNCATE,
  FAKE_CLOSE,
  FAKE_DROP_UPDATES,
  FAKE_DIE_AT_UPDATE,
  FAKE_SWALLOW_UPDATES,
} FakeManner;

/** Fake: a server on 127.0.0.1 that answers over UDP and TCP as badly as it is told. */
typedef struct Fake Fake;

/** fake_start: @upstream is the port of the real server behind it, for the manners that relay. */
Fake *fake_start (FakeManner manner,
                  guint16    upstream);

guint16 fake_get_port (Fake *fake);

/** fake_get_datagrams: how many datagrams came, and whether all were alike. */
guint fake_get_datagrams (Fake     *fake,
                          gboolean *alike);

void fake_stop (Fake *fake);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fake, fake_stop)
