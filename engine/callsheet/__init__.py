"""Callsheet: check, run and resume agent workflow scripts."""

__version__ = "0.1.0"
