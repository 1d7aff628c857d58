/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mails.h"

#include "dates.h"
#include "issue.h"
#include "names.h"
#include "pages.h"
#include "place.h"

#include <string.h>

#define END_OF_MAIL (1836691200 * (gint64) 1000)

/* A line of an order's `mails`: “SECRET STATE milliseconds domain address”. */
enum
{
  SECRET,
  STATE,
  TIME,
  DOMAIN_NAME,
  ADDRESS,
  N_WORDS
};

#define STATE_SENT "sent"
#define STATE_DEAD "replaced"

gboolean
sb_mail_has_ended (gint64 now)
{
  return now >= END_OF_MAIL;
}

GPtrArray *
sb_mail_addresses (const char *name)
{
  static const char *const boxes[] = { "admin", "administrator", "hostmaster", "postmaster", "webmaster" };
  GPtrArray *addresses = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) domains = sb_name_approvers (name);

  for (guint i = 0; i < domains->len; i++)
    for (gsize n = 0; n < G_N_ELEMENTS (boxes); n++)
      g_ptr_array_add (addresses, g_strconcat (boxes[n], "@", g_ptr_array_index (domains, i), NULL));

  return addresses;
}

gboolean
sb_mail_is_allowed (const char *name,
                    const char *address)
{
  g_autoptr(GPtrArray) addresses = sb_mail_addresses (name);

  return g_ptr_array_find_with_equal_func (addresses, address, g_str_equal, NULL);
}

static void
set_state (char      **line,
           const char *state)
{
  g_auto(GStrv) words = g_strsplit (*line, " ", N_WORDS);

  g_free (words[STATE]);
  words[STATE] = g_strdup (state);
  g_free (*line);
  *line = g_strjoinv (" ", words);
}

static gboolean
is_open (const char *line)
{
  g_auto(GStrv) words = g_strsplit (line, " ", N_WORDS);

  return strcmp (words[STATE], STATE_SENT) == 0;
}

static gboolean
is_written_to (GPtrArray  *domains,
               const char *name)
{
  for (guint i = 0; i < domains->len; i++)
    if (sb_name_is_covered (name, g_ptr_array_index (domains, i)))
      return TRUE;

  return FALSE;
}

static void
write_to (SbOrder    *order,
          GPtrArray  *domains,
          const char *domain,
          gint64      now)
{
  const char *at = strchr (order->approver, '@');
  g_autofree char *secret = sb_new_secret ();
  g_autofree char *box = g_strndup (order->approver, at - order->approver);
  g_autofree char *line = g_strdup_printf ("%s " STATE_SENT " %" G_GINT64_FORMAT " %s %s@%s", secret, now, domain,
                                           box, domain);

  sb_order_append (&order->mails, line);
  g_ptr_array_add (domains, g_strdup (domain));
}

void
sb_mails_send (SbOrder *order,
               gint64   now)
{
  g_autoptr(GPtrArray) domains = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; order->mails != NULL && order->mails[i] != NULL; i++)
    if (is_open (order->mails[i]))
      set_state (&order->mails[i], STATE_DEAD);

  if (!sb_order_is_proven (order, order->common_name))
    write_to (order, domains, strchr (order->approver, '@') + 1, now);
  for (gsize i = 0; order->sans[i] != NULL; i++)
    {
      const char *name = sb_san_name (order->sans[i]);

      if (!sb_order_is_proven (order, name) && !is_written_to (domains, name))
        write_to (order, domains, sb_name_registrable (sb_name_base (name)), now);
    }

  order->notified = now;
  sb_order_note (order, "APPROVER_MAIL_SENT", now);
}

JsonArray *
sb_mails_list (SbWorld *world)
{
  JsonArray *array = json_array_new ();
  GPtrArray *orders = sb_state_orders (world->state);

  for (guint i = 0; i < orders->len; i++)
    {
      SbOrder *order = g_ptr_array_index (orders, i);

      for (gsize n = 0; order->mails != NULL && order->mails[n] != NULL; n++)
        {
          g_auto(GStrv) words = g_strsplit (order->mails[n], " ", N_WORDS);
          g_autofree char *link = g_strconcat (world->base, SB_PAGES_PATH "/mail/", words[SECRET], NULL);
          JsonObject *object = json_object_new ();

          json_object_set_string_member (object, "mail", words[SECRET]);
          json_object_set_string_member (object, "order", order->id);
          json_object_set_string_member (object, "to", words[ADDRESS]);
          json_object_set_string_member (object, "domain", words[DOMAIN_NAME]);
          json_object_set_int_member (object, "sent", g_ascii_strtoll (words[TIME], NULL, 10));
          json_object_set_string_member (object, "state", words[STATE]);
          json_object_set_string_member (object, "link", link);
          json_array_add_object_element (array, object);
        }
    }

  return array;
}

static SbOrder *
find_order (SbWorld    *world,
            const char *mail)
{
  GPtrArray *orders = sb_state_orders (world->state);
  g_autofree char *start = g_strconcat (mail, " ", NULL);

  for (guint i = 0; i < orders->len; i++)
    {
      SbOrder *order = g_ptr_array_index (orders, i);

      for (gsize n = 0; order->mails != NULL && order->mails[n] != NULL; n++)
        if (g_str_has_prefix (order->mails[n], start))
          return order;
    }

  return NULL;
}

/* @mail: (nullable): only that one. Returns how many links worked. */
static guint
click (SbWorld    *world,
       SbOrder    *order,
       const char *mail,
       gboolean    approve,
       gint64      now)
{
  guint clicked = 0;

  for (gsize i = 0; order->mails != NULL && order->mails[i] != NULL; i++)
    {
      g_auto(GStrv) words = g_strsplit (order->mails[i], " ", N_WORDS);
      gint64 age = now - g_ascii_strtoll (words[TIME], NULL, 10);

      if (strcmp (words[STATE], STATE_SENT) != 0 || age > world->settings.mail_life
          || (mail != NULL && strcmp (words[SECRET], mail) != 0))
        continue;
      set_state (&order->mails[i], approve ? "approved" : "rejected");
      if (approve)
        sb_order_prove (order, SB_PROVEN_BY_MAIL, words[DOMAIN_NAME], now);
      clicked++;
    }

  return clicked;
}

static gboolean
conclude (SbWorld  *world,
          SbOrder  *order,
          gboolean  approve,
          gint64    now,
          gint64   *refund,
          GError  **error)
{
  if (!approve)
    {
      order->status = SB_STATUS_CANCELLED;
      order->cancelled = now;
      *refund = order->price;
      order->price = 0;
      sb_order_note (order, "APPROVER_REJECTED", now);
      return TRUE;
    }

  order->confirmed = now;
  sb_order_note (order, "APPROVER_CONFIRMED", now);
  if (sb_order_all_proven (order))
    order->verified = now;
  return sb_issue_when_ready (world, order, now, error);
}

gboolean
sb_mails_answer (SbWorld     *world,
                 const char  *mail,
                 const char  *order_id,
                 gboolean     approve,
                 char       **why)
{
  SbOrder *order = mail != NULL ? find_order (world, mail) : sb_state_order (world->state, order_id);
  gboolean is_waiting = order != NULL && order->status < SB_STATUS_CANCELLED;
  g_autoptr(GPtrArray) changed = g_ptr_array_new_with_free_func ((GDestroyNotify) sb_order_free);
  SbOrder *next = is_waiting ? sb_order_copy (order) : NULL;
  g_autoptr(GError) error = NULL;
  gint64 refund = 0;

  if (next != NULL)
    g_ptr_array_add (changed, next);
  if (next == NULL || click (world, next, mail, approve, sb_now ()) == 0)
    {
      *why = g_strdup ("That link is used, replaced, too old, or was never sent.");
      return FALSE;
    }
  if (!conclude (world, next, approve, sb_now (), &refund, &error)
      || !sb_state_commit_all (world->state, changed, -refund, &error))
    {
      *why = g_strdup (error->message);
      return FALSE;
    }

  return TRUE;
}
