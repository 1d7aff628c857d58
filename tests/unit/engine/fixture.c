/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

void
fixture_add_peers (Fixture *fixture)
{
  fixture->account = world_add_peer (fixture->world, CH_PEER_ROLE_ACCOUNT, "ca");
  fixture->dns = world_add_peer (fixture->world, CH_PEER_ROLE_DNS, "dns");
  fixture->server = world_add_peer (fixture->world, CH_PEER_ROLE_SERVER, "web");
}

void
fixture_set_up (Fixture      *fixture,
                gconstpointer data)
{
  fixture->world = world_new ();
  fixture_add_peers (fixture);
}

void
fixture_tear_down (Fixture      *fixture,
                   gconstpointer data)
{
  world_free (fixture->world);
}

void
fixture_test (const char    *path,
              gconstpointer  data,
              FixtureTest    test)
{
  g_test_add (path, Fixture, data, fixture_set_up, test, fixture_tear_down);
}

gint64
fixture_add_order (Fixture *fixture)
{
  return world_add_order (fixture->world, "www.example.com", fixture->account, fixture->dns);
}

gint64
fixture_issue (Fixture    *fixture,
               const char *name)
{
  gint64 id = world_add_order (fixture->world, name, fixture->account, fixture->dns);

  world_run (fixture->world, 60);
  assert_order (fixture->world, id, "issued", "none");
  return id;
}
