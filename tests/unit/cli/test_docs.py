"""The page on the command line names every verb and every option, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import typer.main
from callsheet.cli.app import VERBS, build

PAGE = Path(__file__).parents[3] / "docs" / "command-line.md"
COMMON = {"--help", "--version", "--install-completion", "--show-completion"}


def test_the_page_names_what_there_is() -> None:
    text = PAGE.read_text(encoding="utf-8")
    command = typer.main.get_command(build(list(VERBS)))
    options = {
        name
        for verb in command.commands.values()  # type: ignore[attr-defined]
        for parameter in verb.params
        for name in parameter.opts
        if name.startswith("--")
    }
    named = set(re.findall(r"--[a-z][a-z-]+", text))
    assert options - COMMON - named == set()
    assert named - options == set()
    assert set(re.findall(r"^\| `callsheet ([a-z]+)", text, re.MULTILINE)) == set(VERBS)
