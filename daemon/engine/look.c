/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/look.h"

#include "dcv/http.h"
#include "dns/common.h"
#include "dns/propagation.h"
#include "engine/alarm.h"
#include "engine/challenges.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

/* Observations as they are collected. */
typedef struct
{
  ChLook *look;
  JsonBuilder *builder;
  gint64 now;
} Notes;

void
ch_look_free (ChLook *look)
{
  g_free (look->summary);
  g_free (look->observed);
  g_ptr_array_unref (look->lines);
  g_free (look);
}

static void
notes_begin (Notes  *notes,
             ChLook *look)
{
  *notes = (Notes) { look, json_builder_new_immutable (), ch_now () };
  look->lines = g_ptr_array_new_with_free_func (g_free);
  json_builder_begin_array (notes->builder);
}

static void
put (Notes      *notes,
     const char *member,
     const char *text)
{
  json_builder_set_member_name (notes->builder, member);
  json_builder_add_string_value (notes->builder, text);
}

static void
notes_add (Notes      *notes,
           const char *server,
           const char *address,
           const char *result,
           const char *text)
{
  json_builder_begin_object (notes->builder);
  put (notes, "server", server);
  put (notes, "address", address);
  put (notes, "result", result);
  put (notes, "text", text);
  json_builder_set_member_name (notes->builder, "at");
  json_builder_add_int_value (notes->builder, notes->now);
  json_builder_end_object (notes->builder);

  g_ptr_array_add (notes->look->lines, g_str_equal (server, address)
    ? g_strdup_printf ("%s: %s", server, text) : g_strdup_printf ("%s (%s): %s", server, address, text));
}

static void
notes_end (Notes *notes)
{
  json_builder_end_array (notes->builder);

  g_autoptr(JsonNode) root = json_builder_get_root (notes->builder);
  notes->look->observed = json_to_string (root, FALSE);
  g_clear_object (&notes->builder);
}

/* ---- records ---- */

static ChLook *
look_for_record (const ChChallenge *challenge,
                 const ChPeer      *account,
                 const ChConfig    *config,
                 GCancellable      *cancellable,
                 GError           **error)
{
  static const char *const nicks[] = {
    [CH_SEEN_VALUE] = "value",
    [CH_SEEN_OTHER] = "other",
    [CH_SEEN_NO_NAME] = "no-name",
    [CH_SEEN_NOT_AUTHORITATIVE] = "not-authoritative",
    [CH_SEEN_SERVFAIL] = "servfail",
    [CH_SEEN_SILENT] = "silent",
  };
  ChDnsView view = ch_dns_common_view (account != NULL ? account->settings : NULL, config->resolver);
  g_autoptr(ChPropagation) seen = ch_propagation_look (ch_challenge_place (challenge), challenge->value, &view,
                                                       cancellable, error);
  Notes notes;

  if (seen == NULL)
    return NULL;

  ChLook *look = g_new0 (ChLook, 1);
  notes_begin (&notes, look);
  for (guint i = 0; i < seen->observations->len; i++)
    {
      const ChObservation *one = g_ptr_array_index (seen->observations, i);
      notes_add (&notes, one->server, one->address, nicks[one->seen], one->text);
    }
  notes_end (&notes);
  look->complete = seen->complete;
  look->denied = seen->denied;
  look->doubtful = seen->doubtful;
  look->summary = g_strdup (seen->summary);
  return look;
}

/* ---- files ---- */

static ChLook *
look_for_file (const ChChallenge *challenge,
               const ChConfig    *config,
               GCancellable      *cancellable,
               GError           **error)
{
  static const char *const nicks[] = {
    [CH_FILE_VALUE] = "value",
    [CH_FILE_OTHER] = "other",
    [CH_FILE_STATUS] = "status",
    [CH_FILE_REDIRECT] = "redirect",
    [CH_FILE_SILENT] = "silent",
    [CH_FILE_NO_ROUTE] = "no-route",
  };
  ChFileProof proof = { challenge->location, challenge->value, config->resolver, config->http_port, config->https_port };
  g_autoptr(ChFileLook) seen = ch_dcv_http_look (&proof, cancellable, error);
  Notes notes;

  if (seen == NULL)
    return NULL;

  ChLook *look = g_new0 (ChLook, 1);
  notes_begin (&notes, look);
  for (guint i = 0; i < seen->observations->len; i++)
    {
      const ChFileObservation *one = g_ptr_array_index (seen->observations, i);
      notes_add (&notes, one->location, one->address, nicks[one->seen], one->text);
    }
  notes_end (&notes);
  look->complete = seen->location != NULL;
  look->summary = g_strdup (seen->summary);
  return look;
}

ChLook *
ch_look_at (const ChChallenge *challenge,
            const ChPeer      *account,
            const ChConfig    *config,
            GCancellable      *cancellable,
            GError           **error)
{
  if (challenge->method == CH_DCV_METHOD_HTTP)
    return look_for_file (challenge, config, cancellable, error);

  return look_for_record (challenge, account, config, cancellable, error);
}

/* ---- words ---- */

char *
ch_look_instruct (const ChChallenge *challenge)
{
  if (challenge->method != CH_DCV_METHOD_HTTP)
    return g_strdup_printf (_("Create a TXT record at %s with the value %s"), ch_challenge_place (challenge), challenge->value);

  g_autofree char *url = ch_dcv_http_url (challenge->location);
  return g_strdup_printf (_("Let your web server show, at %s, a file with exactly this content: %s"), url, challenge->value);
}

/* By the scheme at which it was seen last: https only if it was looked for, which is where http did not do. */
char *
ch_look_location (const ChChallenge *challenge)
{
  if (challenge->method != CH_DCV_METHOD_HTTP)
    return g_strdup (challenge->location);

  const char *scheme = challenge->observed != NULL && strstr (challenge->observed, "\"https://") != NULL ? "https" : "http";
  return g_strdup_printf (strchr (challenge->location, ':') != NULL ? "%s://[%s]" : "%s://%s", scheme, challenge->location);
}
