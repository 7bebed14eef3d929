"""What an engine refuses in code that reads well: `await` outside of async functions, names declared twice."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from callsheet.language.faults.fault import Fault
from callsheet.language.faults.places import head_of
from callsheet.language.problem import Edit, Fix, Related, Span
from callsheet.language.scopes.bind import Scope
from callsheet.language.scopes.nodes import Node as LightNode
from callsheet.language.syntax import Parsed, captures, compile_query

_AWAITS = compile_query(
    '(await_expression "await" @await)'
    " [(arrow_function) (function_declaration) (function_expression) (method_definition)"
    " (generator_function) (generator_function_declaration)] @function"
)
_LEXICAL = frozenset({"const", "let", "class", "using"})


def awaits_outside_async(parsed: Parsed) -> Iterator[Fault]:
    """`await` in a function that is not async."""
    found = captures(_AWAITS, parsed.root)
    functions = sorted(found.get("function", ()), key=lambda node: node.start_byte)
    around: list[Node] = []
    at = 0
    for keyword in found.get("await", ()):
        while at < len(functions) and functions[at].start_byte < keyword.start_byte:
            around.append(functions[at])
            at += 1
        around = [function for function in around if function.end_byte > keyword.start_byte]
        if around and not any(child.type == "async" for child in around[-1].children):
            start = around[-1].start_byte
            fix = Fix("Make the function `async`", (Edit(Span(start, start), "async "),), preferred=True)
            fixes = (fix,) if around[-1].type != "method_definition" else ()
            message = "`await` needs an async function around it: write `async` before the function."
            span = Span(keyword.start_byte, keyword.end_byte)
            yield Fault(
                "syntax", span, message, fixes, (Related(head_of(parsed, around[-1]), "The function."),)
            )


def declared_twice(module: Scope) -> Iterator[Fault]:
    """`let`, `const`, `class` or a parameter with a name that the same block declares as well."""
    waiting = [module]
    while waiting:
        scope = waiting.pop()
        waiting.extend(scope.children)
        first: dict[str, tuple[LightNode, str]] = {}
        own = scope.declared + (scope.hoisted if scope.is_function else [])
        for node, kind in sorted(own, key=lambda declared: declared[0].start):
            if kind == "function" and node.parent is scope.node:
                continue  # The own name of a function expression: it may be hidden.
            before = first.setdefault(node.name or "", (node, kind))
            if before[0] is not node and (
                kind == before[1] == "param" or not _LEXICAL.isdisjoint({kind, before[1]})
            ):
                related = (Related(before[0].span, "It is declared here."),)
                yield Fault("syntax", node.span, f"`{node.name}` is declared already.", (), related)
