"""JSON values that every reader of a run can take: standard JSON, and not nested too deep."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any, Final

MAX_DEPTH: Final = 256
"""Levels of arrays and objects in one value. Readers recurse, and Python allows them about a thousand calls."""

_TOO_DEEP: Final = f"it is nested more than {MAX_DEPTH} levels deep"


def read_json(text: str) -> Any:
    """Reads JSON text.

    Raises:
        ValueError: it is no JSON (`NaN` and `Infinity` are none), a number in it is too large, or it is nested too
            deep.
    """
    try:
        value = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    check_depth(value)
    return value


def write_json(value: Any) -> str:
    """Writes a value as JSON text.

    Raises:
        ValueError: it has a part that is no JSON value, or it is nested too deep.
    """
    try:
        text = json.dumps(value, allow_nan=False)
    except TypeError as error:
        raise ValueError(str(error)) from error
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    check_depth(value)
    return text


def check_depth(value: Any) -> None:
    """Checks that a value, which is no part of itself, is not nested too deep.

    Raises:
        ValueError: it is.
    """
    level = _nested([value])
    for _ in range(MAX_DEPTH):
        if not level:
            return
        level = _nested(
            part for outer in level for part in (outer.values() if isinstance(outer, dict) else outer)
        )
    if level:
        raise ValueError(_TOO_DEEP)


def _nested(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if isinstance(value, dict | list | tuple)]


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no JSON value")


def _finite(text: str) -> float:
    if math.isinf(number := float(text)):
        raise ValueError(f"{text} is too large a number")
    return number
