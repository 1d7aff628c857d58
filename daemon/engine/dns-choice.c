/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/dns-choice.h"

#include "dns/common.h"
#include "dns/patterns.h"
#include "lib/error.h"
#include "pki/names.h"

#include <glib/gi18n.h>

static const char *
patterns_of (const ChPeer *account)
{
  return ch_dns_common_get (account->settings, "zones");
}

static char *
list_accounts (GPtrArray *accounts)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < accounts->len; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", ((const ChPeer *) accounts->pdata[i])->name);

  return g_string_free (list, FALSE);
}

/* (transfer container): those whose patterns describe the name most closely; with 0 those without patterns */
static GPtrArray *
closest (GPtrArray  *accounts,
         const char *name)
{
  GPtrArray *found = g_ptr_array_new ();
  guint best = 0;

  for (guint i = 0; i < accounts->len; i++)
    {
      ChPeer *account = accounts->pdata[i];
      const char *patterns = patterns_of (account);
      guint match = ch_dns_patterns_match (patterns, name);

      if (account->state == CH_PEER_STATE_DISABLED || match < best || (match == 0 && patterns != NULL))
        continue;

      if (match > best)
        g_ptr_array_set_size (found, 0);
      best = match;
      g_ptr_array_add (found, account);
    }

  return found;
}

static gboolean
is_among (GPtrArray    *accounts,
          const ChPeer *account)
{
  for (guint i = 0; account != NULL && i < accounts->len; i++)
    if (((const ChPeer *) accounts->pdata[i])->id == account->id)
      return TRUE;

  return FALSE;
}

static gboolean
any_enabled (GPtrArray *accounts)
{
  for (guint i = 0; i < accounts->len; i++)
    if (((const ChPeer *) accounts->pdata[i])->state != CH_PEER_STATE_DISABLED)
      return TRUE;

  return FALSE;
}

static gboolean
refuse (GPtrArray   *accounts,
        GPtrArray   *found,
        const char  *name,
        GError     **error)
{
  g_autofree char *shown = ch_name_display (name);
  g_autofree char *several = list_accounts (found);

  if (found->len == 0)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("No DNS account takes care of “%s”: add its domain to the setting “zones” of the account "
                           "that does, or say which DNS account to use"), shown);

  if (patterns_of (found->pdata[0]) == NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("Several DNS accounts may take care of “%s”: %s. Say which to use, or give them the setting "
                           "“zones”"), shown, several);

  return ch_error_set (error, CH_ERROR_INVALID,
                       _("The zones of several DNS accounts hold “%s” equally well: %s. Say which to use, or make the "
                         "zones of one of them longer"), shown, several);
}

gboolean
ch_dns_choose (GPtrArray     *accounts,
               const char    *name,
               const ChPeer  *usual,
               const ChPeer **chosen,
               GError       **error)
{
  g_autoptr(GPtrArray) found = closest (accounts, name);
  gboolean matched = found->len > 0 && patterns_of (found->pdata[0]) != NULL;

  if (usual != NULL && (!matched || is_among (found, usual)))
    *chosen = usual;
  else if (found->len == 1)
    *chosen = found->pdata[0];
  else if (!any_enabled (accounts))
    *chosen = NULL;
  else
    return refuse (accounts, found, name, error);

  return TRUE;
}

static const ChPeer *
find_account (GPtrArray *accounts,
              gint64     id)
{
  for (guint i = 0; i < accounts->len; i++)
    if (((const ChPeer *) accounts->pdata[i])->id == id)
      return accounts->pdata[i];

  return NULL;
}

gboolean
ch_dns_choose_id (ChStore     *store,
                  const char  *name,
                  gint64       usual,
                  gint64      *chosen,
                  GError     **error)
{
  g_autoptr(GPtrArray) accounts = ch_store_list_peers (store, CH_PEER_ROLE_DNS, error);
  const ChPeer *account = NULL;

  if (accounts == NULL || !ch_dns_choose (accounts, name, find_account (accounts, usual), &account, error))
    return FALSE;

  *chosen = account != NULL ? account->id : 0;
  return TRUE;
}

GPtrArray *
ch_dns_choose_names (ChStore           *store,
                     const char *const *names,
                     GError           **error)
{
  g_autoptr(GPtrArray) accounts = ch_store_list_peers (store, CH_PEER_ROLE_DNS, error);
  g_autoptr(GPtrArray) chosen = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_peer_free);

  for (gsize i = 0; accounts != NULL && names[i] != NULL; i++)
    {
      const ChPeer *account = NULL;

      if (!ch_dns_choose (accounts, names[i], NULL, &account, error))
        return NULL;
      if (account == NULL)
        break;
      g_ptr_array_add (chosen, ch_store_get_peer (store, CH_PEER_ROLE_DNS, account->id, NULL));
    }

  return accounts != NULL ? g_steal_pointer (&chosen) : NULL;
}

static gboolean
is_first (GPtrArray *accounts,
          guint      i)
{
  for (guint j = 0; j < i; j++)
    if (((const ChPeer *) accounts->pdata[j])->id == ((const ChPeer *) accounts->pdata[i])->id)
      return FALSE;

  return TRUE;
}

static char *
names_of (GPtrArray         *accounts,
          const char *const *names,
          gint64             id)
{
  g_autoptr(GString) list = g_string_new (NULL);

  for (guint i = 0; i < accounts->len; i++)
    if (((const ChPeer *) accounts->pdata[i])->id == id)
      {
        g_autofree char *shown = ch_name_display (names[i]);
        g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", shown);
      }

  return g_string_free (g_steal_pointer (&list), FALSE);
}

char *
ch_dns_choose_describe (GPtrArray         *accounts,
                        const char *const *names)
{
  g_autoptr(GString) text = g_string_new (NULL);
  guint different = 0;

  for (guint i = 0; i < accounts->len; i++)
    different += is_first (accounts, i);

  for (guint i = 0; i < accounts->len; i++)
    {
      const ChPeer *account = accounts->pdata[i];

      if (!is_first (accounts, i))
        continue;

      g_autofree char *its = names_of (accounts, names, account->id);
      g_string_append_printf (text, "%s“%s”", text->len > 0 ? ", " : "", account->name);
      if (different > 1)
        g_string_append_printf (text, " (%s)", its);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
