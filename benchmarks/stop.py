"""From the command to every process gone, with 16 agents in shell commands that ignore SIGTERM.

`python -m benchmarks.stop [--rounds 20] [--agents 16]`; the target is 1.0 s at the 95th percentile.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from callsheet.runs.control import ask

from tests.support.shells import run_stubborn_agents, wait_until_gone
from tests.support.stub_provider import StubProvider


def main() -> None:
    """Print how long each stop took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--agents", type=int, default=16)
    options = parser.parse_args()
    took: list[float] = []
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder, StubProvider() as provider:
            run_dir = run_stubborn_agents(Path(folder), provider, options.agents)
            began = time.perf_counter()
            ask(run_dir, "stop")
            wait_until_gone(run_dir)
            took.append(time.perf_counter() - began)
    took.sort()
    print(f"{options.rounds} stops of {options.agents} agents, seconds until the last process was gone")
    late = took[int(0.95 * (len(took) - 1))]
    print(f"least {took[0]:.3f}, median {statistics.median(took):.3f}, 95th percentile {late:.3f}")


if __name__ == "__main__":
    main()
