"""What JavaScript's string methods make of constant strings."""

from __future__ import annotations

from collections.abc import Callable, Sequence

_LONGEST = 1_000
"""A name that a script builds is short; nothing longer is worked out."""


def fold(method: str, receiver: str, arguments: Sequence[str]) -> str | None:
    """The string that a call of a string method gives; None where that is not known.

    Args:
        method: its name.
        receiver: the string that it is called on.
        arguments: constant arguments, numbers as they are written.
    """
    function = _FOLDS.get(method)
    if function is None or len(receiver) > _LONGEST:
        return None
    try:
        return function(receiver, *arguments)
    except (ValueError, TypeError, IndexError):
        return None


def characters(codes: Sequence[str]) -> str | None:
    """What `String.fromCharCode` gives for numbers as they are written."""
    try:
        return "".join(chr(int(code, 0)) for code in codes)
    except (ValueError, OverflowError):
        return None


def _slice(text: str, start: str = "0", end: str | None = None) -> str:
    return text[int(start) :] if end is None else text[int(start) : int(end)]


def _substring(text: str, start: str = "0", end: str | None = None) -> str:
    low, high = max(int(start), 0), len(text) if end is None else max(int(end), 0)
    return text[min(low, high) : max(low, high)]


def _substr(text: str, start: str = "0", length: str | None = None) -> str:
    rest = text[int(start) :]
    return rest if length is None else rest[: max(int(length), 0)]


def _padding(text: str, length: str, filler: str) -> str:
    missing = min(int(length), _LONGEST) - len(text)
    return (filler * missing)[:missing] if missing > 0 else ""


_FOLDS: dict[str, Callable[..., str]] = {
    "toLowerCase": lambda text: text.lower(),
    "toUpperCase": lambda text: text.upper(),
    "toString": lambda text: text,
    "valueOf": lambda text: text,
    "trim": lambda text: text.strip(),
    "trimStart": lambda text: text.lstrip(),
    "trimEnd": lambda text: text.rstrip(),
    "concat": lambda text, *others: text + "".join(others),
    "slice": _slice,
    "substring": _substring,
    "substr": _substr,
    "at": lambda text, at="0": text[int(at)],
    "charAt": lambda text, at="0": text[int(at)],
    "replace": lambda text, old, new: text.replace(old, new, 1),
    "replaceAll": lambda text, old, new: text.replace(old, new),
    "repeat": lambda text, times: text * min(int(times), _LONGEST),
    "padEnd": lambda text, length, filler=" ": text + _padding(text, length, filler),
    "padStart": lambda text, length, filler=" ": _padding(text, length, filler) + text,
}
