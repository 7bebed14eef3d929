"""Shapes of the tables' rows. Docs are Markdown."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

Kind = Literal["string", "number", "boolean", "null", "array", "object", "function", "regex"]
"""What a value is when its expression tells."""


@frozen
class Field:
    """A property of an options object or of `meta`.

    Attributes:
        name: its key.
        type: its type as TypeScript writes it.
        docs: what it means.
        kinds: what its value may be.
        default: how the docs say what holds without it.
        values: every value it may have, where that is a closed set.
        required: whether it must be there.
        item_kinds: what the items of an array may be.
        whole: whether a number must be an integer.
        minimum: smallest number allowed.
        maximum: largest number allowed.
        above: the number that it must be greater than.
        not_blank: whether a string of white space alone is wrong.
    """

    name: str
    type: str
    docs: str
    kinds: tuple[Kind, ...]
    default: str | None = None
    values: tuple[str, ...] = ()
    required: bool = False
    item_kinds: tuple[Kind, ...] = ()
    whole: bool = False
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    not_blank: bool = False


@frozen
class Parameter:
    """A parameter of a function.

    Attributes:
        kinds: what its value may be; empty for anything.
        fields: of an options object.
    """

    name: str
    type: str
    docs: str
    optional: bool = False
    rest: bool = False
    kinds: tuple[Kind, ...] = ()
    fields: tuple[Field, ...] = ()


@frozen
class Global:
    """A name that scripts can use without declaring it.

    Attributes:
        name: the name.
        kind: whether it is called or read.
        signature: as TypeScript writes it, with the name.
        summary: one sentence.
        docs: the rest.
        parameters: of a function, in order.
        members: of an object: name, type and meaning.
        snippet: what completion inserts, as an LSP snippet.
        is_helper: whether it is a quality helper, written on top of the others.
        awaited: whether it gives a promise.
    """

    name: str
    kind: Literal["function", "value"]
    signature: str
    summary: str
    docs: str = ""
    parameters: tuple[Parameter, ...] = ()
    members: tuple[Parameter, ...] = ()
    snippet: str | None = None
    is_helper: bool = False
    awaited: bool = False

    def parameter_with_fields(self) -> tuple[int, Parameter] | None:
        """The options parameter and its index."""
        for index, parameter in enumerate(self.parameters):
            if parameter.fields:
                return index, parameter
        return None
