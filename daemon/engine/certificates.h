/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/world.h"
#include "pki/export.h"

#include <gio/gio.h>

/* What persons do with certificates. */

/** ChCertificateExport: in which form a certificate is taken out. */
typedef struct
{
  ChExportFormat format;
  gboolean with_key;
  const char *password;   /* (nullable) */
  gboolean legacy;
} ChCertificateExport;

/** ch_certificate_export_async: @id: of the certificate; @how is copied */
void ch_certificate_export_async (ChWorld *world, gint64 id, const ChCertificateExport *how, const ChActor *actor,
                                  GAsyncReadyCallback callback, gpointer data);
/** ch_certificate_export_finish: (transfer full): the file */
GBytes *ch_certificate_export_finish (GAsyncResult *result, GError **error);

/** ch_certificate_look: (transfer full) (element-type ChCertLook): the certificate, what signed it, and so on to the root. */
GPtrArray *ch_certificate_look (const ChCertificate *certificate);

/** ch_certificate_is_current: whether @certificate is the one of @order that is in force. */
gboolean ch_certificate_is_current (ChStore *store, const ChCertificate *certificate);
