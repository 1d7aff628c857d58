/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

/* The words of the vocabulary that are one of a few. The nick of each value is its only spelling:
 * on D-Bus, in the store, on the command line and in the app. */

/**
 * ChOrderState:
 * @CH_ORDER_STATE_QUEUED: accepted by us, nothing sent yet
 * @CH_ORDER_STATE_SUBMITTING: being placed; may or may not have reached the CA
 * @CH_ORDER_STATE_VALIDATING: placed; control of the names is being proven
 * @CH_ORDER_STATE_VETTING: the CA's staff look at it (high-risk name, OV, EV)
 * @CH_ORDER_STATE_ISSUED: a certificate is in force
 * @CH_ORDER_STATE_REISSUING: issued, and a free new certificate inside the term is under way
 * @CH_ORDER_STATE_RENEWING: issued, and a paid successor is under way
 * @CH_ORDER_STATE_REJECTED: (end) the CA said no
 * @CH_ORDER_STATE_CANCELLED: (end) withdrawn
 * @CH_ORDER_STATE_REVOKED: (end) revoked
 * @CH_ORDER_STATE_EXPIRED: (end) the term is over
 * @CH_ORDER_STATE_FAILED: (end) we gave up; the order's reason says why and whether a retry can help
 */
typedef enum
{
  CH_ORDER_STATE_QUEUED,
  CH_ORDER_STATE_SUBMITTING,
  CH_ORDER_STATE_VALIDATING,
  CH_ORDER_STATE_VETTING,
  CH_ORDER_STATE_ISSUED,
  CH_ORDER_STATE_REISSUING,
  CH_ORDER_STATE_RENEWING,
  CH_ORDER_STATE_REJECTED,
  CH_ORDER_STATE_CANCELLED,
  CH_ORDER_STATE_REVOKED,
  CH_ORDER_STATE_EXPIRED,
  CH_ORDER_STATE_FAILED,
} ChOrderState;

/**
 * ChOrderStep:
 * @CH_ORDER_STEP_NONE: nothing is to be done
 * @CH_ORDER_STEP_MAKE_KEY: make the key (unless brought) and the CSR
 * @CH_ORDER_STEP_SUBMIT: place the order at the CA
 * @CH_ORDER_STEP_FIND: ask the CA whether an order of ours that may have been sent is there
 * @CH_ORDER_STEP_WITHDRAW: cancel an adopted order whose validation value was lost with the answer
 * @CH_ORDER_STEP_FOLLOW: look whether the place of a challenge leads elsewhere by CNAMEs
 * @CH_ORDER_STEP_PUBLISH: put the challenge where it must stand
 * @CH_ORDER_STEP_PROPAGATE: ask every authoritative server whether it shows the value
 * @CH_ORDER_STEP_CHECK: ask the CA to validate and issue
 * @CH_ORDER_STEP_TRACK: wait for the CA; its bulk query tells when something changed
 * @CH_ORDER_STEP_FETCH: collect the certificate
 * @CH_ORDER_STEP_CANCEL: cancel at the CA because a person asked for it
 * @CH_ORDER_STEP_REVOKE: revoke at the CA because a person asked for it
 *
 * What the engine does next for an order. Durable: a daemon that starts goes on from here.
 */
typedef enum
{
  CH_ORDER_STEP_NONE,
  CH_ORDER_STEP_MAKE_KEY,
  CH_ORDER_STEP_SUBMIT,
  CH_ORDER_STEP_FIND,
  CH_ORDER_STEP_WITHDRAW,
  CH_ORDER_STEP_FOLLOW,
  CH_ORDER_STEP_PUBLISH,
  CH_ORDER_STEP_PROPAGATE,
  CH_ORDER_STEP_CHECK,
  CH_ORDER_STEP_TRACK,
  CH_ORDER_STEP_FETCH,
  CH_ORDER_STEP_CANCEL,
  CH_ORDER_STEP_REVOKE,
} ChOrderStep;

/**
 * ChOrderKind: what an order is to the CA.
 * @CH_ORDER_KIND_NEW: the first for its names
 * @CH_ORDER_KIND_RENEWAL: the paid successor of an order there
 * @CH_ORDER_KIND_TRANSFER: the successor of another CA's certificate
 */
typedef enum
{
  CH_ORDER_KIND_NEW,
  CH_ORDER_KIND_RENEWAL,
  CH_ORDER_KIND_TRANSFER,
} ChOrderKind;

/** ChDcvMethod: how control of a name is proven. */
typedef enum
{
  CH_DCV_METHOD_DNS,
  CH_DCV_METHOD_HTTP,
  CH_DCV_METHOD_EMAIL,
} ChDcvMethod;

/** ChProduct: GlobalSign's retail TLS products. */
typedef enum
{
  CH_PRODUCT_ALPHASSL,
  CH_PRODUCT_DOMAINSSL,
  CH_PRODUCT_ORGANIZATIONSSL,
  CH_PRODUCT_EXTENDEDSSL,
} ChProduct;

/** ChKeyAlgorithm: kinds of key that public CAs and GlobalSign's API accept. */
typedef enum
{
  CH_KEY_ALGORITHM_RSA_2048,
  CH_KEY_ALGORITHM_RSA_3072,
  CH_KEY_ALGORITHM_RSA_4096,
  CH_KEY_ALGORITHM_EC_P256,
  CH_KEY_ALGORITHM_EC_P384,
} ChKeyAlgorithm;

/**
 * ChPeerRole:
 * @CH_PEER_ROLE_ACCOUNT: credentials at a certificate authority
 * @CH_PEER_ROLE_DNS: credentials at a DNS service or server
 * @CH_PEER_ROLE_SERVER: a machine that files are put on
 * @CH_PEER_ROLE_PROFILE: a contact or an organisation that orders name
 *
 * A peer is something outside that is described by settings and secrets. The roles share their code and differ
 * in what their kinds can do; a profile has no secrets and is talked to by nobody.
 */
typedef enum
{
  CH_PEER_ROLE_ACCOUNT,
  CH_PEER_ROLE_DNS,
  CH_PEER_ROLE_SERVER,
  CH_PEER_ROLE_PROFILE,
} ChPeerRole;

/** ChPeerState: enabled, disabled by a person, or failing with a reason. */
typedef enum
{
  CH_PEER_STATE_ENABLED,
  CH_PEER_STATE_DISABLED,
  CH_PEER_STATE_FAILING,
} ChPeerState;

/**
 * ChTxtState: life of one TXT value that we put into somebody's DNS.
 * @CH_TXT_STATE_ADDING: about to be added, or added without us knowing yet
 * @CH_TXT_STATE_PRESENT: added
 * @CH_TXT_STATE_REMOVING: no longer wanted; removed as soon as the service lets us
 */
typedef enum
{
  CH_TXT_STATE_ADDING,
  CH_TXT_STATE_PRESENT,
  CH_TXT_STATE_REMOVING,
} ChTxtState;

/**
 * ChDeploymentState:
 * @CH_DEPLOYMENT_STATE_IDLE: no certificate for its names yet
 * @CH_DEPLOYMENT_STATE_PENDING: a certificate waits to be installed
 * @CH_DEPLOYMENT_STATE_RUNNING: being installed
 * @CH_DEPLOYMENT_STATE_DEPLOYED: the new certificate was seen being served
 * @CH_DEPLOYMENT_STATE_FAILED: rolled back; retried at its due time
 * @CH_DEPLOYMENT_STATE_STOPPED: a person stopped it
 */
typedef enum
{
  CH_DEPLOYMENT_STATE_IDLE,
  CH_DEPLOYMENT_STATE_PENDING,
  CH_DEPLOYMENT_STATE_RUNNING,
  CH_DEPLOYMENT_STATE_DEPLOYED,
  CH_DEPLOYMENT_STATE_FAILED,
  CH_DEPLOYMENT_STATE_STOPPED,
} ChDeploymentState;

/**
 * ChWatchState:
 * @CH_WATCH_STATE_NEW: not looked at yet
 * @CH_WATCH_STATE_GOOD: nothing to tell
 * @CH_WATCH_STATE_ENDING: the certificate ends soon
 * @CH_WATCH_STATE_ENDED: it has ended
 * @CH_WATCH_STATE_CHANGED: another certificate than before, which a person has not accepted
 * @CH_WATCH_STATE_MISMATCH: the certificate is for other names
 * @CH_WATCH_STATE_UNREACHABLE: nobody answers, or not with TLS
 */
typedef enum
{
  CH_WATCH_STATE_NEW,
  CH_WATCH_STATE_GOOD,
  CH_WATCH_STATE_ENDING,
  CH_WATCH_STATE_ENDED,
  CH_WATCH_STATE_CHANGED,
  CH_WATCH_STATE_MISMATCH,
  CH_WATCH_STATE_UNREACHABLE,
} ChWatchState;

/** ChJobState: how a job stands. */
typedef enum
{
  CH_JOB_STATE_RUNNING,
  CH_JOB_STATE_DONE,
  CH_JOB_STATE_FAILED,
  CH_JOB_STATE_CANCELLED,
} ChJobState;

#define CH_TYPE_ORDER_STATE (ch_order_state_get_type ())
GType ch_order_state_get_type (void);
#define CH_TYPE_ORDER_STEP (ch_order_step_get_type ())
GType ch_order_step_get_type (void);
#define CH_TYPE_ORDER_KIND (ch_order_kind_get_type ())
GType ch_order_kind_get_type (void);
#define CH_TYPE_DCV_METHOD (ch_dcv_method_get_type ())
GType ch_dcv_method_get_type (void);
#define CH_TYPE_PRODUCT (ch_product_get_type ())
GType ch_product_get_type (void);
#define CH_TYPE_KEY_ALGORITHM (ch_key_algorithm_get_type ())
GType ch_key_algorithm_get_type (void);
#define CH_TYPE_PEER_ROLE (ch_peer_role_get_type ())
GType ch_peer_role_get_type (void);
#define CH_TYPE_PEER_STATE (ch_peer_state_get_type ())
GType ch_peer_state_get_type (void);
#define CH_TYPE_TXT_STATE (ch_txt_state_get_type ())
GType ch_txt_state_get_type (void);
#define CH_TYPE_DEPLOYMENT_STATE (ch_deployment_state_get_type ())
GType ch_deployment_state_get_type (void);
#define CH_TYPE_WATCH_STATE (ch_watch_state_get_type ())
GType ch_watch_state_get_type (void);
#define CH_TYPE_JOB_STATE (ch_job_state_get_type ())
GType ch_job_state_get_type (void);

/**
 * ch_nick:
 * @type: one of the enumerations above
 * @value: a value of it
 *
 * Returns: (transfer none): the spelling of @value
 */
const char *ch_nick (GType type,
                     int   value);

/**
 * ch_from_nick:
 * @type: one of the enumerations above
 * @nick: what somebody wrote
 * @value: (out): the value
 *
 * Returns: %TRUE, or %FALSE with %CH_ERROR_INVALID, whose message lists what would be right
 */
gboolean ch_from_nick (GType       type,
                       const char *nick,
                       int        *value,
                       GError    **error);

/** ch_order_state_is_final: whether nothing will happen to an order in @state by itself. */
gboolean ch_order_state_is_final (ChOrderState state);
