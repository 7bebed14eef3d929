"""A call's place is where it begins, wherever in it the JavaScript engine saw it."""

from __future__ import annotations

import pytest
from callsheet.language.model import build_model
from callsheet.language.source import Source
from callsheet.language.syntax import parse
from callsheet.runs.places import CallPlaces

SCRIPT = """\
export const meta = { name: 'places', description: 'Calls on several lines' };
const areas = ['a', '𝒳'];
await parallel(
  areas.map((area) => () =>
    agent(`Look at ${area}`, {
      label: `look ${area}`,
    })),
);
const other = agent;
await retry(() => agent('one', { label: 'x' }));
await verify('claim', {
  reviewers: 3,
});
await checkpoint('𝒳𝒴?', { kind: 'confirm' });
"""


@pytest.mark.parametrize(
    ("kind", "seen", "begins"),
    [
        ("agent", (6, 20), (5, 5)),
        ("agent", (5, 5), (5, 5)),
        ("agent", (10, 36), (10, 19)),
        ("agent", (12, 14), (11, 7)),
        ("checkpoint", (14, 25), (14, 7)),
        ("agent", (2, 3), (2, 3)),
        ("checkpoint", (6, 20), (6, 20)),
        ("agent", (99, 1), (99, 1)),
    ],
)
def test_call_begins(kind: str, seen: tuple[int, int], begins: tuple[int, int]) -> None:
    parsed = parse(Source(SCRIPT))
    places = CallPlaces.of(parsed.source, build_model(parsed))
    assert places.begin(kind, *seen) == begins


def test_without_a_script_places_stay() -> None:
    assert CallPlaces().begin("agent", 3, 4) == (3, 4)
