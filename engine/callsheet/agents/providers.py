"""Tables of model providers: what makes one usable, and which of its models stand for a size."""

from __future__ import annotations

from collections.abc import Mapping

KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "azure": (("AZURE_API_KEY", "AZURE_API_BASE"),),
    "azure_ai": (("AZURE_AI_API_KEY", "AZURE_AI_API_BASE"),),
    "bedrock": (
        ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
        ("AWS_PROFILE",),
        ("AWS_BEARER_TOKEN_BEDROCK",),
    ),
    "cloudflare": (("CLOUDFLARE_API_KEY", "CLOUDFLARE_ACCOUNT_ID"),),
    "cohere": (("COHERE_API_KEY",), ("CO_API_KEY",)),
    "cohere_chat": (("COHERE_API_KEY",), ("CO_API_KEY",)),
    "databricks": (("DATABRICKS_API_KEY", "DATABRICKS_API_BASE"),),
    "fireworks_ai": (("FIREWORKS_API_KEY",), ("FIREWORKS_AI_API_KEY",)),
    "gemini": (("GEMINI_API_KEY",), ("GOOGLE_API_KEY",)),
    "hosted_vllm": (("HOSTED_VLLM_API_BASE",),),
    "huggingface": (("HF_TOKEN",), ("HUGGINGFACE_API_KEY",)),
    "litellm_proxy": (("LITELLM_PROXY_API_KEY",), ("LITELLM_PROXY_API_BASE",)),
    "lm_studio": (("LM_STUDIO_API_BASE",),),
    "nvidia_nim": (("NVIDIA_NIM_API_KEY",),),
    "ollama": (("OLLAMA_API_BASE",),),
    "ollama_chat": (("OLLAMA_API_BASE",),),
    "openai": (("OPENAI_API_KEY",), ("OPENAI_API_BASE",), ("OPENAI_BASE_URL",)),
    "perplexity": (("PERPLEXITYAI_API_KEY",), ("PERPLEXITY_API_KEY",)),
    "replicate": (("REPLICATE_API_KEY",), ("REPLICATE_API_TOKEN",)),
    "sagemaker": (("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), ("AWS_PROFILE",)),
    "together_ai": (("TOGETHERAI_API_KEY",), ("TOGETHER_AI_TOKEN",)),
    "vertex_ai": (("GOOGLE_APPLICATION_CREDENTIALS",), ("VERTEXAI_PROJECT",)),
    "watsonx": (("WATSONX_APIKEY",), ("WATSONX_API_KEY",)),
}
"""Sets of environment variables, any of which makes the provider usable; others need `<PROVIDER>_API_KEY`."""

_VERSION = r"(\d{1,2})(?:[.-](\d{1,2}))?"

SIZES: dict[str, tuple[str, str, str]] = {
    "anthropic": (f"claude-haiku-{_VERSION}", f"claude-sonnet-{_VERSION}", f"claude-opus-{_VERSION}"),
    "openai": (f"gpt-{_VERSION}-mini", f"gpt-{_VERSION}", f"gpt-{_VERSION}"),
    "gemini": (
        f"gemini-{_VERSION}-flash-lite",
        f"gemini-{_VERSION}-flash",
        f"gemini-{_VERSION}-pro(?:-preview)?",
    ),
    "openrouter": (
        f"anthropic/claude-haiku-{_VERSION}",
        f"anthropic/claude-sonnet-{_VERSION}",
        f"anthropic/claude-opus-{_VERSION}",
    ),
    "xai": (f"grok-{_VERSION}-fast", f"grok-{_VERSION}", f"grok-{_VERSION}"),
    "deepseek": (f"deepseek-v{_VERSION}-flash", f"deepseek-v{_VERSION}-pro", f"deepseek-v{_VERSION}-pro"),
    "mistral": ("mistral-small-latest", "mistral-medium-latest", "mistral-large-latest"),
    "groq": ("openai/gpt-oss-20b", "openai/gpt-oss-120b", "openai/gpt-oss-120b"),
}
"""Small, medium and big model of a provider: the newest that matches. The order is the one in which a machine's keys
are looked at when no model is set; medium is then the default."""

TIERS = {"small": 0, "medium": 1, "big": 2}

FAMILIES = ("haiku", "sonnet", "opus", "fable")
FAMILY_HOSTS = ("anthropic", "bedrock", "vertex_ai", "azure_ai", "openrouter", "github_copilot")
"""Providers of the families that are aliases, in the order they are tried."""


def family_pattern(family: str) -> str:
    """Return the regular expression of a family's models, as its hosts name them."""
    return rf"(?:.*[/.])?claude-{family}-{_VERSION}(?:[@-]\d{{8}})?(?:-v\d+:\d+)?"


def needed_variables(provider: str) -> tuple[tuple[str, ...], ...]:
    """Return the sets of environment variables any of which makes a provider usable."""
    return KEYS.get(provider, ((f"{provider.upper().replace('-', '_')}_API_KEY",),))


def is_usable(provider: str, environ: Mapping[str, str]) -> bool:
    """Tell whether the environment has what a provider needs."""
    return any(all(environ.get(name, "").strip() for name in names) for names in needed_variables(provider))
