/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/**
 * ChPkAgent: a running pkttyagent, which asks for passwords on the terminal when polkit wants one.
 */
typedef struct _ChPkAgent ChPkAgent;

/**
 * ch_pkagent_start:
 *
 * Starts it for this process and waits until it is registered. Where pkttyagent is missing or
 * cannot register, polkit finds another agent or says no, so this is no error.
 *
 * Returns: (transfer full) (nullable): the agent
 */
ChPkAgent *ch_pkagent_start (void);

/** ch_pkagent_stop: ends it and waits for it, so that the terminal is as it was. */
void ch_pkagent_stop (ChPkAgent *agent);
