/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "vault/vault.h"

/* What every kind of vault must do, whatever is behind it. @vault is open and empty. libsecret takes
 * one backend per process, so there is a program per kind. */
void add_contract_tests (ChVault *vault);
