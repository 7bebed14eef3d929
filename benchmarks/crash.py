"""Kills runs at random moments and resumes them: `python -m benchmarks.crash [--rounds 200] [--first 0] [--at-once 4]`.

Every round is told by its seed, so that a failed one can be had again. What must hold is in `tests.support.crash`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.support.crash import Outcome, crash_round


def main() -> int:
    """Run the rounds and print what was killed and what was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="seed of the first round")
    parser.add_argument("--at-once", type=int, default=4)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="callsheet-crash-"))
    failed: list[int] = []
    crashes: Counter[str] = Counter()
    began = time.monotonic()

    def one(seed: int) -> tuple[int, Outcome | AssertionError]:
        try:
            outcome = crash_round(folder / str(seed), seed)
        except AssertionError as error:
            return seed, error
        shutil.rmtree(folder / str(seed))
        return seed, outcome

    with ThreadPoolExecutor(options.at_once) as pool:
        for seed, outcome in pool.map(one, range(options.first, options.first + options.rounds)):
            if isinstance(outcome, AssertionError):
                failed.append(seed)
                print(f"round {seed} failed: {outcome}")
            else:
                crashes.update(crash.partition(" by ")[0] for crash in outcome.crashes)
    print(f"{options.rounds} rounds in {time.monotonic() - began:.0f} s: {len(failed)} failed {failed or ''}")
    print(", ".join(f"{what}: {count}" for what, count in crashes.most_common()))
    if failed:
        print(f"What they left is in {folder}.")
    else:
        shutil.rmtree(folder)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
