"""Runs that are killed at random moments, and resumed until they are done (rules R1, R3, R4, R6, W2, W4)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.crash import crash_round

ROUNDS = 30
AT_ONCE = 6


@pytest.mark.timeout(300)
def test_whatever_is_killed_nothing_is_lost_repeated_or_left(tmp_path: Path) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        rounds = [pool.submit(crash_round, tmp_path / str(seed), seed) for seed in range(ROUNDS)]
        for each in rounds:
            each.result()
