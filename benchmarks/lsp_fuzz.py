"""Random edits and malformed messages against the language server, ten thousand by default.

python benchmarks/lsp_fuzz.py [EDITS] [FIRST_SEED]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.lsp_client import ENCODINGS, Client
from tests.support.lsp_fuzz import Fuzzer, real_scripts

ROUND = 1000


async def fuzz(edits: int, seed: int) -> list[str]:
    """Edits in rounds, each with a server of its own; returns what went wrong."""
    failures: list[str] = []
    profiles = list(ENCODINGS)
    for index in range(0, edits, ROUND):
        profile = profiles[index // ROUND % len(profiles)]
        started = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            client = Client(Path(folder), profile)
            await client.start()
            try:
                await client.initialize()
                fuzzer = Fuzzer(client, ENCODINGS[profile], seed + index, real_scripts())
                await fuzzer.run(min(ROUND, edits - index))
                await client.stop()
                failures += fuzzer.failures
            finally:
                await client.kill()
            errors = await client.errors()
        if "Traceback" in errors:
            failures.append(errors)
        print(
            f"{index + ROUND:6} edits, {profile}: {time.perf_counter() - started:.1f} s, {len(failures)} failures"
        )
    return failures


def main() -> None:
    edits = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    failures = asyncio.run(fuzz(edits, seed))
    for failure in failures:
        print(failure)
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
