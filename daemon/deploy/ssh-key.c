/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/ssh-private.h"

#include "lib/error.h"
#include "lib/secret.h"

#include <glib/gi18n.h>
#include <string.h>

#define FINGERPRINT "SHA256:"

char *
ch_ssh_key_line (ssh_key key)
{
  char *base64 = NULL;

  if (ssh_pki_export_pubkey_base64 (key, &base64) != SSH_OK)
    return g_strdup ("");

  const char *type = ssh_key_type (key) == SSH_KEYTYPE_ECDSA ? ssh_pki_key_ecdsa_name (key)
                                                             : ssh_key_type_to_char (ssh_key_type (key));
  char *line = g_strdup_printf ("%s %s", type, base64);
  ssh_string_free_char (base64);
  return line;
}

char *
ch_ssh_key_fingerprint (ssh_key key)
{
  unsigned char *hash = NULL;
  gsize length = 0;

  if (ssh_get_publickey_hash (key, SSH_PUBLICKEY_HASH_SHA256, &hash, &length) != SSH_OK)
    return g_strdup ("");

  char *text = ssh_get_fingerprint_hash (SSH_PUBLICKEY_HASH_SHA256, hash, length);
  char *fingerprint = g_strdup (text != NULL ? text : "");
  ssh_clean_pubkey_hash (&hash);
  ssh_string_free_char (text);
  return fingerprint;
}

/* (transfer full) (nullable): of "type base64 [comment]" */
static ssh_key
parse_line (const char *line)
{
  g_auto(GStrv) words = g_strsplit_set (line, " \t", 3);
  ssh_key key = NULL;

  if (g_strv_length (words) < 2)
    return NULL;

  enum ssh_keytypes_e type = ssh_key_type_from_name (words[0]);
  if (type == SSH_KEYTYPE_UNKNOWN || type == SSH_KEYTYPE_DSS
      || ssh_pki_import_pubkey_base64 (words[1], type, &key) != SSH_OK)
    return NULL;

  return key;
}

gboolean
ch_ssh_key_matches (ssh_key     key,
                    const char *pinned)
{
  if (g_str_has_prefix (pinned, FINGERPRINT))
    {
      g_autofree char *fingerprint = ch_ssh_key_fingerprint (key);

      return strcmp (fingerprint, pinned) == 0;
    }

  ssh_key other = parse_line (pinned);
  gboolean same = other != NULL && ssh_key_cmp (key, other, SSH_KEY_CMP_PUBLIC) == 0;

  ssh_key_free (other);
  return same;
}

gboolean
ch_ssh_key_check_pinned (const char *value,
                         GError    **error)
{
  if (g_str_has_prefix (value, FINGERPRINT))
    {
      static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
      const char *digest = value + strlen (FINGERPRINT);

      return (strlen (digest) == 43 && digest[strspn (digest, base64)] == '\0')
             || ch_error_set (error, CH_ERROR_INVALID, _("“%.80s” is not a SHA256 fingerprint of a key"), value);
    }

  ssh_key key = parse_line (value);
  if (key == NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%.40s” is not a host key: give a line such as “ssh-ed25519 AAAA…” or a fingerprint "
                           "such as “SHA256:…”"), value);

  ssh_key_free (key);
  return TRUE;
}

/* Without a passphrase, OpenSSL would ask for one on our terminal. */
ssh_key
ch_ssh_key_load (const char *text,
                 const char *passphrase,
                 GError    **error)
{
  ssh_key key = NULL;
  gboolean has_passphrase = passphrase != NULL && *passphrase != '\0';

  if (ssh_pki_import_privkey_base64 (text, has_passphrase ? passphrase : "", NULL, NULL, &key) == SSH_OK)
    return key;

  ch_error_set (error, CH_ERROR_INVALID,
                has_passphrase ? _("The private key cannot be read: is the passphrase right, and is it a key in the form of "
                                   "OpenSSH or PEM?")
                               : _("The private key cannot be read: it must be in the form of OpenSSH or PEM, and if it "
                                   "has a passphrase, give that as well"));
  return NULL;
}

/* ---- preparing ---- */

static gboolean
generate (GHashTable *settings,
          GHashTable *secrets,
          GError    **error)
{
  ssh_key key = NULL;
  char *text = NULL;

  if (ssh_pki_generate (SSH_KEYTYPE_ED25519, 0, &key) != SSH_OK
      || ssh_pki_export_privkey_base64 (key, NULL, NULL, NULL, &text) != SSH_OK)
    {
      ssh_key_free (key);
      return ch_error_set (error, CH_ERROR_FAILED, _("A key could not be made"));
    }

  g_hash_table_insert (settings, g_strdup ("public-key"), ch_ssh_key_line (key));
  g_hash_table_insert (secrets, g_strdup ("private-key"), g_strdup (text));
  g_hash_table_insert (secrets, g_strdup ("passphrase"), g_strdup (""));
  explicit_bzero (text, strlen (text));
  ssh_string_free_char (text);
  ssh_key_free (key);
  return TRUE;
}

/* The public half is known from the private one alone, so that nobody is shown another. */
static gboolean
take_given (GHashTable *settings,
            GHashTable *secrets,
            GError    **error)
{
  const char *text = g_hash_table_lookup (secrets, "private-key");

  if (text == NULL || *text == '\0')
    return TRUE;

  ssh_key key = ch_ssh_key_load (text, g_hash_table_lookup (secrets, "passphrase"), error);
  if (key == NULL)
    return FALSE;

  g_hash_table_insert (settings, g_strdup ("public-key"), ch_ssh_key_line (key));
  ssh_key_free (key);
  return TRUE;
}

/* Who gives a password, or a key, and does not say what for, means to log in by it. */
static void
take_meant (GHashTable *settings,
            GHashTable *secrets)
{
  static const struct { const char *secret, *auth; } meant[] = { { "password", "password" }, { "private-key", "key" } };

  for (gsize i = 0; i < G_N_ELEMENTS (meant); i++)
    {
      const char *given = g_hash_table_lookup (secrets, meant[i].secret);

      if (given != NULL && *given != '\0' && !g_hash_table_contains (settings, "auth")
          && !g_hash_table_contains (settings, "public-key"))
        g_hash_table_insert (settings, g_strdup ("auth"), g_strdup (meant[i].auth));
    }
}

gboolean
ch_ssh_key_prepare (GHashTable *settings,
                    GHashTable *secrets,
                    GError    **error)
{
  take_meant (settings, secrets);

  const char *auth = ch_fields_get (ch_ssh_fields, settings, "auth");
  const char *public_key = ch_fields_get (ch_ssh_fields, settings, "public-key");

  if (!take_given (settings, secrets, error))
    return FALSE;
  if (g_strcmp0 (auth, "generated") == 0 && public_key == NULL && !g_hash_table_contains (secrets, "private-key"))
    return generate (settings, secrets, error);

  return TRUE;
}
