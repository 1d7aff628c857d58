/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "deploy/target.h"

#include <libssh/libssh.h>
#include <libssh/sftp.h>

/* What the parts of the kind "ssh" share. All of it blocks, on a worker. */

extern const ChField ch_ssh_fields[];

/** ChSshTunnel: a connection through another server. */
typedef struct _ChSshTunnel ChSshTunnel;

/** ChSsh: a connection that is logged in. One worker has it at a time. */
typedef struct
{
  ssh_session session;        /* (owned) */
  sftp_session sftp;          /* (owned) (nullable): from the first file on */
  int fd;                     /* (owned): the socket, or our end of the tunnel; libssh has a copy */
  ChSshTunnel *tunnel;        /* (owned) (nullable) */
  char *where;                /* (owned): user@host */
  char *id;                   /* (owned): who, where and by which secrets, as a digest */
  guint uid;                  /* whose the login's home folder is; known with @sftp */
  gboolean broken;            /* must not be used again */

  /* ssh-pool.c */
  GCancellable *cancellable;  /* (nullable) (not owned) */
  gulong cancelled_id;
  gint64 deadline;            /* monotonic; 0: none */
  gint64 idle_until;          /* monotonic */
  int timed_out;              /* atomic */
} ChSsh;

/* ---- ssh-pool.c ---- */

/**
 * ch_ssh_take:
 *
 * Gives a connection that is idle, or makes one. Until it is given back, the end of @cancellable, or thirty seconds
 * without ch_ssh_allow(), cut it.
 *
 * Returns: (transfer full): the connection, or %NULL with %CH_ERROR_UNREACHABLE, %CH_ERROR_CREDENTIALS, %CH_ERROR_TLS
 *   for a host key that is not the pinned one, %CH_ERROR_CANCELLED or %CH_ERROR_INVALID
 */
ChSsh *ch_ssh_take (const ChServerAccess *access,
                    GCancellable         *cancellable,
                    GError              **error);

/** ch_ssh_give_back: keeps it for a minute, or closes it when it is @broken. */
void ch_ssh_give_back (ChSsh *ssh);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChSsh, ch_ssh_give_back)

/** ch_ssh_allow: lets it work for @seconds from now on. */
void ch_ssh_allow (ChSsh *ssh,
                   guint  seconds);

/** ch_ssh_watch: cuts @ssh when @cancellable or the time says so, until ch_ssh_unwatch(). */
void ch_ssh_watch (ChSsh        *ssh,
                   GCancellable *cancellable,
                   guint         seconds);
void ch_ssh_unwatch (ChSsh *ssh);

/** ch_ssh_forget: closes the idle connections of @access. */
void ch_ssh_forget (const ChServerAccess *access);
/** ch_ssh_pool_set_patience: how long idle connections are kept, in milliseconds. For tests. */
void ch_ssh_pool_set_patience (guint milliseconds);
/** ch_ssh_pool_close: closes all connections that are idle, and keeps none from now on. */
void ch_ssh_pool_close (void);

/* ---- ssh-session.c ---- */

/** ch_ssh_connect: connects, checks the host key and logs in. Not watched afterwards. */
ChSsh *ch_ssh_connect (const ChServerAccess *access,
                       GCancellable         *cancellable,
                       GError              **error);
void ch_ssh_free (ChSsh *ssh);

/**
 * ch_ssh_open: the same up to the host key, which is not looked at: one of @types.
 *
 * Returns: (transfer full): it, or %NULL with %CH_ERROR_UNREACHABLE, or %CH_ERROR_BAD_ANSWER when there is no algorithm or
 *   type of key that both know
 */
ChSsh *ch_ssh_open (const ChServerAccess *access,
                    const char           *types,
                    GCancellable         *cancellable,
                    GError              **error);

/** ch_ssh_fail: tells why talking to @ssh failed, and that it must not be used again. Returns: %FALSE */
gboolean ch_ssh_fail (ChSsh   *ssh,
                      GError **error);

/** ch_ssh_is_cut: whether nothing can be said to @ssh any more. */
gboolean ch_ssh_is_cut (ChSsh *ssh);

/* ---- ssh-login.c ---- */
gboolean ch_ssh_login (ChSsh                *ssh,
                       const ChServerAccess *access,
                       GError              **error);

/* ---- ssh-tunnel.c ---- */

/** ch_ssh_tunnel_new: (transfer full): @fd: (out): where the server behind it is heard; the caller's */
ChSshTunnel *ch_ssh_tunnel_new (const ChServerAccess *via,
                                const char           *host,
                                guint                 port,
                                int                  *fd,
                                GCancellable         *cancellable,
                                GError              **error);
/** ch_ssh_tunnel_free: after its fd was closed. */
void ch_ssh_tunnel_free (ChSshTunnel *tunnel);

/* ---- ssh-key.c ---- */

/** ch_ssh_key_line: (transfer full): "ssh-ed25519 AAAA…" */
char *ch_ssh_key_line (ssh_key key);
/** ch_ssh_key_fingerprint: (transfer full): "SHA256:…" */
char *ch_ssh_key_fingerprint (ssh_key key);
/** ch_ssh_key_matches: whether @pinned, a line or a fingerprint, is that of @key. */
gboolean ch_ssh_key_matches (ssh_key     key,
                             const char *pinned);
/** ch_ssh_key_check_pinned: a field's check. */
gboolean ch_ssh_key_check_pinned (const char *value,
                                  GError    **error);
/** ch_ssh_key_load: (transfer full): the private key in @text; @passphrase is nullable. */
ssh_key ch_ssh_key_load (const char *text,
                         const char *passphrase,
                         GError    **error);
/** ch_ssh_key_prepare: a ChTarget's prepare. */
gboolean ch_ssh_key_prepare (GHashTable *settings,
                             GHashTable *secrets,
                             GError    **error);

/* ---- ssh-scan.c ---- */
GPtrArray *ch_ssh_scan (const ChServerAccess *access,
                        const char           *known,
                        GCancellable         *cancellable,
                        GError              **error);
/** ch_ssh_is_known: whether @key is the key of @host in a known_hosts file's @text, and is not revoked there. */
gboolean ch_ssh_is_known (const char *text,
                          const char *host,
                          guint       port,
                          ssh_key     key);

/* ---- ssh-options.c ---- */
gboolean ch_ssh_set_options (ssh_session  session,
                             const char  *host,
                             guint        port,
                             const char  *user,
                             const char  *host_keys,
                             GError     **error);
extern const char *const ch_ssh_host_key_types[];

/* ---- ssh-sftp.c ---- */

/** ChSshFacts: what a server tells of a file. */
typedef struct
{
  gboolean there;
  guint8 type;            /* SSH_FILEXFER_TYPE_… */
  guint uid, gid, mode;   /* mode without the type */
  guint64 size;
} ChSshFacts;

/** ch_sftp_open: makes sure that there is an SFTP session. */
gboolean ch_sftp_open (ChSsh   *ssh,
                       GError **error);
/** ch_sftp_fail: why @path could not be changed. Returns: %FALSE */
gboolean ch_sftp_fail (ChSsh      *ssh,
                       const char *path,
                       int         status,
                       GError    **error);
/** ch_sftp_see: what is at @path itself; a link is not followed. */
gboolean ch_sftp_see (ChSsh       *ssh,
                      const char  *path,
                      ChSshFacts  *facts,
                      GError     **error);
/** ch_sftp_look: %CH_ERROR_FILE for what is no plain file. */
gboolean ch_sftp_look (ChSsh       *ssh,
                       const char  *path,
                       ChSshFacts  *facts,
                       GError     **error);
/** ch_sftp_check_folder: the folder of @path, and what leads there, is no place where others can lead us elsewhere. */
gboolean ch_sftp_check_folder (ChSsh       *ssh,
                               const char  *path,
                               ChSshFacts  *folder,
                               GError     **error);
/** ch_sftp_remove: removes @path if it is there. */
gboolean ch_sftp_remove (ChSsh      *ssh,
                         const char *path,
                         GError    **error);
/** ch_sftp_replace: renames @from to @to, over what is there. */
gboolean ch_sftp_replace (ChSsh      *ssh,
                          const char *from,
                          const char *to,
                          GError    **error);
/** ch_sftp_keep: gives what is at @from a second name, or moves it there where the server cannot do that. */
gboolean ch_sftp_keep (ChSsh      *ssh,
                       const char *from,
                       const char *to,
                       GError    **error);
/** ch_sftp_create: (nullable): a new empty file of mode 0600. */
sftp_file ch_sftp_create (ChSsh      *ssh,
                          const char *path,
                          GError    **error);
/** ch_sftp_dress: gives an open file owner, group and mode. */
gboolean ch_sftp_dress (ChSsh      *ssh,
                        sftp_file   file,
                        const char *path,
                        guint       uid,
                        guint       gid,
                        guint       mode,
                        GError    **error);
/** ch_sftp_write: @data into an open file, and to the disk where the server offers that. */
gboolean ch_sftp_write (ChSsh       *ssh,
                        sftp_file    file,
                        const char  *path,
                        const void  *data,
                        gsize        length,
                        GError     **error);
/** ch_sftp_read: (transfer full): at most @maximum bytes, in memory that is wiped */
GBytes *ch_sftp_read (ChSsh      *ssh,
                      const char *path,
                      gsize       maximum,
                      GError    **error);

/* ---- ssh-ask.c ---- */

/* These return the status that the server answers, SSH_FX_OK or another, or -1 when that is no answer. */

/** ch_sftp_has: whether the server offers version 1 of @extension. */
gboolean ch_sftp_has (ChSsh      *ssh,
                      const char *extension);
/** ch_sftp_ask_two: an extension of two names. */
int ch_sftp_ask_two (ChSsh      *ssh,
                     const char *extension,
                     const char *from,
                     const char *to);
/** ch_sftp_ask_owner, ch_sftp_ask_mode: of the open file, and not of its name, which may be another's by now. */
int ch_sftp_ask_owner (ChSsh     *ssh,
                       sftp_file  file,
                       guint      uid,
                       guint      gid);
int ch_sftp_ask_mode (ChSsh     *ssh,
                      sftp_file  file,
                      guint      mode);
/** ch_sftp_ask_mode_of: of what has that name and is no link; SSH_FX_OP_UNSUPPORTED where that cannot be said. */
int ch_sftp_ask_mode_of (ChSsh      *ssh,
                         const char *path,
                         guint       mode);

/* ---- ssh-names.c ---- */

/** ch_ssh_find_id: the number that the third field of @name's line in @file, /etc/passwd or /etc/group, holds. */
gboolean ch_ssh_find_id (ChSsh      *ssh,
                         const char *file,
                         const char *name,
                         guint      *id,
                         GError    **error);
/** ch_ssh_parse_id: the same of a text. */
gboolean ch_ssh_parse_id (const char *text,
                          const char *name,
                          guint      *id);

/* ---- ssh-files.c ---- */
gboolean ch_ssh_stage (const ChServerAccess *access, const ChTargetFile *file,
                       GCancellable *cancellable, GError **error);
gboolean ch_ssh_swap (const ChServerAccess *access, const char *path,
                      GCancellable *cancellable, GError **error);
gboolean ch_ssh_restore (const ChServerAccess *access, const char *path,
                         GCancellable *cancellable, GError **error);
gboolean ch_ssh_settle (const ChServerAccess *access, const char *path,
                        GCancellable *cancellable, GError **error);
gboolean ch_ssh_pending (const ChServerAccess *access, const char *path, gboolean *pending,
                         GCancellable *cancellable, GError **error);
GBytes *ch_ssh_read (const ChServerAccess *access, const char *path,
                     GCancellable *cancellable, GError **error);
/** ch_ssh_try_folder: writes an empty file into @folder and removes it. */
gboolean ch_ssh_try_folder (ChSsh      *ssh,
                            const char *folder,
                            GError    **error);

/* ---- ssh-proof.c ---- */
gboolean ch_ssh_survey (const ChServerAccess *access, const ChTargetProof *proof, guint *missing,
                        GCancellable *cancellable, GError **error);
gboolean ch_ssh_publish (const ChServerAccess *access, const ChTargetProof *proof, gboolean *existed,
                         GCancellable *cancellable, GError **error);
gboolean ch_ssh_withdraw (const ChServerAccess *access, const ChTargetProof *proof,
                          GCancellable *cancellable, GError **error);

/* ---- ssh-command.c ---- */

/** ChSshOutcome: how a command ended. */
typedef struct
{
  int status;       /* -1: not by itself */
  char *signal;     /* (owned) (nullable) */
  char *output;     /* (owned): both streams, at most 8 KiB, UTF-8 */
} ChSshOutcome;
void ch_ssh_outcome_clear (ChSshOutcome *outcome);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ChSshOutcome, ch_ssh_outcome_clear)

/** ch_ssh_quote: (transfer full): @argv as one line for a POSIX shell that hands it over as it is. */
char *ch_ssh_quote (const char *const *argv);
/** ch_ssh_run: runs @argv. Returns: whether it came to an end; look at @outcome how. */
gboolean ch_ssh_run (ChSsh             *ssh,
                     const char *const *argv,
                     guint              seconds,
                     ChSshOutcome      *outcome,
                     GError           **error);

/* ---- ssh-act.c ---- */
gboolean ch_ssh_check_action (const ChAction *action, GError **error);
char *ch_ssh_act (const ChServerAccess *access, const ChAction *action,
                  GCancellable *cancellable, GError **error);
