"""Asks a person on the terminal what a checkpoint wants to know."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from callsheet.cli.text import one_line, printable
from callsheet.runs.state import QuestionState

_YES = frozenset({"y", "yes", "true"})
_NO = frozenset({"n", "no", "false"})


async def ask_person(question: QuestionState) -> Any:
    """Ask until the answer fits; cancelling takes the question back.

    Returns:
        A bool for `confirm`, one of the choices for `select`, text for `input`.
    """
    print(f"\n{printable(question.question)}")
    for number, choice in enumerate(question.choices or (), 1):
        print(f"  {number}. {one_line(str(choice))}")
    while True:
        sys.stdout.write(_prompt(question))
        sys.stdout.flush()
        try:
            return _read(question, (await _line()).strip())
        except ValueError as error:
            print(error)


def _prompt(question: QuestionState) -> str:
    if question.kind == "confirm":
        default = {True: "[Y/n]", False: "[y/N]"}.get(question.default, "[y/n]")
    else:
        default = f"[{one_line(str(question.default), 60)}]" if question.default is not None else ""
    return f"{default}> " if not default else f"{default} > "


def _read(question: QuestionState, line: str) -> Any:
    if not line and question.default is not None:
        return question.default
    if question.kind == "confirm":
        if line.lower() in _YES:
            return True
        if line.lower() in _NO:
            return False
        raise ValueError("Please answer yes or no.")
    if question.kind == "select":
        choices = question.choices or []
        if line.isdigit() and 1 <= int(line) <= len(choices):
            return choices[int(line) - 1]
        if line in choices:
            return line
        raise ValueError(f"Please give a number from 1 to {len(choices)}, or one of the choices.")
    return line


async def _line() -> str:
    """One line from the terminal, without a thread that nobody could take back."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(sys.stdin.fileno())
    line = sys.stdin.readline()
    if not line:
        # End of input: nobody will answer here, but another process may.
        await asyncio.Event().wait()
    return line
