/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bus/internal.h"

/** ch_bus_watcher: what turns the engine's changes into signals of @bus. */
ChWatcher ch_bus_watcher (ChBus *bus);
