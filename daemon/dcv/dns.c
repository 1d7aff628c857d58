/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns.h"

#include "dns/common.h"
#include "dns/patterns.h"
#include "dns/propagation.h"
#include "lib/error.h"

#include <glib/gi18n.h>

#define TEST_SECONDS 60
#define ZONES_TOLD 10
#define DOMAINS_MAX 20
#define FIRST_WAIT_MS 250
#define LONGEST_WAIT_MS 8000

gboolean
ch_dcv_dns_publish (const ChDnsProvider *provider,
                    const ChDnsAccess   *access,
                    const ChTxt         *txt,
                    char               **zone,
                    gboolean            *existed,
                    char               **token,
                    GCancellable        *cancellable,
                    GError             **error)
{
  if (*zone == NULL)
    *zone = provider->find_zone (access, txt->name, cancellable, error);
  if (*zone == NULL)
    return FALSE;

  if (token != NULL && provider->begin_add != NULL)
    return provider->begin_add (access, *zone, txt, existed, token, cancellable, error);

  return provider->add (access, *zone, txt, existed, cancellable, error);
}

gboolean
ch_dcv_dns_withdraw (const ChDnsProvider *provider,
                     const ChDnsAccess   *access,
                     const ChTxt         *txt,
                     const char          *zone,
                     GCancellable        *cancellable,
                     GError             **error)
{
  g_autofree char *found = zone != NULL ? g_strdup (zone)
                                        : provider->find_zone (access, txt->name, cancellable, error);

  return found != NULL && provider->remove (access, found, txt, cancellable, error);
}

char *
ch_dcv_dns_test_name (const char *zone)
{
  return g_strconcat ("_chancery-test.", zone, NULL);
}

char *
ch_dcv_dns_test_value (void)
{
  g_autofree char *uuid = g_uuid_string_random ();
  return g_strconcat ("chancery-test=", uuid, NULL);
}

/** Test: one run. */
typedef struct
{
  const ChDnsProvider *provider;
  const ChDnsAccess *access;
  const ChTxt *txt;
  ChDcvSay say;
  gpointer data;
  GCancellable *cancellable;
} Test;

static void G_GNUC_PRINTF (2, 3)
say (const Test *test,
     const char *format,
     ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);

  if (test->say != NULL)
    test->say (text, test->data);
}

/* until the time is over or somebody cancels */
static void
wait_ms (GCancellable *cancellable,
         int           milliseconds)
{
  GPollFD wake;

  if (g_cancellable_make_pollfd (cancellable, &wake))
    {
      g_poll (&wake, 1, milliseconds);
      g_cancellable_release_fd (cancellable);
    }
  else
    {
      g_poll (NULL, 0, milliseconds);
    }
}

static gboolean
await_seen (const Test *test,
            GError    **error)
{
  ChDnsView view = ch_dns_common_view (test->access->settings, NULL);
  gint64 deadline = g_get_monotonic_time () + TEST_SECONDS * G_USEC_PER_SEC;
  g_autofree char *last = NULL;

  for (int pause = FIRST_WAIT_MS;; pause = MIN (pause * 2, LONGEST_WAIT_MS))
    {
      g_autoptr(ChPropagation) seen =
        ch_propagation_look (test->txt->name, test->txt->value, &view, test->cancellable, error);
      if (seen == NULL)
        return FALSE;

      if (g_strcmp0 (last, seen->summary) != 0)
        say (test, "%s", seen->summary);
      if (seen->complete)
        return TRUE;

      if (g_get_monotonic_time () + pause * 1000 > deadline)
        return ch_error_set (error, CH_ERROR_NOT_YET,
                             _("The value at “%s” was written but not seen everywhere within %d seconds: %s"),
                             test->txt->name, TEST_SECONDS, seen->summary);

      g_free (last);
      last = g_strdup (seen->summary);
      wait_ms (test->cancellable, pause);
    }
}

/* Not cancellable: what was written has to go. Each step of a provider ends by itself. */
static void
clean_up (const Test *test,
          const char *zone,
          GError    **error)
{
  g_autoptr(GError) failure = NULL;

  if (ch_dcv_dns_withdraw (test->provider, test->access, test->txt, zone, NULL, &failure))
    {
      say (test, _("Removed the TXT record at “%s” again"), test->txt->name);
      return;
    }

  say (test, _("Could not remove the TXT record at “%s”: %s"), test->txt->name, failure->message);
  if (*error == NULL)
    g_propagate_prefixed_error (error, g_steal_pointer (&failure),
                                _("The test value at “%s” could not be removed: "),
                                test->txt->name);
  else
    g_prefix_error (error, _("The test value at “%s” could not be removed (%s). Before that: "),
                    test->txt->name, failure->message);
}

/* whether adding, though it failed, may have left the value behind */
static gboolean
may_be_there (const GError *failure)
{
  return g_error_matches (failure, CH_ERROR, CH_ERROR_UNKNOWN_OUTCOME)
         || g_error_matches (failure, CH_ERROR, CH_ERROR_BAD_ANSWER)
         || g_error_matches (failure, CH_ERROR, CH_ERROR_TRANSIENT)
         || g_error_matches (failure, CH_ERROR, CH_ERROR_CANCELLED);
}

gboolean
ch_dcv_dns_test (const ChDnsProvider *provider,
                 const ChDnsAccess   *access,
                 const ChTxt         *txt,
                 char               **zone,
                 ChDcvSay             say_cb,
                 gpointer             data,
                 GCancellable        *cancellable,
                 GError             **error)
{
  Test test = { provider, access, txt, say_cb, data, cancellable };
  g_autoptr(GError) failure = NULL;
  gboolean existed = FALSE;

  gboolean written = ch_dcv_dns_publish (provider, access, txt, zone, &existed, NULL, cancellable, &failure);
  if (written)
    {
      say (&test, _("Wrote a TXT record at “%s” in the zone “%s”"), txt->name, *zone);
      await_seen (&test, &failure);
    }

  if (written || (*zone != NULL && may_be_there (failure)))
    clean_up (&test, *zone, &failure);

  if (failure == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* ---- without writing ---- */

static void
say_zones (const Test *test,
           GPtrArray  *zones)
{
  g_autoptr(GString) names = g_string_new (NULL);

  for (guint i = 0; i < zones->len && i < ZONES_TOLD; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", (const char *) zones->pdata[i]);
  if (zones->len > ZONES_TOLD)
    g_string_append (names, ", …");

  if (zones->len == 0)
    say (test, _("The credentials are good"));
  else
    say (test, _("The credentials are good, and show these zones: %s"), names->str);
}

static gboolean
verify_domain (const Test *test,
               const char *domain,
               GError    **error)
{
  g_autofree char *zone = test->provider->find_zone (test->access, domain, test->cancellable, error);

  if (zone == NULL)
    return FALSE;

  say (test, _("For “%s” there is the zone “%s”"), domain, zone);
  return TRUE;
}

/* (transfer full): @settings, with what a person asks for in place of what the account says */
static GHashTable *
with_zones (GHashTable *settings,
            const char *zone)
{
  GHashTable *copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, settings);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_insert (copy, g_strdup (name), g_strdup (value));
  if (zone != NULL)
    g_hash_table_insert (copy, g_strdup ("zones"), g_strdup (zone));

  return copy;
}

static GStrv
domains_of (GHashTable *settings)
{
  g_autoptr(GStrvBuilder) domains = g_strv_builder_new ();
  g_auto(GStrv) patterns = ch_dns_patterns_split (ch_dns_common_get (settings, "zones"));

  for (gsize i = 0; patterns[i] != NULL && i < DOMAINS_MAX; i++)
    if (*patterns[i] != '\0' && ch_dns_pattern_domain (patterns[i]) != NULL)
      g_strv_builder_add (domains, ch_dns_pattern_domain (patterns[i]));

  return g_strv_builder_end (domains);
}

gboolean
ch_dcv_dns_verify (const ChDnsProvider *provider,
                   const ChDnsAccess   *access,
                   const char          *zone,
                   ChDcvSay             say_cb,
                   gpointer             data,
                   GCancellable        *cancellable,
                   GError             **error)
{
  g_autoptr(GHashTable) settings = with_zones (access->settings, zone);
  ChDnsAccess asked = { settings, access->secrets };
  Test test = { provider, &asked, NULL, say_cb, data, cancellable };
  g_autoptr(GPtrArray) zones = g_ptr_array_new_with_free_func (g_free);
  g_auto(GStrv) domains = domains_of (settings);

  if (provider->verify == NULL && domains[0] == NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("Say a zone that the account shall have: nothing else can be learnt without writing"));

  if (provider->verify != NULL)
    {
      if (!provider->verify (&asked, zones, cancellable, error))
        return FALSE;
      say_zones (&test, zones);
    }

  for (gsize i = 0; domains[i] != NULL; i++)
    if (!verify_domain (&test, domains[i], error))
      return FALSE;

  return TRUE;
}
