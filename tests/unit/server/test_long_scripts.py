"""Long scripts, which are checked in slices while they are edited."""

from __future__ import annotations

import callsheet
import pytest
from callsheet.settings import Settings
from callsheet_server.checks import check_sliced
from callsheet_server.documents import Document

from tests.support.lsp_client import Client

STATEMENTS = 1500
MIDDLE = STATEMENTS // 2


def script(lines):
    head = "export const meta = { name: 'long', description: 'A long script' }\n"
    return head + "".join(lines)


@pytest.fixture
async def client(tmp_path):
    client = Client(tmp_path, "neovim")
    await client.start()
    await client.initialize()
    yield client
    await client.kill()


async def test_edits_during_a_check_end_in_the_problems_of_the_last_text(client):
    lines = [
        f"const r{i} = await parallel([1, 2].map((n) => () => agent(`Look at ${{n}} of {i}`, {{ label: 'l{i}' }})))\n"
        for i in range(STATEMENTS)
    ]
    uri = (client.folder / "long.workflow.js").as_uri()
    client.open(uri, script(lines))
    await client.diagnostics(uri, 1)
    for version in range(2, 12):
        # The client waits for every third text only, so that others are edited away under their check.
        new = f"agent('forgotten {version}', {{ lable: 'x' }})\n"
        lines.insert(MIDDLE, new)
        at = {"line": MIDDLE + 1, "character": 0}
        client.change(uri, version, [{"range": {"start": at, "end": at}, "text": new}])
        if version % 3 == 0:
            await client.diagnostics(uri, version)
    shown = await client.diagnostics(uri, version)
    expected = callsheet.check_source(script(lines))
    assert [problem["code"] for problem in shown] == [problem.code for problem in expected]
    unused = [problem for problem in shown if problem["code"] == "call-unused"]
    assert [problem["range"]["start"]["line"] for problem in unused] == list(range(MIDDLE + 1, MIDDLE + 11))


async def test_the_check_of_a_text_that_is_not_current_any_more_is_left():
    text = script(f"agent('never awaited {i}')\n" for i in range(STATEMENTS))
    document = Document("file:///w/long.workflow.js", "callsheet", 1, text, "script")
    assert await check_sliced(document.snapshot(), Settings(), lambda: False) is None
    found = await check_sliced(document.snapshot(), Settings(), lambda: True)
    assert found == tuple(callsheet.check_source(text))
