/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/ssh-private.h"

#include <string.h>

/*
 * Requests of SFTP that libssh 0.10 does not know: FSETSTAT (draft-ietf-secsh-filexfer-02, 6.9), and posix-rename, hardlink
 * and lsetstat of OpenSSH (its file PROTOCOL, 4). Nothing else is under way on the channel meanwhile.
 */
#define ANSWER_MAX (64 * 1024)

static void
put_number (GByteArray *packet,
            guint32     number)
{
  guint32 big = GUINT32_TO_BE (number);

  g_byte_array_append (packet, (const guint8 *) &big, sizeof big);
}

static void
put_bytes (GByteArray *packet,
           const void *bytes,
           gsize       length)
{
  put_number (packet, (guint32) length);
  g_byte_array_append (packet, bytes, (guint) length);
}

static void
put_text (GByteArray *packet,
          const char *text)
{
  put_bytes (packet, text, strlen (text));
}

static guint32
get_number (const guint8 *bytes)
{
  guint32 big;

  memcpy (&big, bytes, sizeof big);
  return GUINT32_FROM_BE (big);
}

static gboolean
read_exactly (ChSsh  *ssh,
              guint8 *bytes,
              gsize   length)
{
  gsize done = 0;

  while (done < length)
    {
      int n = ssh_channel_read (ssh->sftp->channel, bytes + done, (guint32) (length - done), 0);

      if (n <= 0)
        return FALSE;
      done += (gsize) n;
    }

  return TRUE;
}

/* Returns: the status, or -1 when the answer is none */
static int
ask (ChSsh      *ssh,
     guint8      type,
     GByteArray *payload)
{
  g_autoptr(GByteArray) packet = g_byte_array_new ();
  guint32 id = ++ssh->sftp->id_counter;
  guint8 head[4];

  put_number (packet, payload->len + 5);
  g_byte_array_append (packet, &type, 1);
  put_number (packet, id);
  g_byte_array_append (packet, payload->data, payload->len);
  if (ssh_channel_write (ssh->sftp->channel, packet->data, packet->len) != (int) packet->len
      || !read_exactly (ssh, head, sizeof head))
    return -1;

  guint32 length = get_number (head);
  if (length < 9 || length > ANSWER_MAX)
    return -1;

  g_autofree guint8 *answer = g_malloc (length);
  if (!read_exactly (ssh, answer, length) || answer[0] != SSH_FXP_STATUS || get_number (answer + 1) != id)
    return -1;

  return (int) get_number (answer + 5);
}

gboolean
ch_sftp_has (ChSsh      *ssh,
             const char *extension)
{
  return sftp_extension_supported (ssh->sftp, extension, "1");
}

int
ch_sftp_ask_two (ChSsh      *ssh,
                 const char *extension,
                 const char *from,
                 const char *to)
{
  g_autoptr(GByteArray) payload = g_byte_array_new ();

  put_text (payload, extension);
  put_text (payload, from);
  put_text (payload, to);
  return ask (ssh, SSH_FXP_EXTENDED, payload);
}

static void
put_mode (GByteArray *packet,
          guint       mode)
{
  put_number (packet, SSH_FILEXFER_ATTR_PERMISSIONS);
  put_number (packet, mode);
}

static GByteArray *
start_fsetstat (sftp_file file)
{
  GByteArray *payload = g_byte_array_new ();

  put_bytes (payload, ssh_string_data (file->handle), ssh_string_len (file->handle));
  return payload;
}

int
ch_sftp_ask_owner (ChSsh     *ssh,
                   sftp_file  file,
                   guint      uid,
                   guint      gid)
{
  g_autoptr(GByteArray) payload = start_fsetstat (file);

  put_number (payload, SSH_FILEXFER_ATTR_UIDGID);
  put_number (payload, uid);
  put_number (payload, gid);
  return ask (ssh, SSH_FXP_FSETSTAT, payload);
}

int
ch_sftp_ask_mode (ChSsh     *ssh,
                  sftp_file  file,
                  guint      mode)
{
  g_autoptr(GByteArray) payload = start_fsetstat (file);

  put_mode (payload, mode);
  return ask (ssh, SSH_FXP_FSETSTAT, payload);
}

int
ch_sftp_ask_mode_of (ChSsh      *ssh,
                     const char *path,
                     guint       mode)
{
  g_autoptr(GByteArray) payload = g_byte_array_new ();

  if (!ch_sftp_has (ssh, "lsetstat@openssh.com"))
    return SSH_FX_OP_UNSUPPORTED;

  put_text (payload, "lsetstat@openssh.com");
  put_text (payload, path);
  put_mode (payload, mode);
  return ask (ssh, SSH_FXP_EXTENDED, payload);
}
