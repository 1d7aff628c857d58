/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/authority.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <unistd.h>

/* polkit is called by plain D-Bus on the connection that the caller came from, and not through
 * libpolkit-gobject, which always takes the system bus: with --address the service may stand on
 * another bus, and there the caller's unique name, ":1.7", is somebody else's on the system bus.
 * Interface: polkit's reference manual, org.freedesktop.PolicyKit1.Authority. */
#define POLKIT_NAME "org.freedesktop.PolicyKit1"
#define POLKIT_PATH "/org/freedesktop/PolicyKit1/Authority"
#define POLKIT_IFACE "org.freedesktop.PolicyKit1.Authority"
#define POLKIT_ALLOW_USER_INTERACTION 1u

#define BUS_NAME "org.freedesktop.DBus"
#define BUS_PATH "/org/freedesktop/DBus"

/* Rules may run programs; a person may have to find the password first. */
#define RULES_TIMEOUT_MS (60 * 1000)
#define PERSON_TIMEOUT_MS (10 * 60 * 1000)

/* Of one user, that polkit has not answered. The bus lets a connection wait for 128 answers at a time
 * (dbus-daemon(1), max_replies_per_connection): nobody may use up those of everybody else. */
#define WAITING_MAX 32

struct _ChAuthority
{
  GDBusConnection *connection;  /* (owned) */
  gboolean session;
  GHashTable *questions;        /* (element-type Question) (owned): a set; its members are their tasks' */
  guint64 asked;                /* makes cancellation ids */
};

/* One call that waits for an answer. */
typedef struct
{
  ChAuthority *authority;       /* (nullable) (not owned): %NULL once it is gone */
  GDBusConnection *connection;  /* (owned) */
  char *sender;
  char *action;                 /* (nullable) */
  gboolean interactive;
  ChDescribe describe;
  gpointer data;                /* (not owned) for describe */
  char *cancellation_id;
  GCancellable *cancellable;    /* (owned) */
  guint watch;                  /* subscription to the caller's leaving; polkit is being asked */
  gint64 uid;
} Question;

void
ch_grant_free (ChGrant *grant)
{
  g_free (grant->authority);
  g_free (grant);
}

static void
question_free (Question *question)
{
  if (question->authority != NULL)
    g_hash_table_remove (question->authority->questions, question);
  if (question->watch != 0)
    g_dbus_connection_signal_unsubscribe (question->connection, question->watch);
  g_clear_object (&question->connection);
  g_clear_object (&question->cancellable);
  g_free (question->sender);
  g_free (question->action);
  g_free (question->cancellation_id);
  g_free (question);
}

static void
grant (GTask      *task,
       const char *authority)
{
  Question *question = g_task_get_task_data (task);
  ChGrant *granted = g_new0 (ChGrant, 1);

  granted->uid = question->uid;
  granted->authority = g_strdup (authority);
  g_task_return_pointer (task, granted, (GDestroyNotify) ch_grant_free);
}

static void G_GNUC_PRINTF (3, 4)
refuse (GTask      *task,
        ChError     code,
        const char *format,
        ...)
{
  va_list args;

  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);

  g_task_return_error (task, g_error_new_literal (CH_ERROR, code, message));
}

static gboolean
polkit_is_absent (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER)
         || (error->domain == G_DBUS_ERROR
             && error->code >= G_DBUS_ERROR_SPAWN_EXEC_FAILED && error->code <= G_DBUS_ERROR_SPAWN_NO_MEMORY);
}

static void
refuse_without_answer (GTask        *task,
                       const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    refuse (task, CH_ERROR_CANCELLED, _("The call was given up before anybody allowed it"));
  else if (polkit_is_absent (error))
    refuse (task, CH_ERROR_NOT_AUTHORIZED,
            _("polkit is not there to ask, so only root may do this: start polkit, or run it as root"));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
           || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY))
    refuse (task, CH_ERROR_NOT_AUTHORIZED, _("polkit did not answer in time: try again, or run it as root"));
  else
    refuse (task, CH_ERROR_NOT_AUTHORIZED, _("polkit could not decide: %s"), error->message);
}

/* polkit goes on asking the person unless it is told that nobody wants to know any more. */
static void
withdraw_question (Question *question)
{
  g_dbus_connection_call (question->connection, POLKIT_NAME, POLKIT_PATH, POLKIT_IFACE,
                          "CancelCheckAuthorization", g_variant_new ("(s)", question->cancellation_id),
                          NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
}

/* polkit does not tell a wrong password from a rule that says no. */
static void
decide_by_answer (GTask    *task,
                  GVariant *reply)
{
  Question *question = g_task_get_task_data (task);
  g_autoptr(GVariant) details = NULL;
  gboolean allowed, challenge;

  g_variant_get (reply, "((bb@a{ss}))", &allowed, &challenge, &details);

  if (allowed)
    {
      g_autofree char *authority = g_strconcat ("polkit:", question->action, NULL);
      grant (task, authority);
    }
  else if (g_variant_lookup (details, "polkit.dismissed", "&s", NULL))
    refuse (task, CH_ERROR_NOT_AUTHORIZED, _("No password was given, so nothing was done (polkit action “%s”)"),
            question->action);
  else if (challenge)
    refuse (task, CH_ERROR_NOT_AUTHORIZED,
            _("This needs an administrator’s password and nobody could be asked for it (polkit action “%s”): "
              "use a terminal or desktop with a polkit agent, or run it as root"), question->action);
  else if (question->interactive)
    refuse (task, CH_ERROR_NOT_AUTHORIZED,
            _("The password was wrong, or you are not allowed to do this (polkit action “%s”): try again, "
              "or ask an administrator"), question->action);
  else
    refuse (task, CH_ERROR_NOT_AUTHORIZED,
            _("You are not allowed to do this (polkit action “%s”): ask an administrator, or run it as root"),
            question->action);
}

static void
polkit_answered_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      data)
{
  g_autoptr(GTask) task = data;
  g_autoptr(GError) error = NULL;
  Question *question = g_task_get_task_data (task);
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (reply == NULL)
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
          || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
        withdraw_question (question);
      refuse_without_answer (task, error);
      return;
    }

  decide_by_answer (task, reply);
}

static void
caller_left_cb (GDBusConnection *connection,
                const char      *sender,
                const char      *path,
                const char      *interface,
                const char      *signal,
                GVariant        *parameters,
                gpointer         data)
{
  const char *new_owner;

  g_variant_get (parameters, "(&s&s&s)", NULL, NULL, &new_owner);
  if (*new_owner == '\0')
    g_cancellable_cancel (data);
}

static void
ask_polkit (GTask *task)
{
  Question *question = g_task_get_task_data (task);

  question->watch = g_dbus_connection_signal_subscribe (
      question->connection, BUS_NAME, BUS_NAME, "NameOwnerChanged", BUS_PATH, question->sender,
      G_DBUS_SIGNAL_FLAGS_NONE, caller_left_cb, g_object_ref (question->cancellable), g_object_unref);

  GVariantBuilder subject = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&subject, "{sv}", "name", g_variant_new_string (question->sender));

  GVariant *parameters = g_variant_new ("((sa{sv})s@a{ss}us)", "system-bus-name", &subject, question->action,
                                        question->describe (question->data),
                                        question->interactive ? POLKIT_ALLOW_USER_INTERACTION : 0u,
                                        question->cancellation_id);

  g_dbus_connection_call (question->connection, POLKIT_NAME, POLKIT_PATH, POLKIT_IFACE, "CheckAuthorization",
                          parameters, G_VARIANT_TYPE ("((bba{ss}))"), G_DBUS_CALL_FLAGS_NONE,
                          question->interactive ? PERSON_TIMEOUT_MS : RULES_TIMEOUT_MS,
                          question->cancellable, polkit_answered_cb, g_object_ref (task));
}

static guint
count_waiting (ChAuthority *authority,
               gint64       uid)
{
  GHashTableIter iter;
  gpointer key;
  guint n = 0;

  g_hash_table_iter_init (&iter, authority->questions);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      const Question *question = key;

      n += question->watch != 0 && question->uid == uid;
    }

  return n;
}

static void
decide (GTask    *task,
        gboolean  session)
{
  Question *question = g_task_get_task_data (task);

  if (question->action == NULL)
    refuse (task, CH_ERROR_NOT_AUTHORIZED, _("Nobody may call this"));
  else if (session && question->uid == getuid ())
    grant (task, "owner");
  else if (session)
    refuse (task, CH_ERROR_NOT_AUTHORIZED, _("This service belongs to another user; only that user may use it"));
  else if (question->uid == 0)
    grant (task, "root");
  else if (count_waiting (question->authority, question->uid) >= WAITING_MAX)
    refuse (task, CH_ERROR_LIMIT,
            _("%d calls of yours already wait for a permission: wait for them, or give them up"), WAITING_MAX);
  else
    ask_polkit (task);
}

static void
credentials_known_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      data)
{
  g_autoptr(GTask) task = data;
  g_autoptr(GError) error = NULL;
  Question *question = g_task_get_task_data (task);
  g_autoptr(GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || question->authority == NULL)
    {
      refuse (task, CH_ERROR_CANCELLED, _("The call was given up before anybody allowed it"));
      return;
    }

  g_autoptr(GVariant) credentials = reply != NULL ? g_variant_get_child_value (reply, 0) : NULL;
  guint32 uid;
  if (credentials == NULL || !g_variant_lookup (credentials, "UnixUserID", "u", &uid))
    {
      refuse (task, CH_ERROR_NOT_AUTHORIZED, _("The bus does not tell whose call this is"));
      return;
    }

  question->uid = uid;
  decide (task, question->authority->session);
}

static gboolean
may_ask_person (GDBusMethodInvocation *call)
{
  GDBusMessage *message = g_dbus_method_invocation_get_message (call);

  return (g_dbus_message_get_flags (message) & G_DBUS_MESSAGE_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION) != 0;
}

void
ch_authority_check_async (ChAuthority           *authority,
                          GDBusMethodInvocation *call,
                          const char            *action,
                          ChDescribe             describe,
                          GAsyncReadyCallback    callback,
                          gpointer               data)
{
  Question *question = g_new0 (Question, 1);

  question->authority = authority;
  question->connection = g_object_ref (authority->connection);
  question->sender = g_strdup (g_dbus_method_invocation_get_sender (call));
  question->action = g_strdup (action);
  question->interactive = may_ask_person (call);
  question->describe = describe;
  question->data = data;
  question->cancellation_id = g_strdup_printf ("chancery-%" G_GUINT64_FORMAT, ++authority->asked);
  question->cancellable = g_cancellable_new ();
  g_hash_table_add (authority->questions, question);

  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, data);
  g_task_set_source_tag (task, ch_authority_check_async);
  g_task_set_task_data (task, question, (GDestroyNotify) question_free);

  g_dbus_connection_call (authority->connection, BUS_NAME, BUS_PATH, BUS_NAME, "GetConnectionCredentials",
                          g_variant_new ("(s)", question->sender), G_VARIANT_TYPE ("(a{sv})"),
                          G_DBUS_CALL_FLAGS_NONE, -1, question->cancellable,
                          credentials_known_cb, g_object_ref (task));
}

ChGrant *
ch_authority_check_finish (GAsyncResult *result,
                           GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

ChAuthority *
ch_authority_new (GDBusConnection *connection,
                  gboolean         session)
{
  ChAuthority *authority = g_new0 (ChAuthority, 1);

  authority->connection = g_object_ref (connection);
  authority->session = session;
  authority->questions = g_hash_table_new (NULL, NULL);
  return authority;
}

void
ch_authority_free (ChAuthority *authority)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, authority->questions);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      Question *question = key;
      question->authority = NULL;
      g_cancellable_cancel (question->cancellable);
    }

  g_hash_table_unref (authority->questions);
  g_object_unref (authority->connection);
  g_free (authority);
}
