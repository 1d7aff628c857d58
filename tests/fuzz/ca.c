/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "answers.h"

#include "ca/ca.h"
#include "lib/secret.h"

#include <string.h>

/* Everything that the CA answers. The first byte chooses what is asked for; the rest is the answers. */

#define CSR "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n"

static const char *const names[] = { "www.example.test", "example.test", NULL };

static void
check_order (ChCaOrder  *order,
             GError    **error)
{
  answers_check (order != NULL, error);
  if (order == NULL)
    return;

  g_assert_true (g_utf8_validate (order->ca_order, -1, NULL));
  ch_ca_order_free (order);
}

static gboolean
found (ChCaOrder  *order,
       gint64      until,
       gpointer    data,
       GError    **error)
{
  g_assert_nonnull (order->ca_order);
  ch_ca_order_free (order);
  return TRUE;
}

static void
place (const ChCa       *ca,
       const ChCaAccess *access,
       gboolean          really)
{
  g_autoptr(GHashTable) contact = g_hash_table_new (g_str_hash, g_str_equal);
  ChCaRequest request = {
    .own_key = "own-1", .names = names, .product = CH_PRODUCT_DOMAINSSL, .method = CH_DCV_METHOD_DNS,
    .term_months = 12, .csr = CSR, .contact = contact,
  };
  g_autoptr(GError) error = NULL;

  g_hash_table_insert (contact, (char *) "first-name", (char *) "Anna");
  g_hash_table_insert (contact, (char *) "last-name", (char *) "Example");
  g_hash_table_insert (contact, (char *) "phone", (char *) "1");
  g_hash_table_insert (contact, (char *) "email", (char *) "anna@example.test");
  if (really)
    check_order (ca->submit (access, &request, NULL, &error), &error);
  else
    {
      ChCaPreview *preview = ca->preview (access, &request, NULL, &error);

      answers_check (preview != NULL, &error);
      g_clear_pointer (&preview, ch_ca_preview_free);
    }
}

static void
ask (const ChCa       *ca,
     const ChCaAccess *access,
     guint             question)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GHashTable) facts = NULL;
  g_autoptr(GPtrArray) list = NULL;
  g_auto(GStrv) words = NULL;
  gboolean done;

  switch (question)
    {
    case 0:
      done = ca->verify (access, &facts, NULL, &error);
      answers_check (done, &error);
      break;
    case 1:
      place (ca, access, TRUE);
      break;
    case 2:
      if (ca->preview != NULL)
        place (ca, access, FALSE);
      break;
    case 3:
      check_order (ca->find (access, "own-1", 1700000000, NULL, &error), &error);
      break;
    case 4:
      check_order (ca->check (access, "CE1", CH_DCV_METHOD_DNS, "example.test", NULL, &error), &error);
      break;
    case 5:
      check_order (ca->fetch (access, "CE1", NULL, &error), &error);
      break;
    case 6:
      list = ca->list_changed (access, 1700000000, 1700090000, NULL, &error);
      answers_check (list != NULL, &error);
      break;
    case 7:
      done = ca->cancel (access, "CE1", NULL, &error);
      answers_check (done, &error);
      break;
    case 8:
      words = ca->list_approvers (access, "example.test", NULL, &error);
      answers_check (words != NULL, &error);
      break;
    case 9:
      done = ca->change_approver (access, "CE1", "www.example.test", "admin@example.test", NULL, &error);
      answers_check (done, &error);
      break;
    case 10:
      check_order (ca->reissue (access, "CE1", CSR, names, NULL, &error), &error);
      break;
    case 11:
      check_order (ca->find_reissue (access, "CE1", 1700000000, NULL, &error), &error);
      break;
    case 12:
      done = ca->revoke (access, "CE1", NULL, &error);
      answers_check (done, &error);
      break;
    default:
      done = ca->list_placed == NULL
             || ca->list_placed (access, 1700000000, 1700090000, NULL, found, NULL, NULL, &error);
      answers_check (done, &error);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  if (size < 1)
    return 0;

  g_autoptr(GHashTable) settings = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) secrets = ch_secret_table_new ();
  const ChCaAccess access = { settings, secrets };

  g_hash_table_insert (settings, (char *) "user", (char *) "PAR1_user");
  g_hash_table_insert (secrets, g_strdup ("password"), g_strdup (ANSWERS_SECRET));
  answers_begin (data + 1, size - 1);
  ask (ch_ca_find ("globalsign", NULL), &access, data[0] % 14);
  return 0;
}
