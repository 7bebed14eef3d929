"""The command line as a person runs it: real processes, away from the person's own settings and keys."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

COMMAND = [
    sys.executable,
    "-P",
    "-c",
    "import sys; sys.argv[0] = 'callsheet'; from callsheet.cli import main; main()",
]
TIMEOUT_S = 90


def environ(home: Path, **more: str) -> dict[str, str]:
    """Variables of a machine without settings and keys."""
    plain = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {**plain, "HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config"), "COLUMNS": "100", **more}


def callsheet(
    *args: str, cwd: Path, env: Mapping[str, str] | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run `callsheet` with pipes for its standard streams."""
    return subprocess.run(
        [*COMMAND, *args],
        cwd=cwd,
        env=dict(env or environ(cwd)),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )


def result_of(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The one object that `--json` printed."""
    shape = json.loads(done.stdout)
    assert isinstance(shape, dict)
    return shape


def write_script(path: Path, body: str, **meta: Any) -> Path:
    """A script with the given body."""
    literal = json.dumps({"name": path.name.partition(".")[0], "description": "A test", **meta})
    path.write_text(f"export const meta = {literal}\n{body}\n", encoding="utf-8")
    return path


def write_answers(path: Path, answers: Any = None, *, default: Any = "done") -> str:
    """Answers for `--backend`; every try that starts is logged in `<name>.log` beside them."""
    script = {"answers": answers or {}, "default": default, "log": f"{path.stem}.log"}
    path.write_text(json.dumps(script), encoding="utf-8")
    return f"scripted:{path}"


def asked(path: Path) -> list[dict[str, Any]]:
    """The tries that started, from the log of `write_answers`."""
    log = path.with_suffix(".log")
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def answer(value: Any = "done", **fields: Any) -> dict[str, Any]:
    """An answer with further fields of the scripted backend's."""
    return {"$answer": {"value": value, **fields}}
