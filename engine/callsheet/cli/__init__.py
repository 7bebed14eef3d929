"""The command line: one module per verb, loaded when it is asked for."""

from callsheet.cli.app import main

__all__ = ["main"]
