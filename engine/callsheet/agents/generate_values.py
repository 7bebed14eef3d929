"""Texts and numbers within the constraints of a schema."""

from __future__ import annotations

import math
from fractions import Fraction
from random import Random
from typing import Any

from callsheet.agents.generate_constraints import Constraints, ImpossibleError
from callsheet.agents.generate_patterns import sample
from callsheet.agents.generate_text import Hint, format_text, range_for, text_for

_MAX_TEXT = 100_000


def make_number(
    constraints: Constraints, hint: Hint, random: Random, *, whole: bool, usual: bool
) -> int | float:
    """A number between the bounds, of the wanted multiples.

    Args:
        constraints: what is asked of it.
        hint: what it is for.
        random: where choices come from.
        whole: whether it must be an integer.
        usual: whether to look for a usual number, or anywhere between the bounds.
    """
    low, open_low = _bound(constraints, "minimum", "exclusiveMinimum", max)
    high, open_high = _bound(constraints, "maximum", "exclusiveMaximum", min)
    step = _step(constraints, whole)
    lowest, highest = _window(low, high, hint, random, usual=usual, step=step)
    if step is None:
        return _between(lowest, highest, open_low and lowest == low, open_high and highest == high, random)
    first = math.ceil(lowest / step)
    last = math.floor(highest / step)
    if open_low and low is not None and first * step <= low:
        first += 1
    if open_high and high is not None and last * step >= high:
        last -= 1
    if first > last:
        raise ImpossibleError("there is no number between its bounds")
    return _plain(step * random.randint(first, last))


def _bound(constraints: Constraints, closed: str, exclusive: str, pick: Any) -> tuple[Fraction | None, bool]:
    inner = [Fraction(str(value)) for value in constraints.values(closed)]
    outer = [Fraction(str(value)) for value in constraints.values(exclusive)]
    if not inner and not outer:
        return None, False
    bound = pick(inner + outer)
    return bound, bound in outer


def _step(constraints: Constraints, whole: bool) -> Fraction | None:
    steps = [Fraction(str(value)) for value in constraints.values("multipleOf")]
    if whole:
        steps.append(Fraction(1))
    if not steps:
        return None
    step = steps[0]
    for other in steps[1:]:
        numerator = math.lcm(step.numerator * other.denominator, other.numerator * step.denominator)
        step = Fraction(numerator, step.denominator * other.denominator)
    return step


def _window(
    low: Fraction | None,
    high: Fraction | None,
    hint: Hint,
    random: Random,
    *,
    usual: bool,
    step: Fraction | None,
) -> tuple[Fraction, Fraction]:
    """The range to draw from: what is usual, inside the bounds."""
    start, end = (Fraction(str(value)) for value in range_for(hint))
    if not usual:
        start, end = Fraction(-1000), Fraction(1000)
    width = max(end - start, (step or Fraction(0)) * 10)
    if low is not None and high is not None:
        if low > high:
            raise ImpossibleError("its bounds exclude each other")
        inside = usual and start >= low and end <= high
        return (start, end) if inside else (low, high)
    if low is not None:
        start = max(start, low)
        return start, max(end, start + width)
    if high is not None:
        end = min(end, high)
        return min(start, end - width), end
    return start, max(end, start + width)


def _between(low: Fraction, high: Fraction, open_low: bool, open_high: bool, random: Random) -> int | float:
    share = Fraction(random.randint(1, 99), 100)
    value = low + (high - low) * share
    rounded = Fraction(round(float(value), 2)).limit_denominator(100)
    for candidate in (rounded, value):
        inside = low <= candidate <= high
        if inside and not (open_low and candidate == low) and not (open_high and candidate == high):
            return _plain(candidate)
    return _plain(value)


def _plain(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def make_string(constraints: Constraints, hint: Hint, random: Random, attempt: int) -> str:
    """A text of the wanted length, pattern and format.

    Args:
        constraints: what is asked of it.
        hint: what it is for.
        random: where choices come from.
        attempt: how often this was tried; later ones stay closer to what is asked.
    """
    least = int(constraints.most("minLength", 0))
    most = int(constraints.least("maxLength", _MAX_TEXT))
    if least > most or least > _MAX_TEXT:
        raise ImpossibleError("its lengths exclude each other")
    patterns = constraints.values("pattern")
    if patterns:
        return _patterned(patterns, least, most, random, attempt)
    for name in constraints.values("format"):
        text = format_text(name, hint, random)
        if text is not None:
            return text
    text = text_for(hint, random)
    if len(text) > most or attempt > 10:
        end = "" if hint.number is None else str(hint.number)
        text = (hint.name or "x" * 8)[: max(0, most - len(end))] + end
    while len(text) < least:
        text += f" {text}" if text else "x" * least
    return text[: min(most, max(least, len(text)))]


def _patterned(patterns: list[str], least: int, most: int, random: Random, attempt: int) -> str:
    best = ""
    for repeats in (3, 0, 1, 8, 30, max(1, least)):
        texts = [sample(pattern, random, repeats=repeats) or "" for pattern in patterns]
        best = random.choice(texts) if attempt % 2 == 0 else "".join(texts)
        while 0 < len(best) < least and attempt > 3:
            best += best[-1] if attempt % 3 else best
        if attempt > 3:
            best = best[:most]
        if least <= len(best) <= most:
            return best
    return best
