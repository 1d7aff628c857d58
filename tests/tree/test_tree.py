# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of the tree itself: who may include whom, and what every file has or has not."""

import pathlib
import re
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ("lib", "daemon", "cli", "client-gtk", "sandbox")

# docs/architecture.md has the picture. A folder may include itself and what stands here; where single headers are
# named, only those. "lib" is open to the daemon and the clients, and includes nobody.
ALLOWED = {
    "main.c": ["bus/", "deploy/target.h", "engine/", "net/http.h", "store/shelf.h"],
    "bus": ["engine/", "pki/names.h", "store/"],
    "engine": ["ca/ca.h", "dcv/", "deploy/", "dns/alias.h", "dns/common.h", "dns/patterns.h", "dns/provider.h", "dns/propagation.h", "notify/", "pki/",
               "store/", "vault/"],
    "ca": ["net/", "pki/"],
    "dcv": ["deploy/", "dns/", "net/http.h"],
    "deploy": ["net/", "pki/"],
    "dns": ["net/", "pki/names.h"],
    "store": ["vault/vault.h"],     # the shelf that it gives the vault
    "net": [],
    "notify": [],
    "pki": [],
    "vault": [],
}

# Connectors are data to everybody but themselves.
CONNECTORS = re.compile(r"rfc2136|globalsign|azure|cloudflare|cloudns|godaddy|route53", re.I)


def sources(*folders: str, suffixes=(".c", ".h", ".in")) -> list[pathlib.Path]:
    return sorted(p for folder in folders for p in (TOP / folder).rglob("*") if p.suffix in suffixes)


def name(path: pathlib.Path) -> str:
    return path.relative_to(TOP).as_posix()


def read(path: pathlib.Path) -> str:
    return path.read_text(encoding="utf-8")


def part_of(path: pathlib.Path) -> str:
    """daemon/dns/name.c is part of "dns", daemon/main.c is "main.c", lib/error.c is "lib"."""
    parts = path.relative_to(TOP).parts
    return parts[1] if parts[0] == "daemon" else parts[0]


def may_include(path: pathlib.Path, header: str) -> bool:
    """Whether the file may say #include "header"; without a folder it is one of its own."""
    part = part_of(path)
    if "/" not in header:
        return (path.parent / header).exists() or part in ("cli", "client-gtk", "sandbox")
    if header.startswith("lib/"):
        return part != "sandbox" or header in ("lib/error.h", "lib/secret.h")
    if part in ("lib", "cli", "sandbox"):
        return False
    if part == "client-gtk":
        return (TOP / "client-gtk" / header).exists()
    if header.startswith(f"{part}/"):
        return True
    return any(header.startswith(a) if a.endswith("/") else header == a for a in ALLOWED[part])


def includes(path: pathlib.Path) -> list[str]:
    return re.findall(r'^\s*#\s*include\s+"([^"]+)"', read(path), re.M)


def test_includes_follow_the_arrows():
    wrong = [f"{name(path)} includes {header}" for path in sources(*SOURCES)
             for header in includes(path) if not may_include(path, header)]
    assert wrong == []


@pytest.mark.parametrize("file, header", [
    ("daemon/dns/rfc2136.c", "store/store.h"),
    ("daemon/dns/rfc2136.c", "engine/world.h"),
    ("daemon/dns/rfc2136.c", "vault/vault.h"),
    ("daemon/ca/registry.c", "dns/provider.h"),
    ("daemon/engine/runner.c", "bus/bus.h"),
    ("daemon/engine/runner.c", "dns/message.h"),
    ("daemon/engine/runner.c", "ca/globalsign/soap.h"),
    ("daemon/store/store.c", "engine/world.h"),
    ("daemon/bus/bus.c", "dns/provider.h"),
    ("lib/error.c", "store/store.h"),
    ("cli/main.c", "engine/world.h"),
    ("sandbox/main.c", "ca/globalsign/soap.h"),
    ("sandbox/main.c", "net/http.h"),
])
def test_forbidden_includes_are_noticed(file, header):
    assert not may_include(TOP / file, header)


def test_every_folder_of_the_daemon_is_in_the_table():
    folders = {p.name for p in (TOP / "daemon").iterdir() if p.is_dir()}
    assert folders - set(ALLOWED) == set()


def tree() -> list[pathlib.Path]:
    """Every text file of ours. Builds and caches are not."""
    found = []
    for folder in (*SOURCES, "data", "docs", "po", "scripts", "tests"):
        for path in (TOP / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts and path.suffix not in (".png", ".mo", ".bin"):
                found.append(path)
    return sorted(found)


def test_every_source_names_its_licence():
    kinds = (".c", ".h", ".in", ".py", ".xml", ".ui", ".css", ".rst", ".svg")
    without = [name(p) for p in tree() if p.suffix in kinds and "SPDX-License-Identifier: GPL-3.0-or-later" not in read(p)[:600]]
    scripts = [p for p in (TOP / "scripts").iterdir() if p.is_file()]
    without += [name(p) for p in scripts if "SPDX-License-Identifier: GPL-3.0-or-later" not in read(p)[:200]]
    assert without == []


def test_nothing_knows_the_machine_that_it_was_written_on():
    foreign = re.compile(r"(?<![\w.$/})-])/(work|farm|home/\w+)/")
    found = [f"{name(p)}: {m.group(0)}" for p in tree() if p != pathlib.Path(__file__).resolve()
             for m in foreign.finditer(read(p))]
    assert found == []


def test_fields_say_where_secrets_go():
    """An edit of such a field needs the secrets again, so that nobody has those that are kept sent to himself."""
    field = re.compile(r'\{ *(?:\.name = )?"((?:[a-z]+-)*url|ca-certificate)",.*?\},', re.S)
    forgotten = [f"{name(p)}: {m.group(1)}" for p in sources("daemon/ca", "daemon/dns", suffixes=(".c",))
                 for m in field.finditer(read(p)) if "CH_FIELD_WHERE" not in m.group(0)]
    assert forgotten == []


def test_no_tabs():
    kinds = (".c", ".h", ".py", ".build", ".rst", ".md", ".xml", ".json", ".ui")
    assert [name(p) for p in tree() if p.suffix in kinds and "\t" in read(p)] == []


def test_every_translatable_file_is_in_potfiles():
    marked = re.compile(r"\b(?:N?C?_|ngettext|g_dgettext) \(|\bN?C?_\(|translatable=\"(?:yes|true)\"")
    potfiles = {line for line in read(TOP / "po" / "POTFILES").splitlines() if line and not line.startswith("#")}
    shown = {name(p) for p in sources("lib", "daemon", "cli", "client-gtk", suffixes=(".c", ".h", ".ui"))
             if marked.search(read(p))}
    assert sorted(shown - potfiles) == [], "add them to po/POTFILES"
    assert [p for p in sorted(potfiles) if not (TOP / p).exists()] == [], "take them out of po/POTFILES"


def test_clients_know_no_connector():
    found = [f"{name(p)}:{n}: {line.strip()}" for p in sources("cli", "lib", "client-gtk")
             for n, line in enumerate(read(p).splitlines(), 1) if CONNECTORS.search(line) and not line.lstrip().startswith(("*", "/*"))
             and "/*" not in line]
    assert found == []


def dns_kinds() -> list[str]:
    listed = re.search(r"^dns_providers = \[(.*?)\]", read(TOP / "daemon/dns/meson.build"), re.M | re.S)
    return re.findall(r"'(\w+)'", listed[1])


@pytest.mark.parametrize("kind", dns_kinds())
def test_every_dns_service_says_which_rights_it_needs(kind):
    """What the program prints about rights, such as "route53:GetChange", its page explains."""
    written = re.search(r"\.permissions = N_ \((.*?)\),\n|\.permissions = N_\((.*?)\),\n", read(TOP / f"daemon/dns/{kind}.c"), re.S)
    assert written, "no permissions"
    text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', written[0]))
    page = read(TOP / f"docs/dns/{kind}.md")
    missing = [right for right in re.findall(r"[a-z0-9]+:[A-Z]\w+|[A-Z][a-z]+\.[A-Z]\w+/[\w/]*\w", text) if right not in page]
    assert not missing


def test_links_between_documents_lead_somewhere():
    documents = [*TOP.glob("*.md"), *(TOP / "docs").rglob("*.md")]
    broken = [f"{name(document)}: {target}" for document in documents
              for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", read(document))
              if not (document.parent / target).exists()]
    assert documents and broken == []


def test_translators_see_whole_sentences():
    """xgettext knows PRId64 and cuts a text at GLib's own macros."""
    text = re.compile(r'\b_ ?\((?:\s*(?:"(?:[^"\\]|\\.)*"|\w+))+\s*\)')
    cut = [f"{name(p)}: {m.group(0)[:60]}" for p in sources("lib", "daemon", "cli", suffixes=(".c",))
           for m in text.finditer(read(p)) if re.search(r"\bG_\w+_FORMAT\b", m.group(0))]
    assert cut == []


def test_translations_are_sound():
    """Formats and plurals fit, so that a translation can break nothing. A message without one is shown in English."""
    languages = [line for line in read(TOP / "po" / "LINGUAS").splitlines() if line and not line.startswith("#")]
    assert languages
    for language in languages:
        done = subprocess.run(["msgfmt", "--check", "-o", "/dev/null", TOP / "po" / f"{language}.po"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
