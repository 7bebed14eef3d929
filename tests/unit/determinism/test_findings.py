"""D1 to D7: what is found, exactly where, and what is left alone."""

import random
import re
from pathlib import Path

import pytest
from callsheet.language.determinism import findings
from callsheet.language.source import Source
from callsheet.language.syntax import parse

DATA = Path(__file__).parents[2] / "data" / "determinism"


def read_cases(name):
    _, *blocks = re.split(r"^# ", (DATA / name).read_text(), flags=re.MULTILINE)
    cases = dict(block.rstrip("\n").split("\n", 1) for block in blocks)
    assert len(cases) == len(blocks), "two cases of one name"
    return cases


FOUND, CLEAN = read_cases("found.txt"), read_cases("clean.txt")


@pytest.mark.parametrize("title", FOUND)
def test_found(title):
    marked = FOUND[title]
    script, spans = _without_marks(marked)
    found = findings(parse(Source(script)))
    assert [(script.encode()[f.span.start : f.span.end].decode(), f.entry.rule) for f in found] == [
        (script.encode()[start:end].decode(), title.split()[0]) for start, end in spans
    ]
    assert [(f.span.start, f.span.end) for f in found] == spans


@pytest.mark.parametrize("title", CLEAN)
def test_clean(title):
    assert findings(parse(Source(CLEAN[title]))) == ()


@pytest.mark.parametrize("script", (DATA / "found_lines.txt").read_text().splitlines())
def test_found_once_in_a_line(script):
    assert len(findings(parse(Source(script)))) == 1


@pytest.mark.parametrize("script", (DATA / "clean_lines.txt").read_text().splitlines())
def test_clean_line(script):
    assert findings(parse(Source(script))) == ()


def test_a_method_of_an_object_tells_its_callers():
    script = "const tools = { time: { stamp() { return Date.now() } } }\nlog(tools.time.stamp())"
    (finding,) = findings(parse(Source(script)))
    assert [r.message for r in finding.related] == ["`tools.time.stamp` is called here"]


@pytest.mark.parametrize("seed", range(20))
def test_no_broken_code_stops_the_analysis(seed):
    rng = random.Random(seed)
    pieces = [*FOUND.values(), *CLEAN.values()]
    for _ in range(20):
        script = "\n".join(rng.sample(pieces, 4)).replace("«", "").replace("»", "")
        low = rng.randrange(len(script))
        script = (
            script[:low]
            + rng.choice(["", "{", "}", "(", "`", "=>", "...", "Date", "."])
            + script[low + rng.randrange(9) :]
        )
        findings(parse(Source(script)))


def test_the_way_to_the_finding_is_told():
    script = "const d = Date\nfunction stamp() { return d.now() }\nconst id = () => 'x' + stamp()\nlog(id())"
    (finding,) = findings(parse(Source(script)))
    told = [(script[r.span.start : r.span.end], r.message) for r in finding.related]
    assert told == [
        ("d", "`d` is `Date`"),
        ("stamp()", "`stamp` is called here"),
        ("id()", "`id` is called here"),
    ]


def test_a_finding_at_an_argument_tells_where_it_is_used():
    script = "const call = f => f()\ncall(Date.now)"
    (finding,) = findings(parse(Source(script)))
    assert "f()" in [script[r.span.start : r.span.end] for r in finding.related]


def _without_marks(marked):
    spans, plain = [], ""
    for piece in re.split("([«»])", marked):
        if piece == "«":
            spans.append([len(plain.encode())])
        elif piece == "»":
            spans[-1].append(len(plain.encode()))
        else:
            plain += piece
    return plain, [tuple(span) for span in spans]
