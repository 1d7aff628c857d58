# SPDX-License-Identifier: GPL-3.0-or-later
"""Every member of the contract is documented, and its documentation comes out in the reference."""

import importlib.util
import pathlib
import re
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
CONTRACT = TOP / "data" / "dbus" / "org.chancery.Chancery1.xml"
INTRODUCTION = TOP / "docs" / "dbus" / "introduction.rst"


def undocumented(contract: pathlib.Path, folder: pathlib.Path) -> list[str]:
    """Interfaces, members and arguments for which gdbus-codegen finds no text."""
    subprocess.run(["gdbus-codegen", f"--output-directory={folder}", "--generate-docbook=page", contract], check=True)
    missing = []
    for page in sorted(folder.glob("page-*.xml")):
        root = ElementTree.parse(page).getroot()
        interface = root.findtext("refnamediv/refname")
        if not (root.findtext("refnamediv/refpurpose") or "").strip():
            missing.append(interface)
        for member in root.iter("refsect2"):
            name = f"{interface} {member.findtext('title')}"
            if not any("".join(p.itertext()).strip() for p in member.findall("para")):
                missing.append(name)
            for entry in member.iter("varlistentry"):
                if not "".join(entry.find("listitem").itertext()).strip():
                    missing.append(f"{name}: {entry.findtext('term/literal/parameter')}")
    return missing


def test_every_member_and_argument_is_documented(tmp_path):
    assert undocumented(CONTRACT, tmp_path) == []


@pytest.mark.parametrize("take_away, named", [
    ("@limit: rows at most; 0 means 20; clamped to 500", "limit"),
    ("Reason: Why it failed, or what it waits for, a sentence; empty otherwise.", "Reason"),
    ("Run:", "Run"),
    ("@short_description: a machine that files are put on", "Server"),
])
def test_what_is_missing_is_noticed(tmp_path, take_away, named):
    text = CONTRACT.read_text(encoding="utf-8")
    assert take_away in text
    damaged = tmp_path / "contract.xml"
    damaged.write_text(text.replace(take_away, "", 1), encoding="utf-8")
    missing = undocumented(damaged, tmp_path)
    assert missing and any(named in what for what in missing)


def test_the_reference_has_every_member(tmp_path):
    spec = importlib.util.spec_from_file_location("reference", TOP / "docs" / "dbus" / "reference.py")
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    text = reference.generate(INTRODUCTION, CONTRACT)

    for interface in ElementTree.parse(CONTRACT).iter("interface"):
        name = interface.get("name").rsplit(".", 1)[1]
        assert f"\n{name}\n===" in text
        for member in interface:
            if member.tag in ("method", "signal", "property"):
                assert f"\n{member.get('name')}\n~~" in text
    page = tmp_path / "reference.rst"
    page.write_text(text, encoding="utf-8")
    subprocess.run(["rst2html5", "--halt=2", page, tmp_path / "reference.html"], check=True)


def test_every_error_is_explained():
    names = re.findall(r'CH_BUS_NAME "\.Error\.(\w+)"', (TOP / "lib" / "error.c").read_text(encoding="utf-8"))
    explained = re.findall(r"^([A-Z]\w+)  +\S", INTRODUCTION.read_text(encoding="utf-8"), re.M)
    assert names and explained == names
