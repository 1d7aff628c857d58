# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for tests of the app: a desktop without a screen, the whole world behind it, and the app."""

import importlib.util
import os
import pathlib
import re
import signal
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
sys.path.insert(0, str(TOP / "scripts" / "lib"))

from desktop import App, Desktop, what_is_missing  # noqa: E402
from world import World, kill_with_parent  # noqa: E402

# The other one is called conftest, too.
spec = importlib.util.spec_from_file_location("world_conftest", TOP / "tests" / "world" / "conftest.py")
world_conftest = importlib.util.module_from_spec(spec)
spec.loader.exec_module(world_conftest)

BUILD = pathlib.Path(os.environ.get("CHANCERY_BUILD", TOP / "build"))
PROGRAM = BUILD / "client-gtk" / "chancery-gtk"
OPTIONS = {"preexec_fn": kill_with_parent(signal.SIGKILL)}


def pytest_collection_modifyitems(items):
    missing = what_is_missing()
    for item in items:
        if missing:
            item.add_marker(pytest.mark.skip(reason=missing))


@pytest.fixture(scope="module")
def desktop(tmp_path_factory):
    it = Desktop(tmp_path_factory.mktemp("desktop"), OPTIONS)
    try:
        it.start()
        yield it
    finally:
        it.stop()


@pytest.fixture(scope="module")
def world(desktop):
    with World(BUILD) as it:
        yield it
        assert it.processes["chanceryd"].poll() is None, it.log("chanceryd")[-6000:]


@pytest.fixture(scope="module")
def admin(world):
    """Somebody with the chancery command."""
    return world_conftest.Admin(world)


def sanitizer_environment():
    asan = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "quarantine_size_mb=16"]))
    given = {"ASAN_OPTIONS": asan, "LSAN_OPTIONS": f"suppressions={HERE / 'lsan.supp'}:print_suppressions=0"}
    # In this order: the sanitizer wants to be the first library.
    libraries = [os.environ.get("LIBASAN"), os.environ.get("KEEP_LOADED")]
    if all(libraries):
        given["LD_PRELOAD"] = " ".join(libraries)
    return given


@pytest.fixture
def start(desktop, tmp_path, request):
    """Starts the app; at the end nothing of what it said may be a complaint."""
    apps = []

    def run(*arguments, **environment):
        folder = tmp_path / str(len(apps))
        folder.mkdir()
        given = {"G_DEBUG": "fatal-criticals", "GSETTINGS_SCHEMA_DIR": str(BUILD / "client-gtk" / "data"), **sanitizer_environment()}
        apps.append(App(PROGRAM, arguments, folder, {**given, **environment}, OPTIONS))
        return apps[-1]

    yield run
    for app in apps:
        app.kill()
        complaints = [line for line in app.log.splitlines() if re.search(r"WARNING|CRITICAL|Sanitizer|runtime error", line)]
        assert complaints == []


@pytest.fixture
def app(start, world):
    """The app on the world, in its window of the usual size; it must end well."""
    it = start("--address", world.bus_address)
    it.await_node("list", "Pages")
    yield it
    assert it.quit() == 0, it.log


@pytest.fixture
def narrow(start, world, tmp_path):
    """The same in a window as narrow as a telephone."""
    settings = tmp_path / "glib-2.0" / "settings"
    settings.mkdir(parents=True)
    (settings / "keyfile").write_text("[org/chancery/Chancery]\nwindow-width=360\nwindow-height=640\n")
    it = start("--address", world.bus_address, GSETTINGS_BACKEND="keyfile", XDG_CONFIG_HOME=str(tmp_path))
    it.await_node("list", "Pages")
    yield it
    assert it.quit() == 0, it.log
