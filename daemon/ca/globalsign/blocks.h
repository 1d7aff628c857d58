/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ca/globalsign/soap.h"

/* People and organisations: elements of requests and answers on the one side, profiles
 * (ch_ca_contact_fields, ch_ca_organization_fields) on the other. */

/** ChGsWord: a word of a profile and GlobalSign's code for it. */
typedef struct
{
  const char *ours;
  const char *theirs;
} ChGsWord;

typedef struct
{
  const char *element;
  const char *key;            /* of the profile, without the block's prefix */
  gboolean mandatory;
  const ChGsWord *words;      /* (nullable): ended by { NULL } */
} ChGsPart;

typedef struct
{
  const char *element;
  const char *prefix;         /* of the keys; may be "" */
  const ChGsPart *parts;      /* ended by { NULL } */
} ChGsBlock;

extern const ChGsBlock ch_gs_contact;
extern const ChGsBlock ch_gs_second_contact;
extern const ChGsBlock ch_gs_organization;
extern const ChGsBlock ch_gs_organization_ev;
extern const ChGsBlock ch_gs_address;         /* inside either of the two */
extern const ChGsBlock ch_gs_requestor;
extern const ChGsBlock ch_gs_approver;
extern const ChGsBlock ch_gs_signer;
extern const ChGsBlock ch_gs_jurisdiction;

/** ch_gs_block_write: (transfer none): the block's element with what @values (nullable) has of it. */
xmlNode *ch_gs_block_write (xmlNode         *parent,
                            const ChGsBlock *block,
                            GHashTable      *values);

/**
 * ch_gs_block_read:
 * @element: (nullable): the block's element
 * @values: (element-type utf8 utf8): gets what it holds, owned
 */
void ch_gs_block_read (const ChGsBlock *block,
                       const xmlNode   *element,
                       GHashTable      *values);

/** ch_gs_block_missing: (transfer full) (nullable): the first key that the block cannot do without. */
char *ch_gs_block_missing (const ChGsBlock *block,
                           GHashTable      *values);

/** ch_gs_block_is_empty: whether @values has nothing of the block. */
gboolean ch_gs_block_is_empty (const ChGsBlock *block,
                               GHashTable      *values);
