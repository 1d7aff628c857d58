/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What clients see of the templates that deployments are made with. */
#include "deploy/files.h"
#include "deploy/template.h"
