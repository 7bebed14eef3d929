"""Writes the table of models (`callsheet/agents/model_table.json`) from the installed litellm's.

Usage: python scripts/generate_models.py [--check]
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "engine" / "callsheet" / "agents" / "model_table.json"
PREFIXES = {"bedrock_converse": "bedrock", "text-completion-openai": "openai"}
LEFT_OUT_PROVIDERS = {"palm", "nlp_cloud"}
LEFT_OUT_PARTS = (
    "ft:",
    "realtime",
    "audio",
    "-tts",
    "-live-",
    "container",
    "lyria",
    "robotics",
    "-up-to-",
    "1024-x",
)


def build() -> str:
    """Return the table's text: provider -> model -> [input price, output price, context, flags].

    Prices are US dollars per million tokens; flags are 1 for tools plus 2 for reasoning.
    """
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import litellm

    table: dict[str, dict[str, list[Any]]] = {}
    for key, entry in litellm.model_cost.items():
        provider = str(entry.get("litellm_provider") or "").split("-", 1)[0]
        provider = PREFIXES.get(provider, provider)
        name = key.removeprefix(f"{provider}/")
        region = provider == "bedrock" and "/" in name
        if entry.get("mode") != "chat" or provider in LEFT_OUT_PROVIDERS or region:
            continue
        if any(part in name for part in LEFT_OUT_PARTS):
            continue
        flags = bool(entry.get("supports_function_calling")) + 2 * bool(entry.get("supports_reasoning"))
        table.setdefault(provider, {})[name] = [
            _per_million(entry.get("input_cost_per_token")),
            _per_million(entry.get("output_cost_per_token")),
            entry.get("max_input_tokens") or entry.get("max_tokens"),
            flags,
        ]
    lines = [f"{json.dumps(provider)}:{_rows(table[provider])}" for provider in sorted(table)]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _per_million(price: float | None) -> float | None:
    return None if price is None else float(f"{price * 1e6:.6g}")


def _rows(rows: dict[str, list[Any]]) -> str:
    return json.dumps(dict(sorted(rows.items())), separators=(",", ":"))


if __name__ == "__main__":
    text = build()
    if "--check" in sys.argv[1:]:
        sys.exit(0 if TARGET.read_text(encoding="utf-8") == text else f"{TARGET.name} is out of date")
    TARGET.write_text(text, encoding="utf-8")
