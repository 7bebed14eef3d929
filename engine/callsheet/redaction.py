"""Keeps secrets out of journals, transcripts, logs and shells: which names hold one, and what one looks like."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

REDACTED = "[redacted]"
MIN_SECRET_CHARS = 8

SECRET_WORDS = frozenset(
    {
        "KEY",
        "KEYS",
        "PASS",
        "PWD",
        "PAT",
        "AUTH",
        "AUTHORIZATION",
        "BEARER",
        "CRED",
        "CREDS",
        "COOKIE",
        "COOKIES",
        "DSN",
        "PRIVATE",
        "JWT",
        "WEBHOOK",
        "MNEMONIC",
        "SSHPASS",
    }
)
"""A variable is secret when one of the words of its name (parts between underscores) is one of these."""

SECRET_PARTS = (
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "PASSCODE",
    "SECRET",
    "TOKEN",
    "APIKEY",
    "ACCESSKEY",
    "PRIVATEKEY",
    "CREDENTIAL",
    "CONNECTION_STRING",
    "CONNSTR",
)
"""A variable is secret when its name contains one of these."""

SECRET_PREFIXES = ("AWS_", "AZURE_CLIENT_", "GOOGLE_APPLICATION_", "VAULT_")

HARMLESS_NAMES = frozenset(
    {"PWD", "OLDPWD", "TOKENIZERS_PARALLELISM", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PAGER"}
)

PATTERNS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("sk-",), r"\bsk-(?=[A-Za-z_-]{0,60}[0-9])[A-Za-z0-9_-]{16,}"),
    (("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"\bgh[pousr]_[A-Za-z0-9]{20,}"),
    (("github_pat_",), r"\bgithub_pat_[A-Za-z0-9_]{20,}"),
    (("glpat-",), r"\bglpat-[A-Za-z0-9_-]{16,}"),
    (("AKIA", "ASIA"), r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    (("AIza",), r"\bAIza[A-Za-z0-9_-]{30,}"),
    (("xox",), r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}"),
    (("hf_",), r"\bhf_[A-Za-z0-9]{20,}"),
    (("gsk_",), r"\bgsk_[A-Za-z0-9]{20,}"),
    (("xai-",), r"\bxai-[A-Za-z0-9]{20,}"),
    (("npm_",), r"\bnpm_[A-Za-z0-9]{30,}"),
    (("pypi-",), r"\bpypi-[A-Za-z0-9_-]{30,}"),
    (("eyJ",), r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"),
    (("_live_", "_test_"), r"\b[rsw]k_(?:live|test)_[A-Za-z0-9]{16,}"),
    (("hooks.slack.com",), r"https://hooks\.slack\.com/services/[A-Za-z0-9/_-]{10,}"),
    (("earer ",), r"(?<=\b[Bb]earer )[A-Za-z0-9._~+/=-]{12,}"),
    (("BEGIN",), r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:.|\n)*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"),
    (("://",), r"(?<=://)[^\s/:@\"'<>]{1,100}:[^\s/@\"'<>]{3,200}(?=@)"),
)
"""Markers that are looked for first (a plain search is cheap), and the regular expression of the secret itself."""

_COMPILED = tuple((markers, re.compile(pattern)) for markers, pattern in PATTERNS)


def _by_rare_char() -> tuple[tuple[str, tuple[str, ...]], ...]:
    groups: dict[str, list[str]] = {}
    for markers, _ in PATTERNS:
        for marker in markers:
            char = next((char for char in reversed(marker) if not char.islower()), marker[0])
            groups.setdefault(char, []).append(marker)
    return tuple((char, tuple(markers)) for char, markers in groups.items())


_BY_CHAR = _by_rare_char()
"""Markers by a character that most texts do not have: one is found ten times faster than a word."""


def is_secret_name(name: str) -> bool:
    """Tell whether an environment variable of this name probably holds a secret."""
    upper = name.upper()
    if upper in HARMLESS_NAMES:
        return False
    return (
        upper.startswith(SECRET_PREFIXES)
        or any(part in upper for part in SECRET_PARTS)
        or not SECRET_WORDS.isdisjoint(re.split(r"[^A-Z]+", upper))
    )


def looks_secret(text: str) -> bool:
    """Tell whether a text contains something with the form of a key, whatever it is called."""
    return _by_form(text) != text


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that neither by their name nor by their value hold a secret."""
    return {
        name: value for name, value in environ.items() if not is_secret_name(name) and not looks_secret(value)
    }


class Redactor:
    """Replaces secrets in texts: the values of secret variables, and whatever has the form of a key.

    Args:
        environ: the variables; their values of at least 8 characters are replaced when the name sounds secret.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        values = {
            value for name, value in environ.items() if is_secret_name(name) and _is_worth_hiding(value)
        }
        # A value also appears escaped, inside JSON text. Longest first, for values that contain each other.
        forms = {
            form for value in values for form in (value, _escaped(value), _escaped(value, ascii_only=True))
        }
        self._values = sorted(forms, key=len, reverse=True)

    def text(self, text: str) -> str:
        """Return the text without its secrets."""
        for value in self._values:
            if value in text:
                text = text.replace(value, REDACTED)
        return _by_form(text)

    def value(self, value: Any) -> Any:
        """Return a JSON value whose strings (keys of objects too) are without secrets."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(key): self.value(part) for key, part in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(part) for part in value]
        return value


def redact(text: str) -> str:
    """Return the text without this process's secrets; a `Redactor` of one's own is faster for many texts."""
    return _redactor(tuple(sorted(item for item in os.environ.items() if is_secret_name(item[0])))).text(text)


@lru_cache(maxsize=4)
def _redactor(items: Iterable[tuple[str, str]]) -> Redactor:
    return Redactor(dict(items))


def _escaped(value: str, *, ascii_only: bool = False) -> str:
    return json.dumps(value, ensure_ascii=ascii_only)[1:-1]


def _by_form(text: str) -> str:
    # Nearly every text is without any marker, and this is asked of every line that is written.
    if not any(marker in text for char, group in _BY_CHAR if char in text for marker in group):
        return text
    for markers, pattern in _COMPILED:
        if any(marker in text for marker in markers):
            text = pattern.sub(REDACTED, text)
    return text


def _is_worth_hiding(value: str) -> bool:
    """A short value, or a path (of a key file, of a socket), would take harmless text with it."""
    if len(value) < MIN_SECRET_CHARS:
        return False
    with contextlib.suppress(OSError, ValueError):
        return not (value.startswith("/") and Path(value).exists())
    return True
