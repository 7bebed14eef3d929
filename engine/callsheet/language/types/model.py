"""What is known of a value."""

from __future__ import annotations

from typing import Literal

from attrs import evolve, field, frozen

from callsheet.language.scopes.nodes import Node

Kind = Literal[
    "unknown", "null", "undefined", "string", "number", "boolean", "object", "array", "function", "promise"
]


@frozen(eq=False)
class Null:
    """Why a value may be null.

    Attributes:
        call: the `agent()` call that gives null when its agent fails, the helper's that does, or the `null` that a
            function of a fan-out returns.
        in_slot: whether it reached a slot of a fan-out's results.
    """

    call: Node
    in_slot: bool = False


@frozen(eq=False)
class Member:
    """A property.

    Attributes:
        required: whether it is always there.
        key: where it is declared: the key in the schema, or in an object literal; None where the language defines it.
    """

    type: Type
    required: bool
    description: str | None
    key: Node | None


@frozen(eq=False)
class Type:
    """What is known of a value.

    Attributes:
        null: why it may be null instead; None where that is not known to happen.
        properties: of an object.
        open: whether an object may have more properties than these.
        from_schema: whether its properties are those of a schema that an agent answers to.
        element: of an array; of a promise, its value.
        items: of an array that is known element by element.
        enum: the only values there are.
        function: the function's node.
        schema: the literal schema that it was read from.
        literal: the object literal that made it.
        choices: of an object that may be of one of several schemas, its type for each.
        lost: a null that was spread into an object, where it leaves nothing behind.
        written: the `null` in the script that it may be instead; it counts where it lands in a slot of a fan-out.
    """

    kind: Kind
    null: Null | None = None
    properties: dict[str, Member] = field(factory=dict)
    open: bool = True
    from_schema: bool = False
    element: Type | None = None
    items: tuple[Type, ...] | None = None
    enum: tuple[object, ...] = ()
    description: str | None = None
    function: Node | None = None
    schema: Node | None = None
    literal: Node | None = None
    choices: tuple[Type, ...] = ()
    lost: Null | None = None
    written: Node | None = None

    def or_null(self, null: Null | None) -> Type:
        """The same, or null."""
        return self if null is None or self.null is not None else evolve(self, null=null)

    def not_null(self) -> Type:
        """The same without null."""
        return self if self.null is None and self.written is None else evolve(self, null=None, written=None)

    def member(self, name: str) -> Member | None:
        return self.properties.get(name)


UNKNOWN = Type("unknown")
NULL = Type("null")
UNDEFINED = Type("undefined")
STRING = Type("string")
NUMBER = Type("number")
BOOLEAN = Type("boolean")


def array_of(element: Type, items: tuple[Type, ...] | None = None) -> Type:
    return Type("array", element=element, items=items)


def promise_of(value: Type) -> Type:
    return value if value.kind == "promise" else Type("promise", element=value)


def awaited(type_: Type) -> Type:
    """What `await` makes of it."""
    return (type_.element or UNKNOWN) if type_.kind == "promise" else type_


def join(first: Type, second: Type) -> Type:
    """What is known of a value that is one or the other."""
    if first is second:
        return first
    null = first.null or second.null
    for one, other in ((first, second), (second, first)):
        if one.kind in {"null", "undefined"}:
            written = first.written or second.written
            return (
                evolve(other, null=null, written=written)
                if null is not None or written is not None
                else other
            )
    written = first.written or second.written
    if written is not None:
        plain = join(evolve(first, written=None), evolve(second, written=None))
        return evolve(plain, written=written)
    if first.kind != second.kind:
        return UNKNOWN.or_null(null)
    if first.kind == "array":
        return array_of(join(first.element or UNKNOWN, second.element or UNKNOWN)).or_null(null)
    if first.kind == "promise":
        return promise_of(join(awaited(first), awaited(second)))
    if first.kind == "object":
        if first.schema is not None and first.schema is second.schema:
            return first.or_null(null)
        choices = (*_choices(first), *_choices(second)) if first.from_schema and second.from_schema else ()
        return Type(
            "object",
            null,
            {**second.properties, **first.properties},
            from_schema=bool(choices),
            choices=choices,
        )
    if first.kind == "function":
        return UNKNOWN.or_null(null)
    enum = (*first.enum, *second.enum) if first.enum and second.enum else ()
    return Type(first.kind, null, enum=enum)


def _choices(type_: Type) -> tuple[Type, ...]:
    return type_.choices or (evolve(type_, null=None),)


def join_all(types: list[Type]) -> Type:
    joined = types[0] if types else UNDEFINED
    for type_ in types[1:]:
        joined = join(joined, type_)
    return joined
