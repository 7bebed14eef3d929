"""Limits of the language (sections 1 and 5)."""

from __future__ import annotations

from typing import Final

MAX_SCRIPT_BYTES: Final = 512 * 1024
MAX_ITEMS: Final = 4096
MAX_AGENTS: Final = 1000
MAX_RETRIES: Final = 3
MAX_LOG_CHARACTERS: Final = 10_000
MAX_LABEL_CODE_POINTS: Final = 60
MAX_SCHEMA_TRIES: Final = 5
MAX_NESTING: Final = 1
DEFAULT_TIMEOUT_MS: Final = 300_000
DEFAULT_CONCURRENCY: Final = "min(16, cores − 2), at least 2"
SCRIPT_TURN_TIMEOUT_S: Final = 30
SCRIPT_MEMORY_BYTES: Final = 256 * 1024 * 1024
