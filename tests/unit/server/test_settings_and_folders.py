"""Settings, workspace folders, files that change, untitled buffers and Markdown."""

from __future__ import annotations

import pytest

from tests.support.lsp_client import Client

CLOCK = "export const meta = { name: 'a', description: 'b' }\nawait agent(`${Date.now()}`)\n"


@pytest.fixture
async def client(tmp_path):
    client = Client(tmp_path, "neovim")
    await client.start(env={"XDG_CONFIG_HOME": str(tmp_path / "config")})
    yield client
    await client.kill()


def codes(found):
    return {item["code"]: item["severity"] for item in found}


async def test_levels_of_rules_are_pulled_and_change(client):
    client.configuration = {"rules": {"determinism-clock": "warning"}}
    await client.initialize()
    uri = (client.folder / "a.workflow.js").as_uri()
    client.open(uri, CLOCK)
    await client.until(uri, lambda found: codes(found).get("determinism-clock") == 2)
    client.configuration = {"rules": {"determinism-clock": "off"}}
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    await client.until(uri, lambda found: "determinism-clock" not in codes(found))


async def test_a_client_that_only_pushes_settings_is_heard(tmp_path):
    client = Client(tmp_path, "bare")
    await client.start()
    try:
        await client.initialize(initializationOptions={"callsheet": {"rules": {"determinism-clock": "hint"}}})
        uri = (client.folder / "a.workflow.js").as_uri()
        client.open(uri, CLOCK)
        await client.until(uri, lambda found: codes(found).get("determinism-clock") == 4)
        settings = {"callsheet": {"rules": {"determinism-clock": "information"}}}
        client.notify("workspace/didChangeConfiguration", {"settings": settings})
        await client.until(uri, lambda found: codes(found).get("determinism-clock") == 3)
    finally:
        await client.kill()


async def test_an_invalid_setting_is_named_once_and_the_default_used(client):
    client.configuration = {"rules": {"determinism-clock": "loud"}, "run": {"maxAgents": -1}}
    await client.initialize()
    uri = (client.folder / "a.workflow.js").as_uri()
    client.open(uri, CLOCK)
    told = [await client.notified("window/showMessage") for _ in range(2)]
    assert sorted("rules.determinism-clock" in message["message"] for message in told) == [False, True]
    assert any("run.max_agents" in message["message"] for message in told)
    await client.until(uri, lambda found: codes(found).get("determinism-clock") == 1)
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    place = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}}
    await client.request("textDocument/hover", place)
    assert not [m for m in client.notifications if m["method"] == "window/showMessage"]


async def test_a_settings_file_that_appears_is_read(client):
    await client.initialize()
    uri = (client.folder / "a.workflow.js").as_uri()
    client.open(uri, CLOCK)
    await client.until(uri, lambda found: codes(found).get("determinism-clock") == 1)
    file = client.folder / "callsheet.toml"
    file.write_text('rules = { determinism-clock = "hint" }\n')
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": file.as_uri(), "type": 1}]})
    await client.until(uri, lambda found: codes(found).get("determinism-clock") == 4)


async def test_the_innermost_folder_is_found_by_whole_segments(client):
    for name, level in (("app", "hint"), ("application", "warning")):
        (client.folder / name).mkdir()
        (client.folder / name / "callsheet.toml").write_text(f'rules = {{ determinism-clock = "{level}" }}\n')
    folders = [{"uri": (client.folder / name).as_uri(), "name": name} for name in ("app", "application")]
    await client.initialize(workspaceFolders=folders[:1])
    client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": folders[1:], "removed": []}})
    for name, level in (("application", 2), ("app", 4)):
        uri = (client.folder / name / "a.workflow.js").as_uri()
        client.open(uri, CLOCK)
        await client.until(uri, lambda found, level=level: codes(found).get("determinism-clock") == level)


async def test_a_file_outside_of_the_folders_has_the_editors_settings(client, tmp_path_factory):
    client.configuration = {"rules": {"determinism-clock": "warning"}}
    await client.initialize()
    uri = (tmp_path_factory.mktemp("elsewhere") / "a.workflow.js").as_uri()
    client.open(uri, CLOCK)
    await client.until(uri, lambda found: codes(found).get("determinism-clock") == 2)


async def test_an_untitled_buffer_is_a_script_by_its_language(client):
    await client.initialize()
    client.open("untitled:Untitled-1", CLOCK)
    await client.until("untitled:Untitled-1", lambda found: "determinism-clock" in codes(found))
    client.open("untitled:Untitled-2", CLOCK, language="javascript")
    place = {"textDocument": {"uri": "untitled:Untitled-2"}, "position": {"line": 1, "character": 8}}
    assert await client.request("textDocument/hover", place) is None


async def test_scripts_in_fences_of_a_document_are_checked_in_their_places(client):
    await client.initialize()
    uri = (client.folder / "notes.md").as_uri()
    text = f"# Notes 😀\n\n```js\nDate.now()\n```\n\n```js workflow\n{CLOCK}```\n\n```workflow\n{CLOCK}```\n"
    client.open(uri, text, language="markdown")
    found = await client.until(uri, lambda found: len(found) == 2)
    assert [item["range"]["start"]["line"] for item in found] == [8, 13]
    end = {"line": 9, "character": 0}
    client.change(uri, 2, [{"range": {"start": end, "end": end}, "text": "\n\n"}])
    found = await client.until(uri, lambda found: [d["range"]["start"]["line"] for d in found] == [8, 15])
    place = {"textDocument": {"uri": uri}, "position": {"line": 8, "character": 8}}
    assert await client.request("textDocument/hover", place)
    symbols = await client.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
    assert [symbol["name"] for symbol in symbols if symbol["name"] == "a"] == ["a", "a"]


async def test_what_depends_on_other_files_follows_them(client):
    await client.initialize()
    uri = (client.folder / "a.workflow.js").as_uri()
    client.open(uri, "export const meta = { name: 'a', description: 'b' }\nreturn await workflow('child')\n")
    await client.until(uri, lambda found: "workflow-unknown" in codes(found))
    child = client.folder / ".callsheet" / "workflows" / "child.js"
    child.parent.mkdir(parents=True)
    child.write_text("export const meta = { name: 'child', description: 'b' }\nreturn 1\n")
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": child.as_uri(), "type": 1}]})
    await client.until(uri, lambda found: "workflow-unknown" not in codes(found))


async def test_the_engine_has_the_last_word_on_syntax(client):
    await client.initialize()
    uri = (client.folder / "a.workflow.js").as_uri()
    text = "export const meta = { name: 'a', description: 'b' }\nconst a = 1\nlog(010)\nreturn a\n"
    client.open(uri, text)
    found = await client.until(uri, lambda found: "syntax-error" in codes(found))
    (problem,) = [item for item in found if item["code"] == "syntax-error"]
    assert problem["range"]["start"]["line"] == 2
    start, end = {"line": 2, "character": 4}, {"line": 2, "character": 5}
    client.change(uri, 2, [{"range": {"start": start, "end": end}, "text": "1"}])
    await client.until(uri, lambda found: "syntax-error" not in codes(found))


async def test_lenses_and_symbols_stay_while_code_is_half_typed(client):
    await client.initialize()
    uri = (client.folder / "a.workflow.js").as_uri()
    text = "export const meta = { name: 'a', description: 'b' }\nphase('One')\nawait agent('x')\nawait agent('y')\n"
    client.open(uri, text)
    document = {"textDocument": {"uri": uri}}
    lenses = await client.request("textDocument/codeLens", document)
    before = names(await client.request("textDocument/documentSymbol", document))
    place = {"line": 2, "character": 12}
    for version, typed in enumerate("('{[`", 2):
        client.change(uri, version, [{"range": {"start": place, "end": place}, "text": typed}])
        assert await client.request("textDocument/codeLens", document) == lenses
        now = names(await client.request("textDocument/documentSymbol", document))
        assert len(now) >= len(before)
        assert {"a", "One", "y"} <= set(now)


async def test_what_is_typed_takes_no_place_in_the_outline_of_what_was_there(client):
    await client.initialize()
    uri = (client.folder / "a.workflow.js").as_uri()
    head = "export const meta = { name: 'a', description: 'b' }\n"
    rest = "\nasync function helper() {\n  return await agent('inside')\n}\nawait helper()\n"
    client.open(uri, head + rest)
    document = {"textDocument": {"uri": uri}}
    assert names(await client.request("textDocument/documentSymbol", document)) == ["a", "helper", "inside"]
    typed = "await parallel([() => agent(`new ${x"
    for column, letter in enumerate(typed):
        place = {"line": 1, "character": column}
        client.change(uri, column + 2, [{"range": {"start": place, "end": place}, "text": letter}])
        now = names(await client.request("textDocument/documentSymbol", document))
        assert {"a", "helper", "inside"} <= set(now), typed[: column + 1]


async def test_symbols_stay_where_a_client_sends_whole_texts_and_fences_come_and_go(client):
    await client.initialize()
    uri = (client.folder / "a.md").as_uri()
    fences = [
        f"```js workflow\nexport const meta = {{ name: '{name}', description: 'b' }}\nawait agent('{name} 1')\n```\n"
        for name in ("one", "two")
    ]
    client.open(uri, "".join(fences), language="markdown")
    document = {"textDocument": {"uri": uri}}

    async def outline():
        return names(await client.request("textDocument/documentSymbol", document))

    assert await outline() == ["one", "one 1", "two", "two 1"]
    broken = fences[1].replace("await agent('two 1')", "await parallel([() => agent(`two 1")
    client.change(uri, 2, [{"text": fences[0] + broken}])
    assert await outline() == ["one", "one 1", "two", "two 1"]
    new = "```js workflow\nexport const meta = { name: 'new', description: 'b' }\nawait agent('\n```\n"
    client.change(uri, 3, [{"text": new + fences[0] + broken}])
    assert await outline() == ["new", "one", "one 1", "two", "two 1"]
    without = broken.replace("await parallel([() => agent(`two 1\n", "")
    client.change(uri, 4, [{"text": new + fences[0] + without}])
    assert await outline() == ["new", "one", "one 1", "two"]


def names(symbols):
    return [name for symbol in symbols for name in (symbol["name"], *names(symbol.get("children", [])))]


async def test_the_first_answer_and_the_one_after_a_change_know_the_files(client):
    folder = client.folder / ".callsheet" / "workflows"
    folder.mkdir(parents=True)
    (folder / "one.js").write_text("export const meta = { name: 'one 😀', description: 'b' }\nreturn 1\n")
    await client.initialize()
    uri = (client.folder / "a.workflow.js").as_uri()
    client.open(uri, "export const meta = { name: 'a', description: 'b' }\nreturn await workflow('')\n")
    place = {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 23}}

    async def saved():
        """The names that are offered, those of the bundled workflows aside."""
        items = (await client.request("textDocument/completion", place))["items"]
        return [item["label"] for item in items if item["label"] in {"one 😀", "two"}]

    assert await saved() == ["one 😀"]
    file = folder / "two.js"
    file.write_text("export const meta = { name: 'two', description: 'b' }\nreturn 1\n")
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": file.as_uri(), "type": 1}]})
    assert await saved() == ["one 😀", "two"]
