"""Random typing, cutting and asking, and malformed messages, against a server that must survive all of it."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

from tests.support.lsp_client import Client, Refused, units
from tests.support.lsp_edits import PIECES, reference_edit

ROOT = Path(__file__).parents[2]
INTERNAL_ERROR = -32603
SCRAPS = (
    *PIECES,
    "meta",
    "agent(",
    "parallel([",
    ".then(r => ",
    "schema: { type: 'object' }",
    "\x00",
    "`${`",
    "\\",
)
ASKED = (
    "completion",
    "hover",
    "signatureHelp",
    "definition",
    "documentHighlight",
    "prepareRename",
    "prepareCallHierarchy",
    "documentSymbol",
    "codeLens",
    "foldingRange",
    "semanticTokens/full",
    "documentLink",
    "diagnostic",
)
MALFORMED = (
    b"{",
    b"null",
    b"[1, 2]",
    b'"text"',
    b"\xff\xfe",
    b'{"jsonrpc": "2.0"}',
    b'{"jsonrpc": "2.0", "method": null, "id": []}',
    b'{"jsonrpc": "2.0", "id": 99999, "result": {"a": 1}}',
    b'{"jsonrpc": "2.0", "id": "nobody", "error": {"code": 1}}',
    b'{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"textDocument": 3}}',
    b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": []}',
    b'{"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": {}}}',
    b'{"jsonrpc": "2.0", "method": "workspace/didChangeConfiguration", "params": {"settings": [[]]}}',
    b'{"jsonrpc": "2.0", "method": "workspace/didChangeWatchedFiles", "params": {"changes": [{}]}}',
)


def real_scripts() -> list[str]:
    """Scripts that people could have written: the examples and the bundled workflows."""
    found = [
        *sorted((ROOT / "examples").glob("*.js")),
        *sorted((ROOT / "engine/callsheet/workflows").glob("*.js")),
    ]
    return [path.read_text(encoding="utf-8") for path in found]


class Fuzzer:
    """One document that is typed into at random, with a reference of its text.

    Attributes:
        failures: what the server should not have said.
    """

    def __init__(self, client: Client, encoding: str, seed: int, texts: list[str]) -> None:
        self._client = client
        self._encoding = encoding
        self._random = random.Random(seed)
        self._texts = texts
        self._uri = (client.folder / f"fuzz{seed}.workflow.js").as_uri()
        self._version = 0
        self.text = ""
        self._asked: list[asyncio.Future[Any]] = []
        self.failures: list[str] = []

    async def run(self, edits: int) -> None:
        """Make a number of edits, asking for something now and then."""
        self._reopen()
        for step in range(edits):
            if step % 150 == 149:
                self._reopen()
            self._edit()
            if self._random.random() < 0.1:
                self._ask()
            if self._random.random() < 0.03:
                body = self._random.choice(MALFORMED)
                self._client.send_raw(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
            if step % 25 == 24:
                await self._settle()
        await self._settle()
        await self._compare()

    def _reopen(self) -> None:
        if self._version:
            self._client.notify("textDocument/didClose", {"textDocument": {"uri": self._uri}})
        self._version += 1
        self.text = self._random.choice(self._texts)
        self._client.open(self._uri, self.text, version=self._version)

    def _edit(self) -> None:
        start, end = self._place(), self._place()
        kind = self._random.random()
        if kind < 0.55:
            end = start
        elif kind < 0.9:
            end = (start[0], start[1] + self._random.randint(0, 20))
        new = "".join(self._random.choice(SCRAPS) for _ in range(self._random.choice((0, 1, 1, 1, 2, 4))))
        if kind > 0.985:
            # The file is cut off somewhere, as when it is saved in the middle of a thought.
            end, new = (10**6, 0), ""
        self._version += 1
        range_ = {name: {"line": line, "character": column} for name, (line, column) in
                  (("start", start), ("end", end))}  # fmt: skip
        self._client.change(self._uri, self._version, [{"range": range_, "text": new}])
        self.text = reference_edit(self.text, start, end, new, self._encoding)

    def _place(self) -> tuple[int, int]:
        lines = self.text.count("\n") + 1
        line = self._random.randint(0, lines)
        parts = self.text.split("\n")
        width = units(parts[line], self._encoding) if line < len(parts) else 0
        return line, self._random.randint(0, width + 2)

    def _ask(self) -> None:
        method = f"textDocument/{self._random.choice(ASKED)}"
        line, column = self._place()
        params = {"textDocument": {"uri": self._uri}, "position": {"line": line, "character": column}}
        number, future = self._client.begin_request(method, params)
        if self._random.random() < 0.2:
            self._client.notify("$/cancelRequest", {"id": number})
        self._asked.append(future)

    async def _settle(self) -> None:
        for result in await asyncio.gather(*self._asked, return_exceptions=True):
            if isinstance(result, Refused) and result.code == INTERNAL_ERROR:
                self.failures.append(result.message)
            elif isinstance(result, BaseException) and not isinstance(result, Refused):
                raise result
        self._asked.clear()
        # Nobody else takes them, and thousands would be kept.
        self._client.notifications.clear()

    async def _compare(self) -> None:
        """The server's text must end where ours does; that it is the same throughout, the documents' own tests show."""
        params = {"textDocument": {"uri": self._uri}, "positions": [{"line": 0, "character": 0}]}
        (found,) = await self._client.request("textDocument/selectionRange", params)
        while "parent" in found:
            found = found["parent"]
        lines = _lines(self.text)
        last = {"line": len(lines) - 1, "character": units(lines[-1], self._encoding)}
        if found["range"]["end"] != last:
            self.failures.append(f"the text ends at {found['range']['end']}, not at {last}")


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
