"""Near misses: the name that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like `name`, or None when none is near.

    Args:
        name: what was written.
        candidates: the names there are.
    """
    from difflib import get_close_matches

    folded = {candidate.lower().replace("_", "").replace("-", ""): candidate for candidate in candidates}
    key = name.lower().replace("_", "").replace("-", "")
    if key in folded:
        return folded[key]
    close = get_close_matches(key, folded, n=1, cutoff=0.72 if len(key) > 3 else 0.6)
    return folded[close[0]] if close else None


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """The sentence to add to a message, with a leading space; empty when no candidate is near."""
    near = nearest(name, candidates)
    return f" Did you mean `{near}`?" if near is not None else ""


def listed(names: Iterable[str], last: str = "or") -> str:
    """Names in backticks as a phrase: `a`, `b` or `c`."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"
