/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/wire.h"

#include <errno.h>
#include <glib/gi18n.h>

#define LINE_MAX_BYTES 1000

static gboolean
fail_late (ChWire *wire)
{
  g_clear_error (&wire->error);
  g_set_error_literal (&wire->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, _("no answer in time"));
  return FALSE;
}

static gboolean
wait_for (ChWire       *wire,
          GIOCondition  condition)
{
  gint64 left = wire->deadline - g_get_monotonic_time ();

  g_clear_error (&wire->error);
  if (left <= 0)
    return fail_late (wire);

  if (g_socket_condition_timed_wait (wire->socket, condition, left, wire->cancellable, &wire->error))
    return TRUE;

  return g_error_matches (wire->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ? fail_late (wire) : FALSE;
}

static ssize_t
receive (ChWire *wire,
         void   *buffer,
         gsize   size)
{
  if (!wait_for (wire, G_IO_IN))
    return -1;

  return g_socket_receive (wire->socket, buffer, size, wire->cancellable, &wire->error);
}

static ssize_t
send_some (ChWire       *wire,
           gconstpointer bytes,
           gsize         size)
{
  if (!wait_for (wire, G_IO_OUT))
    return -1;

  return g_socket_send (wire->socket, bytes, size, wire->cancellable, &wire->error);
}

/* ---- for GnuTLS ---- */

static ssize_t
pull (gnutls_transport_ptr_t data,
      void                  *buffer,
      size_t                 size)
{
  return receive (data, buffer, size);
}

static ssize_t
push (gnutls_transport_ptr_t data,
      const void            *buffer,
      size_t                 size)
{
  return send_some (data, buffer, size);
}

static int
last_errno (gnutls_transport_ptr_t data)
{
  return EIO;
}

static int
pull_timeout (gnutls_transport_ptr_t data,
              unsigned int           milliseconds)
{
  return wait_for (data, G_IO_IN) ? 1 : -1;
}

void
ch_wire_carry (ChWire           *wire,
               gnutls_session_t  session)
{
  gnutls_transport_set_ptr (session, wire);
  gnutls_transport_set_pull_function (session, pull);
  gnutls_transport_set_push_function (session, push);
  gnutls_transport_set_errno_function (session, last_errno);
  gnutls_transport_set_pull_timeout_function (session, pull_timeout);
}

/* ---- before TLS ---- */

gboolean
ch_wire_read (ChWire *wire,
              guint8 *bytes,
              gsize   size)
{
  for (gsize done = 0; done < size;)
    {
      gssize n = receive (wire, bytes + done, size - done);

      if (n == 0)
        g_set_error_literal (&wire->error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                             _("the other side closed the connection"));
      if (n <= 0)
        return FALSE;
      done += n;
    }

  return TRUE;
}

gboolean
ch_wire_read_line (ChWire  *wire,
                   GString *line)
{
  g_string_truncate (line, 0);

  while (line->len <= LINE_MAX_BYTES)
    {
      guint8 byte;

      if (!ch_wire_read (wire, &byte, 1))
        return FALSE;
      if (byte != '\n')
        {
          g_string_append_c (line, byte);
          continue;
        }

      if (line->len > 0 && line->str[line->len - 1] == '\r')
        g_string_truncate (line, line->len - 1);
      return TRUE;
    }

  g_clear_error (&wire->error);
  g_set_error_literal (&wire->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, _("it sends a line without an end"));
  return FALSE;
}

gboolean
ch_wire_write (ChWire       *wire,
               gconstpointer bytes,
               gsize         size)
{
  for (gsize done = 0; done < size;)
    {
      gssize n = send_some (wire, (const guint8 *) bytes + done, size - done);

      if (n <= 0)
        return FALSE;
      done += n;
    }

  return TRUE;
}
