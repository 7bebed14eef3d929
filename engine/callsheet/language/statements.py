"""Rules that look at calls one by one, statement by statement; what they found is kept while an edit leaves it be."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import TypeVar

from attrs import evolve, frozen

from callsheet.language.calls import CallSite
from callsheet.language.model import Workflow
from callsheet.language.problem import Problem, Span
from callsheet.language.rule import Context
from callsheet.language.scopes.lower import LightTree, light_tree
from callsheet.language.scopes.nodes import Fragment
from callsheet.language.scopes.units import NAMES, Spot, in_each_statement, names_of, settled, spot

_Fact = TypeVar("_Fact")
_RULES = {False: "rules", True: "rules, of a broken script"}
"""Both are kept, as a script that is typed is broken and mended all the time."""

Find = Callable[[Context], Iterable[Problem]]


@frozen
class _Places:
    """The places of a problem, in the order of `Problem.places`: where they were, and where they are."""

    spans: tuple[Span, ...]
    spots: tuple[Spot, ...]


@frozen
class _Kept:
    """What all rules found in a statement.

    Attributes:
        asked: the rules with their levels, and whether the parser gave up on the script as a whole.
        problems: the problems, and where their places are now.
    """

    asked: object
    problems: tuple[tuple[Problem, _Places], ...]


def check_statements(
    workflow: Workflow, contexts: Sequence[Context], find: Find
) -> Generator[None, None, list[Problem]]:
    """Problems that rules with `calls` find, giving way after each statement that had to be looked at.

    Args:
        workflow: the script.
        contexts: one for each of the rules.
        find: runs one rule.
    """
    if not contexts:
        return []
    key = _RULES[workflow.parsed.root.has_error]
    asked = _asked(workflow, contexts)
    passing: dict[Fragment, list[Problem]] = {}
    while True:
        tree = settled(light_tree(workflow.parsed))
        found_in: list[tuple[tuple[Problem, _Places], ...] | list[Problem]] = []
        for statement in tree.whole.inner:
            kept = _kept(statement, key, asked)
            if kept is not None:
                found_in.append(kept.problems)
            elif statement in passing:
                found_in.append(passing[statement])
            else:
                found = _look_at(workflow, contexts, statement, find)
                found_in.append(found)
                if not _keep(tree, statement, key, asked, found):
                    passing[statement] = found
                yield
                if not tree.intact:
                    # Another version was asked for in between and took statements over; they know what was found.
                    break
        else:
            break
    problems = _look_at(workflow, contexts, tree.whole, find) if workflow.parsed.root.has_error else []
    for found_or_kept in found_in:
        problems += found_or_kept if isinstance(found_or_kept, list) else map(_in_place, found_or_kept)
    # What several statements find in a thing that they share is told once.
    return list(dict.fromkeys(problems))


def facts(
    workflow: Workflow,
    key: str,
    kinds: tuple[str, ...],
    find: Callable[[LightTree, list[CallSite]], Iterable[_Fact]],
) -> Iterator[_Fact]:
    """What the calls in each statement tell, for rules that weigh all of them; kept like the findings of rules.

    Args:
        workflow: the script.
        key: names the facts.
        kinds: the functions whose calls count.
        find: the facts of one statement's calls; places in them are a `Spot`.
    """
    tree = light_tree(workflow.parsed)
    root = workflow.parsed.root

    def find_in(statement: Fragment) -> Iterable[_Fact]:
        return find(tree, workflow.readable(workflow.calls_in(statement), kinds))

    yield from in_each_statement(tree, f"{key}, of a broken script" if root.is_error else key, find_in)
    if root.has_error:
        yield from find_in(tree.whole)


def _asked(workflow: Workflow, contexts: Sequence[Context]) -> object:
    rules = tuple((context.rule.code, context.severity) for context in contexts)
    return rules, workflow.parsed.root.is_error


def _look_at(
    workflow: Workflow, contexts: Sequence[Context], statement: Fragment, find: Find
) -> list[Problem]:
    kinds = {site.kind for site in workflow.calls_in(statement)}
    return [
        problem
        for context in contexts
        if not kinds.isdisjoint(context.rule.calls)
        for problem in find(evolve(context, statement=statement))
    ]


def _kept(statement: Fragment, key: str, asked: object) -> _Kept | None:
    kept = statement.results.get(key)
    return kept if isinstance(kept, _Kept) and kept.asked == asked else None


def _keep(tree: LightTree, statement: Fragment, key: str, asked: object, found: list[Problem]) -> bool:
    """Note what was found; impossible where a place lies in no statement."""
    problems = []
    for problem in found:
        spans = problem.places()
        spots = tuple(spot(tree, span) for span in spans)
        if any(place.unit is tree.whole for place in spots):
            return False
        problems.append((problem, _Places(spans, spots)))
    statement.results[key] = _Kept(asked, tuple(problems))
    statement.results.setdefault(NAMES, names_of(tree, statement))
    return True


def _in_place(kept: tuple[Problem, _Places]) -> Problem:
    problem, places = kept
    spans = tuple(place.span for place in places.spots)
    if spans == places.spans:
        return problem
    following = iter(spans)
    return problem.moved(lambda _: next(following))
