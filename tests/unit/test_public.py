"""The names that other programs import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import callsheet

ENGINE = str(Path(callsheet.__file__).parents[1])


def test_every_public_name_is_there() -> None:
    assert [name for name in callsheet.__all__ if getattr(callsheet, name, None) is None] == []


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = ("tree_sitter", "quickjs", "jsonschema", "rich", "pygls", "litellm", "asyncio")
    code = f"import sys, callsheet; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-P", "-S", "-c", f"import sys; sys.path.append({ENGINE!r}); {code}"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "[]"
