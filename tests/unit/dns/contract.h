/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns/provider.h"

/**
 * Contract: a provider with an account at a real or faithful service, to be held against what ChDnsProvider
 * promises. The service has the zone @zone; spf.ZONE holds a TXT "v=spf1 -all" with TTL 300; alias.ZONE is a
 * CNAME.
 */
typedef struct
{
  const char *label;                /* "bind": part of the tests' names */
  const ChDnsProvider *provider;
  ChDnsAccess access;
  const char *zone;

  /* (transfer full): what another witness sees at a name: sorted lines 'TTL "value"' */
  char *(*show) (gpointer service, const char *name);
  gpointer service;
  guint shortest_ttl;               /* that the service takes; 0 when it takes that of the tests */
} Contract;

/** contract_add_tests: registers one test for each promise; @contract lives until they have run. */
void contract_add_tests (Contract *contract);
