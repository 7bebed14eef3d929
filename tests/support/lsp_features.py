"""Marked-up scripts and golden answers: the cases of `tests/data/features/*.txt`.

A case begins with `=== its name`. Its script follows, with `$0` at the cursor; then, where there are any, other
files of the workspace, each behind a line `-- path`; then, behind `==>`, the answer. With `UPDATE_GOLDEN=1` in the
environment the
answers are written anew, to be looked at before they are committed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from attrs import define, evolve, frozen
from callsheet.language.checker import check
from callsheet.language.problem import Edit, Span
from callsheet.language.source import Source
from callsheet.language.syntax import Parsed, parse
from callsheet.settings import Settings
from callsheet_server.features import (
    completion,
    fixes,
    folding,
    hierarchy,
    hints,
    hover,
    lenses,
    links,
    nested,
    references,
    rename,
    selection,
    signature,
    symbols,
    tokens,
)
from callsheet_server.features.world import World
from callsheet_server.worlds import IndexedWorkspace

DATA = Path(__file__).parents[1] / "data" / "features"
UPDATE = os.environ.get("UPDATE_GOLDEN") == "1"
CURSOR = "$0"
MOST_LINES = 12

_CASE = re.compile(r"^=== (?P<name>[^\n]*)\n(?P<body>.*?)(?=^=== |\Z)", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"^-- (?P<path>\S+)\n", re.MULTILINE)


@frozen
class Case:
    """One marked-up script.

    Attributes:
        files: other files of the workspace by path.
    """

    name: str
    script: str
    files: dict[str, str]
    answer: str


class FewModels:
    """Models that no release of a provider changes."""

    def names(self) -> list[tuple[str, str]]:
        return [("acme/large-1", "$3 in, $15 out per million tokens"), ("acme/small-1", "price unknown")]

    def aliases(self, settings: Settings) -> list[tuple[str, str]]:
        return [("sonnet", "acme/large-1"), ("inherit", "the session's model")]

    def describe(self, name: str, settings: Settings) -> str | None:
        model = self.resolve(name, settings)
        return f"It is `{model}`: $3 in, $15 out per million tokens" if model else None

    def resolve(self, name: str, settings: Settings) -> str | None:
        return dict(self.aliases(settings) + self.names()).get(name) and "acme/large-1"


@define
class Marked:
    """A script in its workspace, with the cursor's byte offset."""

    parsed: Parsed
    offset: int
    world: World
    path: Path


def cases(feature: str) -> list[Case]:
    """The cases of one feature."""
    text = (DATA / f"{feature}.txt").read_text(encoding="utf-8")
    return [_case(match["name"], match["body"]) for match in _CASE.finditer(text)]


def _case(name: str, body: str) -> Case:
    question, _, answer = body.partition("\n==>\n")
    script, *parts = _FILE.split(question)
    files = dict(zip(parts[::2], parts[1::2], strict=True))
    return Case(name, script, files, answer.strip("\n"))


def write_answers(feature: str, answers: dict[str, str]) -> None:
    """Write the answers of a feature's cases anew."""
    path = DATA / f"{feature}.txt"

    def rewrite(match: re.Match[str]) -> str:
        question = match["body"].partition("\n==>\n")[0].rstrip("\n")
        return f"=== {match['name']}\n{question}\n==>\n{answers[match['name']]}\n\n"

    text = _CASE.sub(rewrite, path.read_text(encoding="utf-8"))
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def marked(case: Case, folder: Path) -> Marked:
    """The case's script, in a folder that holds its other files."""
    (folder / ".git").mkdir(exist_ok=True)
    for name, text in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    path = folder / "script.workflow.js"
    text = case.script.removesuffix("\n")
    offset = len(text.partition(CURSOR)[0].encode()) if CURSOR in text else 0
    workspace = IndexedWorkspace.read(folder, path)
    world = World(Settings(), workspace, path, workspace.agents, FewModels())
    return Marked(parse(Source(text.replace(CURSOR, "", 1))), offset, world, path)


def show(parsed: Parsed, span: Span) -> str:
    """A span as lines and columns from 1, with its text."""
    line, column = parsed.source.position(span.start, "utf-16")
    text = parsed.source.slice(span.start, span.end)
    shown = text if len(text) <= 40 and "\n" not in text else text.split("\n")[0][:40] + "…"
    return f"{line + 1}:{column + 1} {shown!r}"


def _completion(case: Marked) -> str:
    """What an editor would show: the suggestions that begin with what was typed."""
    lines = []
    for item in completion.complete(case.parsed, case.offset, case.world).items:
        typed = case.parsed.source.slice(item.span.start, case.offset)
        if item.label.lower().startswith(typed.lower()):
            insert = f" -> {item.insert!r}" if item.insert is not None else ""
            replaced = case.parsed.source.slice(item.span.start, item.span.end)
            lines.append(f"{item.label} [{item.kind}] over {replaced!r}{insert}")
    rest = lines[MOST_LINES:]
    return "\n".join([*lines[:MOST_LINES], *([f"… {len(rest)} more"] if rest else [])]) or "(nothing)"


def _hover(case: Marked) -> str:
    call = nested.nested_call_at(case.parsed, case.offset)
    if call is not None and call.is_path:
        found: hover.Hover | None = hover.hover_of_script(call, case.world)
    else:
        found = hover.hover(case.parsed, case.offset, case.world)
    if found is None:
        return "(nothing)"
    lines = found.text.splitlines()
    rest = [f"… {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else []
    return "\n".join([show(case.parsed, found.span), *lines[:MOST_LINES], *rest])


def _signature(case: Marked) -> str:
    found = signature.signature_at(case.parsed, case.offset)
    return f"{found.entry.signature}\nparameter {found.active}" if found is not None else "(nothing)"


def _symbols(case: Marked) -> str:
    def lines(symbol: symbols.Symbol, depth: int) -> list[str]:
        own = f"{'  ' * depth}{symbol.kind} {symbol.name} @ {show(case.parsed, symbol.name_span)}"
        return [own, *(line for child in symbol.children for line in lines(child, depth + 1))]

    return "\n".join(line for symbol in symbols.document_symbols(case.parsed) for line in lines(symbol, 0))


def _references(case: Marked) -> str:
    target = references.target_at(case.parsed, case.offset)
    if target is None:
        return "(nothing)"
    places = references.occurrences(case.parsed, target)
    return "\n".join(
        [f"{target.kind} {target.name}", *(f"{p.role} {show(case.parsed, p.span)}" for p in places)]
    )


def _rename(case: Marked) -> str:
    target = references.target_at(case.parsed, case.offset)
    if target is None:
        return "(nothing)"
    new_name = "New 'name'" if target.kind != "local" else "renamed"
    try:
        rename.check_name(case.parsed, target, new_name)
    except Exception as refusal:
        return f"refused: {refusal}"
    return apply(case.parsed, rename.edits(references.occurrences(case.parsed, target), new_name))


def apply(parsed: Parsed, edits: list[Edit] | tuple[Edit, ...]) -> str:
    """The script's text with edits made."""
    data = parsed.source.data
    for edit in sorted(edits, key=lambda edit: edit.span.start, reverse=True):
        data = data[: edit.span.start] + edit.text.encode() + data[edit.span.end :]
    return data.decode()


def _folding(case: Marked) -> str:
    found = folding.folds(case.parsed)
    return "\n".join(
        f"{fold.start_line + 1}-{fold.end_line + 1} {fold.kind or ''}".rstrip() for fold in found
    )


def _selection(case: Marked) -> str:
    return "\n".join(show(case.parsed, span) for span in selection.selections(case.parsed, case.offset))


def _tokens(case: Marked) -> str:
    lines = []
    for token in tokens.semantic_tokens(case.parsed):
        names = [name for bit, name in enumerate(tokens.MODIFIERS) if token.modifiers >> bit & 1]
        lines.append(" ".join([show(case.parsed, token.span), tokens.TYPES[token.kind], *names]))
    return "\n".join(lines)


def _links(case: Marked) -> str:
    folder = case.path.parent
    return "\n".join(
        f"{show(case.parsed, link.span)} -> {link.url or (link.file.relative_to(folder) if link.file else None)}"
        for link in links.links(case.parsed, case.world)
    )


def _hints(case: Marked) -> str:
    whole = Span(0, len(case.parsed.source.data))
    found = hints.hints(case.parsed, whole, case.world)
    return "\n".join(f"{show(case.parsed, Span(h.offset, h.offset))} {h.text} | {h.tooltip}" for h in found)


def _lenses(case: Marked) -> str:
    found = lenses.lenses(case.parsed, "file:///s.workflow.js", None, trusted=True)
    return "\n".join(
        f"{show(case.parsed, lens.span)} {lens.title} {lens.command} {lens.argument}" for lens in found
    )


def _hierarchy(case: Marked) -> str:
    item = hierarchy.item_at(case.parsed, case.offset, case.path, case.world)
    if item is None:
        return "(nothing)"
    lines = [f"{item.name} in {item.path.name if item.path else None}"]
    callers = [
        (parse(Source(path.read_text(encoding="utf-8"))), evolve(case.world, path=path))
        for path in sorted(case.path.parent.rglob("*.js"))
    ]
    lines += [f"called by {edge.item.name}" for edge in hierarchy.incoming(item.name, item.path, callers)]
    lines += [f"calls {edge.item.name}" for edge in hierarchy.outgoing(case.parsed, case.world)]
    return "\n".join(lines)


def _fixes(case: Marked) -> str:
    problems = [p for p in check(case.parsed) if p.span.start <= case.offset <= p.span.end]
    parts = []
    for item in fixes.quick_fixes(problems, Span(case.offset, case.offset)):
        parts.append(f"# {item.fix.title} ({item.problem.code})\n{apply(case.parsed, item.fix.edits)}")
    for problem in problems:
        edit = fixes.ignore_edit(case.parsed, problem)
        made = apply(case.parsed, [edit]) if edit is not None else "(none)"
        parts.append(f"# ignore {problem.code}\n{made}")
    return "\n".join(parts) or "(nothing)"


RENDER: dict[str, Callable[[Marked], str]] = {
    "completion": _completion,
    "hover": _hover,
    "signature": _signature,
    "symbols": _symbols,
    "references": _references,
    "rename": _rename,
    "folding": _folding,
    "selection": _selection,
    "tokens": _tokens,
    "links": _links,
    "hints": _hints,
    "lenses": _lenses,
    "hierarchy": _hierarchy,
    "fixes": _fixes,
}
