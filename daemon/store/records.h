/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lib/types.h"

/* The rows of the store as values. A record is a snapshot: it is read, looked at and freed; what
 * is to change is written back through the store. All times are Unix seconds, 0 where there is
 * none. Ids are above 0; 0 stands for "none". Strings are owned by the record. */

/** ChPeer: a CA account, a DNS account, a server or a profile. */
typedef struct
{
  gint64 id;
  ChPeerRole role;
  char *kind;             /* "globalsign", "rfc2136", "local": the connector */
  char *name;             /* unique within its role */
  GHashTable *settings;   /* (element-type utf8 utf8); no secrets */
  char **secrets;         /* names of the secrets that the vault holds as "peer/<id>/<name>" */
  ChPeerState state;
  char *reason;           /* (nullable): why it is failing, a sentence */
  guint failures;         /* how often in a row it failed orders */
  gint64 checked_at;      /* last time it was tried */
  gint64 created_at;
} ChPeer;

/** ChOrder: one request at a CA for a certificate. */
typedef struct
{
  gint64 id;
  ChOrderState state;
  ChOrderStep step;       /* what is to be done at @due */
  gint64 due;             /* when, 0 = nothing is due */
  guint failures;         /* of this step, in a row */
  char *reason;           /* (nullable): what it waits for or why it ended, a sentence */
  gint64 state_since;
  gboolean cancel_wanted;
  gboolean anew;          /* what is placed at the CA is to be withdrawn unpaid, and placed anew */

  ChOrderKind kind;
  gint64 renews_id;       /* our order that it renews, 0: none, or not here */
  char *renews_ca;        /* (nullable): the CA's number of the order that it renews */
  char *reissues_ca;      /* (nullable): while a new certificate is under way inside the term: the CA's number of the
                             order that has the one in force; @ca_order is then the new one, once it is known */

  char **names;           /* A-labels; the first is the common name. While reissuing: those that are wanted */
  gint64 account_id;
  gint64 dns_account_id;  /* 0: by hand; that of the first name, where names have different ones */
  gboolean dns_named;     /* a person named that account; otherwise the accounts' zone patterns decide */
  ChProduct product;
  ChDcvMethod method;
  ChKeyAlgorithm key_algorithm;
  gint term_months;
  GHashTable *contact;    /* (element-type utf8 utf8): first-name last-name phone email, and the second contact's
                             second-first-name second-last-name second-email */
  GHashTable *organization; /* (element-type utf8 utf8): as the profile had it when it was ordered; empty for DV */
  GHashTable *options;    /* (element-type utf8 utf8): licenses coupon campaign instructions not-before not-after */
  char *approver;         /* (nullable): who is mailed, with method e-mail */
  char *page;             /* (nullable): where OV and EV are verified, an https URL of the CA */
  char *price;            /* (nullable): what the CA said that it costs, "249.00 EUR" */

  /* of the newest request; a certificate in force has its own */
  char *key_ref;          /* (nullable): vault reference of the private key */
  char *csr;              /* (nullable): PEM */
  char *public_key;       /* (nullable): lower-hex SHA-256 of the SubjectPublicKeyInfo */

  char *own_key;          /* goes to the CA as SubID: "chancery-<uuid>-<attempt>" */
  guint attempt;          /* placements so far; the next one counts up */
  char *ca_order;         /* (nullable): the CA's order number */
  gint64 placed_at;
  gint64 issued_at;
  gint64 not_after;       /* end of the certificate in force */
  gint64 term_end;        /* end of what was paid for */
  gint64 imported_at;     /* 0: placed by us */
  gint64 created_at;
  gint64 updated_at;

  gboolean auto_replace;  /* reissue by itself inside the term */
  gboolean auto_renew;    /* and spend money at its end */
  gint64 replace_at;      /* when it is replaced by itself next, 0: it is not */
  guint replace_failures; /* in a row */
  gint64 tell_at;         /* when a person is told next that the certificate ends, 0: no more */

  char *note;             /* (nullable): a person's */
  char **tags;
} ChOrder;

/** ChChallenge: what proves control of one name. */
typedef struct
{
  gint64 id;
  gint64 order_id;
  ChDcvMethod method;
  char *name;             /* the name that is proven */
  char *location;         /* where it must stand: the FQDN of the TXT record; of method http the host; of
                             method e-mail the address that is mailed */
  char *value;            /* what must stand there; of method e-mail empty */
  gint64 dns_account_id;  /* who puts it there, 0: by hand */
  char **aliases;         /* where @location leads to by CNAMEs, in order: it is put at the last; mostly none */
  gint64 value_at;        /* when the CA gave it; it ages */
  gint64 published_at;    /* 0: not yet; of method e-mail when the mail went out */
  gint64 seen_at;         /* when all servers showed it first, 0: not yet */
  char *observed;         /* (nullable): JSON array of {server, address, result, text, at} */
} ChChallenge;

/** ChCertificate: one issue of an order. */
typedef struct
{
  gint64 id;
  gint64 order_id;
  char *ca_order;
  char *serial;           /* lower hex */
  char *subject;
  char *issuer;
  char **names;
  gint64 not_before;
  gint64 not_after;
  char *fingerprint;      /* lower-hex SHA-256 of the DER */
  char *public_key;       /* as ChOrder.public_key */
  char *key_ref;          /* (nullable): vault reference of its private key */
  char *pem;              /* the leaf */
  char *chain;            /* intermediates in order, PEM, without the root; may be empty */
  char *root;             /* (nullable): the root as the CA gave it */
  gint64 issued_at;
} ChCertificate;

/** ChTxtRecord: one TXT value of ours in somebody's DNS, for as long as it is there. */
typedef struct
{
  gint64 id;
  gint64 dns_account_id;
  gint64 order_id;        /* 0: of a test */
  char *name;             /* FQDN without final dot */
  char *value;
  char *zone;             /* (nullable): found when it was added */
  gboolean ours;          /* FALSE: it stood there before us, so it stays */
  ChTxtState state;
  gint64 due;             /* next try to remove it */
  guint failures;
  char *reason;           /* (nullable): why it is still there */
  char *token;            /* (nullable): what the DNS service is asked with whether all its servers have it */
  gint64 created_at;
} ChTxtRecord;

/** ChChallengeFile: one file that proves control on somebody's server, for as long as it is there. */
typedef struct
{
  gint64 id;
  gint64 server_id;
  gint64 order_id;
  char *root;             /* the folder that must be there */
  char *path;             /* the file's, below @root; one at a time on each server */
  char *content;
  guint made;             /* how many folders above the file were made for it */
  gboolean ours;          /* FALSE: it stood there before us, so it stays */
  ChTxtState state;
  gint64 due;             /* next try to remove it */
  guint failures;
  char *reason;           /* (nullable): why it is still there */
  gint64 created_at;
} ChChallengeFile;

/** ChDeployment: a standing rule that puts certificates on a server. */
typedef struct
{
  gint64 id;
  char *name;             /* unique */
  gint64 server_id;
  char **names;           /* which orders it serves: it matches an order whose names include all of these */
  char *template;         /* (nullable): the service's template that it was made with (data/templates) */
  char *files;            /* JSON array of {part, format, path, owner, group, mode, alias} */
  char *test;             /* JSON object like @action: the service's own look at its configuration; "{}": none */
  char *action;           /* JSON object: {"kind": "none"|"reload-unit"|"signal"|"program"|"command", …} */
  char *checks;           /* JSON array of {host, port, sni, starttls} */
  char *web_root;         /* (nullable): folder on the server that challenge files go below */
  char *challenge_folder; /* (nullable): the very folder that they go into, in its place */
  char **secrets;         /* names of those in the vault, such as "password" of a PKCS#12 file */
  guint wave;             /* it waits for those of lower waves that are for the same certificate */
  char **windows;         /* when it may run, such as "Sat,Sun 02:00-05:00"; none: always */
  gint64 paused_until;    /* 0: it is not paused; %G_MAXINT64: until a person resumes it */
  char *pause_reason;     /* (nullable): why, in a person's words */
  ChDeploymentState state;
  char *reason;           /* (nullable) */
  gboolean enabled;
  gint64 due;
  guint failures;
  gint64 certificate_id;  /* what was or is to be installed, 0: none yet */
  gint64 deployed_at;     /* when it was last seen being served */
  gint64 look_at;         /* when its checks are looked at next though nothing has changed, 0: never */
  char *drift;            /* (nullable): what was seen there instead, a sentence */
  gint64 created_at;
} ChDeployment;

/** ChWatch: an endpoint that is only looked at. */
typedef struct
{
  gint64 id;
  char *name;             /* unique: "host:port/name,starttls=smtp" */
  char *host;
  guint port;
  char *sni;              /* (nullable): the name that is asked for, if it is another */
  char *start_tls;        /* (nullable): "smtp", … */
  gint64 every;           /* seconds between looks, 0: as the configuration says */
  ChWatchState state;
  char *reason;           /* (nullable): what is to be told, a sentence */
  gint64 due;             /* the next look */
  guint failures;         /* how often in a row nothing was seen */
  gint64 looked_at;
  char *fingerprint;      /* (nullable): of what was seen last, as are all that follow */
  char *accepted;         /* (nullable): of what is known to be right; with blanks between, where addresses differ */
  char *subject;          /* (nullable) */
  char *issuer;           /* (nullable) */
  char **names;
  gint64 not_before;
  gint64 not_after;
  gboolean trusted;       /* this machine trusts its chain */
  gint64 created_at;
} ChWatch;

/** ChRun: one execution of a deployment. */
typedef struct
{
  gint64 id;
  gint64 deployment_id;
  gint64 certificate_id;
  gint64 started_at;
  gint64 finished_at;     /* 0: the daemon died in it, or it is under way */
  char *result;           /* "running", "deployed", "failed", "rolled-back", "interrupted" */
  char *error;            /* (nullable) */
  char *steps;            /* JSON array of {at, step, ok, text} */
} ChRun;

/** ChTrack: how far the changes at one account's CA are known. */
typedef struct
{
  gint64 id;              /* the account */
  gint64 seen_to;         /* changes before this time are known, 0: none yet */
  gint64 due;             /* when the CA is asked next, 0: nothing is followed */
  guint quiet;            /* questions in a row that brought nothing new */
} ChTrack;

/** ChEvent: an entry of the audit log. */
typedef struct
{
  gint64 id;
  gint64 at;
  gint64 uid;             /* -1: the daemon itself */
  char *authority;        /* how it was authorised: "root", "owner", "polkit:<action>", "daemon" */
  char *action;           /* "order.new", "order.issued", "dns.add", … */
  char *object;           /* "order/12", "dns/3", … */
  char *name;             /* the object's name for people */
  gboolean ok;
  char *text;             /* a sentence */
} ChEvent;

/** ChBinKey: a private key that nothing refers to, until it is removed for good. */
typedef struct
{
  gint64 id;
  char *ref;              /* in the vault */
  gint64 order_id;        /* of the order that it was deleted with; that number is never used again */
  char *name;             /* that order's first name */
  char *ca_order;         /* (nullable) */
  char *public_key;       /* (nullable): as ChOrder.public_key; %NULL: it is not known to be there */
  gint64 put_at;
  gint64 due;             /* when it is removed; 0: it is being removed */
  guint failures;
} ChBinKey;

/** ChWarning: that a person was told of the end of an order's certificate. */
typedef struct
{
  gint64 id;              /* the order's */
  gint64 not_after;       /* of the certificate that was told of */
  gint days;              /* the threshold: how many days it had left at most; 0: it had ended */
  gint64 told_at;
} ChWarning;

/** ChMail: how it stands with the daily mail. There is one. */
typedef struct
{
  gint64 id;              /* 1 */
  gint64 due;             /* when there may be something to send next; 0: never, or one is being sent */
  gint64 sent_at;         /* when the last one was taken by the server, 0: none yet */
  guint failures;         /* in a row */
  char *reason;           /* (nullable): why the last one could not be sent */
  char **told;            /* keys of what it held, and what still stands */
} ChMail;

void ch_peer_free (ChPeer *peer);
void ch_order_free (ChOrder *order);
void ch_challenge_free (ChChallenge *challenge);
void ch_certificate_free (ChCertificate *certificate);
void ch_txt_record_free (ChTxtRecord *record);
void ch_challenge_file_free (ChChallengeFile *file);
void ch_deployment_free (ChDeployment *deployment);
void ch_watch_free (ChWatch *watch);
void ch_run_free (ChRun *run);
void ch_track_free (ChTrack *track);
void ch_event_free (ChEvent *event);
void ch_bin_key_free (ChBinKey *key);
void ch_warning_free (ChWarning *warning);
void ch_mail_free (ChMail *mail);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChPeer, ch_peer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChOrder, ch_order_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChChallenge, ch_challenge_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChCertificate, ch_certificate_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChTxtRecord, ch_txt_record_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChChallengeFile, ch_challenge_file_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChDeployment, ch_deployment_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChWatch, ch_watch_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChRun, ch_run_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChTrack, ch_track_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChEvent, ch_event_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChBinKey, ch_bin_key_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChWarning, ch_warning_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChMail, ch_mail_free)
