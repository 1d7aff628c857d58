# SPDX-License-Identifier: GPL-3.0-or-later
"""What the first version left behind is taken up by this one."""

import json
import pathlib
import sqlite3

from conftest import ZONE, eventually

HOST, WAITS = f"www.{ZONE}", f"waits.{ZONE}"
VERSION_1 = pathlib.Path(__file__).with_name("version-1.sql").read_text()


def deployment_of_version_1(world):
    nginx = world.dir / "nginx"
    return {
        "files": [{"path": f"{nginx}/tls/www.key", "part": "key"}, {"path": f"{nginx}/tls/www.pem", "part": "fullchain"}],
        "action": {"pid-file": f"{nginx}/nginx.pid", "signal": "HUP", "kind": "signal"},
        "checks": [{"port": world.https_port, "sni": HOST, "host": "127.0.0.1"}],
    }


def go_back(world):
    """The database becomes one of version 1, with what version 1 knew of what is in it."""
    now, then = world.state / "chancery.db", world.state / "then.db"
    with sqlite3.connect(then) as db:
        db.execute("ATTACH ? AS now", (str(now),))
        db.executescript(VERSION_1)
        tables = [name for (name,) in db.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
        for table in tables:
            columns = ", ".join(row[1] for row in db.execute(f"PRAGMA main.table_info ({table})"))
            if table != "order_names":      # the triggers write it
                db.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM now.{table}")
        for column, value in deployment_of_version_1(world).items():
            db.execute(f"UPDATE main.deployments SET {column} = ?", (json.dumps(value),))
        (mark,) = db.execute("PRAGMA now.application_id").fetchone()
        db.execute(f"PRAGMA main.application_id = {mark}")
        db.execute("PRAGMA main.user_version = 1")
    db.close()
    for path in world.state.glob("chancery.db*"):
        path.unlink()
    then.rename(now)


def test_everything_goes_on(world, admin):
    admin.set_up()
    admin.add_deployment("web", HOST)
    admin.run("order", "new", HOST, "--wait")
    world.control("/faults", {"operation": "DVDNSVerificationForIssue", "times": -1, "fault": {"drop": "before"}})
    admin.run("order", "new", WAITS)
    eventually(lambda: admin.order(WAITS)["failures"] > 0)
    before, events = admin.order(HOST), admin.json("log")
    assert world.stop("chanceryd") == 0
    go_back(world)
    world.control("/clear", {})

    world.start_daemon()
    after, served = admin.order(HOST), world.served()
    assert {name: after[name] for name in ("state", "ca_order", "not_after", "term_end", "has_key", "names")} \
        == {name: before[name] for name in ("state", "ca_order", "not_after", "term_end", "has_key", "names")}
    assert after["auto_replace"] and eventually(lambda: admin.order(HOST)["replace_at"] > before["issued_at"])
    assert events[-1] in admin.json("log")
    assert [row["state"] for row in admin.json("deploy", "list")] == ["deployed"]
    admin.wait_for_state(WAITS, "issued")

    admin.run("order", "reissue", HOST, "--wait")
    admin.wait_for_deployment("web", "deployed")
    assert world.served() != served
    assert "BEGIN PRIVATE KEY" in admin.run("key", "export", HOST, "--plain").stdout
    assert "The credentials are good" in admin.run("account", "verify", "demo").stdout
    assert (world.state / "chancery.db.v1").exists(), "a copy is kept"
    assert sum(o["charged"] > 0 for o in world.control("/orders")) == 2

