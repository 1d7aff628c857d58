/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/deployments.h"

/* ---- deployments.c ---- */

/** ch_deployment_tell: tells the watcher about a change that is durable, and wakes the runner. */
void ch_deployment_tell (ChWorld *world, gint64 id, ChChange change);

/** ch_deployment_note: an entry of the audit log. */
void ch_deployment_note (ChWorld *world, const ChActor *actor, const ChDeployment *deployment, const char *action, const char *text);

/**
 * ch_deployment_reserve: adds a row that nothing is done with until ch_deployment_open(); a service that died in
 * between takes it away at its start. Returns: its id, or 0
 */
gint64 ch_deployment_reserve (ChWorld *world, const ChDeploymentDraft *draft, GError **error);
gboolean ch_deployment_open (ChWorld *world, gint64 id, const ChActor *actor, GError **error);

/** ch_deployment_check_edit: what ch_deployment_edit() would refuse. Changes nothing. */
gboolean ch_deployment_check_edit (ChWorld *world, gint64 id, const ChDeploymentDraft *draft, GError **error);

/* ---- deployment-secrets.c ---- */

/** ch_deployment_forget_secrets: on a worker, and without a word when it is done. */
void ch_deployment_forget_secrets (ChWorld *world, gint64 id);

/** ch_deployments_drop_reserved: at start: what was never opened goes, with its secrets. */
gboolean ch_deployments_drop_reserved (ChWorld *world, GError **error);

/* ---- deployment-template.c ---- */

/** ch_deployment_apply_template: what @draft does not say of files, test, action and checks is as @deployment's template has it. */
gboolean ch_deployment_apply_template (ChWorld *world, ChDeployment *deployment, const ChDeploymentDraft *draft, GError **error);

/* ---- deployment-match.c ---- */

/**
 * ch_deployment_find_certificate: makes the longest-lived certificate that serves @deployment due, if there is one.
 * @deployment is changed and not written.
 */
gboolean ch_deployment_find_certificate (ChWorld *world, ChDeployment *deployment, GError **error);

/** ch_deployments_order_issued: inside the transaction that keeps the new certificate: those that want it are due. */
gboolean ch_deployments_order_issued (ChWorld *world, const ChOrder *order, const ChCertificate *certificate, GError **error);

/** ch_deployment_wants: whether a certificate for @names serves all that @deployment is for. */
gboolean ch_deployment_wants (const ChDeployment *deployment, const char *const *names);

/* ---- deployment-pause.c ---- */

/** ch_deployment_take_pause: @until: 0: without an end. @deployment is changed and not written. */
void ch_deployment_take_pause (ChDeployment *deployment, gint64 until, const char *reason, gint64 now);
/** ch_deployment_catch_up: ends the pause and makes the newest certificate due. @deployment is changed and not written. */
gboolean ch_deployment_catch_up (ChWorld *world, ChDeployment *deployment, GError **error);
/** ch_deployment_find_before: the certificate that it can go back to, or 0 with an error that says why there is none. */
gint64 ch_deployment_find_before (ChWorld *world, const ChDeployment *deployment, GError **error);
/** ch_deployment_installs: whether it has files to install, and not only a place for those that prove control of names. */
gboolean ch_deployment_installs (const ChDeployment *deployment);

/* ---- deployment-runs.c ---- */

/** ch_deployments_run_due: starts what is due. */
void ch_deployments_run_due (ChWorld *world, gint64 now);

/** ch_deployments_resume: at start: runs that the service died in are done again; the files' own state tells how far they were. */
gboolean ch_deployments_resume (ChWorld *world, GError **error);

/** ch_deployments_hurry: somebody mended the server: what failed on it is tried now. */
void ch_deployments_hurry (ChWorld *world, gint64 server_id);

/* ---- installer.c: one run ---- */

/** ChInstall: a run of a deployment with everything that it needs, by value. */
typedef struct _ChInstall ChInstall;

/**
 * ch_install_begin:
 * @back_to: the certificate that a person goes back to; 0: that of the deployment
 *
 * Returns: (transfer full): writes down that a run begins
 */
ChInstall *ch_install_begin (ChWorld *world, gint64 deployment_id, gint64 back_to, GError **error);
/** ch_install_perform: on a worker. @job: (nullable): is told each step. The install keeps how it went. */
gboolean ch_install_perform (ChInstall *install, ChJob *job, GCancellable *cancellable, GError **error);
/** ch_install_end: a #ChWrite: writes down how it went. */
gboolean ch_install_end (gpointer install, GError **error);
void ch_install_free (ChInstall *install);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChInstall, ch_install_free)
