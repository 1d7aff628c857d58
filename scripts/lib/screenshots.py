#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""screenshots.py BUILD DIR [LOOK…], for scripts/screenshots: pictures of the app's pages."""

import os
import pathlib
import re
import select
import signal
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "scripts" / "lib"), str(TOP / "tests" / "app")]
from desktop import App, Desktop, eventually, what_is_missing  # noqa: E402
from furnish import Furnisher, ZONES  # noqa: E402
from world import World, ZONE, kill_with_parent  # noqa: E402

OPTIONS = {"preexec_fn": kill_with_parent(signal.SIGKILL)}
PAGES = ("overview", "orders", "dns", "servers", "accounts", "profiles", "activity", "jobs")
WIDE, NARROW = (1180, 760), (360, 720)

# What of the environment makes a look, and the size of its window; the language of people with that look.
LOOKS = {
    "light": ({}, WIDE, "en_GB"),
    "dark": ({"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}, WIDE, "en_GB"),
    "contrast": ({"ADW_DEBUG_HIGH_CONTRAST": "1"}, WIDE, "en_GB"),
    "narrow": ({}, NARROW, "en_GB"),
    "large": ({}, WIDE, "en_GB"),
    "rtl": ({}, WIDE, "ar_EG"),
    "german": ({}, WIDE, "de_DE"),
    "french": ({}, WIDE, "fr_FR"),
}


def make_locales(build: pathlib.Path) -> pathlib.Path:
    """What the C library knows of these languages, and the app's texts in them."""
    folder = build / "locales"
    folder.mkdir(exist_ok=True)
    for language in {look[2] for look in LOOKS.values()}:
        if not (folder / f"{language}.UTF-8").exists():
            subprocess.run(["localedef", "-f", "UTF-8", "-i", language, folder / f"{language}.UTF-8"], check=True, capture_output=True)

    template = build / "chancery.pot"
    subprocess.run(["xgettext", f"--files-from={TOP / 'po' / 'POTFILES'}", f"--directory={TOP}", "--keyword=_", "--keyword=N_",
                    "--keyword=C_:1c,2", "--keyword=ngettext:1,2", "--from-code=UTF-8", "-o", template], check=True, capture_output=True)
    subprocess.run([sys.executable, "-B", TOP / "scripts" / "lib" / "pseudo.py", template, build / "ar.po"], check=True)
    languages = {path.stem: path for path in (TOP / "po").glob("*.po")} | {"ar": build / "ar.po"}
    for language, path in languages.items():
        messages = build / "locale" / language / "LC_MESSAGES"
        messages.mkdir(parents=True, exist_ok=True)
        subprocess.run(["msgfmt", "-o", messages / "chancery.mo", path], check=True)
    return folder


class Photographer:
    def __init__(self, world: World, build: pathlib.Path, out: pathlib.Path, locales: pathlib.Path, scratch: pathlib.Path):
        self.world = world
        self.build = build
        self.out = out
        self.locales = locales
        self.scratch = scratch

    def start(self, look: str) -> App:
        extra, (width, height), language = LOOKS[look]
        config = self.scratch / look
        (config / "glib-2.0" / "settings").mkdir(parents=True)
        (config / "glib-2.0" / "settings" / "keyfile").write_text(
            f"[org/chancery/Chancery]\nwindow-width={width}\nwindow-height={height}\n")
        (config / "gtk-4.0").mkdir()
        font = "16" if look == "large" else "11"
        (config / "gtk-4.0" / "settings.ini").write_text(f"[Settings]\ngtk-font-name=DejaVu Sans {font}\ngtk-enable-animations=0\n")
        environment = {
            "GSETTINGS_BACKEND": "keyfile", "XDG_CONFIG_HOME": str(config), "GSETTINGS_SCHEMA_DIR": str(self.build / "client-gtk" / "data"),
            "LOCPATH": str(self.locales), "LC_ALL": f"{language}.UTF-8", **extra,
        }
        return App(self.build / "client-gtk" / "chancery-gtk", ["--address", self.world.bus_address], config, environment, OPTIONS)

    def take(self, look: str, name: str, window: str = "root") -> None:
        """The window when it has come to rest: nothing changes for a while."""
        path = self.out / f"{look}-{name}.png"
        seen: list[bytes] = []
        while len(seen) < 40 and len(set(seen[-3:])) != 1 or len(seen) < 3:
            select.select([], [], [], 0.15)
            subprocess.run(["import", "-window", window, "-trim", "+repage", path], check=True, capture_output=True)
            seen.append(subprocess.run(["identify", "-format", "%#", path], check=True, capture_output=True).stdout)
        print(path.name, flush=True)

    def portray(self, look: str) -> None:
        app = self.start(look)
        try:
            app.await_node("list")
            for page in PAGES:
                app.go(page)
                self.take(look, page)
            app.act("win", "open", self.path_of(f"www.{ZONE}"))
            self.take(look, "order")
            app.act("win", "open", self.path_of(f"legacy.{ZONE}"))
            self.take(look, "waiting")
            app.select(*(f"{host}.harbour.test" for host in ("store", "survey", "events", "sso", "news")))
            self.take(look, "many")
            self.order(app, look)
            app.quit()
        finally:
            app.kill()
        complaints = [line for line in app.log.splitlines() if re.search("WARNING|CRITICAL", line)]
        if complaints:
            sys.exit("\n".join(complaints))

    def order(self, app: App, look: str) -> None:
        """The form of a new order, and its review; in any language, so that nothing is found by its text."""
        from gi.repository import Atspi

        app.act("win", "add")
        form = app.await_node("dialog")
        names = next(node for node, role, _ in app.walk(form) if role == "text")
        Atspi.EditableText.set_text_contents(names, f"new.{ZONE}\nwww.new.{ZONE}")
        self.take(look, "new-order", app.window_of(form.get_name()))
        review = [node for node, role, _ in app.walk(form) if role == "push button"][1]
        Atspi.Action.do_action(review, 0)
        both = eventually(lambda: [name for _, role, name in app.walk() if role == "dialog"][1:] and app.walk())
        title = next(name for _, role, name in both if role == "dialog" and name != form.get_name())
        self.take(look, "review", app.window_of(title))

    def path_of(self, name: str) -> str:
        orders = Furnisher(self.world).answer("order", "list")
        return next(f"/org/chancery/Chancery1/orders/{order['id']}" for order in orders if order["name"] == name)


def main() -> None:
    build, out, *looks = sys.argv[1:]
    build, out = pathlib.Path(build).resolve(), pathlib.Path(out)
    missing = what_is_missing()
    if missing:
        sys.exit(f"scripts/screenshots: {missing}")
    unknown = set(looks) - set(LOOKS)
    if unknown:
        sys.exit(f"scripts/screenshots: there is no look “{unknown.pop()}”; there are {', '.join(LOOKS)}")

    out.mkdir(parents=True, exist_ok=True)
    locales = make_locales(build)
    with tempfile.TemporaryDirectory() as scratch:
        desktop = Desktop(scratch, OPTIONS)
        try:
            desktop.start()
            with World(build, zones=ZONES, is_local=True) as world:
                Furnisher(world).furnish()
                photographer = Photographer(world, build, out, locales, pathlib.Path(scratch))
                for look in looks or LOOKS:
                    photographer.portray(look)
        finally:
            desktop.stop()


if __name__ == "__main__":
    main()
