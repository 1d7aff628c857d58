# SPDX-License-Identifier: GPL-3.0-or-later
"""A person's own service: session bus, no polkit, and a real keyring for the secrets."""

import os
import shutil
import subprocess

import pytest

from conftest import Admin, BUILD, World, ZONE, eventually

HOST = f"www.{ZONE}"

pytestmark = pytest.mark.skipif(not shutil.which("gnome-keyring-daemon"), reason="gnome-keyring is not installed")


class SessionWorld(World):
    def __init__(self):
        super().__init__(BUILD, daemon_args=("--session",))
        self.daemon_env = {"DBUS_SESSION_BUS_ADDRESS": self.bus_address, "XDG_RUNTIME_DIR": str(self.dir / "run"),
                           "XDG_DATA_HOME": str(self.dir / "data")}

    def start_bus(self):
        super().start_bus()
        (self.dir / "run").mkdir(mode=0o700)
        keyring = subprocess.run(["gnome-keyring-daemon", "--unlock", "--components=secrets"], input="pass", text=True,
                                 env={**self.clean_env(), **self.daemon_env}, capture_output=True, preexec_fn=os.setpgrp)
        assert keyring.returncode == 0, keyring.stderr
        eventually(lambda: "org.freedesktop.secrets" in subprocess.run(
            ["busctl", f"--address={self.bus_address}", "list", "--no-legend"], capture_output=True, text=True).stdout)

    def secrets(self):
        found = subprocess.run(["secret-tool", "search", "--all", "--unlock", "application", "org.chancery.Chancery"], capture_output=True,
                               text=True, env={**self.clean_env(), **self.daemon_env})
        return found.stdout + found.stderr


def test_the_keyring_holds_the_secrets():
    with SessionWorld() as world:
        admin = Admin(world)
        admin.set_up()
        admin.add_deployment("web", HOST)
        admin.run("order", "new", HOST, "--wait")
        assert f"CN = www.{ZONE}" in subprocess.run(["openssl", "x509", "-noout", "-subject"], input=world.served(), text=True,
                                                    capture_output=True).stdout
        listed = world.secrets()
        assert "peer/1/password" in listed and "secret = sandbox" in listed
        assert "PRIVATE KEY" in listed
        assert not (world.state / "vault.key").exists()

        # the key of a deleted order stays in the bin until somebody empties it
        admin.run("order", "delete", HOST, "--force")
        assert "PRIVATE KEY" in world.secrets()
        admin.run("key", "purge", str(admin.json("key", "bin")[0]["id"]))
        eventually(lambda: "PRIVATE KEY" not in world.secrets())


@pytest.mark.skipif(os.getuid() != 0, reason="needs another user")
def test_nobody_else_is_served():
    with SessionWorld() as world:
        world.dir.chmod(0o755)
        other = subprocess.run(["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "busctl", f"--address={world.bus_address}",
                                "call", "org.chancery.Chancery1", "/org/chancery/Chancery1", "org.chancery.Chancery1.Manager",
                                "GetStatus", "a{sv}", "0"], capture_output=True, text=True)
        assert other.returncode != 0
        assert "belongs to another user" in other.stderr
