"""Runs as the editor shows them, from journals that the tests write at their own pace."""

from __future__ import annotations

import asyncio
import shutil
import time

import pytest
from callsheet.runs.store import RunStore
from callsheet_server.runs.board import KEPT_RUNS

from tests.support.lsp_client import Client, Text
from tests.support.lsp_runs import WrittenRun

META = "export const meta = { name: 'audit', description: 'd' }\n"
BODY = """\
/* 😀 */ const a = await agent('one', { label: 'one' })
const b = await parallel(args.map((x) => () => agent(`see ${x}`)))
return { a, b }
"""
SCRIPT = META + BODY


@pytest.fixture
async def client(request, tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "audit.workflow.js").write_text(SCRIPT, encoding="utf-8")
    client = Client(tmp_path, getattr(request, "param", "vscode"))
    await client.start()
    await client.initialize()
    assert await client.command("callsheet.runs") == []
    yield client
    await client.kill()


@pytest.fixture
def uri(client):
    return (client.folder / "audit.workflow.js").as_uri()


def start(client):
    return WrittenRun(client.folder, client.folder / "audit.workflow.js", SCRIPT)


def of_run(found):
    return [item for item in found if item["source"] == "callsheet run"]


async def lines_of_run(client, uri, wanted):
    """Take diagnostics until those of the run are as wanted; returns them by line."""
    found = await client.until(
        uri, lambda found: wanted({d["range"]["start"]["line"]: d for d in of_run(found)})
    )
    return {item["range"]["start"]["line"]: item for item in of_run(found)}


async def progress_of(client, run):
    """Everything that was told of the progress of a run, up to its end."""
    token, seen = f"callsheet-{run.run_id}", []
    while not seen or seen[-1]["kind"] != "end":
        seen.append((await client.notified("$/progress", token=token))["value"])
    return seen


async def test_a_run_started_elsewhere_is_told_from_begin_to_end(client, uri):
    client.open(uri, SCRIPT)
    run = start(client)
    first = await client.notified("callsheet/run", runId=run.run_id)
    assert (first["status"], first["name"], first["uri"]) == ("running", "audit", uri)
    one = run.call(2, "one", column=29)
    told = await client.notified("callsheet/agent", runId=run.run_id, call=one)
    assert (told["label"], told["status"], told["line"]) == ("one", "running", 2)
    run.write({"k": "log", "at": time.time(), "text": "hällo 😀", "level": "log"})
    assert (await client.notified("callsheet/log", runId=run.run_id))["line"] == "hällo 😀"
    run.done(one, 4100)
    await client.notified("callsheet/agent", runId=run.run_id, call=one, status="done", tokens=4100)
    run.end()
    last = await client.notified("callsheet/run", runId=run.run_id, status="completed")
    assert last["counts"] == {"total": 1, "done": 1, "running": 0, "queued": 0, "failed": 0, "replayed": 0}
    assert last["usage"]["total"] == 4100
    seen = await progress_of(client, run)
    assert (seen[0]["kind"], seen[0]["title"], seen[0]["cancellable"]) == ("begin", "audit", True)
    assert {item["kind"] for item in seen[1:-1]} <= {"report"}


async def test_questions_are_told(client, uri):
    run = start(client)
    question = {"k": "question", "n": 1, "at": time.time(), "kind": "select", "question": "Which?"}
    run.write(
        {"k": "call", "n": 1, "kind": "checkpoint", "hash": "0", "label": "Which?", "phase": None, "model": None,
         "line": 2, "column": 1},
        {**question, "choices": ["a", "b"]},
    )  # fmt: skip
    told = await client.notified("callsheet/question", runId=run.run_id)
    assert (told["call"], told["kind"], told["choices"]) == (1, "select", ["a", "b"])
    detail = await client.command("callsheet.showRun", {"runId": run.run_id})
    assert detail["questions"][0]["question"] == "Which?"
    assert (await client.notified("callsheet/run", runId=run.run_id, questions=[1]))["status"] == "running"
    run.done(1, 0)
    await client.notified("callsheet/run", runId=run.run_id, questions=[])
    run.end()


@pytest.mark.parametrize("client", ["vscode", "neovim"], indirect=True)
async def test_the_lines_of_calls_show_their_agents(client, uri):
    client.open(uri, SCRIPT)
    run = start(client)
    one = run.call(2, "one", column=29)
    many = [run.call(3, f"see {index}", column=47) for index in range(4)]
    found = await lines_of_run(
        client, uri, lambda lines: set(lines) == {1, 2} and "4 agents" in lines[2]["message"]
    )
    text = Text(SCRIPT, {"vscode": "utf-16", "neovim": "utf-8"}[client.profile])
    assert text.slice(found[1]["range"]) == text.slice(found[2]["range"]) == "agent"
    assert found[1]["severity"] == found[2]["severity"] == 3
    run.done(
        one, status="failed", value=None, reason={"code": "AGENT_TIMEOUT", "message": "no answer in 300 s"}
    )
    found = await lines_of_run(client, uri, lambda lines: lines.get(1, {}).get("severity") == 2)
    assert "no answer in 300 s" in found[1]["message"]
    transcript = found[1]["relatedInformation"][0]["location"]["uri"]
    assert transcript.endswith(f"/{run.run_id}/agents/{one}.jsonl")
    reason = {"code": "SCHEMA_NONCOMPLIANCE", "message": "never valid"}
    run.done(many[0], status="failed", reason=reason)
    for number in many[1:]:
        run.done(number)
    found = await lines_of_run(client, uri, lambda lines: lines.get(2, {}).get("severity") == 1)
    assert "4 agents: " in found[2]["message"]
    run.end("completed_with_failures")


@pytest.mark.parametrize("client", ["vscode", "neovim"], indirect=True)
async def test_diagnostics_move_with_the_text_and_go_when_their_line_is_edited(client, uri):
    client.open(uri, SCRIPT)
    run = start(client)
    run.call(2, "one", column=29)
    run.call(3, "two", column=47)
    await lines_of_run(client, uri, lambda lines: set(lines) == {1, 2})
    top = {"line": 0, "character": 0}
    client.change(uri, 2, [{"range": {"start": top, "end": top}, "text": "// 😀\n\n"}])
    await lines_of_run(client, uri, lambda lines: set(lines) == {3, 4})
    place = {"line": 3, "character": 3}
    client.change(uri, 3, [{"range": {"start": place, "end": place}, "text": "x"}])
    await lines_of_run(client, uri, lambda lines: set(lines) == {4})
    run.end()
    await client.notified("callsheet/run", runId=run.run_id, status="completed")
    await client.command("callsheet.removeRun", {"runId": run.run_id})
    await client.until(uri, lambda found: not of_run(found))


async def test_a_script_edited_before_it_was_opened_finds_its_lines_again(client, uri):
    run = start(client)
    run.call(2, "one", column=29)
    run.call(3, "two", column=47)
    await client.notified("callsheet/agent", runId=run.run_id, call=2)
    edited = SCRIPT.replace("const b =", "const c = 1\nconst b =").replace(
        "/* 😀 */ const a", "/* 😀 */ const aa"
    )
    client.open(uri, edited)
    await lines_of_run(client, uri, lambda lines: set(lines) == {3})
    run.end()


async def test_run_diagnostics_can_be_set_off(client, uri):
    client.configuration = {"runDiagnostics": False}
    client.notify("workspace/didChangeConfiguration", {"settings": {"callsheet": client.configuration}})
    client.open(uri, SCRIPT)
    run = start(client)
    number = run.call(2, "one", column=29)
    run.done(number)
    run.end()
    await client.notified("callsheet/run", runId=run.run_id, status="completed")
    report = await client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
    published = [m for m in client.notifications if m["method"] == "textDocument/publishDiagnostics"]
    assert not of_run(report["items"])
    # Read before the settings arrive, a first state may have been shown; the last word must be empty.
    assert not published or not of_run(published[-1]["params"]["diagnostics"])


async def test_a_runner_that_dies_ends_the_progress(client, uri):
    client.open(uri, SCRIPT)
    run = start(client)
    one = run.call(2, "one", column=29)
    await client.notified("callsheet/agent", runId=run.run_id, call=one)
    run.die()
    told = await client.notified("callsheet/run", runId=run.run_id, status="stopped")
    assert "died" in told["error"]["message"]
    assert (await client.notified("callsheet/agent", call=one, status="stopped"))["runId"] == run.run_id
    assert (await progress_of(client, run))[-1]["kind"] == "end"


async def test_a_resumed_run_is_shown_again(client, uri):
    run = start(client)
    one = run.call(2, "one", column=29)
    run.done(one, status="failed", reason={"code": "AGENT_FAILED", "message": "no"})
    run.end("completed_with_failures")
    await client.notified("callsheet/run", runId=run.run_id, status="completed_with_failures")
    run.resume()
    run.write({"k": "again", "n": one, "replay": False})
    await client.notified("callsheet/agent", call=one, status="queued")
    run.write({"k": "start", "n": one, "attempt": 1, "at": time.time(), "model": "acme/large"})
    run.done(one)
    run.end()
    await client.notified("callsheet/run", runId=run.run_id, status="completed")


async def test_a_server_that_starts_during_a_run_shows_it(client, uri):
    run = start(client)
    one = run.call(2, "one", column=29)
    await client.notified("callsheet/agent", runId=run.run_id, call=one)
    client.process.kill()
    await client.ended()
    second = Client(client.folder, client.profile)
    await second.start()
    await second.initialize()
    try:
        second.open(uri, SCRIPT)
        await lines_of_run(second, uri, lambda lines: set(lines) == {1})
        run.done(one)
        run.end()
        await second.notified("callsheet/run", runId=run.run_id, status="completed")
        assert (await progress_of(second, run))[-1]["kind"] == "end"
    finally:
        await second.kill()


@pytest.fixture
async def second(client):
    """A server that is started when the test says so, on the same project."""
    second = Client(client.folder, client.profile)
    yield second
    await second.kill()


async def test_a_run_that_died_unwatched_is_at_rest(client, second, uri):
    run = start(client)
    run.call(2, "one", column=29)
    question = {"k": "question", "n": 2, "at": time.time(), "kind": "confirm", "question": "Go on?"}
    run.write(
        {"k": "call", "n": 2, "kind": "checkpoint", "hash": "0", "label": "Go on?", "phase": None, "model": None,
         "line": 3, "column": 1},
        question,
    )  # fmt: skip
    await client.notified("callsheet/question", runId=run.run_id)
    assert await client.stop() == 0
    run.die()
    await second.start()
    await second.initialize()
    (listed,) = await second.command("callsheet.runs")
    assert (listed["status"], listed["counts"]["running"], listed["counts"]["total"]) == ("stopped", 0, 1)
    detail = await second.command("callsheet.showRun", {"runId": run.run_id})
    assert ([agent["status"] for agent in detail["agents"]], detail["questions"]) == (["stopped"], [])
    second.open(uri, SCRIPT)
    found = await lines_of_run(second, uri, lambda lines: 1 in lines)
    assert found[1]["message"].startswith("one: stopped")
    assert "died" in found[0]["message"]
    lens = (await second.request("textDocument/codeLens", {"textDocument": {"uri": uri}}))[0]
    assert lens["command"]["title"] == "Last run: stopped · 0/1 agent · 0 tok"
    assert not {title for title in await titles(second, uri) if title.startswith("Skip agent")}


DAMAGES = {
    "empty": (b"", "holds no whole header"),
    "no journal of ours": (b'\xff\xfe\x00{"k":"header"}\n', "line 1 is damaged"),
    "gone": (None, "Cannot read the journal"),
}


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_journal_that_cannot_be_read_is_told_as_such(client, second, uri, damage):
    run = start(client)
    run.done(run.call(2, "one", column=29))
    run.end()
    await client.notified("callsheet/run", runId=run.run_id, status="completed")
    assert await client.stop() == 0
    data, words = DAMAGES[damage]
    if data is None:
        run.run_dir.journal.unlink()
    else:
        run.run_dir.journal.write_bytes(data)
    sound = start(client)
    await second.start()
    await second.initialize()
    listed = {item["runId"]: item for item in await second.command("callsheet.runs")}
    assert listed[sound.run_id]["status"] == "running"
    assert listed[run.run_id]["error"]["code"] == "JOURNAL_CORRUPT"
    assert words in listed[run.run_id]["error"]["message"]
    assert await second.command("callsheet.removeRun", {"runId": run.run_id}) == {"ok": True}
    sound.end()


async def test_a_run_whose_journal_was_damaged_meanwhile_is_told_alike_everywhere(client, second, uri):
    run = start(client)
    one = run.call(2, "one", column=29)
    run.done(one)
    await client.notified("callsheet/agent", runId=run.run_id, call=one, status="done")
    damaged = run.run_dir.journal.read_bytes() + b"damage\n"
    run.run_dir.journal.write_bytes(damaged)
    two = run.call(3, "two", column=47)
    await client.notified("callsheet/agent", runId=run.run_id, call=two, status="running")
    run.die()
    told = await client.notified("callsheet/run", runId=run.run_id, status="stopped")
    assert (told["error"]["code"], told["counts"]["total"]) == ("JOURNAL_CORRUPT", 1)
    detail = await client.command("callsheet.showRun", {"runId": run.run_id})
    assert [agent["status"] for agent in detail["agents"]] == ["done"]
    await second.start()
    await second.initialize()
    assert await second.command("callsheet.showRun", {"runId": run.run_id}) == detail


async def test_each_of_two_calls_on_one_line_shows_its_own_agents(client):
    text = META + "const [a, b] = await Promise.all([agent('ä', {}), agent('b')])\nreturn [a, b]\n"
    path = client.folder / "two.workflow.js"
    client.open(path.as_uri(), text)
    run = WrittenRun(client.folder, path, text)
    run.call(2, "one", column=35)
    run.done(run.call(2, "two", column=51))
    found = await client.until(path.as_uri(), lambda found: len(of_run(found)) == 2)
    shown = {
        item["range"]["start"]["character"]: item["message"].partition(" · ")[0] for item in of_run(found)
    }
    assert shown == {34: "one: running", 50: "two: done"}
    run.end()


async def test_the_call_of_a_workflow_shows_the_agents_in_it(client):
    text = META + "const a = await agent('one')\nreturn [a, await workflow('other')]\n"
    path = client.folder / "nested.workflow.js"
    client.open(path.as_uri(), text)
    run = WrittenRun(client.folder, path, text)
    place = {"hash": "0", "phase": None, "model": None}
    run.write(
        {"k": "call", "n": 1, "kind": "workflow", "label": "other", "line": 3, "column": 18, **place},
        {"k": "call", "n": 2, "kind": "agent", "label": "inner", "line": 2, "column": 1, "parent": 1,
         "file": str(client.folder / "other.workflow.js"), **place},
    )  # fmt: skip
    found = await lines_of_run(client, path.as_uri(), lambda lines: set(lines) == {2})
    assert found[2]["message"].startswith("inner: queued")
    run.end()


async def test_an_ordered_stop_is_no_problem(client, uri):
    client.open(uri, SCRIPT)
    run = start(client)
    run.call(2, "one", column=29)
    await lines_of_run(client, uri, lambda lines: set(lines) == {1})
    error = {"code": "WORKFLOW_ABORTED", "message": "The run was stopped.", "line": None, "column": None}
    run.end("stopped", error=error)
    await lines_of_run(
        client, uri, lambda lines: set(lines) == {1} and lines[1]["message"].startswith("one: stopped")
    )


async def test_a_run_resumed_elsewhere_with_another_script_finds_its_lines(client, uri):
    edited = SCRIPT.replace("const b", "\n\nconst b")
    client.open(uri, edited)
    run = start(client)
    number = run.call(3, "see 1", column=47)
    run.done(number, status="failed", reason={"code": "AGENT_FAILED", "message": "no"})
    await lines_of_run(client, uri, lambda lines: set(lines) == {4})
    run.end("completed_with_failures")
    await client.notified("callsheet/run", runId=run.run_id, status="completed_with_failures")
    run.run_dir.script.write_text(edited, encoding="utf-8")
    run.resume()
    run.write({"k": "again", "n": number, "replay": False, "line": 5, "column": 47})
    await lines_of_run(
        client, uri, lambda lines: lines.get(4, {}).get("message", "").startswith("see 1: queued")
    )
    run.end()


async def test_an_agent_that_waits_for_its_turn_has_no_transcript_to_open(client, uri):
    client.open(uri, SCRIPT)
    run = start(client)
    run.write({"k": "call", "n": 1, "kind": "agent", "hash": "0", "label": "one", "phase": None,
               "model": "acme/large", "line": 2, "column": 29})  # fmt: skip
    found = await lines_of_run(client, uri, lambda lines: set(lines) == {1})
    assert "relatedInformation" not in found[1]
    assert {title for title in await titles(client, uri) if "one" in title} == {"Skip agent one"}
    run.end()


async def test_runs_that_ended_before_are_listed(client, uri):
    run = start(client)
    run.done(run.call(2, "one", column=29))
    run.end()
    await client.notified("callsheet/run", runId=run.run_id, status="completed")
    assert await client.stop() == 0
    second = Client(client.folder, client.profile)
    await second.start()
    await second.initialize()
    try:
        (listed,) = await second.command("callsheet.runs")
        assert (listed["runId"], listed["status"]) == (run.run_id, "completed")
        detail = await second.command("callsheet.showRun", {"runId": run.run_id})
        assert detail["agents"][0]["label"] == "one"
        second.open(uri, SCRIPT)
        await lines_of_run(second, uri, lambda lines: set(lines) == {1})
        place = {"textDocument": {"uri": uri}, "range": {"start": {"line": 0, "character": 0},
                 "end": {"line": 4, "character": 0}}}  # fmt: skip
        hints = await second.request("textDocument/inlayHint", place)
        assert any("1.5 s · 1.0k tok" in hint["label"] for hint in hints)
        lens = (await second.request("textDocument/codeLens", {"textDocument": {"uri": uri}}))[0]
        assert lens["command"]["title"].startswith("Last run: completed · 1/1 agent")
    finally:
        await second.kill()


async def test_actions_and_lenses_go_with_the_state(client, uri):
    client.open(uri, SCRIPT)
    run = start(client)
    one = run.call(2, "one", column=29)
    await lines_of_run(client, uri, lambda lines: set(lines) == {1})
    assert await titles(client, uri) >= {"Stop run", "Pause run", "Skip agent one", "Open transcript of one"}
    assert not await titles(client, uri) & {"Run workflow", "Resume last run"}
    run.done(one, status="skipped", reason={"code": "AGENT_FAILED", "message": "skipped"})
    run.end("completed_with_failures")
    await client.notified("callsheet/run", runId=run.run_id, status="completed_with_failures")
    assert await titles(client, uri) >= {"Run workflow", "Dry run", "Resume last run", "Re-run failed agents"}
    lenses = await client.request("textDocument/codeLens", {"textDocument": {"uri": uri}})
    assert {lens["command"]["title"] for lens in lenses} >= {"Run workflow", "Resume last run"}


async def titles(client, uri):
    place = {"line": 1, "character": 20}
    context = {"diagnostics": [], "only": ["callsheet.run"]}
    params = {"textDocument": {"uri": uri}, "range": {"start": place, "end": place}, "context": context}
    return {action["title"] for action in await client.request("textDocument/codeAction", params)}


async def test_rates_are_kept(client, uri):
    client.open(uri, SCRIPT)
    run = start(client)
    numbers = [run.call(3, f"see {index}", column=47) for index in range(16)]
    began = time.monotonic()
    for step in range(1, 41):
        for number in numbers:
            run.progress(number, step * 10)
        await asyncio.sleep(0.05)
    for number in numbers:
        run.done(number)
    run.end()
    await client.notified("callsheet/run", runId=run.run_id, status="completed")
    lasted = time.monotonic() - began
    counts = {}
    for message in client.notifications:
        counts[message["method"]] = counts.get(message["method"], 0) + 1
    # One more for the first and for the last, which are told at once.
    assert counts["callsheet/run"] <= 10 * lasted + 2
    assert counts["$/progress"] <= 4 * lasted + 3
    assert counts["textDocument/publishDiagnostics"] <= 4 * lasted + 4


async def test_a_removed_folder_of_a_run_is_noticed(client, uri):
    client.open(uri, SCRIPT)
    run = start(client)
    run.call(2, "one", column=29)
    await lines_of_run(client, uri, lambda lines: set(lines) == {1})
    shutil.rmtree(run.run_dir.path)
    run.die()
    await client.until(uri, lambda found: not of_run(found))
    assert (await progress_of(client, run))[-1]["kind"] == "end"
    assert await client.command("callsheet.runs") == []


async def test_a_run_that_is_removed_elsewhere_goes_from_view(client, uri):
    client.open(uri, SCRIPT)
    run = start(client)
    run.done(run.call(2, "one", column=29))
    run.end()
    await client.notified("callsheet/run", runId=run.run_id, status="completed")
    await lines_of_run(client, uri, lambda lines: set(lines) == {1})
    RunStore(client.folder).remove(run.run_id)
    await client.notified("callsheet/run", runId=run.run_id, status="removed")
    await client.until(uri, lambda found: not of_run(found))
    assert await client.command("callsheet.runs") == []


async def test_every_run_is_listed_however_many_there_are(client, second):
    runs = [start(client) for _ in range(KEPT_RUNS + 5)]
    for run in runs:
        run.end()
    await second.start()
    await second.initialize()
    listed = await second.command("callsheet.runs")
    assert [item["runId"] for item in listed] == [run.run_id for run in reversed(runs)]
    assert {item["status"] for item in listed} == {"completed"}
    RunStore(client.folder).remove(runs[0].run_id)
    assert len(await second.command("callsheet.runs")) == KEPT_RUNS + 4


async def test_runs_go_with_their_folder(client, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    folder = {"uri": other.as_uri(), "name": "other"}
    client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [folder], "removed": []}})
    run = WrittenRun(other, other / "audit.workflow.js", SCRIPT)
    begun = await client.notified("$/progress", token=f"callsheet-{run.run_id}")
    assert begun["value"]["kind"] == "begin"
    client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [folder]}})
    await client.notified("callsheet/run", runId=run.run_id, status="removed")
    assert (await progress_of(client, run))[-1]["kind"] == "end"
    assert await client.command("callsheet.runs") == []
    run.end()


async def test_the_runs_of_a_script_outside_of_the_workspace_are_shown(client, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    client.open((other / "audit.workflow.js").as_uri(), SCRIPT)
    run = WrittenRun(other, other / "audit.workflow.js", SCRIPT)
    run.call(2, "one", column=29)
    await lines_of_run(client, (other / "audit.workflow.js").as_uri(), lambda lines: set(lines) == {1})
    run.end()


async def test_each_script_of_a_page_shows_its_own_runs(client):
    page = client.folder / "notes.md"
    second = SCRIPT.replace("'audit'", "'other'")
    text = f"```js workflow\n{SCRIPT}```\n\n```js workflow\n{second}```\n"
    client.open(page.as_uri(), text, "markdown")
    below = f"\n{SCRIPT}"
    run = WrittenRun(client.folder, page, below)
    run.call(3, "one", column=29)
    await lines_of_run(client, page.as_uri(), lambda lines: set(lines) == {2})
    run.end("stopped")
    other = WrittenRun(client.folder, page, "\n" * 8 + second, "other")
    other.call(10, "one", column=29)
    await lines_of_run(client, page.as_uri(), lambda lines: set(lines) == {2, 9})
    lenses = await client.request("textDocument/codeLens", {"textDocument": {"uri": page.as_uri()}})
    resumes = [lens for lens in lenses if lens["command"]["title"] == "Resume last run"]
    assert [lens["command"]["arguments"][0]["runId"] for lens in resumes] == [run.run_id]
    stops = [lens for lens in lenses if lens["command"]["title"] == "Stop run"]
    assert [lens["command"]["arguments"][0]["runId"] for lens in stops] == [other.run_id]
    other.end()


async def test_a_workspace_that_is_opened_through_a_link_shows_its_runs(
    client, second, uri, tmp_path_factory
):
    link = tmp_path_factory.mktemp("links") / "project"
    link.symlink_to(client.folder)
    second.folder = link
    await second.start()
    await second.initialize()
    opened = (link / "audit.workflow.js").as_uri()
    second.open(opened, SCRIPT)
    run = start(client)
    run.call(2, "one", column=29)
    assert (await second.notified("callsheet/run", runId=run.run_id))["uri"] == opened
    await lines_of_run(second, opened, lambda lines: set(lines) == {1})
    run.end()
