/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/peers-private.h"

#include "ca/ca.h"
#include "deploy/target.h"
#include "dns/common.h"
#include "engine/defaults.h"
#include "lib/error.h"
#include "lib/paths.h"

#include <glib/gi18n.h>

GArray *
ch_kinds_list (ChPeerRole role)
{
  GArray *kinds = g_array_new (FALSE, TRUE, sizeof (ChKind));

  for (const ChCa *const *ca = ch_ca_list (); role == CH_PEER_ROLE_ACCOUNT && *ca != NULL; ca++)
    {
      ChKind kind = { (*ca)->kind, (*ca)->title, NULL, FALSE, { (*ca)->fields, ch_order_default_fields } };
      g_array_append_val (kinds, kind);
    }

  for (const ChDnsProvider *const *dns = ch_dns_list (); role == CH_PEER_ROLE_DNS && *dns != NULL; dns++)
    {
      ChKind kind = { (*dns)->kind, (*dns)->title, (*dns)->permissions, FALSE, { (*dns)->fields, ch_dns_common_fields () } };
      g_array_append_val (kinds, kind);
    }

  for (const ChTarget *const *target = ch_target_list (); role == CH_PEER_ROLE_SERVER && *target != NULL; target++)
    {
      ChKind kind = { (*target)->kind, (*target)->title, NULL, (*target)->scan != NULL, { (*target)->fields, NULL } };
      g_array_append_val (kinds, kind);
    }

  if (role == CH_PEER_ROLE_PROFILE)
    {
      const ChKind profiles[] = {
        { CH_CA_CONTACT, N_("A person whom the CA turns to"), NULL, FALSE, { ch_ca_contact_fields, NULL } },
        { CH_CA_ORGANIZATION, N_("An organisation, for OrganizationSSL and ExtendedSSL"), NULL, FALSE,
          { ch_ca_organization_fields, NULL } },
      };
      g_array_append_vals (kinds, profiles, G_N_ELEMENTS (profiles));
    }

  return kinds;
}

gboolean
ch_peer_fields (ChPeerRole      role,
                const char     *kind,
                const ChField  *fields[3],
                GError        **error)
{
  g_autoptr(GArray) kinds = ch_kinds_list (role);
  g_autoptr(GString) known = g_string_new (NULL);

  for (guint i = 0; i < kinds->len; i++)
    {
      const ChKind *candidate = &g_array_index (kinds, ChKind, i);

      if (g_str_equal (candidate->kind, kind))
        {
          fields[0] = candidate->fields[0];
          fields[1] = candidate->fields[1];
          fields[2] = NULL;
          return TRUE;
        }

      g_string_append_printf (known, "%s%s", i > 0 ? ", " : "", candidate->kind);
    }

  return ch_error_set (error, CH_ERROR_INVALID, _("There is no kind “%s”; these are: %s"), kind, known->str);
}

const char *
ch_peer_folder (ChPeerRole role)
{
  static const char *const folders[] = {
    [CH_PEER_ROLE_ACCOUNT] = CH_FOLDER_ACCOUNTS,
    [CH_PEER_ROLE_DNS] = CH_FOLDER_DNS,
    [CH_PEER_ROLE_SERVER] = CH_FOLDER_SERVERS,
    [CH_PEER_ROLE_PROFILE] = CH_FOLDER_PROFILES,
  };

  return folders[role];
}
