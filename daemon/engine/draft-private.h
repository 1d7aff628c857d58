/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/draft.h"

/* What the files of the draft share. Every step looks at what the caller asked for, fills in its part of the order, and
 * notes each rule that is broken; it goes on where it can, so that a person learns of everything at once. */

/** ChDrafting: an order that is being made. */
typedef struct
{
  ChWorld *world;               /* (not owned) */
  const ChOrderDraft *draft;    /* (not owned) */
  ChOrder *order;               /* (owned) */
  ChPeer *account;              /* (owned) (nullable): not known */
  GPtrArray *problems;          /* (not owned) (element-type GError) */
  GPtrArray *fields;            /* (not owned) (nullable) (element-type utf8): what each of these is about */
  const char *about;            /* (nullable): the setting that is looked at */
  gboolean incomplete;          /* the CA's own look at it would only say again what is missing */
} ChDrafting;

/** ch_drafting_note: (transfer full) (nullable) @error: notes a rule that is broken. */
void ch_drafting_note (ChDrafting *drafting, GError *error);

/** ch_drafting_say: the same in words, as %CH_ERROR_INVALID. */
void ch_drafting_say (ChDrafting *drafting, const char *format, ...) G_GNUC_PRINTF (2, 3);

/** ch_drafting_default: (nullable): @given, or if it is empty what the account has as its default @setting (nullable). */
const char *ch_drafting_default (const ChDrafting *drafting, const char *given, const char *setting);

/** ch_drafting_proves_itself: whether the CA proves the names itself, so that no method is chosen here. */
gboolean ch_drafting_proves_itself (const ChDrafting *drafting);

/* ---- draft-accounts.c ---- */

void ch_drafting_take_account (ChDrafting *drafting);
void ch_drafting_take_dns_account (ChDrafting *drafting);

/* ---- draft-people.c ---- */

void ch_drafting_take_contact (ChDrafting *drafting);
void ch_drafting_take_organization (ChDrafting *drafting);

/* ---- draft-options.c ---- */

void ch_drafting_take_kind (ChDrafting *drafting);
void ch_drafting_take_options (ChDrafting *drafting);
void ch_drafting_take_words (ChDrafting *drafting);
