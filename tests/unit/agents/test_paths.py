"""What an agent may touch is its working directory, whatever the route."""

import os

import pytest
from callsheet.agents.paths import ToolError, existing_file, resolve_inside
from callsheet.agents.tools import TOOLS
from callsheet.agents.tools.base import ToolContext


@pytest.fixture
def tree(tmp_path):
    root = tmp_path / "root"
    outside = tmp_path / "outside"
    (root / "sub").mkdir(parents=True)
    outside.mkdir()
    (outside / "secret").write_text("secret")
    (root / "file").write_text("inside")
    (root / "out").symlink_to(outside)
    (root / "out-file").symlink_to(outside / "secret")
    (root / "dangling").symlink_to(outside / "not-yet")
    (root / "dangling-folder").symlink_to(outside / "no-folder")
    (root / "sub" / "up").symlink_to("../..")
    (root / "chain").symlink_to("out")
    (root / "loop").symlink_to("loop")
    (root / "past-loop").symlink_to("loop/../out")
    (root / "in").symlink_to("sub")
    (root / "absolute-in").symlink_to(root / "file")
    (tmp_path / "root-two").mkdir()
    (tmp_path / "root-two" / "file").write_text("other")
    (tmp_path / "alias").symlink_to(root)
    return root


OUTSIDE = [
    "..",
    "../outside/secret",
    "sub/../../outside/secret",
    "../root-two/file",
    "/etc/passwd",
    "/",
    "out/secret",
    "out/new",
    "out-file",
    "dangling",
    "dangling-folder/deep/new",
    "sub/up/outside/secret",
    "chain/secret",
    "missing/../../outside/secret",
    "loop/../out/secret",
    "sub/../loop/../out/new",
    "past-loop/secret",
    "a\0b",
]


@pytest.mark.parametrize("name", OUTSIDE)
def test_paths_that_lead_out_are_refused(tree, name):
    with pytest.raises(ToolError):
        resolve_inside(tree, name)


@pytest.mark.parametrize(
    "name", ["file", "sub/new", "in/new", "absolute-in", ".", "", "sub/../file", "./file", "~"]
)
def test_paths_that_stay_inside_are_real(tree, name):
    real = resolve_inside(tree, name)
    assert real == tree or tree in real.parents
    assert real == real.resolve()


def test_the_working_directory_may_itself_be_a_link(tree):
    alias = tree.parent / "alias"
    assert resolve_inside(alias, "file") == tree / "file"
    assert resolve_inside(alias, str(alias / "file")) == tree / "file"


async def run(tool, context, arguments):
    answer = tool.run(context, arguments)
    return answer if isinstance(answer, str) else await answer


CALLS = {
    "read": {},
    "write": {"content": "x"},
    "edit": {"old": "secret", "new": "x"},
    "ls": {},
    "find": {"pattern": "*"},
    "grep": {"pattern": "secret"},
}
PATTERN_TOOLS = {"find", "grep"}


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("tool", CALLS)
async def test_no_tool_reaches_outside(tree, tool, name):
    with pytest.raises(ToolError):
        await run(TOOLS[tool], ToolContext(tree, dict(os.environ)), {**CALLS[tool], "path": name})
    assert (tree.parent / "outside" / "secret").read_text() == "secret"
    assert sorted(path.name for path in (tree.parent / "outside").iterdir()) == ["secret"]


async def test_searches_do_not_follow_links_out(tree):
    context = ToolContext(tree, dict(os.environ))
    assert "secret" not in TOOLS["find"].run(context, {"pattern": "**"})
    assert await TOOLS["grep"].run(context, {"pattern": "secret"}) == "(no match)"


def test_only_regular_files_are_read(tree):
    os.mkfifo(tree / "pipe")
    for name in ("pipe", "sub", "missing", "loop"):
        with pytest.raises(ToolError):
            existing_file(tree, name)
    with pytest.raises(ToolError, match="no regular file"):
        TOOLS["write"].run(ToolContext(tree), {"path": "pipe", "content": "x"})
