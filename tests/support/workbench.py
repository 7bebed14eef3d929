"""VS Code's window as a person uses it: what is clicked, typed and seen."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import FrameLocator, Locator, Page, TimeoutError, expect

TIMEOUT_S = 100
PICKS = 4
PICK_TIMEOUT_MS = 10_000
AFTER_TEXTS = """
() => [...document.querySelectorAll('.view-line span')]
  .map((span) => getComputedStyle(span, '::after').content)
  .filter((content) => content && content !== 'none' && content !== 'normal')
  .join('\\n')
"""


class Workbench:
    """One window.

    Args:
        page: the browser's page.
        pictures: folder for screenshots.
    """

    def __init__(self, page: Page, pictures: Path) -> None:
        self.page = page
        self._pictures = pictures
        pictures.mkdir(parents=True, exist_ok=True)

    def goto(self, url: str) -> None:
        self.page.goto(url)
        self.page.locator(".monaco-workbench").wait_for()

    def picture(self, name: str) -> None:
        self.page.mouse.move(900, 700)
        self.page.screenshot(path=self._pictures / f"{name}.png")

    def open(self, name: str) -> None:
        """Open a file with quick open."""
        tab = self.page.locator(".tab.active", has_text=name)
        for attempt in range(PICKS):
            self._pick("Control+P", name, name)
            try:
                tab.wait_for(timeout=PICK_TIMEOUT_MS)
            except TimeoutError:
                # The list may be drawn anew under the click, which then takes no entry.
                if attempt == PICKS - 1:
                    raise
                self.page.keyboard.press("Escape")
            else:
                return

    def do(self, command: str) -> None:
        """Run a command of the palette by its whole title."""
        self._pick("F1", command, command.partition(": ")[2])

    def _pick(self, key: str, typed: str, shown: str) -> None:
        # Whatever comes to the front meanwhile closes the list: then it is opened again.
        for attempt in range(PICKS):
            self.page.keyboard.press(key)
            field = self.page.locator(".quick-input-widget input.input").first
            row = self.page.locator(".quick-input-list .monaco-list-row.focused", has_text=shown)
            try:
                field.wait_for(timeout=PICK_TIMEOUT_MS)
                field.fill(f">{typed}" if key == "F1" else typed, timeout=PICK_TIMEOUT_MS)
                # By key: the list may be drawn anew under a click, which then takes another entry.
                row.wait_for(timeout=PICK_TIMEOUT_MS)
                field.press("Enter")
            except TimeoutError:
                if attempt == PICKS - 1:
                    raise
                self.page.keyboard.press("Escape")
            else:
                return

    def menu(self, key: str, entry: str) -> None:
        """Press a key until the menu that it opens has an entry."""
        row = self.page.locator(".action-widget .monaco-list-row", has_text=entry).first
        for attempt in range(PICKS):
            self.page.keyboard.press(key)
            try:
                row.wait_for(timeout=PICK_TIMEOUT_MS)
            except TimeoutError:
                if attempt == PICKS - 1:
                    raise
                self.page.keyboard.press("Escape")
            else:
                return

    def lens(self, title: str) -> Locator:
        return self.page.locator(".codelens-decoration a", has_text=title).first

    def line(self, text: str) -> Locator:
        """A line of the script in front."""
        return self.page.locator(".monaco-editor .view-line", has_text=text).first

    def row(self, *texts: str) -> Locator:
        """A row of the run view that has all these texts."""
        rows = self.page.locator(".pane-body .monaco-list-row")
        for text in texts:
            rows = rows.filter(has_text=text)
        return rows.first

    def sees(self, *texts: str) -> None:
        """Wait for a row of the run view."""
        self.row(*texts).wait_for()

    def after_texts(self) -> str:
        """What decorations say behind the lines."""
        found: str = self.page.evaluate(AFTER_TEXTS)
        return found.replace("\u00a0", " ")

    def until(self, find: Callable[[], bool], what: str) -> None:
        """Wait for something that the window does not show."""
        end = time.monotonic() + TIMEOUT_S
        while not find():
            assert time.monotonic() < end, f"did not come: {what}"
            self.page.wait_for_timeout(50)

    def until_after_text(self, *texts: str) -> None:
        """Wait for decorations behind the lines."""
        self.until(lambda: all(text in self.after_texts() for text in texts), f"decorations {texts}")

    def status_bar(self, text: str) -> Locator:
        return self.page.locator(".statusbar-item", has_text=text).first

    def webview(self) -> FrameLocator:
        """Inside of the webview in front."""
        return self.page.frame_locator("iframe.webview:visible").frame_locator("iframe#active-frame")

    def gone(self, locator: Locator) -> None:
        expect(locator).to_have_count(0)
