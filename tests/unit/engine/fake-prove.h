/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* What endpoints serve, in place of deploy/prove.c, for tests of who looks at them and what he makes of it. */

typedef struct
{
  int error;              /* a ChError that each look meets, or -1 */
  const char *other;      /* (nullable): the fingerprint that is served instead of the right one */
  const char *serves[2];  /* (nullable): PEM: what each address serves, for ch_prove_look() */
  guint n_looks;          /* since the last fake_prove_reset() */
} FakeProve;

extern FakeProve fake_prove;

void fake_prove_reset (void);
