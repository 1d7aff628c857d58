/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/deployments.h"

/** ch_deployments_order_issued: inside the transaction that keeps the new certificate: those that want it are due. */
gboolean ch_deployments_order_issued (ChWorld *world, const ChOrder *order, const ChCertificate *certificate, GError **error);

/** ch_deployments_run_due: starts what is due. */
void ch_deployments_run_due (ChWorld *world, gint64 now);

/** ch_deployments_resume: at start: runs that the service died in are done again; the files' own state tells how far they were. */
gboolean ch_deployments_resume (ChWorld *world, GError **error);

/** ch_deployments_hurry: somebody mended the server: what failed on it is tried now. */
void ch_deployments_hurry (ChWorld *world, gint64 server_id);

/** ch_deployment_wants: whether a certificate for @names serves all that @deployment is for. */
gboolean ch_deployment_wants (const ChDeployment *deployment, const char *const *names);

/* ---- installer.c: one run ---- */

/** ChInstall: a run of a deployment with everything that it needs, by value. */
typedef struct _ChInstall ChInstall;

/** ch_install_begin: (transfer full): writes down that a run begins. */
ChInstall *ch_install_begin (ChWorld *world, gint64 deployment_id, GError **error);
/** ch_install_perform: on a worker. @job: (nullable): is told each step. The install keeps how it went. */
gboolean ch_install_perform (ChInstall *install, ChJob *job, GCancellable *cancellable, GError **error);
/** ch_install_end: a #ChWrite: writes down how it went. */
gboolean ch_install_end (gpointer install, GError **error);
void ch_install_free (ChInstall *install);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChInstall, ch_install_free)
