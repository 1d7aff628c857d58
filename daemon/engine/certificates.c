/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/certificates.h"

#include "engine/workers.h"
#include "lib/error.h"
#include "lib/secret.h"
#include "pki/names.h"

#include <glib/gi18n.h>
#include <inttypes.h>

/* ---- export ---- */

typedef struct
{
  ChWorld *world;               /* (not owned) */
  ChCertificate *certificate;   /* (owned) */
  ChCertificateExport how;
  char *password;               /* (owned) (nullable) */
  gint64 uid;
  char *authority;              /* (owned) */
  GTask *task;                  /* (owned) */
  GBytes *file;                 /* (owned) (nullable) */
  GError *error;                /* (owned) (nullable) */
} Export;

static void
export_free (Export *export)
{
  g_clear_pointer (&export->certificate, ch_certificate_free);
  ch_secret_free (export->password);
  g_free (export->authority);
  g_clear_object (&export->task);
  g_clear_pointer (&export->file, g_bytes_unref);
  g_clear_error (&export->error);
  g_free (export);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Export, export_free)

static void
export_perform (gpointer      data,
                GCancellable *cancellable)
{
  Export *self = data;
  const ChCertificate *certificate = self->certificate;
  g_autoptr(GBytes) key = NULL;
  ChExport what = {
    .format = self->how.format,
    .leaf = certificate->pem,
    .chain = certificate->chain,
    .password = self->password,
    .name = certificate->names[0] != NULL ? certificate->names[0] : "certificate",
    .legacy = self->how.legacy,
  };

  if (self->how.with_key)
    {
      key = ch_vault_lookup (self->world->vault, certificate->key_ref, cancellable, &self->error);
      if (key == NULL)
        return;
      what.key = key;
    }

  self->file = ch_export (&what, &self->error);
}

static void
note_export (Export *self)
{
  ChActor actor = { .uid = self->uid, .authority = self->authority };
  g_autofree char *object = ch_object_name ("order", self->certificate->order_id);
  g_autofree char *name = ch_name_display (self->certificate->names[0] != NULL ? self->certificate->names[0] : "?");

  ch_world_log (self->world, &actor, "key.export", object, name, TRUE, "%s",
                self->password != NULL ? _("Took the certificate with its private key out, encrypted")
                                       : _("Took the certificate with its private key out, in clear"));
}

static void
export_done (gpointer      data,
             GCancellable *cancellable)
{
  g_autoptr(Export) self = data;

  if (self->error != NULL)
    {
      g_task_return_error (self->task, g_steal_pointer (&self->error));
      return;
    }

  if (self->how.with_key)
    note_export (self);
  g_task_return_pointer (self->task, g_steal_pointer (&self->file), (GDestroyNotify) g_bytes_unref);
}

static gboolean
may_export (const Export *self,
            GError      **error)
{
  const ChCertificate *certificate = self->certificate;

  if (self->how.with_key && certificate->key_ref == NULL)
    return ch_error_set (error, CH_ERROR_NOT_FOUND,
                         _("The private key of certificate %" PRId64 " is not here; it stayed with whoever made the certificate "
                           "request"), certificate->id);
  if (self->password != NULL && *self->password == '\0')
    return ch_error_set (error, CH_ERROR_INVALID, _("The password is empty; give one, or none at all"));
  if (self->password != NULL && !self->how.with_key && self->how.format != CH_EXPORT_PKCS12)
    return ch_error_set (error, CH_ERROR_INVALID, _("There is nothing in this form that a password could protect"));
  if (self->how.legacy && self->how.format != CH_EXPORT_PKCS12)
    return ch_error_set (error, CH_ERROR_INVALID, _("Only PKCS#12 has a legacy encryption"));

  return TRUE;
}

void
ch_certificate_export_async (ChWorld                    *world,
                             gint64                      id,
                             const ChCertificateExport  *how,
                             const ChActor              *actor,
                             GAsyncReadyCallback         callback,
                             gpointer                    data)
{
  g_autoptr(Export) self = g_new0 (Export, 1);

  self->world = world;
  self->how = *how;
  self->password = g_strdup (how->password);
  self->uid = actor->uid;
  self->authority = g_strdup (actor->authority);
  self->task = g_task_new (NULL, NULL, callback, data);
  g_task_set_source_tag (self->task, ch_certificate_export_async);
  self->certificate = ch_store_get_certificate (world->store, id, &self->error);
  if (self->certificate != NULL && may_export (self, &self->error))
    ch_workers_push (world->workers, export_perform, export_done, g_steal_pointer (&self), NULL);
  else
    g_task_return_error (self->task, g_steal_pointer (&self->error));
}

GBytes *
ch_certificate_export_finish (GAsyncResult  *result,
                              GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- looking ---- */

GPtrArray *
ch_certificate_look (const ChCertificate *certificate)
{
  g_autofree char *all = g_strconcat (certificate->pem, "\n", certificate->chain, "\n",
                                      certificate->root != NULL ? certificate->root : "", NULL);

  return ch_cert_look_all (all);
}

gboolean
ch_certificate_is_current (ChStore             *store,
                           const ChCertificate *certificate)
{
  g_autoptr(GPtrArray) list = ch_store_list_certificates (store, certificate->order_id, NULL);

  return list != NULL && list->len > 0 && ((const ChCertificate *) g_ptr_array_index (list, 0))->id == certificate->id;
}
