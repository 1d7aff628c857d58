/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "form/form.h"

/* The questions of a deployment's form. */

/** ChDeploymentFile: a file that the form has a line for; @name is that of the field. Ends with { NULL }. */
typedef struct
{
  const char *part;
  const char *format;
  const char *name;
  const char *title;
  const char *help;
  gboolean advanced;
} ChDeploymentFile;

extern const ChDeploymentFile ch_deployment_files[];

/** ChDeploymentAct: what each kind of action, or of test, must be told; @keys are fields.
 * Ends with { NULL }. */
typedef struct
{
  const char *kind;
  const char *title;
  const char *keys[3];
} ChDeploymentAct;

extern const ChDeploymentAct ch_deployment_acts[];

/**
 * ch_deployment_fields:
 * @servers: names to choose from
 * @templates: (nullable): aa{sv}, what Manager.ListTemplates() says
 *
 * Returns: (transfer floating): aa{sv} for ch_form_set_fields()
 */
GVariant *ch_deployment_fields (const char *const *servers,
                                GVariant          *templates);

/** ch_deployment_field: (transfer full): the field of an action (@prefix "") or a test ("test-") for @key. */
char *ch_deployment_field (const char *prefix,
                           const char *key);

/** ch_deployment_show_needed: hides the questions that the chosen action and test do not ask. */
void ch_deployment_show_needed (ChForm *form);

/**
 * ch_deployment_prefill:
 * @before: what was put there the last time, by field
 *
 * Puts the paths of the chosen template where nobody has written something else.
 */
void ch_deployment_prefill (ChForm     *form,
                            GVariant   *templates,
                            GHashTable *before);
