"""Half-typed and broken code: no exception, and every place lies in the text."""

from __future__ import annotations

from pathlib import Path

from callsheet.language.checker import check
from callsheet.language.discovery import FileWorkspace
from callsheet.language.source import Source
from callsheet.language.syntax import parse, parse_embedded
from callsheet.settings import Settings
from hypothesis import example, given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[3]
TEXTS = [
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests" / "data").glob("*/*.workflow.js"))
]
BITS = [
    "",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "`",
    "'",
    '"',
    "${",
    "/*",
    "//",
    "agent(",
    "await ",
    "=>",
    "😀",
    "\u2028",
    "\r",
]
BITS += [
    "...",
    ", ",
    "const ",
    " as string",
    ": string",
    "``",
    "export ",
    "import ",
    "callsheet-ignore ",
    "meta",
    "```\n",
]
ALL_ON = Settings(rules={"model-unpinned": "warning"}, hosts=("claude", "pi"))


@st.composite
def broken(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(TEXTS))
    start = draw(st.integers(0, len(text)))
    text = text[start : start + draw(st.integers(0, 3000))]
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(BITS)) + text[at + draw(st.sampled_from([0, 0, 1, 9, 80])) :]
    return text


@settings(max_examples=150, deadline=None)
@example("^meta-s\nexport const a={//\n}")  # its one missing node is none that a query finds
@given(broken())
def test_any_text_can_be_checked(text: str) -> None:
    source = Source(text)
    workspace = FileWorkspace(ROOT / "nowhere", ROOT / "nowhere")
    for parsed in [parse(source), *parse_embedded(source)]:
        for problem in check(parsed, ALL_ON, workspace, path=ROOT / "nowhere" / "x.workflow.js"):
            spans = [problem.span, *(related.span for related in problem.related)]
            spans += [edit.span for fix in problem.fixes for edit in fix.edits]
            assert all(0 <= span.start <= span.end <= len(source.data) for span in spans)
            assert problem.message
