"""What each setting may hold: one table, read by the loader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from attrs import frozen

LEVELS: Final = ("error", "warning", "information", "hint", "off")
HOSTS: Final = ("claude", "pi")


@frozen
class Kind:
    """What a value must be.

    Attributes:
        wanted: how a message says it.
        read: the value as `Settings` holds it; raises ValueError for any other.
        table: whether it describes each value of a table with free keys.
    """

    wanted: str
    read: Callable[[Any], Any]
    table: bool = False


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < float("inf"):
        raise ValueError
    return float(value)


def _positive(value: Any) -> float:
    number = _number(value)
    if not number:
        raise ValueError
    return number


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError
    return value


def _or_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    # TOML has no null, so `false` says "none" there.
    return lambda value: None if value is None or value is False else read(value)


def _one_of(names: tuple[str, ...]) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in names:
            raise ValueError
        return str(value)

    return read


def _hosts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        raise ValueError
    return tuple(_one_of(HOSTS)(host) for host in value)


def _prices(value: Any) -> tuple[float, float]:
    if isinstance(value, Mapping):
        value = [value.get("input"), value.get("output")]
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise ValueError
    return _number(value[0]), _number(value[1])


_COUNT = Kind("a whole number from 1", _count)
_FLAG = Kind("true or false", _flag)
_TEXT = Kind("a string that is not blank", _text)

SCHEMA: Final[Mapping[str, Kind]] = {
    "model": Kind("a string that is not blank", _or_none(_text)),
    "models.aliases": Kind(_TEXT.wanted, _text, table=True),
    "models.tiers": Kind(_TEXT.wanted, _text, table=True),
    "models.prices": Kind(
        "two numbers, [input, output], in US dollars per million tokens", _prices, table=True
    ),
    "run.concurrency": Kind(_COUNT.wanted, _or_none(_count)),
    "run.max_agents": _COUNT,
    "run.budget_tokens": Kind("a whole number from 1, or false for none", _or_none(_count)),
    "run.agent_timeout_s": Kind("a number of seconds over 0, or false for none", _or_none(_positive)),
    "run.confirm_over.agents": Kind("a whole number from 1, or false for none", _or_none(_count)),
    "run.confirm_over.tokens": Kind("a whole number from 1, or false for none", _or_none(_count)),
    "run.confirm_over.cost_usd": Kind("a number of US dollars, or false for none", _or_none(_number)),
    "worktrees.required": _FLAG,
    "worktrees.include_uncommitted": _FLAG,
    "rules": Kind(f"one of {', '.join(LEVELS)}", _one_of(LEVELS), table=True),
    "hosts": Kind(f"a list of {' and '.join(HOSTS)}", _hosts),
    "run_diagnostics": _FLAG,
}
"""Every setting by its dotted name (protocol, "Settings")."""

GROUPS: Final = frozenset(
    ".".join(parts[:depth])
    for name in SCHEMA
    for parts in [name.split(".")]
    for depth in range(1, len(parts))
)
"""Names that hold settings and are none themselves, such as `run.confirm_over`."""

TABLES: Final = tuple(name for name, kind in SCHEMA.items() if kind.table)
"""Settings whose values are tables with free keys."""
