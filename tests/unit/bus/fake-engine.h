/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/bin.h"
#include "engine/certificates.h"
#include "engine/deployments.h"
#include "engine/edit.h"
#include "engine/job.h"
#include "engine/leftovers.h"
#include "engine/orders.h"
#include "engine/peers.h"
#include "engine/replace.h"
#include "engine/revoke.h"

/* The commands of the engine without an engine: each notes that it was called, as a line of text,
 * and answers with what the test put here. */
typedef struct
{
  GString *calls;       /* one line per command, with its arguments */
  GError *error;        /* (nullable): what every command fails with */
  GPtrArray *jobs;      /* (element-type ChJob) */
} FakeEngine;

extern FakeEngine fake_engine;

void fake_engine_reset (void);

/* Adds a job that runs and tells nobody. */
ChJob *fake_engine_add_job (const char *kind);
