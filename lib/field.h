/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/**
 * ChFieldFlags:
 * @CH_FIELD_REQUIRED: must be given
 * @CH_FIELD_SECRET: goes to the vault; can be written and never read
 * @CH_FIELD_MULTILINE: may hold several lines (a key file, a certificate)
 * @CH_FIELD_ADVANCED: rarely needed; forms fold it away
 * @CH_FIELD_WHERE: says where the secrets are sent, or whom to trust there
 */
typedef enum
{
  CH_FIELD_NONE = 0,
  CH_FIELD_REQUIRED = 1 << 0,
  CH_FIELD_SECRET = 1 << 1,
  CH_FIELD_MULTILINE = 1 << 2,
  CH_FIELD_ADVANCED = 1 << 3,
  CH_FIELD_WHERE = 1 << 4,
} ChFieldFlags;

/**
 * ChField:
 * @name: the key in settings or secrets, for example "tsig-secret"
 * @title: its label, marked with N_()
 * @help: one sentence that tells where to find it, marked with N_()
 * @flags: #ChFieldFlags
 * @fallback: (nullable): what counts when it is not given
 * @choices: (nullable): the allowed values, separated by '|'; %NULL for free text
 * @check: (nullable): refuses a value that cannot be right, with a sentence that says what would be
 *
 * Describes one thing that a kind of peer must be told. Clients build their forms from it, and
 * the daemon checks what it is told by it. A table of fields ends with { NULL }.
 */
typedef struct
{
  const char *name;
  const char *title;
  const char *help;
  ChFieldFlags flags;
  const char *fallback;
  const char *choices;
  gboolean (*check) (const char *value, GError **error);
} ChField;

/**
 * ch_fields_check:
 * @fields: a table, ended by { NULL }
 * @settings: (element-type utf8 utf8): what was given for the fields that are no secrets
 * @secrets: (element-type utf8 utf8) (nullable): what was given for the secret ones; %NULL leaves
 *   them out of the check (an edit that does not touch them)
 *
 * Refuses unknown names, missing required ones, values outside the choices, values that a field's
 * own check refuses, and values longer than 64 KiB. No message holds the value of a secret.
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_INVALID that names the field
 */
gboolean ch_fields_check (const ChField *fields,
                          GHashTable    *settings,
                          GHashTable    *secrets,
                          GError       **error);

/**
 * ch_fields_get:
 * @fields: a table, ended by { NULL }
 * @settings: (element-type utf8 utf8): settings or secrets
 * @name: a field's name
 *
 * Returns: (transfer none) (nullable): the value, else the field's fallback; an empty value counts as none
 */
const char *ch_fields_get (const ChField *fields,
                           GHashTable    *settings,
                           const char    *name);

/**
 * ch_fields_find_moved:
 * @before: (element-type utf8 utf8): settings
 * @after: (element-type utf8 utf8): settings that shall take their place
 *
 * Returns: (transfer none) (nullable): the first field with %CH_FIELD_WHERE that changes
 */
const ChField *ch_fields_find_moved (const ChField *fields,
                                     GHashTable    *before,
                                     GHashTable    *after);

/** ch_field_check_host: a host name or address. */
gboolean ch_field_check_host (const char *value, GError **error);
/** ch_field_check_port: 1 to 65535. */
gboolean ch_field_check_port (const char *value, GError **error);
/** ch_field_check_range: a whole number; for a field's own check, which knows the two ends. */
gboolean ch_field_check_range (const char *value, guint minimum, guint maximum, GError **error);
/** ch_field_check_url: https, or http for a loopback host only; no user, query or fragment. */
gboolean ch_field_check_url (const char *value, GError **error);
/** ch_field_check_pem: at least one PEM certificate by its armour. */
gboolean ch_field_check_pem (const char *value, GError **error);
