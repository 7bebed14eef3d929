"""Agent types: where they are found, and what a file may hold."""

import pytest
from callsheet.agents.definitions import ALL_TOOLS, READ_ONLY_TOOLS, find_definitions, load_definition


def write(folder, name, front, body="Do it."):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"---\n{front}\n---\n{body}\n")


@pytest.fixture
def place(tmp_path):
    (tmp_path / "repo/.git").mkdir(parents=True)
    (tmp_path / "repo/sub/deep").mkdir(parents=True)
    (tmp_path / "home").mkdir()
    return tmp_path


def find(place):
    return find_definitions(place / "repo/sub/deep", place / "home")


def test_built_in_types(place):
    found = find(place)
    assert list(found.names()) == ["general-purpose", "Explore", "Plan"]
    assert found.get("general-purpose").tools == ALL_TOOLS
    assert found.get("general-purpose").system is None
    assert found.get("Explore").tools == READ_ONLY_TOOLS
    assert found.get("Plan").tools == READ_ONLY_TOOLS
    assert found.get("explore") is None


def test_the_nearest_wins(place):
    write(place / "home/.callsheet/agents", "a.md", "name: a\ndescription: home")
    write(place / "repo/.pi/agents", "a.md", "name: a\ndescription: root pi")
    assert find(place).get("a").description == "root pi"
    write(place / "repo/.claude/agents", "a.md", "name: a\ndescription: root claude")
    assert find(place).get("a").description == "root claude"
    write(place / "repo/.callsheet/agents", "z.md", "name: a\ndescription: root callsheet z")
    write(place / "repo/.callsheet/agents", "b.md", "name: a\ndescription: root callsheet b")
    assert find(place).get("a").description == "root callsheet b"
    write(place / "repo/sub/.pi/agents", "a.md", "name: a\ndescription: nearer")
    assert find(place).get("a").description == "nearer"
    write(place / ".callsheet/agents", "c.md", "name: c")
    assert find(place).get("c") is None


def test_a_definition_may_replace_a_built_in_one(place):
    write(place / "repo/.claude/agents", "Plan.md", "description: mine")
    assert find(place).get("Plan").description == "mine"


def test_outside_of_a_repository_only_the_directory_itself_and_home_count(place):
    write(place / ".claude/agents", "above.md", "name: above")
    (place / "plain").mkdir()
    write(place / "plain/.claude/agents", "here.md", "name: here")
    write(place / "home/.pi/agents", "mine.md", "name: mine")
    assert list(find_definitions(place / "plain", place / "home").names())[:2] == ["here", "mine"]


TOOLS = {
    "": ALL_TOOLS,
    "tools: Read, Grep, Glob": ("read", "grep", "find"),
    "tools: [read, bash]": ("read", "bash"),
    "tools:\n  - Read\n  - MultiEdit\n  - Edit\n  - LS": ("read", "edit", "ls"),
    "tools: '*'": ALL_TOOLS,
    "tools: ''": (),
    "tools: []": (),
    "tools: Read, WebFetch, mcp__x__y": ("read",),
    "tools: Read, Bash(git log:*)": ("read",),
}


@pytest.mark.parametrize("front", TOOLS)
def test_tools(tmp_path, front):
    write(tmp_path, "a.md", f"description: x\n{front}")
    assert load_definition(tmp_path / "a.md").tools == TOOLS[front]


def test_what_is_left_out_is_noted(tmp_path):
    write(tmp_path, "a.md", "tools: Read, WebFetch, Bash(git log:*)")
    notes = load_definition(tmp_path / "a.md").notes
    assert ["'WebFetch'" in notes[0], "cannot be restricted" in notes[1]] == [True, True]


def test_fields_and_body(tmp_path):
    write(
        tmp_path,
        "stem.md",
        "description: what\nmodel: sonnet\ncolor: red",
        "\nYou are careful.\n\n---\nMore.\n",
    )
    definition = load_definition(tmp_path / "stem.md")
    assert (definition.name, definition.description, definition.model) == ("stem", "what", "sonnet")
    assert definition.system == "You are careful.\n\n---\nMore."
    (tmp_path / "plain.md").write_text("Only a prompt.")
    assert load_definition(tmp_path / "plain.md").system == "Only a prompt."


def test_front_matter_that_only_a_line_reader_takes(tmp_path):
    write(
        tmp_path,
        "a.md",
        'name: a\ndescription: Use this: when "x" (e.g. y: z)\ntools: Read, Bash\nmodel: opus',
    )
    definition = load_definition(tmp_path / "a.md")
    assert definition.description == 'Use this: when "x" (e.g. y: z)'
    assert (definition.tools, definition.model, definition.system) == (("read", "bash"), "opus", "Do it.")


FAULTY = {
    "name: [a]": "`name` must be text",
    "model: 5": "`model` must be text",
    "tools: 5": "`tools` must be a list",
    "tools: [1]": "`tools` must be a list",
}


@pytest.mark.parametrize("front", FAULTY)
def test_a_faulty_file_is_named_and_the_others_are_found(place, front):
    write(place / "repo/.callsheet/agents", "bad.md", front)
    write(place / "repo/.callsheet/agents", "good.md", "name: good")
    (place / "repo/.callsheet/agents/latin.md").write_bytes(b"caf\xe9")
    found = find(place)
    assert found.get("good") is not None
    assert len(found.faults) == 2
    assert FAULTY[front] in found.faults[0]
    assert "bad.md" in found.faults[0]


def test_R2_the_hash_is_of_what_agents_act_by(tmp_path):
    hashes = set()
    fronts = ["name: a", "name: a\nmodel: x", "name: a\ntools: Read", "name: b"]
    for number, front in enumerate(fronts):
        write(tmp_path, f"{number}.md", front)
        hashes.add(load_definition(tmp_path / f"{number}.md").hash)
    write(tmp_path, "body.md", "name: a", "Do something else.")
    hashes.add(load_definition(tmp_path / "body.md").hash)
    assert len(hashes) == 5
    write(tmp_path, "described.md", "name: a\ndescription: changed")
    assert load_definition(tmp_path / "described.md").hash in hashes
