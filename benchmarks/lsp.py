"""Latency of the language server beside others, as a client sees it: one file, one run, over standard input and output.

    python benchmarks/lsp.py [--lines 300 900] [--changes 40] [--peers FOLDER]

Each server opens the same JavaScript file and is sent edits one by one; the time from the edit to the diagnostics that
belong to it is taken, then that of completion and hover. FOLDER has a `node_modules` with the peers; without one they
are installed there by npm. The file ends in a syntax error, so that every server has something to say, and has no
top-level `return`, which some of them refuse. Read the ratios: what a machine shared with others gives in milliseconds
is of little worth.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import Factory, define, frozen

PACKAGES = (
    "quick-lint-js@3.2.0",
    "oxlint@1",
    "vscode-langservers-extracted@4.10.0",
    "eslint@9",
    "@biomejs/biome@2",
    "typescript-language-server@5",
    "typescript@5",
)
SCHEMA = "{{ type: 'object', properties: {{ ok: {{ type: 'boolean' }} }} }}"
CALL = f"agent(`Audit ${{{{f}}}} for auth`, {{{{ label: `audit:${{{{f}}}}`, schema: {SCHEMA} }}}})"
UNIT = (
    "phase('Scan {0}')\n"
    f"const r{{0}} = await parallel(files.map((f) => () => {CALL}))\n"
    "if (r{0}.some((x) => !x)) {{ log('holes') }}\n"
)
HEAD = "export const meta = { name: 'x', description: 'y', phases: [] }\n"
TAIL = "const = 3\n"
EDITS = {"comment": "// z\n", "code": "log(files.length)\n"}
PATIENCE_S = 40.0

CAPABILITIES: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {"configuration": True, "workspaceFolders": True},
    "textDocument": {
        "publishDiagnostics": {"versionSupport": True},
        "diagnostic": {"dynamicRegistration": False},
    },
}


@frozen
class Server:
    """A server to measure.

    Attributes:
        file: what the document is called; ours knows its scripts by their names.
    """

    name: str
    command: tuple[str, ...]
    file: str = "wf.js"


@define
class Figures:
    """What was measured of one server with one file; times in milliseconds."""

    initialize_ms: float = 0.0
    first_ms: float = 0.0
    changes_ms: dict[str, list[float]] = Factory(dict)
    completion_ms: list[float] = Factory(list)
    hover_ms: list[float] = Factory(list)
    rss_mib: float = 0.0


class Client:
    """Just enough of a client, and as quick as can be."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._id = 0
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._published: asyncio.Queue[tuple[dict[str, Any], float]] = asyncio.Queue()

    async def start(self, command: tuple[str, ...]) -> None:
        self.process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=self._folder,
            limit=1 << 26,
        )
        self._reading = asyncio.create_task(self._read())

    async def stop(self) -> None:
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self.request("shutdown", None), 5)
            self.notify("exit", None)
            await asyncio.wait_for(self.process.wait(), 5)
        if self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
        self._reading.cancel()

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def notify(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    async def request(self, method: str, params: Any) -> Any:
        self._id += 1
        answer = self._answers[self._id] = asyncio.get_running_loop().create_future()
        self._send({"id": self._id, "method": method, "params": params})
        return await asyncio.wait_for(answer, PATIENCE_S)

    async def diagnostics(self, uri: str, version: int, since: float) -> float:
        """Milliseconds until the diagnostics of a version; of a server that names none, the next ones count."""
        while True:
            params, at = await asyncio.wait_for(self._published.get(), PATIENCE_S)
            if at > since and params["uri"] == uri and params.get("version") in (None, version):
                return (at - since) * 1e3

    async def _read(self) -> None:
        assert self.process.stdout is not None
        while True:
            size = 0
            while (line := await self.process.stdout.readline()) != b"\r\n":
                if not line:
                    return
                if line.lower().startswith(b"content-length"):
                    size = int(line.split(b":")[1])
            message = json.loads(await self.process.stdout.readexactly(size))
            at = time.perf_counter()
            if "method" in message and "id" in message:
                self._send({"id": message["id"], "result": self._answer(message)})
            elif "id" in message:
                answer = self._answers.pop(message["id"], None)
                if answer is not None and not answer.done():
                    answer.set_result(message.get("result"))
            elif message["method"] == "textDocument/publishDiagnostics":
                self._published.put_nowait((message["params"], at))

    def _answer(self, message: dict[str, Any]) -> Any:
        folder = {"uri": self._folder.as_uri(), "name": "w"}
        if message["method"] == "workspace/configuration":
            return [eslint_settings(folder) for _ in message["params"]["items"]]
        return [folder] if message["method"] == "workspace/workspaceFolders" else None


def eslint_settings(folder: dict[str, str]) -> dict[str, Any]:
    """What vscode-eslint asks its client for; the others ignore it."""
    return {
        "validate": "on",
        "run": "onType",
        "packageManager": "npm",
        "useESLintClass": False,
        "experimental": {},
        "codeAction": {"disableRuleComment": {"enable": True}, "showDocumentation": {"enable": True}},
        "codeActionOnSave": {"mode": "all"},
        "format": False,
        "quiet": False,
        "onIgnoredFiles": "off",
        "options": {},
        "rulesCustomizations": [],
        "problems": {"shortenToSingleLine": False},
        "nodePath": None,
        "workingDirectory": {"mode": "location"},
        "workspaceFolder": folder,
    }


async def measure(server: Server, folder: Path, lines: int, changes: int) -> Figures:
    """Measure one server with a file of about so many lines."""
    text = HEAD + "".join(UNIT.format(index) for index in range(lines // 3)) + TAIL
    (folder / server.file).write_text(text)
    uri = (folder / server.file).as_uri()
    client, figures = Client(folder), Figures()
    started = time.perf_counter()
    await client.start(server.command)
    try:
        params = {"processId": os.getpid(), "rootUri": folder.as_uri(), "capabilities": CAPABILITIES}
        workspace = [{"uri": folder.as_uri(), "name": "w"}]
        told = await client.request("initialize", {**params, "workspaceFolders": workspace})
        figures.initialize_ms = (time.perf_counter() - started) * 1e3
        pulls = bool(told["capabilities"].get("diagnosticProvider"))
        client.notify("initialized", {})
        client.notify("workspace/didChangeConfiguration", {"settings": {}})

        async def wait(version: int, since: float) -> float:
            if not pulls:
                return await client.diagnostics(uri, version, since)
            await client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
            return (time.perf_counter() - since) * 1e3

        since = time.perf_counter()
        item = {"uri": uri, "languageId": "javascript", "version": 1, "text": text}
        client.notify("textDocument/didOpen", {"textDocument": item})
        figures.first_ms = await wait(1, since)
        await asyncio.sleep(1.5)
        version, row = 1, text.count("\n") // 6 * 3 + 1
        for kind, inserted in EDITS.items():
            found = figures.changes_ms.setdefault(kind, [])
            for _ in range(changes):
                version += 1
                here = {"line": row, "character": 0}
                change = {"range": {"start": here, "end": here}, "text": inserted}
                document = {"uri": uri, "version": version}
                since = time.perf_counter()
                client.notify(
                    "textDocument/didChange", {"textDocument": document, "contentChanges": [change]}
                )
                found.append(await wait(version, since))
                await asyncio.sleep(0.05)
        await _ask(client, told["capabilities"], uri, row + 2 * changes + 1, figures)
        figures.rss_mib = _rss_mib(client.process.pid)
    finally:
        await client.stop()
    return figures


async def _ask(client: Client, capabilities: dict[str, Any], uri: str, row: int, figures: Figures) -> None:
    for index in range(20):
        place = {"textDocument": {"uri": uri}, "position": {"line": row + index // 2 * 3, "character": 52}}
        for provider, method, found in (
            ("completionProvider", "textDocument/completion", figures.completion_ms),
            ("hoverProvider", "textDocument/hover", figures.hover_ms),
        ):
            if capabilities.get(provider):
                since = time.perf_counter()
                await client.request(method, place)
                found.append((time.perf_counter() - since) * 1e3)


def _rss_mib(pid: int) -> float:
    shown = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return int(shown.stdout.strip() or 0) / 1024


def percentile(values: list[float], share: float) -> float:
    """The value that a share of the values is not above."""
    return sorted(values)[max(0, round(share * len(values)) - 1)] if values else float("nan")


def install_peers(folder: Path) -> None:
    """Install the peers by npm, where they are missing."""
    if not (folder / "node_modules" / ".bin" / "oxlint").exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--loglevel", "error", *PACKAGES]
        subprocess.run(command, cwd=folder, check=True, timeout=600)


def servers(peers: Path) -> Iterator[Server]:
    """Ours first, then the peers that are there."""
    yield Server("callsheet", (sys.executable, "-m", "callsheet_server"), "wf.workflow.js")
    programs = peers.resolve() / "node_modules" / ".bin"
    for name, *arguments in (
        ("quick-lint-js", "--lsp"),
        ("oxlint", "--lsp"),
        ("vscode-eslint-language-server", "--stdio"),
        ("biome", "lsp-proxy"),
        ("typescript-language-server", "--stdio"),
    ):
        if (programs / name).exists():
            yield Server(name, (str(programs / name), *arguments))


def _prepare(folder: Path, peers: Path) -> None:
    (folder / "eslint.config.mjs").write_text(
        "export default [{ rules: { 'no-unused-vars': 'warn', 'no-undef': 'error' } }]\n"
    )
    (folder / "package.json").write_text('{ "type": "module" }\n')
    (folder / "biome.json").write_text('{ "linter": { "enabled": true } }\n')
    # vscode-eslint looks for ESLint, and typescript-language-server for TypeScript, beside the file.
    (folder / "node_modules").symlink_to(peers.resolve() / "node_modules")


async def _main(arguments: argparse.Namespace) -> None:
    install_peers(arguments.peers)
    for lines in arguments.lines:
        print(f"\n{lines} lines; milliseconds, p50 / p95; in brackets the p50 of ours as a share of theirs")
        ours: dict[str, float] = {}
        for server in servers(arguments.peers):
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name).resolve()
                _prepare(folder, arguments.peers)
                try:
                    figures = await measure(server, folder, lines, arguments.changes)
                except (TimeoutError, OSError, TypeError) as error:
                    print(f"  {server.name:32} no figures: {type(error).__name__} {error}")
                    continue
            _print(server, figures, ours)


def _print(server: Server, figures: Figures, ours: dict[str, float]) -> None:
    cells = [f"initialize {figures.initialize_ms:6.0f}", f"first {figures.first_ms:6.0f}"]
    measured = {**figures.changes_ms, "completion": figures.completion_ms, "hover": figures.hover_ms}
    for kind, values in measured.items():
        if not values:
            continue
        middle = statistics.median(values)
        share = f" ({ours[kind] / middle:.2f})" if kind in ours and middle else ""
        cells.append(f"{kind} {middle:.1f} / {percentile(values, 0.95):.1f}{share}")
        if server.name == "callsheet":
            ours[kind] = middle
    print(f"  {server.name:32} " + "  ".join(cells) + f"  {figures.rss_mib:.0f} MiB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("--lines", type=int, nargs="+", default=[300, 900])
    parser.add_argument("--changes", type=int, default=40)
    parser.add_argument("--peers", type=Path, default=Path("build/lsp-peers"))
    asyncio.run(_main(parser.parse_args()))


if __name__ == "__main__":
    main()
