/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ca/ca.h"
#include "engine/world.h"

/**
 * ch_mail_note:
 * @order: proven by mail; its approver is brought up to date
 * @ca: (nullable): what the CA tells of it
 * @sent: whether it was mailed just now
 *
 * Keeps whom the CA mailed, when, and when that person said yes, as the order's only challenge. The CA's times are taken
 * where they can be true: some accounts' clocks are hours off (docs/globalsign.md, Dates).
 */
gboolean ch_mail_note (ChWorld          *world,
                       ChOrder          *order,
                       const ChCaOrder  *ca,
                       gboolean          sent,
                       GError          **error);
