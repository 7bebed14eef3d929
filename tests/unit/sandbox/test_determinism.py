"""D8: what a replay could not repeat is refused when it runs, whatever the route to it."""

# Each row of a table stays on its line.
# ruff: noqa: E501

from __future__ import annotations

import pytest
from callsheet.errors import ErrorCode
from callsheet.language.tables.forbidden import FORBIDDEN

from tests.support.sandbox import run_script

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("shared_worker")]

FORMS = [
    "Date.now()",
    "new Date()",
    "new Date",
    "Date()",
    "Date(0)",
    "performance.now()",
    "performance.timeOrigin",
    "Temporal.Now.instant()",
    "Math.random()",
    "crypto.randomUUID()",
    "crypto.getRandomValues(new Uint8Array(8))",
    "new WeakRef({})",
    "new FinalizationRegistry(() => {})",
    "Intl.DateTimeFormat().resolvedOptions().timeZone",
    "new Intl.NumberFormat('de')",
    "Atomics.wait(new Int32Array(8), 0, 0)",
    "Atomics.waitAsync(new Int32Array(8), 0, 0)",
    "new SharedArrayBuffer(8)",
]

ROUTES = [
    "const { now } = Date; now()",
    "const d = Date; d['n' + 'ow']()",
    "globalThis['Da' + 'te'].now()",
    "Reflect.get(Date, 'now')()",
    "Reflect.construct(Date, [])",
    "Reflect.construct(Date, [], Object)",
    "Reflect.apply(Date, undefined, [])",
    "Date.call(null)",
    "Date.apply(null, [])",
    "Date.bind(null)()",
    "new (Date.bind(null))()",
    "new Date(0).constructor.now()",
    "new (new Date(0).constructor)()",
    "new (Date.prototype.constructor)()",
    "new (Object.getPrototypeOf(new Date(5)).constructor)()",
    "class D extends Date {} new D()",
    "class D extends Date { constructor() { super() } } new D()",
    "class D extends Date {} D.now()",
    "new Function('return Date.now()')()",
    "(0, eval)('new Date()')",
    "eval('Math.random()')",
    "new (async () => {}).constructor('return Date.now()')().catch(() => {}); await new (async () => {}).constructor('return Date.now()')()",
    "[...(function* () {}).constructor('yield Math.random()')()]",
    "const { random: r } = Math; r()",
    "[1].map(Math.random)",
    "[1, 2].sort(Math.random)",
    "Object.values(Object.getOwnPropertyDescriptors(Math)).filter((d) => d.value?.name === 'random')[0].value()",
    "Object.getOwnPropertyDescriptor(Math, 'random').value()",
    "Object.entries(Object.getOwnPropertyDescriptors(globalThis)).find(([k]) => k === 'Date')[1].value.now()",
    "structuredClone(new Date(0)).constructor.now()",
    "JSON.parse('1', Math.random)",
    "'a'.replace('a', Math.random)",
    "Array.from({ length: 1 }, Math.random)",
    "`${Date()}`",
    "new Proxy(Date, {}).now()",
    "new (new Proxy(Date, {}))()",
    "Object.create(Math).random()",
    "const o = { ...Math, __proto__: Math }; o.random()",
    "const d = new Date(0); delete globalThis.Date; new d.constructor()",
    "const { Intl: I } = globalThis; I.Collator",
    "Reflect.ownKeys(Intl)",
    "'Collator' in Intl",
    "const W = globalThis['WeakRef']; new W({})",
    "Reflect.construct(WeakRef, [{}])",
    "class W extends WeakRef {} new W({})",
    "Object.keys(Temporal.Now)",
    "crypto['random' + 'UUID']()",
    "Atomics['wa' + 'it'](1)",
]

# Here the engine does not say where it happened.
PLACELESS = [
    "await Promise.resolve().then(Date.now)",
    "const { timeOrigin } = performance",
    "const { Now } = Temporal",
]

HARMLESS = [
    ("new Date(0).toISOString()", "1970-01-01T00:00:00.000Z"),
    ("new Date('2024-02-03').getTime()", 1706918400000),
    ("new Date(new Date(7)).getTime()", 7),
    ("new Date(undefined).getTime()", None),
    ("Date.UTC(2024, 1)", 1706745600000),
    ("Date.parse('1970-01-01')", 0),
    ("new Date(0) instanceof Date", True),
    ("class D extends Date {} return new D(3).getTime()", 3),
    ("Date.name + Date.length", "Date7"),
    ("Object.getOwnPropertyNames(Math).length > 40", True),
    ("[typeof WeakRef, typeof Date.now, typeof Math.random]", ["function"] * 3),
    ("const wm = new WeakMap(); const k = {}; wm.set(k, 1); return wm.get(k)", 1),
    ("Atomics.add(new Int32Array(2), 0, 5)", 0),
    ("'Date.now()' + `Math.random()`", "Date.now()Math.random()"),
    ("const Date = { now: () => 5 }; return Date.now()", 5),
    ("['b', 'a', 'ä'].sort((a, b) => a.localeCompare(b)).join('')", "abä"),
    ("'İ'.toLocaleLowerCase('tr') === 'İ'.toLocaleLowerCase('en')", True),
]


@pytest.mark.parametrize("form", FORMS + ROUTES, ids=lambda form: form[:60])
async def test_refused_with_its_place(form: str) -> None:
    error = (await run_script(f"\n\n{form}")).error
    assert (error.code, error.line is not None and error.line >= 4) == (ErrorCode.DETERMINISM, True)


@pytest.mark.parametrize("form", PLACELESS)
async def test_refused_without_a_place(form: str) -> None:
    assert (await run_script(form)).error.code is ErrorCode.DETERMINISM


@pytest.mark.parametrize(("body", "value"), HARMLESS, ids=[row[0][:60] for row in HARMLESS])
async def test_harmless(body: str, value: object) -> None:
    assert (await run_script(body if "return" in body else f"return {body}")).value == value


async def test_the_script_can_read_what_to_do_instead() -> None:
    script = await run_script("try { Date.now() } catch (e) { return [e.name, e.code, e.message] }")
    name, code, message = script.value  # type: ignore[misc]
    entry = next(item for item in FORBIDDEN if item.path == "Date.now")
    assert (name, code) == ("WorkflowError", "DETERMINISM")
    assert entry.shown in message
    assert entry.instead in message


@pytest.mark.parametrize(
    "body", ["await parallel([() => Math.random()])", "await pipeline([1], () => new Date())"]
)
async def test_no_fan_out_hides_it(body: str) -> None:
    assert (await run_script(body)).error.code is ErrorCode.DETERMINISM


async def test_every_rule_is_tried() -> None:
    assert len(ROUTES) >= 25
    for entry in FORBIDDEN:
        assert any(entry.path.split(".")[-1] in form for form in FORMS), entry.path
