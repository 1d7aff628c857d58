/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/objects.h"

#include "bus/contract.h"
#include "lib/error.h"
#include "lib/paths.h"

#include <glib/gi18n.h>
#include <string.h>

#define PROPERTIES_IFACE "org.freedesktop.DBus.Properties"
#define MANAGER_IFACE "org.freedesktop.DBus.ObjectManager"

static const ChFolder *const folders[] = {
  &ch_folder_accounts,
  &ch_folder_dns,
  &ch_folder_servers,
  &ch_folder_profiles,
  &ch_folder_deployments,
  &ch_folder_watches,
  &ch_folder_orders,
  &ch_folder_jobs,
};

const ChFolder *
ch_folder_of_role (ChPeerRole role)
{
  switch (role)
    {
    case CH_PEER_ROLE_ACCOUNT:
      return &ch_folder_accounts;
    case CH_PEER_ROLE_DNS:
      return &ch_folder_dns;
    case CH_PEER_ROLE_PROFILE:
      return &ch_folder_profiles;
    case CH_PEER_ROLE_SERVER:
    default:
      return &ch_folder_servers;
    }
}

GArray *
ch_objects_ids (GPtrArray *records)
{
  g_autoptr(GPtrArray) owned = records;

  if (owned == NULL)
    return NULL;

  GArray *ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), owned->len);
  for (guint i = 0; i < owned->len; i++)
    g_array_append_vals (ids, g_ptr_array_index (owned, i), 1);

  return ids;
}

/* ---- Get and GetAll: GDBus hands them over as calls because the vtables have no get_property ---- */

static GVariant *
read_properties (ChCall  *call,
                 GError **error)
{
  GVariant *properties = call->folder != NULL
                         ? call->folder->properties (call->bus, call->folder, call->id, error)
                         : ch_manager_properties (call->bus, error);

  return properties != NULL ? g_variant_ref_sink (properties) : NULL;
}

static void
get_all (ChCall *call)
{
  GError *error = NULL;
  g_autoptr(GVariant) properties = read_properties (call, &error);

  ch_call_answer (call, properties != NULL ? g_variant_new ("(@a{sv})", properties) : NULL, error);
}

static void
get (ChCall *call)
{
  GError *error = NULL;
  g_autoptr(GVariant) properties = read_properties (call, &error);
  const char *name;

  g_variant_get (call->parameters, "(&s&s)", NULL, &name);
  g_autoptr(GVariant) value = properties != NULL ? g_variant_lookup_value (properties, name, NULL) : NULL;

  if (properties != NULL && value == NULL)
    ch_error_set (&error, CH_ERROR_INVALID, _("There is no property “%s”"), name);
  ch_call_answer (call, value != NULL ? g_variant_new ("(v)", value) : NULL, error);
}

/* ---- ObjectManager ---- */

static GVariant *
interfaces_of (const ChFolder *folder,
               GVariant       *properties)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{sa{sv}}"));

  g_variant_builder_add (&builder, "{s@a{sv}}", folder->interface->name, properties);
  return g_variant_builder_end (&builder);
}

static gboolean
add_folder (ChBus           *bus,
            const ChFolder  *folder,
            GVariantBuilder *objects,
            GError         **error)
{
  g_autoptr(GArray) ids = folder->list (bus, folder, error);

  if (ids == NULL)
    return FALSE;

  for (guint i = 0; i < ids->len; i++)
    {
      gint64 id = g_array_index (ids, gint64, i);
      g_autofree char *path = ch_path_new (folder->name, id);
      GVariant *properties = folder->properties (bus, folder, id, error);

      if (properties == NULL)
        return FALSE;
      g_variant_builder_add (objects, "{o@a{sa{sv}}}", path, interfaces_of (folder, properties));
    }

  return TRUE;
}

static void
get_managed_objects (ChCall *call)
{
  g_auto(GVariantBuilder) objects = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{oa{sa{sv}}}"));
  GError *error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    if (folders[i]->list != NULL && !add_folder (call->bus, folders[i], &objects, &error))
      {
        ch_call_answer (call, NULL, error);
        return;
      }

  ch_call_answer (call, g_variant_new ("(a{oa{sa{sv}}})", &objects), NULL);
}

const ChMethod ch_objects_methods[] = {
  { PROPERTIES_IFACE, "Get", CH_ACTION_VIEW, get },
  { PROPERTIES_IFACE, "GetAll", CH_ACTION_VIEW, get_all },
  { MANAGER_IFACE, "GetManagedObjects", CH_ACTION_VIEW, get_managed_objects },
  { NULL }
};

/* ---- subtrees ---- */

/* What a registration knows. */
typedef struct
{
  ChBus *bus;               /* (not owned): takes its registrations back before it goes */
  const ChFolder *folder;
} Subtree;

static gboolean
parse_path (const char *path,
            gint64     *id)
{
  return ch_path_parse_id (strrchr (path, '/') + 1, id);
}

static void
call_object (GDBusConnection       *connection,
             const char            *sender,
             const char            *path,
             const char            *interface,
             const char            *method,
             GVariant              *parameters,
             GDBusMethodInvocation *invocation,
             gpointer               data)
{
  Subtree *subtree = data;
  gint64 id = 0;

  parse_path (path, &id);
  ch_dispatch (subtree->bus, subtree->folder, id, invocation);
}

static char **
enumerate (GDBusConnection *connection,
           const char      *sender,
           const char      *path,
           gpointer         data)
{
  Subtree *subtree = data;
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  g_autoptr(GArray) ids = NULL;

  if (subtree->folder->list != NULL)
    ids = subtree->folder->list (subtree->bus, subtree->folder, NULL);

  for (guint i = 0; ids != NULL && i < ids->len; i++)
    g_ptr_array_add (names, g_strdup_printf ("%" G_GINT64_FORMAT, g_array_index (ids, gint64, i)));

  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}

/* Says nothing about whether the object is there: who may not look must not learn it. */
static GDBusInterfaceInfo **
introspect (GDBusConnection *connection,
            const char      *sender,
            const char      *path,
            const char      *node,
            gpointer         data)
{
  Subtree *subtree = data;
  gint64 id;

  if (node == NULL || !ch_path_parse_id (node, &id))
    return NULL;

  GDBusInterfaceInfo **list = g_new0 (GDBusInterfaceInfo *, 2);
  list[0] = g_dbus_interface_info_ref ((GDBusInterfaceInfo *) subtree->folder->interface);
  return list;
}

static const GDBusInterfaceVTable *
dispatch (GDBusConnection *connection,
          const char      *sender,
          const char      *path,
          const char      *interface,
          const char      *node,
          gpointer        *out_data,
          gpointer         data)
{
  /* Without get_property, Get and GetAll come as calls: one authorisation and one query for all. */
  static const GDBusInterfaceVTable vtable = { .method_call = call_object };

  if (node == NULL)
    return NULL;

  *out_data = data;
  return &vtable;
}

static gboolean
export_folder (ChBus          *bus,
               const ChFolder *folder,
               GError        **error)
{
  static const GDBusSubtreeVTable vtable = { enumerate, introspect, dispatch };
  g_autofree char *path = g_strconcat (CH_ROOT_PATH "/", folder->name, NULL);
  Subtree *subtree = g_new0 (Subtree, 1);

  subtree->bus = bus;
  subtree->folder = folder;

  /* The flag: GDBus otherwise enumerates at every call to see whether the object is there. */
  guint registration = g_dbus_connection_register_subtree (
      bus->connection, path, &vtable, G_DBUS_SUBTREE_FLAGS_DISPATCH_TO_UNENUMERATED_NODES, subtree, g_free, error);
  if (registration == 0)
    {
      g_free (subtree);
      return FALSE;
    }

  g_array_append_val (bus->subtrees, registration);
  return TRUE;
}

static void
call_root (GDBusConnection       *connection,
           const char            *sender,
           const char            *path,
           const char            *interface,
           const char            *method,
           GVariant              *parameters,
           GDBusMethodInvocation *invocation,
           gpointer               data)
{
  ch_dispatch (data, NULL, 0, invocation);
}

static guint
export_at_root (ChBus                    *bus,
                const GDBusInterfaceInfo *interface,
                GError                  **error)
{
  static const GDBusInterfaceVTable vtable = { .method_call = call_root };

  return g_dbus_connection_register_object (bus->connection, CH_ROOT_PATH,
                                            (GDBusInterfaceInfo *) interface, &vtable, bus, NULL, error);
}

gboolean
ch_objects_export (ChBus   *bus,
                   GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    if (!export_folder (bus, folders[i], error))
      return FALSE;

  bus->objects[0] = export_at_root (bus, &org_chancery_chancery1_manager_interface, error);
  if (bus->objects[0] == 0)
    return FALSE;

  bus->objects[1] = export_at_root (bus, &org_freedesktop_dbus_object_manager_interface, error);
  return bus->objects[1] != 0;
}

/* ---- changes ---- */

static void
tell_removed (ChBus          *bus,
              const ChFolder *folder,
              const char     *path)
{
  const char *const interfaces[] = { folder->interface->name, NULL };

  ch_bus_emit (bus, CH_ROOT_PATH, MANAGER_IFACE, "InterfacesRemoved",
               g_variant_new ("(o^as)", path, interfaces));
}

static void
tell_properties (ChBus          *bus,
                 const ChFolder *folder,
                 const char     *path,
                 GVariant       *properties,
                 ChChange        change)
{
  static const char *const nothing[] = { NULL };

  if (change == CH_CHANGE_ADDED)
    ch_bus_emit (bus, CH_ROOT_PATH, MANAGER_IFACE, "InterfacesAdded",
                 g_variant_new ("(o@a{sa{sv}})", path, interfaces_of (folder, properties)));
  else
    ch_bus_emit (bus, path, PROPERTIES_IFACE, "PropertiesChanged",
                 g_variant_new ("(s@a{sv}^as)", folder->interface->name, properties, nothing));
}

void
ch_objects_changed (ChBus          *bus,
                    const ChFolder *folder,
                    gint64          id,
                    ChChange        change)
{
  g_autofree char *path = ch_path_new (folder->name, id);
  gboolean managed = folder->list != NULL;

  if (change == CH_CHANGE_REMOVED && managed)
    tell_removed (bus, folder, path);
  if (change == CH_CHANGE_REMOVED || (change == CH_CHANGE_ADDED && !managed))
    return;

  g_autoptr(GError) error = NULL;
  GVariant *properties = folder->properties (bus, folder, id, &error);
  if (properties != NULL)
    tell_properties (bus, folder, path, properties, change);
  else if (!g_error_matches (error, CH_ERROR, CH_ERROR_NOT_FOUND))
    g_warning ("Nobody was told that %s changed: %s", path, error->message);
}
