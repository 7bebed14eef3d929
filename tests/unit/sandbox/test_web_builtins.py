"""URL, URLSearchParams, TextEncoder and TextDecoder, against the values that the standards give."""

# Each row of a table stays on its line.
# ruff: noqa: E501

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.sandbox import DATA, run_script

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("shared_worker")]

CASES: dict[str, list[Any]] = json.loads((DATA / "web.json").read_text(encoding="utf-8"))

PROGRAMS = {
    # what each row of the table should give again
    "url": """([input, base]) => {
        try {
          const u = new URL(input, base ?? undefined)
          return [input, base, [u.href, u.origin, u.protocol, u.username, u.password, u.host, u.hostname, u.port, u.pathname, u.search, u.hash]]
        } catch (error) {
          if (!(error instanceof TypeError) || URL.canParse(input, base ?? undefined)) throw error
          return [input, base, null]
        }
      }""",
    "setters": """([input, name, value]) => {
        const u = new URL(input)
        u[name] = value
        return [input, name, value, u.href]
      }""",
    "params": "([text]) => { const p = new URLSearchParams(text); return [text, [...p], String(p)] }",
    "utf8": "([bytes]) => [bytes, new TextDecoder().decode(new Uint8Array(bytes))]",
    "utf16": "([bytes]) => [bytes, new TextDecoder('utf-16le').decode(new Uint8Array(bytes))]",
    "encoded": "([text]) => [text, [...new TextEncoder().encode(text)]]",
}

LIVING = [
    ("const u = new URL('http://h/?b=1&a=2&b=3'); u.searchParams.sort(); return u.href", "http://h/?a=2&b=1&b=3"),
    ("const u = new URL('http://h/?a=1'); u.searchParams.append('b', 'x y~*'); return u.href", "http://h/?a=1&b=x+y%7E*"),
    ("const u = new URL('http://h/?a=1'); u.searchParams.delete('a'); return u.href", "http://h/"),
    ("const u = new URL('http://h/?a=1'); const p = u.searchParams; u.search = 'c=2'; return [...p]", [["c", "2"]]),
    ("const p = new URLSearchParams('a=1&a=2'); p.set('a', '3'); return [p.getAll('a'), p.size, p.has('a', '4')]", [["3"], 1, False]),
    ("return [...new URLSearchParams({ a: 1, b: 'c' }).keys()]", ["a", "b"]),
    ("try { new URLSearchParams([['a']]) } catch (e) { return e.name }", "TypeError"),
    ("return JSON.stringify({ u: new URL('http://h') })", '{"u":"http://h/"}'),
    ("return [URL.parse('x'), URL.parse('x', 'http://h').href]", [None, "http://h/x"]),
    ("const d = new TextDecoder(); const s = { stream: true }; return d.decode(new Uint8Array([0xf0, 0x9f]), s) + d.decode(new Uint8Array([0x98, 0x80]), s) + d.decode()", "😀"),
    ("const t = new Uint8Array(4); const r = new TextEncoder().encodeInto('é😀', t); return [r.read, r.written]", [1, 2]),
    ("return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array([0xef, 0xbb, 0xbf])).length", 1),
    ("try { new TextDecoder('shift_jis') } catch (e) { return e.name }", "RangeError"),
    ("return new TextDecoder(' UTF8 ').encoding", "utf-8"),
]  # fmt: skip


@pytest.mark.parametrize("table", PROGRAMS)
async def test_table(table: str) -> None:
    rows = json.dumps(CASES[table])
    again = (await run_script(f"return args.map({PROGRAMS[table]})", args_json=rows)).value
    for row, given in zip(CASES[table], again, strict=True):  # type: ignore[call-overload]
        assert given == row


@pytest.mark.parametrize(("body", "value"), LIVING, ids=[body[:60] for body, _ in LIVING])
async def test_objects_stay_in_step(body: str, value: object) -> None:
    assert (await run_script(body)).value == value
