/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lib/field.h"

#include <gio/gio.h>

/** ChServerAccess: a server as a connector sees it, by value. */
typedef struct _ChServerAccess ChServerAccess;
struct _ChServerAccess
{
  GHashTable *settings;   /* (element-type utf8 utf8) */
  GHashTable *secrets;    /* (element-type utf8 utf8), wiped by its owner */
  const ChServerAccess *via;    /* (nullable): another server of the same kind that it is reached through */
};

/** ChTargetFile: one file that is to be put on a server. */
typedef struct
{
  const char *path;       /* absolute */
  GBytes *content;
  const char *owner;      /* (nullable): keep the old file's, else the daemon's */
  const char *group;      /* (nullable) */
  int mode;               /* -1: keep the old file's, else 0600 */
  gboolean secret;        /* it holds a private key: of a mode that is kept, what it lets everybody do is not */
} ChTargetFile;

/** ChTargetProof: a file that proves control of names by HTTP, for as long as it stands. */
typedef struct
{
  const char *root;       /* absolute: a folder, which must be there */
  const char *below;      /* the file's path below it, such as ".well-known/pki-validation/gsdv.txt" */
  const char *content;
  guint made;             /* withdraw: how many of the folders in between were made for it, counted from the file upwards */
} ChTargetProof;

/** ChActionKind: what makes a service take new files. */
typedef enum
{
  CH_ACTION_NONE,
  CH_ACTION_RELOAD_UNIT,    /* systemd's ReloadOrRestartUnit over D-Bus; argument: unit */
  CH_ACTION_SIGNAL,         /* arguments: pid file, signal name such as HUP */
  CH_ACTION_PROGRAM,        /* argument: a name from the daemon's own configuration or a template */
  CH_ACTION_COMMAND,        /* argument: a program and its arguments, on a server that is reached by SSH */
} ChActionKind;

/** ChAction: an action with its arguments. */
typedef struct
{
  ChActionKind kind;
  const char *unit;
  const char *pid_file;
  const char *signal;
  const char *program;
  const char *const *command;     /* ended by %NULL */
} ChAction;

/**
 * ch_action_check:
 * @action: an action that somebody wants
 *
 * Refuses what cannot be right whatever the server is like. Touches nothing.
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_INVALID: a word that is no unit, a relative path, a signal other
 *   than HUP, USR1 and USR2, a program without a name, a command whose program is not given by its whole path
 */
gboolean ch_action_check (const ChAction *action, GError **error);

/**
 * ch_target_check_path:
 * @path: where somebody wants a file
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_INVALID: not absolute, not in its shortest form, too long, or one
 *   of the names that the file functions use for themselves
 */
gboolean ch_target_check_path (const char *path, GError **error);

/** ChScanned: a key by which a server can be known. */
typedef struct
{
  char *type;           /* (owned): "ssh-ed25519" */
  char *fingerprint;    /* (owned): what people compare */
  char *value;          /* (owned): for the setting "host-key" */
  gboolean known;       /* it is in the file of known ones that was given */
} ChScanned;
void ch_scanned_free (ChScanned *scanned);

/**
 * ChTarget: what one kind of server must be able to do.
 *
 * Blocks; on a worker. The four file functions are one transaction over each path, which every one of
 * them may find in any state after a crash:
 *   stage    writes <path>.chancery-new beside, with owner and mode from the first byte on, and fsyncs it;
 *   swap     keeps the old file as <path>.chancery-old — unless one is there already, from a run that died:
 *            that one is the older — and renames the new one into place, fsyncs the folder;
 *   restore  puts <path>.chancery-old back, or removes <path> where there was none before, and the new one;
 *   settle   removes <path>.chancery-old and <path>.chancery-new: the switch stands.
 * A file that did not exist before is remembered by an empty <path>.chancery-none in place of the old one.
 * Paths that are symbolic links, folders or special files are refused with CH_ERROR_FILE.
 *
 * @pending tells whether <path>.chancery-old or <path>.chancery-none is there: a switch that was neither
 * settled nor restored.
 */
typedef struct
{
  const char *kind;           /* "local" */
  const char *title;
  const ChField *fields;

  /* (nullable): the whole of settings and secrets beyond what each field can check alone, without the network; may fill
   * in, replace and remove some (a key that is made here), so both tables own their strings. @secrets are those that
   * are given now; an edit need not give those that are kept */
  gboolean (*prepare) (GHashTable *settings, GHashTable *secrets, GError **error);

  /* (nullable): (transfer full) (element-type ChScanned): the keys that a server shows, of which one becomes the setting
   * "host-key". @access may lack that setting and all secrets, but not those of the servers on the way. @known: (nullable):
   * a known_hosts file's text */
  GPtrArray *(*scan) (const ChServerAccess *access, const char *known, GCancellable *cancellable, GError **error);

  /* what works: adds to @lines (element-type utf8) one sentence per thing that was tried, until one fails */
  gboolean (*probe) (const ChServerAccess *access, GPtrArray *lines, GCancellable *cancellable, GError **error);

  gboolean (*stage) (const ChServerAccess *access, const ChTargetFile *file,
                     GCancellable *cancellable, GError **error);
  gboolean (*swap) (const ChServerAccess *access, const char *path,
                    GCancellable *cancellable, GError **error);
  gboolean (*restore) (const ChServerAccess *access, const char *path,
                       GCancellable *cancellable, GError **error);
  gboolean (*settle) (const ChServerAccess *access, const char *path,
                      GCancellable *cancellable, GError **error);
  gboolean (*pending) (const ChServerAccess *access, const char *path, gboolean *pending,
                       GCancellable *cancellable, GError **error);

  /* (nullable): (transfer full): what a plain file holds, in memory that is wiped: at most 64 KiB, of root's or the
   * daemon's own; CH_ERROR_NOT_FOUND when there is none */
  GBytes *(*read) (const ChServerAccess *access, const char *path, GCancellable *cancellable, GError **error);

  /* whether this kind of server can do @action, which ch_action_check() has found to be of the right form */
  gboolean (*check_action) (const ChAction *action, GError **error);

  /* (transfer full): the action's own words, for the run's record */
  char *(*act) (const ChServerAccess *access, const ChAction *action,
                GCancellable *cancellable, GError **error);

  /* (nullable): closes what is kept open between uses. At the service's end, when no worker is left */
  void (*close) (void);

  /* Files that prove control of names; all three or none of them (nullable). Each may be called again after a crash.
   *
   * survey: how many of the folders between root and file are missing; touches nothing */
  gboolean (*survey) (const ChServerAccess *access, const ChTargetProof *proof, guint *missing,
                      GCancellable *cancellable, GError **error);
  /* makes the missing folders, of mode 0755, and puts the file there, of mode 0644, in one moment and over no other.
   * @existed: whether it stood there before with that content. CH_ERROR_EXISTS: another content stands there, and is left
   * alone; CH_ERROR_FILE: a link or something else than a folder is on the way below the root */
  gboolean (*publish) (const ChServerAccess *access, const ChTargetProof *proof, gboolean *existed,
                       GCancellable *cancellable, GError **error);
  /* removes the file, if its content is still ours, and then the folders that were made for it, as long as they are
   * empty; what is gone is gone */
  gboolean (*withdraw) (const ChServerAccess *access, const ChTargetProof *proof,
                        GCancellable *cancellable, GError **error);
} ChTarget;

/* ---- registry.c ---- */
const ChTarget *ch_target_find (const char *kind, GError **error);
const ChTarget *const *ch_target_list (void);
/** ch_targets_close: lets all kinds close what they keep open. */
void ch_targets_close (void);

/**
 * ch_target_set_programs:
 * @programs: (element-type utf8 GStrv) (nullable): name → argument vector, from the daemon's configuration
 *
 * Called once by main() before any worker runs.
 */
void ch_target_set_programs (GHashTable *programs);

/**
 * ch_target_set_template_folders:
 * @shipped: (nullable): of the templates that came with the service
 * @administrators: (nullable): of those that the administrator made, which come first
 *
 * Called once by main() before any worker runs.
 */
void ch_target_set_template_folders (const char *shipped,
                                     const char *administrators);
