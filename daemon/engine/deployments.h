/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"

/* Commands on deployments. */

/** ChDeploymentDraft: what a caller asks for. %NULL members: not given (an edit leaves them). */
typedef struct
{
  char *name;
  char *server;     /* name */
  char **names;
  char *template;   /* its files, test, action and checks count where those are not given */
  char *files;      /* JSON as in ChDeployment */
  char *test;
  char *action;
  char *checks;
  char *web_root;   /* empty: none */
  char *challenge_folder;   /* empty: none */
  gboolean has_wave;
  guint wave;
  char **windows;
  GHashTable *secrets;    /* (element-type utf8 utf8) (nullable): wiped when freed */
} ChDeploymentDraft;

void ch_deployment_draft_free (ChDeploymentDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChDeploymentDraft, ch_deployment_draft_free)

/** ch_deployment_add: for a @draft without secrets. Returns: the new id, or 0 with an error that names what is wrong. */
gint64 ch_deployment_add (ChWorld *world, const ChDeploymentDraft *draft, const ChActor *actor, GError **error);
gboolean ch_deployment_edit (ChWorld *world, gint64 id, const ChDeploymentDraft *draft, const ChActor *actor, GError **error);
/**
 * ch_deployment_add_async:
 * @draft: (transfer full): its secrets go to the vault, on a worker, before the deployment can run
 */
void ch_deployment_add_async (ChWorld *world, ChDeploymentDraft *draft, const ChActor *actor,
                              GAsyncReadyCallback callback, gpointer data);
gint64 ch_deployment_add_finish (GAsyncResult *result, GError **error);

/** ch_deployment_edit_async: @draft: (transfer full): an empty secret takes one away */
void ch_deployment_edit_async (ChWorld *world, gint64 id, ChDeploymentDraft *draft, const ChActor *actor,
                               GAsyncReadyCallback callback, gpointer data);
gboolean ch_deployment_edit_finish (GAsyncResult *result, GError **error);

gboolean ch_deployment_set_enabled (ChWorld *world, gint64 id, gboolean enabled, const ChActor *actor, GError **error);
gboolean ch_deployment_remove (ChWorld *world, gint64 id, const ChActor *actor, GError **error);

/**
 * ch_deployment_run:
 * @at_once: also when it is paused, or outside its maintenance windows
 *
 * Waits for no lower wave.
 *
 * Returns: (transfer none): a job that installs and checks now, also when nothing has changed
 */
ChJob *ch_deployment_run (ChWorld *world, gint64 id, gboolean at_once, const ChActor *actor, GError **error);

/**
 * ch_deployment_pause:
 * @until: 0: until somebody resumes it
 * @reason: in a person's words; may be empty
 */
gboolean ch_deployment_pause (ChWorld *world, gint64 id, gint64 until, const char *reason, const ChActor *actor, GError **error);
/** ch_deployment_resume: it installs the newest certificate if it has another one. */
gboolean ch_deployment_resume (ChWorld *world, gint64 id, const ChActor *actor, GError **error);

/**
 * ch_deployment_rollback:
 *
 * Installs the certificate that was installed before the present one, at once, and pauses the deployment if that is well, so
 * that it stays.
 *
 * Returns: (transfer none): the job, or %NULL: there is none, or its key is gone, or it has ended or is revoked
 */
ChJob *ch_deployment_rollback (ChWorld *world, gint64 id, const ChActor *actor, GError **error);

/**
 * ch_deployment_look:
 *
 * Returns: (transfer none): a job that looks whether its certificate is served now, or %NULL: it is not deployed, or has no checks
 */
ChJob *ch_deployment_look (ChWorld *world, gint64 id, const ChActor *actor, GError **error);
