/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/** ch_attention_print: prints what of @status, the answer of GetStatus, needs a person, or what to begin with. */
void ch_attention_print (GVariant *status);
