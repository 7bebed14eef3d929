"""Section 2 of the language: what a script finds, and what becomes of what it returns."""

# Each row of a table stays on its line.
# ruff: noqa: E501

from __future__ import annotations

import json

import pytest
from callsheet.errors import ErrorCode
from callsheet.sandbox import Program, Sandbox, SandboxLimits

from tests.support.sandbox import META, pump, run_script

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("shared_worker")]

RETURNED = [
    ("return undefined", None),
    ("", None),
    ("'not returned'", None),
    ("return NaN", None),
    ("return [NaN, Infinity, -0, undefined, () => 1]", [None, None, 0, None, None]),
    ("return { a: undefined, b: () => 1, c: Symbol('x'), d: 1 }", {"d": 1}),
    ("return new Date(0)", "1970-01-01T00:00:00.000Z"),
    ("return new Map([[1, 2]])", {}),
    ("return 'é😀'", "é😀"),
    ("return [typeof args, args]", ["undefined", None]),
    (
        "return [typeof this, typeof meta, meta.name, Object.isFrozen(meta)]",
        ["undefined", "object", "test", True],
    ),
    ("return [budget.total, budget.spent(), budget.remaining() === Infinity]", [None, 0, True]),
    ("return [cwd, process.cwd()]", ["/project", "/project"]),
    (
        "return structuredClone({ a: [1, new Date(5)], m: new Map([[1, new Set([2])]]) }).m.get(1).has(2)",
        True,
    ),
    ("const o = { n: 1 }; o.o = o; const c = structuredClone(o); return c !== o && c.o === c", True),
    ("try { structuredClone(() => 1) } catch (e) { return e.name }", "DataCloneError"),
    ("return structuredClone(new Uint16Array([1, 700])).join()", "1,700"),
    (
        "const e = structuredClone(new RangeError('r')); return [e instanceof RangeError, e.message]",
        [True, "r"],
    ),
    ("return await new Promise((r) => queueMicrotask(() => r('micro')))", "micro"),
    ("return new URL('../x?q=1#h', 'https://example.com/a/b/c').href", "https://example.com/a/x?q=1#h"),
    ("return [...new URLSearchParams('a=1&b=%20+')]", [["a", "1"], ["b", "  "]]),
    ("return new TextDecoder().decode(new TextEncoder().encode('é😀'))", "é😀"),
    ("return new TextDecoder().decode(new Uint8Array([0xf0, 0x9f, 65]))", "\ufffdA"),
    (
        "try { new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([255])) } catch (e) { return e.name }",
        "TypeError",
    ),
    (
        "return ['fs', 'require', 'fetch', 'Buffer', 'setInterval'].map((n) => typeof globalThis[n])",
        ["undefined"] * 5,
    ),
    ("return [typeof fetch, typeof require, typeof module]", ["undefined"] * 3),
    ("const agent = 1; { const log = 2; return agent + log }", 3),
    ("return Object.keys(Object.groupBy([1, 2, 3], (x) => (x % 2 ? 'odd' : 'even')))", ["odd", "even"]),
    ("return new Date(2024, 0, 2, 3).toISOString()", "2024-01-02T03:00:00.000Z"),
    ("return new Date(0).getTimezoneOffset()", 0),
    ("return [Date.UTC(1970, 0, 2), Date.parse('1970-01-01T00:00:01Z')]", [86400000, 1000]),
    ("return Math.max(1, Math.floor(2.5))", 2),
    ("return (1234.5).toLocaleString('de-DE')", "1234.5"),
    ("return new Date(0).toLocaleDateString('de') === new Date(0).toLocaleDateString('en-US')", True),
    ("return (await Promise.allSettled([agent('a')]))[0].value", "r:a"),
    ("label: for (const x of [1, 2]) { for (;;) continue label }\nreturn 'done'", "done"),
]


@pytest.mark.parametrize(("body", "value"), RETURNED, ids=[body[:60] for body, _ in RETURNED])
async def test_returned(body: str, value: object) -> None:
    script = await run_script(body, cwd="/project")
    assert script.value == value


MISSING = [
    ("fs.readFileSync('x')", "only agents can read"),
    ("require('fs')", "no modules"),
    ("await fetch('http://x')", "no network"),
    ("Buffer.from('x')", "Uint8Array"),
    ("setInterval(() => {}, 1)", "setTimeout"),
    ("process.env.HOME", "args"),
    ("process.exit(1)", "return"),
    ("process.nothing", "Only `process.cwd()`"),
    ("new Worker('x')", "parallel"),
]


@pytest.mark.parametrize(("body", "advice"), MISSING, ids=[body for body, _ in MISSING])
async def test_missing_globals_name_the_alternative(body: str, advice: str) -> None:
    error = (await run_script(f"\n  {body}")).error
    assert error.code is ErrorCode.SCRIPT_ERROR
    assert error.message.startswith("ReferenceError")
    assert advice in error.message
    assert error.line == 3


ARGS = [
    ('{"a": 1}', {"a": 1}, False),
    ("[1, 2]", [1, 2], False),
    ('"plain"', "plain", False),
    ('"{not json"', "{not json", False),
    (json.dumps('{"a": [1]}'), {"a": [1]}, True),
    (json.dumps(" [1]"), [1], True),
    (json.dumps(json.dumps(json.dumps([1]))), '"[1]"', False),
    ("null", None, False),
    ("5", 5, False),
    (json.dumps('{"a": NaN}'), '{"a": NaN}', False),
    (json.dumps("[" * 5000 + "]" * 5000), "[" * 5000 + "]" * 5000, False),
]


@pytest.mark.parametrize(("args", "value", "noted"), ARGS, ids=[args[:20] for args, _, _ in ARGS])
async def test_args(args: str, value: object, noted: bool) -> None:
    script = await run_script("return { args }", args_json=args)
    assert script.value == {"args": value}
    assert bool(script.warnings) is noted


LOGGED = [
    ("log('text')", "text"),
    ("log({ a: [1, 'x'] })", '{"a":[1,"x"]}'),
    ("log(undefined)", "undefined"),
    ("log(null)", "null"),
    ("log(5n)", "5"),
    ("log(new TypeError('t'))", "TypeError: t"),
    ("console.log('a', 1, { b: 2 })", 'a 1 {"b":2}'),
    ("console.warn('w', [1])", "w [1]"),
    ("console.error('e')", "e"),
    ("console.info('i')", "i"),
    ("console.debug('d')", "d"),
    ("const o = { a: 1 }; o.o = o; log(o)", '{"a":1,"o":"[Circular]"}'),
    ("const s = { x: 1 }; log([s, s])", '[{"x":1},{"x":1}]'),
    ("log('a\\nb')", "a\nb"),
    ("log('\\ud800')", "\ufffd"),
]


@pytest.mark.parametrize(("body", "line"), LOGGED, ids=[body for body, _ in LOGGED])
async def test_log(body: str, line: str) -> None:
    script = await run_script(body)
    assert script.logs == [line]


async def test_log_lines_are_cut() -> None:
    script = await run_script("log('x'.repeat(10000)); log('y'.repeat(10001))")
    assert script.logs == ["x" * 10000, "y" * 9999 + "…"]


async def test_log_lines_are_not_cut_inside_of_a_character() -> None:
    script = await run_script("log('😀'.repeat(5001)); log('a' + '😀'.repeat(5001))")
    assert script.logs == ["😀" * 4999 + "…", "a" + "😀" * 4999 + "…"]


NEST = "let deep = 1; for (let i = 0; i < {levels}; i++) deep = [deep]; return {made}"
DEEP = [
    ("deep", ErrorCode.SCRIPT_ERROR),
    ("await agent('p', { label: deep })", ErrorCode.INVALID_CALL),
    ("await workflow('w', deep)", ErrorCode.INVALID_CALL),
    ("await checkpoint('q', { default: deep })", ErrorCode.INVALID_CALL),
]


@pytest.mark.parametrize(("made", "code"), DEEP)
async def test_values_can_be_nested_256_levels_deep(made: str, code: ErrorCode) -> None:
    margin = 1 if "label" in made else 0
    error = (await run_script(NEST.format(levels=257 - margin, made=made))).error
    assert (error.code, "256 levels" in error.message) == (code, True)
    script = await run_script(NEST.format(levels=256 - margin, made=made), lambda _: "1")
    assert script.outcome is not None
    assert script.outcome.error is None


async def test_log_lines_are_counted() -> None:
    script = await run_script("for (let i = 0; i < 50; i++) log(i)", limits=SandboxLimits(max_logs=20))
    assert len(script.logs) == 20
    assert "20" in script.warnings[0].text


async def test_phases_and_calls_know_each_other() -> None:
    script = await run_script(
        "agent('a'); phase('One', { budget: 500 }); agent('b'); phase('Two'); await agent('c')"
    )
    assert [(phase.title, phase.budget) for phase in script.phases] == [("One", 500), ("Two", None)]
    assert [call.phase for call in script.calls] == [None, "One", "Two"]


@pytest.mark.parametrize(
    "body",
    ["phase('')", "phase(1)"]
    + [f"phase('x', {{ budget: {budget} }})" for budget in ("-1", "'a'", "NaN", "5n")],
)
async def test_phase_refuses_what_is_no_phase(body: str) -> None:
    assert (await run_script(body)).error.code is ErrorCode.INVALID_CALL


@pytest.mark.parametrize(
    ("budget", "tokens"),
    [("0", 0), ("2.9", 2), ("budget.remaining() / 2", 2**53 - 1), ("1e300", 2**53 - 1), ("null", None)],
)
async def test_P5_a_phase_takes_any_share_of_the_budget(budget: str, tokens: int | None) -> None:
    (phase,) = (await run_script(f"phase('x', {{ budget: {budget} }})")).phases
    assert phase.budget == tokens


async def test_budget_follows_the_deliveries() -> None:
    async with await Sandbox.start() as sandbox:
        body = "await agent('a'); log(budget.spent()); await agent('b'); return [budget.spent(), budget.remaining()]"
        turn = await sandbox.open(0, Program(META + body, budget_total=100, spent_tokens=5))
        from callsheet.sandbox import Delivery

        turn = await sandbox.deliver(0, [Delivery(1, '"x"', spent_tokens=40)])
        assert [event.text for event in turn.events if hasattr(event, "text")] == ["40"]
        turn = await sandbox.deliver(0, [Delivery(2, '"x"', spent_tokens=140)])
        assert turn.outcome is not None
        assert turn.outcome.value_json == "[140,0]"


TIMERS = [
    (
        "setTimeout(() => log('b'), 20); setTimeout(() => log('a'), 10); await new Promise((r) => setTimeout(r, 30))",
        ["a", "b"],
    ),
    (
        "setTimeout(() => log('1'), 10); setTimeout(() => log('2'), 10); await new Promise((r) => setTimeout(r, 10))",
        ["1", "2"],
    ),
    (
        "const t = setTimeout(() => log('no'), 1); clearTimeout(t); await new Promise((r) => setTimeout(r, 5))",
        [],
    ),
    ("setTimeout((a, b) => log(a + b), 1, 2, 3); await new Promise((r) => setTimeout(r, 2))", ["5"]),
    (
        "setTimeout(() => { log('x'); setTimeout(() => log('z'), 5) }, 10); setTimeout(() => log('y'), 12); await new Promise((r) => setTimeout(r, 99))",
        ["x", "y", "z"],
    ),
    (
        "setTimeout(() => log('late'), 0); queueMicrotask(() => log('micro')); await new Promise((r) => setTimeout(r, 1))",
        ["micro", "late"],
    ),
    ("log(await Promise.race([agent('a'), new Promise((r) => setTimeout(() => r('timeout'), 0))]))", ["r:a"]),
    ("setTimeout(() => log('dropped'), 1)", []),
]


@pytest.mark.parametrize(("body", "logs"), TIMERS)
async def test_timers(body: str, logs: list[str]) -> None:
    assert (await run_script(body)).logs == logs


async def test_deadlock_is_told_at_once() -> None:
    error = (await run_script("await agent('a'); await new Promise(() => {})")).error
    assert error.code is ErrorCode.SCRIPT_DEADLOCK


PAYLOADS = [
    ("agent('p')", {"prompt": "p"}),
    ("agent('p', { label: 'l', n: undefined })", {"prompt": "p", "options": {"label": "l"}}),
    ("agent(5, null)", {"prompt": 5, "options": None}),
    ("agent()", {}),
    ("agent('\\ud800')", {"prompt": "\ufffd"}),
    ("workflow('w')", {"target": "w"}),
    ("workflow('w', [1])", {"target": "w", "args": [1]}),
    ("workflow({ scriptPath: 'a.js', more: 1 }, null)", {"target": {"scriptPath": "a.js"}, "args": None}),
    ("checkpoint('q')", {"kind": "confirm", "question": "q"}),
    (
        "checkpoint('q', { kind: 'select', choices: ['a', 'b'], default: 'a', timeoutMs: 5 })",
        {"kind": "select", "question": "q", "choices": ["a", "b"], "default": "a", "timeoutMs": 5},
    ),
    (
        "checkpoint('q', { choices: new Proxy([], { n: 0, get(t, k) { return k === 'length' ? 1 : this.n++ ? {} : 'a' } }), "
        "timeoutMs: Infinity })",
        {"kind": "confirm", "question": "q", "choices": ["a"]},
    ),
    (
        "checkpoint('q', { kind: 'input', default: null, timeoutMs: null })",
        {"kind": "input", "question": "q", "default": None},
    ),
]


@pytest.mark.parametrize(("body", "payload"), PAYLOADS, ids=[body for body, _ in PAYLOADS])
async def test_payloads(body: str, payload: dict[str, object]) -> None:
    (call,) = (await run_script(f"await {body}")).calls
    assert (call.kind, call.payload, call.fault) == (body.split("(")[0], payload, None)


FAULTS = [
    ("agent('p', { schema: () => 1 })", "function"),
    ("agent('p', { label: Symbol('x') })", "symbol"),
    ("agent(() => 1)", "function"),
    ("agent('p', { timeoutMs: NaN })", "NaN"),
    ("workflow()", "name"),
    ("workflow({ path: 'x' })", "scriptPath"),
    ("workflow('')", "name"),
    ("workflow('w', () => 1)", "function"),
    ("checkpoint('')", "question"),
    ("checkpoint('q', { kind: 'ask' })", "kind"),
    ("checkpoint('q', { kind: 'select' })", "choices"),
    ("checkpoint('q', { kind: 'select', choices: [1] })", "choices"),
    ("checkpoint('q', { timeoutMs: 0 })", "timeoutMs"),
]


@pytest.mark.parametrize(("body", "says"), FAULTS, ids=[body for body, _ in FAULTS])
async def test_faults(body: str, says: str) -> None:
    script = await run_script(f"\n await {body}")
    (call,) = script.calls
    assert says in (call.fault or "")
    assert (script.error.code, script.error.line, script.error.call) == (ErrorCode.INVALID_CALL, 3, 1)


async def test_rejections_carry_code_name_and_position() -> None:
    from callsheet.sandbox import CallError

    body = "\ntry { await agent('a') } catch (e) { return [e instanceof Error, e.name, e.code, e.message, e.stack] }"
    script = await run_script(
        body, lambda event: CallError(ErrorCode.SCHEMA_NONCOMPLIANCE, "never met"), path="x/y.workflow.js"
    )
    assert script.value == [
        True,
        "WorkflowError",
        "SCHEMA_NONCOMPLIANCE",
        "never met",
        "    at y.workflow.js:3:13\n",
    ]


async def test_two_realms_share_a_process_and_nothing_else() -> None:
    async with await Sandbox.start() as sandbox:
        first = await sandbox.open(0, Program(META + "globalThis.x = 1; await agent('a'); return typeof x"))
        child = await pump(
            sandbox, await sandbox.open(1, Program(META + "return [typeof x, await agent('b')]")), realm=1
        )
        assert child.value == ["undefined", "r:b"]
        await sandbox.close(1)
        again = await pump(sandbox, await sandbox.open(1, Program(META + "return 'again'")), realm=1)
        assert again.value == "again"
        assert (await pump(sandbox, first)).value == "number"


async def test_a_realm_number_is_used_once() -> None:
    async with await Sandbox.start() as sandbox:
        await sandbox.open(0, Program(META + "await agent('a')"))
        with pytest.raises(ValueError, match="open"):
            await sandbox.open(0, Program(META))
