"""Runs of the engine in this process, on folders of their own."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from callsheet.agents.backend import AgentRequest
from callsheet.agents.scripted import Answer, ScriptedBackend
from callsheet.runs.engine import Engine
from callsheet.runs.journal import Journal, read_journal
from callsheet.runs.options import RunOptions
from callsheet.runs.records import FORMAT_VERSION
from callsheet.runs.result import RunResult
from callsheet.runs.rundir import RunDir, create_run_dir, publish, write_private
from callsheet.runs.scripts import load_script

META = "export const meta = {name: 'test', description: 'a test'}\n"


def script(body: str, meta: str = META) -> str:
    """A script with a `meta` on its first line."""
    return meta + body


def new_run(
    root: Path,
    text: str,
    *,
    args: tuple[Any, ...] = (),
    options: RunOptions | None = None,
    commit: str | None = None,
    path: Path | None = None,
) -> RunDir:
    """A run's folder with header and script, as a launcher leaves it."""
    loaded = load_script(text, checked=True)
    run_dir = create_run_dir(root)
    write_private(run_dir.script, text.encode())
    header: dict[str, Any] = {
        "k": "header",
        "v": FORMAT_VERSION,
        "id": run_dir.run_id,
        "name": loaded.facts.name,
        "at": time.time(),
        "script": loaded.sha,
        "path": str(path or root / "test.workflow.js"),
        "cwd": str(root),
        "options": (options or RunOptions()).to_record(),
        "phases": list(loaded.facts.phases),
        "commit": commit,
        "simulated": False,
        "callsheet": "0",
    }
    if args:
        header["args"] = args[0]
    Journal.create(run_dir.journal, header).close()
    return publish(run_dir)


class CountingBackend(ScriptedBackend):
    """A scripted backend that remembers what it was asked.

    Attributes:
        asked: every try, in the order in which they began.
        most_at_once: the most tries that were under way together.
    """

    def __init__(self, answers: Any = None, **more: Any) -> None:
        super().__init__(answers, **more)
        self.asked: list[AgentRequest] = []
        self.most_at_once = 0
        self._under_way = 0

    async def run(self, request: AgentRequest, emit: Callable[..., None]) -> Any:
        self.asked.append(request)
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            return await super().run(request, emit)
        finally:
            self._under_way -= 1

    @property
    def prompts(self) -> list[str]:
        return [request.prompt for request in self.asked]


def by_prompt(answers: Mapping[str, Any], default: Any = None) -> Callable[[AgentRequest], Any]:
    """Answers by the exact prompt."""

    def answer(request: AgentRequest) -> Any:
        reply = answers.get(request.prompt, default)
        return f"<{request.prompt}>" if reply is None else reply

    return answer


def slow(seconds: float, value: Any = "late", **more: Any) -> Answer:
    """An answer that takes time."""
    return Answer(value, duration_s=seconds, **more)


async def play(run_dir: RunDir, backend: Any = None, **more: Any) -> RunResult:
    """Run or resume a run to its end."""
    return await Engine.open(run_dir, backend=backend or ScriptedBackend(), **more).run()


async def play_script(root: Path, body: str, backend: Any = None, **more: Any) -> RunResult:
    """Run a script's body to its end, on a new run."""
    options = more.pop("options", None)
    args = more.pop("args", ())
    meta = more.pop("meta", META)
    return await play(new_run(root, script(body, meta), args=args, options=options), backend, **more)


def records_of(run_dir: RunDir, kind: str | None = None) -> list[dict[str, Any]]:
    """What the journal holds, or those records of one kind."""
    records = read_journal(run_dir.journal).records
    return records if kind is None else [record for record in records if record["k"] == kind]


def statuses(result: RunResult) -> list[str]:
    return [agent["status"] for agent in result.agents]
