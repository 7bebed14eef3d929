"""The command line: one module per verb, loaded when it is asked for."""

from __future__ import annotations

import sys
from typing import Final

from callsheet.cli.streams import prepare_streams

_STARTS_A_RUN: Final = frozenset({"run", "resume"})
_INTERRUPTED: Final = 130
_ONLY_HELP: Final = frozenset({"-h", "--help"})


def main() -> None:
    """Run the command line of this process and exit with its status."""
    try:
        prepare_streams()
        _warm_up_and_run()
    except KeyboardInterrupt:
        # Ctrl-C while the modules still load.
        sys.exit(_INTERRUPTED)


def _warm_up_and_run() -> None:
    starts_a_run = sys.argv[1:2] and sys.argv[1] in _STARTS_A_RUN and not _ONLY_HELP.intersection(sys.argv)
    if not starts_a_run:
        return _find_verb_and_run()
    from callsheet.runs.spawn import cool_down, warm_up

    warm_up()
    try:
        _find_verb_and_run()
    finally:
        cool_down()


def _find_verb_and_run() -> None:
    from callsheet.cli.app import main as run

    run()


__all__ = ["main"]
