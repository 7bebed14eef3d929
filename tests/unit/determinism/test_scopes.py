"""Names: what every identifier means. A comment in front of an identifier says what is expected of it:
`d1` declares, `r1` refers to declaration 1, `g` is a global."""

import random
import re

import pytest
from callsheet.language.problem import Span
from callsheet.language.scopes import resolve
from callsheet.language.source import Source
from callsheet.language.syntax import parse, reparse

CASES = {
    "block shadows": "const /*d1*/x = 1; { let /*d2*/x = 2; f(/*r2*/x) } f(/*r1*/x)",
    "var goes to the function": "function /*d1*/f() { { var /*d2*/v = 1 } return /*r2*/v } /*g*/v; /*r1*/f()",
    "var goes to the module": "if (a) { for (var /*d1*/i = 0; /*r1*/i < 3; /*r1*/i++) {} } /*r1*/i",
    "let of a loop stays": "for (let /*d1*/i = 0; /*r1*/i < 3; /*r1*/i++) { /*r1*/i } /*g*/i",
    "used before its declaration": "/*r1*/f(); function /*d1*/f() {} ",
    "function in a block": "{ function /*d1*/f() {} /*r1*/f() } /*g*/f()",
    "parameters": "const /*d1*/f = (/*d2*/a, { b: /*d3*/c, /*d4*/d = /*r2*/a }, [/*d5*/e], .../*d6*/r) =>"
    " [/*r2*/a, /*g*/b, /*r3*/c, /*r4*/d, /*r5*/e, /*r6*/r]",
    "one bare parameter": "list.map(/*d1*/x => /*r1*/x.y); /*g*/x",
    "async bare parameter": "list.map(async /*d1*/x => { await /*r1*/x })",
    "default sees the parameters": "function f(/*d1*/a, /*d2*/b = /*r1*/a) { return /*r2*/b }",
    "default sees outside": "const /*d1*/y = 1; (x = /*r1*/y) => x",
    "destructuring": "const { /*d1*/a, b: /*d2*/c, d: { e: /*d3*/f = /*g*/z }, ...[/*d4*/g] } = o;"
    " [/*r1*/a, /*r2*/c, /*r3*/f, /*r4*/g, /*g*/b]",
    "computed key in a pattern": "const /*d1*/k = 'a'; const { [/*r1*/k]: /*d2*/v } = o; /*r2*/v",
    "destructuring assignment": "let /*d1*/a, /*d2*/b; ({ /*r1*/a, x: /*r2*/b = /*g*/y } = o); [/*r1*/a, /*r2*/b] = p",
    "shorthand property": "const /*d1*/label = 'x'; agent('p', { /*r1*/label })",
    "property names are no references": "const /*d1*/now = 1; o.now; ({ now: 2 }); o['now']; /*r1*/now",
    "computed property": "const /*d1*/k = 'a'; ({ [/*r1*/k]: 1 }); o[/*r1*/k]",
    "labels are no references": "const /*d1*/out = 1; out: for (;;) { break out } /*r1*/out",
    "catch": "try { a } catch (/*d1*/e) { /*r1*/e } /*g*/e",
    "catch pattern": "try { a } catch ({ /*d1*/message }) { /*r1*/message }",
    "catch without parameter": "try { a } catch { /*g*/e }",
    "for of": "for (const [/*d1*/k, /*d2*/v] of o) { /*r1*/k; /*r2*/v }",
    "for of an outer name": "let /*d1*/k; for (/*r1*/k of o) { /*r1*/k }",
    "for await": "for await (const /*d1*/x of y) /*r1*/x",
    "named function expression": "const /*d1*/g = function /*d2*/f() { /*r2*/f() }; /*g*/f; /*r1*/g",
    "named class expression": "const /*d1*/K = class /*d2*/C { m() { return /*r2*/C } }; /*g*/C; /*r1*/K",
    "class": "class /*d1*/A extends /*g*/B { static x = /*r1*/A; #p = /*g*/y; m(/*d2*/a) { return /*r2*/a + this.a } }"
    " new /*r1*/A()",
    "methods and accessors": "({ get now() { return /*g*/now }, async run(/*d1*/x) { /*r1*/x }, [/*g*/k]() {} })",
    "static block": "class A { static { var /*d1*/v = 1; /*r1*/v } } /*g*/v",
    "switch": "switch (/*g*/z) { case /*r1*/z: let /*d1*/z; default: /*r1*/z }".replace("/*g*/z)", "/*g*/q)"),
    "imports": "import /*d1*/a, { b as /*d2*/c, /*d3*/d } from 'x'; /*r1*/a; /*r2*/c; /*r3*/d; /*g*/b",
    "namespace import": "import * as /*d1*/ns from 'x'; /*r1*/ns.y",
    "export": "export const /*d1*/meta = { name: 'x' }; /*r1*/meta.name",
    "template": "const /*d1*/x = 1; `x ${/*r1*/x} ${`${/*r1*/x}`}`; tag`${/*r1*/x}`",
    "text is no reference": "const /*d1*/x = 1; 'x'; `x`; /x/; // x\n /*r1*/x",
    "shadowed global": "function f(/*d1*/Date) { return /*r1*/Date.now() } /*g*/Date.now()",
    "closures in a loop": "for (const /*d1*/a of as) { thunks.push(() => agent(`${/*r1*/a}`)) }",
    "generator": "function* /*d1*/g(/*d2*/n = 1) { yield /*r2*/n } for (const /*d3*/x of /*r1*/g()) /*r3*/x",
    "half-typed declaration": "const /*d1*/a = 1\nconst /*d2*/b = agent(/*r1*/a, {\n",
    "half-typed member": "const /*d1*/a = 1\nitems.map(/*d2*/x => { /*r2*/x. })\nfoo(/*r1*/a)",
    "half-typed arrow": "const /*d1*/d = await parallel([() => agent(`x`), /*d2*/y => { foo(/*r2*/y, ",
    "half-typed pattern": "const { /*d1*/a, ",
}

MARK = re.compile(r"/\*(d|r|g)(\d*)\*/")


@pytest.mark.parametrize("script", CASES.values(), ids=CASES.keys())
def test_every_marked_name_means_what_its_mark_says(script):
    scopes = resolve(parse(Source(script)))
    marks = [(m[1], m[2], m.end()) for m in MARK.finditer(script)]
    declared = {key: at for kind, key, at in marks if kind == "d"}
    for kind, key, at in marks:
        binding = scopes.binding_of(at)
        if kind == "g":
            assert binding is None, script[at:]
            name = re.match(r"\w+", script[at:])[0]
            assert at in [r.span.start for r in scopes.globals(name)], script[at:]
        else:
            assert binding is not None, script[at:]
            assert declared[key] in [span.start for span in binding.declarations], script[at:]
    for key, at in declared.items():
        uses = {r.span.start for r in scopes.references_of(scopes.binding_of(at))}
        assert uses == {place for kind, other, place in marks if kind == "r" and other == key}, script[at:]


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ("let x; x = 1", "write"),
        ("let x; x += 1", "readwrite"),
        ("let x; x++", "readwrite"),
        ("let x; [x] = a", "write"),
        ("let x; ({ a: x = 2 } = a)", "write"),
        ("let x; ({ ...x } = a)", "write"),
        ("let x; for (x of a) {}", "write"),
        ("let x; x.y = 1", "read"),
        ("let x; a = x", "read"),
        ("let x; [a = x] = b", "read"),
        ("let x; ({ x })", "read"),
    ],
)
def test_a_use_is_a_read_or_a_write(script, kind):
    scopes = resolve(parse(Source(script)))
    (use,) = scopes.references_of(scopes.bindings()[0])
    assert use.kind == kind


def test_visible_names_hide_outer_ones():
    script = "const a = 1\nfunction f(b) {\n  const a = 2\n  |\n}\nconst c = 3"
    at = script.index("|")
    visible = resolve(parse(Source(script.replace("|", " ")))).visible_at(at)
    assert set(visible) == {"a", "b", "c", "f"}
    assert visible["a"].span.start > 20


def test_a_place_can_be_a_node_a_span_or_the_end_of_the_name():
    parsed = parse(Source("const abc = 1; abc"))
    scopes = resolve(parsed)
    node = parsed.root.descendant_for_byte_range(15, 18)
    assert scopes.binding_of(node) == scopes.binding_of(Span(15, 18)) == scopes.binding_of(18)
    assert scopes.binding_of(18).span == Span(6, 9)
    assert scopes.binding_of(13) is None


PIECES = [
    "const x = 1\n",
    "function f(a) { return a + x }\n",
    "{ let y = x; y }\n",
    "}",
    "{",
    "(",
    ")",
    "x",
    "`",
    "${x}",
    "items.map(i => ({ i, j: i.k }))\n",
    "for (const a of x) { var v = a }\n",
    "é😀",
    "class A { m() { return x } }\n",
]


@pytest.mark.parametrize("seed", range(25))
def test_after_any_edits_the_names_are_those_of_a_fresh_parse(seed):
    rng = random.Random(seed)
    source = Source("".join(PIECES[at] for at in (0, 1, 2, 10, 11, 13)) * 2)
    parsed = parse(source)
    for _ in range(30):
        facts = _facts(parsed)
        starts = [
            i for i in range(len(source.data) + 1) if i == len(source.data) or source.data[i] & 0xC0 != 0x80
        ]
        low = rng.randrange(len(starts))
        high = min(len(starts) - 1, low + rng.choice([0, 0, 0, 1, 5, 40]))
        source, edit = source.replace(starts[low], starts[high], rng.choice(["", *PIECES]))
        parsed, before = reparse(parsed, source, [edit]), parsed
        fresh = parse(source)
        # Where code is broken, tree-sitter itself may recover in another way than from scratch.
        if str(fresh.root) == str(parsed.root):
            assert _facts(parsed) == _facts(fresh)
        assert _facts(before) == facts


def _facts(parsed):
    scopes = resolve(parsed)
    return [
        [(b, scopes.references_of(b)) for b in scopes.bindings()],
        {name: scopes.globals(name) for name in scopes.global_names()},
    ]
