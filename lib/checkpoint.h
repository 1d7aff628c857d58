/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/**
 * ch_checkpoint:
 * @name: a point between two effects, such as "submit:before"
 *
 * A build with -Dcheckpoints=true kills itself with SIGKILL at the point that the environment
 * variable CHANCERY_KILL_AT names; the tests use it to show that the daemon goes on from anywhere.
 * In every other build this is nothing.
 */
#ifdef CH_CHECKPOINTS
void ch_checkpoint (const char *name);
#else
#define ch_checkpoint(name) do { } while (0)
#endif
