/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* libFuzzer calls this; https://llvm.org/docs/LibFuzzer.html. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);
