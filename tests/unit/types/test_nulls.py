"""Which uses of a result that may be null are found, and which checks are understood."""

from pathlib import Path

import pytest
from callsheet.language.scopes.lower import light_tree
from callsheet.language.source import Source
from callsheet.language.syntax import parse
from callsheet.language.types.nulls import null_uses

DATA = Path(__file__).parents[2] / "data" / "types"
ITEM = "{ type: 'object', properties: { file: { type: 'string' } } }"
BEFORE = f"""const S = {{
  type: 'object',
  properties: {{ items: {{ type: 'array', items: {ITEM} }}, n: {{ type: 'number' }}, ok: {{ type: 'boolean' }} }},
}}
const G = async (x) => agent(x, {{ schema: S }})
"""


def lines(name):
    return (DATA / name).read_text().splitlines()


@pytest.mark.parametrize("script", lines("null_found.txt"))
def test_found_once(script):
    assert len(null_uses(light_tree(parse(Source(BEFORE + script))))) == 1


@pytest.mark.parametrize("script", lines("null_clean.txt"))
def test_left_alone(script):
    uses = null_uses(light_tree(parse(Source(BEFORE + script))))
    assert [use.place.text for use in uses] == []
