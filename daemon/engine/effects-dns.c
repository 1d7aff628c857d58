/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/effects.h"

#include "dcv/dns.h"
#include "dns/propagation.h"
#include "engine/alarm.h"
#include "engine/secrets.h"
#include "lib/error.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

gboolean
ch_effect_publish (ChEffect      *effect,
                   GCancellable  *cancellable,
                   GError       **error)
{
  effect->blamed = effect->dns;

  const ChDnsProvider *provider = ch_dns_find (effect->dns->kind, error);
  g_autoptr(GHashTable) secrets = ch_secrets_load (effect->world->vault, effect->dns, cancellable, error);

  if (provider == NULL || secrets == NULL)
    return FALSE;

  ChDnsAccess access = { .settings = effect->dns->settings, .secrets = secrets };
  ChTxt txt = { .name = effect->txt->name, .value = effect->txt->value };
  gboolean existed = FALSE;

  if (!ch_dcv_dns_publish (provider, &access, &txt, &effect->txt->zone, &existed, cancellable, error))
    return FALSE;

  /* What stood there at the first try was put there by somebody else; at a later one it may be
   * our own of a try whose end we did not see. */
  effect->txt->ours = !existed || effect->txt->failures > 1;
  effect->txt->state = CH_TXT_STATE_PRESENT;
  effect->kind = CH_FACT_PUBLISHED;
  return TRUE;
}

static const char *
seen_nick (ChSeen seen)
{
  static const char *const nicks[] = {
    [CH_SEEN_VALUE] = "value",
    [CH_SEEN_OTHER] = "other",
    [CH_SEEN_NO_NAME] = "no-name",
    [CH_SEEN_NOT_AUTHORITATIVE] = "not-authoritative",
    [CH_SEEN_SERVFAIL] = "servfail",
    [CH_SEEN_SILENT] = "silent",
  };

  return nicks[seen];
}

static char *
observed_to_json (const ChPropagation *look,
                  gint64               now)
{
  g_autoptr(JsonBuilder) builder = json_builder_new_immutable ();

  json_builder_begin_array (builder);
  for (guint i = 0; i < look->observations->len; i++)
    {
      const ChObservation *seen = g_ptr_array_index (look->observations, i);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "server");
      json_builder_add_string_value (builder, seen->server);
      json_builder_set_member_name (builder, "address");
      json_builder_add_string_value (builder, seen->address);
      json_builder_set_member_name (builder, "result");
      json_builder_add_string_value (builder, seen_nick (seen->seen));
      json_builder_set_member_name (builder, "text");
      json_builder_add_string_value (builder, seen->text);
      json_builder_set_member_name (builder, "at");
      json_builder_add_int_value (builder, now);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  g_autoptr(JsonNode) root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

gboolean
ch_effect_propagate (ChEffect      *effect,
                     GCancellable  *cancellable,
                     GError       **error)
{
  GHashTable *settings = effect->dns != NULL ? effect->dns->settings : NULL;
  const char *nameservers = settings != NULL ? g_hash_table_lookup (settings, "nameservers") : NULL;
  const char *resolver = settings != NULL ? g_hash_table_lookup (settings, "resolver") : NULL;

  if (effect->challenge == NULL)
    return ch_error_set (error, CH_ERROR_WRONG_STATE, _("The order has no validation value to look for"));

  g_autoptr(ChPropagation) look = ch_propagation_look (effect->challenge->location, effect->challenge->value, nameservers,
                                                       resolver != NULL ? resolver : effect->world->config->resolver,
                                                       cancellable, error);
  if (look == NULL)
    return FALSE;

  effect->kind = look->complete ? CH_FACT_SHOWN : CH_FACT_NOT_SHOWN;
  effect->observed = observed_to_json (look, ch_now ());
  effect->text = look->complete || effect->dns != NULL
                 ? g_strdup (look->summary)
                 : g_strdup_printf (_("Create a TXT record at %s with the value %s. %s"),
                                    effect->challenge->location, effect->challenge->value, look->summary);
  return TRUE;
}
