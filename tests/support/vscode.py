"""A real VS Code for tests: its server with our packed extension, and a headless browser as its window."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from attrs import frozen
from playwright.sync_api import BrowserContext, Page, sync_playwright

# Nothing here may ask for an account, a network, or a person.
USER_SETTINGS = {
    "security.workspace.trust.enabled": False,
    "workbench.startupEditor": "none",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.tips.enabled": False,
    "workbench.colorTheme": "Default Dark Modern",
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "extensions.autoCheckUpdates": False,
    "extensions.ignoreRecommendations": True,
    "chat.disableAIFeatures": True,
    "git.enabled": False,
    "editor.minimap.enabled": False,
    "window.commandCenter": False,
    "window.title": "${activeEditorShort}${separator}${rootName}",
}
NO_GALLERY = json.dumps(
    dict.fromkeys(["serviceUrl", "itemUrl", "resourceUrlTemplate", "controlUrl", "extensionUrlTemplate"], "")
)
BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
STARTED = re.compile(r"listening on (\d+)")
START_TIMEOUT_S = 60
SUITE_TIMEOUT_S = 400


@frozen
class Installed:
    """What `scripts/setup_editors.py` installed."""

    node: Path
    vscode: Path
    vsix: Path
    browser: Path


@frozen
class VSCode:
    """A running server.

    Attributes:
        url: where its window is, without a folder.
        home: where its data lies.
        pid: leader of its process group.
    """

    url: str
    home: Path
    pid: int

    def window(self, folder: Path, payload: list[list[str]] | None = None) -> str:
        """Address of a window on a folder (or a `.code-workspace` file)."""
        kind = "workspace" if folder.suffix == ".code-workspace" else "folder"
        query = {kind: str(folder)}
        if payload:
            query["payload"] = json.dumps(payload)
        return f"{self.url}/?{urllib.parse.urlencode(query, quote_via=urllib.parse.quote)}"

    def kill(self) -> None:
        """End it with all its processes, as a crash would."""
        _kill_group(self.pid)

    def remote(self, path: Path) -> str:
        """A path on this machine as the window names it."""
        return f"vscode-remote://{urllib.parse.urlsplit(self.url).netloc}{path}"


@contextmanager
def serve(
    installed: Installed,
    home: Path,
    environ: Mapping[str, str],
    settings: Mapping[str, Any],
    *,
    trust: bool = False,
) -> Iterator[VSCode]:
    """A server with the extension installed.

    Args:
        installed: the editor.
        home: an empty folder for everything it writes.
        environ: added to its environment, and so to that of the extension.
        settings: machine settings; those reach the extension before it starts, the user's may not.
        trust: whether workspaces start untrusted, with trust to be granted.
    """
    user, machine, extensions = home / "data" / "User", home / "data" / "Machine", home / "extensions"
    for folder in (user, machine, extensions):
        folder.mkdir(parents=True)
    preset = {**USER_SETTINGS, "security.workspace.trust.enabled": trust}
    (user / "settings.json").write_text(json.dumps(preset))
    (machine / "settings.json").write_text(json.dumps({**preset, **settings}))
    env = {**os.environ, **environ, "EXTENSIONS_GALLERY": NO_GALLERY, "HOME": str(home)}
    env["PATH"] = f"{installed.node.parent}{os.pathsep}{env['PATH']}"
    command = [str(installed.node), str(installed.vscode / "out" / "server-main.js")]
    command += ["--server-data-dir", str(home), "--user-data-dir", str(home / "data")]
    command += [
        "--extensions-dir",
        str(extensions),
        "--accept-server-license-terms",
        "--telemetry-level",
        "off",
    ]
    install = [*command, "--install-extension", str(installed.vsix)]
    subprocess.run(install, env=env, check=True, capture_output=True, timeout=120, stdin=subprocess.DEVNULL)
    listen = [
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--without-connection-token",
        "--enable-smoke-test-driver",
    ]
    with (
        (home / "server.err").open("wb") as errors,
        subprocess.Popen(
            [*command, *listen, *([] if trust else ["--disable-workspace-trust"])],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield VSCode(f"http://127.0.0.1:{_port(process)}", home, process.pid)
        finally:
            _kill_group(process.pid)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _port(process: subprocess.Popen[str]) -> int:
    found: Queue[int] = Queue()

    def read() -> None:
        assert process.stdout
        for line in process.stdout:
            if match := STARTED.search(line):
                found.put(int(match[1]))

    threading.Thread(target=read, daemon=True).start()
    try:
        return found.get(timeout=START_TIMEOUT_S)
    except Empty:
        raise AssertionError("VS Code's server did not start") from None


@contextmanager
def browser(installed: Installed, profile: Path) -> Iterator[BrowserContext]:
    """A headless browser of 1280 by 800 pixels."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=installed.browser,
            headless=True,
            viewport={"width": 1280, "height": 800},
            args=list(BROWSER_FLAGS),
        )
        context.set_default_timeout(100_000)
        try:
            yield context
        finally:
            context.close()


def run_suite(code: VSCode, page: Page, folder: Path, runner: Path, results: Path) -> dict[str, str | None]:
    """Run a suite inside the extension host.

    Args:
        code: the server.
        page: an empty page of the browser.
        folder: what the window opens.
        runner: folder of the suite, with an `index.js` that exports `run`.
        results: where that writes its results.

    Returns:
        Error of each test by title, None where it passed.
    """
    ended: list[int] = []
    logs: list[str] = []
    page.expose_function("codeAutomationLog", lambda kind, args: logs.append(f"{kind} {args}"))
    page.expose_function("codeAutomationExit", lambda status, _logs=None: ended.append(status))
    page.goto(
        code.window(
            folder,
            [
                ["extensionDevelopmentPath", code.remote(runner)],
                ["extensionTestsPath", code.remote(runner / "index.js")],
                ["skipWelcome", "true"],
            ],
        )
    )
    deadline = time.monotonic() + SUITE_TIMEOUT_S
    while not ended:
        assert time.monotonic() < deadline, "\n".join(["the suite did not end", *logs[-40:]])
        page.wait_for_timeout(100)
    assert results.is_file(), "\n".join(logs[-40:])
    return {test["title"]: test["error"] for test in json.loads(results.read_text())}
