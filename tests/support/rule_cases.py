"""Marked-up scripts: problems are written under the line that they are on.

    const x = agent('Look.')
    //        ^^^^^^^^^^^^^ call-unused: part of the message

The marks are taken out before the script is checked. `//@ 1-4 code: …` gives the columns in figures, from 1, for marks
that would start left of the third column. A mark for a problem that goes over several lines ends with its first line.

A file may hold several cases, and a case several files:

    //- case: name                    starts a case
    //- settings: {"hosts": ["pi"]}   settings of the case
    //- file: .callsheet/workflows/x.js   the lines that follow are another file of its workspace
    //- path: .callsheet/workflows/y.js   where the case itself lies
    //- pad: 600000                   append a comment of so many bytes
    //- bare                          do not put a `meta` before a script that has none

A comment `// ok: …` says of a line or of the lines below it that they look like a mistake and are none.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from attrs import define, field
from callsheet.language.checker import check
from callsheet.language.discovery import FileWorkspace
from callsheet.language.problem import Fix, Problem
from callsheet.language.source import Source
from callsheet.language.syntax import parse
from callsheet.settings import load_settings

DATA = Path(__file__).parent.parent / "data" / "rules"
META = "export const meta = { name: 'case', description: 'A case.' }\n"

_MARK = re.compile(r"^(?P<before>\s*//\s*)(?P<marks>\^+) (?P<code>[\w-]+)(?:: (?P<part>.*))?$")
_FIGURES = re.compile(r"^\s*//@ (?P<first>\d+)(?:-(?P<last>\d+))? (?P<code>[\w-]+)(?:: (?P<part>.*))?$")
_HEADER = re.compile(r"^//- (?P<word>case|settings|file|path|pad|bare)(?:: (?P<rest>.*))?$")


@define
class Expected:
    """A mark.

    Attributes:
        line: line of the stripped script, from 0.
        first: first column, in code points from 0.
        last: column behind the last one.
    """

    line: int
    first: int
    last: int
    code: str
    part: str


@define
class Case:
    """One script with its marks and its workspace."""

    name: str
    text: str = ""
    expected: list[Expected] = field(factory=list)
    settings: dict[str, Any] = field(factory=dict)
    files: dict[str, str] = field(factory=dict)
    path: str = "case.workflow.js"
    is_bare: bool = False
    pad: int = 0

    def problems(self, folder: Path) -> list[Problem]:
        """Check the case in a workspace of its own."""
        for name, text in {**self.files, self.path: self.text}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return self.problems_of(self.text, folder)

    def problems_of(self, text: str, folder: Path) -> list[Problem]:
        """Check another text in the place of the case's own."""
        settings, told = load_settings(folder, self.settings)
        assert told == []
        workspace = FileWorkspace(folder, folder / "home")
        return check(parse(Source(text)), settings, workspace, path=folder / self.path)


def read_cases(text: str) -> list[Case]:
    """The cases of a marked-up file."""
    cases: list[Case] = []
    lines: list[str] = []
    target: str | None = None

    def close() -> None:
        nonlocal lines
        if not cases:
            if not any(line.strip() for line in lines):
                return
            cases.append(Case("only"))
        if target is not None:
            cases[-1].files[target] = "\n".join(lines) + "\n"
        elif lines or not cases[-1].text:
            _read_script(cases[-1], lines)
        lines = []

    for line in text.splitlines():
        header = _HEADER.match(line)
        if header is None:
            lines.append(line)
            continue
        word, rest = header["word"], header["rest"] or ""
        if word == "case":
            close()
            cases.append(Case(rest))
            target = None
        elif word == "file":
            close()
            target = rest
        elif word == "settings":
            cases[-1].settings = json.loads(rest)
        elif word == "path":
            cases[-1].path = rest
        elif word == "pad":
            cases[-1].pad = int(rest)
        else:
            cases[-1].is_bare = True
    close()
    return cases


def found(problems: list[Problem], text: str) -> list[tuple[int, int, int, str, str]]:
    """Problems in the terms of the marks: line, first and last column, code, message."""
    source = Source(text)
    result = []
    for problem in problems:
        line, first = source.position(problem.span.start, "utf-32")
        end_line, last = source.position(problem.span.end, "utf-32")
        if end_line != line:
            last = len(source.line_text(line))
        result.append((line, first, max(last, first + 1), problem.code, problem.message))
    return sorted(result)


def apply_fix(text: str, fix: Fix) -> str:
    """The text after a fix."""
    data = text.encode()
    for edit in sorted(fix.edits, key=lambda edit: edit.span.start, reverse=True):
        data = data[: edit.span.start] + edit.text.encode() + data[edit.span.end :]
    return data.decode()


def marked_up(text: str, folder: Path) -> str:
    """The file with the marks that its problems call for, for an update of the golden data."""
    blocks = re.split(r"(?m)^(?=//- case)", text)
    return "".join(_mark_block(block, folder / str(index)) for index, block in enumerate(blocks))


def _mark_block(block: str, folder: Path) -> str:
    cases = read_cases(block)
    if not cases:
        return block
    case = cases[0]
    by_line: dict[int, list[str]] = {}
    for line, first, last, code, message in found(case.problems(folder), case.text):
        if first < 2:
            mark = f"//@ {first + 1}-{last} {code}: {message}"
        else:
            mark = f"//{' ' * (first - 2)}{'^' * (last - first)} {code}: {message}"
        by_line.setdefault(line, []).append(mark)
    lines: list[str] = []
    index = -len(META.splitlines()) if case.text.startswith(META) and META not in block else 0
    index = -index
    in_file = False
    for line in block.splitlines():
        if _MARK.match(line) or _FIGURES.match(line):
            continue
        lines.append(line)
        header = _HEADER.match(line)
        if header is not None:
            in_file = in_file or header["word"] == "file"
        elif not in_file:
            lines.extend(by_line.get(index, []))
            index += 1
    return "\n".join(lines) + "\n"


def _read_script(case: Case, lines: list[str]) -> None:
    kept: list[str] = []
    if not case.is_bare and not any("const meta" in line for line in lines):
        kept.extend(META.splitlines())
    for line in lines:
        figures, mark = _FIGURES.match(line), _MARK.match(line)
        if figures is not None:
            first = int(figures["first"]) - 1
            last = int(figures["last"] or figures["first"])
            case.expected.append(Expected(len(kept) - 1, first, last, figures["code"], figures["part"] or ""))
        elif mark is not None:
            first = len(mark["before"])
            last = first + len(mark["marks"])
            case.expected.append(Expected(len(kept) - 1, first, last, mark["code"], mark["part"] or ""))
        else:
            kept.append(line)
    case.text = "\n".join(kept) + "\n" + ("/*" + " " * case.pad + "*/\n" if case.pad else "")
