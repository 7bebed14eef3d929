"""The tools of agents, on real files and processes."""

import os
import shutil
import stat
import subprocess

import pytest
from callsheet.agents import search
from callsheet.agents.paths import ToolError
from callsheet.agents.processes import ShellOwner, clean_environment
from callsheet.agents.tools import TOOLS
from callsheet.agents.tools.base import MAX_OUTPUT_CHARS, ToolContext


@pytest.fixture
def use(tmp_path):
    owner = ShellOwner("test-tools", 1)
    lines = []
    context = ToolContext(tmp_path, clean_environment(os.environ, owner), owner, lines.append)

    async def use(name, **arguments):
        answer = TOOLS[name].run(context, arguments)
        return answer if isinstance(answer, str) else await answer

    use.root = tmp_path
    use.lines = lines
    return use


async def test_read_numbers_lines_and_pages(use):
    (use.root / "a").write_text("".join(f"line {n}\r\n" for n in range(1, 5001)), newline="")
    whole = await use("read", path="a")
    assert whole.startswith("     1\tline 1\n     2\tline 2\n")
    assert whole.endswith("  2000\tline 2000\n(more lines follow; continue with offset 2001)")
    assert await use("read", path="a", offset=4999) == "  4999\tline 4999\n  5000\tline 5000"
    assert (
        await use("read", path="a", offset=7, limit=1)
        == "     7\tline 7\n(more lines follow; continue with offset 8)"
    )
    with pytest.raises(ToolError, match="only 5000 lines"):
        await use("read", path="a", offset=6000)


async def test_read_bounds_what_it_returns(use):
    (use.root / "wide").write_text("x" * 3_000_000 + "\nnext\n")
    assert await use("read", path="wide") == f"     1\t{'x' * 2000}… (2998000 more bytes)\n     2\tnext"
    (use.root / "much").write_text(("y" * 1500 + "\n") * 1000)
    assert len(await use("read", path="much")) < MAX_OUTPUT_CHARS + 3000
    (use.root / "empty").touch()
    assert await use("read", path="empty") == "(the file is empty)"
    (use.root / "latin").write_bytes(b"caf\xe9\n")
    assert await use("read", path="latin") == "     1\tcaf\ufffd"
    (use.root / "binary").write_bytes(b"\x7fELF\0\0")
    with pytest.raises(ToolError, match="binary file of 6 bytes"):
        await use("read", path="binary")


async def test_read_of_a_huge_sparse_file_is_no_trouble(use):
    with (use.root / "huge").open("wb") as file:
        file.write(b"first\n" * 2000)
        file.truncate(8 * 2**30)
    assert "     1\tfirst" in await use("read", path="huge", limit=2)


async def test_write_makes_folders_and_keeps_what_files_had(use):
    assert await use("write", path="new/er/a.txt", content="1\n2\n") == "wrote new/er/a.txt (2 lines)"
    (use.root / "dos.txt").write_bytes(b"\xef\xbb\xbfold\r\nlines\r\n")
    (use.root / "dos.txt").chmod(0o755)
    assert await use("write", path="dos.txt", content="new\nlines\n") == "replaced dos.txt (2 lines)"
    assert (use.root / "dos.txt").read_bytes() == b"\xef\xbb\xbfnew\r\nlines\r\n"
    assert stat.S_IMODE((use.root / "dos.txt").stat().st_mode) == 0o755
    with pytest.raises(ToolError, match="is a folder"):
        await use("write", path="new", content="")
    with pytest.raises(ToolError):
        await use("write", path="dos.txt/below", content="")


EDITS = {
    "once": (b"a\nb\nc\n", {"old": "b", "new": "B"}, b"a\nB\nc\n"),
    "over lines in CRLF": (b"a\r\nb\r\nc\r\n", {"old": "a\nb", "new": "x\ny\nz"}, b"x\r\ny\r\nz\r\nc\r\n"),
    "CRLF given": (b"a\r\nb\r\n", {"old": "a\r\nb", "new": "q"}, b"q\r\n"),
    "mixed line ends stay": (b"a\r\nb\nc\r\n", {"old": "b", "new": "x"}, b"a\r\nx\nc\r\n"),
    "byte-order mark": (b"\xef\xbb\xbfa\n", {"old": "a", "new": "b"}, b"\xef\xbb\xbfb\n"),
    "other bytes survive": (b"caf\xe9 a\n", {"old": "a\n", "new": "b\n"}, b"caf\xe9 b\n"),
    "no newline at the end": (b"a\nb", {"old": "b", "new": ""}, b"a\n"),
    "all": (b"a a a", {"old": "a", "new": "b", "all": True}, b"b b b"),
}


@pytest.mark.parametrize("name", EDITS)
async def test_edit(use, name):
    before, arguments, after = EDITS[name]
    (use.root / "f").write_bytes(before)
    assert (await use("edit", path="f", **arguments)).startswith("edited f")
    assert (use.root / "f").read_bytes() == after


REFUSED_EDITS = {
    "not there": ({"old": "zzz", "new": "x"}, "is not in f"),
    "other white space": ({"old": "a  b", "new": "x"}, "other white space"),
    "several": ({"old": "a", "new": "x"}, r"2 times in f \(lines 1, 3\)"),
    "same": ({"old": "a", "new": "a"}, "the same"),
    "empty": ({"old": "", "new": "a"}, "empty"),
}


@pytest.mark.parametrize("name", REFUSED_EDITS)
async def test_edit_refuses(use, name):
    arguments, message = REFUSED_EDITS[name]
    (use.root / "f").write_text("a b\nc\na d\n")
    with pytest.raises(ToolError, match=message):
        await use("edit", path="f", **arguments)
    assert (use.root / "f").read_text() == "a b\nc\na d\n"


async def test_ls_and_find(use):
    subprocess.run(["git", "init", "-q", str(use.root)], check=True)  # noqa: ASYNC221
    for name in ("a.py", "src/b.py", "src/deep/c.py", "build/d.py", "src/x.log", "keep/x.log", "docs/e.md"):
        (use.root / name).parent.mkdir(parents=True, exist_ok=True)
        (use.root / name).write_text("text\n")
    (use.root / ".gitignore").write_text("*.log\n/build/\n")
    (use.root / "keep/.gitignore").write_text("!x.log\n")
    (use.root / "link").symlink_to("src")
    assert (await use("ls")).split("\n") == [
        ".git/",
        ".gitignore\t14 bytes",
        "a.py\t5 bytes",
        "build/",
        "docs/",
        "keep/",
        "link -> src",
        "src/",
    ]
    assert (await use("find", pattern="*.py")).split("\n") == ["a.py", "src/b.py", "src/deep/c.py"]
    assert await use("find", pattern="src/*.py") == "src/b.py"
    assert await use("find", pattern="*.py", path="src/deep") == "src/deep/c.py"
    assert await use("find", pattern="*.log") == "keep/x.log"
    assert await use("find", pattern="docs/**") == "docs/e.md"
    assert await use("find", pattern="*.rs") == "(no file matches)"
    assert await use("find", pattern="./*.py") == "a.py"
    assert await use("find", pattern="./src/{b,c}.{py,{ts,rs}}") == "src/b.py"
    with pytest.raises(ToolError, match="more than 200 alternatives"):
        await use("find", pattern="{a,b}" * 10)
    with pytest.raises(ToolError, match="no folder"):
        await use("ls", path="a.py")


async def test_find_and_ls_are_bounded(use):
    for number in range(1100):
        (use.root / f"f{number:04}").touch()
    assert (await use("find", pattern="*")).endswith("f0999\n(more files match; narrow the pattern)")
    assert (await use("ls")).endswith("(100 more entries)")


@pytest.fixture(params=["ripgrep", "own"])
def searcher(request, monkeypatch):
    if request.param == "own":
        monkeypatch.setattr("callsheet.agents.tools.grep.shutil.which", lambda name: None)
    elif shutil.which("rg") is None:
        pytest.skip("ripgrep is not installed")


@pytest.mark.usefixtures("searcher")
async def test_grep(use):
    (use.root / "a.py").write_text("one\nTwo\nthree\nfour\ntwo -x\n")
    (use.root / "sub").mkdir()
    (use.root / "sub/b.txt").write_bytes(b"two\r\n")
    (use.root / "bin").write_bytes(b"two\0")
    (use.root / ".hidden").write_text("two\n")
    (use.root / "ignored").write_text("two\n")
    (use.root / ".gitignore").write_text("ignored\n")
    (use.root / "long").write_text("two" + "x" * 100_000 + "\n")
    found = (await use("grep", pattern="two", glob="!long")).split("\n")
    assert found == [".hidden:1:two", "a.py:5:two -x", "sub/b.txt:1:two"]
    assert await use("grep", pattern="TWO", ignore_case=True, path="a.py", context=1) == (
        "a.py-1-one\na.py:2:Two\na.py-3-three\na.py-4-four\na.py:5:two -x"
    )
    assert await use("grep", pattern="one|four", path="a.py", context=0) == "a.py:1:one\na.py:4:four"
    assert await use("grep", pattern="-x", path="a.py") == "a.py:5:two -x"
    assert await use("grep", pattern="tw[o]", glob="*.txt") == "sub/b.txt:1:two"
    assert await use("grep", pattern="two", glob="./s*/*.{md,txt}") == "sub/b.txt:1:two"
    assert await use("grep", pattern="two", path="sub") == "sub/b.txt:1:two"
    assert len(await use("grep", pattern="two", path="long")) < 2200
    assert await use("grep", pattern="nowhere") == "(no match)"
    with pytest.raises(ToolError, match=r"invalid pattern|unclosed group"):
        await use("grep", pattern="(")


@pytest.mark.usefixtures("searcher")
async def test_grep_is_bounded(use):
    (use.root / "many").write_text("match this line\n" * 30_000)
    found = await use("grep", pattern="match")
    assert len(found) < MAX_OUTPUT_CHARS + 200
    assert "more lines; narrow the pattern" in found


async def test_grep_that_never_ends_is_stopped(use, monkeypatch):
    monkeypatch.setattr("callsheet.agents.tools.grep.TIMEOUT_S", 0.5)
    monkeypatch.setattr("callsheet.agents.tools.grep.shutil.which", lambda name: None)
    (use.root / "f").write_text("a" * 60 + "!\n")
    with pytest.raises(ToolError, match="did not end"):
        await use("grep", pattern="(a+)+$")


def test_the_search_of_our_own_takes_the_nearest_file_of_rules(tmp_path, monkeypatch, capsys):
    (tmp_path / "sub").mkdir()
    (tmp_path / ".gitignore").write_text("*.log\n")
    (tmp_path / "sub/.gitignore").write_text("!keep.log\n")
    for name in ("a.log", "sub/keep.log", "sub/b.log"):
        (tmp_path / name).write_text("hit\n")
    monkeypatch.chdir(tmp_path)
    assert search.main(["--regexp=hit", "--", "."]) == 0
    assert capsys.readouterr().out == "sub/keep.log:1:hit\n"


async def test_bash_returns_output_and_status(use):
    assert await use("bash", command="echo out; echo err >&2") == "out\nerr\n"
    assert await use("bash", command="true") == "(no output)"
    assert await use("bash", command="echo no; exit 3") == "no\n\n(exit code 3)"
    assert await use("bash", command="pwd -P") == f"{use.root.resolve()}\n"
    assert await use("bash", command="cat; echo done") == "done\n"
    assert "x\0y" not in await use("bash", command="printf 'x\\377y'")
    assert "done" in use.lines


async def test_bash_keeps_the_tail_of_much_output(use):
    text = await use("bash", command="seq 1 200000; echo last")
    assert text.startswith("(the first ")
    assert text.endswith("200000\nlast\n")
    assert len(text) < MAX_OUTPUT_CHARS + 200


async def test_bash_stops_at_its_limit(use):
    text = await use("bash", command="echo begun; trap '' TERM; sleep 100", timeout_s=1)
    assert text == "begun\n\n(stopped after 1 s)"


async def test_bash_does_not_wait_for_what_it_left_behind(use):
    assert await use("bash", command="sleep 100 & echo started") == "started\n"


async def test_a_command_that_cannot_be_started_is_told(use):
    with pytest.raises(ToolError, match="cannot be started"):
        await use("bash", command="echo \0")
