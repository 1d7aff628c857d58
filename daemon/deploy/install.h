/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "deploy/prove.h"
#include "deploy/target.h"

/** ChInstallPlan: one run of a deployment. */
typedef struct
{
  const ChTarget *target;
  const ChServerAccess *access;
  GPtrArray *files;         /* (element-type ChTargetFile) */
  ChAction test;            /* the service's own look at its configuration; none: it is not asked */
  ChAction action;
  GArray *endpoints;        /* (element-type ChEndpoint); may be empty */
  const char *fingerprint;  /* lower-hex SHA-256 of the leaf that must be served */
  const char *chain;        /* (nullable): PEM of the intermediates that must come with it, see #ChExpected */
} ChInstallPlan;

/**
 * ChInstallNote: told after each step of a run; called on the worker.
 * @step: "stage", "test", "swap", "test-new", "act", "prove", "settle", "restore", "act-again"
 * @text: what happened, a sentence
 */
typedef void (*ChInstallNote) (const char *step, gboolean ok, const char *text, gpointer data);

/**
 * ch_install_run:
 *
 * stage all → test → swap all → test again → act → prove → settle all; on failure of any of them restore all → act
 * again. The first test tells whether the service would take any reload as it is, the second whether it takes the new
 * files; where the service has seen none of them yet, it is not told to act again.
 * Safe to call again after the daemon died in the middle of it. Passes ch_checkpoint() before and after each
 * step: "stage:before", "stage:after", "swap:before", …
 *
 * @cancellable stops the steps that go forward; going back and settling are always brought to their end. When
 * the new certificate was seen and an old file cannot be removed, the "settle" note says so and the run still
 * counts as done.
 *
 * Returns: %TRUE when the new certificate was seen at every endpoint; %FALSE with the first error, after which
 *   everything is as it was before; when that itself fails, the message says so and names the files
 */
gboolean ch_install_run (const ChInstallPlan *plan,
                         ChInstallNote        note,
                         gpointer             data,
                         GCancellable        *cancellable,
                         GError             **error);
