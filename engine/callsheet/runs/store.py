"""The runs of a project: listed, loaded, removed."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

from attrs import field, frozen

from callsheet.errors import CallsheetError, ErrorCode, UsageError
from callsheet.runs.follow import run_dirs
from callsheet.runs.journal import JournalCorrupt, read_journal
from callsheet.runs.lease import Lease, holder, is_held, last_words
from callsheet.runs.records import ErrorInfo
from callsheet.runs.rundir import RunDir, doom, runs_folder
from callsheet.runs.state import RunState


class UnknownRun(CallsheetError):
    """There is no such run, or more than one that is meant."""


@frozen
class StoredRun:
    """A run as its folder tells of it.

    Attributes:
        run_dir: its folder.
        state: what its journal says.
        held: whether a process runs it now.
        damage: what is wrong with its journal, where it could be read in part only.
        size_bytes: length of the part of the journal that `state` was read from.
        died: whether its last runner went away without writing down an end, perhaps before it had begun.
    """

    run_dir: RunDir
    state: RunState
    held: bool
    damage: ErrorInfo | None = None
    size_bytes: int = 0
    died: bool = field(init=False)

    @died.default
    def _has_died(self) -> bool:
        if self.held:
            return False
        who = holder(self.run_dir.lock)
        never_began = last_words(self.run_dir.lock) or (who is not None and who.at > self.state.segment_at)
        return not self.state.ended or bool(never_began)

    def __attrs_post_init__(self) -> None:
        if self.died:
            self.state.break_off()

    @property
    def run_id(self) -> str:
        return self.run_dir.run_id

    @property
    def status(self) -> str:
        """How it stands: as the journal says, or `stopped` when its runner died."""
        return "stopped" if self.died else self.state.status

    @property
    def error(self) -> ErrorInfo | None:
        """Why it failed or stopped."""
        if self.damage is not None:
            return self.damage
        if not self.died:
            return self.state.error
        message = last_words(self.run_dir.lock)
        if not message:
            who = f" (process {self.state.pid})" if self.state.pid and not self.state.ended else ""
            kept = "Every finished agent is kept: resume it to go on."
            message = f"The runner{who} died{self._last_words()}. {kept}"
        return {"code": ErrorCode.WORKFLOW_ABORTED, "message": message, "line": None, "column": None}

    def _last_words(self) -> str:
        try:
            lines = self.run_dir.log.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError:
            return ""
        words = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return f" ({words[:300]})" if words else ""

    def elapsed_ms(self) -> int:
        """Time the run was worked on, until now where it still is."""
        return self.state.elapsed_ms(time.time() if self.held else None)

    def to_json(self) -> dict[str, Any]:
        """The object that `show --json` prints, in the shape of `run --json` (protocol, "Command line")."""
        shape = self.state.to_result(status=self.status, error=self.error)
        shape["runId"] = self.run_id
        return shape

    def summary(self) -> dict[str, Any]:
        """The run as `runs --json` lists it and `callsheet/run` tells it (protocol)."""
        shape = self.state.summary(time.time() if self.held else None)
        return {**shape, "runId": self.run_id, "status": self.status, "error": self.error}


@frozen
class RunStore:
    """The runs under one project.

    Attributes:
        root: the folder that holds `.callsheet/`.
    """

    root: Path = field(converter=Path)

    def list(self, limit: int | None = None) -> list[StoredRun]:
        """Every run, or the `limit` newest, the newest first; one that cannot be read tells why in its error."""
        newest = run_dirs(runs_folder(self.root))[::-1]
        return [self._load(run_dir) for run_dir in newest[:limit]]

    def load(self, run_id: str) -> StoredRun:
        """The run that `run_id` means.

        Args:
            run_id: an id, the beginning of exactly one, or `last`.

        Raises:
            UnknownRun: there is none, or several begin so.
        """
        return self._load(self.find(run_id))

    def find(self, run_id: str) -> RunDir:
        """The folder of the run that `run_id` means; see `load`."""
        every = run_dirs(runs_folder(self.root))
        if run_id == "last" and every:
            return every[-1]
        found = [each for each in every if each.run_id == run_id]
        if not found and run_id:
            found = [each for each in every if each.run_id.startswith(run_id)]
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(each.run_id for each in found[:5])
            raise UnknownRun(f"{len(found)} runs begin with {run_id}: {names}.", hint="Give more of the id.")
        raise UnknownRun(
            f"There is no run {run_id} in {self.root}.",
            hint="`callsheet runs` lists the runs that there are.",
        )

    def remove(self, run_id: str) -> RunDir:
        """Remove a run's folder and the changes that its agents left in git.

        Returns:
            The folder that was removed.

        Raises:
            UnknownRun: there is no such run.
            WorkflowError: `RUN_LOCKED`, it is being run.
        """
        from callsheet.runs.sweep import sweep_run
        from callsheet.worktrees import open_repository, remove_refs

        run_dir = self.find(run_id)
        with Lease.take(run_dir.lock):
            sweep_run(run_dir)
            repository = open_repository(self.root)
            if repository is not None:
                remove_refs(repository, run_dir.run_id)
            shutil.rmtree(doom(run_dir))
        return run_dir

    def _load(self, run_dir: RunDir) -> StoredRun:
        # The lease is looked at first: an end that comes in between is then in the journal.
        held = is_held(run_dir.lock)
        try:
            contents = read_journal(run_dir.journal)
        except JournalCorrupt as corrupt:
            state = RunState.from_records(corrupt.records)
            return StoredRun(run_dir, state, held, _damage(corrupt), corrupt.size_bytes)
        except UsageError as error:
            return StoredRun(run_dir, RunState(), held, _damage(error))
        state = RunState.from_records(contents.records)
        return StoredRun(run_dir, state, held, size_bytes=contents.size_bytes)


def _damage(error: CallsheetError) -> ErrorInfo:
    return {"code": ErrorCode.JOURNAL_CORRUPT, "message": str(error), "line": None, "column": None}
