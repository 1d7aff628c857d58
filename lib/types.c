/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "types.h"

#include "error.h"

#include <glib/gi18n.h>

G_DEFINE_ENUM_TYPE (ChOrderState, ch_order_state,
  G_DEFINE_ENUM_VALUE (CH_ORDER_STATE_QUEUED, "queued"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STATE_SUBMITTING, "submitting"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STATE_VALIDATING, "validating"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STATE_VETTING, "vetting"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STATE_ISSUED, "issued"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STATE_REISSUING, "reissuing"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STATE_RENEWING, "renewing"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STATE_REJECTED, "rejected"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STATE_CANCELLED, "cancelled"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STATE_REVOKED, "revoked"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STATE_EXPIRED, "expired"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STATE_FAILED, "failed"))

G_DEFINE_ENUM_TYPE (ChOrderStep, ch_order_step,
  G_DEFINE_ENUM_VALUE (CH_ORDER_STEP_NONE, "none"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STEP_MAKE_KEY, "make-key"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STEP_SUBMIT, "submit"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STEP_FIND, "find"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STEP_WITHDRAW, "withdraw"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STEP_FOLLOW, "follow"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STEP_PUBLISH, "publish"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STEP_PROPAGATE, "propagate"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STEP_CHECK, "check"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STEP_TRACK, "track"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STEP_FETCH, "fetch"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STEP_CANCEL, "cancel"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_STEP_REVOKE, "revoke"))

G_DEFINE_ENUM_TYPE (ChOrderKind, ch_order_kind,
  G_DEFINE_ENUM_VALUE (CH_ORDER_KIND_NEW, "new"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_KIND_RENEWAL, "renewal"),
  G_DEFINE_ENUM_VALUE (CH_ORDER_KIND_TRANSFER, "transfer"))

G_DEFINE_ENUM_TYPE (ChDcvMethod, ch_dcv_method,
  G_DEFINE_ENUM_VALUE (CH_DCV_METHOD_DNS, "dns"),
  G_DEFINE_ENUM_VALUE (CH_DCV_METHOD_HTTP, "http"),
  G_DEFINE_ENUM_VALUE (CH_DCV_METHOD_EMAIL, "email"))

G_DEFINE_ENUM_TYPE (ChProduct, ch_product,
  G_DEFINE_ENUM_VALUE (CH_PRODUCT_ALPHASSL, "alphassl"),
  G_DEFINE_ENUM_VALUE (CH_PRODUCT_DOMAINSSL, "domainssl"),
  G_DEFINE_ENUM_VALUE (CH_PRODUCT_ORGANIZATIONSSL, "organizationssl"),
  G_DEFINE_ENUM_VALUE (CH_PRODUCT_EXTENDEDSSL, "extendedssl"))

G_DEFINE_ENUM_TYPE (ChKeyAlgorithm, ch_key_algorithm,
  G_DEFINE_ENUM_VALUE (CH_KEY_ALGORITHM_RSA_2048, "rsa-2048"),
  G_DEFINE_ENUM_VALUE (CH_KEY_ALGORITHM_RSA_3072, "rsa-3072"),
  G_DEFINE_ENUM_VALUE (CH_KEY_ALGORITHM_RSA_4096, "rsa-4096"),
  G_DEFINE_ENUM_VALUE (CH_KEY_ALGORITHM_EC_P256, "ec-p256"),
  G_DEFINE_ENUM_VALUE (CH_KEY_ALGORITHM_EC_P384, "ec-p384"))

G_DEFINE_ENUM_TYPE (ChPeerRole, ch_peer_role,
  G_DEFINE_ENUM_VALUE (CH_PEER_ROLE_ACCOUNT, "account"),
  G_DEFINE_ENUM_VALUE (CH_PEER_ROLE_DNS, "dns"),
  G_DEFINE_ENUM_VALUE (CH_PEER_ROLE_SERVER, "server"),
  G_DEFINE_ENUM_VALUE (CH_PEER_ROLE_PROFILE, "profile"))

G_DEFINE_ENUM_TYPE (ChPeerState, ch_peer_state,
  G_DEFINE_ENUM_VALUE (CH_PEER_STATE_ENABLED, "enabled"),
  G_DEFINE_ENUM_VALUE (CH_PEER_STATE_DISABLED, "disabled"),
  G_DEFINE_ENUM_VALUE (CH_PEER_STATE_FAILING, "failing"))

G_DEFINE_ENUM_TYPE (ChTxtState, ch_txt_state,
  G_DEFINE_ENUM_VALUE (CH_TXT_STATE_ADDING, "adding"),
  G_DEFINE_ENUM_VALUE (CH_TXT_STATE_PRESENT, "present"),
  G_DEFINE_ENUM_VALUE (CH_TXT_STATE_REMOVING, "removing"))

G_DEFINE_ENUM_TYPE (ChDeploymentState, ch_deployment_state,
  G_DEFINE_ENUM_VALUE (CH_DEPLOYMENT_STATE_IDLE, "idle"),
  G_DEFINE_ENUM_VALUE (CH_DEPLOYMENT_STATE_PENDING, "pending"),
  G_DEFINE_ENUM_VALUE (CH_DEPLOYMENT_STATE_RUNNING, "running"),
  G_DEFINE_ENUM_VALUE (CH_DEPLOYMENT_STATE_DEPLOYED, "deployed"),
  G_DEFINE_ENUM_VALUE (CH_DEPLOYMENT_STATE_FAILED, "failed"),
  G_DEFINE_ENUM_VALUE (CH_DEPLOYMENT_STATE_STOPPED, "stopped"))

G_DEFINE_ENUM_TYPE (ChWatchState, ch_watch_state,
  G_DEFINE_ENUM_VALUE (CH_WATCH_STATE_NEW, "new"),
  G_DEFINE_ENUM_VALUE (CH_WATCH_STATE_GOOD, "good"),
  G_DEFINE_ENUM_VALUE (CH_WATCH_STATE_ENDING, "ending"),
  G_DEFINE_ENUM_VALUE (CH_WATCH_STATE_ENDED, "ended"),
  G_DEFINE_ENUM_VALUE (CH_WATCH_STATE_CHANGED, "changed"),
  G_DEFINE_ENUM_VALUE (CH_WATCH_STATE_MISMATCH, "mismatch"),
  G_DEFINE_ENUM_VALUE (CH_WATCH_STATE_UNREACHABLE, "unreachable"))

G_DEFINE_ENUM_TYPE (ChJobState, ch_job_state,
  G_DEFINE_ENUM_VALUE (CH_JOB_STATE_RUNNING, "running"),
  G_DEFINE_ENUM_VALUE (CH_JOB_STATE_DONE, "done"),
  G_DEFINE_ENUM_VALUE (CH_JOB_STATE_FAILED, "failed"),
  G_DEFINE_ENUM_VALUE (CH_JOB_STATE_CANCELLED, "cancelled"))

const char *
ch_nick (GType type,
         int   value)
{
  /* Enumeration classes are static here: once made they stay, so the nick outlives the reference. */
  g_autoptr(GEnumClass) class = g_type_class_ref (type);
  const GEnumValue *entry = g_enum_get_value (class, value);

  g_return_val_if_fail (entry != NULL, "unknown");
  return entry->value_nick;
}

static char *
list_nicks (GEnumClass *class)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < class->n_values; i++)
    g_string_append_printf (list, "%s%s", i > 0 ? ", " : "", class->values[i].value_nick);

  return g_string_free (list, FALSE);
}

gboolean
ch_from_nick (GType       type,
              const char *nick,
              int        *value,
              GError    **error)
{
  g_autoptr(GEnumClass) class = g_type_class_ref (type);
  const GEnumValue *entry = g_enum_get_value_by_nick (class, nick);

  if (entry == NULL)
    {
      g_autofree char *known = list_nicks (class);
      return ch_error_set (error, CH_ERROR_INVALID, _("“%s” is not one of: %s"), nick, known);
    }

  *value = entry->value;
  return TRUE;
}

gboolean
ch_order_state_is_final (ChOrderState state)
{
  return state >= CH_ORDER_STATE_REJECTED;
}
