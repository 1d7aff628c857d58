/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/prove.h"

#include "deploy/wait.h"
#include "lib/error.h"
#include "lib/route.h"
#include "lib/text.h"
#include "lib/times.h"
#include "pki/x509.h"

#include <glib/gi18n.h>
#include <string.h>

#define SUBJECT_MAX 200             /* characters that are shown */
#define PAUSE_FIRST 100             /* milliseconds */
#define PAUSE_MAX 1000

/* Old and new serve side by side for a while in a graceful reload (nginx lets its old workers go 100 ms after
 * the new ones came): one look meets either, so the new certificate counts when every look of this time met it. */
#define STEADY (300 * G_TIME_SPAN_MILLISECOND)
#define STEADY_PAUSE 50             /* milliseconds */

/* A graceful reload goes on serving the old certificate for a moment. */
#ifndef CH_PROVE_PATIENCE
#define CH_PROVE_PATIENCE (10 * G_TIME_SPAN_SECOND)
#endif

/* With a reload of somebody else's that may be under way. */
#ifndef CH_PROVE_PATIENCE_OTHERS
#define CH_PROVE_PATIENCE_OTHERS (2 * G_TIME_SPAN_SECOND)
#endif

/* What is asked of all addresses of an endpoint. */
typedef struct
{
  const ChEndpoint *endpoint;
  const char *fingerprint;
  GPtrArray *chain;           /* (element-type ChCert) (owned) (nullable): of the intermediates */
  GCancellable *cancellable;
  char **other;               /* (nullable): where the fingerprint of what is served instead goes */
} Question;

/* ---- one address ---- */

static char *
where (const Question *question,
       GInetAddress   *address)
{
  return ch_endpoint_place (question->endpoint, address);
}

/* (transfer full): whose it is; the server may have any length of name */
static char *
subject_of (const ChCert *certificate)
{
  glong length = g_utf8_strlen (certificate->subject, -1);
  g_autofree char *part = g_utf8_substring (certificate->subject, 0, MIN (length, SUBJECT_MAX));

  return ch_text_line (part, -1);
}

static gboolean
is_leaf (const Question *question,
         const ChServed *served)
{
  return g_ascii_strcasecmp (served->leaf->fingerprint, question->fingerprint) == 0;
}

static gboolean
holds (GPtrArray    *certificates,
       const ChCert *wanted)
{
  for (guint i = 0; i < certificates->len; i++)
    if (g_str_equal (((const ChCert *) g_ptr_array_index (certificates, i))->fingerprint, wanted->fingerprint))
      return TRUE;

  return FALSE;
}

static gboolean
is_root (const ChCert *certificate)
{
  return g_str_equal (certificate->subject, certificate->issuer);
}

static gboolean
fail_missing (GError      **error,
              const char   *place,
              const ChCert *missing)
{
  g_autofree char *subject = subject_of (missing);

  return ch_error_set (error, CH_ERROR_NOT_SERVED,
                       _("%s serves the right certificate but not the intermediate certificate “%s” with it, so that "
                         "many clients will not trust it: let the service send the full chain (for nginx and most "
                         "others that is the file “fullchain”)"), place, subject);
}

static gboolean
fail_extra (GError      **error,
            const char   *place,
            const ChCert *extra)
{
  g_autofree char *subject = subject_of (extra);

  return ch_error_set (error, CH_ERROR_NOT_SERVED,
                       _("%s serves the right certificate, and with it “%s”, which does not belong to its chain: look "
                         "for an old chain file in the service’s configuration"), place, subject);
}

/* Roots are trusted by whom clients have, not by who sends them: one that is sent does no harm. */
static gboolean
check_chain (const Question *question,
             const char     *place,
             const ChServed *served,
             GError        **error)
{
  GPtrArray *chain = question->chain;

  for (guint i = 0; chain != NULL && i < chain->len; i++)
    if (!holds (served->certificates, g_ptr_array_index (chain, i)))
      return fail_missing (error, place, g_ptr_array_index (chain, i));

  for (guint i = 1; chain != NULL && i < served->certificates->len; i++)
    {
      const ChCert *extra = g_ptr_array_index (served->certificates, i);

      if (!holds (chain, extra) && !is_root (extra) && !g_str_equal (extra->fingerprint, served->leaf->fingerprint))
        return fail_extra (error, place, extra);
    }

  return TRUE;
}

static gboolean
fail_other (const Question *question,
            const char     *place,
            const ChServed *served,
            GError        **error)
{
  g_autofree char *subject = subject_of (served->leaf);
  g_autofree char *date = ch_time_day (served->leaf->not_after);

  if (question->other != NULL)
    {
      g_free (*question->other);
      *question->other = g_strdup (served->leaf->fingerprint);
    }
  return ch_error_set (error, CH_ERROR_NOT_SERVED,
                       _("%s serves another certificate than the new one: “%s”, valid until %s, SHA-256 %.16s…"),
                       place, subject, date, served->leaf->fingerprint);
}

/* Returns: whether it is so; if not, @error says what an ordinary client gets there. */
static gboolean
is_served (const Question *question,
           GInetAddress   *address,
           GError        **error)
{
  g_autofree char *place = where (question, address);
  g_autoptr(ChServed) usual = ch_served_look (question->endpoint, address, CH_KEY_KIND_ANY, question->cancellable, error);

  if (usual == NULL)
    return FALSE;
  if (is_leaf (question, usual))
    return check_chain (question, place, usual, error);

  for (ChKeyKind kind = CH_KEY_KIND_RSA; kind <= CH_KEY_KIND_EC; kind++)
    {
      g_autoptr(ChServed) served = ch_served_look (question->endpoint, address, kind, question->cancellable, NULL);

      if (served != NULL && is_leaf (question, served))
        return check_chain (question, place, served, error);
    }

  return fail_other (question, place, usual, error);
}

static gboolean
wait_until_served (const Question *question,
                   GInetAddress   *address,
                   gint64          patience,
                   GError        **error)
{
  gint64 end = g_get_monotonic_time () + patience;
  gint64 since = 0;
  guint pause = PAUSE_FIRST;
  g_autoptr(GError) reason = NULL;

  while (TRUE)
    {
      g_clear_error (&reason);
      gboolean served = is_served (question, address, &reason);
      gint64 now = g_get_monotonic_time ();

      if (served && (patience == 0 || (since != 0 && now - since >= STEADY)))
        return TRUE;
      if (g_cancellable_is_cancelled (question->cancellable) || (!served && now >= end))
        break;

      since = !served ? 0 : since != 0 ? since : now;
      ch_wait_pause (served ? STEADY_PAUSE : pause, question->cancellable);
      pause = served ? pause : MIN (2 * pause, PAUSE_MAX);
    }

  if (g_cancellable_is_cancelled (question->cancellable))
    return ch_error_set (error, CH_ERROR_CANCELLED, _("Checking what “%s” serves was cancelled"), question->endpoint->host);

  gboolean unreachable = g_error_matches (reason, CH_ERROR, CH_ERROR_UNREACHABLE);
  return ch_error_set (error, unreachable ? CH_ERROR_UNREACHABLE : CH_ERROR_NOT_SERVED, "%s", reason->message);
}

/* ---- all addresses ---- */

static void
tell_no_route (GString        *told,
               const Question *question,
               GInetAddress   *address)
{
  g_autofree char *place = where (question, address);

  if (told != NULL)
    g_string_append_printf (told, _(" %s was not asked: this machine has no route to it."), place);
}

static void
tell_silent (GString      *told,
             const GError *reason)
{
  if (told != NULL)
    g_string_append_printf (told, " %s.", reason->message);
}

static gboolean
ask_all (const Question *question,
         GPtrArray      *addresses,
         gint64          patience,
         gboolean        may_be_silent,
         GString        *told,
         GError        **error)
{
  g_autoptr(GError) silence = NULL;
  guint n_good = 0;

  for (guint i = 0; i < addresses->len; i++)
    {
      GInetAddress *address = g_ptr_array_index (addresses, i);
      g_autoptr(GError) reason = NULL;

      if (!ch_route_exists (address))
        tell_no_route (told, question, address);
      else if (wait_until_served (question, address, may_be_silent && n_good > 0 ? 0 : patience, &reason))
        n_good++;
      else if (!may_be_silent || !g_error_matches (reason, CH_ERROR, CH_ERROR_UNREACHABLE))
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return FALSE;
        }
      else
        {
          tell_silent (told, reason);
          g_clear_error (&silence);
          silence = g_steal_pointer (&reason);
        }
    }

  if (n_good > 0)
    return TRUE;
  if (silence != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&silence));
      return FALSE;
    }

  g_autofree char *name = ch_endpoint_name (question->endpoint);
  return ch_error_set (error, CH_ERROR_UNREACHABLE, _("%s cannot be reached: this machine has no route to any of its addresses"), name);
}

static GPtrArray *
read_chain (const char *pem)
{
  g_autoptr(GPtrArray) chain = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_cert_free);
  char *one;

  if (pem == NULL)
    return NULL;

  while ((one = ch_pki_next_certificate (&pem)) != NULL)
    {
      ChCert *certificate = ch_cert_parse (one, NULL);

      if (certificate != NULL && !is_root (certificate))
        g_ptr_array_add (chain, certificate);
      else
        g_clear_pointer (&certificate, ch_cert_free);
      g_free (one);
    }

  return g_steal_pointer (&chain);
}

/* @question: with its endpoint, fingerprint and what else belongs to the asking */
static gboolean
prove (Question     *question,
       const char   *pem,
       gint64        patience,
       gboolean      may_be_silent,
       GString      *told,
       GError      **error)
{
  g_autoptr(GPtrArray) addresses = ch_endpoint_addresses (question->endpoint, question->cancellable, error);
  g_autoptr(GPtrArray) chain = read_chain (pem);

  question->chain = chain;
  return addresses != NULL && ask_all (question, addresses, patience, may_be_silent, told, error);
}

gboolean
ch_prove (const ChEndpoint *endpoint,
          const ChExpected *expected,
          GString          *told,
          GCancellable     *cancellable,
          GError          **error)
{
  /* This machine has both addresses by that name; many services listen at one of them only. */
  gboolean is_here = g_ascii_strcasecmp (endpoint->host, "localhost") == 0;
  Question question = { .endpoint = endpoint, .fingerprint = expected->fingerprint, .cancellable = cancellable };

  gint64 patience = endpoint->patience > 0 ? endpoint->patience * G_TIME_SPAN_SECOND : CH_PROVE_PATIENCE;

  return prove (&question, expected->chain, patience, is_here, told, error);
}

gboolean
ch_prove_once (const ChEndpoint *endpoint,
               const ChExpected *expected,
               char            **other,
               GCancellable     *cancellable,
               GError          **error)
{
  Question question = {
    .endpoint = endpoint, .fingerprint = expected->fingerprint, .cancellable = cancellable, .other = other,
  };
  g_autoptr(GError) reason = NULL;

  gboolean served = prove (&question, expected->chain, 0, TRUE, NULL, &reason);

  if (!served && g_error_matches (reason, CH_ERROR, CH_ERROR_NOT_SERVED))
    {
      g_clear_error (&reason);
      if (other != NULL)
        g_clear_pointer (other, g_free);
      served = prove (&question, expected->chain, CH_PROVE_PATIENCE_OTHERS, TRUE, NULL, &reason);
    }

  if (served && other != NULL)
    g_clear_pointer (other, g_free);
  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  return served;
}

/* ---- whatever is there ---- */

static void
seen_free (ChSeen *seen)
{
  g_free (seen->place);
  ch_served_free (seen->served);
  g_free (seen);
}

static ChSeen *
seen_new (const ChEndpoint *endpoint,
          GInetAddress     *address,
          GCancellable     *cancellable,
          GError          **error)
{
  ChServed *served = ch_served_look (endpoint, address, CH_KEY_KIND_ANY, cancellable, error);

  if (served == NULL)
    return NULL;

  ChSeen *seen = g_new0 (ChSeen, 1);
  seen->place = ch_endpoint_place (endpoint, address);
  seen->served = served;
  return seen;
}

GPtrArray *
ch_prove_look (const ChEndpoint *endpoint,
               GString          *told,
               GCancellable     *cancellable,
               GError          **error)
{
  g_autoptr(GPtrArray) addresses = ch_endpoint_addresses (endpoint, cancellable, error);
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) seen_free);
  g_autoptr(GError) first = NULL;

  for (guint i = 0; addresses != NULL && i < addresses->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      g_autoptr(GError) reason = NULL;
      ChSeen *seen = seen_new (endpoint, g_ptr_array_index (addresses, i), cancellable, &reason);

      if (seen != NULL)
        g_ptr_array_add (all, seen);
      else
        tell_silent (told, reason);
      if (seen == NULL && first == NULL)
        first = g_steal_pointer (&reason);
    }

  if (g_cancellable_is_cancelled (cancellable))
    {
      g_clear_error (error);
      ch_error_set (error, CH_ERROR_CANCELLED, _("Looking at %s was cancelled"), endpoint->host);
      return NULL;
    }
  if (all->len > 0)
    return g_steal_pointer (&all);
  if (first != NULL)
    g_propagate_error (error, g_steal_pointer (&first));
  return NULL;
}
