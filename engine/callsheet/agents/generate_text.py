"""Plausible words and numbers for made-up values, chosen by the name of a property."""

from __future__ import annotations

import re
from datetime import date, timedelta
from random import Random
from uuid import UUID

from attrs import frozen


@frozen
class Hint:
    """What a value is for.

    Attributes:
        name: name of the property, "" at the root.
        number: makes it different from others of its kind, None where it need not be.
    """

    name: str = ""
    number: int | None = None

    @property
    def words(self) -> list[str]:
        """The name's words, in lower case."""
        return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", self.name)]

    def item(self) -> Hint:
        """The hint for one item of a list with this name."""
        name = re.sub(r"ies$", "y", self.name)
        return Hint(re.sub(r"(?<=[^s])s$", "", name), self.number)


_THINGS = ("parser", "cache", "index", "report", "session", "queue", "search", "settings", "upload", "login")
_FILES = (
    "src/parser.py",
    "src/cache.py",
    "src/index.ts",
    "lib/report.js",
    "lib/session.go",
    "tests/test_queue.py",
    "docs/search.md",
    "src/settings.rs",
)
_NAMES = ("Ada", "Grace", "Edsger", "Barbara", "Alan", "Margaret", "Donald", "Katherine")

_BY_WORD: dict[str, tuple[str, ...]] = {
    "file": _FILES,
    "path": _FILES,
    "filename": _FILES,
    "files": _FILES,
    "paths": _FILES,
    "module": _THINGS,
    "component": _THINGS,
    "area": _THINGS,
    "topic": _THINGS,
    "author": _NAMES,
    "owner": _NAMES,
    "person": _NAMES,
    "severity": ("low", "medium", "high"),
    "priority": ("low", "medium", "high"),
    "status": ("open", "in progress", "done"),
    "category": ("correctness", "performance", "security", "style"),
    "kind": ("bug", "feature", "chore"),
    "type": ("bug", "feature", "chore"),
    "language": ("Python", "TypeScript", "Go", "Rust"),
    "version": ("1.0.0", "1.2.3", "2.0.1"),
    "date": ("2024-01-15", "2024-03-02", "2024-06-30"),
    "time": ("09:30", "14:05", "17:45"),
    "email": ("ada@example.com", "grace@example.com"),
    "url": ("https://example.com/a", "https://example.com/b"),
    "link": ("https://example.com/a", "https://example.com/b"),
    "command": ("make test", "git status", "ls -la"),
    "symbol": ("parse", "load_settings", "Session.close"),
    "function": ("parse", "load_settings", "Session.close"),
}

_SENTENCES = (
    "Simulated {subject}: the {thing} should be looked at first.",
    "Simulated {subject}: the {thing} behaves as expected.",
    "Simulated {subject}: the {thing} needs a test for its edge cases.",
    "Simulated {subject}: nothing unusual was found in the {thing}.",
)

_NUMBERS: dict[str, tuple[float, float]] = {
    "line": (1, 200),
    "column": (1, 80),
    "score": (0, 1),
    "confidence": (0, 1),
    "probability": (0, 1),
    "ratio": (0, 1),
    "percent": (0, 100),
    "percentage": (0, 100),
    "year": (2020, 2026),
    "priority": (1, 5),
    "rating": (1, 5),
    "rank": (1, 10),
}
_USUAL_RANGE = (1.0, 20.0)
_NEW_YEAR = date(2024, 1, 1)


def text_for(hint: Hint, random: Random) -> str:
    """A text for a property; it says that it is simulated wherever there is room for it."""
    text = _unnumbered(hint, random)
    return text if hint.number is None else f"{text} {hint.number}"


def _unnumbered(hint: Hint, random: Random) -> str:
    for word in reversed(hint.words):
        if word in _BY_WORD:
            return random.choice(_BY_WORD[word])
    subject = " ".join(hint.words) or "text"
    if hint.words and hint.words[-1] in ("id", "key", "name", "label", "title", "tag"):
        return f"simulated {subject} {random.randint(1, 9)}"
    return random.choice(_SENTENCES).format(subject=subject, thing=random.choice(_THINGS))


def name_for(random: Random) -> str:
    """A name for a property that the schema does not name."""
    return f"{random.choice(_THINGS)}{random.randint(1, 99)}"


def range_for(hint: Hint) -> tuple[float, float]:
    """Between what a number would usually be."""
    usual = (_NUMBERS[word] for word in reversed(hint.words) if word in _NUMBERS)
    low, high = next(usual, _USUAL_RANGE)
    return low, high + 10 * (hint.number or 0)


def format_text(name: str, hint: Hint, random: Random) -> str | None:
    """A text in one of the formats of JSON Schema; None for a format that is not known."""
    number = random.randint(1, 9) if hint.number is None else hint.number
    day = _NEW_YEAR + timedelta(days=32 * number)
    time = f"{number % 24:02}:{number // 24 % 60:02}:00Z"
    table = {
        "date-time": f"{day}T{time}",
        "date": str(day),
        "time": time,
        "duration": f"P{number}D",
        "email": f"person{number}@example.com",
        "idn-email": f"person{number}@example.com",
        "hostname": f"host{number}.example.com",
        "idn-hostname": f"host{number}.example.com",
        "ipv4": f"192.0.{2 + number // 256 % 254}.{number % 256}",
        "ipv6": f"2001:db8::{number % 10_000}",
        "uri": f"https://example.com/{number}",
        "uri-reference": f"/example/{number}",
        "iri": f"https://example.com/{number}",
        "iri-reference": f"/example/{number}",
        "uri-template": f"https://example.com/{{id}}/{number}",
        "uuid": str(UUID(int=random.getrandbits(128), version=4)),
        "json-pointer": f"/items/{number}",
        "relative-json-pointer": f"{number}/items",
        "regex": f"^item-{number}$",
        "color": "#336699",
    }
    return table.get(name)
