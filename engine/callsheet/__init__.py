"""Callsheet: check, run and resume agent workflow scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# What is public, and where it lives: importing the package alone must stay cheap.
_PUBLIC = {
    "check_source": "callsheet.language.api",
    "parse_workflow": "callsheet.language.api",
}

if TYPE_CHECKING:
    from callsheet.language.api import check_source, parse_workflow

__all__ = ["__version__", "check_source", "parse_workflow"]


def __getattr__(name: str) -> Any:
    module = _PUBLIC.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(module), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC})
