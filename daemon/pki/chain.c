/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/chain.h"

#include "lib/error.h"
#include "pki/x509.h"

#include <glib/gi18n.h>
#include <string.h>

/* Public chains have three or four certificates; cross-signing adds one or two. */
#define MAX_LINKS 10
/* The most certificates that are looked at in one go. */
#define MAX_CANDIDATES 256

/* RSA keys above it are not computed with: the time grows with the cube of the size. */
#define MAX_KEY_BITS 8192

typedef struct
{
  ChCert *facts;
  gnutls_x509_crt_t crt;
  gboolean is_root; /* signed by itself */
} Link;

static void
link_free (Link *link)
{
  g_clear_pointer (&link->facts, ch_cert_free);
  g_clear_pointer (&link->crt, gnutls_x509_crt_deinit);
  g_free (link);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Link, link_free)

/* Who signed is asked here, not whether it is trusted or still valid: that is the business of clients. */
static gboolean
is_signed_by (const Link *link,
              const Link *issuer)
{
  guint status = 0;
  guint bits = G_MAXUINT;

  return gnutls_x509_crt_check_issuer (link->crt, issuer->crt)
         && gnutls_x509_crt_get_pk_algorithm (issuer->crt, &bits) >= 0
         && bits <= MAX_KEY_BITS
         && gnutls_x509_crt_verify (link->crt, &issuer->crt, 1,
                                    GNUTLS_VERIFY_DISABLE_TIME_CHECKS | GNUTLS_VERIFY_ALLOW_BROKEN
                                    | GNUTLS_VERIFY_ALLOW_ANY_X509_V1_CA_CRT,
                                    &status) >= 0
         && status == 0;
}

static Link *
link_new (const char *pem,
          GError    **error)
{
  g_autoptr(Link) link = g_new0 (Link, 1);

  link->facts = ch_cert_parse (pem, error);
  if (link->facts == NULL)
    return NULL;

  gnutls_datum_t text = { (void *) link->facts->pem, strlen (link->facts->pem) };
  gnutls_x509_crt_init (&link->crt);
  gnutls_x509_crt_import (link->crt, &text, GNUTLS_X509_FMT_PEM);
  link->is_root = is_signed_by (link, link);
  return g_steal_pointer (&link);
}

/* Blocks that are no certificates are left out: if one of them was needed, its link will be missing. */
static gboolean
add_candidates (GHashTable *candidates,
                const char *text,
                GError    **error)
{
  g_autofree char *block = NULL;

  if (strlen (text) > CH_PKI_MAX_BYTES)
    return ch_error_set (error, CH_ERROR_BAD_ANSWER,
                         _("The certificate authority sent more than 1 MiB of certificates"));

  while ((block = ch_pki_next_certificate (&text)) != NULL)
    {
      Link *link = link_new (block, NULL);

      g_clear_pointer (&block, g_free);
      if (link == NULL)
        continue;
      g_hash_table_replace (candidates, link->facts->fingerprint, link);
      if (g_hash_table_size (candidates) > MAX_CANDIDATES)
        return ch_error_set (error, CH_ERROR_BAD_ANSWER,
                             _("The certificate authority sent more than %d certificates for one chain"),
                             MAX_CANDIDATES);
    }

  return TRUE;
}

/* Two certificates of one subject and key are the same authority: a root and its cross-certificate,
 * or an intermediate and its successor. An authority stands in a chain once. */
static gboolean
is_same_authority (const Link *a,
                   const Link *b)
{
  return g_strcmp0 (a->facts->public_key, b->facts->public_key) == 0
         && g_strcmp0 (a->facts->subject, b->facts->subject) == 0;
}

static gboolean
stands_in (GPtrArray  *path,
           const Link *link)
{
  for (guint i = 0; i < path->len; i++)
    if (is_same_authority (path->pdata[i], link))
      return TRUE;

  return FALSE;
}

/* By names only: it decides between certificates that are right already. */
static gboolean
leads_on (GHashTable *candidates,
          const Link *link)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, candidates);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (!is_same_authority (value, link) && gnutls_x509_crt_check_issuer (link->crt, ((Link *) value)->crt))
      return TRUE;

  return FALSE;
}

/* A cross-certificate whose issuer is there goes before the root that it stands for: old clients need
 * it, and new ones stop at the root they know. One that leads nowhere comes last. */
static int
rank (GHashTable *candidates,
      const Link *link)
{
  if (link->is_root)
    return 1;

  return leads_on (candidates, link) ? 0 : 2;
}

/* Among equals the one that lasts longest counts, then the fingerprint, so that the order of the
 * input does not matter. */
static gboolean
is_better (GHashTable *candidates,
           const Link *link,
           const Link *than)
{
  int difference = rank (candidates, link) - rank (candidates, than);

  if (difference != 0)
    return difference < 0;
  if (link->facts->not_after != than->facts->not_after)
    return link->facts->not_after > than->facts->not_after;

  return strcmp (link->facts->fingerprint, than->facts->fingerprint) < 0;
}

static Link *
find_issuer (GHashTable *candidates,
             GPtrArray  *path)
{
  const Link *last = path->pdata[path->len - 1];
  GHashTableIter iter;
  gpointer value;
  Link *best = NULL;

  g_hash_table_iter_init (&iter, candidates);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (is_signed_by (last, value) && !stands_in (path, value)
        && (best == NULL || is_better (candidates, value, best)))
      best = value;

  return best;
}

/* Follows the signatures from the leaf upwards. */
static gboolean
walk (GHashTable *candidates,
      GPtrArray  *path,
      GError    **error)
{
  Link *leaf = path->pdata[0];

  for (Link *last = leaf; last != NULL && !last->is_root;)
    {
      if (path->len > MAX_LINKS)
        return ch_error_set (error, CH_ERROR_BAD_ANSWER,
                             _("The certificate authority sent a chain of more than %d certificates"),
                             MAX_LINKS);
      last = find_issuer (candidates, path);
      if (last != NULL)
        g_ptr_array_add (path, last);
    }

  if (path->len == 1 && !leaf->is_root)
    return ch_error_set (error, CH_ERROR_BAD_ANSWER,
                         _("The certificate that signed this one, “%s”, was not given. Add the intermediate "
                           "certificate"),
                         leaf->facts->issuer);

  return TRUE;
}

static ChChain *
chain_from_path (GPtrArray *path)
{
  ChChain *chain = g_new0 (ChChain, 1);
  g_autoptr(GString) intermediates = g_string_new (NULL);
  Link *leaf = path->pdata[0];
  const Link *last = path->pdata[path->len - 1];
  gboolean has_root = path->len > 1 && last->is_root;

  for (guint i = 1; i < path->len - (has_root ? 1 : 0); i++)
    g_string_append (intermediates, ((Link *) path->pdata[i])->facts->pem);

  chain->leaf = g_steal_pointer (&leaf->facts);
  chain->intermediates = g_strdup (intermediates->str);
  chain->root = has_root ? g_strdup (last->facts->pem) : NULL;
  return chain;
}

ChChain *
ch_chain_order (const char        *leaf,
                const char *const *others,
                GError           **error)
{
  g_autoptr(GError) reason = NULL;
  g_autoptr(Link) first = link_new (leaf, &reason);
  g_autoptr(GHashTable) candidates
    = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) link_free);
  g_autoptr(GPtrArray) path = g_ptr_array_new ();

  if (first == NULL)
    {
      ch_error_set (error, CH_ERROR_BAD_ANSWER,
                    _("What should be the server's certificate is none: %s"), reason->message);
      return NULL;
    }

  /* A text that should be the leaf alone may be a whole chain. */
  if (!add_candidates (candidates, leaf, error))
    return NULL;
  for (gsize i = 0; others != NULL && others[i] != NULL; i++)
    if (!add_candidates (candidates, others[i], error))
      return NULL;

  g_ptr_array_add (path, first);
  return walk (candidates, path, error) ? chain_from_path (path) : NULL;
}

void
ch_chain_free (ChChain *chain)
{
  ch_cert_free (chain->leaf);
  g_free (chain->intermediates);
  g_free (chain->root);
  g_free (chain);
}
