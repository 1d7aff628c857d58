/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "pki/chain.h"
#include "pki/csr.h"
#include "pki/key.h"

#include <string.h>

/* A certificate, a request or a key. The first byte says which, and whether the rest is DER that is put
 * into armour or a text as it is. */

static char *
armour (const char   *label,
        const guint8 *data,
        gsize         size)
{
  g_autofree char *text = g_base64_encode (data, size);
  return g_strdup_printf ("-----BEGIN %s-----\n%s\n-----END %s-----\n", label, text, label);
}

static void
read_certificate (const char *pem)
{
  const char *const others[] = { pem, NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(ChCert) cert = ch_cert_parse (pem, &error);
  ChChain *chain = ch_chain_order (pem, others, NULL);

  g_clear_pointer (&chain, ch_chain_free);
  g_assert_true ((cert == NULL) == (error != NULL));
  if (cert == NULL)
    return;

  g_assert_true (g_utf8_validate (cert->subject, -1, NULL) && g_utf8_validate (cert->issuer, -1, NULL));
  for (gsize i = 0; cert->names[i] != NULL; i++)
    g_assert_true (g_utf8_validate (cert->names[i], -1, NULL));
}

static void
read_request (const char *pem)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ChCsr) csr = ch_csr_parse (pem, &error);

  g_assert_true ((csr == NULL) == (error != NULL));
}

static void
read_key (char *pem)
{
  g_autoptr(GBytes) text = g_bytes_new_static (pem, strlen (pem));
  g_autoptr(GError) error = NULL;
  ChKeyAlgorithm algorithm;
  g_autoptr(GBytes) key = ch_key_import (text, NULL, &algorithm, &error);

  g_assert_true ((key == NULL) == (error != NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  static const char *const labels[] = { "CERTIFICATE", "CERTIFICATE REQUEST", "PRIVATE KEY", "EC PRIVATE KEY" };

  if (size == 0)
    return 0;

  guint kind = data[0] % G_N_ELEMENTS (labels);
  g_autofree char *pem = data[0] & 0x80 ? g_strndup ((const char *) data + 1, size - 1)
                                        : armour (labels[kind], data + 1, size - 1);

  if (kind == 0)
    read_certificate (pem);
  else if (kind == 1)
    read_request (pem);
  else
    read_key (pem);
  return 0;
}
