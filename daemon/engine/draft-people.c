/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/draft-private.h"

#include "ca/ca.h"
#include "engine/peers-private.h"
#include "lib/error.h"

#include <glib/gi18n.h>

/* Whom the CA turns to, and for which organisation: a copy of profiles, so that these may change afterwards. */

static GHashTable *
new_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static const char *
value_of (GHashTable *table,
          const char *key)
{
  const char *value = table != NULL ? g_hash_table_lookup (table, key) : NULL;

  return value != NULL && *value != '\0' ? value : NULL;
}

/* What is empty counts as not given. */
static void
copy_given (GHashTable *from,
            GHashTable *to)
{
  GHashTableIter iter;
  gpointer key, value;

  if (from == NULL)
    return;

  g_hash_table_iter_init (&iter, from);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (*(const char *) value != '\0')
      g_hash_table_insert (to, g_strdup (key), g_strdup (value));
}

/* ---- profiles ---- */

static ChPeer *
find_profile (ChWorld     *world,
              const char  *kind,
              const char  *name,
              GError     **error)
{
  g_autoptr(ChPeer) profile = ch_store_find_peer (world->store, CH_PEER_ROLE_PROFILE, name, error);

  if (profile != NULL && !g_str_equal (profile->kind, kind))
    {
      ch_error_set (error, CH_ERROR_INVALID, _("The profile “%s” is of kind “%s”; name one of kind “%s”"), name, profile->kind, kind);
      return NULL;
    }

  return g_steal_pointer (&profile);
}

/* The only one of its kind; %NULL without error when there is none. */
static ChPeer *
only_profile (ChWorld     *world,
              const char  *kind,
              GError     **error)
{
  g_autoptr(GPtrArray) profiles = ch_store_list_peers (world->store, CH_PEER_ROLE_PROFILE, error);
  g_autoptr(GString) names = g_string_new (NULL);
  guint found = 0, at = 0;

  for (guint i = 0; profiles != NULL && i < profiles->len; i++)
    {
      const ChPeer *profile = profiles->pdata[i];

      if (!g_str_equal (profile->kind, kind))
        continue;
      at = i;
      g_string_append_printf (names, "%s%s", found++ > 0 ? ", " : "", profile->name);
    }

  if (found > 1)
    ch_error_set (error, CH_ERROR_INVALID, _("Say which profile of kind “%s” to use: %s"), kind, names->str);

  return found == 1 ? g_ptr_array_steal_index (profiles, at) : NULL;
}

/* ---- checks ---- */

static const ChField *
find_field (const ChField *fields,
            const char    *name)
{
  for (; fields->name != NULL; fields++)
    if (g_str_equal (fields->name, name))
      return fields;

  return NULL;
}

/* Each value by itself, so that every one that is wrong is told. What the CA took before it takes again. */
static void
check_values (ChDrafting    *drafting,
              const ChField *fields,
              GHashTable    *table)
{
  if (drafting->order->kind == CH_ORDER_KIND_RENEWAL)
    return;

  g_autoptr(GList) keys = g_list_sort (g_hash_table_get_keys (table), (GCompareFunc) g_strcmp0);

  for (GList *key = keys; key != NULL; key = key->next)
    {
      const ChField *field = find_field (fields, key->data);
      ChField alone[2] = { { NULL } };
      g_autoptr(GHashTable) one = g_hash_table_new (g_str_hash, g_str_equal);
      GError *error = NULL;

      if (field != NULL)
        alone[0] = *field;
      g_hash_table_insert (one, key->data, g_hash_table_lookup (table, key->data));
      ch_fields_check (alone, one, NULL, &error);
      ch_drafting_note (drafting, error);
    }
}

static char *
quote_list (char **names)
{
  g_autofree char *inner = g_strjoinv ("”, “", names);

  return g_strdup_printf ("“%s”", inner);
}

/* ---- contact ---- */

static char **
missing_in_contact (GHashTable *contact)
{
  g_autoptr(GStrvBuilder) missing = g_strv_builder_new ();

  for (const ChField *field = ch_ca_contact_fields; field->name != NULL; field++)
    if ((field->flags & CH_FIELD_REQUIRED) && value_of (contact, field->name) == NULL)
      g_strv_builder_add (missing, field->name);

  return g_strv_builder_end (missing);
}

static gboolean
is_complete (GHashTable *contact)
{
  g_auto(GStrv) missing = missing_in_contact (contact);

  return missing[0] == NULL;
}

/* Accounts of before there were profiles hold their contact themselves, as contact-first-name and so on. */
static gboolean
copy_from_account (const ChPeer *account,
                   GHashTable   *contact)
{
  for (const ChField *field = ch_ca_contact_fields; account != NULL && field->name != NULL; field++)
    {
      g_autofree char *setting = g_strconcat ("contact-", field->name, NULL);
      const char *value = value_of (account->settings, setting);

      if (value != NULL)
        g_hash_table_insert (contact, g_strdup (field->name), g_strdup (value));
    }

  return g_hash_table_size (contact) > 0;
}

/* What the given values complete: one person, never parts of several. */
static void
begin_contact (ChDrafting *drafting,
               GHashTable *contact)
{
  const ChOrderDraft *draft = drafting->draft;
  const char *setting = is_complete (draft->contact) ? NULL : "default-contact";
  const char *name = ch_drafting_default (drafting, draft->contact_profile, setting);
  g_autoptr(ChPeer) profile = NULL;
  GError *error = NULL;

  if (name != NULL)
    profile = find_profile (drafting->world, CH_CA_CONTACT, name, &error);
  else if (setting != NULL && !copy_from_account (drafting->account, contact))
    profile = only_profile (drafting->world, CH_CA_CONTACT, &error);

  if (profile != NULL)
    copy_given (profile->settings, contact);
  drafting->incomplete |= error != NULL;
  ch_drafting_note (drafting, error);
}

void
ch_drafting_take_contact (ChDrafting *drafting)
{
  GHashTable *contact = drafting->order->contact = new_table ();
  guint before = drafting->problems->len;
  GError *error = NULL;

  drafting->about = "contact-profile";
  begin_contact (drafting, contact);
  copy_given (drafting->draft->contact, contact);
  check_values (drafting, ch_ca_contact_fields, contact);
  if (!ch_ca_profile_check (CH_CA_CONTACT, contact, &error))
    ch_drafting_note (drafting, error);

  g_auto(GStrv) missing = missing_in_contact (contact);
  if (missing[0] != NULL && drafting->problems->len == before)
    {
      g_autofree char *list = quote_list (missing);

      ch_drafting_say (drafting, _("The CA wants a contact, but %s is missing: add a profile of kind “contact”, or give it with the order"),
                       list);
    }
  drafting->incomplete |= missing[0] != NULL;
}

/* ---- organisation ---- */

static void
begin_organization (ChDrafting *drafting,
                    GHashTable *organization)
{
  const ChOrderDraft *draft = drafting->draft;
  const char *name = ch_drafting_default (drafting, draft->organization_profile, "default-organization");
  g_autoptr(ChPeer) profile = NULL;
  GError *error = NULL;

  if (draft->organization != NULL)
    copy_given (draft->organization, organization);
  else if (name != NULL)
    profile = find_profile (drafting->world, CH_CA_ORGANIZATION, name, &error);
  else
    profile = only_profile (drafting->world, CH_CA_ORGANIZATION, &error);

  if (profile != NULL)
    copy_given (profile->settings, organization);
  drafting->incomplete |= error != NULL;
  ch_drafting_note (drafting, error);
}

/* Those who stand behind the order work for the organisation unless it is told otherwise. */
static void
complete_persons (GHashTable *organization)
{
  static const char *const persons[] = { "requestor-organization", "approver-organization", "signer-organization" };
  const char *name = value_of (organization, "name");

  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (persons); i++)
    if (value_of (organization, persons[i]) == NULL)
      g_hash_table_insert (organization, g_strdup (persons[i]), g_strdup (name));
}

void
ch_drafting_take_organization (ChDrafting *drafting)
{
  ChOrder *order = drafting->order;
  const char *product = ch_nick (CH_TYPE_PRODUCT, order->product);
  const char *named = drafting->draft->organization_profile;
  guint before = drafting->problems->len;

  drafting->about = "organization";
  order->organization = new_table ();
  if (!ch_drafting_proves_itself (drafting))
    {
      if (named != NULL && *named != '\0')
        ch_drafting_say (drafting, _("A certificate of “%s” holds no organisation: leave “%s” out, or choose another product"),
                         product, named);
      return;
    }

  begin_organization (drafting, order->organization);
  if (order->product == CH_PRODUCT_EXTENDEDSSL)
    complete_persons (order->organization);
  check_values (drafting, ch_ca_organization_fields, order->organization);

  g_auto(GStrv) missing = ch_ca_organization_missing (order->organization, order->product);
  if (missing[0] != NULL && drafting->problems->len == before)
    {
      g_autofree char *list = quote_list (missing);

      if (value_of (order->organization, "name") == NULL)
        ch_drafting_say (drafting, _("“%s” is for organisations: add a profile of kind “organization” first"), product);
      else
        ch_drafting_say (drafting, _("“%s” needs more of the organisation than its profile has: %s"), product, list);
    }
  drafting->incomplete |= missing[0] != NULL;
}
