/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/preview.h"

#include "engine/alarm.h"
#include "engine/dns-choice.h"
#include "engine/draft.h"
#include "engine/secrets.h"
#include "engine/succession.h"
#include "engine/workers.h"
#include "engine/web-roots.h"
#include "lib/error.h"
#include "pki/csr.h"
#include "pki/key.h"

#include <glib/gi18n.h>

#define DAY (24 * 60 * 60)

void
ch_order_preview_free (ChOrderPreview *preview)
{
  g_clear_pointer (&preview->order, ch_order_free);
  g_free (preview->account);
  g_strfreev (preview->counted_as);
  g_strfreev (preview->dns_accounts);
  g_clear_pointer (&preview->problems, g_ptr_array_unref);
  g_clear_pointer (&preview->fields, g_ptr_array_unref);
  g_clear_pointer (&preview->notices, g_ptr_array_unref);
  g_clear_pointer (&preview->answer, ch_ca_preview_free);
  g_free (preview->silence);
  g_free (preview);
}

static void
add_once (GPtrArray  *sentences,
          const char *sentence)
{
  if (sentence != NULL && !g_ptr_array_find_with_equal_func (sentences, sentence, g_str_equal, NULL))
    g_ptr_array_add (sentences, g_strdup (sentence));
}

static void
add_problem (ChOrderPreview *preview,
             const char     *field,
             const char     *sentence)
{
  guint before = preview->problems->len;

  add_once (preview->problems, sentence);
  if (preview->problems->len > before)
    g_ptr_array_add (preview->fields, g_strdup (field));
}

static ChOrderPreview *
preview_new (void)
{
  ChOrderPreview *preview = g_new0 (ChOrderPreview, 1);

  preview->problems = g_ptr_array_new_with_free_func (g_free);
  preview->fields = g_ptr_array_new_with_free_func (g_free);
  preview->notices = g_ptr_array_new_with_free_func (g_free);
  return preview;
}

/* ---- what can be told without asking anybody ---- */

static gint64
time_of (const ChOrder *order,
         const char    *option)
{
  const char *text = g_hash_table_lookup (order->options, option);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

/* Two clocks: the term, and the lifetime of its certificates. */
static void
tell_times (ChOrderPreview *preview,
            const ChPolicy *policy)
{
  ChOrder *order = preview->order;
  gint64 begin = MAX (ch_now (), time_of (order, "not-before")), end = time_of (order, "not-after");
  g_autoptr(GDateTime) start = g_date_time_new_from_unix_utc (begin);
  g_autoptr(GDateTime) term = start != NULL ? g_date_time_add_months (start, order->term_months) : NULL;

  if (term == NULL)
    return;

  preview->term_end = end > begin ? MIN (end, g_date_time_to_unix (term)) : g_date_time_to_unix (term);
  preview->not_after = MIN (preview->term_end, begin + (gint64) ch_policy_max_days (policy, order->product, begin) * DAY);

  order->term_end = preview->term_end;
  ChLife life = { begin, preview->not_after };
  g_autoptr(GArray) plan = ch_succession_plan (policy, order, life, begin);
  preview->certificates = 1;
  for (guint i = 0; i < plan->len; i++)
    preview->certificates += g_array_index (plan, ChNext, i).kind == CH_SUCCESSOR_REISSUE;
}

static gboolean
is_proven_by_us (const ChOrder *order)
{
  return order->product == CH_PRODUCT_ALPHASSL || order->product == CH_PRODUCT_DOMAINSSL;
}

static void
tell_notices (ChOrderPreview *preview,
              const ChPolicy *policy)
{
  const ChOrder *order = preview->order;
  g_autofree char *client = ch_policy_client_notice (policy, order->product, ch_now ());
  g_autofree char *method = NULL, *key = NULL;

  if (!is_proven_by_us (order))
    add_once (preview->notices, _("The CA's staff look at the organisation and prove the names first; that takes days"));
  else if (ch_policy_method_allowed (policy, order->method, ch_now (), FALSE, &method))
    add_once (preview->notices, method);
  if (ch_policy_key_allowed (policy, order->key_algorithm, ch_now (), &key))
    add_once (preview->notices, key);
  add_once (preview->notices, client);
}

/* Who proves each name; an account that is named does all. */
static void
tell_dns_accounts (ChOrderPreview *preview,
                   ChWorld        *world)
{
  const ChOrder *order = preview->order;
  const char *const *names = (const char *const *) order->names;
  g_autoptr(GStrvBuilder) accounts = g_strv_builder_new ();
  gboolean by_dns = is_proven_by_us (order) && order->method == CH_DCV_METHOD_DNS;
  g_autoptr(ChPeer) named = order->dns_named ? ch_store_get_peer (world->store, CH_PEER_ROLE_DNS, order->dns_account_id, NULL) : NULL;
  g_autoptr(GPtrArray) chosen = by_dns && named == NULL ? ch_dns_choose_names (world->store, names, NULL) : NULL;

  for (guint i = 0; by_dns && names[i] != NULL; i++)
    g_strv_builder_add (accounts, named != NULL ? named->name
                                  : chosen != NULL && i < chosen->len ? ((const ChPeer *) chosen->pdata[i])->name : "");

  if (is_proven_by_us (order) && order->method == CH_DCV_METHOD_HTTP && !ch_web_roots_cover (world->store, names))
    add_once (preview->notices, _("No deployment with a web root covers all the names: a person puts the file when the order says which"));
  preview->dns_accounts = g_strv_builder_end (accounts);
  if (by_dns && order->dns_account_id == 0)
    add_once (preview->notices, _("There is no DNS account for it: a person makes the TXT record when the order says which"));
}

/* ---- the CA's answer ---- */

/* A preview that is being made. */
typedef struct
{
  ChWorld *world;           /* (not owned) */
  ChOrderPreview *preview;  /* (owned) (nullable): given away */
  ChPeer *account;          /* (owned) (nullable) */
  GBytes *key;              /* (owned) (nullable): that came with the request */
  const ChCa *ca;           /* (nullable) */
  GTask *task;              /* (owned) */
  GError *error;            /* (owned) (nullable) */
} Work;

static void
work_free (Work *work)
{
  g_clear_pointer (&work->preview, ch_order_preview_free);
  g_clear_pointer (&work->account, ch_peer_free);
  g_clear_pointer (&work->key, g_bytes_unref);
  g_clear_object (&work->task);
  g_clear_error (&work->error);
  g_free (work);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Work, work_free)

static gboolean
check_brought_key (Work    *work,
                   GError **error)
{
  g_autoptr(GBytes) key = work->key != NULL ? ch_key_import (work->key, NULL, NULL, error) : NULL;
  g_autofree char *hash = key != NULL ? ch_key_public_hash (key, error) : NULL;

  if (work->key == NULL)
    return TRUE;
  if (hash == NULL)
    return FALSE;

  return g_strcmp0 (hash, work->preview->order->public_key) == 0
         || ch_error_set (error, CH_ERROR_INVALID, _("The private key does not belong to the certificate request"));
}

/* (transfer full): the request that came, or one for a key that nobody keeps */
static char *
make_request (const ChOrder *order,
              GError       **error)
{
  if (order->csr != NULL)
    return g_strdup (order->csr);

  g_autoptr(GBytes) key = ch_key_generate (order->key_algorithm, error);

  return key != NULL ? ch_csr_new (key, (const char *const *) order->names, error) : NULL;
}

static void
ask (gpointer      data,
     GCancellable *cancellable)
{
  Work *work = data;
  g_autoptr(GError) wrong = NULL;

  if (!check_brought_key (work, &wrong))
    add_problem (work->preview, "private-key", wrong->message);

  g_autofree char *csr = make_request (work->preview->order, &work->error);
  g_autoptr(GHashTable) secrets = csr != NULL ? ch_secrets_load (work->world->vault, work->account, cancellable, &work->error) : NULL;
  if (secrets == NULL)
    return;

  ChCaAccess access = { .settings = work->account->settings, .secrets = secrets };
  ChCaRequest request = ch_draft_request (work->preview->order);
  request.csr = csr;
  work->preview->answer = work->ca->preview (&access, &request, cancellable, &work->error);
}

static void
answered (gpointer      data,
          GCancellable *cancellable)
{
  g_autoptr(Work) work = data;
  ChOrderPreview *preview = work->preview;
  GPtrArray *problems = preview->answer != NULL ? preview->answer->problems : NULL;

  for (guint i = 0; problems != NULL && i < problems->len; i++)
    add_problem (preview, "", problems->pdata[i]);
  if (work->error != NULL)
    preview->silence = g_strdup (work->error->message);

  g_task_return_pointer (work->task, g_steal_pointer (&work->preview), (GDestroyNotify) ch_order_preview_free);
}

static void
look_at_draft (Work               *work,
               const ChOrderDraft *draft)
{
  ChOrderPreview *preview = work->preview;
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_autoptr(GPtrArray) fields = g_ptr_array_new ();
  gboolean askable = FALSE;

  preview->order = ch_draft_examine (work->world, draft, problems, fields, &askable);
  for (guint i = 0; i < problems->len; i++)
    add_problem (preview, fields->pdata[i], ((const GError *) problems->pdata[i])->message);

  tell_times (preview, work->world->policy);
  tell_notices (preview, work->world->policy);
  tell_dns_accounts (preview, work->world);

  work->account = preview->order->account_id != 0
    ? ch_store_get_peer (work->world->store, CH_PEER_ROLE_ACCOUNT, preview->order->account_id, NULL) : NULL;
  const ChCa *ca = work->account != NULL ? ch_ca_find (work->account->kind, NULL) : NULL;

  preview->account = work->account != NULL ? g_strdup (work->account->name) : NULL;
  if (ca != NULL && ca->describe_names != NULL && preview->order->names[0] != NULL)
    preview->counted_as = ca->describe_names ((const char *const *) preview->order->names);
  if (!askable)
    preview->silence = g_strdup (_("The CA was not asked, because the order cannot be sent like this"));
  else if (ca->preview == NULL)
    preview->silence = g_strdup (_("This CA tells no price before an order"));
  else
    work->ca = ca;
}

void
ch_order_preview_async (ChWorld             *world,
                        ChOrderDraft        *draft,
                        GAsyncReadyCallback  callback,
                        gpointer             data)
{
  g_autoptr(ChOrderDraft) owned = draft;
  Work *work = g_new0 (Work, 1);

  work->world = world;
  work->task = g_task_new (NULL, NULL, callback, data);
  g_task_set_source_tag (work->task, ch_order_preview_async);
  work->key = owned->key != NULL ? g_bytes_ref (owned->key) : NULL;
  work->preview = preview_new ();

  look_at_draft (work, owned);
  if (work->ca != NULL)
    ch_workers_push (world->workers, ask, answered, work, NULL);
  else
    answered (work, NULL);
}

ChOrderPreview *
ch_order_preview_finish (GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- a reissue ---- */

ChOrderPreview *
ch_order_preview_reissue (ChWorld              *world,
                          gint64                id,
                          const ChReissueWish  *wish,
                          GError              **error)
{
  g_autoptr(GError) wrong = NULL;
  const char *about = NULL;
  g_autoptr(ChOrder) order = ch_order_make_reissue (world, id, wish, &about, &wrong);

  if (order == NULL && about == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }

  g_autoptr(ChOrderPreview) preview = preview_new ();
  g_autoptr(ChPeer) account = NULL;

  if (wrong != NULL)
    add_problem (preview, about, wrong->message);
  preview->order = order != NULL ? g_steal_pointer (&order) : ch_store_get_order (world->store, id, error);
  if (preview->order == NULL)
    return NULL;

  account = ch_store_get_peer (world->store, CH_PEER_ROLE_ACCOUNT, preview->order->account_id, NULL);
  preview->account = account != NULL ? g_strdup (account->name) : NULL;
  preview->term_end = preview->order->term_end;
  preview->not_after = MIN (preview->term_end,
                            ch_now () + (gint64) ch_policy_max_days (world->policy, preview->order->product, ch_now ()) * DAY);
  preview->certificates = 1;
  tell_notices (preview, world->policy);
  tell_dns_accounts (preview, world);
  preview->silence = g_strdup (_("A reissue within the term is free"));
  return g_steal_pointer (&preview);
}
