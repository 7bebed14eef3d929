"""Scripts in code fences (F6, F7)."""

from __future__ import annotations

import pytest
from callsheet.language.fences import find_fences
from callsheet.language.model import build_model
from callsheet.language.source import Source
from callsheet.language.syntax import parse, parse_embedded

BODY = "export const meta = { name: 'x', description: 'y' }\nreturn 1\n"


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        "\ufeff" + BODY,
        "#!/usr/bin/env callsheet\n" + BODY,
        f"```js\n{BODY}```\n",
        f"\ufeff\n\n~~~ workflow\n{BODY}~~~",
        f"````javascript workflow\r\n{BODY}````\r\n\r\n",
        f"```\n{BODY}```   \n",
    ],
)
def test_a_script_may_be_wrapped_in_one_fence(text: str) -> None:
    parsed = parse(Source(text))
    assert not parsed.root.has_error
    meta = build_model(parsed).meta
    assert meta is not None
    assert meta.name == "x"
    assert parsed.source.slice(meta.name_node.start_byte, meta.name_node.end_byte) == "meta"


@pytest.mark.parametrize(
    "text",
    [
        f"```js\n{BODY}```\nand more\n",
        f"```js\n{BODY}```\n```js\nreturn 2\n```\n",
        f"const a = `\n{BODY}`\n",
    ],
)
def test_anything_else_is_read_as_a_script(text: str) -> None:
    assert parse(Source(text)).script.start == 0


def test_a_document_may_hold_several_scripts() -> None:
    text = (
        "# One\n\n```js workflow\nreturn 1\n```\n\n"
        "- in a list\n\n  ~~~workflow\n  return 2\n  ~~~\n\n"
        "````js workflow title=x\n```\n````\n\n"
        "```js\nno script\n```\n\n```workflows\nno\n```\n"
        "1. ```javascript, workflow\n   return 3\n"
    )
    scripts = parse_embedded(Source(text))
    assert [script.source.slice(script.script.start, script.script.end) for script in scripts] == [
        "return 1\n",
        "  return 2\n",
        "```\n",
        "   return 3\n",
    ]
    assert all(script.embedded for script in scripts)


def test_a_fence_ends_at_marks_as_long_as_its_own() -> None:
    fences = find_fences(Source("````\n```\n`````\n~~~\n```\n~~~"))
    assert [(fence.content.start, fence.content.end, fence.closed) for fence in fences] == [
        (5, 9, True),
        (19, 23, True),
    ]
