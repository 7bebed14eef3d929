"""Searches file contents where ripgrep is not installed: `python -m callsheet.agents.search --regexp=PATTERN -- PATH`.

Options, output and exit codes (0 found, 1 nothing, 2 invalid) are those of ripgrep that the grep tool uses.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from callsheet.agents.globs import glob_spec
from callsheet.agents.walk import walk

MAX_LINE_CHARS = 2000
MAX_LINES = 20_000
MAX_FILE_BYTES = 20 * 2**20
BINARY_PROBE_BYTES = 8192


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--regexp", required=True)
    parser.add_argument("--glob")
    parser.add_argument("--ignore-case", action="store_true")
    parser.add_argument("--context", type=int, default=0)
    parser.add_argument("path", type=Path)
    options = parser.parse_args(argv)
    try:
        pattern = re.compile(options.regexp, re.IGNORECASE if options.ignore_case else 0)
        chosen = list(_files(options.path, options.glob))
    except (re.error, ValueError) as error:
        print(f"invalid pattern: {error}")
        return 2
    count = 0
    for path in chosen:
        for line in _matches(path, pattern, options.context):
            print(line)
            count += 1
            if count == MAX_LINES:
                return 0
    return 0 if count else 1


def _files(path: Path, glob: str | None) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    root = Path.cwd()
    spec = None if glob is None else glob_spec(glob.removeprefix("!"))
    excluded = glob is not None and glob.startswith("!")
    for file in walk(root, path.resolve()):
        relative = file.relative_to(root)
        if spec is None or spec.match_file(relative.as_posix()) != excluded:
            yield relative


def _matches(path: Path, pattern: re.Pattern[str], context: int) -> Iterator[str]:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            return
        data = path.read_bytes()
    except OSError:
        return
    if b"\0" in data[:BINARY_PROBE_BYTES]:
        return
    lines = data.decode("utf-8", "replace").split("\n")
    if lines and not lines[-1]:
        lines.pop()
    hits = [number for number, line in enumerate(lines) if pattern.search(line.rstrip("\r"))]
    hit = set(hits)
    shown = -1
    for number in hits:
        first = max(number - context, shown + 1)
        if context and shown >= 0 and first > shown + 1:
            yield "--"
        for nearby in range(first, min(number + context + 1, len(lines))):
            mark = ":" if nearby in hit else "-"
            yield f"{path}{mark}{nearby + 1}{mark}{_cut(lines[nearby])}"
            shown = nearby


def _cut(line: str) -> str:
    line = line.rstrip("\r")
    return line if len(line) <= MAX_LINE_CHARS else f"{line[:MAX_LINE_CHARS]} [...]"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
