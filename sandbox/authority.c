/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "authority.h"

#include "csr.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/pkcs7.h>
#include <gnutls/x509.h>
#include <string.h>
#include <time.h>

#define DAY 86400
#define SERIAL_BYTES 16
#define CA_USAGE (GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN)

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_crt_t, gnutls_x509_crt_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_crq_t, gnutls_x509_crq_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_privkey_t, gnutls_x509_privkey_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_pubkey_t, gnutls_pubkey_deinit, NULL)
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_pkcs7_t, gnutls_pkcs7_deinit, NULL)

typedef struct
{
  gnutls_x509_crt_t crt;
  gnutls_x509_privkey_t key;
  char *pem;
} Issuer;

struct _SbAuthority
{
  Issuer tls_root;
  Issuer root;
  Issuer intermediate;
};

/* Issued on or after (seconds since 1970), and days. */
static const struct
{
  gint64 from;
  int days;
} limits[] = {
  { 1868140800, 46 },  /* 2029-03-14 */
  { 1804982400, 99 },  /* 2027-03-14 */
  { 0, 199 },
};

int
sb_authority_limit (gint64 now)
{
  gsize i = 0;

  while (now / 1000 < limits[i].from)
    i++;

  return limits[i].days;
}

static gboolean
fine (int      rc,
      GError **error)
{
  return rc >= 0 || ch_error_set (error, CH_ERROR_FAILED, _("GnuTLS failed: %s."), gnutls_strerror (rc));
}

static char *
export_certificate (gnutls_x509_crt_t crt)
{
  gnutls_datum_t out = { NULL, 0 };

  if (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_PEM, &out) < 0)
    return NULL;

  char *pem = g_strndup ((const char *) out.data, out.size);
  gnutls_free (out.data);
  return pem;
}

static char *
export_key (gnutls_x509_privkey_t key)
{
  gnutls_datum_t out = { NULL, 0 };

  if (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &out) < 0)
    return NULL;

  char *pem = g_strndup ((const char *) out.data, out.size);
  gnutls_free (out.data);
  return pem;
}

static gboolean
set_serial (gnutls_x509_crt_t   crt,
            char              **hex,
            GError            **error)
{
  guint8 serial[SERIAL_BYTES];
  g_autoptr(GString) text = g_string_new (NULL);

  if (!fine (gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial), error))
    return FALSE;
  serial[0] = (serial[0] & 0x3f) | 0x40; /* positive, and never shorter */

  for (gsize i = 0; i < sizeof serial; i++)
    g_string_append_printf (text, "%02X", serial[i]);
  if (hex != NULL)
    *hex = g_strdup (text->str);

  return fine (gnutls_x509_crt_set_serial (crt, serial, sizeof serial), error);
}

static gboolean
set_basics (gnutls_x509_crt_t   crt,
            const char         *common_name,
            gint64              not_before,
            gint64              not_after,
            char              **serial,
            GError            **error)
{
  return fine (gnutls_x509_crt_set_version (crt, 3), error)
         && fine (gnutls_x509_crt_set_dn_by_oid (crt, GNUTLS_OID_X520_COMMON_NAME, 0, common_name,
                                                 strlen (common_name)), error)
         && fine (gnutls_x509_crt_set_activation_time (crt, not_before), error)
         && fine (gnutls_x509_crt_set_expiration_time (crt, not_after), error)
         && set_serial (crt, serial, error);
}

static gboolean
set_key_ids (gnutls_x509_crt_t   crt,
             gnutls_x509_crt_t   issuer,
             GError            **error)
{
  guint8 own[32], above[32];
  size_t own_size = sizeof own, above_size = sizeof above;

  return fine (gnutls_x509_crt_get_key_id (crt, GNUTLS_KEYID_USE_SHA1, own, &own_size), error)
         && fine (gnutls_x509_crt_set_subject_key_id (crt, own, own_size), error)
         && fine (gnutls_x509_crt_get_key_id (issuer, GNUTLS_KEYID_USE_SHA1, above, &above_size), error)
         && fine (gnutls_x509_crt_set_authority_key_id (crt, above, above_size), error);
}

static gboolean
sign (gnutls_x509_crt_t       crt,
      gnutls_x509_crt_t       issuer,
      gnutls_x509_privkey_t   key,
      GError                **error)
{
  return set_key_ids (crt, issuer, error)
         && fine (gnutls_x509_crt_sign2 (crt, issuer, key, GNUTLS_DIG_SHA256, 0), error);
}

/* A CA certificate for @issuer->key; @parent %NULL for a root. */
static gboolean
make_ca (Issuer      *issuer,
         const char  *name,
         Issuer      *parent,
         GError     **error)
{
  gint64 now = time (NULL);

  if (!fine (gnutls_x509_privkey_init (&issuer->key), error)
      || !fine (gnutls_x509_privkey_generate (issuer->key, GNUTLS_PK_ECDSA,
                                              GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0), error)
      || !fine (gnutls_x509_crt_init (&issuer->crt), error)
      || !fine (gnutls_x509_crt_set_key (issuer->crt, issuer->key), error))
    return FALSE;

  return set_basics (issuer->crt, name, now - DAY, now + 30 * 365 * (gint64) DAY, NULL, error)
         && fine (gnutls_x509_crt_set_basic_constraints (issuer->crt, 1, parent != NULL ? 0 : -1), error)
         && fine (gnutls_x509_crt_set_key_usage (issuer->crt, CA_USAGE), error)
         && sign (issuer->crt, parent != NULL ? parent->crt : issuer->crt,
                  parent != NULL ? parent->key : issuer->key, error);
}

/* Key and certificate are one file, so that a crash never leaves one without the other. */
static gboolean
load_ca (Issuer     *issuer,
         const char *path)
{
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return FALSE;

  gnutls_datum_t data = { (unsigned char *) text, length };
  gboolean loaded = gnutls_x509_privkey_init (&issuer->key) >= 0 && gnutls_x509_crt_init (&issuer->crt) >= 0
                    && gnutls_x509_privkey_import (issuer->key, &data, GNUTLS_X509_FMT_PEM) >= 0
                    && gnutls_x509_crt_import (issuer->crt, &data, GNUTLS_X509_FMT_PEM) >= 0;
  gnutls_memset (text, 0, length);
  return loaded;
}

static void
clear_issuer (Issuer *issuer)
{
  g_clear_pointer (&issuer->crt, gnutls_x509_crt_deinit);
  g_clear_pointer (&issuer->key, gnutls_x509_privkey_deinit);
  g_clear_pointer (&issuer->pem, g_free);
}

static gboolean
save_ca (Issuer      *issuer,
         const char  *path,
         GError     **error)
{
  g_autofree char *key = export_key (issuer->key);
  g_autofree char *crt = export_certificate (issuer->crt);

  if (key == NULL || crt == NULL)
    return ch_error_set (error, CH_ERROR_FAILED, _("A key of the sandbox’s CA could not be written to “%s”."),
                         path);

  g_autofree char *both = g_strconcat (key, crt, NULL);
  return g_file_set_contents_full (path, both, -1, G_FILE_SET_CONTENTS_DURABLE, 0600, error);
}

static gboolean
open_ca (Issuer      *issuer,
         const char  *dir,
         const char  *file,
         const char  *name,
         Issuer      *parent,
         GError     **error)
{
  g_autofree char *path = g_build_filename (dir, "ca", file, NULL);

  if (!load_ca (issuer, path)
      || (parent != NULL && !gnutls_x509_crt_check_issuer (issuer->crt, parent->crt)))
    {
      clear_issuer (issuer);
      if (!make_ca (issuer, name, parent, error) || !save_ca (issuer, path, error))
        return FALSE;
    }

  issuer->pem = export_certificate (issuer->crt);
  return TRUE;
}

static gboolean
publish (Issuer      *issuer,
         const char  *dir,
         const char  *file,
         GError     **error)
{
  g_autofree char *path = g_build_filename (dir, file, NULL);

  return g_file_set_contents_full (path, issuer->pem, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, error);
}

SbAuthority *
sb_authority_open (const char  *dir,
                   GError     **error)
{
  g_autoptr(SbAuthority) authority = g_new0 (SbAuthority, 1);
  g_autofree char *folder = g_build_filename (dir, "ca", NULL);

  if (g_mkdir_with_parents (folder, 0700) < 0)
    {
      ch_error_set (error, CH_ERROR_FILE, _("The folder “%s” cannot be made: %s."), folder,
                    g_strerror (errno));
      return NULL;
    }

  if (!open_ca (&authority->tls_root, dir, "tls-root.pem", "Chancery Sandbox TLS Root", NULL, error)
      || !open_ca (&authority->root, dir, "issuing-root.pem", "Chancery Sandbox Issuing Root", NULL, error)
      || !open_ca (&authority->intermediate, dir, "intermediate.pem", "Chancery Sandbox DV CA",
                   &authority->root, error)
      || !publish (&authority->tls_root, dir, "root.pem", error)
      || !publish (&authority->root, dir, "issuing-root.pem", error)
      || !publish (&authority->intermediate, dir, "intermediate.pem", error))
    return NULL;

  return g_steal_pointer (&authority);
}

void
sb_authority_free (SbAuthority *authority)
{
  clear_issuer (&authority->tls_root);
  clear_issuer (&authority->root);
  clear_issuer (&authority->intermediate);
  g_free (authority);
}

const char *
sb_authority_root (SbAuthority *authority)
{
  return authority->root.pem;
}

const char *
sb_authority_intermediate (SbAuthority *authority)
{
  return authority->intermediate.pem;
}

/* What every server certificate has, after its key and names. */
static gboolean
finish_server (gnutls_x509_crt_t   crt,
               Issuer             *issuer,
               GError            **error)
{
  unsigned usage = GNUTLS_KEY_DIGITAL_SIGNATURE;

  if (gnutls_x509_crt_get_pk_algorithm (crt, NULL) == GNUTLS_PK_RSA)
    usage |= GNUTLS_KEY_KEY_ENCIPHERMENT;

  return fine (gnutls_x509_crt_set_basic_constraints (crt, 0, -1), error)
         && fine (gnutls_x509_crt_set_key_usage (crt, usage), error)
         && fine (gnutls_x509_crt_set_key_purpose_oid (crt, GNUTLS_KP_TLS_WWW_SERVER, 0), error)
         && sign (crt, issuer->crt, issuer->key, error);
}

static gboolean
add_name (gnutls_x509_crt_t             crt,
          gnutls_x509_subject_alt_name_t type,
          gconstpointer                 data,
          gsize                         length,
          GError                      **error)
{
  return fine (gnutls_x509_crt_set_subject_alt_name (crt, type, data, length, GNUTLS_FSAN_APPEND), error);
}

GTlsCertificate *
sb_authority_server_certificate (SbAuthority  *authority,
                                 GError      **error)
{
  static const guint8 loopback[] = { 127, 0, 0, 1 };
  g_auto(gnutls_x509_crt_t) crt = NULL;
  g_auto(gnutls_x509_privkey_t) key = NULL;
  gint64 now = time (NULL);

  /* Good for years: tests start the sandbox and then move the clock. */
  if (!fine (gnutls_x509_privkey_init (&key), error) || !fine (gnutls_x509_crt_init (&crt), error)
      || !fine (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                              GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0), error)
      || !fine (gnutls_x509_crt_set_key (crt, key), error)
      || !set_basics (crt, "localhost", now - DAY, now + 10 * 365 * (gint64) DAY, NULL, error)
      || !add_name (crt, GNUTLS_SAN_DNSNAME, "localhost", strlen ("localhost"), error)
      || !add_name (crt, GNUTLS_SAN_IPADDRESS, loopback, sizeof loopback, error)
      || !finish_server (crt, &authority->tls_root, error))
    return NULL;

  g_autofree char *crt_pem = export_certificate (crt);
  g_autofree char *key_pem = export_key (key);
  g_autofree char *both = g_strconcat (key_pem, crt_pem, NULL);
  return g_tls_certificate_new_from_pem (both, -1, error);
}

static gboolean
set_public_key (gnutls_x509_crt_t   crt,
                const char         *csr,
                GError            **error)
{
  g_auto(gnutls_x509_crq_t) crq = sb_csr_open (csr);
  g_auto(gnutls_pubkey_t) key = NULL;

  if (crq == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("The CSR cannot be read."));

  return fine (gnutls_pubkey_init (&key), error)
         && fine (gnutls_pubkey_import_x509_crq (key, crq, 0), error)
         && fine (gnutls_x509_crt_set_pubkey (crt, key), error);
}

/* A host name, or an IP address as bytes. */
static gboolean
add_text_name (gnutls_x509_crt_t   crt,
               const char         *name,
               GError            **error)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (name);

  if (address != NULL)
    return add_name (crt, GNUTLS_SAN_IPADDRESS, g_inet_address_to_bytes (address),
                     g_inet_address_get_native_size (address), error);

  return add_name (crt, GNUTLS_SAN_DNSNAME, name, strlen (name), error);
}

static gboolean
set_subject (gnutls_x509_crt_t    crt,
             const char *const   *subject,
             GError             **error)
{
  for (gsize i = 0; subject != NULL && subject[i] != NULL; i += 2)
    if (!fine (gnutls_x509_crt_set_dn_by_oid (crt, subject[i], 0, subject[i + 1], strlen (subject[i + 1])), error))
      return FALSE;

  return TRUE;
}

static gboolean
set_policy (gnutls_x509_crt_t   crt,
            const char         *oid,
            GError            **error)
{
  struct gnutls_x509_policy_st policy = { .oid = (char *) oid };

  return fine (gnutls_x509_crt_set_policy (crt, &policy, 0), error);
}

char *
sb_authority_issue (SbAuthority        *authority,
                    const char         *csr,
                    const char *const  *names,
                    const char *const  *subject,
                    const char         *policy,
                    gint64              not_before,
                    gint64              not_after,
                    char              **serial,
                    GError            **error)
{
  g_auto(gnutls_x509_crt_t) crt = NULL;
  g_autofree char *number = NULL;

  if (!fine (gnutls_x509_crt_init (&crt), error) || !set_public_key (crt, csr, error)
      || !set_subject (crt, subject, error) || !set_policy (crt, policy, error)
      || !set_basics (crt, names[0], not_before, not_after, &number, error))
    return NULL;

  for (gsize i = 0; names[i] != NULL; i++)
    if (!add_text_name (crt, names[i], error))
      return NULL;

  if (!finish_server (crt, &authority->intermediate, error))
    return NULL;

  *serial = g_steal_pointer (&number);
  return export_certificate (crt);
}

char *
sb_authority_pkcs7 (SbAuthority *authority,
                    const char  *certificate)
{
  g_auto(gnutls_pkcs7_t) pkcs7 = NULL;
  const char *chain[] = { certificate, authority->intermediate.pem, authority->root.pem };
  gnutls_datum_t out = { NULL, 0 };

  if (gnutls_pkcs7_init (&pkcs7) < 0)
    return NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (chain); i++)
    {
      g_auto(gnutls_x509_crt_t) crt = NULL;
      gnutls_datum_t pem = { (unsigned char *) chain[i], strlen (chain[i]) };

      if (gnutls_x509_crt_init (&crt) < 0 || gnutls_x509_crt_import (crt, &pem, GNUTLS_X509_FMT_PEM) < 0
          || gnutls_pkcs7_set_crt (pkcs7, crt) < 0)
        return NULL;
    }

  if (gnutls_pkcs7_export2 (pkcs7, GNUTLS_X509_FMT_PEM, &out) < 0)
    return NULL;

  char *text = g_strndup ((const char *) out.data, out.size);
  gnutls_free (out.data);
  return text;
}
