/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "anchors.h"

#include "lib/error.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define CH_TYPE_ANCHORS (ch_anchors_get_type ())
G_DECLARE_FINAL_TYPE (ChAnchors, ch_anchors, CH, ANCHORS, GTlsDatabase)

struct _ChAnchors
{
  GTlsDatabase parent;

  GTlsDatabase *extra;    /* (owned) */
};

G_DEFINE_FINAL_TYPE (ChAnchors, ch_anchors, G_TYPE_TLS_DATABASE)

/* The extra anchors come first: they are few, and mostly one of them is it. */
static GTlsCertificateFlags
ch_anchors_verify_chain (GTlsDatabase            *database,
                         GTlsCertificate         *chain,
                         const char              *purpose,
                         GSocketConnectable      *identity,
                         GTlsInteraction         *interaction,
                         GTlsDatabaseVerifyFlags  flags,
                         GCancellable            *cancellable,
                         GError                 **error)
{
  ChAnchors *self = CH_ANCHORS (database);
  GTlsCertificateFlags wrong = g_tls_database_verify_chain (self->extra, chain, purpose, identity,
                                                            interaction, flags, cancellable, error);

  /* GENERIC_ERROR: an extra anchor has the name of the issuer, but another key */
  if (!(wrong & (G_TLS_CERTIFICATE_UNKNOWN_CA | G_TLS_CERTIFICATE_GENERIC_ERROR)))
    return wrong;

  g_autoptr(GTlsDatabase) system = g_tls_backend_get_default_database (g_tls_backend_get_default ());
  g_clear_error (error);
  return g_tls_database_verify_chain (system, chain, purpose, identity, interaction, flags,
                                      cancellable, error);
}

static void
ch_anchors_finalize (GObject *object)
{
  g_clear_object (&CH_ANCHORS (object)->extra);
  G_OBJECT_CLASS (ch_anchors_parent_class)->finalize (object);
}

static void
ch_anchors_class_init (ChAnchorsClass *class)
{
  G_OBJECT_CLASS (class)->finalize = ch_anchors_finalize;
  G_TLS_DATABASE_CLASS (class)->verify_chain = ch_anchors_verify_chain;
}

static void
ch_anchors_init (ChAnchors *self)
{
}

static gboolean
write_all (int         fd,
           const char *text)
{
  gsize left = strlen (text);

  while (left > 0)
    {
      gssize n = write (fd, text, left);

      if (n <= 0)
        return FALSE;
      text += n;
      left -= n;
    }

  return TRUE;
}

/* GIO reads anchors from files only, so they get one that lives in memory. */
static GTlsDatabase *
read_anchors (const char *pem,
              GError    **error)
{
  int fd = memfd_create ("anchors", MFD_CLOEXEC);
  GTlsDatabase *database = NULL;

  if (fd >= 0 && write_all (fd, pem))
    {
      g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
      database = g_tls_file_database_new (path, error);
    }
  else
    ch_error_set (error, CH_ERROR_FAILED, "%s", g_strerror (errno));

  if (fd >= 0)
    close (fd);
  return database;
}

GTlsDatabase *
ch_anchors_new (const char *pem,
                GError    **error)
{
  g_autoptr(GError) cause = NULL;
  g_autoptr(GTlsCertificate) first = g_tls_certificate_new_from_pem (pem, -1, &cause);
  g_autoptr(GTlsDatabase) extra = first != NULL ? read_anchors (pem, &cause) : NULL;

  if (extra == NULL)
    {
      ch_error_set (error, CH_ERROR_INVALID, _("The extra CA certificates are not PEM certificates: %s"),
                    cause->message);
      return NULL;
    }

  ChAnchors *self = g_object_new (CH_TYPE_ANCHORS, NULL);
  self->extra = g_steal_pointer (&extra);
  return G_TLS_DATABASE (self);
}
