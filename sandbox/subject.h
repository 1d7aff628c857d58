/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "order.h"

/**
 * sb_subject:
 *
 * Returns: (transfer full) (nullable): what the certificate says of the organisation, as OID and text in turn;
 *   %NULL for products that are about a domain only
 */
GStrv sb_subject (const SbOrder *order);

/* The policy OID of the CA/Browser Forum for the order's product. */
const char *sb_subject_policy (const SbOrder *order);

/* As it stands in SubjectName: “CN = …, O = …”. */
char *sb_subject_text (const SbOrder *order);

/* (nullable): the name of the organisation that the order is about */
const char *sb_subject_organization (const SbOrder *order);
