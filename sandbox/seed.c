/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "seed.h"

#include "csr.h"
#include "dates.h"
#include "issue.h"
#include "lib/error.h"
#include "place.h"
#include "products.h"

#include <string.h>

#define DAY_MS (24 * 3600 * (gint64) 1000)
#define HOUR_MS (3600 * (gint64) 1000)
#define MOST_ORDERS 1000000
#define N_KEYS 4

G_DEFINE_AUTO_CLEANUP_FREE_FUNC (gnutls_x509_crq_t, gnutls_x509_crq_deinit, NULL)

typedef struct
{
  SbWorld *world;
  SbAccount *account;
  const char *zone;
  JsonArray *hosts; /* (nullable): labels for the first ones */
  gint64 count;
  gint64 from;
  gint64 to;
  gnutls_x509_privkey_t keys[N_KEYS];
  char *key_ids[N_KEYS];
  GPtrArray *orders; /* (element-type SbOrder) (owned) */
} Seed;

static void
seed_clear (Seed *seed)
{
  for (guint i = 0; i < N_KEYS; i++)
    {
      g_clear_pointer (&seed->keys[i], gnutls_x509_privkey_deinit);
      g_free (seed->key_ids[i]);
    }
  g_clear_pointer (&seed->orders, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Seed, seed_clear)

static const char *const people[] = {
  "ContactInfo/FirstName=Anna", "ContactInfo/LastName=Example", "ContactInfo/Phone=+32 2 000 00 00",
  "ContactInfo/Email=anna@example.test", NULL
};
static const char *const address[] = {
  "OrganizationName=Example NV", "OrganizationAddress/AddressLine1=1 Example Street",
  "OrganizationAddress/City=Leuven", "OrganizationAddress/Region=Vlaams-Brabant",
  "OrganizationAddress/PostalCode=3000", "OrganizationAddress/Country=BE",
  "OrganizationAddress/Phone=+32 16 00 00 00", NULL
};

static char *
make_csr (gnutls_x509_privkey_t key,
          const char           *name)
{
  g_auto(gnutls_x509_crq_t) crq = NULL;
  gnutls_datum_t out = { NULL, 0 };

  if (gnutls_x509_crq_init (&crq) < 0
      || gnutls_x509_crq_set_dn_by_oid (crq, GNUTLS_OID_X520_COMMON_NAME, 0, name, strlen (name)) < 0
      || gnutls_x509_crq_set_key (crq, key) < 0 || gnutls_x509_crq_sign2 (crq, key, GNUTLS_DIG_SHA256, 0) < 0
      || gnutls_x509_crq_export2 (crq, GNUTLS_X509_FMT_PEM, &out) < 0)
    return NULL;

  char *pem = g_strndup ((const char *) out.data, out.size);
  gnutls_free (out.data);
  return pem;
}

static gboolean
make_keys (Seed    *seed,
           GError **error)
{
  int code = 0, bits = GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1);

  for (guint i = 0; i < N_KEYS; i++)
    {
      g_autofree char *pem = NULL;
      g_autoptr(SbCsr) csr = NULL;

      if (gnutls_x509_privkey_init (&seed->keys[i]) >= 0
          && gnutls_x509_privkey_generate (seed->keys[i], GNUTLS_PK_ECDSA, bits, 0) >= 0)
        pem = make_csr (seed->keys[i], seed->zone);
      csr = pem != NULL ? sb_csr_parse (pem, &code) : NULL;
      if (csr == NULL)
        return ch_error_set (error, CH_ERROR_FAILED, "A key could not be made.");
      seed->key_ids[i] = g_strdup (csr->key_id);
    }

  return TRUE;
}

static void
add_details (SbOrder         *order,
             const SbProduct *product)
{
  const char *block = product->method == SB_METHOD_EV ? "OrganizationInfoEV/" : "OrganizationInfo/";

  for (gsize i = 0; people[i] != NULL; i++)
    sb_order_append (&order->details, people[i]);
  for (gsize i = 0; sb_product_is_vetted (product) && address[i] != NULL; i++)
    {
      g_autofree char *line = g_strconcat (block, address[i], NULL);
      sb_order_append (&order->details, line);
    }
}

static gint64
time_of (const Seed *seed,
         gint64      index)
{
  return seed->from + (gint64) ((double) (seed->to - seed->from) * index / seed->count);
}

static char *
name_of (const Seed *seed,
         gint64      index)
{
  if (seed->hosts != NULL && index < json_array_get_length (seed->hosts))
    return g_strconcat (json_array_get_string_element (seed->hosts, index), ".", seed->zone, NULL);
  return g_strdup_printf ("h%06" G_GINT64_FORMAT ".%s", index, seed->zone);
}

/* Every tenth order takes the place of the one before it, every other tenth renews the one before it. */
static SbOrder *
predecessor (Seed   *seed,
             gint64  index)
{
  SbOrder *before = index > 0 ? g_ptr_array_index (seed->orders, index - 1) : NULL;

  return (index % 10 == 5 || index % 10 == 8) && before->status == SB_STATUS_ISSUED ? before : NULL;
}

static SbOrder *
draft (Seed   *seed,
       gint64  index)
{
  static const char *const products[] = {
    "DV_HIGH_DNS_SHA2", "DV_LOW_DNS", "DV_HIGH_URL_SHA2", "DV_SHA2", "OV_SHA2", "EV_SHA2", "DV_HIGH_DNS"
  };
  SbOrder *before = predecessor (seed, index);
  SbOrder *order = g_new0 (SbOrder, 1);
  const char *code = before != NULL ? before->product : products[index % G_N_ELEMENTS (products)];
  const SbProduct *product = sb_product_find (code);
  gboolean is_renewal = before != NULL && index % 10 == 8;
  g_autoptr(GStrvBuilder) sans = g_strv_builder_new ();

  order->user = g_strdup (seed->account->user);
  order->currency = g_strdup (seed->account->currency);
  order->product = g_strdup (code);
  order->kind = g_strdup (is_renewal ? "renewal" : "new");
  order->renewal_of = is_renewal ? g_strdup (before->id) : NULL;
  order->reissue_of = before != NULL && !is_renewal ? g_strdup (before->id) : NULL;
  order->common_name = before != NULL ? g_strdup (before->common_name) : name_of (seed, index);
  order->sub_id = g_strdup_printf ("seed-%" G_GINT64_FORMAT, index);
  order->months = index % 7 == 3 ? 6 : 12;
  order->licenses = 1;
  if (product->takes_sans && index % 3 == 0)
    {
      g_autofree char *san = g_strconcat ("2 api.", order->common_name, NULL);
      g_strv_builder_add (sans, san);
    }
  order->sans = g_strv_builder_end (sans);
  if (product->method == SB_METHOD_EMAIL)
    order->approver = g_strconcat ("admin@", seed->zone, NULL);
  if (order->reissue_of != NULL)
    {
      order->term_end = before->term_end;
      order->first_issued = before->first_issued;
    }

  add_details (order, product);
  order->price = order->reissue_of != NULL ? 0 : sb_product_price (product, order->months, FALSE,
                                                                   (const char *const *) order->sans);
  return order;
}

/* Of a hundred orders some were given up, some wait, and some certificates were revoked. */
static SbStatus
fate (gint64 index)
{
  switch (index % 20)
    {
    case 1:
      return SB_STATUS_CANCELLED;
    case 2:
      return index % 40 == 2 ? SB_STATUS_CANCELLED_AFTER_ISSUE : SB_STATUS_REVOKED;
    case 11:
      return SB_STATUS_INITIAL;
    default:
      return SB_STATUS_ISSUED;
    }
}

static gboolean
live (Seed     *seed,
      SbOrder  *order,
      SbStatus  status,
      GError  **error)
{
  static const char *const methods[] = {
    [SB_METHOD_EMAIL] = SB_PROVEN_BY_MAIL, [SB_METHOD_URL] = SB_PROVEN_BY_URL, [SB_METHOD_DNS] = SB_PROVEN_BY_DNS,
    [SB_METHOD_OV] = SB_PROVEN_BY_STAFF, [SB_METHOD_EV] = SB_PROVEN_BY_STAFF,
  };
  SbMethod method = sb_product_find (order->product)->method;
  const char *place = method == SB_METHOD_URL ? order->common_name : seed->zone;
  gint64 issued = MIN (order->ordered + HOUR_MS, sb_now ());

  order->status = SB_STATUS_INITIAL;
  sb_order_note (order, "ORDER_REQUEST", order->ordered);
  if (status == SB_STATUS_INITIAL)
    return TRUE;
  if (status == SB_STATUS_CANCELLED)
    {
      order->status = status;
      order->cancelled = issued;
      order->price = 0;
      sb_order_note (order, "ORDER_CANCELLED", issued);
      return TRUE;
    }

  order->verified = order->vetted = issued;
  sb_order_prove (order, methods[method], place, issued);
  if (!sb_issue (seed->world, order, issued, error))
    return FALSE;

  if (status != SB_STATUS_ISSUED)
    {
      order->status = status;
      order->cancelled = MIN (issued + DAY_MS, sb_now ());
      sb_order_note (order, status == SB_STATUS_REVOKED ? "CERTIFICATE_REVOKED" : "ORDER_CANCELLED",
                     order->cancelled);
    }
  return TRUE;
}

static gboolean
add_order (Seed    *seed,
           gint64   index,
           GError **error)
{
  SbOrder *order = draft (seed, index);
  SbStatus status = fate (index);
  /* A key that was revoked with one order is revoked for all: those orders have a key of their own. */
  guint key = status == SB_STATUS_REVOKED ? 0 : 1 + index % (N_KEYS - 1);

  g_ptr_array_add (seed->orders, order);
  order->ordered = time_of (seed, index);
  sb_state_new_id (seed->world->state, order, order->ordered);
  order->token = sb_new_secret ();
  order->approvers = sb_list_approvers (order);
  order->csr = make_csr (seed->keys[key], order->common_name);
  if (order->csr == NULL)
    return ch_error_set (error, CH_ERROR_FAILED, "A CSR could not be made.");
  order->key_id = g_strdup (seed->key_ids[key]);

  return live (seed, order, status, error);
}

static gint64
read_date (JsonObject *body,
           const char *name,
           gint64      otherwise)
{
  const char *text = json_object_get_string_member_with_default (body, name, NULL);
  gint64 time = otherwise;

  if (json_object_has_member (body, name) && (text == NULL || !sb_date_parse (text, &time)))
    return -1;
  return time;
}

static gboolean
read_hosts (Seed       *seed,
            JsonObject *body)
{
  JsonNode *node = json_object_get_member (body, "hosts");

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;

  seed->hosts = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (seed->hosts); i++)
    if (json_node_get_value_type (json_array_get_element (seed->hosts, i)) != G_TYPE_STRING)
      return FALSE;
  return TRUE;
}

static gboolean
read_seed (Seed        *seed,
           JsonObject  *body,
           char       **why)
{
  const char *user = json_object_get_string_member_with_default (body, "user", NULL);

  seed->account = user != NULL ? sb_state_account (seed->world->state, user)
                               : g_ptr_array_index (sb_state_accounts (seed->world->state), 0);
  seed->zone = json_object_get_string_member_with_default (body, "zone", "seed.test");
  seed->count = json_object_get_int_member_with_default (body, "orders", 0);
  seed->from = read_date (body, "from", sb_now () - 365 * DAY_MS);
  seed->to = read_date (body, "to", sb_now ());

  if (!read_hosts (seed, body) || seed->account == NULL || seed->zone == NULL || seed->count < 1 || seed->count > MOST_ORDERS
      || seed->from < 0 || seed->to > sb_now () || seed->from >= seed->to)
    {
      *why = g_strdup ("It must be like {\"orders\": 1000, \"from\": \"2026-01-01T00:00:00Z\", "
                       "\"to\": \"2026-06-30T00:00:00Z\", \"zone\": \"seed.test\", \"hosts\": [\"www\"]}, "
                       "with dates in the past.");
      return FALSE;
    }

  return TRUE;
}

gboolean
sb_seed (SbWorld     *world,
         JsonObject  *body,
         char       **why)
{
  g_auto(Seed) seed = { .world = world };
  g_autoptr(GError) error = NULL;

  if (!read_seed (&seed, body, why))
    return FALSE;

  gboolean done = make_keys (&seed, &error);
  seed.orders = g_ptr_array_new_with_free_func ((GDestroyNotify) sb_order_free);
  for (gint64 i = 0; done && i < seed.count; i++)
    done = add_order (&seed, i, &error);
  if (done && sb_state_commit_all (world->state, seed.orders, 0, &error))
    return TRUE;

  *why = g_strdup (error->message);
  return FALSE;
}
