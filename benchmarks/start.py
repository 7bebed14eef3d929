"""From the command to the first agent, and what the processes weigh then.

`python -m benchmarks.start [--rounds 15]`; the targets are 0.6 s, and 120 MiB for the runner.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from callsheet.runs.control import ask
from callsheet.runs.store import RunStore

from tests.support.cli import answer, asked, write_answers, write_script


def main() -> None:
    """Print how long it took and how much memory runner and sandbox have."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    took: list[float] = []
    memory: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_script(folder / "one.workflow.js", 'return await agent("look")')
        backend = write_answers(folder / "a.json", {"look": answer(wait_for="never")})
        command = [
            str(Path(sys.executable).with_name("callsheet")),
            "run",
            "one.workflow.js",
            "--backend",
            backend,
        ]
        for _ in range(options.rounds):
            folder.joinpath("a.log").unlink(missing_ok=True)
            began = time.perf_counter()
            process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
            while not asked(folder / "a.json"):
                time.sleep(0.001)
            took.append(time.perf_counter() - began)
            run_dir = RunStore(folder).find("last")
            runner = ask(run_dir, "ping")["pid"]
            memory = {"command": resident_mib(process.pid), "runner": resident_mib(runner)}
            memory["sandbox"] = max((resident_mib(pid) for pid in children(runner)), default=0.0)
            ask(run_dir, "stop")
            process.wait()
    print(
        f"{options.rounds} starts, load {os.getloadavg()[0]:.1f}, seconds from the command to the first agent"
    )
    print(f"least {min(took):.3f}, median {statistics.median(took):.3f}, most {max(took):.3f}")
    print(", ".join(f"{what}: {mib:.0f} MiB" for what, mib in memory.items()))


def resident_mib(pid: int) -> float:
    listing = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return int(listing.stdout.strip() or 0) / 1024


def children(pid: int) -> list[int]:
    listing = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout
    return [int(child) for child, parent in map(str.split, listing.splitlines()) if int(parent) == pid]


if __name__ == "__main__":
    main()
