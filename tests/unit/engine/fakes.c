/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fakes.h"

#include "dns/alias.h"
#include "dcv/http.h"
#include "issue.h"
#include "lib/error.h"
#include "pki/csr.h"

#include <string.h>

/* What a call of an operation is to do besides its work. */
typedef struct
{
  Op op;
  gboolean fails;
  gboolean after;         /* fails or calls the hook after its work */
  ChError code;
  FakeHook hook;
  gpointer data;
} Plan;

Fakes fakes;
GString *fake_secrets_seen;

static GQueue plans = G_QUEUE_INIT;
static guint last_number;

static const char *const op_names[] = {
  "verify", "submit", "find", "check", "fetch", "list", "cancel", "reissue", "find-reissue", "revoke", "list-placed",
  "approvers", "approver", "mail",
  "zone", "add", "remove", "look", "follow", "get", "probe", "stage", "swap", "restore", "settle", "act",
};

static void
fake_order_free (FakeOrder *order)
{
  g_free (order->number);
  g_free (order->own_key);
  g_free (order->name);
  g_free (order->csr);
  g_free (order->names);
  g_free (order->reissues);
  g_free (order->renews);
  g_free (order->value);
  g_free (order->certificate);
  g_free (order->approver);
  g_free (order);
}

static void
fake_placed_free (FakePlaced *placed)
{
  g_free (placed->number);
  g_free (placed->name);
  g_free (placed->certificate);
  g_free (placed->reissues);
  g_free (placed->renews);
  g_free (placed);
}

void
fakes_reset (void)
{
  fakes_clear ();
  fakes.placed = g_ptr_array_new_with_free_func ((GDestroyNotify) fake_placed_free);
  fakes.orders = g_ptr_array_new_with_free_func ((GDestroyNotify) fake_order_free);
  fakes.txt = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  fakes.aliases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  fakes.web = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  fakes.files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  fakes.calls = g_string_new (NULL);
  fake_secrets_seen = g_string_new (NULL);
}

void
fakes_clear (void)
{
  g_clear_pointer (&fakes.orders, g_ptr_array_unref);
  g_clear_pointer (&fakes.placed, g_ptr_array_unref);
  g_clear_pointer (&fakes.txt, g_hash_table_unref);
  g_clear_pointer (&fakes.aliases, g_hash_table_unref);
  g_clear_pointer (&fakes.files, g_hash_table_unref);
  g_clear_pointer (&fakes.web, g_hash_table_unref);
  if (fakes.calls != NULL)
    g_string_free (fakes.calls, TRUE);
  if (fake_secrets_seen != NULL)
    g_string_free (g_steal_pointer (&fake_secrets_seen), TRUE);
  fakes = (Fakes) { NULL };
  g_queue_clear_full (&plans, g_free);
}

static void
plan (Op       op,
      gboolean fails,
      gboolean after,
      ChError  code,
      FakeHook hook,
      gpointer data)
{
  Plan *planned = g_new0 (Plan, 1);

  *planned = (Plan) { op, fails, after, code, hook, data };
  g_queue_push_tail (&plans, planned);
}

FakeOrder *
fake_order (guint i)
{
  g_assert_cmpuint (fakes.orders->len, >, i);
  return g_ptr_array_index (fakes.orders, i);
}

void
fake_fail (Op      op,
           ChError code)
{
  plan (op, TRUE, FALSE, code, NULL, NULL);
}

void
fake_lose (Op      op,
           ChError code)
{
  plan (op, TRUE, TRUE, code, NULL, NULL);
}

void
fake_hook (Op       op,
           gboolean after,
           FakeHook hook,
           gpointer data)
{
  plan (op, FALSE, after, CH_ERROR_FAILED, hook, data);
}

void
fake_hook_and_lose (Op       op,
                    ChError  code,
                    FakeHook hook,
                    gpointer data)
{
  plan (op, TRUE, TRUE, code, hook, data);
}

static Plan *
take_plan (Op op)
{
  for (GList *l = plans.head; l != NULL; l = l->next)
    if (((Plan *) l->data)->op == op)
      {
        Plan *found = l->data;

        g_queue_delete_link (&plans, l);
        return found;
      }

  return NULL;
}

static gboolean
follow (const Plan *planned,
        gboolean    after,
        GError    **error)
{
  if (planned == NULL || planned->after != after)
    return TRUE;
  if (planned->hook != NULL)
    planned->hook (planned->data);
  if (fakes.frozen)
    return ch_error_set (error, CH_ERROR_CANCELLED, "Dead");

  return !planned->fails || ch_error_set (error, planned->code, "Fake trouble with %s", op_names[planned->op]);
}

/* Every operation begins and ends with these two. */
static gboolean
enter (Op             op,
       Plan         **planned,
       GHashTable    *secrets,
       GCancellable  *cancellable,
       GError       **error)
{
  if (fakes.frozen)
    return ch_error_set (error, CH_ERROR_CANCELLED, "Dead");

  fakes.count[op]++;
  g_string_append_printf (fakes.calls, "%s ", op_names[op]);
  if (secrets != NULL && g_hash_table_lookup (secrets, "secret") != NULL)
    g_string_append_printf (fake_secrets_seen, "%s ", (char *) g_hash_table_lookup (secrets, "secret"));
  if (g_cancellable_is_cancelled (cancellable))
    return ch_error_set (error, CH_ERROR_CANCELLED, "Cancelled");

  *planned = take_plan (op);
  if (!follow (*planned, FALSE, error))
    {
      g_clear_pointer (planned, g_free);
      return FALSE;
    }

  return TRUE;
}

static gboolean
leave (Plan    *planned,
       GError **error)
{
  gboolean ok = follow (planned, TRUE, error);

  g_free (planned);
  return ok;
}

/* ---- the CA ---- */

static FakeOrder *
find_order (const char *number,
            const char *own_key)
{
  for (guint i = fakes.orders->len; i > 0; i--)
    {
      FakeOrder *order = g_ptr_array_index (fakes.orders, i - 1);

      if (number != NULL ? g_str_equal (order->number, number) : g_strcmp0 (order->own_key, own_key) == 0)
        return order;
    }

  return NULL;
}

static const char *
place_of (const FakeOrder *order)
{
  return g_str_has_prefix (order->name, "*.") ? order->name + 2 : order->name;
}

static ChCaOrder *
answer (const FakeOrder *order,
        gboolean         with_value)
{
  ChCaOrder *told = g_new0 (ChCaOrder, 1);

  told->ca_order = g_strdup (order->number);
  told->own_key = g_strdup (order->own_key);
  told->status = order->status;
  told->reissues = g_strdup (order->reissues);
  told->renews = g_strdup (order->renews);
  told->csr = g_strdup (order->csr);
  told->approver = g_strdup (order->approver);
  told->confirmed_at = order->confirmed_at;
  if (order->product == CH_PRODUCT_ORGANIZATIONSSL)
    told->page = g_strconcat ("https://ca.example/verify/", order->number, NULL);
  if (with_value && !fakes.no_value && order->method != CH_DCV_METHOD_EMAIL && order->product != CH_PRODUCT_ORGANIZATIONSSL)
    {
      told->value = g_strdup (order->value);
      told->locations = g_new0 (char *, 2);
      told->locations[0] = g_strdup (fakes.odd_place ? "odd.example.org" : place_of (order));
    }
  if (order->certificate != NULL && order->status == CH_CA_ISSUED)
    {
      told->certificate = g_strdup (order->certificate);
      told->chain = g_new0 (char *, 2);
      told->chain[0] = g_strdup (issue_root ());
    }

  return told;
}

static ChCaOrder *
answer_if (Plan            *planned,
           const FakeOrder *order,
           gboolean         with_value,
           GError         **error)
{
  if (!leave (planned, error))
    return NULL;
  if (order != NULL)
    return answer (order, with_value);

  ch_error_set (error, CH_ERROR_NOT_FOUND, "The fake CA has no such order");
  return NULL;
}

static gboolean
ca_verify (const ChCaAccess  *access,
           GHashTable       **facts,
           GCancellable      *cancellable,
           GError           **error)
{
  Plan *planned;

  if (!enter (OP_VERIFY, &planned, access->secrets, cancellable, error))
    return FALSE;

  *facts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_insert (*facts, g_strdup ("balance"), g_strdup ("1000.00 EUR"));
  return leave (planned, error);
}

static ChCaOrder *
ca_submit (const ChCaAccess   *access,
           const ChCaRequest  *request,
           GCancellable       *cancellable,
           GError            **error)
{
  Plan *planned;

  if (!enter (OP_SUBMIT, &planned, access->secrets, cancellable, error))
    return NULL;

  FakeOrder *order = g_new0 (FakeOrder, 1);
  order->number = g_strdup_printf ("CE%u", ++last_number);
  order->own_key = g_strdup (request->own_key);
  order->name = g_strdup (request->names[0]);
  order->csr = g_strdup (request->csr);
  order->kind = request->kind;
  order->product = request->product;
  order->method = request->method;
  order->approver = g_strdup (request->approver);
  order->mails = request->approver != NULL;
  order->renews = g_strdup (request->renews);
  order->value = g_strdup_printf ("value-%s", order->number);
  order->status = fakes.next_status;
  g_ptr_array_add (fakes.orders, order);
  return answer_if (planned, order, TRUE, error);
}

static ChCaOrder *
ca_reissue (const ChCaAccess   *access,
            const char         *ca_order,
            const char         *csr,
            const char *const  *names,
            GCancellable       *cancellable,
            GError            **error)
{
  FakeOrder *target = find_order (ca_order, NULL);
  Plan *planned;

  if (!enter (OP_REISSUE, &planned, access->secrets, cancellable, error))
    return NULL;

  g_assert_nonnull (target);
  g_assert_cmpint (target->status, ==, CH_CA_ISSUED);
  FakeOrder *order = g_new0 (FakeOrder, 1);
  order->number = g_strdup_printf ("CE%u", ++last_number);
  order->name = g_strdup (target->name);
  order->names = names != NULL ? g_strjoinv (" ", (char **) names) : NULL;
  order->csr = g_strdup (csr);
  order->value = g_strdup_printf ("value-%s", order->number);
  order->reissues = g_strdup (ca_order);
  order->status = fakes.prove_again ? CH_CA_WAITING : CH_CA_ISSUED;
  if (!fakes.prove_again)
    order->certificate = issue (order->csr, order->name);
  g_ptr_array_add (fakes.orders, order);
  return answer_if (planned, order, fakes.prove_again, error);
}

static ChCaOrder *
ca_find_reissue (const ChCaAccess  *access,
                 const char        *ca_order,
                 gint64             since,
                 GCancellable      *cancellable,
                 GError           **error)
{
  FakeOrder *found = NULL;
  Plan *planned;

  if (!enter (OP_FIND_REISSUE, &planned, access->secrets, cancellable, error))
    return NULL;

  for (guint i = 0; i < fakes.orders->len; i++)
    if (g_strcmp0 (((FakeOrder *) g_ptr_array_index (fakes.orders, i))->reissues, ca_order) == 0)
      found = g_ptr_array_index (fakes.orders, i);
  return answer_if (planned, found, FALSE, error);
}

static ChCaOrder *
ca_find (const ChCaAccess  *access,
         const char        *own_key,
         gint64             since,
         GCancellable      *cancellable,
         GError           **error)
{
  Plan *planned;

  if (!enter (OP_FIND, &planned, access->secrets, cancellable, error))
    return NULL;

  fakes.since = since;
  return answer_if (planned, find_order (NULL, own_key), FALSE, error);
}

static gboolean
is_shown (const FakeOrder *order)
{
  const char *place = place_of (order);

  if (order->method == CH_DCV_METHOD_HTTP)
    {
      g_autofree char *file = g_strdup_printf ("%s %s", order->name, order->value);
      return g_hash_table_contains (fakes.web, file);
    }

  for (const char *next = place; next != NULL; next = g_hash_table_lookup (fakes.aliases, place))
    place = next;

  g_autofree char *txt = g_strdup_printf ("%s %s", place, order->value);

  return g_hash_table_contains (fakes.txt, txt);
}

static ChCaOrder *
ca_check (const ChCaAccess  *access,
          const char        *ca_order,
          ChDcvMethod        method,
          const char        *location,
          GCancellable      *cancellable,
          GError           **error)
{
  FakeOrder *order = find_order (ca_order, NULL);
  Plan *planned;

  if (!enter (OP_CHECK, &planned, access->secrets, cancellable, error))
    return NULL;

  g_assert_cmpint (method, ==, order->method);
  g_assert_cmpint (g_str_has_prefix (location, "http://"), ==, method == CH_DCV_METHOD_HTTP);
  if (order != NULL && order->status == CH_CA_WAITING && !is_shown (order))
    {
      g_free (planned);
      ch_error_set (error, CH_ERROR_NOT_YET, "The fake CA does not see the value");
      return NULL;
    }

  if (order != NULL && order->status == CH_CA_WAITING)
    {
      order->certificate = issue (order->csr, order->name);
      order->status = CH_CA_ISSUED;
    }
  return answer_if (planned, order, FALSE, error);
}

static ChCaOrder *
ca_fetch (const ChCaAccess  *access,
          const char        *ca_order,
          GCancellable      *cancellable,
          GError           **error)
{
  Plan *planned;

  return enter (OP_FETCH, &planned, access->secrets, cancellable, error)
         ? answer_if (planned, find_order (ca_order, NULL), FALSE, error) : NULL;
}

static GPtrArray *
ca_list (const ChCaAccess  *access,
         gint64             from,
         gint64             to,
         GCancellable      *cancellable,
         GError           **error)
{
  Plan *planned;

  if (!enter (OP_LIST, &planned, access->secrets, cancellable, error) || !leave (planned, error))
    return NULL;

  g_assert_cmpint (from, >, 0);
  g_assert_cmpint (from, <, to);
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) ch_ca_order_free);
  for (guint i = 0; i < fakes.orders->len; i++)
    {
      const FakeOrder *order = g_ptr_array_index (fakes.orders, i);

      if (order->changed_at == 0 || (from <= order->changed_at && order->changed_at <= to))
        g_ptr_array_add (list, answer (order, FALSE));
    }
  return list;
}

static gboolean
ca_cancel (const ChCaAccess  *access,
           const char        *ca_order,
           GCancellable      *cancellable,
           GError           **error)
{
  FakeOrder *order = find_order (ca_order, NULL);
  Plan *planned;

  if (!enter (OP_CANCEL, &planned, access->secrets, cancellable, error))
    return FALSE;

  g_assert_nonnull (order);
  order->status = CH_CA_CANCELLED;
  return leave (planned, error);
}

static gboolean
ca_revoke (const ChCaAccess  *access,
           const char        *ca_order,
           GCancellable      *cancellable,
           GError           **error)
{
  FakeOrder *order = find_order (ca_order, NULL);
  Plan *planned;

  if (!enter (OP_REVOKE, &planned, access->secrets, cancellable, error))
    return FALSE;

  g_assert_nonnull (order);
  order->status = CH_CA_REVOKED;
  return leave (planned, error);
}

static gboolean
ca_may_order (const ChCaAccess   *access,
              const ChCaRequest  *request,
              GError            **error)
{
  if (request->method == CH_DCV_METHOD_HTTP && g_str_has_prefix (request->names[0], "*."))
    return ch_error_set (error, CH_ERROR_INVALID, "The fake CA proves no wildcard by a file");
  return request->product != CH_PRODUCT_EXTENDEDSSL || ch_error_set (error, CH_ERROR_INVALID, "The fake CA has no such product");
}

static gboolean
ca_may_name (const ChCaAccess   *access,
             const ChCaRequest  *request,
             GError            **error)
{
  return request->product != CH_PRODUCT_ALPHASSL || request->names[1] == NULL
         || ch_error_set (error, CH_ERROR_INVALID, "The fake CA gives this product one name");
}

/* It reads the request, and has something against names with "odd" in them. */
static ChCaPreview *
ca_preview (const ChCaAccess   *access,
            const ChCaRequest  *request,
            GCancellable       *cancellable,
            GError            **error)
{
  Plan *planned;

  if (!enter (OP_VERIFY, &planned, access->secrets, cancellable, error) || !leave (planned, error))
    return NULL;

  g_autoptr(ChCsr) csr = ch_csr_parse (request->csr, error);
  if (csr == NULL)
    return NULL;

  ChCaPreview *preview = g_new0 (ChCaPreview, 1);
  preview->price = g_strdup ("1.00 EUR");
  preview->csr = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_insert (preview->csr, g_strdup ("common-name"), g_strdup (csr->names[0]));
  preview->problems = g_ptr_array_new_with_free_func (g_free);
  if (strstr (request->names[0], "odd") != NULL)
    g_ptr_array_add (preview->problems, g_strdup ("The fake CA finds that odd"));
  return preview;
}

static char **
ca_list_approvers (const ChCaAccess  *access,
                   const char        *name,
                   GCancellable      *cancellable,
                   GError           **error)
{
  Plan *planned;

  if (!enter (OP_APPROVERS, &planned, access->secrets, cancellable, error) || !leave (planned, error))
    return NULL;

  return g_strsplit ("admin@example.com webmaster@example.com", " ", -1);
}

static gboolean
ca_change_approver (const ChCaAccess  *access,
                    const char        *ca_order,
                    const char        *name,
                    const char        *approver,
                    GCancellable      *cancellable,
                    GError           **error)
{
  FakeOrder *order = find_order (ca_order, NULL);
  Plan *planned;

  if (!enter (OP_APPROVER, &planned, access->secrets, cancellable, error))
    return FALSE;

  g_assert_cmpstr (name, ==, order->name);
  g_free (order->approver);
  order->approver = g_strdup (approver);
  order->mails++;
  return leave (planned, error);
}

static gboolean
ca_resend_mail (const ChCaAccess  *access,
                const char        *ca_order,
                GCancellable      *cancellable,
                GError           **error)
{
  Plan *planned;

  if (!enter (OP_MAIL, &planned, access->secrets, cancellable, error))
    return FALSE;

  find_order (ca_order, NULL)->mails++;
  return leave (planned, error);
}

static ChCaOrder *
tell_placed (const FakePlaced *placed)
{
  const char *names[] = { placed->name, NULL };
  const char *roots[] = { issue_root (), NULL };
  ChCaOrder *order = g_new0 (ChCaOrder, 1);

  order->ca_order = g_strdup (placed->number);
  order->common_name = g_strdup (placed->name);
  order->status = placed->status;
  order->ordered_at = placed->at;
  order->issued_at = placed->certificate != NULL ? placed->at : 0;
  order->certificate = g_strdup (placed->certificate);
  order->chain = g_strdupv ((char **) roots);
  order->reissues = g_strdup (placed->reissues);
  order->renews = g_strdup (placed->renews);
  order->known = !placed->unknown;
  order->product = CH_PRODUCT_ALPHASSL;
  order->kind = placed->renews != NULL ? CH_ORDER_KIND_RENEWAL : CH_ORDER_KIND_NEW;
  order->term_months = 12;
  order->names = g_strdupv ((char **) names);
  return order;
}

/* Each second is a window of its own. */
static gboolean
ca_list_placed (const ChCaAccess  *access,
                gint64             from,
                gint64             to,
                const ChCaStatus  *status,
                ChCaFound          found,
                gpointer           data,
                GCancellable      *cancellable,
                GError           **error)
{
  Plan *planned;

  fakes.told_from = from;
  if (!enter (OP_LIST_PLACED, &planned, access->secrets, cancellable, error))
    return FALSE;

  for (guint i = 0; i < fakes.placed->len; i++)
    {
      const FakePlaced *placed = fakes.placed->pdata[i];

      if (placed->at < from || placed->at > to || (status != NULL && *status != placed->status))
        continue;
      if (!found (tell_placed (placed), placed->at, data, error))
        {
          g_free (planned);
          return FALSE;
        }
    }
  return leave (planned, error);
}

static const ChField ca_fields[] = {
  { .name = "user", .title = "User", .flags = CH_FIELD_REQUIRED },
  { .name = "secret", .title = "Password", .flags = CH_FIELD_SECRET | CH_FIELD_REQUIRED },
  { .name = "environment", .title = "Environment", .fallback = "production" },
  { .name = "contact-first-name", .title = "First name" },
  { .name = "contact-last-name", .title = "Last name" },
  { .name = "contact-phone", .title = "Phone" },
  { .name = "contact-email", .title = "Mail" },
  { NULL },
};

static const ChCa fake_ca = {
  .kind = "fake", .title = "Fake CA", .fields = ca_fields, .may_order = ca_may_order, .may_name = ca_may_name, .preview = ca_preview, .verify = ca_verify, .submit = ca_submit, .find = ca_find,
  .check = ca_check, .fetch = ca_fetch, .list_changed = ca_list, .cancel = ca_cancel,
  .list_approvers = ca_list_approvers, .change_approver = ca_change_approver, .resend_mail = ca_resend_mail,
  .revoke = ca_revoke, .reissue = ca_reissue, .find_reissue = ca_find_reissue, .list_placed = ca_list_placed,
};

/* ---- the DNS service ---- */

static char *
dns_find_zone (const ChDnsAccess  *access,
               const char         *name,
               GCancellable       *cancellable,
               GError            **error)
{
  Plan *planned;

  return enter (OP_ZONE, &planned, access->secrets, cancellable, error) && leave (planned, error)
         ? g_strdup ("example.com") : NULL;
}

static gboolean
dns_add (const ChDnsAccess  *access,
         const char         *zone,
         const ChTxt        *txt,
         gboolean           *existed,
         GCancellable       *cancellable,
         GError            **error)
{
  Plan *planned;

  if (!enter (OP_ADD, &planned, access->secrets, cancellable, error))
    return FALSE;

  *existed = !g_hash_table_add (fakes.txt, g_strdup_printf ("%s %s", txt->name, txt->value)) || fakes.existed;
  return leave (planned, error);
}

static gboolean
dns_begin_add (const ChDnsAccess  *access,
               const char         *zone,
               const ChTxt        *txt,
               gboolean           *existed,
               char              **token,
               GCancellable       *cancellable,
               GError            **error)
{
  if (strstr (txt->name, "slow.") != NULL)
    *token = g_strdup ("change-1");
  return dns_add (access, zone, txt, existed, cancellable, error);
}

static gboolean
dns_has_settled (const ChDnsAccess *access,
                 const char        *token,
                 GCancellable      *cancellable)
{
  g_assert_cmpstr (token, ==, "change-1");
  g_assert_nonnull (access->secrets);
  g_string_append (fakes.calls, "ask ");
  if (fakes.unsettled == 0)
    return TRUE;

  fakes.unsettled--;
  return FALSE;
}

static gboolean
dns_remove (const ChDnsAccess  *access,
            const char         *zone,
            const ChTxt        *txt,
            GCancellable       *cancellable,
            GError            **error)
{
  g_autofree char *both = g_strdup_printf ("%s %s", txt->name, txt->value);
  Plan *planned;

  if (!enter (OP_REMOVE, &planned, access->secrets, cancellable, error))
    return FALSE;

  g_hash_table_remove (fakes.txt, both);
  return leave (planned, error);
}

static gboolean
dns_prepare (GHashTable  *settings,
             GHashTable  *secrets,
             GError     **error)
{
  const char *server = g_hash_table_lookup (settings, "server");

  return g_strcmp0 (server, "wrong") != 0 || ch_error_set (error, CH_ERROR_INVALID, "The server is wrong");
}

static const ChField dns_fields[] = {
  { .name = "server", .title = "Server", .flags = CH_FIELD_REQUIRED },
  { .name = "secret", .title = "Key", .flags = CH_FIELD_SECRET | CH_FIELD_REQUIRED },
  { .name = "other", .title = "Other key", .flags = CH_FIELD_SECRET },
  { NULL },
};

static gboolean
dns_verify (const ChDnsAccess  *access,
            GPtrArray          *zones,
            GCancellable       *cancellable,
            GError            **error)
{
  Plan *planned;

  if (!enter (OP_VERIFY, &planned, access->secrets, cancellable, error))
    return FALSE;

  g_ptr_array_add (zones, g_strdup ("example.com"));
  return leave (planned, error);
}

static const ChDnsProvider fake_dns = {
  .kind = "fake", .title = "Fake DNS", .fields = dns_fields, .prepare = dns_prepare, .verify = dns_verify, .find_zone = dns_find_zone,
  .add = dns_add, .begin_add = dns_begin_add, .has_settled = dns_has_settled, .remove = dns_remove,
};

/* It is asked for each order, and most lead nowhere: it is not told among the calls. */
gboolean
ch_dns_find_alias (const char       *name,
                   const ChDnsView  *view,
                   char            **target,
                   GCancellable     *cancellable,
                   GError          **error)
{
  Plan *planned = take_plan (OP_FOLLOW);

  if (fakes.frozen || g_cancellable_is_cancelled (cancellable))
    {
      g_free (planned);
      return ch_error_set (error, CH_ERROR_CANCELLED, "Dead");
    }

  fakes.count[OP_FOLLOW]++;
  *target = NULL;
  if (follow (planned, FALSE, error) && leave (g_steal_pointer (&planned), error))
    {
      *target = g_strdup (g_hash_table_lookup (fakes.aliases, name));
      return TRUE;
    }

  g_free (planned);
  return FALSE;
}

ChPropagation *
ch_propagation_look (const char       *name,
                     const char       *value,
                     const ChDnsView  *view,
                     GCancellable     *cancellable,
                     GError          **error)
{
  g_autofree char *both = g_strdup_printf ("%s %s", name, value);
  Plan *planned;

  if (!enter (OP_LOOK, &planned, NULL, cancellable, error) || !leave (planned, error))
    return NULL;

  ChPropagation *look = g_new0 (ChPropagation, 1);
  ChObservation *seen = g_new0 (ChObservation, 1);

  look->observations = g_ptr_array_new ();
  look->complete = g_hash_table_contains (fakes.txt, both);
  look->denied = !look->complete && !fakes.silent;
  look->doubtful = fakes.silent;
  look->summary = g_strdup (fakes.silent ? "ns1.example.com does not answer" : look->complete ? "1 of 1 servers shows the value" : "ns1.example.com does not show the value");
  seen->server = g_strdup ("ns1.example.com");
  seen->address = g_strdup ("192.0.2.1");
  seen->seen = fakes.silent ? CH_SEEN_SILENT : look->complete ? CH_SEEN_VALUE : CH_SEEN_NO_NAME;
  seen->text = g_strdup (look->complete ? "shows the value" : "answers NXDOMAIN");
  g_ptr_array_add (look->observations, seen);
  return look;
}

void
ch_propagation_free (ChPropagation *look)
{
  for (guint i = 0; i < look->observations->len; i++)
    {
      ChObservation *seen = g_ptr_array_index (look->observations, i);

      g_free (seen->server);
      g_free (seen->address);
      g_free (seen->text);
      g_free (seen);
    }
  g_ptr_array_unref (look->observations);
  g_free (look->summary);
  g_free (look->zone);
  g_free (look);
}

/* ---- web servers ---- */

ChFileLook *
ch_dcv_http_look (const ChFileProof *proof,
                  GCancellable      *cancellable,
                  GError           **error)
{
  g_autofree char *both = g_strdup_printf ("%s %s", proof->host, proof->value);
  Plan *planned;

  if (!enter (OP_GET, &planned, NULL, cancellable, error) || !leave (planned, error))
    return NULL;

  ChFileLook *look = g_new0 (ChFileLook, 1);
  ChFileObservation *seen = g_new0 (ChFileObservation, 1);
  gboolean there = g_hash_table_contains (fakes.web, both);

  look->observations = g_ptr_array_new ();
  look->location = there ? g_strconcat ("http://", proof->host, NULL) : NULL;
  look->summary = g_strdup (there ? "The file stands" : "192.0.2.9 answers 404");
  seen->location = g_strconcat ("http://", proof->host, NULL);
  seen->address = g_strdup ("192.0.2.9");
  seen->seen = there ? CH_FILE_VALUE : CH_FILE_STATUS;
  seen->text = g_strdup (there ? "shows the file" : "answers with status 404");
  g_ptr_array_add (look->observations, seen);
  return look;
}

void
ch_file_look_free (ChFileLook *look)
{
  for (guint i = 0; i < look->observations->len; i++)
    {
      ChFileObservation *seen = g_ptr_array_index (look->observations, i);

      g_free (seen->location);
      g_free (seen->address);
      g_free (seen->text);
      g_free (seen);
    }
  g_ptr_array_unref (look->observations);
  g_free (look->location);
  g_free (look->summary);
  g_free (look);
}

char *
ch_dcv_http_url (const char *host)
{
  return g_strdup_printf ("http://%s/gsdv.txt", host);
}

/* ---- the server ---- */

static gboolean
target_probe (const ChServerAccess  *access,
              GPtrArray             *lines,
              GCancellable          *cancellable,
              GError               **error)
{
  Plan *planned;

  if (!enter (OP_PROBE, &planned, NULL, cancellable, error) || !leave (planned, error))
    return FALSE;

  g_ptr_array_add (lines, g_strdup ("Everything works."));
  return TRUE;
}

static gboolean
target_stage (const ChServerAccess  *access,
              const ChTargetFile    *file,
              GCancellable          *cancellable,
              GError               **error)
{
  Plan *planned;

  if (!enter (OP_STAGE, &planned, NULL, cancellable, error))
    return FALSE;

  g_hash_table_insert (fakes.files, g_strconcat (file->path, ".new", NULL), g_bytes_ref (file->content));
  return leave (planned, error);
}

static void
move_file (const char *path,
           const char *from,
           const char *to)
{
  g_autofree char *source = g_strconcat (path, from, NULL);
  GBytes *content = g_hash_table_lookup (fakes.files, source);

  if (content == NULL)
    return;
  g_hash_table_insert (fakes.files, g_strconcat (path, to, NULL), g_bytes_ref (content));
  g_hash_table_remove (fakes.files, source);
}

static gboolean
switch_file (Op             op,
             const char    *path,
             GCancellable  *cancellable,
             GError       **error)
{
  Plan *planned;

  if (!enter (op, &planned, NULL, cancellable, error))
    return FALSE;

  if (op == OP_SWAP)
    {
      move_file (path, "", ".old");
      move_file (path, ".new", "");
    }
  else if (op == OP_RESTORE)
    move_file (path, ".old", "");
  return leave (planned, error);
}

static gboolean
target_swap (const ChServerAccess *access, const char *path, GCancellable *cancellable, GError **error)
{
  return switch_file (OP_SWAP, path, cancellable, error);
}

static gboolean
target_restore (const ChServerAccess *access, const char *path, GCancellable *cancellable, GError **error)
{
  return switch_file (OP_RESTORE, path, cancellable, error);
}

static gboolean
target_settle (const ChServerAccess *access, const char *path, GCancellable *cancellable, GError **error)
{
  g_autofree char *old = g_strconcat (path, ".old", NULL);

  g_hash_table_remove (fakes.files, old);
  return switch_file (OP_SETTLE, path, cancellable, error);
}

static gboolean
target_pending (const ChServerAccess  *access,
                const char            *path,
                gboolean              *pending,
                GCancellable          *cancellable,
                GError               **error)
{
  g_autofree char *old = g_strconcat (path, ".old", NULL);

  *pending = g_hash_table_contains (fakes.files, old);
  return TRUE;
}

static char *
target_act (const ChServerAccess  *access,
            const ChAction        *action,
            GCancellable          *cancellable,
            GError               **error)
{
  Plan *planned;

  return enter (OP_ACT, &planned, NULL, cancellable, error) && leave (planned, error) ? g_strdup ("Reloaded.") : NULL;
}

static const ChField target_fields[] = { { .name = "folder", .title = "Folder" }, { NULL } };

static GBytes *
target_read (const ChServerAccess  *access,
             const char            *path,
             GCancellable          *cancellable,
             GError               **error)
{
  GBytes *content = g_hash_table_lookup (fakes.files, path);

  if (content == NULL)
    ch_error_set (error, CH_ERROR_NOT_FOUND, "There is no “%s”", path);
  return content != NULL ? g_bytes_ref (content) : NULL;
}

static gboolean
target_check_action (const ChAction  *action,
                     GError         **error)
{
  return TRUE;
}

static const ChTarget fake_target = {
  .kind = "fake", .title = "Fake server", .fields = target_fields, .probe = target_probe, .stage = target_stage,
  .swap = target_swap, .restore = target_restore, .settle = target_settle, .pending = target_pending,
  .read = target_read, .check_action = target_check_action, .act = target_act,
};

/* ---- the registries ---- */

static gboolean
is_fake (const char *kind,
         GError    **error)
{
  return g_strcmp0 (kind, "fake") == 0 || ch_error_set (error, CH_ERROR_INVALID, "There is no kind “%s”", kind);
}

const ChCa *
ch_ca_find (const char *kind, GError **error)
{
  return is_fake (kind, error) ? &fake_ca : NULL;
}

const ChCa *const *
ch_ca_list (void)
{
  static const ChCa *const list[] = { &fake_ca, NULL };
  return list;
}

const ChDnsProvider *
ch_dns_find (const char *kind, GError **error)
{
  return is_fake (kind, error) ? &fake_dns : NULL;
}

const ChDnsProvider *const *
ch_dns_list (void)
{
  static const ChDnsProvider *const list[] = { &fake_dns, NULL };
  return list;
}

const ChTarget *
ch_target_find (const char *kind, GError **error)
{
  return is_fake (kind, error) ? &fake_target : NULL;
}

const ChTarget *const *
ch_target_list (void)
{
  static const ChTarget *const list[] = { &fake_target, NULL };
  return list;
}
