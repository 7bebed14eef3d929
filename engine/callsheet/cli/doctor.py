"""`callsheet doctor`: whether this machine has what runs need."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal

import typer
from attrs import frozen

import callsheet
from callsheet.cli.common import JsonOption, print_json
from callsheet.cli.exits import Exit
from callsheet.runs.rundir import HOUSE, project_root
from callsheet.settings import load_settings
from callsheet.settings.load import setting_files

_SIGNS: Final = {"ok": "✓", "note": "·", "problem": "✗"}
_MIN_PYTHON: Final = (3, 11)
_SCRIPT: Final = 'export const meta = {name: "doctor", description: "Tries the sandbox"}\nreturn 6 * 7'
_EDITORS: Final = {
    "code": "Visual Studio Code",
    "nvim": "Neovim",
    "hx": "Helix",
    "emacs": "Emacs",
    "zed": "Zed",
}


@frozen
class Finding:
    """One line of the doctor's.

    Attributes:
        level: `ok`, `note` for what may be so, `problem` for what keeps runs from working.
        subject: what was looked at.
        message: what was found, and what to do.
    """

    level: Literal["ok", "note", "problem"]
    subject: str
    message: str


def doctor(json: JsonOption = False) -> None:
    """Check the set-up: Python, git, sandbox, keys, model, folders, editors. No key is ever printed."""
    findings = [finding for check in _CHECKS for finding in check()]
    if json:
        print_json(
            [{"level": each.level, "subject": each.subject, "message": each.message} for each in findings]
        )
    else:
        print(f"callsheet {callsheet.__version__} in {Path(callsheet.__file__).parent}")
        for each in findings:
            print(f"{_SIGNS[each.level]} {each.subject}: {each.message}")
    if any(each.level == "problem" for each in findings):
        raise typer.Exit(Exit.FAILED)


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= _MIN_PYTHON:
        yield Finding("ok", "Python", f"{version} ({sys.executable})")
    else:
        yield Finding("problem", "Python", f"{version} is too old; install 3.11 or newer.")


def _git() -> Iterator[Finding]:
    found = shutil.which("git")
    if found is None:
        yield Finding(
            "problem", "git", "not found; install git, or agents cannot be isolated from each other."
        )
        return
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    yield Finding("ok", "git", f"{version.removeprefix('git version ')} ({found})")
    root = project_root(Path.cwd())
    if not (root / ".git").exists():
        yield Finding("note", "repository", f'{root} is none; `isolation: "worktree"` has no effect here.')


def _sandbox() -> Iterator[Finding]:
    from callsheet.errors import CallsheetError
    from callsheet.sandbox import Program, Sandbox

    async def try_it() -> tuple[str | None, bool]:
        sandbox = await Sandbox.start()
        try:
            outcome = (await sandbox.open(0, Program(text=_SCRIPT))).outcome
            return None if outcome is None else outcome.value_json, _is_filtered(sandbox.pid)
        finally:
            await sandbox.kill()

    try:
        answer, filtered = asyncio.run(try_it())
    except (CallsheetError, OSError) as error:
        yield Finding("problem", "sandbox", f"scripts cannot run: {error}")
        return
    if answer == "42":
        yield Finding("ok", "sandbox", "a script ran and was stopped")
    else:
        yield Finding(
            "problem", "sandbox", f"a script returned {answer} in place of 42; reinstall quickjs-ng."
        )
    if filtered:
        yield Finding("ok", "seccomp", "the sandbox may make no system calls but a few harmless ones")
    elif sys.platform == "linux":
        yield Finding("note", "seccomp", "not available; the sandbox is a process of its own without it")


def _is_filtered(pid: int) -> bool:
    """Whether a process is under a seccomp filter, as the kernel tells."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    return "Seccomp:\t2" in status


def _models() -> Iterator[Finding]:
    from callsheet.agents.models import ModelResolver
    from callsheet.agents.providers import KEYS, SIZES, is_usable, needed_variables

    settings, _ = load_settings(Path.cwd())
    usable = [provider for provider in dict.fromkeys([*SIZES, *KEYS]) if is_usable(provider, os.environ)]
    for provider in usable:
        names = next(
            names for names in needed_variables(provider) if all(os.environ.get(name) for name in names)
        )
        yield Finding("ok", "key", f"{provider} ({', '.join(names)} set)")
    session = ModelResolver(settings).session
    if session.warning:
        yield Finding("problem", "model", session.warning)
    if session.model is not None:
        yield Finding("ok", "model", f"{session.model} where nothing else is said (from: {session.source})")
        return
    wanted = ", ".join(needed_variables(provider)[0][0] for provider in list(SIZES)[:3])
    yield Finding(
        "note",
        "model",
        f"no provider's key is set, so agents are simulated and their answers made up. Set one of {wanted}, …",
    )


def _folders() -> Iterator[Finding]:
    root = project_root(Path.cwd())
    house = root / HOUSE
    nearest = house if house.exists() else root
    if os.access(nearest, os.W_OK | os.X_OK):
        yield Finding("ok", "runs", f"kept in {house / 'runs'}")
    else:
        yield Finding(
            "problem", "runs", f"{nearest} cannot be written; make it writable, or work in another folder."
        )


def _settings() -> Iterator[Finding]:
    _, problems = load_settings(Path.cwd())
    for problem in problems:
        yield Finding("problem" if problem.severity == "error" else "note", "settings", str(problem))
    files = [str(path) for path in setting_files(Path.cwd()) if path.exists()]
    yield Finding("ok", "settings", f"from {', '.join(files)}" if files else "no file, the defaults hold")


def _editors() -> Iterator[Finding]:
    found = [name for command, name in _EDITORS.items() if shutil.which(command)]
    yield Finding(
        "ok" if found else "note", "editors", ", ".join(found) if found else "none found on the PATH"
    )
    beside = Path(sys.executable).parent
    server = shutil.which("callsheet-lsp") or shutil.which("callsheet-lsp", path=str(beside))
    if server is None:
        yield Finding(
            "note", "language server", "callsheet-lsp is not on the PATH; give editors its full path."
        )
    else:
        yield Finding("ok", "language server", server)


_CHECKS: Final[tuple[Callable[[], Iterator[Finding]], ...]] = (
    _python,
    _git,
    _sandbox,
    _models,
    _folders,
    _settings,
    _editors,
)
