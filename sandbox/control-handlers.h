/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "dns-service.h"
#include "world.h"

/**
 * SbControlHandler:
 * @body: the JSON object that came
 * @why: (out) (transfer full): on failure: what is wrong with it
 *
 * Returns: (transfer full) (nullable): the answer
 */
typedef JsonNode *(*SbControlHandler) (SbWorld     *world,
                                       JsonObject  *body,
                                       char       **why);

/* {"ok": true} */
JsonNode *sb_control_done (void);

gboolean sb_control_flag (JsonObject *body,
                          const char *name,
                          gboolean    otherwise);

/* control-orders.c */
JsonNode *sb_control_list_orders  (SbWorld *world, JsonObject *body, char **why);
JsonNode *sb_control_list_mails   (SbWorld *world, JsonObject *body, char **why);
JsonNode *sb_control_approve      (SbWorld *world, JsonObject *body, char **why);
JsonNode *sb_control_reject       (SbWorld *world, JsonObject *body, char **why);
JsonNode *sb_control_release      (SbWorld *world, JsonObject *body, char **why);
JsonNode *sb_control_vet          (SbWorld *world, JsonObject *body, char **why);
JsonNode *sb_control_seed        (SbWorld *world, JsonObject *body, char **why);
