"""What an agent was told, said and did: one JSON object a line, appended as it happens, without secrets."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from callsheet.redaction import Redactor

MAX_TEXT_CHARS = 100_000


class Transcript:
    """Appends to a transcript; each line has `at` (seconds since the epoch), `attempt` and `kind`.

    Kinds and their further fields: `start` (label, model, system, prompt, tools, schema), `assistant` (text, calls),
    `tool` (name, text, failed), `usage` (input, output, cost, estimated), `waiting` (text), `end` (status, value or
    message).

    Args:
        path: the file, made with mode 0600; None keeps nothing.
        attempt: number of the try.
        redactor: takes secrets out of every text on the way in.
    """

    def __init__(self, path: Path | None, attempt: int, redactor: Redactor) -> None:
        self._path = path
        self._attempt = attempt
        self._redactor = redactor

    def append(self, kind: str, **fields: Any) -> None:
        """Append one line; a folder that is gone (the run was removed) loses the line, not the agent."""
        if self._path is None:
            return
        record = {"at": round(time.time(), 3), "attempt": self._attempt, "kind": kind}
        record.update(self._redactor.value(_cut(fields)))
        data = json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError:
            return
        try:
            os.write(descriptor, data)
        except OSError:
            return
        finally:
            os.close(descriptor)


def read_transcript(path: Path) -> list[dict[str, Any]]:
    """Return a transcript's records; a last line that was cut off by a crash is left out.

    Raises:
        OSError: the file cannot be read.
    """
    records = []
    for line in path.read_bytes().split(b"\n"):
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict):
            records.append(record)
    return records


def _cut(value: Any) -> Any:
    if isinstance(value, str) and len(value) > MAX_TEXT_CHARS:
        return f"{value[:MAX_TEXT_CHARS]}… ({len(value) - MAX_TEXT_CHARS} more characters)"
    if isinstance(value, dict):
        return {key: _cut(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_cut(part) for part in value]
    return value
