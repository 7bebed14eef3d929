"""The arguments of commands: JSON objects from clients, checked before they are used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pygls.exceptions import JsonRpcInvalidParams


class Arguments:
    """The one object that a command takes.

    Raises:
        JsonRpcInvalidParams: it is no object.
    """

    def __init__(self, command: str, arguments: Sequence[Any]) -> None:
        self._command = command
        given = arguments[0] if arguments else {}
        if not isinstance(given, Mapping) or len(arguments) > 1:
            raise JsonRpcInvalidParams(f"{command} takes one object.")
        self._given = given

    def __contains__(self, name: str) -> bool:
        return name in self._given

    def any(self, name: str) -> Any:
        """A value of any type, None where there is none."""
        return self._given.get(name)

    def text(self, name: str) -> str:
        """A string that must be there."""
        value = self.maybe_text(name)
        if value is None:
            raise self._wrong(name, "a string")
        return value

    def maybe_text(self, name: str) -> str | None:
        """A string that may be left out."""
        value = self._given.get(name)
        if value is not None and not isinstance(value, str):
            raise self._wrong(name, "a string")
        return value

    def number(self, name: str) -> int:
        """A whole number from 1 that must be there."""
        value = self.maybe_number(name)
        if value is None:
            raise self._wrong(name, "a whole number from 1")
        return value

    def maybe_number(self, name: str) -> int | None:
        """A whole number from 1 that may be left out."""
        value = self._given.get(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
            raise self._wrong(name, "a whole number from 1")
        return value

    def flag(self, name: str) -> bool:
        """True or false; false where it is left out."""
        value = self._given.get(name)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return bool(value)

    def _wrong(self, name: str, wanted: str) -> JsonRpcInvalidParams:
        return JsonRpcInvalidParams(f"{self._command}: `{name}` must be {wanted}.")
