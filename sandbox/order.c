/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "order.h"

#include <string.h>

typedef enum
{
  NUMBER,
  TEXT,
  LIST,
} Kind;

#define FIELD(kind, name) { kind, #name, G_STRUCT_OFFSET (SbOrder, name) }

/* One list for copying, freeing and the store. */
static const struct
{
  Kind kind;
  const char *name;
  goffset offset;
} fields[] = {
  FIELD (NUMBER, sequence), FIELD (TEXT, id), FIELD (TEXT, user), FIELD (NUMBER, status),
  FIELD (TEXT, product), FIELD (TEXT, base_option), FIELD (TEXT, kind), FIELD (TEXT, renewal_of),
  FIELD (TEXT, reissue_of), FIELD (NUMBER, months),
  FIELD (NUMBER, licenses), FIELD (TEXT, common_name), FIELD (LIST, sans), FIELD (TEXT, sub_id),
  FIELD (NUMBER, price), FIELD (TEXT, currency), FIELD (NUMBER, ordered), FIELD (NUMBER, modified),
  FIELD (NUMBER, cancelled), FIELD (NUMBER, verified), FIELD (NUMBER, issue_due), FIELD (NUMBER, revoke_due), FIELD (NUMBER, vetted), FIELD (NUMBER, notified), FIELD (NUMBER, no_notice),
  FIELD (NUMBER, confirmed),
 
  FIELD (NUMBER, issued), FIELD (NUMBER, first_issued), FIELD (NUMBER, term_end),
  FIELD (NUMBER, wanted_from), FIELD (NUMBER, wanted_until), FIELD (NUMBER, not_before),
  FIELD (NUMBER, not_after), FIELD (TEXT, special_instructions), FIELD (LIST, details),
  FIELD (TEXT, token), FIELD (TEXT, page), FIELD (TEXT, approver), FIELD (TEXT, coupon), FIELD (TEXT, campaign),
  FIELD (LIST, mails),
  FIELD (LIST, approvers), FIELD (LIST, proofs), FIELD (TEXT, csr), FIELD (TEXT, key_id), FIELD (LIST, names),
  FIELD (TEXT, serial), FIELD (TEXT, certificate), FIELD (LIST, events),
};

#define AT(type, order, i) G_STRUCT_MEMBER (type, (order), fields[i].offset)

SbOrder *
sb_order_copy (const SbOrder *order)
{
  SbOrder *copy = g_memdup2 (order, sizeof *order);

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].kind == TEXT)
      AT (char *, copy, i) = g_strdup (AT (char *, copy, i));
    else if (fields[i].kind == LIST)
      AT (GStrv, copy, i) = g_strdupv (AT (GStrv, copy, i));

  return copy;
}

void
sb_order_free (SbOrder *order)
{
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].kind == TEXT)
      g_free (AT (char *, order, i));
    else if (fields[i].kind == LIST)
      g_strfreev (AT (GStrv, order, i));

  g_free (order);
}

static JsonArray *
list_to_json (GStrv list)
{
  JsonArray *array = json_array_new ();

  for (gsize i = 0; list != NULL && list[i] != NULL; i++)
    json_array_add_string_element (array, list[i]);

  return array;
}

JsonObject *
sb_order_to_json (const SbOrder *order)
{
  JsonObject *object = json_object_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autofree char *name = g_strdelimit (g_strdup (fields[i].name), "_", '-');

      if (fields[i].kind == NUMBER)
        json_object_set_int_member (object, name, AT (gint64, order, i));
      else if (fields[i].kind == TEXT)
        json_object_set_string_member (object, name, AT (char *, order, i));
      else
        json_object_set_array_member (object, name, list_to_json (AT (GStrv, order, i)));
    }

  return object;
}

static GStrv
list_from_json (JsonArray *array)
{
  guint length = array != NULL ? json_array_get_length (array) : 0;
  GStrv list = g_new0 (char *, length + 1);

  for (guint i = 0; i < length; i++)
    list[i] = g_strdup (json_array_get_string_element (array, i));

  return list;
}

SbOrder *
sb_order_from_json (JsonObject *object)
{
  SbOrder *order = g_new0 (SbOrder, 1);

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autofree char *name = g_strdelimit (g_strdup (fields[i].name), "_", '-');

      if (!json_object_has_member (object, name))
        continue;
      if (fields[i].kind == NUMBER)
        AT (gint64, order, i) = json_object_get_int_member (object, name);
      else if (fields[i].kind == TEXT)
        AT (char *, order, i) = g_strdup (json_object_get_string_member_with_default (object, name, NULL));
      else
        AT (GStrv, order, i) = list_from_json (json_object_get_array_member (object, name));
    }

  return order;
}

void
sb_order_note (SbOrder    *order,
               const char *event,
               gint64      time)
{
  g_autofree char *line = g_strdup_printf ("%s %" G_GINT64_FORMAT, event, time);

  sb_order_append (&order->events, line);
  order->modified = time;
}

void
sb_order_append (GStrv      *list,
                 const char *line)
{
  guint length = *list != NULL ? g_strv_length (*list) : 0;

  *list = g_renew (char *, *list, length + 2);
  (*list)[length] = g_strdup (line);
  (*list)[length + 1] = NULL;
}

const char *
sb_order_detail (const SbOrder *order,
                 const char    *path)
{
  gsize length = strlen (path);

  for (gsize i = 0; order->details != NULL && order->details[i] != NULL; i++)
    if (strncmp (order->details[i], path, length) == 0 && order->details[i][length] == '=')
      return order->details[i] + length + 1;

  return NULL;
}

const char *
sb_san_name (const char *san)
{
  const char *blank = strchr (san, ' ');

  return blank != NULL ? blank + 1 : san;
}
