/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deploy/ssh-private.h"

#include "lib/error.h"

#include <glib/gi18n.h>
#include <stdbool.h>

/*
 * What is agreed on with a server: nothing that rests on SHA-1, on CBC or on small groups. In the order of the
 * current OpenSSH, as far as libssh knows them.
 */
#define KEY_EXCHANGES "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384," \
  "ecdh-sha2-nistp521,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,diffie-hellman-group14-sha256"
#define CIPHERS "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr,aes128-ctr"
#define MACS "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha2-256,hmac-sha2-512"
#define LOGIN_KEYS "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-512,rsa-sha2-256"

const char *const ch_ssh_host_key_types[] = {
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512,rsa-sha2-256",
  NULL,
};

/* Nothing of the daemon's user's own configuration counts: no file of it is read. */
gboolean
ch_ssh_set_options (ssh_session  session,
                    const char  *host,
                    guint        port,
                    const char  *user,
                    const char  *host_keys,
                    GError     **error)
{
  static const bool no = false;
  static const int rsa_minimum = 2048;
  static const long patience = 20;
  const struct { enum ssh_options_e option; const void *value; } options[] = {
    { SSH_OPTIONS_PROCESS_CONFIG, &no },
    { SSH_OPTIONS_SSH_DIR, "/nonexistent" },
    { SSH_OPTIONS_KNOWNHOSTS, "/dev/null" },
    { SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null" },
    { SSH_OPTIONS_HOST, host },
    { SSH_OPTIONS_PORT, &port },
    { SSH_OPTIONS_USER, user },
    { SSH_OPTIONS_TIMEOUT, &patience },
    { SSH_OPTIONS_KEY_EXCHANGE, KEY_EXCHANGES },
    { SSH_OPTIONS_CIPHERS_C_S, CIPHERS },
    { SSH_OPTIONS_CIPHERS_S_C, CIPHERS },
    { SSH_OPTIONS_HMAC_C_S, MACS },
    { SSH_OPTIONS_HMAC_S_C, MACS },
    { SSH_OPTIONS_COMPRESSION, "no" },
    { SSH_OPTIONS_HOSTKEYS, host_keys },
    { SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES, LOGIN_KEYS },
    { SSH_OPTIONS_RSA_MIN_SIZE, &rsa_minimum },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (ssh_options_set (session, options[i].option, options[i].value) != SSH_OK)
      return ch_error_set (error, CH_ERROR_INVALID, _("The connection to “%s” cannot be set up: %s"), host,
                           ssh_get_error (session));

  return TRUE;
}
