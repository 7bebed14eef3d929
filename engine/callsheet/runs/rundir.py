"""Where runs lie on disk, and the names of the files in a run's folder (protocol, "Files")."""

from __future__ import annotations

import os
import re
import secrets
import time
from pathlib import Path
from typing import Final

from attrs import frozen

from callsheet.errors import UsageError

HOUSE: Final = ".callsheet"
"""The folder that everything Callsheet writes into a project lies in."""

IGNORED: Final = ("runs/", "worktrees/", ".gitignore")
"""What `.callsheet/.gitignore` keeps out of git; itself too, so that a run never shows in `git status`."""

_DRAFT: Final = ".draft-"
"""Begins the name of a run's folder until its header is on disk: nobody ever sees half a run."""

_REMOVED: Final = ".removed-"

RUN_ID: Final = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")


@frozen
class RunDir:
    """The folder of one run; its name is the run's id."""

    path: Path

    @property
    def run_id(self) -> str:
        return self.path.name.removeprefix(_DRAFT)

    @property
    def root(self) -> Path:
        """The project: the folder that holds `.callsheet/`."""
        return self.path.parents[2]

    @property
    def journal(self) -> Path:
        return self.path / "journal.jsonl"

    @property
    def script(self) -> Path:
        return self.path / "script.js"

    @property
    def agents(self) -> Path:
        return self.path / "agents"

    @property
    def lock(self) -> Path:
        return self.path / "lock"

    @property
    def socket(self) -> Path:
        return self.path / "control.sock"

    @property
    def log(self) -> Path:
        """Standard output and error of the runner, for the day when it dies."""
        return self.path / "runner.log"

    def transcript(self, call: int) -> Path:
        return self.agents / f"{call}.jsonl"


def repository_root(start: Path) -> Path | None:
    """The nearest folder from `start` upwards that has a `.git`, without asking git."""
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            return folder
    return None


def project_root(start: Path) -> Path:
    """The folder that holds `.callsheet/`: the repository root, else `start` itself."""
    start = start.resolve()
    return repository_root(start) or start


def runs_folder(root: Path) -> Path:
    return root / HOUSE / "runs"


def new_run_id(at: float | None = None) -> str:
    """A run id, `YYYYMMDD-HHMMSS-xxxxxx` in local time; ids sort in the order in which they were made."""
    at = time.time() if at is None else at
    fraction = int(at % 1 * 0x1000)
    return (
        f"{time.strftime('%Y%m%d-%H%M%S', time.localtime(at))}-{fraction:03x}{secrets.randbelow(0x1000):03x}"
    )


def create_run_dir(root: Path) -> RunDir:
    """Make the folder of a new run under `root`, readable by its owner alone and hidden until it is published.

    Raises:
        UsageError: the folder cannot be written.
    """
    house = root / HOUSE
    try:
        house.mkdir(exist_ok=True)
        _keep_out_of_git(house)
        runs = runs_folder(root)
        runs.mkdir(mode=0o700, exist_ok=True)
        path = runs / f"{_DRAFT}{new_run_id()}"
        while path.exists() or (runs / path.name.removeprefix(_DRAFT)).exists():
            path = runs / f"{_DRAFT}{new_run_id()}"
        path.mkdir(mode=0o700)
        run_dir = RunDir(path)
        run_dir.agents.mkdir(mode=0o700)
    except OSError as error:
        raise UsageError(
            f"Cannot write the run's folder under {house}: {error.strerror or error}.",
            hint="Make the folder writable, or start the run from another one.",
        ) from error
    return run_dir


def refuse_without(cwd: Path) -> None:
    """Refuse to go on where a run's working directory is gone.

    Raises:
        UsageError: it is.
    """
    if not cwd.is_dir():
        raise UsageError(
            f"The run's working directory {cwd} is gone.", hint="Make it again, then resume the run."
        )


def read_script(run_dir: RunDir) -> str:
    """The script that a run is to go on with.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return run_dir.script.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(
            f"The run's script {run_dir.script} cannot be read: {reason}.",
            hint=f"Give it again: callsheet resume {run_dir.run_id} --script FILE",
        ) from error


def is_half_made(path: Path) -> bool:
    """Whether a folder of a run is still to be published, or was on its way to removal."""
    return path.name.startswith((_DRAFT, _REMOVED))


def doom(run_dir: RunDir) -> Path:
    """Hide a run that is to be removed, so that nobody ever reads half of one; returns where it lies now."""
    return run_dir.path.rename(run_dir.path.with_name(f"{_REMOVED}{run_dir.run_id}"))


def publish(run_dir: RunDir) -> RunDir:
    """Show a drafted run, whole, to those who watch the folder of runs."""
    return RunDir(run_dir.path.rename(run_dir.path.with_name(run_dir.run_id)))


def _keep_out_of_git(house: Path) -> None:
    ignore = house / ".gitignore"
    try:
        present = ignore.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        present = []
    missing = [line for line in IGNORED if line not in present]
    if missing:
        write_private(ignore, "\n".join([*present, *missing, ""]).encode(), mode=0o644)


def write_private(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Put `data` in `path` whole or not at all, synced, with the given mode."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def touch_runs(root: Path) -> None:
    """Tell those who watch the folder of runs that a run begins or goes on."""
    os.utime(runs_folder(root))
