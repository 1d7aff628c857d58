/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/deployments-private.h"

#include "engine/alarm.h"
#include "engine/plan.h"
#include "pki/chain.h"

#include <glib/gi18n.h>
#include <string.h>

#define CANDIDATES 500

gboolean
ch_deployment_wants (const ChDeployment *deployment,
                     const char *const  *names)
{
  for (gsize i = 0; deployment->names[i] != NULL; i++)
    if (!ch_cert_covers (names, deployment->names[i]))
      return FALSE;

  return deployment->names[0] != NULL;
}

gboolean
ch_deployment_installs (const ChDeployment *deployment)
{
  g_autoptr(ChPlan) plan = ch_plan_parse (deployment, NULL);

  return plan == NULL || plan->files->len > 0;
}

static void
rest (ChDeployment *deployment)
{
  deployment->certificate_id = 0;
  deployment->state = CH_DEPLOYMENT_STATE_IDLE;
  deployment->due = 0;
  deployment->failures = 0;
  g_free (deployment->reason);
  deployment->reason = g_strdup (_("Takes the files that prove control of names; there is nothing to install"));
}

static void
make_due (ChDeployment *deployment,
          gint64        certificate_id)
{
  deployment->certificate_id = certificate_id;
  deployment->state = CH_DEPLOYMENT_STATE_PENDING;
  deployment->due = ch_now ();
  deployment->failures = 0;
  g_clear_pointer (&deployment->reason, g_free);
}

gboolean
ch_deployments_order_issued (ChWorld              *world,
                             const ChOrder        *order,
                             const ChCertificate  *certificate,
                             GError              **error)
{
  g_autoptr(GPtrArray) deployments = ch_store_list_deployments (world->store, error);

  for (guint i = 0; deployments != NULL && i < deployments->len; i++)
    {
      ChDeployment *deployment = g_ptr_array_index (deployments, i);

      if (!deployment->enabled || deployment->certificate_id == certificate->id
          || !ch_deployment_wants (deployment, (const char *const *) certificate->names)
          || !ch_deployment_installs (deployment))
        continue;

      make_due (deployment, certificate->id);
      if (!ch_store_update_deployment (world->store, deployment, error))
        return FALSE;
    }

  return deployments != NULL;
}

/* The longest-lived certificate of an issued order whose names match @search. */
static gboolean
search_certificate (ChWorld       *world,
                    const char    *search,
                    ChDeployment  *deployment,
                    gint64        *found,
                    GError       **error)
{
  const char *states[] = { "issued", "reissuing", "renewing", NULL };
  ChOrderFilter filter = { .states = (char **) states, .search = (char *) search };
  g_autofree char *next = NULL;
  g_autoptr(GPtrArray) orders = ch_store_page_orders (world->store, &filter, "-not-after", NULL, CANDIDATES, &next, error);

  for (guint i = 0; orders != NULL && i < orders->len && *found == 0; i++)
    {
      const ChOrder *order = g_ptr_array_index (orders, i);
      g_autoptr(GPtrArray) certificates = ch_store_list_certificates (world->store, order->id, error);

      if (certificates == NULL)
        return FALSE;

      const ChCertificate *newest = certificates->len > 0 ? g_ptr_array_index (certificates, 0) : NULL;
      if (newest != NULL && ch_deployment_wants (deployment, (const char *const *) newest->names))
        *found = newest->id;
    }

  return orders != NULL;
}

/* Orders are searched by the name as it is, by the wildcard that would cover it, and by what is behind its first label,
 * since a CA may add that name. A deployment without a certificate for all its names is idle. */
gboolean
ch_deployment_find_certificate (ChWorld       *world,
                                ChDeployment  *deployment,
                                GError       **error)
{
  if (!ch_deployment_installs (deployment))
    {
      rest (deployment);
      return TRUE;
    }

  const char *dot = strchr (deployment->names[0], '.');
  const char *behind = dot != NULL ? dot + 1 : deployment->names[0];
  g_autofree char *wildcard = g_strconcat ("*.", behind, NULL);
  const char *searches[] = { deployment->names[0], wildcard, behind };
  gint64 found = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (searches) && found == 0; i++)
    if (!search_certificate (world, searches[i], deployment, &found, error))
      return FALSE;

  make_due (deployment, found);
  if (found == 0)
    {
      deployment->state = CH_DEPLOYMENT_STATE_IDLE;
      deployment->due = 0;
    }
  return TRUE;
}
