# SPDX-License-Identifier: GPL-3.0-or-later
"""pseudo.py POT PO: a translation that runs from right to left, and can still be read: each word is turned round by the marks that Unicode
has for that. What was not translated, or is put together from pieces, stands out."""

import re
import sys

import polib

# Formats, mark-up, escapes and what is between words stay as they are.
PIECES = re.compile(r"(%[-+ #0']*\d*(?:\.\d+)?(?:l|ll|h|z)?[a-zA-Z%]|%\d+\$[a-zA-Z]+|</?[a-zA-Z][^>]*>|&\w+;|\s+)")
TO_THE_LEFT, END = "\u202e", "\u202c"


def turn(text: str) -> str:
    pieces = PIECES.split(text)
    return "".join(piece if i % 2 or not piece else f"{TO_THE_LEFT}{piece}{END}" for i, piece in enumerate(pieces))


def main() -> None:
    template, out = sys.argv[1:]
    po = polib.pofile(template)
    po.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": "ar", "Plural-Forms": "nplurals=2; plural=(n != 1);"}
    po.metadata_is_fuzzy = False
    for entry in po:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: turn(entry.msgid), 1: turn(entry.msgid_plural)}
        else:
            entry.msgstr = turn(entry.msgid)
    po.save(out)


if __name__ == "__main__":
    main()
