"""Text as the client sees it: lines, encodings, edits, and the tree that follows them."""

from __future__ import annotations

import pytest
from callsheet.language.problem import Span
from callsheet.language.source import Source
from callsheet.language.syntax import parse
from callsheet_server.documents import Document, Positions, map_span
from hypothesis import given, settings
from lsprotocol import types
from tree_sitter import Node

from tests.support.lsp_edits import ENCODINGS, edits, reference_edit, texts

URI = "file:///w/a.workflow.js"


def change(start: tuple[int, int], end: tuple[int, int], text: str) -> types.TextDocumentContentChangePartial:
    range_ = types.Range(types.Position(*start), types.Position(*end))
    return types.TextDocumentContentChangePartial(range_, text)


def document(text: str) -> Document:
    return Document(URI, "callsheet", 1, text, "script")


def shape(node: Node) -> tuple[object, ...]:
    return (node.type, node.start_byte, node.end_byte, node.is_missing, tuple(map(shape, node.children)))


@pytest.mark.parametrize("encoding", ENCODINGS)
@settings(max_examples=120, deadline=None)
@given(text=texts, changes=edits)
def test_random_edits_give_the_text_that_the_client_has(encoding, text, changes):
    doc, expected = document(text), text
    for version, (start, end, new) in enumerate(changes, 2):
        doc.apply([change(start, end, new)], version, encoding)
        expected = reference_edit(expected, start, end, new, encoding)
        assert doc.source.text == expected


@settings(max_examples=150, deadline=None)
@given(text=texts, changes=edits)
def test_the_tree_after_edits_is_that_of_a_fresh_parse(text, changes):
    doc = document("export const meta = { name: 'a', description: 'b' }\n" + text)
    doc.snapshot()
    for version, (start, end, new) in enumerate(changes, 2):
        doc.apply([change(start, end, new)], version, "utf-16")
        script = doc.snapshot().scripts[0]
        fresh = parse(Source(doc.source.text))
        assert script.root.start_byte == fresh.root.start_byte
        assert script.root.end_byte == fresh.root.end_byte
        if not fresh.root.has_error:
            assert shape(script.root) == shape(fresh.root)


@settings(max_examples=80, deadline=None)
@given(text=texts, changes=edits)
def test_several_changes_in_one_message_mean_the_same_as_one_message_each(text, changes):
    together, single = document(text), document(text)
    together.apply([change(*item) for item in changes], 2, "utf-16")
    for item in changes:
        single.apply([change(*item)], 2, "utf-16")
    assert together.source.data == single.source.data
    assert together.snapshot().scripts[0].root.end_byte == len(together.source.data)


@pytest.mark.parametrize("encoding", ENCODINGS)
@settings(max_examples=80, deadline=None)
@given(text=texts)
def test_positions_go_there_and_back(encoding, text):
    source, positions = Source(text), Positions(encoding)
    starts = [0, *(len(text[: index + 1].encode()) for index in range(len(text)))]
    for offset in starts:
        back = positions.offset(source, positions.position(source, offset))
        inside_line_end = source.data[back : back + 2] == b"\r\n" and offset == back + 1
        assert back == offset or inside_line_end


def test_a_snapshot_stays_as_it_was():
    doc = document("const a = 1\n")
    before = doc.snapshot()
    doc.apply([change((0, 6), (0, 7), "b")], 2, "utf-16")
    assert before.source.text == "const a = 1\n"
    assert before.version == 1
    assert doc.snapshot().version == 2
    assert before.scripts[0].root.end_byte == len(before.source.data)


def test_a_full_text_change_replaces_everything():
    doc = document("const a = 1\n")
    doc.apply([types.TextDocumentContentChangeWholeDocument("let b\n")], 2, "utf-16")
    assert doc.source.text == "let b\n"
    assert doc.snapshot().scripts[0].text(doc.snapshot().scripts[0].root) == "let b\n"


def test_every_workflow_fence_of_a_markdown_document_is_a_script():
    text = "# t\n\n```js workflow\nconst a = 1\n```\n\n```js\nno()\n```\n\n```workflow\nconst b = 2\n```\n"
    snapshot = Document("file:///w/a.md", "markdown", 1, text, "markdown").snapshot()
    assert [snapshot.source.slice(s.script.start, s.script.end) for s in snapshot.scripts] == [
        "const a = 1\n",
        "const b = 2\n",
    ]
    assert snapshot.script_at(text.index("const b")) is snapshot.scripts[1]
    assert snapshot.script_at(text.index("no()")) is None


@pytest.mark.parametrize(
    ("old", "start", "end", "new", "span", "expected"),
    [
        ("abc def", 0, 0, "xx", Span(4, 7), Span(6, 9)),
        ("abc def", 7, 7, "xx", Span(4, 7), Span(4, 7)),
        ("abc def", 4, 4, "xx", Span(4, 7), Span(6, 9)),
        ("abc def", 4, 7, "q", Span(4, 7), Span(5, 5)),
        ("abc def", 5, 6, "", Span(4, 7), Span(4, 6)),
    ],
)
def test_spans_move_with_edits(old, start, end, new, span, expected):
    _, edit = Source(old).replace(start, end, new)
    assert map_span(span, [edit]) == expected


@settings(max_examples=150, deadline=None)
@given(before=texts, after=texts, around=texts)
def test_of_a_whole_text_only_what_differs_is_an_edit(before, after, around):
    doc = document(f"{around}😀{before}é{around}")
    whole = types.TextDocumentContentChangeWholeDocument(f"{around}😀{after}é{around}")
    (edit,) = doc.apply([whole], 2, "utf-16")
    assert doc.source.text == whole.text
    assert edit.start_byte >= len(around.encode())
    assert edit.new_end_byte - edit.start_byte <= len(after.encode())
