"""Random typing in real scripts, over the wire: no crash, no hang, no internal error, the text stays the client's.

`python benchmarks/lsp_fuzz.py` does the same ten thousand times.
"""

from __future__ import annotations

import pytest

from tests.support.lsp_client import ENCODINGS, Client
from tests.support.lsp_fuzz import Fuzzer, real_scripts

EDITS = 500


@pytest.mark.parametrize(("profile", "seed"), [("vscode", 1), ("neovim", 2), ("utf-32", 3)])
async def test_random_edits(tmp_path, profile, seed):
    client = Client(tmp_path, profile)
    await client.start()
    try:
        await client.initialize()
        fuzzer = Fuzzer(client, ENCODINGS[profile], seed, real_scripts())
        await fuzzer.run(EDITS)
        assert fuzzer.failures == []
        assert await client.stop() == 0
    finally:
        await client.kill()
    errors = await client.errors()
    assert "Traceback" not in errors, errors[-3000:]
