"""What the language's own functions give, and what they hand to the functions they are given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import evolve

from callsheet.language.scopes.functions import arguments_of
from callsheet.language.scopes.lower import LightTree
from callsheet.language.scopes.nodes import FUNCTIONS, Fragment, Node
from callsheet.language.scopes.origins import origins, property_of
from callsheet.language.scopes.units import globals_in, in_each_statement
from callsheet.language.types.literals import Value, read_literal
from callsheet.language.types.model import (
    BOOLEAN,
    NUMBER,
    STRING,
    UNKNOWN,
    Member,
    Null,
    Type,
    array_of,
    awaited,
    join_all,
    promise_of,
)
from callsheet.language.types.options import option_choices
from callsheet.language.types.schema import type_of_schema

if TYPE_CHECKING:
    from callsheet.language.types.infer import Inference

_Found = TypeVar("_Found")


def _record(**members: Type) -> Type:
    return Type(
        "object", None, {name: Member(type_, True, None, None) for name, type_ in members.items()}, False
    )


_TEXT = Type("string", from_schema=True)
_STATUS = Type("string", enum=("fulfilled", "rejected"))
_VOTES = array_of(_record(real=BOOLEAN, reason=STRING))
_VERDICT = _record(real=BOOLEAN, realCount=NUMBER, total=NUMBER, votes=_VOTES)
_JUDGMENTS = array_of(_record(score=NUMBER, reason=STRING))


def _agent(inference: Inference, call: Node) -> Type:
    choices = option_choices(call, "schema")
    types = [_schema_type(schema) for schema in choices.nodes]
    if choices.may_be_absent:
        types.append(_TEXT)
    if choices.is_open:
        types.append(UNKNOWN)
    return promise_of(join_all(types).or_null(Null(call)))


def _schema_type(schema: Node) -> Type:
    choices = origins(schema)
    if len(choices) == 1 and choices[0].type == "undefined":
        return STRING
    return join_all([_cached_schema(choice) for choice in choices])


def _cached_schema(literal: Node) -> Type:
    if literal.type not in {"object", "call_expression"}:
        return UNKNOWN
    memo: dict[Any, object] = literal.fragment.tree.memo
    found = memo.get(("schema", literal))
    if isinstance(found, Type):
        return found
    value = read_literal(literal)
    kept: dict[Any, object] = literal.fragment.facts if value.closed else memo
    found = kept.get(("schema", literal))
    if not isinstance(found, Type):
        found = kept["schema", literal] = type_of_schema(value)
    memo["schema", literal] = found
    return found


def _in_slot(value: Type) -> Type:
    return value if value.null is None else evolve(value, null=evolve(value.null, in_slot=True))


def _slot(type_: Type) -> Type:
    value = awaited(type_)
    if value.null is not None:
        return _in_slot(value)
    if value.written is not None and value.kind != "null":
        return evolve(value, null=Null(value.written, in_slot=True), written=None)
    return value


def _handed_on(value: Type) -> Type:
    """What a stage is handed by the one before: also the null that is written there."""
    if value.written is not None and value.kind != "null":
        return evolve(value, null=value.null or Null(value.written), written=None)
    return value


def _parallel(inference: Inference, call: Node) -> Type:
    arguments = arguments_of(call)
    if not arguments:
        return promise_of(array_of(UNKNOWN))
    thunks = inference.type_of(arguments[0])
    if thunks.kind != "array":
        return promise_of(array_of(UNKNOWN))
    items = None
    if thunks.items:
        items = tuple(_slot(_called(inference, item)) for item in thunks.items)
    element = join_all(list(items)) if items else _slot(_called(inference, thunks.element or UNKNOWN))
    return promise_of(array_of(element, items))


def _called(inference: Inference, type_: Type) -> Type:
    return inference.result_of(type_.function) if type_.function is not None else UNKNOWN


def _pipeline(inference: Inference, call: Node) -> Type:
    arguments = arguments_of(call)
    if len(arguments) < 2 or any(argument.type == "spread_element" for argument in arguments):
        return promise_of(array_of(UNKNOWN))
    return promise_of(array_of(_slot(inference.result_of_callback(arguments[-1]))))


def _verify(inference: Inference, call: Node) -> Type:
    return promise_of(_VERDICT)


def _judge_panel(inference: Inference, call: Node) -> Type:
    arguments = arguments_of(call)
    attempts = inference.type_of(arguments[0]) if arguments else UNKNOWN
    attempt = attempts.element or UNKNOWN if attempts.kind == "array" else UNKNOWN
    return promise_of(_record(index=NUMBER, attempt=attempt, score=NUMBER, judgments=_JUDGMENTS))


def _loop_until_dry(inference: Inference, call: Node) -> Type:
    arguments = arguments_of(call)
    options = origins(arguments[0]) if arguments else []
    round_ = property_of(options[0], "round") if len(options) == 1 and options[0].type == "object" else None
    if round_ is None:
        return promise_of(array_of(UNKNOWN))
    found = awaited(
        inference.result_of(round_) if round_.type in FUNCTIONS else inference.result_of_callback(round_)
    )
    return promise_of(array_of(found.element or UNKNOWN if found.kind == "array" else UNKNOWN))


def _completeness(inference: Inference, call: Node) -> Type:
    found = _record(complete=BOOLEAN, missing=array_of(STRING))
    return promise_of(found.or_null(Null(call)))


def _retry(inference: Inference, call: Node) -> Type:
    arguments = arguments_of(call)
    return promise_of(awaited(inference.result_of_callback(arguments[0]))) if arguments else UNKNOWN


def _gate(inference: Inference, call: Node) -> Type:
    arguments = arguments_of(call)
    value = awaited(inference.result_of_callback(arguments[0])) if arguments else UNKNOWN
    return promise_of(_record(ok=BOOLEAN, value=value, attempts=NUMBER))


_CALLS: dict[str, Callable[[Inference, Node], Type]] = {
    "agent": _agent,
    "parallel": _parallel,
    "pipeline": _pipeline,
    "verify": _verify,
    "judgePanel": _judge_panel,
    "loopUntilDry": _loop_until_dry,
    "completenessCheck": _completeness,
    "retry": _retry,
    "gate": _gate,
}


def call(inference: Inference, name: str, node: Node) -> Type:
    """The type of a call of a global."""
    handler = _CALLS.get(name)
    if handler is not None:
        return handler(inference, node)
    arguments = arguments_of(node)
    if name == "structuredClone" and arguments:
        return inference.type_of(arguments[0])
    return {"String": STRING, "Number": NUMBER, "Boolean": BOOLEAN}.get(name, UNKNOWN)


def static_call(inference: Inference, name: str, node: Node) -> Type | None:
    """The type of a call of a built-in's own function, such as `Promise.all`; None for any other."""
    arguments = arguments_of(node)
    if name in _STATIC and not arguments:
        return UNKNOWN
    if name == "Promise.all":
        found = inference.type_of(arguments[0])
        if found.kind != "array":
            return promise_of(array_of(UNKNOWN))
        items = tuple(_in_slot(awaited(item)) for item in found.items) if found.items else None
        return promise_of(array_of(_in_slot(awaited(found.element or UNKNOWN)), items))
    if name == "Promise.allSettled":
        found = inference.type_of(arguments[0])
        value = awaited(found.element or UNKNOWN) if found.kind == "array" else UNKNOWN
        return promise_of(array_of(_record(status=_STATUS, value=_in_slot(value), reason=UNKNOWN)))
    if name in {"Promise.race", "Promise.any"}:
        found = inference.type_of(arguments[0])
        return promise_of(awaited(found.element or UNKNOWN)) if found.kind == "array" else UNKNOWN
    if name == "Promise.resolve":
        return promise_of(inference.type_of(arguments[0]))
    if name in {"Object.freeze", "Object.seal"}:
        return inference.type_of(arguments[0])
    if name == "Array.from":
        found = inference.type_of(arguments[0])
        if len(arguments) > 1:
            return array_of(inference.result_of_callback(arguments[1]))
        return found if found.kind == "array" else array_of(UNKNOWN)
    if name in {"JSON.stringify", "String.raw"}:
        return STRING
    if name == "Object.keys":
        return array_of(STRING)
    return NUMBER if name.startswith("Math.") else None


_STATIC = frozenset(
    {"Promise.all", "Promise.allSettled", "Promise.resolve", "Object.freeze", "Object.seal", "Array.from"}
)


def parameter(inference: Inference, name: str, call_: Node, position: int, index: int) -> Type | None:
    """What a global hands to parameter `index` of the function that is its argument at `position`."""
    arguments = arguments_of(call_)
    if (
        name == "pipeline"
        and position > 0
        and not any(a.type == "spread_element" for a in arguments[:position])
    ):
        items = inference.type_of(arguments[0])
        item = (items.element or UNKNOWN) if items.kind == "array" else UNKNOWN
        if index == 0:
            if position == 1:
                return item
            return _handed_on(awaited(inference.result_of_callback(arguments[position - 1])))
        return item if index == 1 else NUMBER
    if name == "gate" and position == 1 and index == 0:
        return awaited(inference.result_of_callback(arguments[0]))
    if name in {"retry", "gate"}:
        return NUMBER if name == "retry" and index == 0 else None
    return None


def option_parameter(inference: Inference, name: str, call_: Node, index: int) -> Type | None:
    """What a global hands to parameter `index` of the function that is one of its options, such as `retry.until`."""
    if name == "retry.until" and index == 0 and arguments_of(call_):
        return awaited(inference.result_of_callback(arguments_of(call_)[0]))
    return NUMBER if name == "loopUntilDry.round" and index == 0 else None


def agent_schemas(tree: LightTree) -> list[Value]:
    """The literal schemas that `agent()` calls are given, each once, in source order."""
    memo = tree.memo.get("agent schemas")
    if isinstance(memo, list):
        return memo
    found: dict[Node, Value] = {}
    for value in in_each_statement(tree, "agent schemas", lambda statement: _schemas_in(tree, statement)):
        found.setdefault(value.node, value)
    for value in _schemas_in(tree, tree.whole):
        found.setdefault(value.node, value)
    values = sorted(
        (value for value in found.values() if value.kind == "object"), key=lambda value: value.node.start
    )
    tree.memo["agent schemas"] = values
    return values


def _schemas_in(tree: LightTree, statement: Fragment) -> Iterator[Value]:
    for use in globals_in(tree, statement, "agent"):
        call_ = use.parent
        if call_ is None or call_.type != "call_expression" or call_.children[0] is not use:
            continue
        for schema in option_choices(call_, "schema").nodes:
            for choice in origins(schema):
                if choice.type in {"object", "call_expression"}:
                    yield read_literal(choice)


def each_schema(tree: LightTree, key: str, find: Callable[[Value], Iterable[_Found]]) -> Iterator[_Found]:
    """What an analysis finds in each literal schema that `agent()` calls are given, statement by statement.

    A schema that several statements share is analysed for each.
    """

    def find_in(statement: Fragment) -> Iterator[_Found]:
        for value in _schemas_in(tree, statement):
            if value.kind == "object":
                yield from find(value)

    yield from in_each_statement(tree, key, find_in)
    yield from find_in(tree.whole)
