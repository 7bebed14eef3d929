"""P4: a loop that never waits ends soon after the cap."""

from __future__ import annotations

from pathlib import Path

import callsheet
import pytest
from callsheet.errors import ErrorCode


async def test_P4_calls_without_end_are_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    script = """export const meta = { name: 'flood', description: 'never waits' }
for (;;) agent('again').catch(() => {})
"""
    options = callsheet.RunOptions(max_agents=5)
    result = await callsheet.run_workflow(script, options=options, backend=callsheet.ScriptedBackend())
    assert result.status == "failed"
    assert result.error is not None
    assert result.error["code"] == ErrorCode.AGENT_LIMIT_EXCEEDED
    assert len(result.agents) <= 5
