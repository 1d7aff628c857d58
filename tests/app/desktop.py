# SPDX-License-Identifier: GPL-3.0-or-later
"""A desktop for tests: an X server without a screen, a session bus with AT-SPI, and the app seen through it."""

import os
import pathlib
import select
import shutil
import signal
import subprocess
import sys
import time

import gi

HERE = pathlib.Path(__file__).resolve().parent
LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")


def what_is_missing():
    """A sentence, or None when tests can run."""
    if shutil.which("Xvfb") is None:
        return "Xvfb is not installed"
    if not any(os.path.exists(path) for path in LAUNCHERS):
        return "at-spi2-core is not installed"
    try:
        gi.require_version("Atspi", "2.0")
    except ValueError:
        return "gir1.2-atspi-2.0 is not installed"
    return None


def eventually(what, seconds=60):
    """Asks until the answer is true: accessibility tells of changes, but not of all."""
    end = time.monotonic() + seconds
    while True:
        answer = what()
        if answer:
            return answer
        assert time.monotonic() < end, f"did not happen within {seconds} s: {what}"
        select.select([], [], [], 0.1)


class Desktop:
    """Sets the environment of this process, as AT-SPI finds its bus there: one for the whole run."""

    def __init__(self, folder, spawn_options):
        self.folder = pathlib.Path(folder)
        self.options = spawn_options
        self.processes = []
        self.notes = self.folder / "notes.json"     # what is shown as notifications

    def start(self):
        runtime = self.folder / "run"
        runtime.mkdir(mode=0o700)
        for name in ("WAYLAND_DISPLAY", "NO_AT_BRIDGE", "AT_SPI_BUS_ADDRESS"):
            os.environ.pop(name, None)
        os.environ.update({
            "XDG_RUNTIME_DIR": str(runtime), "HOME": str(self.folder), "GDK_BACKEND": "x11", "GSK_RENDERER": "cairo",
            "GTK_A11Y": "atspi", "GSETTINGS_BACKEND": "memory", "ADW_DISABLE_PORTAL": "1", "GIO_USE_VFS": "local",
            "LC_ALL": "C.UTF-8", "TZ": "UTC",
        })
        os.environ["DISPLAY"] = ":" + self._first_line(
            lambda pipe: ["Xvfb", "-displayfd", str(pipe), "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"])
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = self._first_line(
            lambda pipe: ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address=unix:path={runtime}/bus",
                          f"--print-address={pipe}"])
        self._first_line(lambda pipe: [sys.executable, "-B", str(HERE / "notes.py"), str(self.notes), str(pipe)])

    def _first_line(self, command):
        """Starts a program that tells on a pipe when it is ready."""
        reading, writing = os.pipe()
        process = subprocess.Popen(command(writing), pass_fds=[writing], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, **self.options)
        self.processes.append(process)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            assert select.select([pipe], [], [], 30)[0], f"{process.args[0]} did not start"
            return pipe.readline().strip()

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
            process.wait(20)


class App:
    """One run of the app."""

    def __init__(self, program, arguments, folder, environment, spawn_options):
        self.log_path = pathlib.Path(folder) / "app.log"
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([str(program), *map(str, arguments)], env={**os.environ, **environment},
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, **spawn_options)

    @property
    def log(self):
        return self.log_path.read_text(errors="replace")

    # ---- the tree of accessible objects ----

    @property
    def root(self):
        from gi.repository import Atspi

        def search():
            assert self.process.poll() is None, self.log
            desktop = Atspi.get_desktop(0)
            desktop.clear_cache()
            for i in range(desktop.get_child_count()):
                child = desktop.get_child_at_index(i)
                if child and child.get_process_id() == self.process.pid and child.get_child_count() > 0:
                    return child
            return None
        return eventually(search)

    def walk(self, node=None):
        """All nodes; those that go while one looks are left out."""
        from gi.repository import GLib

        stack = [node or self.root]
        while stack:
            node = stack.pop()
            try:
                node.clear_cache()
                children = [node.get_child_at_index(i) for i in range(node.get_child_count())]
                yield node, node.get_role_name(), node.get_name() or ""
            except GLib.Error:
                continue
            stack.extend(reversed([c for c in children if c]))

    def find(self, role, name=None, within=None):
        for node, its_role, its_name in self.walk(within):
            if its_role == role and name in (None, its_name):
                return node
        return None

    def await_node(self, role, name=None):
        return eventually(lambda: self.find(role, name))

    def says(self, text):
        """Whether some label says it that is not hidden."""
        return any(role == "label" and text in name for _, role, name in self.walk())

    def await_text(self, text):
        eventually(lambda: self.says(text))

    def await_no_text(self, text):
        eventually(lambda: not self.says(text))

    def nameless(self):
        """What can be used and has no name that somebody chose."""
        return [(role, name) for node, role, name in self.walk()
                if role in ("push button", "toggle button", "menu button", "entry", "icon", "text", "password text", "combo box",
                            "check box", "tree table")
                and (not name or name.startswith(("Gtk", "Adw", "Ch")))]

    # ---- the list ----

    def row_names(self):
        view = self.find("tree table", "Orders")
        rows = view and self.find("list", within=view)
        return [name for _, role, name in self.walk(rows) if role == "table row"] if rows else []

    def select(self, name, *others):
        """Selects rows of the list, and no others."""
        from gi.repository import Atspi

        Atspi.Selection.clear_selection(self.row_of(name).get_parent())
        for one in (name, *others):
            row = self.row_of(one)
            assert Atspi.Selection.select_child(row.get_parent(), row.get_index_in_parent())

    def row_of(self, name):
        return next(node for node, role, its_name in self.walk() if role == "table row" and its_name == name)

    def selected(self):
        from gi.repository import Atspi

        return [name for node, role, name in self.walk()
                if role == "table row" and node.get_state_set().contains(Atspi.StateType.SELECTED)]

    # ---- doing ----

    def search(self, text):
        from gi.repository import Atspi

        entry = self.await_node("entry", "Search orders")
        Atspi.EditableText.set_text_contents(entry, text)

    def act(self, group, name, *parameter):
        """Activates an action over the session bus: app.quit, win.reload; its parameter is a text."""
        from gi.repository import GLib

        path = "/org/chancery/Chancery" + ("/window/1" if group == "win" else "")
        given = [GLib.Variant("s", text) for text in parameter]
        eventually(lambda: self.session_call(path, "org.gtk.Actions", "Activate", GLib.Variant("(sava{sv})", (name, given, {}))))

    def go(self, page):
        """Shows a page by its id; says when it is there."""
        self.act("win", "page", page)
        eventually(lambda: self.page() == page)

    def page(self):
        """The id of the page that is shown."""
        from gi.repository import GLib

        answer = self.session_call("/org/chancery/Chancery/window/1", "org.gtk.Actions", "Describe", GLib.Variant("(s)", ("page",)))
        return answer[0][2][0]

    def click(self, role, name=None, within=None):
        """Presses a button, a switch or what else has one action; its name may begin with that of its mnemonic."""
        from gi.repository import Atspi

        def search():
            for node, its_role, its_name in self.walk(within):
                if its_role == role and (name in (None, its_name) or its_name.endswith(" " + name)) and Atspi.Action.get_n_actions(node) > 0:
                    return node
            return None
        assert Atspi.Action.do_action(eventually(search), 0)

    def find_entry(self, name, within=None):
        """An entry; a row that is one is named twice, by its label and by its title."""
        return next((node for node, role, its_name in self.walk(within)
                     if its_name in (name, f"{name} {name}") and role in ("text", "entry", "password text")), None)

    def write(self, name, text, within=None):
        """Types into the entry with that name."""
        from gi.repository import Atspi

        assert Atspi.EditableText.set_text_contents(eventually(lambda: self.find_entry(name, within)), text)

    def scroll_to(self, node):
        """Turns the wheel over the pane at the end of the window until the node is in sight."""
        from gi.repository import Atspi

        frame = Atspi.Component.get_extents(self.find("frame"), Atspi.CoordType.WINDOW)
        for _ in range(60):
            at = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
            if 80 < at.y < frame.height - 80:
                return
            self.xdotool("mousemove", "--window", self.window_of("Chancery"), frame.width - 60, frame.height // 2,
                         "click", 5 if at.y > 80 else 4)
            node.clear_cache()
        raise AssertionError("it cannot be scrolled to")

    def enter(self, name, text):
        """Types into a row of that pane, and saves it with the key Return."""
        node = eventually(lambda: self.find_entry(name))
        self.scroll_to(node)
        self.point(node, "Chancery")
        self.write(name, text)
        self.xdotool("key", "Return")

    def toggle(self, name):
        """A switch."""
        from gi.repository import Atspi

        node = eventually(lambda: next((n for n, _, its_name in self.walk() if its_name == name and Atspi.Action.get_n_actions(n) > 0), None))
        assert Atspi.Action.do_action(node, 0)

    def session_call(self, path, interface, method, parameters):
        """The answer; None while there is nobody who could give it."""
        from gi.repository import Gio, GLib

        bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)

        def ask(name, arguments):
            return bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", name, arguments, None,
                                 Gio.DBusCallFlags.NONE, 10000, None).unpack()[0]
        for name in ask("ListNames", None):
            try:
                if not name.startswith(":") or ask("GetConnectionUnixProcessID", GLib.Variant("(s)", (name,))) != self.process.pid:
                    continue
                return bus.call_sync(name, path, interface, method, parameters, None, Gio.DBusCallFlags.NONE, 10000,
                                     None).unpack() or (None,)
            except GLib.Error as error:
                if "NoReply" in error.message:      # it has quit before it could answer
                    return (None,)
                if "UnknownMethod" not in error.message:
                    raise
        assert self.process.poll() is None, self.log
        return None

    def xdotool(self, *arguments):
        return subprocess.run(["xdotool", *map(str, arguments)], check=True, capture_output=True, text=True).stdout.split()

    def window_of(self, title):
        """The X window with this title."""
        return eventually(lambda: subprocess.run(["xdotool", "search", "--onlyvisible", "--name", f"^{title}$"], capture_output=True,
                                                 text=True).stdout.split())[0]

    def point(self, node, title):
        """Clicks with the mouse in the middle of what lies in the window with this title: rows of lists have no action of their own."""
        from gi.repository import Atspi

        window = self.window_of(title)
        frame = next(n for n, role, name in self.walk() if role in ("frame", "dialog") and name == title)
        inner = Atspi.Component.get_extents(frame, Atspi.CoordType.WINDOW)
        outer = dict(line.split("=") for line in self.xdotool("getwindowgeometry", "--shell", window) if "=" in line)
        shift = (int(outer["WIDTH"]) - inner.width) // 2
        def extents():
            node.clear_cache()
            return Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)

        def in_view():
            at = extents()
            if at.y + at.height < inner.height:
                return True
            self.xdotool("mousemove", "--window", window, int(outer["WIDTH"]) // 2, int(outer["HEIGHT"]) // 2, "click", 5)
            return False
        eventually(in_view)
        at = extents()
        self.xdotool("mousemove", "--window", window, at.x + at.width // 2 + shift, at.y + at.height // 2 + shift, "click", 1)

    def choose(self, row, choice, title):
        """Chooses in a combo row or a drop-down of the window with this title."""
        box = eventually(lambda: next((n for n, role, name in self.walk() if role == "combo box" and name in (row, f"{row} {row}")), None))

        def items():
            return [name for n, role, _ in self.walk(box) if role == "list item" for _, inner, name in self.walk(n) if inner == "label"]
        closed = len(items())       # a row shows what is chosen as an item of a list
        self.point(box, title)

        # What pops up has coordinates of its own, so that keys choose.
        index = eventually(lambda: choice in items()[closed:] and items()[closed:].index(choice) + 1) - 1
        self.xdotool("key", "Home", *["Down"] * index, "Return")
        eventually(lambda: box.get_parent() and self.find("label", choice, within=box))

    def quit(self):
        self.act("app", "quit")
        return self.process.wait(60)

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
