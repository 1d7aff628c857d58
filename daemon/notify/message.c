/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notify/message.h"

#include "lib/text.h"

#include <string.h>

/* RFC 2047 §2: an encoded word has 75 characters at most; base64 of 42 bytes makes 56 of them, and 12 go around. */
#define WORD_BYTES 42
#define PLAIN_MAX 66
/* RFC 2045 §6.7 */
#define QUOTED_MAX 75

/* ---- headers ---- */

static gboolean
is_plain (const char *text)
{
  if (strlen (text) > PLAIN_MAX || strstr (text, "=?") != NULL)
    return FALSE;
  for (; *text != '\0'; text++)
    if (*text < ' ' || *text > '~')
      return FALSE;

  return TRUE;
}

/* Characters are not cut. */
static void
append_words (GString    *out,
              const char *text)
{
  while (*text != '\0')
    {
      const char *end = text;

      while (*end != '\0' && g_utf8_next_char (end) - text <= WORD_BYTES)
        end = g_utf8_next_char (end);

      g_autofree char *word = g_base64_encode ((const guchar *) text, (gsize) (end - text));
      g_string_append_printf (out, "=?UTF-8?B?%s?=%s", word, *end != '\0' ? "\r\n " : "");
      text = end;
    }
}

static void
append_subject (GString    *out,
                const char *subject)
{
  g_autofree char *line = ch_text_line (subject, -1);

  g_string_append (out, "Subject: ");
  if (is_plain (line))
    g_string_append (out, line);
  else
    append_words (out, line);
  g_string_append (out, "\r\n");
}

/* RFC 5322 §3.3; its names are English in every locale. */
static void
append_date (GString *out,
             gint64   date)
{
  static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (date);

  g_string_append_printf (out, "Date: %s, %02d %s %d %02d:%02d:%02d +0000\r\n", days[g_date_time_get_day_of_week (time) - 1],
                          g_date_time_get_day_of_month (time), months[g_date_time_get_month (time) - 1],
                          g_date_time_get_year (time), g_date_time_get_hour (time), g_date_time_get_minute (time),
                          g_date_time_get_second (time));
}

/* ---- body ---- */

static void
append_quoted (GString    *out,
               const char *text)
{
  guint column = 0;

  for (; *text != '\0'; text++)
    {
      guchar c = (guchar) *text;
      gboolean is_blank_inside = c == ' ' && text[1] != '\n' && text[1] != '\0';
      gboolean is_safe = (c > ' ' && c <= '~' && c != '=') || is_blank_inside;

      if (c == '\n')
        {
          g_string_append (out, "\r\n");
          column = 0;
          continue;
        }

      if (column + (is_safe ? 1 : 3) > QUOTED_MAX)
        {
          g_string_append (out, "=\r\n");
          column = 0;
        }
      column += is_safe ? 1 : 3;
      g_string_append_printf (out, is_safe ? "%c" : "=%02X", c);
    }
}

char *
ch_message_compose (const ChMessage *message)
{
  GString *out = g_string_new (NULL);
  g_autofree char *body = g_utf8_make_valid (message->body, -1);

  g_string_append_printf (out, "From: Chancery <%s>\r\nTo: ", message->from);
  for (gsize i = 0; message->to[i] != NULL; i++)
    g_string_append_printf (out, "%s%s", i > 0 ? ",\r\n " : "", message->to[i]);
  g_string_append (out, "\r\n");
  append_subject (out, message->subject);
  append_date (out, message->date);
  g_string_append_printf (out, "Message-ID: <%s%s>\r\n", message->id, strchr (message->from, '@'));

  /* RFC 3834: nobody's holiday answers this. */
  g_string_append (out,
                   "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
                   "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
  append_quoted (out, body);
  g_string_append (out, "\r\n");
  return g_string_free (out, FALSE);
}
