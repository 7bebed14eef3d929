"""Syntax errors as the engine sees them, at their place in the user's file; and what is run of a file (F1, F5, F6)."""

# Each row of a table stays on its line.
# ruff: noqa: E501

from __future__ import annotations

import asyncio

import pytest
from callsheet.errors import ErrorCode
from callsheet.language.problem import Span
from callsheet.sandbox import SandboxLimits, SyntaxChecker
from callsheet.sandbox.source import prepare

from tests.support.sandbox import META, run_script

FAULTY = [
    ("const x = ;", 2, 11),
    ("\n\n  foo bar", 4, 7),
    ("/* é😀 */ let 1x", 2, 15),
    ("const x = 1; const x = 2", 2, None),
    ("const meta = 1", 2, None),
    ("let meta", 2, None),
    ("with (a) {}", 2, None),
    ("var public = 1", 2, None),
    ("import x from 'y'", 2, None),
    ("export const y = 1", 2, 1),
    ("return 1 })(); (async () => { return 2", 2, 11),
    ("} async function evil() {", 2, 3),
    ("}, async x() {", 2, 2),
    ("`abc", 2, None),
    ("/* never closed", 2, None),
    ("function (", 2, None),
    ("const a: string = 'x'", 2, 8),
    ("for (const x of y) { break outer }", 2, None),
    ("delete x", 2, None),
    ("a\0b", 2, None),
    ("const a = 1\nconst b = 2\n  const r = /(/\nconst c = 3\nconst d = 4", 4, None),
]

FINE = [
    "",
    "return 1",
    "await agent('x')",
    "for await (const x of []) {}",
    "const { a, ...b } = { a: 1 }",
    "class A { #x = 1; static { } }",
    "label: for (;;) { break label }",
    "// }",
    "/* } */",
    "'}'; `}${'}'}`; /}/",
    "return (() => { return 1 })()",
    "const r = /[/}]/",
    "return\n//comment",
]

FILES = [
    ("#!/usr/bin/env callsheet\nexport const meta = {}\nfoo bar", 3, 5),
    ("\ufeffexport const meta = {}; foo bar", 1, 30),
    ("```js\nexport const meta = {}\nfoo bar\n```\n", 3, 5),
    ("export /* a */ const // b\n meta = {}\nfoo bar", 3, 5),
    ("// a comment\r\nexport const meta = {}\r\nfoo bar", 3, 5),
    ("// a comment\rexport const meta = {}\rfoo bar", 3, 5),
    ("export const metal = {}", 1, 1),
]


@pytest.fixture
async def checker():
    checker = SyntaxChecker()
    yield checker
    await checker.aclose()


async def test_faults_have_their_place(checker: SyntaxChecker) -> None:
    for body, line, column in FAULTY:
        fault = await checker.check(META + body)
        assert fault is not None, body
        assert fault.line == line, (body, fault)
        if column is not None:
            assert fault.column == column, (body, fault)
        error = (await run_script(META + body)).error
        assert (error.code, error.line, error.column) == (ErrorCode.SCRIPT_ERROR, fault.line, fault.column)


async def test_scripts_without_faults(checker: SyntaxChecker) -> None:
    for body in FINE:
        assert await checker.check(META + body) is None, body
        assert await checker.check(body) is None, body


async def test_files_keep_their_positions(checker: SyntaxChecker) -> None:
    for text, line, column in FILES:
        fault = await checker.check(text)
        assert fault is not None, text
        assert (fault.line, fault.column) == (line, column), (text, fault)


async def test_an_embedded_script_is_checked_where_it_stands(checker: SyntaxChecker) -> None:
    text = "# Title\n\n```js workflow\nexport const meta = {}\nfoo bar\n```\n"
    start, end = text.index("export"), text.rindex("```")
    fault = await checker.check(text, Span(start, end))
    assert fault is not None
    assert (fault.line, fault.column) == (5, 5)


async def test_a_check_runs_nothing(checker: SyntaxChecker) -> None:
    for body in ("for (;;) {}", "} for (;;) {} {", "}}; for (;;) {}; ({ async w() {"):
        fault = await checker.check(META + body)
        assert (fault is None) == (body == "for (;;) {}")


async def test_checks_that_come_together_wait_for_each_other(checker: SyntaxChecker) -> None:
    faults = await asyncio.gather(
        *(checker.check(META + body) for body in ["return 1", "1 +", "return 2", "(("])
    )
    assert [fault is None for fault in faults] == [True, False, True, False]


async def test_a_checker_goes_on_after_its_worker_is_gone() -> None:
    checker = SyntaxChecker(SandboxLimits(turn_timeout_s=20))
    try:
        assert await checker.check("return 1") is None
        assert checker._worker is not None
        await checker._worker.kill()
        assert await checker.check("foo bar") is not None
    finally:
        await checker.aclose()


async def test_a_cancelled_check_ends_its_worker() -> None:
    checker = SyntaxChecker()
    await checker.check("")
    worker = checker._worker
    assert worker is not None
    task = asyncio.create_task(checker.check("x;" * 200_000))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await checker.check("foo bar") is not None
    await checker.aclose()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("export const meta = { name: 'n', description: 'd' }\n(5)\nreturn meta.name", "n"),
        ("#!/usr/bin/env x\nexport const meta = { name: 'n', description: 'd' }\nreturn 1", 1),
        ("\ufeffexport const meta = { name: 'n', description: 'd' }; return 2", 2),
        ("```js\nexport const meta = { name: 'n', description: 'd' }\nreturn 3\n```", 3),
        (
            "/* a */ export/**/const\nmeta = { name: 'n', description: 'd', a: [{ b: 1 }] }\nreturn Object.isFrozen(meta.a[0])",
            True,
        ),
        ("export const meta = { name: 'n', description: 'd' }\rreturn 4", 4),
    ],
)
async def test_f6_what_a_file_may_look_like(text: str, value: object) -> None:
    if "(5)" in text:
        text = text.replace("\n(5)", ";\n(5)")
    assert (await run_script(text)).value == value


def test_positions_from_the_worker_stay_inside_the_file() -> None:
    prepared = prepare("one\ntwo é😀")
    assert prepared.position(0, 0) == (1, 1)
    assert prepared.position(2**40, 2**40) == (2, 8)
    assert prepared.position(2, 7) == (2, 6)
