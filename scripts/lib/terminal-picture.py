#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""terminal-picture.py OUT.svg [--columns N] [--from TEXT] [--to TEXT] -- COMMAND…

Runs COMMAND on a terminal of its own and draws what stands there at the end, as SVG with selectable text.
--from and --to cut: from the first line that holds TEXT, up to and without the next one that holds the other.

The picture in the README is made by

  scripts/lib/terminal-picture.py docs/images/demo.svg --columns 96 --from '4. Get me' --to 'chancery status' -- scripts/demo
"""

import argparse
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from xml.sax.saxutils import escape

CELL, LINE, SIZE, MARGIN, BAR = 8.4, 19, 14, 18, 34
GROUND, TEXT = "#1d2530", "#d7dee8"
COLOURS = {30: "#6b7787", 31: "#ff8080", 32: "#7fd48b", 33: "#e8c46a", 34: "#7fb2ff", 35: "#d59bf0", 36: "#6fd3d8", 37: TEXT,
           90: "#8995a5", 91: "#ff8080", 92: "#7fd48b", 93: "#e8c46a", 94: "#7fb2ff", 95: "#d59bf0", 96: "#6fd3d8", 97: "#ffffff"}

Style = tuple[str, bool, bool]          # colour, bold, dim
PLAIN: Style = (TEXT, False, False)
TOKEN = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|\x1b[^\[]|(.)", re.S)


class Screen:
    """As much of a terminal as line-wise programs need: colours, going up, erasing, wrapping."""

    def __init__(self, columns: int):
        self.columns = columns
        self.rows: list[list[tuple[str, Style]]] = [[]]
        self.row = self.column = 0
        self.style = PLAIN

    def down(self) -> None:
        self.row += 1
        if self.row == len(self.rows):
            self.rows.append([])

    def put(self, character: str) -> None:
        if self.column == self.columns:
            self.down()
            self.column = 0
        row = self.rows[self.row]
        row += [(" ", PLAIN)] * (self.column + 1 - len(row))
        row[self.column] = (character, self.style)
        self.column += 1

    def shade(self, numbers: list[int]) -> None:
        colour, bold, dim = self.style
        for n in numbers:
            if n == 0:
                colour, bold, dim = PLAIN
            elif n == 1:
                bold = True
            elif n == 2:
                dim = True
            elif n == 22:
                bold = dim = False
            elif n == 39:
                colour = TEXT
            elif n in COLOURS:
                colour = COLOURS[n]
        self.style = (colour, bold, dim)

    def control(self, numbers: list[int], letter: str) -> None:
        n = max(numbers[0], 1)
        if letter == "m":
            self.shade(numbers)
        elif letter == "A":
            self.row = max(self.row - n, 0)
        elif letter == "B":
            self.row = min(self.row + n, len(self.rows) - 1)
        elif letter == "G":
            self.column = n - 1
        elif letter in "JK":
            del self.rows[self.row][self.column:]
            if letter == "J":
                del self.rows[self.row + 1:]

    def feed(self, text: str) -> None:
        for arguments, letter, character in TOKEN.findall(text):
            if letter:
                self.control([int(a) if a.isdigit() else 0 for a in arguments.split(";")], letter)
            elif character == "\n":
                self.down()
            elif character == "\r":
                self.column = 0
            elif character >= " ":
                self.put(character)


def run(argv: list[str], columns: int) -> str:
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 60, columns, 0, 0))
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(columns)}
    process = subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True)
    os.close(slave)
    data = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:         # EIO: the last one has left the terminal
            break
        if not piece:
            break
        data += piece
    if process.wait() != 0:
        sys.exit(f"{argv[0]} ended with {process.returncode}:\n{data.decode(errors='replace')[-3000:]}")
    return data.decode("utf-8", "replace")


def cut(rows: list, begin: str | None, end: str | None) -> list:
    texts = ["".join(c for c, _ in row) for row in rows]
    first = next((i for i, t in enumerate(texts) if begin and begin in t), 0)
    last = next((i for i, t in enumerate(texts) if i > first and end and end in t), len(rows))
    while last > first and not texts[last - 1].strip():
        last -= 1
    return rows[first:last]


def spans(row: list[tuple[str, Style]], y: float) -> list[str]:
    out, i = [], 0
    while i < len(row):
        j = i
        while j < len(row) and row[j][1] == row[i][1]:
            j += 1
        text = "".join(c for c, _ in row[i:j])
        if text.strip():
            colour, bold, dim = row[i][1]
            start = i + len(text) - len(text.lstrip())
            text = text.strip()
            looks = (' font-weight="bold"' if bold else "") + (' opacity="0.65"' if dim else "")
            out.append(f'<text x="{MARGIN + start * CELL:.1f}" y="{y:.1f}" fill="{colour}"{looks} '
                       f'textLength="{len(text) * CELL:.1f}" xml:space="preserve">{escape(text)}</text>')
        i = j
    return out


def draw(rows: list, columns: int) -> str:
    width, height = columns * CELL + 2 * MARGIN, len(rows) * LINE + 2 * MARGIN + BAR - 8
    lines = ['<!-- SPDX-License-Identifier: GPL-3.0-or-later -->',
             '<!-- Made by scripts/lib/terminal-picture.py from a real run. -->',
             f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" '
             f'font-family="\'DejaVu Sans Mono\', Menlo, Consolas, monospace" font-size="{SIZE}">',
             '<title>A terminal with the end of scripts/demo</title>',
             f'<rect width="100%" height="100%" rx="10" fill="{GROUND}"/>']
    lines += [f'<circle cx="{MARGIN + 6 + 20 * i}" cy="20" r="6" fill="{c}"/>' for i, c in enumerate(("#e06c60", "#e2b64c", "#6cbf62"))]
    for i, row in enumerate(rows):
        lines += spans(row, BAR + MARGIN + i * LINE + 6)
    return "\n".join(lines + ["</svg>", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--columns", type=int, default=96)
    parser.add_argument("--from", dest="begin")
    parser.add_argument("--to", dest="end")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()

    screen = Screen(options.columns)
    screen.feed(run(options.command, options.columns))
    with open(options.out, "w", encoding="utf-8") as out:
        out.write(draw(cut(screen.rows, options.begin, options.end), options.columns))


if __name__ == "__main__":
    main()
