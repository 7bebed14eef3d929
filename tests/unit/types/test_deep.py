"""Code nested or chained beyond reason is judged as far as it goes, without an error."""

import pytest
from callsheet.language.checker import check
from callsheet.language.scopes import resolve
from callsheet.language.source import Source
from callsheet.language.syntax import parse
from callsheet.language.types import members_before, type_at

N = 800
RESULT = "const r = await agent('p', { schema: { type: 'object', properties: { a: {} } } })\n"
CASES = {
    "members": RESULT + "r" + ".a" * N,
    "globalThis": "globalThis" + ".globalThis" * N + ".Date.now()",
    "calls": RESULT + "r" + ".map(x => x)" * N,
    "parentheses": "const d = " + "(" * N + "Date" + ")" * N + "; d.now()",
    "sums": RESULT + "await agent(" + " + ".join(["`${r}`"] * N) + ")",
    "ternaries": "const s = " + "a ? b : " * N + "Date; s.now()",
    "array patterns": "const " + "[" * N + "d" + "]" * N + " = " + "[" * N + "Date" + "]" * N + "; d.now()",
    "object patterns": "const " + "{a:" * N + "d" + "}" * N + " = globalThis",
    "alternatives": RESULT + "const q = " + "r || " * N + "r; q.a",
    "conditions": RESULT + "if (" + "r && " * N + "r) r.b",
    "negations": RESULT + "if (" + "!" * N + "r) r.b",
    "functions": "const f = " + "() => " * N + "Date; f" + "()" * N + ".now()",
    "templates": "const s = " + "`${" * 300 + "'now'" + "}`" * 300 + "; Date[s]()",
    "schemas": "await agent('p', {schema:" + "{type:'object',properties:{a:" * N + "{}" + "}}" * N + "})",
    "assignments": "let a; " + "a = " * N + "Date; a.now()",
    "blocks": "{" * N + "Date.now()" + "}" * N,
    "stores": "const o = {}; o" + ".a" * N + " = Date; o.a()",
    "names": "const v0 = Date\n" + "".join(f"const v{i + 1} = v{i}\n" for i in range(N)) + f"v{N}.now()",
    "results": RESULT + "const v0 = r\n" + "".join(f"const v{i + 1} = v{i}\n" for i in range(N)) + f"v{N}.a",
    "helpers": "const f0 = () => agent('x')\n"
    + "".join(f"const f{i + 1} = async () => f{i}()\n" for i in range(N))
    + f"log((await f{N}()).x)",
    "open brackets": "const x = " + "[(" * N,
}


@pytest.mark.parametrize("script", CASES.values(), ids=CASES.keys())
def test_any_depth_is_judged(script):
    parsed = parse(Source(script))
    resolve(parsed).bindings()
    check(parsed)
    type_at(parsed, len(script) - 3)
    members_before(parse(Source(script + ".")), len(script) + 1)
