/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bus/bus.h"
#include "fake-engine.h"
#include "lib/error.h"
#include "lib/paths.h"
#include "store/fixture.h"

/* The face on a private bus, over a real store and the fake engine, and a client beside it. Both
 * live on one main loop, so calls are made without blocking it. */
typedef struct
{
  Fixture store;
  GTestDBus *test_bus;
  GDBusConnection *service;
  GDBusConnection *client;
  ChConfig config;
  ChWorld world;
  ChPolicy *policy;
  ChBus *bus;
  GQueue signals;       /* (element-type GVariant): each "(sss@r)" path, interface, member, parameters */
} World;

void world_set_up (World *world, gconstpointer data);
void world_tear_down (World *world, gconstpointer data);

/* Registers a test that runs in a World. */
#define world_test(path, function) \
  g_test_add (path, World, NULL, world_set_up, function, world_tear_down)

/* (transfer full): a value in GVariant's text form. */
GVariant *parse (const char *type, const char *text);

/* (transfer full) (nullable): the reply to a call of the client; @parameters may be floating. */
GVariant *world_call (World *world, const char *path, const char *interface, const char *method,
                      GVariant *parameters, GError **error);

/* The same at the Manager, which must succeed. */
GVariant *world_ask (World *world, const char *method, GVariant *parameters);

/* Calls and demands the error @code with @part in its message. */
void world_refuses (World *world, const char *path, const char *interface, const char *method,
                    GVariant *parameters, ChError code, const char *part);

/* (transfer full): waits for the next signal @member and gives its parameters. */
GVariant *world_wait (World *world, const char *member, char **path);
