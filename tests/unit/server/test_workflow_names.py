"""Names of workflows across files: who means whom, and what a rename may write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.lsp_client import Client, Refused, Text

CALLER = "/* 😀 */ return await workflow('prüfung')\n"


def script(name, body="return 1\n"):
    return f"export const meta = {{ name: '{name}', description: 'd' }}\n{body}"


SAVED = ".callsheet/workflows"
FILES = {
    f"one/{SAVED}/check.js": script("prüfung"),
    f"one/{SAVED}/caller.js": script("caller", CALLER),
    f"one/{SAVED}/other.js": script("other"),
    f"two/{SAVED}/check.js": script("prüfung"),
    f"two/{SAVED}/caller.js": script("caller", CALLER),
    "home/.claude/workflows/mine.js": script("mine"),
    "one/.pi/workflows/saved/record.json": json.dumps({"name": "record", "script": script("record")}),
}
TEXT = script("a", CALLER + "await workflow('mine')\nawait workflow('record')\nawait workflow('nowhere')\n")


class Session:
    def __init__(self, client, folder):
        self.client, self.folder = client, folder
        self.uri = (folder / "one" / "ä.workflow.js").as_uri()
        self.text = Text(TEXT, "utf-8")

    def at(self, words, **more):
        return {"textDocument": {"uri": self.uri}, "position": self.text.at(words, 1), **more}

    async def references(self, words):
        context = {"includeDeclaration": True}
        found = await self.client.request("textDocument/references", self.at(words, context=context))
        return sorted(self.name(item["uri"]) for item in found)

    async def rename(self, words, new_name):
        """Texts written, by file."""
        edit = await self.client.request("textDocument/rename", self.at(words, newName=new_name))
        changes = edit.get("changes") or {
            each["textDocument"]["uri"]: each["edits"] for each in edit["documentChanges"]
        }
        return {self.name(uri): [each["newText"] for each in edits] for uri, edits in changes.items()}

    def name(self, uri):
        names = {(self.folder / name).as_uri(): name for name in (*FILES, "one/ä.workflow.js")}
        return names[uri]


@pytest.fixture
async def session(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in ("one", "two"):
        (tmp_path / name / ".git").mkdir()
    client = Client(tmp_path, "neovim")
    await client.start(env={"HOME": str(tmp_path / "home"), "USERPROFILE": str(tmp_path / "home")})
    folders = [{"uri": (tmp_path / name).as_uri(), "name": name} for name in ("one", "two")]
    await client.initialize(workspaceFolders=folders)
    session = Session(client, tmp_path)
    client.open(session.uri, TEXT)
    yield session
    await client.kill()


HERE = {f"one/{SAVED}/caller.js", f"one/{SAVED}/check.js", "one/ä.workflow.js"}


async def test_F8_a_name_means_the_nearest_workflow_not_one_of_another_folder(session):
    assert set(await session.references("'prüfung'")) == HERE
    assert await session.references("'mine'") == ["home/.claude/workflows/mine.js", "one/ä.workflow.js"]
    assert await session.references("'nowhere'") == ["one/ä.workflow.js"]
    assert await session.rename("'prüfung'", "neu") == {name: ["neu"] for name in HERE}


async def test_a_rename_that_is_not_saved_yet_can_be_followed_by_another(session):
    uri = (session.folder / "one" / SAVED / "check.js").as_uri()
    session.client.open(uri, script("neu"))
    text = TEXT.replace("prüfung", "neu")
    session.client.change(session.uri, 2, [{"text": text}])
    session.text = Text(text, "utf-8")
    expected = {name: ["neuer"] for name in ("one/ä.workflow.js", f"one/{SAVED}/check.js")}
    assert await session.rename("'neu'", "neuer") == expected


@pytest.mark.parametrize(
    ("words", "new_name", "reason"),
    [
        ("'prüfung'", "other", "There is a workflow `other` already"),
        ("'mine'", "new", "saved outside of this workspace"),
        ("'record'", "new", "a saved record"),
        ("'prüfung'", "record", "There is a workflow `record` already"),
    ],
)
async def test_a_rename_that_would_break_calls_is_refused(session, words, new_name, reason):
    with pytest.raises(Refused, match=reason):
        await session.rename(words, new_name)


async def test_definition_is_where_the_name_stands_in_the_editor(session):
    path = session.folder / "one" / SAVED / "check.js"
    session.client.open(path.as_uri(), "// one\n// two\n" + script("prüfung"))
    found = await session.client.request("textDocument/definition", session.at("'prüfung'"))
    assert (Path(found["uri"]).name, found["range"]["start"]["line"]) == ("check.js", 2)


async def test_callers_in_the_workspace_are_found_saved_or_not(session):
    session.client.open("untitled:Untitled-1", script("new", CALLER))
    (item,) = await session.client.request("textDocument/prepareCallHierarchy", session.at("'prüfung'"))
    found = await session.client.request("callHierarchy/incomingCalls", {"item": item})
    uris = {each["from"]["uri"] for each in found}
    assert "untitled:Untitled-1" in uris
    assert {session.name(uri) for uri in uris - {"untitled:Untitled-1"}} == {
        f"one/{SAVED}/caller.js",
        "one/ä.workflow.js",
    }
