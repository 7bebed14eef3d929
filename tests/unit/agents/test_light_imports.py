"""The runner and the server never load litellm, and load jsonschema only when a call has a schema."""

import subprocess
import sys

import pytest

HEAVY = ("litellm", "openai", "httpx", "aiohttp", "pydantic", "jsonschema", "yaml", "frontmatter", "pathspec")
MODULES = (
    "litellm_backend",
    "scripted",
    "models",
    "definitions",
    "backend",
    "processes",
    "transcripts",
    "structured",
)


@pytest.mark.parametrize("module", MODULES)
def test_importing_is_light(module):
    program = (
        f"import sys, callsheet.agents.{module}; print([name for name in {HEAVY} if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


def test_resolving_models_and_running_a_backend_stays_light():
    program = f"""
import sys
from callsheet.agents.models import ModelResolver, known_models
from callsheet.agents.litellm_backend import LitellmBackend
from callsheet.settings import Settings
ModelResolver(Settings(), "openai/x", {{}}).resolve(call_model="sonnet", tier="big")
list(known_models())
LitellmBackend()
print([name for name in {HEAVY} if name in sys.modules])
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
