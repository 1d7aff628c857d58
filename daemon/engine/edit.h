/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

/** ChOrderEdit: what a person changes about an order; what is not there stays. */
typedef struct
{
  const char *note;           /* (nullable): any text of up to 4096 bytes; empty: none any more */
  const char *const *tags;    /* (nullable): all that are wanted */
  const gboolean *auto_replace; /* (nullable) */
  const gboolean *auto_renew; /* (nullable) */
} ChOrderEdit;

/** ch_order_edit: also an order that has ended may be noted and tagged. */
gboolean ch_order_edit (ChWorld            *world,
                        gint64              id,
                        const ChOrderEdit  *edit,
                        const ChActor      *actor,
                        GError            **error);

/** ch_order_edit_words: note and tags of an order that is not written yet. */
gboolean ch_order_edit_words (ChOrder            *order,
                              const ChOrderEdit  *edit,
                              GError            **error);
