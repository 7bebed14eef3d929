"""Book-keeping of the engine, with agents that do nothing: `python -m benchmarks.engine [--folder DIR] [--rounds 3]`.

Prints the wall time of runs and resumes with the journal on disk, the cost per call, and how it grows. A run's time
begins behind the start of the process and its imports; a resume's is that of a whole process.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from callsheet.agents.scripted import ScriptedBackend
from callsheet.runs.api import resume_run, run_workflow
from callsheet.runs.options import RunOptions

SIZES = (1_000, 5_000, 10_000)
SCRIPT = """export const meta = {name: 'no-op', description: 'Agents that do nothing'}
let answered = 0
for (let left = args; left > 0; left -= 1000) {
  const some = Array.from({length: Math.min(1000, left)}, (_, i) => () => agent(`task ${left} ${i}`))
  answered += (await parallel(some)).length
}
return answered
"""
TARGETS_S = {"run": {1_000: 0.35, 10_000: 3.0}, "resume": {1_000: 0.4, 10_000: 2.0}}
MAX_GROWTH = 12.0
"""10,000 agents may take so many times what 1,000 take."""


async def _run(folder: Path, agents: int) -> tuple[str, float]:
    began = time.perf_counter()
    options = RunOptions(concurrency=16, max_agents=agents)
    result = await run_workflow(SCRIPT, args=agents, options=options, backend=ScriptedBackend(), cwd=folder)
    took = time.perf_counter() - began
    assert (result.status, result.result) == ("completed", agents)
    assert result.run_id is not None
    return result.run_id, took


def _resume(folder: Path, run_id: str) -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "benchmarks.engine", "--folder", str(folder), "--resume", run_id], check=True
    )
    return time.perf_counter() - began


async def _resume_here(folder: Path, run_id: str) -> None:
    result = await resume_run(run_id, backend=ScriptedBackend({}), root=folder)
    assert result.status == "completed"
    assert {agent["status"] for agent in result.agents} == {"replayed"}


def measure(folder: Path, rounds: int) -> dict[str, dict[int, float]]:
    """The least wall time in seconds of runs and resumes, by number of agents."""
    best: dict[str, dict[int, float]] = {"run": {}, "resume": {}}
    asyncio.run(_run(folder, 10))
    for _ in range(rounds):
        for agents in SIZES:
            run_id, took = asyncio.run(_run(folder, agents))
            best["run"][agents] = min(took, best["run"].get(agents, took))
            took = _resume(folder, run_id)
            best["resume"][agents] = min(took, best["resume"].get(agents, took))
    return best


def show(best: dict[str, dict[int, float]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="Agents that do nothing, journal on disk")
    for column in ("agents", "run s", "µs a call", "target s", "resume s (whole process)", "target s"):
        table.add_column(column, justify="right")
    for agents in SIZES:
        run_s, resume_s = best["run"][agents], best["resume"][agents]
        table.add_row(
            f"{agents:,}",
            f"{run_s:.2f}",
            f"{run_s / agents * 1e6:.0f}",
            str(TARGETS_S["run"].get(agents, "")),
            f"{resume_s:.2f}",
            str(TARGETS_S["resume"].get(agents, "")),
        )
    console = Console()
    console.print(table)
    growth = best["run"][10_000] / best["run"][1_000]
    console.print(f"10,000 agents take {growth:.1f} times what 1,000 take (at most {MAX_GROWTH:g}).")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    console.print(f"Peak memory: {own:.0f} MiB here, {children:.0f} MiB in the largest child process.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where the runs are kept; a temporary folder without it")
    parser.add_argument("--rounds", type=int, default=3, help="the least of so many is shown")
    parser.add_argument("--resume", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.resume is not None:
        asyncio.run(_resume_here(given.folder, given.resume))
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        show(measure(Path(folder), given.rounds))


if __name__ == "__main__":
    main()
