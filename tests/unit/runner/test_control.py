from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import stat
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from callsheet.runs.control import ControlServer, NotRunning, Refused, remove_socket, request, request_async

FOLDERS = {
    "short": "run",
    "too long for an address": "x" * 120,
    "neither ASCII nor without spaces": "läuft jetzt",
}


@pytest.fixture(params=FOLDERS.values(), ids=FOLDERS.keys())
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / request.param
    folder.mkdir()
    return folder / "control.sock"


async def answer(wanted: Mapping[str, Any]) -> Any:
    if wanted["do"] == "refuse":
        raise Refused("No.", hint="Never.")
    return {"asked": dict(wanted)}


@asynccontextmanager
async def serving(path: Path) -> AsyncIterator[ControlServer]:
    server = ControlServer(path, answer)
    await server.start()
    try:
        yield server
    finally:
        await server.close()


async def test_a_request_is_answered(path: Path) -> None:
    async with serving(path):
        expected = {"asked": {"do": "skip", "call": 3}}
        assert await request_async(path, "skip", call=3) == expected
        assert await asyncio.to_thread(request, path, "skip", call=3) == expected


async def test_only_the_owner_may_ask(path: Path) -> None:
    async with serving(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.resolve().parent.stat().st_mode) in (0o700, 0o755)


async def test_a_refusal_says_why(path: Path) -> None:
    async with serving(path):
        with pytest.raises(Refused, match="No") as refusal:
            await request_async(path, "refuse")
        assert refusal.value.hint == "Never."


async def test_nobody_listens_after_the_end(path: Path) -> None:
    async with serving(path):
        pass
    assert not path.is_symlink()
    assert not path.exists()
    with pytest.raises(NotRunning):
        await request_async(path, "ping")
    with pytest.raises(NotRunning):
        request(path, "ping")


async def test_a_socket_that_a_crash_left_is_replaced(path: Path) -> None:
    left = ControlServer(path, answer)
    await left.start()
    target = path.resolve()
    async with serving(path):
        assert await request_async(path, "ping") == {"asked": {"do": "ping"}}
        if target != path:
            assert not target.exists()
    await left.close()


WRONG = ["no json", "[]", "{}", '{"do": 3}', "\udcff".encode("utf-8", "surrogatepass").decode("latin-1")]


@pytest.mark.parametrize("line", WRONG)
async def test_nonsense_is_refused_and_the_server_lives(tmp_path: Path, line: str) -> None:
    path = tmp_path / "s"
    async with serving(path):
        reader, writer = await asyncio.open_unix_connection(str(path))
        writer.write(line.encode() + b"\n")
        reply = json.loads(await reader.readline())
        assert reply["ok"] is False
        assert reply["error"]
        writer.close()
        assert await request_async(path, "ping")


async def test_a_caller_that_hangs_up_harms_nobody(tmp_path: Path) -> None:
    path = tmp_path / "s"
    async with serving(path):
        with socket.socket(socket.AF_UNIX) as rude:
            rude.connect(str(path))
            rude.sendall(b'{"do": ')
        assert await request_async(path, "ping")


async def test_a_request_that_never_ends_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "s"
    async with serving(path):
        reader, writer = await asyncio.open_unix_connection(str(path))
        writer.write(b"x" * (3 << 20))
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""
        writer.close()
        assert await request_async(path, "ping")


def test_removing_follows_no_link_that_is_not_ours(tmp_path: Path) -> None:
    foreign = tmp_path / "precious" / "s"
    foreign.parent.mkdir()
    foreign.write_text("data")
    link = tmp_path / "control.sock"
    link.symlink_to(foreign)
    remove_socket(link)
    assert foreign.read_text() == "data"
    assert not link.is_symlink()
