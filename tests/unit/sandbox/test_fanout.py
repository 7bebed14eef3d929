"""parallel and pipeline: P1, P2, and failure in them: E3 to E9."""

# Each row of a table stays on its line.
# ruff: noqa: E501

from __future__ import annotations

import json

import pytest
from callsheet.errors import FATAL_CODES, ErrorCode
from callsheet.sandbox import CallError, CallEvent, Delivery, PendingCall, Program, Sandbox

from tests.support.sandbox import META, echo, run_script

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("shared_worker")]


def failing(*prompts: str, code: ErrorCode = ErrorCode.INVALID_CALL):
    def answer(event: CallEvent) -> str | CallError:
        return CallError(code, "no") if event.payload.get("prompt") in prompts else echo(event)

    return answer


VALUES = [
    ("return await parallel([])", []),
    ("return await parallel([() => 1, async () => 2, () => agent('a'), () => undefined, () => null])", [1, 2, "r:a", None, None]),
    ("return await pipeline([])", []),
    ("return await pipeline([1, 2])", [1, 2]),
    ("return await pipeline([1, 2], (p, item, i) => [p, item, i], (p, item, i) => [...p, item, i])", [[1, 1, 0, 1, 0], [2, 2, 1, 2, 1]]),
    ("return await pipeline(['a'], (p) => agent(p), (p) => agent(p))", ["r:r:a"]),
    ("return await pipeline([1, 2], () => null, (p) => p === null)", [True, True]),
    ("return await pipeline(['a', 'b'], agent)", ["r:a", "r:b"]),
    ("return await parallel([() => parallel([() => agent('a')]), () => pipeline([1], (x) => x + 1)])", [["r:a"], [2]]),
    ("const t = [() => 1, () => 2]; const p = parallel(t); t.length = 0; return await p", [1, 2]),
    ("return (await parallel([() => 1])) instanceof Array", True),
    ("return await parallel([() => { throw new Error('x') }, () => 2])", [None, 2]),
    ("return await pipeline([1, 2], (x) => { if (x === 1) throw new Error('x'); return x }, (x) => x * 10)", [None, 20]),
    ("return await parallel([() => Promise.reject(), () => { throw undefined }])", [None, None]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "value"), VALUES, ids=[body[:70] for body, _ in VALUES])
async def test_values_keep_their_order(body: str, value: object) -> None:
    assert (await run_script(body)).value == value


MISUSES = [
    ("await parallel([agent('a')])", "wrap the call"),
    ("await parallel([() => 1, agent('a')])", "item 1"),
    ("await parallel(agent('a'))", "array of functions, not a promise: await it first"),
    ("await parallel('x')", "array of functions"),
    ("await parallel([1])", "number"),
    ("await pipeline('x', (x) => x)", "array of items"),
    ("await pipeline(agent('a'), (x) => x)", "not a promise: await it first"),
    ("await pipeline([1], 2)", "stage 0"),
    ("await pipeline([1], (x) => x, agent('a'))", "wrap the call"),
]


@pytest.mark.parametrize(("body", "says"), MISUSES, ids=[body for body, _ in MISUSES])
async def test_misuse_is_a_type_error_with_advice(body: str, says: str) -> None:
    error = (await run_script(f"\n  {body}")).error
    assert error.message.startswith("TypeError")
    assert says in error.message
    assert error.line == 3


async def test_p2_pipeline_has_no_barrier() -> None:
    async with await Sandbox.start() as sandbox:
        body = "return await pipeline(['a', 'b'], (x) => agent(x + 1), (x, item) => agent(item + 2))"
        turn = await sandbox.open(0, Program(META + body))
        assert len(turn.events) == 2
        turn = await sandbox.deliver(0, [Delivery(2)])
        assert [event.payload["prompt"] for event in turn.events] == ["b2"]
        turn = await sandbox.deliver(0, [Delivery(3, '"B"')])
        turn = await sandbox.deliver(0, [Delivery(1)])
        turn = await sandbox.deliver(0, [Delivery(4, '"A"')])
        assert turn.outcome is not None
        assert turn.outcome.value_json == '["A","B"]'


async def test_e6_a_throw_is_logged_with_its_place() -> None:
    script = await run_script("\nawait parallel([() => 1, () => {\n  throw new RangeError('odd')\n}])")
    (warning,) = script.warnings
    assert (warning.line, warning.column) == (4, 9)
    assert "item 1" in warning.text
    assert "RangeError: odd" in warning.text


@pytest.mark.parametrize(
    "code", sorted(set(ErrorCode) - FATAL_CODES - {ErrorCode.DETERMINISM, ErrorCode.SCRIPT_MEMORY})
)
async def test_e6_errors_that_are_not_fatal_make_a_null(code: ErrorCode) -> None:
    script = await run_script(
        "return await parallel([() => agent('a'), () => agent('b')])", failing("a", code=code)
    )
    assert script.value == [None, "r:b"]
    assert not script.drops


@pytest.mark.parametrize("code", sorted(FATAL_CODES))
async def test_e6_fatal_errors_reject_the_whole_call(code: ErrorCode) -> None:
    script = await run_script(
        "\nreturn await parallel([() => agent('a'), () => agent('b')])", failing("a", code=code)
    )
    assert (script.error.code, script.error.line, script.error.call) == (code, 3, 1)
    assert [(drop.calls, drop.code) for drop in script.drops] == [((2,), code)]


DROPS = [
    # body, prompts of the calls that are dropped, result
    ("await parallel([() => agent('bad'), () => agent('b')])", ["b"]),
    ("await parallel([() => agent('b'), () => agent('bad'), async () => { await null; return agent('c') }])", ["b", "c"]),
    ("const out = agent('out'); await parallel([() => agent('bad'), () => agent('b')])", ["b"]),
    ("await parallel([() => parallel([() => agent('bad'), () => agent('in')]), () => agent('b')])", ["in", "b"]),
    ("await pipeline(['bad', 'b', 'c'], (x) => agent(x), (x) => agent('second ' + x))", ["b", "c"]),
    ("const p = parallel([() => agent('bad'), () => agent('b')]); const o = agent('out'); await p", ["b"]),
    ("await parallel([() => agent('other')]); await parallel([() => agent('bad'), () => agent('b')])", ["b"]),
    ("await parallel([async () => { await agent('a'); await agent('bad') }, async () => { await agent('b'); await agent('c') }])", ["b"]),
    ("await parallel([async () => { for (let i = 0; i < 5; i++) await null; return agent('deep') }, () => agent('bad')])", ["deep"]),
    ("setTimeout(() => {}, 1); await parallel([() => agent('bad'), () => verify('x')])", 2),
]  # fmt: skip


@pytest.mark.parametrize(("body", "dropped"), DROPS, ids=[body[:80] for body, _ in DROPS])
async def test_e6_what_a_fatal_error_drops(body: str, dropped: list[str] | int) -> None:
    # Everything but "bad" waits, so that what is dropped is what the fan-out still has pending.
    async with await Sandbox.start() as sandbox:
        turn = await sandbox.open(0, Program(META + f"try {{ {body} }} catch (e) {{ return e.code }}"))
        calls: dict[int, str] = {}
        queue: list[int] = []
        drops: list[int] = []
        while turn.outcome is None:
            for event in turn.events:
                if isinstance(event, CallEvent):
                    calls[event.call] = event.payload["prompt"]
                    queue.append(event.call)
            bad = [call for call in queue if calls[call] == "bad"]
            call = bad[0] if bad else queue[0]
            queue.remove(call)
            error = CallError(ErrorCode.INVALID_CALL, "no") if bad else None
            turn = await sandbox.deliver(0, [Delivery(call, error=error)])
            drops += [call for event in turn.events if hasattr(event, "calls") for call in event.calls]
        assert turn.outcome.value_json == '"INVALID_CALL"'
        if isinstance(dropped, int):
            assert len(drops) == dropped
        else:
            assert [calls[call] for call in drops] == dropped


async def test_e6_stages_stop_once_a_fan_out_is_rejected() -> None:
    body = "try { await pipeline(['bad', 'b'], (x) => agent(x), (x) => agent('second')) } catch (e) {}; await agent('z')"
    script = await run_script(body, failing("bad"))
    assert script.prompts == ["bad", "b", "z"]


async def test_e4_a_script_may_catch_a_fatal_error_and_go_on() -> None:
    body = "try { await parallel([() => agent('bad')]) } catch (e) { return [e.code, await agent('after')] }"
    assert (await run_script(body, failing("bad"))).value == ["INVALID_CALL", "r:after"]


@pytest.mark.parametrize(
    "body",
    [
        "try { await agent('a') } catch {} return 'swallowed'",
        "await agent('a').catch(() => 1); return 'swallowed'",
        "return await Promise.race([agent('a'), new Promise(() => {})]).catch(() => 'swallowed')",
        "for (;;) { try { await agent('a') } catch {} }",
        "try { await parallel([() => agent('a'), () => agent('b')]) } finally { return 'swallowed' }",
        "await new Promise(() => { agent('a') })",
        "try { await agent('a') } catch { await new Promise(() => {}) }",
        "try { await agent('a') } catch { throw new Error('other') }",
    ],
)
async def test_e5_a_stop_cannot_be_swallowed(body: str) -> None:
    async with await Sandbox.start() as sandbox:
        await sandbox.open(0, Program(META + body))
        turn = await sandbox.abort(0, "stopped by test")
        assert turn.outcome is not None
        assert turn.outcome.error is not None
        assert turn.outcome.error.code is ErrorCode.WORKFLOW_ABORTED
        assert turn.outcome.error.message == "stopped by test"
        assert not [event for event in turn.events if isinstance(event, CallEvent)]
        assert turn.pending == 0


async def test_e5_a_stop_after_the_end_keeps_the_outcome() -> None:
    async with await Sandbox.start() as sandbox:
        turn = await sandbox.open(0, Program(META + "agent('a'); return 1"))
        assert turn.outcome is not None
        turn = await sandbox.abort(0)
        assert (turn.outcome, turn.pending) == (None, 0)


async def test_e7_a_returned_null_flows_on() -> None:
    script = await run_script("return await pipeline([1], () => agent('x'), (p) => [p])", lambda _: "null")
    assert script.value == [[None]]


THROWN = [
    ("throw new Error('boom')", "Error: boom", 3, 9),
    ("undefined.x", "TypeError: cannot read property 'x' of undefined", 3, None),
    ("const f = 5; f()", "TypeError", 3, None),
    ("await (async () => { await null; throw new RangeError('in') })()", "RangeError: in", 3, 42),
    ("/* é😀 */ throw new Error('wide')", "Error: wide", 3, 19),
    ("await agent('a').then(() => { throw new Error('then') })", "Error: then", 3, 39),
    ("class MyError extends Error {}\nthrow new MyError('mine')", "Error: mine", 4, 7),
    ("const e = new Error('made here')\nthrow e", "Error: made here", 3, 13),
    ("eval('null.x')", "TypeError", 3, None),
    (
        "const { a } = await agent('null')",
        "TypeError: Cannot convert undefined or null to object. The result of an agent",
        3,
        None,
    ),
    (
        "const [a] = await agent('null')",
        "TypeError: cannot read property 'Symbol.iterator' of null. The result",
        3,
        None,
    ),
    ("for (const x of await agent('null')) {}", "TypeError", 3, None),
    ("class A { go() {\n    return this.b.c\n  } }\nnew A().go()", "TypeError", 4, 12),
    ("const o = {\n  get p() {\n    return this.q.r\n  },\n}\nreturn o.p", "TypeError", 5, 12),
    ("const s = `a\n${null.x}`", "TypeError", 4, 3),
    ("const o = {\n[null.x]: 1 }", "TypeError", 4, 2),
    ("const r = await agent('null')\nconst z = 1\nconst { a } = r", "TypeError", 5, 7),
    ("const f = ({ a }) => a\nf(null)", "TypeError", 3, 14),
    ("const r = await agent('null')\nconst [a] = r", "TypeError", 4, 7),
    ("const r = await agent('null')\ndelete r.x\nconst { a } = r", "TypeError", 4, 8),
    ("const r = await agent('null')\nObject.keys(r)\nconst { a } = r", "TypeError", 4, None),
    ("return [\n...null]", "TypeError", 4, 1),
    (
        "await Promise.any([Promise.reject(new Error('a')), Promise.reject('b')])",
        "AggregateError: Error: a; b",
        3,
        None,
    ),
    ("throw 'text'", "text", 3, 9),
    ("throw [1, 2]", "[1,2]", 3, 9),
    ("if (args) throw 'one'\nthrow 'two'", "two", 4, 7),
    ("if (args) throw new Error('one')\nthrow { code: 5 }", '{"code":5}', 4, 7),
    ("throw undefined", "undefined", 3, 9),
    ("await Promise.reject('text')", "text", 3, 24),
    ("if (args) throw 'same'\nthrow 'same'", "same", None, None),
    ("if (args) throw 'text'\nreturn 1n", "The script returned a bigint", None, None),
    (
        "(await agent('null')).items.map((x) => x)",
        "TypeError: cannot read property 'items' of null. The result",
        3,
        None,
    ),
    ("new Function('throw new Error(1)')()", "Error: 1", 3, None),
]


@pytest.mark.parametrize(("body", "message", "line", "column"), THROWN, ids=[row[0][:50] for row in THROWN])
async def test_e8_a_throw_fails_the_run_with_its_place(
    body: str, message: str, line: int | None, column: int | None
) -> None:
    answer = (lambda _: "null") if "agent('null')" in body else echo
    error = (await run_script(f"\n  {body}", answer)).error
    assert error.code is ErrorCode.SCRIPT_ERROR
    assert error.message.startswith(message)
    assert error.line == line
    if column is not None:
        assert error.column == column


PLACED_AT_THE_CALL = [
    ("const p = 5\nawait agent(\n  p,\n  { label: () => p },\n)", 4, 7),
    ("const list = 5\nconst go = () =>\n  parallel(\n    list,\n  )\nawait go()", 5, 3),
    ("const list = [1]\n await pipeline(\n  list,\n  list,\n)", 4, 8),
    ("const title = ''\nphase(\n  title,\n)", 4, 1),
    ("const all = Array.from({ length: 5000 })\nawait parallel(\n  all,\n)", 4, 7),
    ("await agent(\n  `${Math.random()}`,\n)", 4, 11),
    ("await agent(\n  new URL('x').href,\n)", 4, 3),
]


@pytest.mark.parametrize(("body", "line", "column"), PLACED_AT_THE_CALL)
async def test_e8_what_the_runtime_refuses_is_placed_where_the_call_begins(
    body: str, line: int, column: int
) -> None:
    error = (await run_script(f"\n{body}")).error
    assert (error.line, error.column) == (line, column)


async def test_e6_a_null_that_is_used_in_a_fan_out_is_placed_too() -> None:
    body = "await parallel([\n  () => {\n    const { a } = null\n  },\n])"
    (warning,) = (await run_script(body)).warnings
    assert (warning.line, warning.column) == (4, 11)


async def test_e9_pending_calls_are_listed_and_waited_for() -> None:
    async with await Sandbox.start() as sandbox:
        body = "\nagent('a').then(() => agent('late'))\nagent('b')\nsetTimeout(() => log('never'), 1)\nreturn 'done'"
        turn = await sandbox.open(0, Program(META + body))
        assert turn.outcome is not None
        assert turn.outcome.pending == (PendingCall(1, 3), PendingCall(2, 4))
        turn = await sandbox.deliver(0, [Delivery(1)])
        (late,) = turn.events
        assert isinstance(late, CallEvent)
        assert (late.payload["prompt"], turn.pending, turn.outcome) == ("late", 2, None)
        turn = await sandbox.deliver(0, [Delivery(2), Delivery(3)])
        assert (turn.events, turn.pending, turn.outcome) == ((), 0, None)


async def test_e8_lists_the_calls_under_way() -> None:
    script = await run_script("agent('a'); throw new Error('x')")
    assert script.outcome is not None
    assert script.outcome.pending == (PendingCall(1, 2),)


POSITIONS = [
    ("\n  await agent('a')", (3, 9)),
    ("\nconst é = '😀'; await agent('a')", (3, 23)),
    ("\nawait parallel([1].map((x) =>\n   () => agent('a')))", (4, 10)),
    ("\nconst ask = (x) =>\n  agent(x)\nawait ask('a')", (4, 3)),
    ("\n await pipeline(['a'], agent)", (3, 24)),
    ("\nawait null\nawait parallel([async () => { await null\n await agent('a') }])", (5, 8)),
    ("\n  await verify('a', { reviewers: 1 })", (3, 9)),
    ("\n  await new Promise((r) => setTimeout(() => r(agent('a')), 1))", (3, 47)),
]


@pytest.mark.parametrize(("body", "position"), POSITIONS, ids=[body.strip()[:50] for body, _ in POSITIONS])
async def test_calls_carry_their_place(body: str, position: tuple[int, int]) -> None:
    (call,) = (await run_script(body)).calls
    assert (call.line, call.column) == position


async def test_r1_answers_go_to_their_calls_in_any_order() -> None:
    async with await Sandbox.start() as sandbox:
        turn = await sandbox.open(
            0, Program(META + "return await Promise.all([agent('a'), agent('b'), agent('c')])")
        )
        for call in (3, 1, 2):
            turn = await sandbox.deliver(0, [Delivery(call, json.dumps(call))])
        assert turn.outcome is not None
        assert turn.outcome.value_json == "[1,2,3]"
        with pytest.raises(ValueError, match="not pending"):
            await sandbox.deliver(0, [Delivery(1)])
