/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "order.h"

#include "lib/error.h"
#include "lib/paths.h"
#include "lib/row.h"
#include "peer.h"

#include <glib/gi18n.h>

const GOptionEntry ch_order_edit_options[] = {
  CH_OPTION ("note", N_("A text to find it by and to remember; empty takes it away"), N_("TEXT")),
  CH_OPTION ("tag", N_("A tag to add; may be given several times"), N_("TAG")),
  CH_OPTION ("untag", N_("A tag to take away; may be given several times"), N_("TAG")),
  CH_OPTION ("auto-replace", N_("Reissue it by itself, free: yes or no"), N_("YES|NO")),
  CH_OPTION ("auto-renew", N_("Renew it by itself, which costs money: yes or no"), N_("YES|NO")),
  { NULL }
};

static gboolean
is_in (GPtrArray  *list,
       const char *word)
{
  for (guint i = 0; list != NULL && i < list->len; i++)
    if (g_ascii_strcasecmp (g_ptr_array_index (list, i), word) == 0)
      return TRUE;

  return FALSE;
}

/* The tags as they are to be. */
static GVariant *
new_tags (GVariant  *order,
          GPtrArray *add,
          GPtrArray *remove)
{
  g_auto(GStrv) tags = ch_row_strings (order, "Tags");
  GVariantBuilder list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_STRING_ARRAY);

  for (gsize i = 0; tags[i] != NULL; i++)
    if (!is_in (remove, tags[i]) && !is_in (add, tags[i]))
      g_variant_builder_add (&list, "s", tags[i]);
  for (guint i = 0; add != NULL && i < add->len; i++)
    g_variant_builder_add (&list, "s", g_ptr_array_index (add, i));

  return g_variant_builder_end (&list);
}

static gboolean
put_flag (GVariantDict *settings,
          ChArgs       *args,
          const char   *name,
          GError      **error)
{
  const char *text = ch_args_get (args, name);

  if (text == NULL)
    return TRUE;
  if (!g_str_equal (text, "yes") && !g_str_equal (text, "no"))
    return ch_error_set (error, CH_ERROR_INVALID, _("“--%s” is yes or no, not “%s”"), name, text);

  g_variant_dict_insert (settings, name, "b", g_str_equal (text, "yes"));
  return TRUE;
}

static gboolean
send (ChCli        *cli,
      ChObject     *order,
      GVariantDict *settings,
      GError      **error)
{
  g_autofree char *text = g_strdup_printf (_("Order %d for %s is changed."), (int) ch_row_number (order->row, "Id"),
                                           ch_row_string (order->row, "Name"));
  g_autoptr(GVariant) reply = ch_client_call (cli->client, order->path, CH_IFACE_ORDER, "Edit",
                                              g_variant_new ("(@a{sv}@a{sv})", g_variant_dict_end (settings), ch_no_options ()),
                                              "()", NULL, error);

  if (reply != NULL)
    ch_say_done (cli, order->row, "changed", text);
  return reply != NULL;
}

gboolean
ch_order_edit (ChCli   *cli,
               GError **error)
{
  g_autoptr(ChObject) order = ch_order_find_first (cli, CH_ORDER_PICK_NEWEST, error);
  GPtrArray *add = ch_args_all (cli->args, "tag"), *remove = ch_args_all (cli->args, "untag");
  g_auto(GVariantDict) settings = G_VARIANT_DICT_INIT (NULL);

  if (order == NULL || !put_flag (&settings, cli->args, "auto-replace", error)
      || !put_flag (&settings, cli->args, "auto-renew", error))
    return FALSE;

  if (ch_args_has (cli->args, "note"))
    g_variant_dict_insert (&settings, "note", "s", ch_args_get (cli->args, "note"));
  if (add != NULL || remove != NULL)
    g_variant_dict_insert_value (&settings, "tags", new_tags (order->row, add, remove));

  return send (cli, order, &settings, error);
}

/* “order note ORDER TEXT…”; without a text it is taken away. */
gboolean
ch_order_note (ChCli   *cli,
               GError **error)
{
  g_autoptr(ChObject) order = ch_order_find_first (cli, CH_ORDER_PICK_NEWEST, error);
  g_auto(GVariantDict) settings = G_VARIANT_DICT_INIT (NULL);
  g_autoptr(GString) text = g_string_new (NULL);

  if (order == NULL)
    return FALSE;

  for (guint i = 1; i < cli->args->words->len; i++)
    g_string_append_printf (text, "%s%s", i > 1 ? " " : "", ch_args_word (cli->args, i));
  g_variant_dict_insert (&settings, "note", "s", text->str);
  return send (cli, order, &settings, error);
}

/* “order tag ORDER TAG…” */
gboolean
ch_order_tag (ChCli   *cli,
              GError **error)
{
  g_autoptr(ChObject) order = ch_order_find_first (cli, CH_ORDER_PICK_NEWEST, error);
  g_auto(GVariantDict) settings = G_VARIANT_DICT_INIT (NULL);
  g_autoptr(GPtrArray) add = g_ptr_array_new ();

  if (order == NULL)
    return FALSE;

  for (guint i = 1; i < cli->args->words->len; i++)
    g_ptr_array_add (add, (gpointer) ch_args_word (cli->args, i));
  g_variant_dict_insert_value (&settings, "tags", new_tags (order->row, add, ch_args_all (cli->args, "untag")));
  return send (cli, order, &settings, error);
}
