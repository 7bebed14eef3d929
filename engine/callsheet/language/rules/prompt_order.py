"""# A prompt built in the order in which agents finish

Functions of a fan-out finish in any order. An array that they push into has another order in every run, and so has a
prompt that is built from it: answers differ for no reason, and a call that is made again after an edit does not match
the recorded one.

```js
const findings = []
await parallel(files.map((file) => async () => {
  findings.push(await agent(`Review ${file}`))
}))
await agent(`Summarise:\\n${findings.join('\\n')}`)
```

Use what the fan-out gives; it keeps the order of the items:

```js
const findings = await parallel(files.map((file) => () => agent(`Review ${file}`)))
await agent(`Summarise:\\n${findings.filter(Boolean).join('\\n')}`)
```

Sorting the array before it is used is fine, too. The same holds for a set that they add to, a map or an object whose
keys they set, and a text that they append to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from callsheet.language.problem import Problem, Related, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._beside import functions_beside, runs_beside
from callsheet.language.rules._callers import calls_that_ask
from callsheet.language.scopes.bind import Binding
from callsheet.language.scopes.functions import arguments_of
from callsheet.language.scopes.lower import LightTree, light_tree
from callsheet.language.scopes.nodes import Node

Path = tuple[str, ...]

_GROWS = frozenset({"push", "unshift", "add", "set"})
_MAY_GROW = re.compile(rb"\.(?:push|unshift|add|set|concat)\b|\+=|=\s*\[|\]\s*=")
_WITHOUT_ORDER = frozenset({"length", "size", "has", "includes", "get"})
_SORTS = frozenset({"sort", "toSorted"})
_LISTS = frozenset({"Object.entries", "Object.values", "Object.keys", "Array.from"})
_SHOWN = frozenset({*_LISTS, "JSON.stringify"})
_TEXTS = frozenset({"template_string", "binary_expression", "call_expression"})
_LOOPS = frozenset({"for_statement", "for_in_statement", "while_statement", "do_statement"})
_DEPTH = 3


def check(context: Context) -> Iterator[Problem]:
    """Prompts that read a list which functions of a fan-out fill."""
    tree = light_tree(context.parsed)
    if "agent" not in tree.globals or _MAY_GROW.search(tree.data) is None or not functions_beside(tree):
        return
    prompts = list(_prompts(tree))
    stack = [tree.module]
    while prompts and stack:
        scope = stack.pop()
        stack.extend(scope.children)
        for binding in scope.bindings.values():
            if binding.kind in {"const", "let", "var"}:
                yield from _of_binding(context, binding, prompts)


def _prompts(tree: LightTree) -> Iterator[Node]:
    """The expressions that prompts are made of, also those behind the names of constants."""
    for call in calls_that_ask(tree):
        callee, arguments = call.children[0], arguments_of(call)
        if callee.binding is None:
            waiting = [(argument, _DEPTH) for argument in arguments[:1] if callee.name == "agent"]
        else:
            waiting = [(argument, _DEPTH) for argument in arguments if argument.type in _TEXTS]
        while waiting:
            text, depth = waiting.pop()
            yield text
            for part in text.walk() if depth > 0 else ():
                value = _constant(part)
                if value is not None and value.type in {"template_string", "binary_expression"}:
                    waiting.append((value, depth - 1))


def _constant(name: Node) -> Node | None:
    if name.type != "identifier" or name.binding is None or name.binding.kind != "const":
        return None
    declarator = name.binding.declarations[0].parent
    is_whole = declarator is not None and declarator.type == "variable_declarator"
    return declarator.children[-1] if declarator is not None and is_whole else None


def _of_binding(context: Context, binding: Binding, prompts: list[Node]) -> Iterator[Problem]:
    growths = ((use, _growth(use, binding)) for use in binding.references)
    found = next(
        (
            (use, path)
            for use, path in growths
            if path is not None and runs_beside(use, binding.declarations[0])
        ),
        None,
    )
    if found is None or any(_method(use, found[1]) in _SORTS for use in binding.references):
        return
    growth, path = found
    uses = [use for use in binding.references if _path(use)[: len(path)] == path]
    for use in sorted([*uses, *_made_from(uses, path)], key=lambda node: node.start):
        if not any(prompt.start <= use.start < prompt.end for prompt in prompts):
            continue
        is_own = use.binding is binding
        if is_own and (use is growth or not _has_order(use, path, binding)):
            continue
        if _may_follow(use, growth) and not _is_sorted_later(use):
            yield context.problem(
                use.span,
                f"`{'.'.join((use.name or '', *(path if is_own else ())))}` has the order in which agents finish. "
                "Use the result of the fan-out, which keeps the order of the items, or sort it.",
                related=(Related(growth.span, "Functions that run at the same time add to it here."),),
            )


def _path(use: Node) -> Path:
    """The properties that are asked for behind a name, up to a call or an element."""
    names: list[str] = []
    node = use
    while (
        node.parent is not None
        and node.parent.type == "member_expression"
        and node.parent.children[0] is node
    ):
        node = node.parent
        names.append(node.children[-1].name or "")
    return tuple(names)


def _at(use: Node, path: Path) -> Node:
    """The access that a path leads to from a name."""
    node = use
    for _ in path:
        node = node.parent or node
    return node


def _method(use: Node, path: Path) -> str | None:
    """The property that is asked for of what a path leads to."""
    rest = _path(use)[len(path) :] if _path(use)[: len(path)] == path else ()
    return rest[0] if rest else None


def _growth(use: Node, binding: Binding) -> Path | None:
    """The path to what a use makes longer; None where it does not."""
    names = _path(use)
    target = _at(use, names)
    parent = target.parent
    if parent is None:
        return None
    if names and names[-1] in _GROWS and parent.type == "call_expression" and parent.children[0] is target:
        return names[:-1]
    is_target = bool(parent.children) and parent.children[0] is target
    if parent.type == "augmented_assignment_expression" and is_target:
        return names if parent.name == "+=" and not names and _starts_as(binding, _STRINGS) else None
    if parent.type == "assignment_expression" and is_target:
        return names if _is_longer(parent.children[-1], binding, names) else None
    if parent.type == "subscript_expression" and is_target and _is_assigned(parent):
        by_length = parent.children[1].text == f"{target.text}.length"
        is_record = _starts_as(binding, _RECORDS) and not names and parent.children[1].type != "number"
        return names if by_length or is_record else None
    return None


_STRINGS = frozenset({"string", "template_string"})
_RECORDS = frozenset({"object"})


def _starts_as(binding: Binding, types: frozenset[str]) -> bool:
    """Whether a name is declared as an empty literal of a type; a sum, for one, has no order."""
    declarator = binding.declarations[0].parent
    value = declarator.children[-1] if declarator is not None else None
    return value is not None and value.type in types and not value.children


def _is_longer(value: Node, binding: Binding, path: Path) -> bool:
    """Whether a value is the list with something added: `[...list, x]`, `list.concat(x)`."""
    inner: Node | None = None
    if value.type == "array":
        inner = next((child.children[0] for child in value.children if child.type == "spread_element"), None)
    elif value.type == "call_expression" and value.children[0].type == "member_expression":
        callee = value.children[0]
        inner = callee.children[0] if callee.children[-1].name == "concat" else None
    while inner is not None and inner.type == "member_expression":
        inner = inner.children[0]
    return inner is not None and inner.binding is binding


def _is_assigned(access: Node) -> bool:
    parent = access.parent
    return parent is not None and parent.type == "assignment_expression" and parent.children[0] is access


def _has_order(use: Node, path: Path, binding: Binding) -> bool:
    """Whether a use depends on the order of what it reads: of a record, only where it is read as a list."""
    if _method(use, path) in _WITHOUT_ORDER:
        return False
    if not _starts_as(binding, _RECORDS) or path:
        return True
    arguments = use.parent
    call = arguments.parent if arguments is not None and arguments.type == "arguments" else None
    return call is not None and call.children[0].text in _SHOWN


def _may_follow(use: Node, growth: Node) -> bool:
    """Whether a use is reached after a growth: it stands behind it, in a loop around it, or beside it."""
    if use.start > growth.start or runs_beside(use, use.binding.declarations[0] if use.binding else use):
        return True
    return any(
        parent.type in _LOOPS and parent.start <= use.start < parent.end for parent in growth.ancestors()
    )


def _made_from(uses: list[Node], path: Path) -> list[Node]:
    """Uses of constants whose value is made from the list, such as `const text = findings.join()`."""
    found: list[Node] = []
    for use in uses:
        node = _at(use, path)
        while node.parent is not None and node.parent.type in {"member_expression", "call_expression"}:
            if node.parent.children[0] is not node or node.parent.children[-1].name in _WITHOUT_ORDER:
                break
            node = node.parent
        declarator = node.parent
        is_value = declarator is not None and declarator.type == "variable_declarator" and node is not use
        if declarator is not None and is_value and declarator.children[-1] is node:
            name = declarator.children[0].binding
            if name is not None and not _is_sorted_later(use):
                found.extend(name.references)
    return found


def _is_sorted_later(use: Node) -> bool:
    """Whether what is made from a list is sorted: `[...list].sort()`, `Object.entries(record).sort()`."""
    node = use
    while node.parent is not None:
        parent = node.parent
        is_listed = parent.type == "arguments" and parent.parent is not None
        if parent.type in {"member_expression", "call_expression"} and parent.children[0] is node:
            if parent.type == "member_expression" and parent.children[-1].name in _SORTS:
                return True
            node = parent
        elif is_listed and parent.parent is not None and parent.parent.children[0].text in _LISTS:
            node = parent.parent
        elif parent.type in {"spread_element", "array", "parenthesized_expression"}:
            node = parent
        else:
            return False
    return False


RULE = Rule(
    code="prompt-order",
    severity=Severity.WARNING,
    summary="A prompt depends on the order in which agents finish",
    group="Order",
    check=check,
)
