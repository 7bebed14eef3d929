"""The schema as a type: what is known of names and expressions, at the mark `^`."""

# ruff: noqa: E501

import pytest
from callsheet.language.source import Source
from callsheet.language.syntax import parse
from callsheet.language.types import (
    definition_of_member,
    members_before,
    members_in_pattern,
    property_at,
    type_at,
)

SCHEMA = """const S = {
  type: 'object',
  properties: {
    items: {
      type: 'array',
      items: {
        type: 'object',
        properties: { file: { type: 'string', description: 'Path' }, level: { enum: ['low', 'high'] } },
        required: ['file'],
      },
    },
    n: { type: 'number' },
  },
  required: ['items'],
}
"""
ITEM = '{ file: string, level?: "low" | "high" }'
ANSWER = f"{{ items: Array<{ITEM}>, n?: number }}"

CASES = {
    "async function called in place": (
        "const r = await (async () => agent('p', { schema: S }))(); ^r",
        f"{ANSWER} | null",
    ),
    "method of an object that is made": (
        "class A { async ask() { return agent('p', { schema: S }) } }; const a = new A(); const r = await a.ask(); ^r",
        f"{ANSWER} | null",
    ),
    "method of this, inherited": (
        "class A { ask() { return agent('p', { schema: S }) } }\nclass B extends A { async go() { const r = await this.ask(); ^r } }",
        f"{ANSWER} | null",
    ),
    "rest of a pattern": ("const { items, ...^rest } = await agent('p', { schema: S })", "{ n?: number }"),
    "reduce without a start": (
        "const r = await agent('p', { schema: S }); const best = r?.items.reduce((a, b) => (a.file > b.file ? a : b)); ^best",
        f"{ITEM} | null",
    ),
    "reduce from an empty list": (
        "const rs = (await parallel(ds.map((d) => () => agent(d, { schema: S })))).filter(Boolean); const all = rs.reduce((list, r) => [...list, ...r.items], []); ^all",
        f"Array<{ITEM}>",
    ),
    "reduce that pushes": (
        "const rs = (await parallel(ds.map((d) => () => agent(d, { schema: S })))).filter(Boolean); const all = rs.reduce((list, r) => { list.push(r.n); return list }, []); ^all",
        "Array<number>",
    ),
    "generator": (
        "async function* each() { for (const d of ds) yield await agent(d, { schema: S }) }\nfor await (const ^r of each()) log(r)",
        f"{ANSWER} | null",
    ),
    "for await over promises": (
        "for await (const ^r of ds.map((d) => agent(d, { schema: S }))) log(r)",
        f"{ANSWER} | null",
    ),
    "settled": (
        "const rs = await Promise.allSettled(ds.map((d) => agent(d, { schema: S }))); rs[0].^value",
        f"{ANSWER} | null",
    ),
    "race": ("const r = await Promise.race([agent('p', { schema: S })]); ^r", f"{ANSWER} | null"),
    "default of the whole pattern": (
        "function show({ items } = {}) { ^items }\nconst r = await agent('p', { schema: S }); if (r) show(r)",
        f"Array<{ITEM}>",
    ),
    "await": ("const r = await agent('p', { schema: S }); ^r", f"{ANSWER} | null"),
    "no schema": ("const r = await agent('p'); ^r", "string | null"),
    "the promise": ("const p = agent('p'); ^p", "Promise<string | null>"),
    "an unknown schema": ("const r = await agent('p', { schema: args.s }); ^r", "unknown | null"),
    "unknown options": ("const r = await agent('p', args.o); ^r", "unknown | null"),
    "options by name": ("const o = { schema: S }; const r = await agent('p', o); ^r", f"{ANSWER} | null"),
    "options by spread": ("const r = await agent('p', { ...args.o, schema: S }); ^r", f"{ANSWER} | null"),
    "checked": ("const r = await agent('p', { schema: S }); if (!r) return; ^r", ANSWER),
    "in a condition": ("const r = await agent('p', { schema: S }); if (r) { ^r }", ANSWER),
    "with a substitute": ("const r = (await agent('p', { schema: S })) ?? { items: [] }; ^r", ANSWER),
    "optional": (
        "const r = await agent('p', { schema: S }); const x = r?.items; ^x",
        f"Array<{ITEM}> | null",
    ),
    "element by index": ("const r = await agent('p', { schema: S }); r?.items[0].^file", "string"),
    "destructured": ("const { items: ^list } = await agent('p', { schema: S })", f"Array<{ITEM}>"),
    "destructured with a default": (
        "const { items: ^list = [] } = (await agent('p', { schema: S })) ?? {}",
        f"Array<{ITEM}>",
    ),
    "nested pattern": ("const { items: [{ ^level }] } = await agent('p', { schema: S })", '"low" | "high"'),
    "callback": ("const r = await agent('p', { schema: S }); r?.items.map(^i => i.file)", ITEM),
    "pattern in a callback": (
        "const r = await agent('p', { schema: S }); r?.items.forEach(({ ^file }) => file)",
        "string",
    ),
    "map": (
        "const r = await agent('p', { schema: S }); const ^x = r.items.map(i => i.file)",
        "Array<string>",
    ),
    "filter and find": (
        "const r = await agent('p', { schema: S }); const ^x = r.items.filter(i => i.level).find(i => i.file)",
        ITEM,
    ),
    "flatMap": (
        "const rs = await parallel(args.ds.map(d => () => agent(d, { schema: S }))); const ^x = rs.filter(Boolean).flatMap(r => r.items)",
        f"Array<{ITEM}>",
    ),
    "reduce": (
        "const r = await agent('p', { schema: S }); const ^x = r.items.reduce((n, i) => n + i.file.length, 0)",
        "number",
    ),
    "some": (
        "const r = await agent('p', { schema: S }); const ^x = r.items.some(i => i.level === 'low')",
        "boolean",
    ),
    "sort and slice": (
        "const r = await agent('p', { schema: S }); const ^x = r.items.slice(1).sort((a, b) => 0)",
        f"Array<{ITEM}>",
    ),
    "sort callback": ("const r = await agent('p', { schema: S }); r.items.sort((a, ^b) => 0)", ITEM),
    "for of": ("const r = await agent('p', { schema: S }); for (const ^i of r.items) log(i)", ITEM),
    "entries": (
        "const r = await agent('p', { schema: S }); for (const [at, ^i] of r.items.entries()) log(at, i)",
        ITEM,
    ),
    "parallel": (
        "const rs = await parallel(args.ds.map(d => () => agent(d, { schema: S }))); ^rs",
        f"Array<{ANSWER} | null>",
    ),
    "parallel of several": (
        "const [a, ^b] = await parallel([() => agent('x'), () => agent('y', { schema: S })])",
        f"{ANSWER} | null",
    ),
    "parallel of async functions": (
        "const rs = await parallel(args.ds.map(d => async () => { const r = await agent(d, { schema: S }); return { d, n: r?.items.length } })); const ^x = rs[0].n",
        "number | null",
    ),
    "filter(Boolean)": (
        "const rs = (await parallel(args.ds.map(d => () => agent(d)))).filter(Boolean); ^rs",
        "Array<string>",
    ),
    "stage": (
        "await pipeline(args.ds, d => agent(d, { schema: S }), (^previous, d) => previous)",
        f"{ANSWER} | null",
    ),
    "second stage": (
        "await pipeline(['a'], d => agent(d), async t => ({ t, n: 1 }), ^x => x)",
        "{ t: string | null, n: number }",
    ),
    "item of a stage": ("await pipeline(['a'], d => agent(d), (t, ^item) => item)", "string"),
    "named stage": (
        "const stage = ^x => x; await pipeline(args.ds, d => agent(d, { schema: S }), stage)",
        f"{ANSWER} | null",
    ),
    "pipeline": ("const ^x = await pipeline(args.ds, d => agent(d))", "Array<string | null>"),
    "helper": (
        "async function f(d) { const r = await agent(d, { schema: S }); return r } const ^x = await f('x')",
        f"{ANSWER} | null",
    ),
    "helper that checks": (
        "const f = async d => (await agent(d, { schema: S })) ?? { items: [] }; const ^x = await f('x')",
        ANSWER,
    ),
    "parameter of a helper": ("const f = (^r) => r; f(await agent('p', { schema: S }))", f"{ANSWER} | null"),
    "then": ("const ^x = await agent('p', { schema: S }).then(r => r?.items ?? [])", f"Array<{ITEM}>"),
    "catch": ("const ^x = await agent('p', { schema: S }).catch(() => null)", f"{ANSWER} | null"),
    "Promise.all": ("const ^x = await Promise.all(args.ds.map(d => agent(d)))", "Array<string | null>"),
    "pushed": (
        "const all = []; for (const d of args.ds) { const r = await agent(d, { schema: S }); if (r) all.push(...r.items) } ^all",
        f"Array<{ITEM}>",
    ),
    "object with a spread": (
        "const r = await agent('p', { schema: S }); if (!r) return; const x = { ...r, d: 'x' }; x.^n",
        "number",
    ),
    "retry": ("const ^x = await retry(() => agent('p', { schema: S }))", f"{ANSWER} | null"),
    "gate": ("const { value: ^x } = await gate(() => agent('p'), v => ({ ok: !!v }))", "string | null"),
    "verify": (
        "const ^x = await verify('claim')",
        "{ real: boolean, realCount: number, total: number, votes: Array<{ real: boolean, reason: string }> }",
    ),
    "judgePanel": ("const { attempt: ^x } = await judgePanel(['a', 'b'])", "string"),
    "loopUntilDry": (
        "const xs = await loopUntilDry({ round: async () => (await agent('p', { schema: S }))?.items }); xs.map(^x => x)",
        ITEM,
    ),
    "schema in place": (
        "const r = await agent('p', { schema: { type: 'object', properties: { a: { type: 'boolean' } } } }); r?.^a",
        "boolean",
    ),
    "schema of parts": (
        "const P = { type: 'string' }; const B = { a: P }; const r = await agent('p', { schema: { type: 'object', properties: { ...B, b: P } } }); r?.^b",
        "string",
    ),
    "schema by reference": (
        "const r = await agent('p', { schema: { type: 'object', properties: { a: { $ref: '#/$defs/a' } }, $defs: { a: { type: 'integer' } } } }); r?.^a",
        "number",
    ),
    "one of two schemas": (
        "const T = { type: 'object', properties: { t: { type: 'string' } } }; const r = await agent('p', { schema: args.x ? S : T }); r?.^t",
        "string",
    ),
    "null in the schema": (
        "const r = await agent('p', { schema: { type: 'object', properties: { a: { type: ['string', 'null'] } } } }); r?.^a",
        "string",
    ),
}


def at_mark(script):
    before, after = (SCHEMA + script).split("^")
    return parse(Source(before + after)), len(before.encode())


@pytest.mark.parametrize(("script", "expected"), CASES.values(), ids=CASES.keys())
def test_type_at_the_mark(script, expected):
    found = type_at(*at_mark(script))
    assert found is not None
    assert found.text == expected
    assert found.nullable == expected.endswith(" | null")


@pytest.mark.parametrize(
    "script",
    [
        "const r = await workflow('x'); ^r",
        "const agent = f; const r = await agent('p', { schema: S }); ^r",
        "import ^r from 'x'",
        "function f(^r) { return r }",
        "for (const ^x of args.list) log(x)",
        "const m = new Map(); const ^x = m.get('a')",
        "const { a: ^x } = JSON.parse(args.text)",
    ],
)
def test_nothing_is_known(script):
    assert type_at(*at_mark(script)) is None


MEMBERS = {
    "plain": ("const r = await agent('p', { schema: S })\nr.^", ["items", "n"]),
    "optional": ("const r = await agent('p', { schema: S })\nr?.^", ["items", "n"]),
    "in a call": ("const r = await agent('p', { schema: S })\nlog(r?.^)", ["items", "n"]),
    "with a beginning": ("const r = await agent('p', { schema: S })\nlog(r?.it^)", ["items", "n"]),
    "before more code": (
        "const r = await agent('p', { schema: S })\nconst x = r.^\nconst z = 2\nlog(z)",
        ["items", "n"],
    ),
    "in an unfinished callback": (
        "const r = await agent('p', { schema: S })\nif (r?.items.some(i => i.^",
        ["file", "level"],
    ),
    "in an unfinished block": (
        "const r = await agent('p', { schema: S })\nr.items.map(i => { log(i.fi^",
        ["file", "level"],
    ),
    "in a template": (
        "const r = await agent('p', { schema: S })\nlog(`${r.items.map(i => `${i.^",
        ["file", "level"],
    ),
    "in a function": (
        "async function f() {\n  const r = await agent('p', { schema: S })\n  return r.^\n}\nf()",
        ["items", "n"],
    ),
    "of an object": ("const o = { a: 1, b: 'x' }\no.^", ["a", "b"]),
    "of nothing known": ("args.^", []),
    "no dot": ("const r = 1\nr^", []),
}


@pytest.mark.parametrize(("script", "expected"), MEMBERS.values(), ids=MEMBERS.keys())
def test_members_before_the_mark(script, expected):
    assert [member.name for member in members_before(*at_mark(script))] == expected


def test_a_member_tells_what_the_schema_says_of_it():
    parsed, offset = at_mark("const r = await agent('p', { schema: S })\nr?.items[0].^")
    file, level = members_before(parsed, offset)
    assert (file.type, file.required, file.description) == ("string", True, "Path")
    assert (level.required, level.enum) == (False, ("low", "high"))


def test_members_of_a_pattern():
    parsed, offset = at_mark("const { ^ } = await agent('p', { schema: S })")
    assert [member.name for member in members_in_pattern(parsed, offset)] == ["items", "n"]


@pytest.mark.parametrize(
    "script",
    [
        "const r = await agent('p', { schema: S }); r?.items[0].fi^le",
        "const r = await agent('p', { schema: S }); r?.items[0]['fi^le']",
        "const { items: [{ fi^le }] } = await agent('p', { schema: S })",
        "const { items: [{ fi^le: path }] } = await agent('p', { schema: S })",
    ],
)
def test_a_member_is_declared_in_the_schema(script):
    parsed, offset = at_mark(script)
    span = definition_of_member(parsed, offset)
    assert parsed.source.slice(span.start, span.end) == "file"
    assert parsed.source.data[span.start - 14 : span.start] == b"properties: { "
    assert property_at(parsed, offset).description == "Path"


def test_embedded_scripts_complete_as_well():
    from callsheet.language.syntax import parse_embedded

    text = f"# Title\n\n```js workflow\n{SCHEMA}const r = await agent('p', {{ schema: S }})\nr.\n```\n\nMore text.\n"
    (parsed,) = parse_embedded(Source(text))
    assert [member.name for member in members_before(parsed, text.index("r.\n") + 2)] == ["items", "n"]
