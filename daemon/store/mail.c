/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include "store/store-private.h"

#include <glib/gi18n.h>

#define THE_ID 1

static const ChColumn columns[] = {
  CH_COLUMN (ChMail, INT64, id),
  CH_COLUMN (ChMail, INT64, due),
  CH_COLUMN (ChMail, INT64, sent_at),
  CH_COLUMN (ChMail, UINT, failures),
  CH_COLUMN (ChMail, TEXT, reason),
  CH_COLUMN (ChMail, STRV, told),
  { NULL },
};

const ChTable ch_table_mail = {
  .name = "mail",
  .noun = N_("mail"),
  .size = sizeof (ChMail),
  .columns = columns,
  .free = (GDestroyNotify) ch_mail_free,
};

ChMail *
ch_store_get_mail (ChStore  *store,
                   GError  **error)
{
  ChMail *mail;

  if (!ch_table_find (store, &ch_table_mail, "WHERE id = 1", NULL, (gpointer *) &mail, error))
    return NULL;

  if (mail == NULL)
    {
      mail = g_new0 (ChMail, 1);
      mail->told = g_new0 (char *, 1);
    }
  mail->id = THE_ID;
  return mail;
}

gboolean
ch_store_set_mail (ChStore       *store,
                   const ChMail  *mail,
                   GError       **error)
{
  g_autoptr(ChStoreTransaction) transaction = ch_store_transaction (store, error);

  if (transaction == NULL
      || !ch_store_run (store, "INSERT OR IGNORE INTO mail VALUES (1, 0, 0, 0, NULL, '[]')", NULL, error)
      || !ch_table_update (store, &ch_table_mail, (gpointer) mail, error))
    return FALSE;

  return ch_store_transaction_commit (transaction, error);
}

gboolean
ch_store_hasten_mail (ChStore  *store,
                      gint64    at,
                      GError  **error)
{
  return ch_store_run (store, "UPDATE mail SET due = max (?1, sent_at + 86400) WHERE due > max (?1, sent_at + 86400) AND failures = 0",
                       CH_ARGS (CH_INT (at)), error);
}
