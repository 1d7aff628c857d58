/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fake-world.h"

/* What most tests of the engine begin with: a world with one of each peer. */
typedef struct
{
  World *world;
  gint64 account, dns, server;
  gint64 id;            /* for a program's own beginning */
} Fixture;

typedef void (*FixtureTest) (Fixture *fixture, gconstpointer data);

/** fixture_test: adds @test with fixture_set_up() and fixture_tear_down(). */
void fixture_test (const char *path, gconstpointer data, FixtureTest test);

void fixture_set_up (Fixture *fixture, gconstpointer data);
void fixture_tear_down (Fixture *fixture, gconstpointer data);

/** fixture_add_peers: for a set-up that has made the world itself. */
void fixture_add_peers (Fixture *fixture);

/** fixture_add_order: world_add_order() for www.example.com with the peers of @fixture. */
gint64 fixture_add_order (Fixture *fixture);
/** fixture_issue: an order for @name that is issued. */
gint64 fixture_issue (Fixture *fixture, const char *name);
