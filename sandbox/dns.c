/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dns.h"

#include <gnutls/crypto.h>
#include <libknot/libknot.h>
#include <string.h>

#define SECONDS 2
#define TRIES 2
#define MOST_CNAMES 10

typedef knot_pkt_t Packet;
static void
packet_free (Packet *packet)
{
  knot_pkt_free (packet);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Packet, packet_free)

typedef enum
{
  SEEN,
  ABSENT,
  TROUBLE,
} Sight;

SbProof *
sb_proof_new (GPtrArray  *servers,
              const char *value)
{
  SbProof *proof = g_new0 (SbProof, 1);

  proof->servers = g_ptr_array_ref (servers);
  proof->value = g_strdup (value);
  proof->places = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  proof->seen = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  return proof;
}

void
sb_proof_add (SbProof *proof,
              GStrv    names)
{
  g_ptr_array_add (proof->places, names);
}

void
sb_proof_free (SbProof *proof)
{
  g_ptr_array_unref (proof->servers);
  g_ptr_array_unref (proof->places);
  g_ptr_array_unref (proof->seen);
  g_free (proof->value);
  g_free (proof);
}

static Packet *
new_question (const char *name,
              uint16_t    type)
{
  g_autoptr(Packet) packet = knot_pkt_new (NULL, KNOT_WIRE_MAX_PKTSIZE, NULL);
  knot_dname_t *owner = knot_dname_from_str_alloc (name);
  uint16_t id = 0;
  int rc = owner != NULL && packet != NULL ? KNOT_EOK : KNOT_EINVAL;

  gnutls_rnd (GNUTLS_RND_NONCE, &id, sizeof id);
  if (rc == KNOT_EOK)
    {
      knot_wire_set_id (packet->wire, id);
      knot_wire_set_rd (packet->wire);
      rc = knot_pkt_put_question (packet, owner, KNOT_CLASS_IN, type);
    }
  knot_dname_free (owner, NULL);

  return rc == KNOT_EOK ? g_steal_pointer (&packet) : NULL;
}

static gboolean
is_answer (Packet *question,
           Packet *answer)
{
  return answer != NULL && knot_pkt_parse (answer, 0) == KNOT_EOK
         && knot_wire_get_qr (answer->wire)
         && knot_wire_get_id (answer->wire) == knot_wire_get_id (question->wire)
         && knot_pkt_qname (answer) != NULL && knot_pkt_qtype (answer) == knot_pkt_qtype (question)
         && knot_dname_is_case_equal (knot_pkt_qname (answer), knot_pkt_qname (question));
}

static GSocket *
open_socket (GSocketAddress *server,
             GSocketType     type)
{
  GSocketProtocol protocol = type == G_SOCKET_TYPE_DATAGRAM ? G_SOCKET_PROTOCOL_UDP : G_SOCKET_PROTOCOL_TCP;
  g_autoptr(GSocket) socket = g_socket_new (g_socket_address_get_family (server), type, protocol, NULL);

  if (socket == NULL)
    return NULL;
  g_socket_set_timeout (socket, SECONDS);
  if (!g_socket_connect (socket, server, NULL, NULL))
    return NULL;

  return g_steal_pointer (&socket);
}

/* knot_pkt_new() over foreign memory does not own it: so the packet makes its own and is filled. */
static Packet *
new_answer (const guint8 *data,
            gsize         length)
{
  if (length == 0 || length > KNOT_WIRE_MAX_PKTSIZE)
    return NULL;

  g_autoptr(Packet) packet = knot_pkt_new (NULL, length, NULL);
  if (packet == NULL)
    return NULL;

  memcpy (packet->wire, data, length);
  packet->size = length;
  return g_steal_pointer (&packet);
}

static Packet *
ask_udp (GSocketAddress *server,
         Packet         *question)
{
  g_autoptr(GSocket) socket = open_socket (server, G_SOCKET_TYPE_DATAGRAM);
  guint8 buffer[4096];

  if (socket == NULL || g_socket_send (socket, (char *) question->wire, question->size, NULL, NULL) < 0)
    return NULL;

  /* Other datagrams than ours may come first; a stream of them must not keep us for ever. */
  for (guint i = 0; i < 8; i++)
    {
      gssize length = g_socket_receive (socket, (char *) buffer, sizeof buffer, NULL, NULL);

      if (length <= 0)
        return NULL;

      g_autoptr(Packet) answer = new_answer (buffer, length);
      if (is_answer (question, answer))
        return g_steal_pointer (&answer);
    }

  return NULL;
}

static Packet *
ask_tcp (GSocketAddress *server,
         Packet         *question)
{
  g_autoptr(GSocket) socket = open_socket (server, G_SOCKET_TYPE_STREAM);

  if (socket == NULL)
    return NULL;

  g_autoptr(GSocketConnection) connection = g_socket_connection_factory_create_connection (socket);
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  guint8 size[2] = { question->size >> 8, question->size & 0xff };
  g_autofree guint8 *buffer = g_malloc (KNOT_WIRE_MAX_PKTSIZE);
  gsize done = 0;

  if (!g_output_stream_write_all (out, size, 2, NULL, NULL, NULL)
      || !g_output_stream_write_all (out, question->wire, question->size, NULL, NULL, NULL)
      || !g_input_stream_read_all (in, size, 2, &done, NULL, NULL) || done != 2)
    return NULL;

  gsize length = (gsize) size[0] << 8 | size[1];
  if (!g_input_stream_read_all (in, buffer, length, &done, NULL, NULL) || done != length)
    return NULL;

  g_autoptr(Packet) answer = new_answer (buffer, length);
  return is_answer (question, answer) ? g_steal_pointer (&answer) : NULL;
}

static Packet *
ask (GSocketAddress *server,
     const char     *name,
     uint16_t        type)
{
  g_autoptr(Packet) question = new_question (name, type);

  for (guint i = 0; question != NULL && i < TRIES; i++)
    {
      g_autoptr(Packet) answer = ask_udp (server, question);

      if (answer != NULL && knot_wire_get_tc (answer->wire))
        return ask_tcp (server, question);
      if (answer != NULL)
        return g_steal_pointer (&answer);
    }

  return NULL;
}

/* The character strings of a TXT record count as one text (RFC 7208, 3.3). */
static gboolean
is_value (const knot_rdata_t *rdata,
          const char         *value)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (uint16_t at = 0; at < rdata->len; at += 1 + rdata->data[at])
    {
      if (at + 1 + rdata->data[at] > rdata->len)
        return FALSE;
      g_string_append_len (text, (const char *) rdata->data + at + 1, rdata->data[at]);
    }

  return text->len == strlen (value) && memcmp (text->str, value, text->len) == 0;
}

static gboolean
is_at (const knot_rrset_t *record,
       const char         *name)
{
  knot_dname_t *wanted = knot_dname_from_str_alloc (name);
  gboolean same = wanted != NULL && knot_dname_is_case_equal (record->owner, wanted);

  knot_dname_free (wanted, NULL);
  return same;
}

static gboolean
holds_value (Packet     *answer,
             const char *name,
             const char *value)
{
  const knot_pktsection_t *section = knot_pkt_section (answer, KNOT_ANSWER);

  for (uint16_t i = 0; i < section->count; i++)
    {
      const knot_rrset_t *record = knot_pkt_rr (section, i);

      for (uint16_t n = 0; record->type == KNOT_RRTYPE_TXT && is_at (record, name) && n < record->rrs.count; n++)
        if (is_value (knot_rdataset_at (&record->rrs, n), value))
          return TRUE;
    }

  return FALSE;
}

/* (transfer full) (nullable): where a CNAME at @name leads to */
static char *
find_alias (Packet     *answer,
            const char *name)
{
  const knot_pktsection_t *section = knot_pkt_section (answer, KNOT_ANSWER);

  for (uint16_t i = 0; i < section->count; i++)
    {
      const knot_rrset_t *record = knot_pkt_rr (section, i);
      char text[KNOT_DNAME_TXT_MAXLEN + 1];

      if (record->type == KNOT_RRTYPE_CNAME && is_at (record, name)
          && knot_dname_to_str (text, knot_cname_name (record->rrs.rdata), sizeof text) != NULL)
        return g_strdup (text);
    }

  return NULL;
}

/* As a resolver does: each CNAME is followed by a question of its own, and a chain that does not end is trouble. */
static Sight
look (GSocketAddress *server,
      const char     *place,
      const char     *value)
{
  g_autofree char *name = g_strdup (place);

  for (guint link = 0; link <= MOST_CNAMES; link++)
    {
      g_autoptr(Packet) answer = ask (server, name, KNOT_RRTYPE_TXT);
      g_autofree char *alias = answer != NULL ? find_alias (answer, name) : NULL;
      int rcode = answer != NULL ? knot_pkt_ext_rcode (answer) : KNOT_RCODE_SERVFAIL;

      /* behind a CNAME, NXDOMAIN is about where it leads to */
      if (rcode != KNOT_RCODE_NOERROR && rcode != KNOT_RCODE_NXDOMAIN)
        return TROUBLE;
      if (alias == NULL)
        return holds_value (answer, name, value) ? SEEN : ABSENT;

      g_free (name);
      name = g_steal_pointer (&alias);
    }

  return TROUBLE;
}

static Sight
look_everywhere (SbProof    *proof,
                 const char *name)
{
  Sight sight = proof->servers->len > 0 ? SEEN : TROUBLE;

  for (guint i = 0; sight == SEEN && i < proof->servers->len; i++)
    sight = look (g_ptr_array_index (proof->servers, i), name, proof->value);

  return sight;
}

static Sight
look_at_places (SbProof *proof,
                GStrv    names)
{
  Sight worst = ABSENT;

  for (gsize i = 0; names[i] != NULL; i++)
    {
      Sight sight = look_everywhere (proof, names[i]);

      if (sight == SEEN)
        {
          g_ptr_array_add (proof->seen, g_strdup (names[i]));
          return SEEN;
        }
      worst = MAX (worst, sight);
    }

  return worst;
}

static void
prove (GTask        *task,
       gpointer      source,
       gpointer      data,
       GCancellable *cancellable)
{
  SbProof *proof = data;
  Sight sight = SEEN;

  for (guint i = 0; sight == SEEN && i < proof->places->len; i++)
    sight = look_at_places (proof, g_ptr_array_index (proof->places, i));

  g_task_return_int (task, sight == SEEN ? 0 : sight == ABSENT ? -3026 : -3013);
}

void
sb_dns_prove_async (SbProof             *proof,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, sb_dns_prove_async);
  g_task_set_task_data (task, proof, (GDestroyNotify) sb_proof_free);
  g_task_run_in_thread (task, prove);
}

int
sb_dns_prove_finish (GAsyncResult *result,
                     GStrv        *seen)
{
  SbProof *proof = g_task_get_task_data (G_TASK (result));

  *seen = g_strdupv ((GStrv) proof->seen->pdata);
  return g_task_propagate_int (G_TASK (result), NULL);
}

static void
take_address (const knot_rrset_t *record,
              uint16_t            index,
              GPtrArray          *addresses)
{
  const knot_rdata_t *rdata = knot_rdataset_at (&record->rrs, index);
  GSocketFamily family = record->type == KNOT_RRTYPE_A ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6;

  if (rdata->len == (family == G_SOCKET_FAMILY_IPV4 ? 4 : 16))
    g_ptr_array_add (addresses, g_inet_address_new_from_bytes (rdata->data, family));
}

/* Returns: (transfer full) (nullable): where the answer says to look further */
static char *
take_addresses (Packet    *answer,
                uint16_t   type,
                GPtrArray *addresses)
{
  const knot_pktsection_t *section = knot_pkt_section (answer, KNOT_ANSWER);
  guint before = addresses->len;
  char *target = NULL;

  for (uint16_t i = 0; i < section->count; i++)
    {
      const knot_rrset_t *record = knot_pkt_rr (section, i);

      for (uint16_t n = 0; record->type == type && n < record->rrs.count; n++)
        take_address (record, n, addresses);
      if (record->type == KNOT_RRTYPE_CNAME && record->rrs.count == 1)
        {
          g_free (target);
          target = knot_dname_to_str_alloc (knot_rdataset_at (&record->rrs, 0)->data);
        }
    }

  if (addresses->len > before)
    g_clear_pointer (&target, g_free);
  return target;
}

static gboolean
look_up (GSocketAddress *server,
         const char     *name,
         uint16_t        type,
         GPtrArray      *addresses)
{
  g_autofree char *at = g_strdup (name);

  for (guint i = 0; at != NULL && i < MOST_CNAMES; i++)
    {
      g_autoptr(Packet) answer = ask (server, at, type);

      if (answer == NULL || (knot_pkt_ext_rcode (answer) != KNOT_RCODE_NOERROR
                             && knot_pkt_ext_rcode (answer) != KNOT_RCODE_NXDOMAIN))
        return FALSE;

      g_autofree char *next = take_addresses (answer, type, addresses);
      g_free (at);
      at = g_steal_pointer (&next);
    }

  return TRUE;
}

GPtrArray *
sb_dns_addresses (GPtrArray  *servers,
                  const char *name)
{
  g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < servers->len; i++)
    if (!look_up (g_ptr_array_index (servers, i), name, KNOT_RRTYPE_A, addresses)
        || !look_up (g_ptr_array_index (servers, i), name, KNOT_RRTYPE_AAAA, addresses))
      return NULL;

  return addresses->len > 0 ? g_steal_pointer (&addresses) : NULL;
}
