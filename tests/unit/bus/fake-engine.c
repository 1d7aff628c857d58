/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-engine.h"

#include "engine/brought-key.h"
#include "engine/deployment-gate.h"
#include "engine/challenge-files.h"
#include "engine/explain-proof.h"
#include "engine/import.h"
#include "engine/mailer.h"
#include "engine/preview.h"
#include "engine/scan.h"
#include "engine/validation.h"
#include "engine/watches.h"

#include "lib/error.h"
#include "lib/paths.h"

#include <string.h>

FakeEngine fake_engine;

static void
free_job (ChJob *job)
{
  g_free (job->kind);
  g_free (job->title);
  g_free (job->object);
  g_clear_pointer (&job->lines, g_ptr_array_unref);
  g_clear_pointer (&job->result, g_hash_table_unref);
  g_clear_error (&job->error);
  g_free (job);
}

void
fake_engine_reset (void)
{
  if (fake_engine.calls != NULL)
    g_string_free (fake_engine.calls, TRUE);
  fake_engine.calls = g_string_new (NULL);
  g_clear_error (&fake_engine.error);
  g_clear_pointer (&fake_engine.jobs, g_ptr_array_unref);
  fake_engine.jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) free_job);
}

static gboolean G_GNUC_PRINTF (3, 4)
note (const ChActor *actor,
      GError       **error,
      const char    *format,
      ...)
{
  va_list args;

  va_start (args, format);
  g_string_append_vprintf (fake_engine.calls, format, args);
  va_end (args);
  g_string_append_printf (fake_engine.calls, " by %s\n", actor->authority);

  if (fake_engine.error != NULL)
    g_propagate_error (error, g_error_copy (fake_engine.error));
  return fake_engine.error == NULL;
}

static void
answer (gboolean            ok,
        GError             *error,
        GAsyncReadyCallback callback,
        gpointer            data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, data);

  if (ok)
    g_task_return_int (task, 7);
  else
    g_task_return_error (task, error);
}

static gboolean
finish (GAsyncResult *result,
        GError      **error)
{
  return g_task_propagate_int (G_TASK (result), error) == 7;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static char *
show (GHashTable *table)
{
  g_autoptr(GPtrArray) pairs = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_ptr_array_add (pairs, g_strdup_printf ("%s=%s", (char *) key, (char *) value));
  g_ptr_array_sort (pairs, compare);
  g_ptr_array_add (pairs, NULL);
  return g_strjoinv (",", (char **) pairs->pdata);
}

/* ---- peers ---- */

static const ChField fields[] = {
  { "user", "User", "The user.", CH_FIELD_REQUIRED },
  { "password", "Password", "The password.", CH_FIELD_REQUIRED | CH_FIELD_SECRET },
  { "where", "Where", "", CH_FIELD_NONE, "production", "production|test" },
  { NULL }
};

GArray *
ch_kinds_list (ChPeerRole role)
{
  GArray *kinds = g_array_new (FALSE, FALSE, sizeof (ChKind));
  const ChKind kind = { "fake", "A fake", NULL, TRUE, { fields, NULL } };

  g_array_append_val (kinds, kind);
  return kinds;
}

void
ch_peer_add_async (ChWorld *world, ChPeerRole role, const char *kind, const char *name,
                   GHashTable *settings, GHashTable *secrets, const ChActor *actor,
                   GAsyncReadyCallback callback, gpointer data)
{
  GError *error = NULL;
  g_autofree char *a = show (settings);
  g_autofree char *b = show (secrets);
  gboolean ok = note (actor, &error, "add %s %s %s [%s] [%s]", ch_nick (CH_TYPE_PEER_ROLE, role), kind, name,
                      a, b);

  answer (ok, error, callback, data);
}

void
ch_server_scan_async (ChWorld *world, const char *kind, GHashTable *settings, const char *known,
                      GAsyncReadyCallback callback, gpointer data)
{
  const ChActor owner = { .authority = "owner" };
  GError *error = NULL;
  g_autofree char *a = show (settings);
  gboolean ok = note (&owner, &error, "scan %s [%s] %s", kind, a, known != NULL ? known : "-");

  answer (ok, error, callback, data);
}

GPtrArray *
ch_server_scan_finish (GAsyncResult *result, GError **error)
{
  if (!finish (result, error))
    return NULL;

  GPtrArray *keys = g_ptr_array_new_with_free_func (g_free);
  ChScanned *key = g_new0 (ChScanned, 1);

  *key = (ChScanned) { (char *) "ssh-ed25519", (char *) "SHA256:x", (char *) "ssh-ed25519 AAAA", TRUE };
  g_ptr_array_add (keys, key);
  return keys;
}

gint64
ch_peer_add_finish (GAsyncResult *result, GError **error)
{
  return finish (result, error) ? 7 : 0;
}

void
ch_peer_edit_async (ChWorld *world, ChPeerRole role, gint64 id, const char *name,
                    GHashTable *settings, GHashTable *secrets, const ChActor *actor,
                    GAsyncReadyCallback callback, gpointer data)
{
  GError *error = NULL;
  g_autofree char *a = show (settings);
  g_autofree char *b = show (secrets);
  gboolean ok = note (actor, &error, "edit %s %d %s [%s] [%s]", ch_nick (CH_TYPE_PEER_ROLE, role), (int) id,
                      name != NULL ? name : "-", a, b);

  answer (ok, error, callback, data);
}

gboolean
ch_peer_edit_finish (GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

gboolean
ch_peer_set_enabled (ChWorld *world, ChPeerRole role, gint64 id, gboolean enabled,
                     const ChActor *actor, GError **error)
{
  return note (actor, error, "%s %s %d", enabled ? "enable" : "disable", ch_nick (CH_TYPE_PEER_ROLE, role),
               (int) id);
}

void
ch_peer_remove_async (ChWorld *world, ChPeerRole role, gint64 id, const ChActor *actor,
                      GAsyncReadyCallback callback, gpointer data)
{
  GError *error = NULL;
  gboolean ok = note (actor, &error, "remove %s %d", ch_nick (CH_TYPE_PEER_ROLE, role), (int) id);

  answer (ok, error, callback, data);
}

gboolean
ch_peer_remove_finish (GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

ChJob *
ch_peer_test (ChWorld *world, ChPeerRole role, gint64 id, const char *zone, gboolean read_only, const ChActor *actor,
              GError **error)
{
  if (!note (actor, error, "test %s %d %s%s", ch_nick (CH_TYPE_PEER_ROLE, role), (int) id,
             zone != NULL ? zone : "-", read_only ? " without writing" : ""))
    return NULL;

  return fake_engine_add_job ("dns.test");
}

const char *
ch_peer_folder (ChPeerRole role)
{
  static const char *const folders[] = { CH_FOLDER_ACCOUNTS, CH_FOLDER_DNS, CH_FOLDER_SERVERS, CH_FOLDER_PROFILES };

  return folders[role];
}

/* ---- orders ---- */

void
ch_order_draft_free (ChOrderDraft *draft)
{
  g_strfreev (draft->names);
  g_free (draft->account);
  g_free (draft->dns_account);
  g_free (draft->product);
  g_free (draft->method);
  g_free (draft->approver);
  g_free (draft->key_algorithm);
  g_free (draft->contact_profile);
  g_clear_pointer (&draft->contact, g_hash_table_unref);
  g_free (draft->organization_profile);
  g_clear_pointer (&draft->options, g_hash_table_unref);
  g_free (draft->kind);
  g_free (draft->csr);
  g_free (draft->note);
  g_strfreev (draft->tags);
  g_clear_pointer (&draft->key, g_bytes_unref);
  g_free (draft);
}

void
ch_order_new_async (ChWorld *world, ChOrderDraft *draft, const ChActor *actor,
                    GAsyncReadyCallback callback, gpointer data)
{
  GError *error = NULL;
  g_autofree char *names = g_strjoinv (",", draft->names);
  g_autofree char *contact = draft->contact != NULL ? show (draft->contact) : g_strdup ("-");
  g_autofree char *options = show (draft->options);
  g_autofree char *tags = draft->tags != NULL ? g_strjoinv (",", draft->tags) : g_strdup ("-");
  gboolean ok = note (actor, &error, "new %s account=%s product=%s term=%d contact=%s/%s organization=%s kind=%s [%s] key=%d note=%s tags=%s", names,
                      draft->account != NULL ? draft->account : "-",
                      draft->product != NULL ? draft->product : "-", draft->term_months,
                      draft->contact_profile != NULL ? draft->contact_profile : "-", contact,
                      draft->organization_profile != NULL ? draft->organization_profile : "-",
                      draft->kind != NULL ? draft->kind : "-", options, draft->key != NULL,
                      draft->note != NULL ? draft->note : "-", tags);

  ch_order_draft_free (draft);
  answer (ok, error, callback, data);
}

gint64
ch_order_new_finish (GAsyncResult *result, GError **error)
{
  return finish (result, error) ? 7 : 0;
}

void
ch_order_preview_async (ChWorld *world, ChOrderDraft *draft, GAsyncReadyCallback callback, gpointer data)
{
  GError *error = NULL;
  g_autofree char *names = g_strjoinv (",", draft->names);
  const ChActor nobody = { .uid = 0, .authority = "nobody" };
  gboolean ok = note (&nobody, &error, "check %s", names);

  ch_order_draft_free (draft);
  answer (ok, error, callback, data);
}

static ChOrderPreview *
new_preview (void)
{
  ChOrderPreview *preview = g_new0 (ChOrderPreview, 1);

  preview->order = g_new0 (ChOrder, 1);
  preview->order->names = g_strsplit ("a.test b.test", " ", -1);
  preview->order->product = CH_PRODUCT_DOMAINSSL;
  preview->order->term_months = 12;
  preview->counted_as = g_strsplit ("common name", ",", -1);
  preview->problems = g_ptr_array_new_with_free_func (g_free);
  preview->fields = g_ptr_array_new_with_free_func (g_free);
  preview->notices = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (preview->problems, g_strdup ("It cannot be."));
  g_ptr_array_add (preview->fields, g_strdup ("term"));
  preview->certificates = 4;
  preview->silence = g_strdup ("Nobody was asked");
  return preview;
}

ChOrderPreview *
ch_order_preview_finish (GAsyncResult *result, GError **error)
{
  return finish (result, error) ? new_preview () : NULL;
}

ChOrderPreview *
ch_order_preview_reissue (ChWorld *world, gint64 id, const ChReissueWish *wish, GError **error)
{
  const ChActor nobody = { .uid = 0, .authority = "nobody" };

  return note (&nobody, error, "check reissue %d%s names=%s", (int) id, wish->keep_key ? " keep" : "", wish->names[0])
    ? new_preview () : NULL;
}

ChOrderDraft *
ch_order_draft_renewal (ChWorld *world, gint64 id, int term_months, GError **error)
{
  ChOrderDraft *draft = g_new0 (ChOrderDraft, 1);

  draft->names = g_new0 (char *, 2);
  draft->names[0] = g_strdup_printf ("renewal of %d for %d", (int) id, term_months);
  return draft;
}

void
ch_order_preview_free (ChOrderPreview *preview)
{
  ch_order_free (preview->order);
  g_strfreev (preview->counted_as);
  g_ptr_array_unref (preview->problems);
  g_ptr_array_unref (preview->fields);
  g_ptr_array_unref (preview->notices);
  g_free (preview->silence);
  g_free (preview);
}

gboolean
ch_order_cancel (ChWorld *world, gint64 id, gboolean force, const ChActor *actor, GError **error)
{
  return note (actor, error, "cancel %d", (int) id);
}

gboolean
ch_order_revoke (ChWorld *world, gint64 id, gboolean force, const ChActor *actor, GError **error)
{
  return note (actor, error, "revoke %d%s", (int) id, force ? " force" : "");
}

gboolean
ch_order_edit (ChWorld *world, gint64 id, const ChOrderEdit *edit, const ChActor *actor, GError **error)
{
  return note (actor, error, "edit order %d %s %s %d %d", (int) id, edit->note != NULL ? edit->note : "-",
               edit->tags != NULL ? edit->tags[0] : "-", edit->auto_replace != NULL ? *edit->auto_replace : -1,
               edit->auto_renew != NULL ? *edit->auto_renew : -1);
}

GArray *
ch_bin_restore (ChWorld *world, gint64 id, const ChActor *actor, GError **error)
{
  return note (actor, error, "restore key %d", (int) id) ? g_array_new (FALSE, FALSE, sizeof (gint64)) : NULL;
}

gboolean
ch_bin_purge (ChWorld *world, gint64 id, const ChActor *actor, GError **error)
{
  return note (actor, error, "purge key %d", (int) id);
}

ChJob *
ch_mailer_test (ChWorld *world, const ChActor *actor, GError **error)
{
  return note (actor, error, "test mail") ? fake_engine_add_job ("mail.test") : NULL;
}

void
ch_mailer_set_password_async (ChWorld *world, const char *password, const ChActor *actor, GAsyncReadyCallback callback,
                              gpointer data)
{
  GError *error = NULL;
  gboolean ok = note (actor, &error, "set mail password %s", password);

  answer (ok, error, callback, data);
}

gboolean
ch_mailer_set_password_finish (GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

gboolean
ch_order_retry (ChWorld *world, gint64 id, const ChActor *actor, GError **error)
{
  return note (actor, error, "retry %d", (int) id);
}

gboolean
ch_order_reissue (ChWorld *world, gint64 id, const ChReissueWish *wish, const ChActor *actor, GError **error)
{
  g_autofree char *names = wish->names != NULL ? g_strjoinv (",", (char **) wish->names) : g_strdup ("-");

  return note (actor, error, "reissue %d%s key=%s csr=%s names=%s", (int) id, wish->keep_key ? " keep" : "",
               wish->key_algorithm != NULL ? wish->key_algorithm : "-", wish->csr != NULL ? wish->csr : "-", names);
}

gboolean
ch_order_set_validation (ChWorld *world, gint64 id, const ChValidation *wish, const ChActor *actor, GError **error)
{
  return note (actor, error, "validate %d method=%s dns=%s approver=%s", (int) id, wish->method != NULL ? wish->method : "-",
               wish->dns_account != NULL ? wish->dns_account : "-", wish->approver != NULL ? wish->approver : "-");
}

gboolean
ch_order_renew_challenge (ChWorld *world, gint64 id, const ChActor *actor, GError **error)
{
  return note (actor, error, "fresh %d", (int) id);
}

ChJob *
ch_order_verify (ChWorld *world, gint64 id, const ChActor *actor, GError **error)
{
  return note (actor, error, "verify %d", (int) id) ? fake_engine_add_job ("order.verify") : NULL;
}

void
ch_order_mail_async (ChWorld *world, gint64 id, const char *approver, const ChActor *actor, GAsyncReadyCallback callback,
                     gpointer data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, data);
  GError *error = NULL;

  if (note (actor, &error, "mail %d %s", (int) id, approver != NULL ? approver : "-"))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

gboolean
ch_order_mail_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
ch_approvers_list_async (ChWorld *world, const char *account, const char *name, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, data);

  g_task_return_pointer (task, g_strsplit ("admin@a.test webmaster@a.test", " ", -1), (GDestroyNotify) g_strfreev);
}

char **
ch_approvers_list_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

char *
ch_proof_url (const ChChallenge *challenge)
{
  return challenge->method == CH_DCV_METHOD_HTTP ? g_strconcat ("http://", challenge->location, NULL) : NULL;
}

gint64
ch_order_renew (ChWorld *world, gint64 id, int term_months, const ChActor *actor, GError **error)
{
  return note (actor, error, "renew %d term=%d", (int) id, term_months) ? 7 : 0;
}

gboolean
ch_order_replace (ChWorld *world, gint64 id, gboolean look_only, const ChActor *actor, ChReplacement *replacement, GError **error)
{
  *replacement = (ChReplacement) { { CH_SUCCESSOR_RENEWAL, 1, 2 }, 7 };
  return note (actor, error, "replace %d%s", (int) id, look_only ? " look" : "");
}

GArray *
ch_order_plan (ChWorld *world, gint64 id, GError **error)
{
  static const ChNext plan[] = { { CH_SUCCESSOR_REISSUE, 1, 2 }, { CH_SUCCESSOR_RENEWAL, 3, 4 } };
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (ChNext));

  return g_array_append_vals (steps, plan, G_N_ELEMENTS (plan));
}

void
ch_order_delete_async (ChWorld *world, gint64 id, gboolean force, const ChActor *actor,
                       GAsyncReadyCallback callback, gpointer data)
{
  GError *error = NULL;
  gboolean ok = note (actor, &error, "delete %d%s", (int) id, force ? " force" : "");

  answer (ok, error, callback, data);
}

gboolean
ch_order_delete_finish (GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
ch_order_export_key_async (ChWorld *world, gint64 id, const char *password, const ChActor *actor,
                           GAsyncReadyCallback callback, gpointer data)
{
  GError *error = NULL;
  gboolean ok = note (actor, &error, "export %d %s", (int) id, password != NULL ? password : "-");

  answer (ok, error, callback, data);
}

GBytes *
ch_order_export_key_finish (GAsyncResult *result, GError **error)
{
  return finish (result, error) ? g_bytes_new_static ("-----BEGIN", 10) : NULL;
}

ChJob *
ch_account_import (ChWorld *world, gint64 account_id, const ChImportWish *wish, const ChActor *actor, GError **error)
{
  g_autofree char *states = wish->states != NULL ? g_strjoinv (",", wish->states) : g_strdup ("-");

  if (!note (actor, error, "import %d %d %d %s %s%s", (int) account_id, (int) wish->from, (int) wish->to, states,
             wish->name != NULL ? wish->name : "-", wish->restart ? " restart" : ""))
    return NULL;

  return fake_engine_add_job ("account.import");
}

void
ch_key_attach_async (ChWorld *world, gint64 order_id, GBytes *pem, const char *password, const ChActor *actor,
                     GAsyncReadyCallback callback, gpointer data)
{
  GError *error = NULL;
  gboolean ok = note (actor, &error, "attach %d %.*s %s", (int) order_id, (int) g_bytes_get_size (pem),
                      (const char *) g_bytes_get_data (pem, NULL), password != NULL ? password : "-");

  answer (ok, error, callback, data);
}

gboolean
ch_key_attach_finish (GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

ChJob *
ch_key_find (ChWorld *world, gint64 order_id, const char *server, const char *const *paths, const ChActor *actor,
             GError **error)
{
  if (!note (actor, error, "find key %d %s %s", (int) order_id, server, paths != NULL ? paths[0] : "-"))
    return NULL;

  return fake_engine_add_job ("key.find");
}

void
ch_certificate_export_async (ChWorld *world, gint64 id, const ChCertificateExport *how, const ChActor *actor,
                             GAsyncReadyCallback callback, gpointer data)
{
  GError *error = NULL;
  gboolean ok = note (actor, &error, "export certificate %d %d%s%s %s", (int) id, how->format, how->with_key ? " key" : "",
                      how->legacy ? " legacy" : "", how->password != NULL ? how->password : "-");

  answer (ok, error, callback, data);
}

GBytes *
ch_certificate_export_finish (GAsyncResult *result, GError **error)
{
  return finish (result, error) ? g_bytes_new_static ("\0file", 5) : NULL;
}

GPtrArray *
ch_certificate_look (const ChCertificate *certificate)
{
  return ch_cert_look_all (certificate->pem);
}

gboolean
ch_certificate_is_current (ChStore *store, const ChCertificate *certificate)
{
  return certificate->id == 2;
}

static void
free_line (ChStoryLine *line)
{
  g_free (line->kind);
  g_free (line->text);
  g_free (line);
}

void
ch_story_free (ChStory *story)
{
  g_free (story->headline);
  g_free (story->advice);
  g_clear_pointer (&story->lines, g_ptr_array_unref);
  g_free (story);
}

ChStory *
ch_order_explain (ChWorld *world, gint64 id, GError **error)
{
  if (fake_engine.error != NULL)
    {
      g_propagate_error (error, g_error_copy (fake_engine.error));
      return NULL;
    }

  ChStory *story = g_new0 (ChStory, 1);
  ChStoryLine *line = g_new0 (ChStoryLine, 1);
  line->at = 5;
  line->kind = g_strdup ("seen");
  line->text = g_strdup ("ns1 answered \xff");
  story->headline = g_strdup ("It waits.");
  story->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) free_line);
  g_ptr_array_add (story->lines, line);
  return story;
}

/* ---- deployments ---- */

void
ch_deployment_draft_free (ChDeploymentDraft *draft)
{
  g_free (draft->name);
  g_free (draft->server);
  g_strfreev (draft->names);
  g_free (draft->template);
  g_free (draft->files);
  g_free (draft->test);
  g_free (draft->action);
  g_free (draft->checks);
  g_free (draft->web_root);
  g_strfreev (draft->windows);
  g_clear_pointer (&draft->secrets, g_hash_table_unref);
  g_free (draft);
}

static char *
show_draft (const ChDeploymentDraft *draft)
{
  g_autofree char *names = draft->names != NULL ? g_strjoinv (",", draft->names) : NULL;

  return g_strdup_printf ("%s %s %s %s %s %s", draft->name, draft->server, names, draft->files, draft->action,
                          draft->checks);
}

gint64
ch_deployment_add (ChWorld *world, const ChDeploymentDraft *draft, const ChActor *actor, GError **error)
{
  g_autofree char *shown = show_draft (draft);

  return note (actor, error, "add deployment %s", shown) ? 7 : 0;
}

gboolean
ch_deployment_edit (ChWorld *world, gint64 id, const ChDeploymentDraft *draft, const ChActor *actor,
                    GError **error)
{
  g_autofree char *shown = show_draft (draft);

  return note (actor, error, "edit deployment %d %s", (int) id, shown);
}

void
ch_deployment_add_async (ChWorld *world, ChDeploymentDraft *draft, const ChActor *actor, GAsyncReadyCallback callback,
                         gpointer data)
{
  g_autoptr(ChDeploymentDraft) held = draft;
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, data);
  GError *error = NULL;
  gint64 id = ch_deployment_add (world, held, actor, &error);

  if (id != 0)
    g_task_return_int (task, id);
  else
    g_task_return_error (task, error);
}

gint64
ch_deployment_add_finish (GAsyncResult *result, GError **error)
{
  gssize id = g_task_propagate_int (G_TASK (result), error);

  return MAX (id, 0);
}

void
ch_deployment_edit_async (ChWorld *world, gint64 id, ChDeploymentDraft *draft, const ChActor *actor,
                          GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr(ChDeploymentDraft) held = draft;
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, data);
  GError *error = NULL;

  if (ch_deployment_edit (world, id, held, actor, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

gboolean
ch_deployment_edit_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
ch_deployment_set_enabled (ChWorld *world, gint64 id, gboolean enabled, const ChActor *actor, GError **error)
{
  return note (actor, error, "%s deployment %d", enabled ? "enable" : "disable", (int) id);
}

gboolean
ch_deployment_remove (ChWorld *world, gint64 id, const ChActor *actor, GError **error)
{
  return note (actor, error, "remove deployment %d", (int) id);
}

ChJob *
ch_deployment_run (ChWorld *world, gint64 id, gboolean at_once, const ChActor *actor, GError **error)
{
  return note (actor, error, "run deployment %d%s", (int) id, at_once ? " now" : "") ? fake_engine_add_job ("deployment.run") : NULL;
}

ChJob *
ch_deployment_look (ChWorld *world, gint64 id, const ChActor *actor, GError **error)
{
  return note (actor, error, "look at deployment %d", (int) id) ? fake_engine_add_job ("deployment.look") : NULL;
}

ChJob *
ch_deployment_rollback (ChWorld *world, gint64 id, const ChActor *actor, GError **error)
{
  return note (actor, error, "roll deployment %d back", (int) id) ? fake_engine_add_job ("deployment.rollback") : NULL;
}

gboolean
ch_deployment_pause (ChWorld *world, gint64 id, gint64 until, const char *reason, const ChActor *actor, GError **error)
{
  return note (actor, error, "pause deployment %d until %d: %s", (int) id, (int) until, reason);
}

gboolean
ch_deployment_resume (ChWorld *world, gint64 id, const ChActor *actor, GError **error)
{
  return note (actor, error, "resume deployment %d", (int) id);
}

gboolean
ch_deployment_waits_too_long (ChStore *store, const ChDeployment *deployment, gint64 now)
{
  return FALSE;
}

void
ch_watch_draft_free (ChWatchDraft *draft)
{
  g_free (draft->host);
  g_free (draft->sni);
  g_free (draft->start_tls);
  g_free (draft);
}

gint64
ch_watch_add (ChWorld *world, const ChWatchDraft *draft, const ChActor *actor, GError **error)
{
  return note (actor, error, "watch %s %u %s %s %u", draft->host, draft->port, draft->sni, draft->start_tls, draft->every)
         ? 1 : 0;
}

gboolean
ch_watch_set_interval (ChWorld *world, gint64 id, guint every, const ChActor *actor, GError **error)
{
  return note (actor, error, "watch %d every %u", (int) id, every);
}

gboolean
ch_watch_accept (ChWorld *world, gint64 id, const ChActor *actor, GError **error)
{
  return note (actor, error, "accept watch %d", (int) id);
}

gboolean
ch_watch_remove (ChWorld *world, gint64 id, const ChActor *actor, GError **error)
{
  return note (actor, error, "remove watch %d", (int) id);
}

ChJob *
ch_watch_look (ChWorld *world, gint64 id, const ChActor *actor, GError **error)
{
  return note (actor, error, "look at watch %d", (int) id) ? fake_engine_add_job ("watch.look") : NULL;
}

ChJob *
ch_leftovers_remove (ChWorld *world, const guint64 *ids, gsize n_ids, const ChActor *actor, GError **error)
{
  g_autoptr(GString) list = g_string_new (NULL);

  for (gsize i = 0; i < n_ids; i++)
    g_string_append_printf (list, " %d", (int) ids[i]);
  return note (actor, error, "remove leftovers%s", n_ids > 0 ? list->str : " all") ? fake_engine_add_job ("dns.clean") : NULL;
}

gboolean
ch_challenge_files_remove (ChWorld *world, const ChActor *actor, GError **error)
{
  return note (actor, error, "remove challenge files");
}

/* ---- jobs ---- */

ChJob *
fake_engine_add_job (const char *kind)
{
  ChJob *job = g_new0 (ChJob, 1);

  job->id = fake_engine.jobs->len + 1;
  job->kind = g_strdup (kind);
  job->title = g_strdup ("Some work");
  job->object = ch_path_new (CH_FOLDER_DNS, 3);
  job->uid = 12;
  job->lines = g_ptr_array_new_with_free_func (g_free);
  job->started_at = 1700000000;
  g_ptr_array_add (job->lines, g_strdup ("It began."));
  g_ptr_array_add (fake_engine.jobs, job);
  return job;
}

ChJob *
ch_jobs_get (ChJobs *jobs, gint64 id)
{
  return id >= 1 && id <= fake_engine.jobs->len ? g_ptr_array_index (fake_engine.jobs, id - 1) : NULL;
}

GPtrArray *
ch_jobs_list (ChJobs *jobs)
{
  GPtrArray *list = g_ptr_array_new ();

  g_ptr_array_extend (list, fake_engine.jobs, NULL, NULL);
  return list;
}

void
ch_job_cancel (ChJob *job)
{
  job->state = CH_JOB_STATE_CANCELLED;
}
