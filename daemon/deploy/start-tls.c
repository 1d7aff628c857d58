/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/start-tls.h"

#include "lib/error.h"
#include "lib/text.h"

#include <glib/gi18n.h>
#include <string.h>

#define LINES_MAX 64            /* of one answer */
#define ANSWER_MAX 4096         /* of LDAP */
#define SHOWN_MAX 120

static const char *const words[] = {
  [CH_START_TLS_NONE] = "none",
  [CH_START_TLS_SMTP] = "smtp",
  [CH_START_TLS_IMAP] = "imap",
  [CH_START_TLS_POP3] = "pop3",
  [CH_START_TLS_LDAP] = "ldap",
  [CH_START_TLS_POSTGRESQL] = "postgresql",
  NULL,
};

gboolean
ch_start_tls_parse (const char *word,
                    ChStartTls *start_tls,
                    GError    **error)
{
  for (gsize i = 0; words[i] != NULL; i++)
    if (g_str_equal (words[i], word))
      {
        *start_tls = (ChStartTls) i;
        return TRUE;
      }

  g_autofree char *known = g_strjoinv (", ", (char **) words);
  return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is no protocol that TLS is started in; these are: %s"), word, known);
}

/* ---- answers that are lines ---- */

static gboolean
refuse (char      **problem,
        const char *protocol,
        const char *line)
{
  g_autofree char *shown = ch_text_line (line, MIN (strlen (line), SHOWN_MAX));

  *problem = g_strdup_printf (_("does not start TLS by %s: it says “%s”"), protocol, shown);
  return FALSE;
}

static gboolean
send_line (ChWire     *wire,
           const char *line)
{
  g_autofree char *ended = g_strconcat (line, "\r\n", NULL);

  return ch_wire_write (wire, ended, strlen (ended));
}

static gboolean
has_word (const char *line,
          const char *word)
{
  g_auto(GStrv) pieces = g_strsplit (line, " ", -1);

  return g_ascii_strcasecmp (pieces[0] != NULL ? pieces[0] : "", word) == 0;
}

/* RFC 5321, 4.2.1: all lines begin with the code, the last one with a blank behind it.
 * @offered: (nullable): whether one of them is "STARTTLS" */
static gboolean
smtp_answer (ChWire     *wire,
             const char *code,
             gboolean   *offered,
             char      **problem)
{
  g_autoptr(GString) line = g_string_new (NULL);

  for (int i = 0; i < LINES_MAX; i++)
    {
      if (!ch_wire_read_line (wire, line))
        return FALSE;
      if (!g_str_has_prefix (line->str, code) || (line->str[3] != '-' && line->str[3] != ' ' && line->str[3] != '\0'))
        return refuse (problem, "SMTP", line->str);
      if (offered != NULL && line->len > 4 && has_word (line->str + 4, "STARTTLS"))
        *offered = TRUE;
      if (line->str[3] != '-')
        return TRUE;
    }

  return refuse (problem, "SMTP", line->str);
}

/* A name that is none would be refused; an address literal (RFC 5321, 4.1.3) is always true. */
static char *
smtp_hello (ChWire *wire)
{
  g_autoptr(GSocketAddress) here = g_socket_get_local_address (wire->socket, NULL);

  if (!G_IS_INET_SOCKET_ADDRESS (here))
    return g_strdup ("EHLO [127.0.0.1]");

  GInetAddress *address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (here));
  g_autofree char *text = g_inet_address_to_string (address);
  return g_strdup_printf ("EHLO [%s%s]", g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6 ? "IPv6:" : "", text);
}

static gboolean
start_smtp (ChWire *wire,
            char  **problem)
{
  g_autofree char *hello = smtp_hello (wire);
  gboolean offered = FALSE;

  if (!smtp_answer (wire, "220", NULL, problem) || !send_line (wire, hello)
      || !smtp_answer (wire, "250", &offered, problem))
    return FALSE;

  if (!offered)
    {
      *problem = g_strdup (_("does not offer STARTTLS: TLS is not turned on in its SMTP service"));
      return FALSE;
    }

  return send_line (wire, "STARTTLS") && smtp_answer (wire, "220", NULL, problem);
}

static gboolean
start_imap (ChWire *wire,
            char  **problem)
{
  g_autoptr(GString) line = g_string_new (NULL);

  if (!ch_wire_read_line (wire, line))
    return FALSE;
  if (g_ascii_strncasecmp (line->str, "* OK", 4) != 0)
    return refuse (problem, "IMAP", line->str);
  if (!send_line (wire, "c1 STARTTLS"))
    return FALSE;

  for (int i = 0; i < LINES_MAX; i++)
    {
      if (!ch_wire_read_line (wire, line))
        return FALSE;
      if (g_ascii_strncasecmp (line->str, "c1 OK", 5) == 0)
        return TRUE;
      if (line->str[0] != '*')
        break;
    }

  return refuse (problem, "IMAP", line->str);
}

static gboolean
pop3_answer (ChWire *wire,
             char  **problem)
{
  g_autoptr(GString) line = g_string_new (NULL);

  if (!ch_wire_read_line (wire, line))
    return FALSE;

  return g_str_has_prefix (line->str, "+OK") || refuse (problem, "POP3", line->str);
}

static gboolean
start_pop3 (ChWire *wire,
            char  **problem)
{
  return pop3_answer (wire, problem) && send_line (wire, "STLS") && pop3_answer (wire, problem);
}

/* ---- LDAP ---- */

/* X.690, 8.1: an identifier of one byte, and the definite form of the length: short, or long in up to four bytes, as
 * Active Directory writes it. */
static gboolean
ber_length (const guint8 *head,
            gsize         size,
            gsize        *n_head,
            gsize        *length)
{
  gsize n = size >= 2 && (head[1] & 0x80) != 0 ? head[1] & 0x7f : 0;

  if (size < 2 || n > 4 || size < 2 + n || head[1] == 0x80)
    return FALSE;

  *length = n == 0 ? head[1] : 0;
  for (gsize i = 0; i < n; i++)
    *length = *length << 8 | head[2 + i];
  *n_head = 2 + n;
  return TRUE;
}

/* Returns: (nullable): the contents of the element at @bytes, if it is a whole @tag. */
static const guint8 *
ber_open (const guint8 *bytes,
          gsize         size,
          guint8        tag,
          gsize        *length)
{
  gsize n_head;

  if (size < 2 || bytes[0] != tag || !ber_length (bytes, size, &n_head, length) || *length > size - n_head)
    return NULL;

  return bytes + n_head;
}

/* The contents of one LDAPMessage. */
static gboolean
ldap_read (ChWire *wire,
           guint8 *message,
           gsize  *length,
           char  **problem)
{
  guint8 head[6];
  gsize n_head;

  if (!ch_wire_read (wire, head, 2))
    return FALSE;

  gsize more = (head[1] & 0x80) != 0 ? head[1] & 0x7f : 0;
  if (head[0] != 0x30 || more > 4)
    {
      *problem = g_strdup (_("does not speak LDAP"));
      return FALSE;
    }
  if (more > 0 && !ch_wire_read (wire, head + 2, more))
    return FALSE;
  if (!ber_length (head, 2 + more, &n_head, length) || *length > ANSWER_MAX)
    {
      *problem = g_strdup (_("does not speak LDAP"));
      return FALSE;
    }

  return ch_wire_read (wire, message, *length);
}

static gboolean
start_ldap (ChWire *wire,
            char  **problem)
{
  /* RFC 4511, 4.14.1: LDAPMessage { messageID 1, ExtendedRequest { requestName "1.3.6.1.4.1.1466.20037" } } */
  static const char request[] = "\x30\x1d\x02\x01\x01\x77\x18\x80\x16" "1.3.6.1.4.1.1466.20037";
  static const guint8 id[] = { 0x02, 0x01, 0x01 };
  g_autofree guint8 *message = g_malloc (ANSWER_MAX);
  gsize length, n_result, n_code;

  if (!ch_wire_write (wire, request, sizeof request - 1) || !ldap_read (wire, message, &length, problem))
    return FALSE;

  /* ExtendedResponse [APPLICATION 24] { resultCode ENUMERATED, … } */
  const guint8 *result = length > sizeof id && memcmp (message, id, sizeof id) == 0
    ? ber_open (message + sizeof id, length - sizeof id, 0x78, &n_result) : NULL;
  const guint8 *code = result != NULL ? ber_open (result, n_result, 0x0a, &n_code) : NULL;

  if (code == NULL || n_code != 1)
    *problem = g_strdup (_("does not answer LDAP’s StartTLS as it should"));
  else if (*code != 0)
    *problem = g_strdup_printf (_("does not start TLS by LDAP: result code %u; is TLS set up in it?"), *code);
  return *problem == NULL;
}

/* ---- PostgreSQL ---- */

/* Its documentation, “Message Formats”: SSLRequest has the length 8 and the code 80877103, and is answered by one
 * byte. */
static gboolean
start_postgresql (ChWire *wire,
                  char  **problem)
{
  static const guint8 request[] = { 0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f };
  guint8 answer;

  if (!ch_wire_write (wire, request, sizeof request) || !ch_wire_read (wire, &answer, 1))
    return FALSE;

  if (answer == 'N')
    *problem = g_strdup (_("does not offer TLS: “ssl” is off in PostgreSQL’s configuration"));
  else if (answer != 'S')
    *problem = g_strdup (_("does not answer as PostgreSQL does"));
  return *problem == NULL;
}

gboolean
ch_start_tls (ChStartTls start_tls,
              ChWire    *wire,
              char     **problem)
{
  static gboolean (*const starts[]) (ChWire *wire, char **problem) = {
    [CH_START_TLS_SMTP] = start_smtp,
    [CH_START_TLS_IMAP] = start_imap,
    [CH_START_TLS_POP3] = start_pop3,
    [CH_START_TLS_LDAP] = start_ldap,
    [CH_START_TLS_POSTGRESQL] = start_postgresql,
  };

  *problem = NULL;
  return start_tls == CH_START_TLS_NONE || starts[start_tls] (wire, problem);
}
