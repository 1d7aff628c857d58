/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/rows.h"

#include "bus/json.h"

#include "engine/explain-proof.h"

#include "lib/error.h"
#include "lib/paths.h"

#include <glib/gi18n.h>

ChRows *
ch_rows_new (ChStore *store)
{
  ChRows *rows = g_new0 (ChRows, 1);

  rows->store = store;
  return rows;
}

void
ch_rows_free (ChRows *rows)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows->names); i++)
    g_clear_pointer (&rows->names[i], g_hash_table_unref);
  g_free (rows);
}

const char *
ch_rows_peer_name (ChRows     *rows,
                   ChPeerRole  role,
                   gint64      id)
{
  if (id == 0)
    return "";
  if (rows->names[role] == NULL)
    rows->names[role] = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);

  const char *known = g_hash_table_lookup (rows->names[role], &id);
  if (known != NULL)
    return known;

  g_autoptr(ChPeer) peer = ch_store_get_peer (rows->store, role, id, NULL);
  char *name = g_strdup (peer != NULL ? peer->name : "");
  g_hash_table_insert (rows->names[role], g_memdup2 (&id, sizeof id), name);
  return name;
}

/* ---- members ---- */

char *
ch_row_valid (const char *text)
{
  return text != NULL ? g_utf8_make_valid (text, -1) : g_strdup ("");
}

static void
put (GVariantBuilder *row,
     const char      *key,
     GVariant        *value)
{
  g_variant_builder_add (row, "{sv}", key, value);
}

void
ch_row_put_text (GVariantBuilder *row,
                 const char      *key,
                 const char      *text)
{
  put (row, key, g_variant_new_take_string (ch_row_valid (text)));
}

void
ch_row_put_names (GVariantBuilder *row,
                  const char      *key,
                  char *const     *names)
{
  GVariantBuilder list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_STRING_ARRAY);

  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    g_variant_builder_add_value (&list, g_variant_new_take_string (ch_row_valid (names[i])));

  put (row, key, g_variant_builder_end (&list));
}

void
ch_row_put_path (GVariantBuilder *row,
                 const char      *key,
                 const char      *folder,
                 gint64           id)
{
  g_autofree char *path = id > 0 ? ch_path_new (folder, id) : g_strdup ("/");

  put (row, key, g_variant_new_object_path (path));
}

static void
put_id (GVariantBuilder *row,
        gint64           id)
{
  put (row, "Id", g_variant_new_uint64 ((guint64) id));
}

static void
put_time (GVariantBuilder *row,
          const char      *key,
          gint64           time)
{
  put (row, key, g_variant_new_int64 (time));
}

static void
put_count (GVariantBuilder *row,
           const char      *key,
           guint            count)
{
  put (row, key, g_variant_new_uint32 (count));
}

static void
put_flag (GVariantBuilder *row,
          const char      *key,
          gboolean         flag)
{
  put (row, key, g_variant_new_boolean (flag));
}

void
ch_row_put_table (GVariantBuilder *row,
                  const char      *key,
                  GHashTable      *table)
{
  GVariantBuilder list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));
  GHashTableIter iter;
  gpointer name, text;

  if (table != NULL)
    {
      g_hash_table_iter_init (&iter, table);
      while (g_hash_table_iter_next (&iter, &name, &text))
        {
          g_autofree char *valid_name = ch_row_valid (name);
          g_autofree char *valid_text = ch_row_valid (text);
          g_variant_builder_add (&list, "{ss}", valid_name, valid_text);
        }
    }

  put (row, key, g_variant_builder_end (&list));
}

/* ---- peers, orders ---- */

GVariant *
ch_row_peer (const ChPeer *peer)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  put_id (&row, peer->id);
  ch_row_put_text (&row, "Name", peer->name);
  ch_row_put_text (&row, "Kind", peer->kind);
  ch_row_put_table (&row, "Settings", peer->settings);
  put_time (&row, "CreatedAt", peer->created_at);
  /* A profile is data: it can neither fail nor be tried. */
  if (peer->role != CH_PEER_ROLE_PROFILE)
    {
      ch_row_put_text (&row, "State", ch_nick (CH_TYPE_PEER_STATE, peer->state));
      ch_row_put_text (&row, "Reason", peer->reason);
      ch_row_put_names (&row, "Secrets", peer->secrets);
      put_time (&row, "CheckedAt", peer->checked_at);
    }
  return g_variant_builder_end (&row);
}

/* The common name as people write it. */
static void
put_common_name (GVariantBuilder *row,
                 const ChOrder   *order)
{
  const char *name = order->names != NULL && order->names[0] != NULL ? order->names[0] : "";
  g_autofree char *unicode = g_hostname_to_unicode (name);

  ch_row_put_text (row, "Name", unicode != NULL ? unicode : name);
}

static void
put_order_state (GVariantBuilder *row,
                 const ChOrder   *order)
{
  ch_row_put_text (row, "State", ch_nick (CH_TYPE_ORDER_STATE, order->state));
  ch_row_put_text (row, "Step", ch_nick (CH_TYPE_ORDER_STEP, order->step));
  ch_row_put_text (row, "Reason", order->reason);
  put_time (row, "StateSince", order->state_since);
  put_time (row, "Due", order->due);
  put_count (row, "Failures", order->failures);
  put_flag (row, "CancelWanted", order->cancel_wanted);
}

static void
put_order_request (GVariantBuilder *row,
                   ChRows          *rows,
                   const ChOrder   *order)
{
  ch_row_put_path (row, "Account", CH_FOLDER_ACCOUNTS, order->account_id);
  ch_row_put_text (row, "AccountName", ch_rows_peer_name (rows, CH_PEER_ROLE_ACCOUNT, order->account_id));
  ch_row_put_path (row, "DnsAccount", CH_FOLDER_DNS, order->dns_account_id);
  ch_row_put_text (row, "DnsAccountName", ch_rows_peer_name (rows, CH_PEER_ROLE_DNS, order->dns_account_id));
  ch_row_put_text (row, "Product", ch_nick (CH_TYPE_PRODUCT, order->product));
  ch_row_put_text (row, "Method", ch_nick (CH_TYPE_DCV_METHOD, order->method));
  ch_row_put_text (row, "Key", ch_nick (CH_TYPE_KEY_ALGORITHM, order->key_algorithm));
  put_flag (row, "HasKey", order->key_ref != NULL);
  put_count (row, "Term", (guint) MAX (order->term_months, 0));
  ch_row_put_table (row, "Contact", order->contact);
  ch_row_put_table (row, "Organization", order->organization);
  ch_row_put_table (row, "Options", order->options);
  ch_row_put_text (row, "Price", order->price);
  ch_row_put_text (row, "Page", order->page);
  ch_row_put_text (row, "Approver", order->approver);
}

static void
put_order_times (GVariantBuilder *row,
                 const ChOrder   *order)
{
  ch_row_put_text (row, "CaOrder", order->ca_order != NULL ? order->ca_order : order->reissues_ca);
  put_time (row, "CreatedAt", order->created_at);
  put_time (row, "UpdatedAt", order->updated_at);
  put_time (row, "PlacedAt", order->placed_at);
  put_time (row, "IssuedAt", order->issued_at);
  put_time (row, "NotAfter", order->not_after);
  put_time (row, "TermEnd", order->term_end);
}

/* What came before it and what follows. */
static void
put_order_succession (GVariantBuilder *row,
                      ChRows          *rows,
                      const ChOrder   *order)
{
  g_autoptr(ChOrder) renewal = NULL;

  g_autofree char *served = ch_store_get_served (rows->store, order->id);

  ch_store_find_renewal (rows->store, order->id, &renewal, NULL);
  ch_row_put_text (row, "Served", served);
  ch_row_put_text (row, "Kind", ch_nick (CH_TYPE_ORDER_KIND, order->kind));
  ch_row_put_path (row, "Renews", CH_FOLDER_ORDERS, order->renews_id);
  ch_row_put_path (row, "RenewedBy", CH_FOLDER_ORDERS, renewal != NULL ? renewal->id : 0);
  put_flag (row, "AutoReplace", order->auto_replace);
  put_flag (row, "AutoRenew", order->auto_renew);
  put_time (row, "ReplaceAt", order->replace_at);
  put_count (row, "ReplaceFailures", order->replace_failures);
  ch_row_put_text (row, "Note", order->note);
  ch_row_put_names (row, "Tags", order->tags);
}

static GVariant *
pick_columns (GVariant          *row,
              const char *const *columns)
{
  GVariantBuilder picked = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autoptr(GVariant) all = g_variant_ref_sink (row);
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_iter_init (&iter, all);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    if (g_str_equal (key, "Id") || g_strv_contains (columns, key))
      put (&picked, key, value);

  return g_variant_builder_end (&picked);
}

GVariant *
ch_row_order (ChRows            *rows,
              const ChOrder     *order,
              const char *const *columns)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  put_id (&row, order->id);
  put_common_name (&row, order);
  ch_row_put_names (&row, "Names", order->names);
  put_order_state (&row, order);
  put_order_request (&row, rows, order);
  put_order_times (&row, order);
  put_order_succession (&row, rows, order);

  GVariant *all = g_variant_builder_end (&row);
  return columns != NULL ? pick_columns (all, columns) : all;
}

GVariant *
ch_row_challenge (ChRows            *rows,
                  const ChChallenge *challenge)
{
  static const ChJsonKey observed[] = {
    { "server", "Server", "s" }, { "address", "Address", "s" }, { "result", "Result", "s" },
    { "text", "Text", "s" }, { "at", "At", "x" }, { NULL }
  };
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autofree char *url = ch_proof_url (challenge);

  ch_row_put_text (&row, "Method", ch_nick (CH_TYPE_DCV_METHOD, challenge->method));
  ch_row_put_text (&row, "Name", challenge->name);
  ch_row_put_text (&row, "Location", challenge->location);
  ch_row_put_names (&row, "Aliases", challenge->aliases);
  ch_row_put_text (&row, "Value", challenge->value);
  ch_row_put_text (&row, "Url", url);
  ch_row_put_path (&row, "DnsAccount", CH_FOLDER_DNS, challenge->dns_account_id);
  ch_row_put_text (&row, "DnsAccountName",
                   ch_rows_peer_name (rows, CH_PEER_ROLE_DNS, challenge->dns_account_id));
  put_time (&row, "ValueAt", challenge->value_at);
  put_time (&row, "PublishedAt", challenge->published_at);
  put_time (&row, "SeenAt", challenge->seen_at);
  put (&row, "Observed", ch_json_list (challenge->observed, observed));
  return g_variant_builder_end (&row);
}

void
ch_row_put_certificate (GVariantBuilder     *row,
                        const ChCertificate *certificate)
{
  put_id (row, certificate->id);
  ch_row_put_text (row, "Serial", certificate->serial);
  ch_row_put_text (row, "Subject", certificate->subject);
  ch_row_put_text (row, "Issuer", certificate->issuer);
  ch_row_put_names (row, "Names", certificate->names);
  put_time (row, "NotBefore", certificate->not_before);
  put_time (row, "NotAfter", certificate->not_after);
  ch_row_put_text (row, "Fingerprint", certificate->fingerprint);
  ch_row_put_text (row, "PublicKey", certificate->public_key);
  put_flag (row, "HasKey", certificate->key_ref != NULL);
  put_time (row, "IssuedAt", certificate->issued_at);
  ch_row_put_text (row, "CaOrder", certificate->ca_order);
}

GVariant *
ch_row_certificate (const ChCertificate *certificate)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  ch_row_put_certificate (&row, certificate);
  ch_row_put_text (&row, "Pem", certificate->pem);
  ch_row_put_text (&row, "Chain", certificate->chain);
  ch_row_put_text (&row, "Root", certificate->root);
  return g_variant_builder_end (&row);
}

GVariant *
ch_row_story (const ChStory *story)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  GVariantBuilder lines = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (guint i = 0; story->lines != NULL && i < story->lines->len; i++)
    {
      const ChStoryLine *line = g_ptr_array_index (story->lines, i);
      GVariantBuilder entry = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
      put_time (&entry, "At", line->at);
      ch_row_put_text (&entry, "Kind", line->kind);
      ch_row_put_text (&entry, "Text", line->text);
      g_variant_builder_add_value (&lines, g_variant_builder_end (&entry));
    }

  ch_row_put_text (&row, "Headline", story->headline);
  ch_row_put_text (&row, "Advice", story->advice);
  put (&row, "Lines", g_variant_builder_end (&lines));
  return g_variant_builder_end (&row);
}

/* ---- deployments ---- */

static void
put_deployment_rule (GVariantBuilder    *row,
                     const ChDeployment *deployment)
{
  static const ChJsonKey files[] = {
    { "part", "part", "s" }, { "format", "format", "s" }, { "path", "path", "s" }, { "owner", "owner", "s" },
    { "group", "group", "s" }, { "mode", "mode", "s" }, { "alias", "alias", "s" }, { NULL }
  };
  static const ChJsonKey action[] = {
    { "kind", "kind", "s" }, { "unit", "unit", "s" }, { "pid-file", "pid-file", "s" },
    { "signal", "signal", "s" }, { "program", "program", "s" }, { "command", "command", "as" }, { NULL }
  };
  static const ChJsonKey checks[] = {
    { "host", "host", "s" }, { "port", "port", "u" }, { "sni", "sni", "s" }, { "starttls", "starttls", "s" },
    { "patience", "patience", "u" }, { NULL }
  };

  ch_row_put_names (row, "Names", deployment->names);
  ch_row_put_text (row, "Template", deployment->template);
  put (row, "Files", ch_json_list (deployment->files, files));
  put (row, "Test", ch_json_dict (deployment->test, action));
  put (row, "Action", ch_json_dict (deployment->action, action));
  put (row, "Checks", ch_json_list (deployment->checks, checks));
  ch_row_put_names (row, "Secrets", deployment->secrets);
  ch_row_put_text (row, "WebRoot", deployment->web_root);
  ch_row_put_text (row, "ChallengeFolder", deployment->challenge_folder);
  put_count (row, "Wave", deployment->wave);
  ch_row_put_names (row, "Windows", deployment->windows);
}

static void
put_installed (GVariantBuilder *row,
               ChStore         *store,
               gint64           certificate_id)
{
  g_autoptr(ChCertificate) certificate = NULL;

  if (certificate_id > 0)
    certificate = ch_store_get_certificate (store, certificate_id, NULL);

  ch_row_put_text (row, "Fingerprint", certificate != NULL ? certificate->fingerprint : NULL);
  put_time (row, "NotAfter", certificate != NULL ? certificate->not_after : 0);
}

/* What the last good run has put there. */
static void
put_served (GVariantBuilder *row,
            ChStore         *store,
            gint64           id)
{
  g_autoptr(ChCertificate) certificate = NULL;

  ch_store_find_installed (store, id, &certificate, NULL);
  ch_row_put_text (row, "InstalledFingerprint", certificate != NULL ? certificate->fingerprint : NULL);
  put_time (row, "InstalledNotAfter", certificate != NULL ? certificate->not_after : 0);
}

GVariant *
ch_row_deployment (ChRows             *rows,
                   const ChDeployment *deployment)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  put_id (&row, deployment->id);
  ch_row_put_text (&row, "Name", deployment->name);
  ch_row_put_text (&row, "State", ch_nick (CH_TYPE_DEPLOYMENT_STATE, deployment->state));
  ch_row_put_text (&row, "Reason", deployment->reason);
  put_flag (&row, "Enabled", deployment->enabled);
  ch_row_put_path (&row, "Server", CH_FOLDER_SERVERS, deployment->server_id);
  ch_row_put_text (&row, "ServerName", ch_rows_peer_name (rows, CH_PEER_ROLE_SERVER, deployment->server_id));
  put_deployment_rule (&row, deployment);
  put_installed (&row, rows->store, deployment->certificate_id);
  put_time (&row, "DeployedAt", deployment->deployed_at);
  put_served (&row, rows->store, deployment->id);
  put_time (&row, "PausedUntil", deployment->paused_until);
  ch_row_put_text (&row, "PauseReason", deployment->pause_reason);
  ch_row_put_text (&row, "Drift", deployment->drift);
  put_time (&row, "NextTry", deployment->due);
  put_count (&row, "Failures", deployment->failures);
  put_time (&row, "CreatedAt", deployment->created_at);
  return g_variant_builder_end (&row);
}

GVariant *
ch_row_watch (const ChWatch *watch)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  put_id (&row, watch->id);
  ch_row_put_text (&row, "Name", watch->name);
  ch_row_put_text (&row, "Host", watch->host);
  put_count (&row, "Port", watch->port);
  ch_row_put_text (&row, "Sni", watch->sni);
  ch_row_put_text (&row, "StartTls", watch->start_tls);
  put_count (&row, "Interval", (guint) watch->every);
  ch_row_put_text (&row, "State", ch_nick (CH_TYPE_WATCH_STATE, (int) watch->state));
  ch_row_put_text (&row, "Reason", watch->reason);
  put_time (&row, "LookedAt", watch->looked_at);
  put_time (&row, "NextLook", watch->due);
  ch_row_put_text (&row, "Fingerprint", watch->fingerprint);
  ch_row_put_text (&row, "Subject", watch->subject);
  ch_row_put_text (&row, "Issuer", watch->issuer);
  ch_row_put_names (&row, "Names", watch->names);
  put_time (&row, "NotBefore", watch->not_before);
  put_time (&row, "NotAfter", watch->not_after);
  put_flag (&row, "Trusted", watch->trusted);
  put_time (&row, "CreatedAt", watch->created_at);
  return g_variant_builder_end (&row);
}

GVariant *
ch_row_run (ChRows      *rows,
            const ChRun *run)
{
  static const ChJsonKey steps[] = {
    { "at", "At", "x" }, { "step", "Step", "s" }, { "ok", "Ok", "b" }, { "text", "Text", "s" }, { NULL }
  };
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autoptr(ChCertificate) certificate = NULL;

  if (run->certificate_id > 0)
    certificate = ch_store_get_certificate (rows->store, run->certificate_id, NULL);

  put_id (&row, run->id);
  put_time (&row, "StartedAt", run->started_at);
  put_time (&row, "FinishedAt", run->finished_at);
  ch_row_put_text (&row, "Result", run->result);
  ch_row_put_text (&row, "Error", run->error);
  ch_row_put_text (&row, "Fingerprint", certificate != NULL ? certificate->fingerprint : NULL);
  put (&row, "Steps", ch_json_list (run->steps, steps));
  return g_variant_builder_end (&row);
}

/* ---- jobs, events, kinds ---- */

GVariant *
ch_row_job (const ChJob *job)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  GVariantBuilder lines = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_STRING_ARRAY);

  for (guint i = 0; job->lines != NULL && i < job->lines->len; i++)
    {
      g_autofree char *line = ch_row_valid (g_ptr_array_index (job->lines, i));
      g_variant_builder_add (&lines, "s", line);
    }

  put_id (&row, job->id);
  ch_row_put_text (&row, "Kind", job->kind);
  ch_row_put_text (&row, "Title", job->title);
  put (&row, "Object",
       g_variant_new_object_path (g_variant_is_object_path (job->object) ? job->object : "/"));
  ch_row_put_text (&row, "State", ch_nick (CH_TYPE_JOB_STATE, job->state));
  put (&row, "Progress", g_variant_new_double (job->progress));
  put (&row, "Lines", g_variant_builder_end (&lines));
  ch_row_put_table (&row, "Result", job->result);
  ch_row_put_text (&row, "Error", job->error != NULL ? ch_error_name (job->error->code) : NULL);
  ch_row_put_text (&row, "ErrorMessage", job->error != NULL ? job->error->message : NULL);
  put_count (&row, "Owner", (guint) job->uid);
  put_time (&row, "StartedAt", job->started_at);
  put_time (&row, "FinishedAt", job->finished_at);
  return g_variant_builder_end (&row);
}

GVariant *
ch_row_event (const ChEvent *event)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  put_id (&row, event->id);
  put_time (&row, "At", event->at);
  put (&row, "Uid", g_variant_new_int64 (event->uid));
  ch_row_put_text (&row, "Authority", event->authority);
  ch_row_put_text (&row, "Action", event->action);
  ch_row_put_text (&row, "Object", event->object);
  ch_row_put_text (&row, "Name", event->name);
  put_flag (&row, "Ok", event->ok);
  ch_row_put_text (&row, "Text", event->text);
  return g_variant_builder_end (&row);
}

/* gettext answers the empty string with the catalog's header. */
static void
put_translated (GVariantBuilder *row,
                const char      *key,
                const char      *text)
{
  ch_row_put_text (row, key, text != NULL && *text != '\0' ? _(text) : NULL);
}

static GVariant *
field_row (const ChField *field)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_auto(GStrv) choices = field->choices != NULL ? g_strsplit (field->choices, "|", -1) : NULL;

  ch_row_put_text (&row, "name", field->name);
  put_translated (&row, "title", field->title);
  put_translated (&row, "help", field->help);
  put_flag (&row, "required", (field->flags & CH_FIELD_REQUIRED) != 0);
  put_flag (&row, "secret", (field->flags & CH_FIELD_SECRET) != 0);
  put_flag (&row, "multiline", (field->flags & CH_FIELD_MULTILINE) != 0);
  put_flag (&row, "advanced", (field->flags & CH_FIELD_ADVANCED) != 0);
  ch_row_put_text (&row, "default", field->fallback);
  ch_row_put_names (&row, "choices", choices);
  return g_variant_builder_end (&row);
}

GVariant *
ch_row_kind (const ChKind *kind)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  GVariantBuilder fields = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  for (gsize i = 0; i < G_N_ELEMENTS (kind->fields); i++)
    for (const ChField *field = kind->fields[i]; field != NULL && field->name != NULL; field++)
      g_variant_builder_add_value (&fields, field_row (field));

  ch_row_put_text (&row, "kind", kind->kind);
  put_translated (&row, "title", kind->title);
  put_translated (&row, "permissions", kind->permissions);
  put (&row, "scanned", g_variant_new_boolean (kind->scanned));
  put (&row, "fields", g_variant_builder_end (&fields));
  return g_variant_builder_end (&row);
}
