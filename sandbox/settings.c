/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settings.h"

#include <string.h>

#define HOUR 3600000

/* @least and @most for numbers; @choices, joined by “|”, for words; neither for yes and no. */
static const struct
{
  const char *name;
  goffset offset;
  gint64 value;
  gint64 least;
  gint64 most;
  const char *choices;
} known[] = {
#define NUMBER(name, member, value, least, most) \
  { name, G_STRUCT_OFFSET (SbSettings, member), value, least, most, NULL }
#define WORD(name, member, choices) { name, G_STRUCT_OFFSET (SbSettings, member), 0, 0, 0, choices }
#define FLAG(name, member, value) { name, G_STRUCT_OFFSET (SbSettings, member), value, 0, 0, NULL }
  NUMBER ("vetting-delay-ms", vetting_delay, 0, 0, G_MAXINT64),
  NUMBER ("revocation-delay-ms", revocation_delay, 1000, 0, G_MAXINT64),
  NUMBER ("organization-delay-ms", organization_delay, -1, -1, G_MAXINT64),
  NUMBER ("mail-life-ms", mail_life, 24 * HOUR, 1, G_MAXINT64),
  NUMBER ("reservation-ms", reservation_life, 24 * HOUR, 1, G_MAXINT64),
  NUMBER ("order-limit", order_limit, 500, 1, G_MAXINT),
  FLAG ("limit-is-error", limit_is_error, FALSE),
  NUMBER ("refund-days", refund_days, 7, 0, 3650),
  NUMBER ("renewal-window-days", renewal_window, 90, 0, 3650),
  NUMBER ("renewal-grace-days", renewal_grace, 0, 0, 3650),
  FLAG ("renewal-reuses-proof", renewal_reuses, FALSE),
  NUMBER ("reissued-code", reissued_code, -4016, -9999, -1),
  WORD ("reissue-proof", follow, "page|same|refuse"),
  NUMBER ("http-port", http_port, 80, 1, G_MAXUINT16),
  NUMBER ("https-port", https_port, 443, 1, G_MAXUINT16),
  FLAG ("follow-redirects", follow_redirects, TRUE),
  WORD ("nil-style", nil_style, "nil|omit|empty"),
  FLAG ("kind-as-sent", kind_as_sent, FALSE),
  FLAG ("product-code-quirk", month_quirk, FALSE),
#undef NUMBER
#undef WORD
#undef FLAG
};

#define AT(settings, i) G_STRUCT_MEMBER (gint64, (settings), known[i].offset)

static gboolean
is_flag (gsize i)
{
  return known[i].choices == NULL && known[i].least == known[i].most;
}

void
sb_settings_init (SbSettings *settings)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    AT (settings, i) = known[i].value;
}

static gboolean
read_word (gsize       i,
           const char *word,
           gint64     *value)
{
  g_auto(GStrv) words = g_strsplit (known[i].choices, "|", -1);

  for (*value = 0; words[*value] != NULL; (*value)++)
    if (g_strcmp0 (words[*value], word) == 0)
      return TRUE;

  return FALSE;
}

static gboolean
read_value (gsize     i,
            JsonNode *node,
            gint64   *value)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (known[i].choices != NULL)
    return type == G_TYPE_STRING && read_word (i, json_node_get_string (node), value);
  if (is_flag (i))
    {
      *value = type == G_TYPE_BOOLEAN && json_node_get_boolean (node);
      return type == G_TYPE_BOOLEAN;
    }

  *value = type == G_TYPE_INT64 ? json_node_get_int (node) : 0;
  return type == G_TYPE_INT64 && *value >= known[i].least && *value <= known[i].most;
}

static char *
describe (gsize i)
{
  if (known[i].choices != NULL)
    return g_strdup_printf ("“%s” must be one of %s.", known[i].name, known[i].choices);
  if (is_flag (i))
    return g_strdup_printf ("“%s” must be true or false.", known[i].name);

  return g_strdup_printf ("“%s” must be a number from %" G_GINT64_FORMAT " on, at most %" G_GINT64_FORMAT ".",
                          known[i].name, known[i].least, known[i].most);
}

gboolean
sb_settings_change (SbSettings  *settings,
                    JsonObject  *body,
                    char       **why)
{
  SbSettings changed = *settings;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, body);
  while (json_object_iter_next (&iter, &name, &node))
    {
      gsize i = 0;

      while (i < G_N_ELEMENTS (known) && strcmp (known[i].name, name) != 0)
        i++;
      if (i == G_N_ELEMENTS (known))
        *why = g_strdup_printf ("There is no setting “%s”; GET shows those that there are.", name);
      else if (!read_value (i, node, &AT (&changed, i)))
        *why = describe (i);
      if (*why != NULL)
        return FALSE;
    }

  *settings = changed;
  return TRUE;
}

JsonObject *
sb_settings_to_json (const SbSettings *settings)
{
  JsonObject *object = json_object_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].choices != NULL)
      {
        g_auto(GStrv) words = g_strsplit (known[i].choices, "|", -1);
        json_object_set_string_member (object, known[i].name, words[AT (settings, i)]);
      }
    else if (is_flag (i))
      json_object_set_boolean_member (object, known[i].name, AT (settings, i) != 0);
    else
      json_object_set_int_member (object, known[i].name, AT (settings, i));

  return object;
}
