"""A run whose journal the test writes: as a runner does, with the lease held, but at the test's own pace."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from callsheet.runs.journal import encode_line
from callsheet.runs.lease import Lease
from callsheet.runs.records import FORMAT_VERSION
from callsheet.runs.rundir import RunDir, create_run_dir, publish, touch_runs, write_private


class WrittenRun:
    """A run that is alive as long as the test says."""

    def __init__(self, root: Path, script: Path, text: str, name: str = "audit") -> None:
        draft = create_run_dir(root)
        write_private(draft.script, text.encode())
        self._count = 0
        header = {
            "k": "header",
            "v": FORMAT_VERSION,
            "id": draft.run_id,
            "name": name,
            "at": time.time(),
            "script": "0" * 64,
            "path": str(script),
            "cwd": str(root),
            "options": {},
            "phases": [],
            "commit": None,
            "simulated": False,
            "callsheet": "0",
        }
        write_private(draft.journal, encode_line(header))
        self._lease: Lease | None = Lease.take(draft.lock)
        self.run_dir: RunDir = publish(draft)
        self.segment()

    @property
    def run_id(self) -> str:
        return self.run_dir.run_id

    def write(self, *records: dict[str, Any]) -> None:
        """Append records."""
        with self.run_dir.journal.open("ab") as file:
            file.write(b"".join(map(encode_line, records)))

    def segment(self, *, resume: bool = False) -> None:
        """A process begins to run it."""
        fields = {"pid": os.getpid(), "resume": resume, "script": "0" * 64, "edited": False, "options": {}}
        self.write({"k": "segment", "at": time.time(), **fields})

    def call(self, line: int, label: str, *, column: int = 1, phase: str | None = None) -> int:
        """An agent is called and starts; returns its number."""
        self._count += 1
        n = self._count
        call = {"k": "call", "n": n, "kind": "agent", "hash": f"{n:064x}", "label": label, "phase": phase}
        self.write(
            {**call, "model": "acme/large", "line": line, "column": column},
            {"k": "start", "n": n, "attempt": 1, "at": time.time(), "model": "acme/large"},
        )
        return n

    def progress(self, n: int, tokens: int) -> None:
        """News of an agent."""
        self.write({"k": "progress", "n": n, "usage": usage(tokens), "text": f"step {tokens}"})

    def done(self, n: int, tokens: int = 1000, **more: Any) -> None:
        """An agent ends; `status`, `reason` and others as in the journal."""
        record = {"k": "done", "n": n, "at": time.time(), "status": "done", "value": "v", "durationMs": 1500}
        self.write({**record, "usage": usage(tokens), **more})

    def end(self, status: str = "completed", **more: Any) -> None:
        """The run ends in order."""
        self.write({"k": "end", "at": time.time(), "status": status, "durationMs": 3000, **more})
        self.die()

    def die(self) -> None:
        """The process that runs it is gone."""
        if self._lease is not None:
            self._lease.release()
            self._lease = None

    def resume(self) -> None:
        """A process takes it up again."""
        self._lease = Lease.take(self.run_dir.lock)
        self.segment(resume=True)
        touch_runs(self.run_dir.root)


def usage(tokens: int) -> dict[str, Any]:
    """Tokens and a cost for them."""
    return {"input": tokens, "output": 0, "cost": tokens / 100_000, "estimated": False}
