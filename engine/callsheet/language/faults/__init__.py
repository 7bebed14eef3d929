"""Why a script cannot be read: each syntax error at its cause, not where the parser noticed it."""

from __future__ import annotations

from callsheet.language.faults import brackets, declarations, places, quotes, typescript, words
from callsheet.language.faults.fault import Fault, FaultKind
from callsheet.language.lexer import tokenize
from callsheet.language.scopes.lower import light_tree
from callsheet.language.syntax import Parsed

_MOST_REPORTED = 5


def find_faults(parsed: Parsed) -> list[Fault]:
    """The syntax errors of a script, without those that only follow from another one."""
    faults = (
        list(places.always_wrong(parsed))
        + list(typescript.decorators(parsed))
        + list(quotes.read_as_code(parsed))
    )
    if not parsed.root.has_error:
        faults += words.run_together(parsed)
        faults += declarations.awaits_outside_async(parsed)
        faults += declarations.declared_twice(light_tree(parsed).module)
        return sorted(faults + list(typescript.type_arguments(parsed)), key=_place)
    fenced = places.text_around_fence(parsed)
    if fenced is not None:
        return [fenced]
    errors = places.error_places(parsed)
    tokens = tokenize(parsed.source.data, places.sound_until(parsed), parsed.script.end)
    broken = quotes.early_end(parsed, tokens, errors)
    if broken is not None:
        # Behind a quote that ends too early code is read as text and text as code.
        return sorted([fault for fault in faults if _place(fault) < _place(broken)] + [broken], key=_place)
    typed = typescript.type_syntax(parsed, tokens, errors)
    if typed:
        return sorted(faults + typed, key=_place)[:_MOST_REPORTED]
    unbalanced = brackets.open_comment(parsed, tokens) or brackets.unbalanced(parsed, tokens)
    if unbalanced is not None:
        return sorted([*faults, unbalanced], key=_place)
    beside = words.misspelt_keyword(tokens, errors) or places.side_by_side(tokens, errors)
    if beside is not None:
        return sorted([*faults, beside], key=_place)
    return sorted(faults + places.describe(parsed, errors), key=_place)[:_MOST_REPORTED]


def _place(fault: Fault) -> int:
    return fault.span.start


__all__ = ["Fault", "FaultKind", "find_faults"]
