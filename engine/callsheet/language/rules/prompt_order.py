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

Sorting the array before it is used is fine, too. The same holds for a set that they add to, and a text that they append
to.
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.calls import LOOP_TYPES
from callsheet.language.model import CallSite
from callsheet.language.problem import Problem, Related, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.scopes.bind import Binding
from callsheet.language.scopes.lower import LightTree, light_tree
from callsheet.language.scopes.nodes import FUNCTIONS, Node
from callsheet.language.scopes.units import Spot, spot
from callsheet.language.statements import facts
from callsheet.language.syntax import span_of

_GROWS = frozenset({"push", "unshift", "add"})
_WITHOUT_ORDER = frozenset({"length", "size", "has", "includes"})
_SORTS = frozenset({"sort", "toSorted"})


def check(context: Context) -> Iterator[Problem]:
    """Prompts that read an array which functions of a fan-out push into."""
    data = context.parsed.source.data
    if not any(mark in data for mark in (b".push", b".unshift", b".add", b"+=")):
        return
    prompts = [place.span for place in facts(context.workflow, "prompts", ("agent",), _prompts)]
    if not prompts:
        return
    fan_outs = [
        place.span for place in facts(context.workflow, "fan-outs", ("parallel", "pipeline"), _places)
    ]
    stack = [light_tree(context.parsed).module]
    while stack:
        scope = stack.pop()
        stack.extend(scope.children)
        for binding in scope.bindings.values():
            yield from _of_binding(context, binding, fan_outs, prompts)


def _prompts(tree: LightTree, calls: list[CallSite]) -> Iterator[Spot]:
    for site in calls:
        prompt = site.argument(0)
        if prompt is not None:
            yield spot(tree, span_of(prompt))


def _places(tree: LightTree, calls: list[CallSite]) -> Iterator[Spot]:
    for site in calls:
        yield spot(tree, site.span)


def _of_binding(
    context: Context, binding: Binding, fan_outs: list[Span], prompts: list[Span]
) -> Iterator[Problem]:
    methods = {use: _method(use) for use in binding.references}
    if any(method in _SORTS for method in methods.values()):
        return
    push = next(
        (
            use
            for use, method in methods.items()
            if (method in _GROWS or _is_appended_to(use, binding)) and _is_in_fan_out(use, binding, fan_outs)
        ),
        None,
    )
    if push is None:
        return
    made_from = _made_from(binding)
    for use in sorted([*binding.references, *made_from], key=lambda node: node.start):
        if _method(use) in _WITHOUT_ORDER or not any(
            prompt.start <= use.start < prompt.end for prompt in prompts
        ):
            continue
        if _may_follow(use, push) and not _is_sorted_later(use):
            yield context.problem(
                use.span,
                f"`{use.name}` has the order in which agents finish. Use the result of the fan-out, which keeps the "
                "order of the items, or sort it.",
                related=(Related(push.span, "Functions that run at the same time add to it here."),),
            )


def _method(use: Node) -> str | None:
    parent = use.parent
    if parent is None or parent.type != "member_expression" or parent.children[0] is not use:
        return None
    return parent.children[-1].name


def _is_appended_to(use: Node, binding: Binding) -> bool:
    """Whether a text is made longer, `text += …`; a sum, which has no order, is none."""
    parent, declarator = use.parent, binding.declarations[0].parent
    if parent is None or parent.type != "augmented_assignment_expression" or parent.children[0] is not use:
        return False
    is_text = declarator is not None and declarator.children[-1].type in {"string", "template_string"}
    return is_text and parent.name == "+="


def _may_follow(use: Node, push: Node) -> bool:
    """Whether a use is reached after a push: it stands behind it, or in a loop around it."""
    return use.start > push.start or any(
        ancestor.type in LOOP_TYPES and ancestor.start <= use.start < ancestor.end
        for ancestor in push.ancestors()
    )


def _is_in_fan_out(use: Node, binding: Binding, fan_outs: list[Span]) -> bool:
    """Whether a use stands in a function of a fan-out that the array was declared outside of."""
    declared = binding.declarations[0].start
    functions = [ancestor for ancestor in use.ancestors() if ancestor.type in FUNCTIONS]
    if any(
        _is_combined(function) and not function.start <= declared < function.end for function in functions
    ):
        return True
    return bool(functions) and any(
        place.start <= use.start < place.end and not place.start <= declared < place.end for place in fan_outs
    )


def _is_combined(function: Node) -> bool:
    """Whether a function is the async callback in `Promise.all(items.map(async …))`."""
    mapped = _call_with(function)
    combined = _call_with(mapped) if mapped is not None and mapped.children[0].text.endswith("map") else None
    if combined is None or not combined.children[0].text.startswith("Promise."):
        return False
    return function.text.startswith("async")


def _call_with(argument: Node) -> Node | None:
    """The call that a node is an argument of."""
    parent = argument.parent
    call = parent.parent if parent is not None and parent.type == "arguments" else None
    return call if call is not None and call.type == "call_expression" else None


def _made_from(binding: Binding) -> list[Node]:
    """Uses of constants whose value is made from the array, such as `const list = findings.join()`."""
    found: list[Node] = []
    for use in binding.references:
        node: Node = use
        while node.parent is not None and node.parent.type in {"member_expression", "call_expression"}:
            if node.parent.children[0] is not node or _method(node) in {*_GROWS, *_WITHOUT_ORDER}:
                break
            node = node.parent
        declarator = node.parent
        is_value = declarator is not None and declarator.type == "variable_declarator" and node is not use
        if declarator is not None and is_value and declarator.children[-1] is node:
            name = declarator.children[0]
            if name.binding is not None:
                found.extend(name.binding.references)
    return found


def _is_sorted_later(use: Node) -> bool:
    """Whether a chain of methods on the array sorts it."""
    node: Node = use
    while node.parent is not None and node.parent.type in {"member_expression", "call_expression"}:
        if node.parent.children[0] is not node:
            return False
        if _method(node) in _SORTS:
            return True
        node = node.parent
    return False


RULE = Rule(
    code="prompt-order",
    severity=Severity.WARNING,
    summary="A prompt depends on the order in which agents finish",
    group="Order",
    check=check,
)
