"""The command line: one module per verb, loaded when it is asked for."""

from __future__ import annotations

import sys
from typing import Final

_STARTS_A_RUN: Final = frozenset({"run", "resume"})
_ONLY_HELP: Final = frozenset({"-h", "--help"})


def main() -> None:
    """Run the command line of this process and exit with its status."""
    if sys.argv[1:2] and sys.argv[1] in _STARTS_A_RUN and not _ONLY_HELP.intersection(sys.argv):
        from callsheet.runs.spawn import warm_up

        warm_up()
    from callsheet.cli.app import main as find_verb_and_run

    find_verb_and_run()


__all__ = ["main"]
