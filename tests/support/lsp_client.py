"""A client that speaks the protocol over standard input and output and keeps everything it is told."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

CLIENTS = Path(__file__).parents[1] / "data" / "clients"
PATIENCE_S = 30.0

PROFILES: dict[str, dict[str, Any]] = {
    "vscode": json.loads((CLIENTS / "vscode_1.139.1.json").read_text())["capabilities"],
    "neovim": json.loads((CLIENTS / "neovim_0.11.4.json").read_text())["capabilities"],
    "bare": {},
    "utf-32": {"general": {"positionEncodings": ["utf-32"]}},
}
"""Capabilities: captured from real clients, none at all, and one that counts code points."""

ENCODINGS = {"vscode": "utf-16", "neovim": "utf-8", "bare": "utf-16", "utf-32": "utf-32"}


class Refused(Exception):
    """The server answered with an error."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.code = error["code"]
        self.message = error["message"]


class Client:
    """One server process and the conversation with it.

    Attributes:
        notifications: what the server told, in order, until it is taken.
        requests: methods that the server asked for.
        configuration: what `workspace/configuration` answers.
        chosen: title that `window/showMessageRequest` answers.
    """

    def __init__(self, folder: Path, profile: str = "bare") -> None:
        self.folder = folder
        self.profile = profile
        self.notifications: list[dict[str, Any]] = []
        self.requests: list[dict[str, Any]] = []
        self.configuration: Any = {}
        self.chosen: str | None = None
        self._arrived = asyncio.Event()
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._id = 0

    async def start(self, *arguments: str, env: dict[str, str] | None = None) -> None:
        """Start the server's process."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "callsheet_server",
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=self.folder,
            env={**os.environ, **(env or {})},
            limit=1 << 26,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._in, self._out = self.process.stdin, self.process.stdout
        self._reading = asyncio.create_task(self._read())

    async def initialize(self, **options: Any) -> dict[str, Any]:
        """Begin the conversation; returns the server's capabilities."""
        params = {
            "processId": os.getpid(),
            "rootUri": self.folder.as_uri(),
            "workspaceFolders": [{"uri": self.folder.as_uri(), "name": "w"}],
            "capabilities": PROFILES[self.profile],
            **options,
        }
        result: dict[str, Any] = await self.request("initialize", params)
        self.notify("initialized", {})
        return dict(result["capabilities"])

    def send_raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._in.write(data)

    def send(self, message: Any) -> None:
        """Send one JSON value as a message."""
        body = json.dumps(message).encode()
        self.send_raw(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def notify(self, method: str, params: Any) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def begin_request(self, method: str, params: Any) -> tuple[int, asyncio.Future[Any]]:
        """Send a request without waiting for its answer."""
        self._id += 1
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[self._id] = future
        self.send({"jsonrpc": "2.0", "id": self._id, "method": method, "params": params})
        return self._id, future

    async def request(self, method: str, params: Any) -> Any:
        """Send a request; returns its result.

        Raises:
            Refused: the server answered with an error.
        """
        _, future = self.begin_request(method, params)
        return await asyncio.wait_for(future, PATIENCE_S)

    async def command(self, name: str, argument: Any = None) -> Any:
        """Execute one of the server's commands."""
        arguments = [argument if argument is not None else {}]
        return await self.request("workspace/executeCommand", {"command": name, "arguments": arguments})

    def open(self, uri: str, text: str, language: str = "callsheet", version: int = 1) -> None:
        """Open a document."""
        item = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, uri: str, version: int, changes: list[dict[str, Any]]) -> None:
        """Change a document."""
        document = {"uri": uri, "version": version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    async def wait_for(self, wanted: Callable[[dict[str, Any]], bool], timeout_s: float = PATIENCE_S) -> Any:
        """Take the first notification that is wanted; returns its parameters."""
        async with asyncio.timeout(timeout_s):
            while True:
                for index, message in enumerate(self.notifications):
                    if wanted(message):
                        del self.notifications[index]
                        return message["params"]
                self._arrived.clear()
                await self._arrived.wait()

    async def notified(self, method: str, timeout_s: float = PATIENCE_S, **fields: Any) -> Any:
        """Take the first notification of a method whose parameters have these values."""
        return await self.wait_for(
            lambda message: (
                message["method"] == method
                and all(message["params"].get(name) == value for name, value in fields.items())
            ),
            timeout_s,
        )

    async def diagnostics(self, uri: str, version: int | None = None) -> list[dict[str, Any]]:
        """The next diagnostics of a document, of a version where one is given."""
        fields: dict[str, Any] = {"uri": uri}
        if version is not None:
            fields["version"] = version
        return list((await self.notified("textDocument/publishDiagnostics", **fields))["diagnostics"])

    async def until(self, uri: str, wanted: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """Take diagnostics of a document until they are as wanted."""
        async with asyncio.timeout(PATIENCE_S):
            while not wanted(found := await self.diagnostics(uri)):
                pass
            return found

    async def stop(self) -> int:
        """End the conversation in order; returns the exit status."""
        await self.request("shutdown", None)
        self.notify("exit", None)
        return await self.ended()

    async def ended(self) -> int:
        """Wait for the end of the process; returns its exit status."""
        status = await asyncio.wait_for(self.process.wait(), PATIENCE_S)
        await self._reading
        return status

    async def kill(self) -> None:
        """End the process without ceremony, if it still runs."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
        await self._reading

    async def errors(self) -> str:
        """What the server wrote to standard error; call it when it has ended."""
        assert self.process.stderr is not None
        return (await self.process.stderr.read()).decode()

    async def _read(self) -> None:
        while True:
            size = 0
            while (line := await self._out.readline()) != b"\r\n":
                if not line:
                    self._fail()
                    return
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    size = int(value)
            self._take(json.loads(await self._out.readexactly(size)))

    def _fail(self) -> None:
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(ConnectionError("The server has gone."))

    def _take(self, message: dict[str, Any]) -> None:
        if "method" in message and "id" in message:
            self.requests.append(message)
            self.send({"jsonrpc": "2.0", "id": message["id"], "result": self._answer(message)})
        elif "method" in message:
            self.notifications.append(message)
            self._arrived.set()
        else:
            future = self._waiting.pop(message["id"], None) if message["id"] is not None else None
            if future is None:
                self.notifications.append({"method": "(answer)", "params": message})
                self._arrived.set()
            elif not future.done():
                if "error" in message:
                    future.set_exception(Refused(message["error"]))
                else:
                    future.set_result(message["result"])

    def _answer(self, message: dict[str, Any]) -> Any:
        if message["method"] == "workspace/configuration":
            return [self.configuration for _ in message["params"]["items"]]
        if message["method"] == "window/showDocument":
            return {"success": True}
        if message["method"] == "window/showMessageRequest":
            return {"title": self.chosen} if self.chosen is not None else None
        return None


def units(text: str, encoding: str) -> int:
    """Length of a text in the units of an encoding."""
    codec, width = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}[encoding]
    return len(text.encode(codec)) // width


class Text:
    """A document's text, in which places are found by what is written there."""

    def __init__(self, text: str, encoding: str) -> None:
        self.text = text
        self._encoding = encoding

    def position(self, index: int) -> dict[str, int]:
        """The position of a character."""
        line = self.text.count("\n", 0, index)
        start = self.text.rfind("\n", 0, index) + 1
        return {"line": line, "character": units(self.text[start:index], self._encoding)}

    def at(self, words: str, offset: int = 0) -> dict[str, int]:
        """The position of some words, or of a character behind their beginning."""
        return self.position(self.text.index(words) + offset)

    def slice(self, range_: dict[str, Any]) -> str:
        """What is written in a range."""
        return self.text[self._index(range_["start"]) : self._index(range_["end"])]

    def _index(self, position: dict[str, int]) -> int:
        lines = self.text.split("\n")
        line, left = lines[position["line"]], position["character"]
        column = 0
        while left > 0 and column < len(line):
            left -= units(line[column], self._encoding)
            column += 1
        assert left == 0, "a position inside of a character, or behind its line"
        return sum(len(each) + 1 for each in lines[: position["line"]]) + column
