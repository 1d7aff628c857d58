/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "deploy/target.h"

/* What the kind "local" does after the files are in place. All block, on a worker. */

/** ch_act_check: whether this machine can do @action, which is of the right form. */
gboolean ch_act_check (const ChAction *action,
                       GError        **error);

/** ch_act: does @action. Returns: (transfer full): its own words, or %NULL with an error. */
char *ch_act (const ChServerAccess *access,
              const ChAction       *action,
              GCancellable         *cancellable,
              GError              **error);

/**
 * ch_act_reload_unit:
 * @unit: a systemd unit, with its suffix
 *
 * Asks systemd on the system bus for ReloadOrRestartUnit and waits for the end of that job
 * (org.freedesktop.systemd1(5)).
 *
 * Returns: (transfer full): a sentence, or %NULL with %CH_ERROR_UNREACHABLE when there is no systemd on the
 *   bus, %CH_ERROR_FORBIDDEN when it does not let us, %CH_ERROR_ACTION_FAILED, %CH_ERROR_CANCELLED
 */
char *ch_act_reload_unit (const char   *unit,
                          GCancellable *cancellable,
                          GError      **error);

/** ch_systemd_is_reachable: whether units can be reloaded at all. */
gboolean ch_systemd_is_reachable (GCancellable *cancellable);

/**
 * ch_programs_names: (transfer full): the configured programs' names, sorted, joined by ", "; may be
 * empty.
 */
char *ch_programs_names (void);

/** ch_programs_find: (transfer full): the argument vector of @name, or %NULL with %CH_ERROR_INVALID. */
GStrv ch_programs_find (const char *name,
                        GError    **error);

/**
 * ch_programs_outside:
 * @argv: a program and its arguments
 *
 * Inside the sandbox of our own systemd unit, a service's look at its configuration fails for reasons that are not the
 * service's (it may not bind its ports or open its log), and Java does not run at all. There systemd runs it for us, in a
 * unit of its own (systemd-run(1)).
 *
 * Returns: (transfer full): what to run instead of @argv, or a copy of it
 */
GStrv ch_programs_outside (const char *const *argv);

/**
 * ch_program_run:
 * @name: what the configuration calls it
 * @argv: absolute path of a program and its arguments, handed over as they are
 * @timeout: milliseconds
 *
 * Runs a program in a process group of its own, in “/”, with an environment that says no more than PATH, HOME
 * and LANG. The group is killed when the time is over or somebody cancels.
 *
 * Returns: (transfer full): what it wrote to its outputs, at most 8 KiB, as UTF-8; or %NULL with
 *   %CH_ERROR_ACTION_FAILED or %CH_ERROR_CANCELLED
 */
char *ch_program_run (const char        *name,
                      const char *const *argv,
                      guint              timeout,
                      GCancellable      *cancellable,
                      GError           **error);
