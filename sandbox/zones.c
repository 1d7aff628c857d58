/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zones.h"

#include "lib/error.h"
#include "zone-wire.h"

#include <glib/gi18n.h>
#include <string.h>

#define SECONDS 5

/* an AXFR of more messages than this is no zone for a sandbox */
#define MESSAGES_MAX 1000

struct _SbZones
{
  GStrv names;
  GSocketAddress *server; /* (nullable) */
  SbTsigKey *key;         /* (nullable) */
};

static char *
tidy (const char *name)
{
  char *lower = g_ascii_strdown (name, -1);
  gsize length = strlen (lower);

  if (length > 1 && lower[length - 1] == '.')
    lower[length - 1] = '\0';
  return lower;
}

static gboolean
open_peer (SbZones     *zones,
           const char  *server,
           const char  *key_file,
           GError     **error)
{
  g_autofree char *text = NULL;

  if (server == NULL || key_file == NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("With --zone, say with --update-server and --update-key where its records "
                           "stand."));

  g_autoptr(GSocketConnectable) host = g_network_address_parse (server, 53, error);
  if (host == NULL)
    return FALSE;

  zones->server = g_inet_socket_address_new_from_string (
    g_network_address_get_hostname (G_NETWORK_ADDRESS (host)),
    g_network_address_get_port (G_NETWORK_ADDRESS (host)));
  if (zones->server == NULL)
    return ch_error_set (error, CH_ERROR_INVALID,
                         _("“%s” is not an IP address with a port, such as 127.0.0.1:5353."), server);

  if (!g_file_get_contents (key_file, &text, NULL, error))
    return FALSE;

  zones->key = sb_tsig_key_parse (text);
  if (zones->key == NULL)
    return ch_error_set (error, CH_ERROR_INVALID, _("“%s” holds no TSIG key as tsig-keygen writes "
                                                    "it."), key_file);

  return TRUE;
}

SbZones *
sb_zones_open (char        **names,
               const char   *server,
               const char   *key_file,
               GError      **error)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  SbZones *zones = g_new0 (SbZones, 1);

  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autofree char *name = tidy (names[i]);
      g_strv_builder_add (builder, name);
    }
  zones->names = g_strv_builder_end (builder);

  if (zones->names[0] != NULL && !open_peer (zones, server, key_file, error))
    g_clear_pointer (&zones, sb_zones_free);

  return zones;
}

void
sb_zones_free (SbZones *zones)
{
  g_strfreev (zones->names);
  g_clear_object (&zones->server);
  g_clear_pointer (&zones->key, sb_tsig_key_free);
  g_free (zones);
}

const char *const *
sb_zones_names (SbZones *zones)
{
  return (const char *const *) zones->names;
}

static gboolean
is_inside (const char *name,
           const char *zone)
{
  gsize length = strlen (name), size = strlen (zone);

  return length >= size && g_ascii_strcasecmp (name + length - size, zone) == 0
         && (length == size || name[length - size - 1] == '.');
}

const char *
sb_zones_find (SbZones    *zones,
               const char *name)
{
  const char *best = NULL;

  for (gsize i = 0; zones->names[i] != NULL; i++)
    if (is_inside (name, zones->names[i]) && (best == NULL || strlen (best) < strlen (zones->names[i])))
      best = zones->names[i];

  return best;
}

/* ---- conversation ---- */

static GSocketConnection *
connect_to (SbZones  *zones,
            GError  **error)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();

  g_socket_client_set_timeout (client, SECONDS);
  return g_socket_client_connect (client, G_SOCKET_CONNECTABLE (zones->server), NULL, error);
}

static gboolean
send_message (GSocketConnection  *connection,
              GBytes             *message,
              GError            **error)
{
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  gsize length = 0;
  const guint8 *wire = g_bytes_get_data (message, &length);
  guint8 size[2] = { length >> 8, length & 0xff };

  return g_output_stream_write_all (out, size, sizeof size, NULL, NULL, error)
         && g_output_stream_write_all (out, wire, length, NULL, NULL, error);
}

static GBytes *
receive_message (GSocketConnection  *connection,
                 GError            **error)
{
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  guint8 size[2];
  gsize done = 0;

  if (!g_input_stream_read_all (in, size, sizeof size, &done, NULL, error))
    return NULL;

  gsize length = done == sizeof size ? (gsize) size[0] << 8 | size[1] : 0;
  g_autofree guint8 *wire = g_malloc (length + 1);
  if (!g_input_stream_read_all (in, wire, length, &done, NULL, error))
    return NULL;

  if (length == 0 || done != length)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, _("The name server hung up."));
      return NULL;
    }

  return g_bytes_new_take (g_steal_pointer (&wire), length);
}

/* ---- reading ---- */

void
sb_record_free (SbRecord *record)
{
  g_free (record->name);
  g_free (record->type);
  g_free (record->data);
  g_strfreev (record->strings);
  g_free (record);
}

static int
compare_records (gconstpointer a,
                 gconstpointer b)
{
  const SbRecord *one = *(const SbRecord *const *) a, *other = *(const SbRecord *const *) b;
  int order = strcmp (one->name, other->name);

  if (order == 0)
    order = strcmp (one->type, other->type);
  return order != 0 ? order : strcmp (one->data, other->data);
}

/* A transfer ends with the SOA that it began with (RFC 5936, 2.2). */
static GPtrArray *
transfer (SbZones     *zones,
          const char  *zone,
          GError     **error)
{
  g_autoptr(GSocketConnection) connection = connect_to (zones, error);
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) sb_record_free);
  g_autoptr(GBytes) question = sb_wire_new_transfer (zone);
  guint soas = 0;

  if (connection == NULL || !send_message (connection, question, error))
    return NULL;

  for (guint i = 0; soas < 2; i++)
    {
      g_autoptr(GBytes) answer = i < MESSAGES_MAX ? receive_message (connection, error) : NULL;

      if (answer == NULL || !sb_wire_read_transfer (question, answer, records, &soas, error))
        {
          g_prefix_error (error, "AXFR of %s: ", zone);
          return NULL;
        }
    }

  return g_steal_pointer (&records);
}

GPtrArray *
sb_zones_read (SbZones     *zones,
               const char  *zone,
               const char  *name,
               const char  *type,
               GError     **error)
{
  g_autoptr(GPtrArray) all = transfer (zones, zone, error);
  g_autoptr(GPtrArray) wanted = g_ptr_array_new_with_free_func ((GDestroyNotify) sb_record_free);

  if (all == NULL)
    return NULL;

  g_ptr_array_sort (all, compare_records);
  while (all->len > 0)
    {
      SbRecord *record = g_ptr_array_steal_index (all, 0);

      if ((name == NULL || g_ascii_strcasecmp (record->name, name) == 0)
          && (type == NULL || g_ascii_strcasecmp (record->type, type) == 0))
        g_ptr_array_add (wanted, record);
      else
        sb_record_free (record);
    }

  return g_steal_pointer (&wanted);
}

/* ---- writing ---- */

gboolean
sb_zones_change (SbZones            *zones,
                 const char         *zone,
                 const SbTxtChange  *changes,
                 gsize               n_changes,
                 GError            **error)
{
  g_autoptr(GBytes) update = sb_wire_new_update (zone, changes, n_changes, zones->key, error);
  g_autoptr(GSocketConnection) connection = update != NULL ? connect_to (zones, error) : NULL;
  g_autoptr(GBytes) answer = NULL;

  if (connection == NULL || !send_message (connection, update, error))
    return FALSE;

  answer = receive_message (connection, error);
  return answer != NULL && sb_wire_check_update (update, answer, error);
}

GStrv
sb_txt_split (const char *text)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  gsize left = strlen (text);

  do
    {
      gsize part = MIN (left, 255);
      g_autofree char *string = g_strndup (text, part);

      g_strv_builder_add (builder, string);
      text += part;
      left -= part;
    }
  while (left > 0);

  return g_strv_builder_end (builder);
}
