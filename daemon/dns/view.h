/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/**
 * ChDnsView: how DNS is to be asked.
 * @nameservers: (nullable): "address[:port],…" to ask instead of the authoritative servers; resolvers count, too
 * @resolver: (nullable): "address[:port],…" that find zone cut, name servers and addresses; %NULL: the system's
 * @family: only servers of this family are asked; %G_SOCKET_FAMILY_INVALID: any
 */
typedef struct
{
  const char *nameservers;
  const char *resolver;
  GSocketFamily family;
} ChDnsView;
