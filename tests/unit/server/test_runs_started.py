"""Runs that are started, controlled and looked at from the editor: real runners, simulated agents."""

from __future__ import annotations

import subprocess

import pytest

from tests.support.lsp_client import Client, Refused
from tests.support.lsp_runs import WrittenRun

SCRIPT = """\
export const meta = { name: 'frage', description: 'Asks 😀.' }
const a = await agent('one', { label: 'one' })
const go = await checkpoint('Weiter?', { kind: 'confirm' })
if (!go) return { a }
const b = await agent('two', { label: 'two' })
return { a, b }
"""
NO_KEYS = {"ANTHROPIC_API_KEY": "", "OPENAI_API_KEY": "", "GEMINI_API_KEY": "", "GOOGLE_API_KEY": ""}


@pytest.fixture
def repository(tmp_path):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True, timeout=60)
    return tmp_path


@pytest.fixture
async def client(repository):
    client = Client(repository, "vscode")
    await client.start(env={**NO_KEYS, "XDG_CONFIG_HOME": str(repository / "config")})
    yield client
    for run in await _runs(client):
        if run["status"] in {"running", "pausing", "stopping"}:
            await client.command("callsheet.stop", {"runId": run["runId"]})
            await ended(client, run["runId"])
    await client.kill()


async def _runs(client):
    return await client.command("callsheet.runs") if client.process.returncode is None else []


async def started(client, text=SCRIPT, **options):
    uri = (client.folder / "frage.workflow.js").as_uri()
    client.open(uri, text)
    answer = await client.command("callsheet.run", {"uri": uri, "dryRun": True, **options})
    return uri, answer["runId"]


async def ended(client, run_id):
    finals = {"completed", "completed_with_failures", "failed", "stopped", "paused"}
    return await client.wait_for(
        lambda message: (
            message["method"] == "callsheet/run"
            and message["params"]["runId"] == run_id
            and message["params"]["status"] in finals
        )
    )


async def test_a_run_of_an_unsaved_text_is_answered_and_ends(client):
    await client.initialize()
    _, run_id = await started(client)
    question = await client.notified("callsheet/question", runId=run_id)
    assert (question["question"], question["kind"]) == ("Weiter?", "confirm")
    assert await client.command(
        "callsheet.answer", {"runId": run_id, "call": question["call"], "value": True}
    ) == {"ok": True}
    assert (await ended(client, run_id))["status"] == "completed"
    detail = await client.command("callsheet.showRun", {"runId": run_id})
    assert [agent["label"] for agent in detail["agents"]] == ["one", "two"]
    assert set(detail["result"]) == {"a", "b"}


async def test_stop_then_resume_with_an_edited_script(client):
    await client.initialize()
    uri, run_id = await started(client)
    question = await client.notified("callsheet/question", runId=run_id)
    client.notify("window/workDoneProgress/cancel", {"token": f"callsheet-{run_id}"})
    assert (await ended(client, run_id))["status"] == "stopped"
    with pytest.raises(Refused, match="not running"):
        await client.command("callsheet.answer", {"runId": run_id, "call": question["call"], "value": True})
    client.change(uri, 2, [{"text": SCRIPT.replace("label: 'two'", "label: 'edited'")}])
    plan = await client.command("callsheet.plan", {"runId": run_id, "uri": uri})
    assert (plan["replay"]["replays"], plan["replay"]["runId"]) == (1, run_id)
    assert await client.command("callsheet.resume", {"runId": run_id, "uri": uri}) == {"runId": run_id}
    question = await client.notified("callsheet/question", runId=run_id)
    await client.command("callsheet.answer", {"runId": run_id, "call": question["call"], "value": True})
    assert (await ended(client, run_id))["status"] == "completed"
    detail = await client.command("callsheet.showRun", {"runId": run_id})
    assert [(agent["label"], agent["status"]) for agent in detail["agents"]] == [
        ("one", "replayed"),
        ("edited", "done"),
    ]
    assert await client.command("callsheet.removeRun", {"runId": run_id}) == {"ok": True}
    assert await client.command("callsheet.runs") == []


async def test_a_run_outlives_the_server(client):
    await client.initialize()
    _, run_id = await started(client)
    question = await client.notified("callsheet/question", runId=run_id)
    client.process.kill()
    await client.ended()
    second = Client(client.folder, "neovim")
    await second.start()
    await second.initialize()
    try:
        (known,) = await second.command("callsheet.runs")
        assert (known["runId"], known["status"]) == (run_id, "running")
        await second.command("callsheet.answer", {"runId": run_id, "call": question["call"], "value": False})
        assert (await ended(second, run_id))["status"] == "completed"
    finally:
        await second.kill()


async def test_a_script_with_errors_is_refused_by_name(client):
    await client.initialize()
    with pytest.raises(Refused, match=r"1 error; nothing was started\. line 2: .*\(determinism-clock\)"):
        await started(client, "export const meta = { name: 'a', description: 'b' }\nDate.now()\n")
    assert not (client.folder / ".callsheet" / "runs").exists()


async def test_an_untrusted_workspace_runs_nothing_and_offers_nothing(client):
    await client.initialize(initializationOptions={"trusted": False})
    with pytest.raises(Refused, match="trusted"):
        await started(client)
    uri = (client.folder / "frage.workflow.js").as_uri()
    assert await client.request("textDocument/codeLens", {"textDocument": {"uri": uri}}) == []
    place = {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 18}}
    assert await client.request("textDocument/hover", place)


@pytest.mark.parametrize("choice", ["Cancel", None])
async def test_a_run_over_the_limits_is_asked_for(client, choice):
    await client.initialize()
    (client.folder / "callsheet.toml").write_text(
        'model = "ollama/llama3"\n[run.confirm_over]\nagents = 2\n', encoding="utf-8"
    )
    client.chosen = choice
    text = SCRIPT.replace("const go", "await parallel([1, 2, 3].map((x) => () => agent(`n ${x}`)))\nconst go")
    await client.stop()
    client = Client(client.folder, "vscode")
    await client.start(env={"OLLAMA_API_BASE": "http://127.0.0.1:9"})
    client.chosen = choice
    try:
        await client.initialize()
        with pytest.raises(Refused, match="was not started"):
            await started(client, text, dryRun=False)
        (asked,) = [r["params"] for r in client.requests if r["method"] == "window/showMessageRequest"]
        assert "5 agents" in asked["message"]
    finally:
        await client.kill()


async def test_a_plan_spends_nothing(client):
    await client.initialize()
    uri = (client.folder / "frage.workflow.js").as_uri()
    client.open(uri, SCRIPT)
    plan = await client.command("callsheet.plan", {"uri": uri, "dryRun": True})
    assert plan["agents"]["atMost"] == 2
    assert plan["simulated"] is True
    assert await client.command("callsheet.runs") == []


async def test_the_script_of_a_fence_runs_with_the_documents_lines(client):
    await client.initialize()
    uri = (client.folder / "notes.md").as_uri()
    client.open(uri, f"# Notes\n\n```js\nno\n```\n\n```js workflow\n{SCRIPT}```\n", language="markdown")
    lenses = await client.request("textDocument/codeLens", {"textDocument": {"uri": uri}})
    dry = next(lens["command"] for lens in lenses if lens["command"]["title"] == "Dry run")
    run_id = (await client.command(dry["command"], dry["arguments"][0]))["runId"]
    told = await client.notified("callsheet/agent", runId=run_id, call=1)
    assert told["line"] == 9
    await client.notified("callsheet/question", runId=run_id)
    await client.command("callsheet.stop", {"runId": run_id})
    await ended(client, run_id)


async def test_changes_that_were_dropped_are_offered_no_more(client, repository):
    def git(*arguments):
        who = ("-c", "user.name=n", "-c", "user.email=n@example.org")
        done = subprocess.run(
            ["git", "-C", str(repository), *who, *arguments], check=True, timeout=60, capture_output=True
        )
        return done.stdout.decode().strip()

    git("commit", "-q", "--allow-empty", "-m", "one")
    (repository / "new.txt").write_text("new\n")
    git("add", "new.txt")
    commit = git("commit-tree", git("write-tree"), "-p", "HEAD", "-m", "two")
    git("rm", "-q", "-f", "new.txt")
    path = repository / "frage.workflow.js"
    run = WrittenRun(repository, path, SCRIPT)
    ref = f"refs/callsheet/{run.run_id}/1"
    git("update-ref", ref, commit)
    run.done(run.call(2, "one", column=17), worktree={"path": str(repository / "gone"), "ref": ref})
    run.end()
    await client.initialize()
    client.open(path.as_uri(), SCRIPT)

    async def offers():
        lenses = await client.request("textDocument/codeLens", {"textDocument": {"uri": path.as_uri()}})
        return "Show changes" in {lens["command"]["title"] for lens in lenses}

    (listed,) = await client.command("callsheet.changes", {"runId": run.run_id})
    assert [file["path"] for file in listed["files"]] == ["new.txt"]
    assert await offers()
    assert await client.command("callsheet.changes", {"runId": run.run_id, "action": "drop"}) == {"ok": True}
    told = await client.notified("callsheet/agent", runId=run.run_id, call=1)
    assert told["worktree"]["ref"] is None
    assert not await offers()
    with pytest.raises(Refused, match="dropped"):
        await client.command("callsheet.changes", {"runId": run.run_id, "action": "apply"})


BAD_ARGUMENTS = (
    ("callsheet.run", {}, -32602),
    ("callsheet.run", {"uri": "file:///nowhere.workflow.js"}, -32803),
    ("callsheet.run", {"uri": 5}, -32602),
    ("callsheet.run", [], -32602),
    ("callsheet.stop", {"runId": "20200101-000000-000000"}, -32803),
    ("callsheet.stop", {}, -32602),
    ("callsheet.skipAgent", {"runId": "20200101-000000-000000"}, -32803),
    ("callsheet.changes", {"runId": "../../etc", "action": "list"}, -32803),
    ("callsheet.nothing", {}, -32602),
)


async def test_commands_refuse_bad_arguments(client):
    await client.initialize()
    for command, argument, code in BAD_ARGUMENTS:
        params = {"command": command, "arguments": [argument]}
        with pytest.raises(Refused) as refusal:
            await client.request("workspace/executeCommand", params)
        assert refusal.value.code == code, command
