/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/**
 * ch_route_exists: whether this machine knows a way to @address at all; nothing is sent. An IPv6 address without one
 * says nothing about the server that has it.
 */
gboolean ch_route_exists (GInetAddress *address);
