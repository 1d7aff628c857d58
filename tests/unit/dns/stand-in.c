/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stand-in.h"

#include "lib/error.h"
#include "lib/secret.h"
#include "net/http.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#define ZONE "example.test"

/* ---- life ---- */

static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

gboolean
stand_in_is_possible (void)
{
  return server_is_installed (SERVER_BIND) && g_getenv ("CHANCERY_SANDBOX") != NULL;
}

static JsonNode *
read_facts (GSubprocess *process)
{
  g_autoptr(GDataInputStream) out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autoptr(GError) error = NULL;
  g_autofree char *line = g_data_input_stream_read_line (out, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (line);
  JsonNode *facts = json_from_string (line, &error);
  g_assert_no_error (error);
  return facts;
}

static const char *
fact (StandIn    *stand_in,
      const char *name)
{
  return json_object_get_string_member (json_node_get_object (stand_in->facts), name);
}

StandIn *
stand_in_start (void)
{
  StandIn *self = g_new0 (StandIn, 1);
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr(GError) error = NULL;

  self->bind = server_start (SERVER_BIND);
  self->folder = g_dir_make_tmp ("chancery-stand-in-XXXXXX", &error);
  g_assert_no_error (error);

  g_autofree char *key = g_strdup_printf ("key \"good\" { algorithm hmac-sha256; secret \"%s\"; };\n", self->bind->secret);
  g_autofree char *key_file = g_build_filename (self->folder, "update.key", NULL);
  g_autofree char *state = g_build_filename (self->folder, "state", NULL);
  g_autofree char *server = g_strdup_printf ("127.0.0.1:%u", self->bind->port);
  write_file (self->folder, "update.key", key);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  self->process = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("CHANCERY_SANDBOX"), "--state-dir", state,
                                               "--dns", server, "--zone", ZONE, "--update-server", server, "--update-key",
                                               key_file, NULL);
  g_assert_no_error (error);
  self->facts = read_facts (self->process);
  g_file_get_contents (fact (self, "ca-file"), &self->ca_pem, NULL, &error);
  g_assert_no_error (error);
  return self;
}

void
stand_in_stop (StandIn *self)
{
  g_subprocess_send_signal (self->process, SIGTERM);
  g_subprocess_wait (self->process, NULL, NULL);
  g_assert_true (g_subprocess_get_successful (self->process));
  g_object_unref (self->process);
  server_stop (self->bind);
  remove_folder (self->folder);
  g_free (self->folder);
  json_node_unref (self->facts);
  g_free (self->ca_pem);
  g_free (self);
}

/* ---- accounts ---- */

static JsonObject *
service_facts (StandIn    *self,
               const char *kind)
{
  JsonObject *all = json_object_get_object_member (json_node_get_object (self->facts), "dns");

  g_assert_true (json_object_has_member (all, kind));
  return json_object_get_object_member (all, kind);
}

const char *
stand_in_url (StandIn    *self,
              const char *kind)
{
  return json_object_get_string_member (service_facts (self, kind), "url");
}

void
access_set (GHashTable *table,
            const char *name,
            const char *value)
{
  g_hash_table_replace (table, g_strdup (name), g_strdup (value));
}

void
access_clear (ChDnsAccess *access)
{
  g_clear_pointer (&access->settings, g_hash_table_unref);
  g_clear_pointer (&access->secrets, g_hash_table_unref);
}

ChDnsAccess
stand_in_access (StandIn             *self,
                 const ChDnsProvider *provider)
{
  ChDnsAccess access = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free), ch_secret_table_new () };
  JsonObject *given = json_object_get_object_member (service_facts (self, provider->kind), "fields");
  g_autoptr(GError) error = NULL;

  for (const ChField *field = provider->fields; field->name != NULL; field++)
    if (json_object_has_member (given, field->name))
      access_set (field->flags & CH_FIELD_SECRET ? access.secrets : access.settings, field->name,
                  json_object_get_string_member (given, field->name));

  access_set (access.settings, "url", stand_in_url (self, provider->kind));
  access_set (access.settings, "ca-certificate", self->ca_pem);
  ch_fields_check (provider->fields, access.settings, access.secrets, &error);
  g_assert_no_error (error);
  return access;
}

/* ---- control ---- */

static ChHttpReply *
call_control (StandIn    *self,
              const char *method,
              const char *path,
              const char *json)
{
  g_autoptr(GBytes) body = json != NULL ? g_bytes_new (json, strlen (json)) : NULL;
  ChHttp http = { .base_url = fact (self, "control") };
  ChHttpRequest request = { .method = method, .path = path, .body = body, .content_type = "application/json" };
  g_autoptr(GError) error = NULL;
  ChHttpReply *reply = ch_http_send (&http, &request, NULL, &error);

  g_assert_no_error (error);
  if (reply->status != 200)
    g_error ("%s: %.*s", path, (int) g_bytes_get_size (reply->body), (char *) g_bytes_get_data (reply->body, NULL));
  return reply;
}

void
stand_in_control (StandIn    *self,
                  const char *path,
                  const char *json)
{
  g_autoptr(ChHttpReply) reply = call_control (self, "POST", path, json);
}

void
stand_in_fault (StandIn    *self,
                const char *operation,
                const char *fault)
{
  g_autofree char *order = g_strdup_printf ("{\"operation\": \"%s\", \"fault\": {%s}}", operation, fault);

  stand_in_control (self, "/faults", order);
}

void
stand_in_calm (StandIn    *self,
               const char *kind)
{
  g_autofree char *order = g_strdup_printf ("{\"kind\": \"%s\", \"reset\": true}", kind);

  stand_in_control (self, "/clear", "{}");
  stand_in_control (self, "/dns", order);
}

guint
stand_in_requests (StandIn    *self,
                   const char *operation)
{
  g_autoptr(ChHttpReply) reply = call_control (self, "GET", "/requests", NULL);
  g_autofree char *text = g_strndup (g_bytes_get_data (reply->body, NULL), g_bytes_get_size (reply->body));
  g_autoptr(JsonNode) node = json_from_string (text, NULL);
  guint count = 0;

  g_assert_true (node != NULL && JSON_NODE_HOLDS_ARRAY (node));
  JsonArray *all = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (all); i++)
    if (g_strcmp0 (json_object_get_string_member_with_default (json_array_get_object_element (all, i), "operation", ""),
                   operation) == 0)
      count++;
  return count;
}

/* ---- tests ---- */

static char *
show (gpointer    service,
      const char *name)
{
  return server_show (service, name);
}

void
stand_in_contract (StandIn             *self,
                   Contract            *contract,
                   const ChDnsProvider *provider)
{
  *contract = (Contract) { "stand-in", provider, stand_in_access (self, provider), ZONE, show, self->bind };
  contract_add_tests (contract);
}

#define NEIGHBOUR "neighbour"
#define MANY_NAME "_many." ZONE

/** Writer: one of many. */
typedef struct
{
  const ChDnsProvider *provider;
  const ChDnsAccess *access;
  guint number;
  guint rounds;
  GThread *thread;
} Writer;

static void
change (const Writer *writer,
        const char   *value,
        gboolean      adding)
{
  ChTxt txt = { MANY_NAME, value };

  while (TRUE)
    {
      g_autoptr(GError) error = NULL;
      gboolean existed = FALSE;
      gboolean done = adding ? writer->provider->add (writer->access, ZONE, &txt, &existed, NULL, &error)
                             : writer->provider->remove (writer->access, ZONE, &txt, NULL, &error);

      if (done)
        return;
      if (!ch_error_is_retryable (error))
        g_error ("%s: %s", value, error->message);
    }
}

static gpointer
write_many (gpointer data)
{
  const Writer *writer = data;

  for (guint i = 0; i < writer->rounds; i++)
    {
      g_autofree char *value = g_strdup_printf ("writer-%u-value-%u", writer->number, i);

      change (writer, value, TRUE);
      change (writer, value, FALSE);
    }

  return NULL;
}

static void
expect_neighbour (StandIn *self)
{
  g_autofree char *shown = server_show (self->bind, MANY_NAME);

  g_assert_true (g_str_has_suffix (shown, " \"" NEIGHBOUR "\""));
  g_assert_null (strchr (shown, '\n'));
}

void
stand_in_many_writers (StandIn             *self,
                       const ChDnsProvider *provider,
                       const ChDnsAccess   *accesses,
                       guint                n_accesses,
                       guint                rounds)
{
  g_autofree Writer *writers = g_new0 (Writer, n_accesses);
  const Writer before = { provider, &accesses[0], 0, 0, NULL };

  change (&before, NEIGHBOUR, TRUE);
  expect_neighbour (self);
  for (guint i = 0; i < n_accesses; i++)
    {
      writers[i] = (Writer) { provider, &accesses[i], i, rounds, NULL };
      writers[i].thread = g_thread_new ("writer", write_many, &writers[i]);
    }
  for (guint i = 0; i < n_accesses; i++)
    g_thread_join (writers[i].thread);

  expect_neighbour (self);
  change (&before, NEIGHBOUR, FALSE);
  g_autofree char *shown = server_show (self->bind, MANY_NAME);
  g_assert_cmpstr (shown, ==, "");
}
