"""Section 8: the quality helpers."""

# Each row of a table stays on its line.
# ruff: noqa: E501

from __future__ import annotations

import json

import pytest
from callsheet.errors import ErrorCode
from callsheet.sandbox import CallError, CallEvent

from tests.support.sandbox import Script, run_script

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("shared_worker")]


def answers(*values: object):
    """Answers the calls in order; an ErrorCode throws."""
    queue = list(values)

    def answer(event: CallEvent) -> str | CallError:
        value = queue.pop(0)
        return CallError(value, "no") if isinstance(value, ErrorCode) else json.dumps(value)

    return answer


def vote(real: bool) -> dict[str, object]:
    return {"real": real, "reason": "because"}


VERIFY = [
    # options, answers, real, realCount, total
    ("", [vote(True), vote(True)], True, 2, 2),
    ("", [vote(True), vote(False)], True, 1, 2),
    ("", [vote(False), vote(False)], False, 0, 2),
    (", { reviewers: 3, threshold: 0.67 }", [vote(True), vote(True), vote(False)], False, 2, 3),
    (", { reviewers: 3, threshold: 1 }", [vote(True), None, vote(True)], True, 2, 2),
    (", { reviewers: 1 }", [None], False, 0, 0),
    (", { threshold: 0 }", [vote(False), vote(False)], True, 0, 2),
    (", { threshold: 0 }", [None, ErrorCode.SCHEMA_NONCOMPLIANCE], False, 0, 0),
    (", { reviewers: 2 }", [ErrorCode.SCHEMA_NONCOMPLIANCE, vote(True)], True, 1, 1),
]


@pytest.mark.parametrize(("options", "given", "real", "real_count", "total"), VERIFY)
async def test_verify(options: str, given: list[object], real: bool, real_count: int, total: int) -> None:
    script = await run_script(f"return await verify({{ bug: 1 }}{options})", answers(*given))
    votes = [value for value in given if isinstance(value, dict)]
    assert script.value == {"real": real, "realCount": real_count, "total": total, "votes": votes}
    assert all('"bug": 1' in str(prompt) for prompt in script.prompts)
    assert {call.payload["options"]["schema"]["required"][0] for call in script.calls} == {"real"}


async def test_verify_lenses_take_turns() -> None:
    body = "return await verify('x', { reviewers: 3, lens: ['security', 'speed'] })"
    script = await run_script(body, answers(*[vote(True)] * 3))
    assert [
        next(word for word in ("security", "speed") if word in str(prompt)) for prompt in script.prompts
    ] == [
        "security",
        "speed",
        "security",
    ]


def score(value: float) -> dict[str, object]:
    return {"score": value}


JUDGED = [
    ("['a', 'b'], { judges: 2 }", [score(0.2), score(0.4), score(0.9), None], {"index": 1, "attempt": "b", "score": 0.9, "judgments": [score(0.9)]}),
    ("['a', 'b'], { judges: 1 }", [score(0.5), score(0.5)], {"index": 0, "attempt": "a", "score": 0.5, "judgments": [score(0.5)]}),
    ("['a'], { judges: 1 }", [None], {"index": 0, "attempt": "a", "score": 0, "judgments": []}),
    ("['a', 'b'], { judges: 1 }", [None, score(0.1)], {"index": 1, "attempt": "b", "score": 0.1, "judgments": [score(0.1)]}),
    ("[null, 'b'], { judges: 1 }", [score(0)], {"index": 0, "attempt": None, "score": 0, "judgments": []}),
    ("['a'], { rubric: 'short' }", [score(0), score(1), score(0.5)], {"index": 0, "attempt": "a", "score": 0.5, "judgments": [score(0), score(1), score(0.5)]}),
    ("[]", [], None),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "given", "value"), JUDGED, ids=[row[0] for row in JUDGED])
async def test_judge_panel(arguments: str, given: list[object], value: object) -> None:
    script = await run_script(f"return await judgePanel({arguments})", answers(*given))
    assert script.value == value
    assert len(script.calls) == len(given)


async def test_judge_panel_of_none_is_undefined() -> None:
    assert (await run_script("return typeof (await judgePanel([]))")).value == "undefined"


async def test_judge_panel_shows_the_rubric() -> None:
    script = await run_script("await judgePanel(['a'], { judges: 1, rubric: 'be kind' })", answers(score(1)))
    assert "be kind" in str(script.prompts[0])


LOOPS = [
    ("round: (i) => [[1, 2], [2, 3], [3], null][i] ?? null", [1, 2, 3]),
    ("round: (i) => (i < 3 ? [] : [1])", []),
    ("round: (i) => (i === 1 ? 'text' : i === 3 ? [1] : undefined)", []),
    ("round: (i) => [i]", list(range(50))),
    ("round: (i) => [i], maxRounds: 3", [0, 1, 2]),
    ("round: (i) => (i % 2 ? null : [i]), maxRounds: 6", [0, 2, 4]),
    ("round: (i) => (i % 2 ? null : [i]), consecutiveEmpty: 1", [0]),
    ("round: (i) => [{ id: 1, i }, { id: 2, i }], key: (x) => x.id", [{"id": 1, "i": 0}, {"id": 2, "i": 0}]),
    ("round: () => [{ a: 1 }, { a: 1 }]", [{"a": 1}]),
]


@pytest.mark.parametrize(("options", "value"), LOOPS, ids=[row[0] for row in LOOPS])
async def test_loop_until_dry(options: str, value: object) -> None:
    assert (await run_script(f"return await loopUntilDry({{ {options} }})")).value == value


@pytest.mark.parametrize("code", [ErrorCode.TOKEN_BUDGET_EXHAUSTED, ErrorCode.AGENT_LIMIT_EXCEEDED])
async def test_loop_until_dry_gives_what_there_is(code: ErrorCode) -> None:
    body = "return await loopUntilDry({ round: async (i) => [await agent('a' + i)] })"
    script = await run_script(body, answers("x", "y", code))
    assert script.value == ["x", "y"]


@pytest.mark.parametrize(
    "code", [ErrorCode.INVALID_CALL, ErrorCode.FAN_OUT_LIMIT_EXCEEDED, ErrorCode.SCHEMA_NONCOMPLIANCE]
)
async def test_loop_until_dry_swallows_nothing_else(code: ErrorCode) -> None:
    body = "return await loopUntilDry({ round: async (i) => [await agent('a' + i)] })"
    assert (await run_script(body, answers("x", code))).error.code is code


async def test_loop_until_dry_takes_only_the_runtime_s_word() -> None:
    body = "return await loopUntilDry({ round: () => { throw Object.assign(new Error('mine'), { code: 'TOKEN_BUDGET_EXHAUSTED' }) } })"
    assert (await run_script(body)).error.message == "Error: mine"


@pytest.mark.parametrize("value", [{"complete": True}, {"complete": False, "missing": ["docs"]}, None])
async def test_completeness_check(value: object) -> None:
    script = await run_script("return await completenessCheck('the task', { a: 1 })", answers(value))
    assert script.value == value
    assert "the task" in str(script.prompts[0])
    assert '"a": 1' in str(script.prompts[0])
    assert "[Cut" not in str(script.prompts[0])


async def test_completeness_check_says_what_it_cut() -> None:
    script = await run_script("await completenessCheck('t', 'x'.repeat(1e6))", answers({"complete": True}))
    assert "[Cut: only the first" in str(script.prompts[0])
    assert len(str(script.prompts[0])) < 100_000


VALUES = [
    ("retry((n) => n)", 0),
    ("retry((n) => n, { until: (v) => v === 2 })", 2),
    ("retry(async (n) => n, { until: async (v) => v === 1 })", 1),
    ("retry((n) => n, { until: () => false })", 2),
    ("retry((n) => n, { attempts: 5, until: () => false })", 4),
    ("gate((f, n) => [f ?? 'none', n], (v) => ({ ok: v[1] === 1, feedback: 'again' }))", {"ok": True, "value": ["again", 1], "attempts": 2}),
    ("gate((f, n) => n, async () => ({ ok: false }))", {"ok": False, "value": 2, "attempts": 3}),
    ("gate(async () => 'v', () => ({ ok: true }), { attempts: 1 })", {"ok": True, "value": "v", "attempts": 1}),
    ("gate((f) => f === undefined, () => ({ ok: true }))", {"ok": True, "value": True, "attempts": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("call", "value"), VALUES, ids=[row[0] for row in VALUES])
async def test_retry_and_gate(call: str, value: object) -> None:
    assert (await run_script(f"return await {call}")).value == value


@pytest.mark.parametrize(
    "call",
    ["retry(() => { throw new Error('x') })", "gate(() => { throw new Error('x') }, () => ({ ok: true }))"],
)
async def test_a_throw_goes_through(call: str) -> None:
    assert (await run_script(f"await {call}")).error.message == "Error: x"


MISUSES = [
    "verify('x', { reviewers: 0 })",
    "verify('x', { threshold: 2 })",
    "verify('x', { lens: 5 })",
    "judgePanel('x')",
    "judgePanel(['x'], { judges: 1.5 })",
    "judgePanel(['x'], { rubric: 5 })",
    "loopUntilDry()",
    "loopUntilDry({ round: 5 })",
    "loopUntilDry({ round: () => [], maxRounds: 0 })",
    "completenessCheck('', 'x')",
    "retry('x')",
    "retry(() => 1, { until: 5 })",
    "gate(() => 1)",
    "gate(() => 1, () => 1, { attempts: 'x' })",
]


@pytest.mark.parametrize("call", MISUSES)
async def test_misuse_is_an_invalid_call(call: str) -> None:
    error = (await run_script(f"\n  await {call}")).error
    assert (error.code, error.line, error.column) == (ErrorCode.INVALID_CALL, 3, 9)
    assert call.split("(")[0] in error.message


async def test_checkpoint_is_answered_like_a_call() -> None:
    script: Script = await run_script("return await checkpoint('Go on?')", answers(True))
    assert script.value is True
    script = await run_script("await checkpoint('Go on?')", answers(ErrorCode.NOBODY_TO_ASK))
    assert script.error.code is ErrorCode.NOBODY_TO_ASK


@pytest.mark.parametrize("call", ["verify('x')", "judgePanel(['x'])"])
async def test_fatal_errors_of_a_helper_s_agents_go_through(call: str) -> None:
    script = await run_script(f"await {call}", lambda _: CallError(ErrorCode.TOKEN_BUDGET_EXHAUSTED, "no"))
    assert script.error.code is ErrorCode.TOKEN_BUDGET_EXHAUSTED
    assert script.drops
