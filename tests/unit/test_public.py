"""The names that other programs import."""

from __future__ import annotations

import subprocess
import sys

import callsheet


def test_every_public_name_is_there() -> None:
    assert [name for name in callsheet.__all__ if getattr(callsheet, name, None) is None] == []


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = ("tree_sitter", "quickjs", "jsonschema", "rich", "pygls", "litellm", "asyncio")
    code = f"import sys; before = set(sys.modules); import callsheet; print(set({heavy!r}) & (set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-P", "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"
