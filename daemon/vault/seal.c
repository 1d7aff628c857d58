/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/vault-private.h"

#include "lib/error.h"
#include "lib/secret.h"

#include <glib/gi18n.h>
#include <gnutls/crypto.h>
#include <string.h>
#include <sys/mman.h>

/* A sealed item is: version, nonce, ciphertext, tag. Version and reference are bound in as
 * additional data, so that an item cannot be put in another's place. A nonce is random: with 96
 * bits a key is good for 2^32 items (NIST SP 800-38D, section 8.3), which nobody stores. */
#define VERSION 1
#define NONCE_SIZE 12
#define TAG_SIZE 16
#define HEAD_SIZE (1 + NONCE_SIZE)

struct _ChSeal
{
  guchar key[CH_KEY_SIZE];
};

ChSeal *
ch_seal_new (GBytes *key)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (key, &length);

  g_return_val_if_fail (length == CH_KEY_SIZE, NULL);

  /* A page of its own can be locked and left out of core dumps without a word about its neighbours. */
  ChSeal *seal = mmap (NULL, sizeof *seal, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (seal == MAP_FAILED)
    g_error ("No memory for the key of the vault");

  if (mlock (seal, sizeof *seal) != 0)
    g_debug ("The key of the vault may be swapped out: %s", g_strerror (errno));
  madvise (seal, sizeof *seal, MADV_DONTDUMP);
  memcpy (seal->key, data, CH_KEY_SIZE);
  return seal;
}

void
ch_seal_free (ChSeal *seal)
{
  if (seal == NULL)
    return;

  explicit_bzero (seal, sizeof *seal);
  munmap (seal, sizeof *seal);
}

static gnutls_aead_cipher_hd_t
new_cipher (const ChSeal *seal,
            GError      **error)
{
  gnutls_datum_t key = { (guchar *) seal->key, CH_KEY_SIZE };
  gnutls_aead_cipher_hd_t cipher = NULL;
  int result = gnutls_aead_cipher_init (&cipher, GNUTLS_CIPHER_AES_256_GCM, &key);

  if (result < 0)
    ch_error_set (error, CH_ERROR_VAULT, _("Secrets cannot be sealed on this machine: %s"),
                  gnutls_strerror (result));
  return cipher;
}

static GByteArray *
make_context (const char *ref)
{
  const guchar version = VERSION;
  GByteArray *context = g_byte_array_new ();

  g_byte_array_append (context, &version, 1);
  g_byte_array_append (context, (const guchar *) ref, (guint) strlen (ref));
  return context;
}

GBytes *
ch_seal_close (const ChSeal *seal,
               const char   *ref,
               gconstpointer plain,
               gsize         length,
               GError      **error)
{
  g_autoptr(GByteArray) context = make_context (ref);
  gsize sealed_length = length + TAG_SIZE;
  g_autofree guchar *sealed = g_malloc (HEAD_SIZE + sealed_length);
  gnutls_aead_cipher_hd_t cipher = new_cipher (seal, error);
  if (cipher == NULL)
    return NULL;

  sealed[0] = VERSION;
  int result = gnutls_rnd (GNUTLS_RND_NONCE, sealed + 1, NONCE_SIZE);
  if (result >= 0)
    result = gnutls_aead_cipher_encrypt (cipher, sealed + 1, NONCE_SIZE, context->data, context->len,
                                         TAG_SIZE, plain, length, sealed + HEAD_SIZE, &sealed_length);
  gnutls_aead_cipher_deinit (cipher);

  if (result < 0)
    {
      ch_error_set (error, CH_ERROR_VAULT, _("The secret “%s” cannot be sealed: %s"), ref,
                    gnutls_strerror (result));
      return NULL;
    }

  return g_bytes_new_take (g_steal_pointer (&sealed), HEAD_SIZE + sealed_length);
}

GBytes *
ch_seal_open (const ChSeal *seal,
              const char   *ref,
              GBytes       *sealed,
              GError      **error)
{
  g_autoptr(GByteArray) context = make_context (ref);
  gsize length;
  const guchar *data = g_bytes_get_data (sealed, &length);

  if (length < HEAD_SIZE + TAG_SIZE || data[0] != VERSION)
    {
      ch_error_set (error, CH_ERROR_VAULT,
                    _("The secret “%s” is damaged: enter it again, or restore a backup"), ref);
      return NULL;
    }

  gnutls_aead_cipher_hd_t cipher = new_cipher (seal, error);
  if (cipher == NULL)
    return NULL;

  gsize plain_length = length - HEAD_SIZE - TAG_SIZE;
  gsize capacity = plain_length;
  g_autoptr(GBytes) plain = ch_secret_take (g_malloc (capacity + 1), capacity);
  char *out = (char *) g_bytes_get_data (plain, NULL);
  int result = gnutls_aead_cipher_decrypt (cipher, data + 1, NONCE_SIZE, context->data, context->len,
                                           TAG_SIZE,
                                           data + HEAD_SIZE, length - HEAD_SIZE, out, &plain_length);
  gnutls_aead_cipher_deinit (cipher);

  if (result < 0 || plain_length != capacity)
    {
      ch_error_set (error, CH_ERROR_VAULT,
                    _("The secret “%s” is damaged or of another place: enter it again, or restore a backup"),
                    ref);
      return NULL;
    }

  out[capacity] = '\0';
  return g_steal_pointer (&plain);
}
