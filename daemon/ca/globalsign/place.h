/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ca/globalsign/globalsign.h"

/* What the operations that place an order have in common. */

/** ch_gs_option: (transfer none) (nullable): one of the request's options; an empty one is none. */
const char *ch_gs_option (const ChCaRequest *request,
                          const char        *name);

/** ch_gs_contact_values: (transfer full): the order's contact, without what is empty. */
GHashTable *ch_gs_contact_values (const ChCaRequest *request);

/** ch_gs_organization_values: (transfer full): the order's organisation; its people are of it unless they say otherwise. */
GHashTable *ch_gs_organization_values (const ChCaRequest *request);

/** ch_gs_add_parameters: (transfer none): adds OrderRequestParameter. */
xmlNode *ch_gs_add_parameters (xmlNode           *parent,
                               const ChCaRequest *request);

/** ch_gs_add_tail: adds what ends all these operations: ContactInfo, SecondContactInfo and SANEntries. */
void ch_gs_add_tail (xmlNode           *parent,
                     const ChCaRequest *request);

/** ch_gs_placed_order: (transfer full): the order that @reply (nullable) tells of. */
ChCaOrder *ch_gs_placed_order (const ChCaRequest *request,
                               const ChSoapReply *reply,
                               const char        *number);

/* ---- place-dv.c, place-organization.c: as ChCa.submit, of a request that was checked ---- */

ChCaOrder *ch_gs_place_by_record (const ChCaAccess   *access,
                                  const ChCaRequest  *request,
                                  GCancellable       *cancellable,
                                  GError            **error);
ChCaOrder *ch_gs_place_by_file (const ChCaAccess   *access,
                                const ChCaRequest  *request,
                                GCancellable       *cancellable,
                                GError            **error);
ChCaOrder *ch_gs_place_by_mail (const ChCaAccess   *access,
                                const ChCaRequest  *request,
                                GCancellable       *cancellable,
                                GError            **error);
ChCaOrder *ch_gs_place_organization (const ChCaAccess   *access,
                                     const ChCaRequest  *request,
                                     GCancellable       *cancellable,
                                     GError            **error);
