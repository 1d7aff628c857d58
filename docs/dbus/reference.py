#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""reference.py INTRODUCTION.rst CONTRACT.xml: the D-Bus reference as reStructuredText, on standard output.

gdbus-codegen reads the contract's comments. Its DocBook is taken, because its reStructuredText of GLib 2.74
leaves out what methods return.
"""

import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

PREFIX = "org.chancery.Chancery1."


def text_of(element: ElementTree.Element) -> str:
    """The text of a paragraph; names of arguments become literals."""
    parts = [element.text or ""]
    for child in element:
        inner = text_of(child)
        parts.append(f"``{inner}``" if child.tag == "parameter" else inner)
        parts.append(child.tail or "")
    return "".join(parts)


def escape(text: str) -> str:
    """What reStructuredText would take for markup; literals stay."""
    pieces = text.split("``")
    for i in range(0, len(pieces), 2):
        pieces[i] = pieces[i].replace("*", "\\*").replace("|", "\\|").replace("_'", "\\_'")
    return "``".join(pieces)


def paragraphs(element: ElementTree.Element) -> list[str]:
    found = [" ".join(text_of(p).split()) for p in element.findall("para")]
    return [escape(p) for p in found if p]


def arguments(member: ElementTree.Element) -> list[str]:
    lines = []
    for entry in member.iter("varlistentry"):
        kind = "".join(entry.find("term/literal").itertext()).split()
        lines += [f"*{kind[0].lower()}* ``{kind[2]}`` ({kind[1]})" if len(kind) == 3 else f"``{kind[1]}`` ({kind[0]})"]
        lines += [f"   {p}" for p in paragraphs(entry.find("listitem"))] + [""]
    return lines


def member_lines(member: ElementTree.Element) -> list[str]:
    name = member.find("title").text.replace("The ", "").replace('"', "").split()[0].rstrip("()")
    signature = (member.findtext("programlisting") or member.findtext("synopsis") or "").strip("\n").splitlines()
    lines = [name, "~" * len(name), "", "::", ""] + [f"   {line}" for line in signature] + [""]
    for paragraph in paragraphs(member):
        lines += [paragraph, ""]
    return lines + arguments(member)


def interface_lines(page: ElementTree.Element) -> list[str]:
    name = page.findtext("refnamediv/refname")
    lines = [name.removeprefix(PREFIX), "=" * len(name), "", f"``{name}``: {escape(page.findtext('refnamediv/refpurpose').strip())}.", ""]
    for section in page.findall("refsect1"):
        if section.get("role") == "desc":
            for paragraph in paragraphs(section):
                lines += [paragraph, ""]

    for role, title in (("method", "Methods"), ("signal", "Signals"), ("property", "Properties")):
        members = [m for m in page.iter("refsect2") if m.get("role") == role]
        if members:
            lines += [title, "-" * len(title), ""]
        for member in members:
            lines += member_lines(member)
    return lines


def generate(introduction: pathlib.Path, contract: pathlib.Path) -> str:
    lines = [introduction.read_text(encoding="utf-8")]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["gdbus-codegen", f"--output-directory={folder}", "--generate-docbook=page", contract.absolute()], check=True)
        for interface in ElementTree.parse(contract).iter("interface"):
            lines += interface_lines(ElementTree.parse(f"{folder}/page-{interface.get('name')}.xml").getroot())
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    print(generate(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
