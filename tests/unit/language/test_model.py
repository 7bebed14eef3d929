"""The workflow model: meta, call sites and what surrounds them."""

from __future__ import annotations

import pytest
from callsheet.language.calls import CallSite
from callsheet.language.model import Workflow, build_model
from callsheet.language.source import Source
from callsheet.language.syntax import parse, parse_embedded, reparse

SCRIPT = """export const meta = {
  name: 'm', description: 'd', model: 'haiku',
  phases: [{ title: 'A', detail: 'x' }, { title: 'B', model: 'opus' }],
}
phase('A')
const one = await agent(`One ${args.x}`, { label: 'one', 'phase': "B", ...args.more })
async function helper(items) {
  for (const item of items) {
    await parallel([() => agent(item), async () => { while (true) { await agent /* c */ ('x', { schema }) } }])
  }
}
const two = await pipeline(args.items, (item) => agent?.(item), (text) => ({ agent: text }).agent('no'))
{ const agent = () => 1; agent('shadowed') }
log(`agent('in a text')`) // agent('in a comment')
await workflow({ scriptPath: './x.js' })
budget()
"""


def model(text: str) -> Workflow:
    return build_model(parse(Source(text)))


def text_of(site: CallSite) -> str:
    return (site.node.text or b"").decode()


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_F1_a_line_may_end_as_javascript_lets_it_end(line_end: str) -> None:
    text = "const a = 1 // 😀\nlog(`a\nb`)\nawait agent('x')\n".replace("\n", line_end)
    parsed = parse(Source(text))
    assert not parsed.root.has_error
    assert [site.kind for site in build_model(parsed).calls] == ["log", "agent"]
    source, edit = parsed.source.replace(0, 0, "log(2)" + line_end)
    again = reparse(parsed, source, [edit])
    assert [site.kind for site in build_model(again).calls] == ["log", "log", "agent"]


def test_meta_and_phases() -> None:
    workflow = model(SCRIPT)
    assert (workflow.name, workflow.description) == ("m", "d")
    assert workflow.meta is not None
    assert workflow.meta.model == "haiku"
    assert [(phase.title, phase.detail, phase.model) for phase in workflow.phases] == [
        ("A", "x", None),
        ("B", None, "opus"),
    ]
    assert workflow.phase("B") is workflow.phases[1]
    assert workflow.phase("C") is None


def test_calls_in_order_without_shadowed_ones() -> None:
    kinds = [site.kind for site in model(SCRIPT).calls]
    assert kinds == [
        "phase",
        "agent",
        "parallel",
        "agent",
        "agent",
        "pipeline",
        "agent",
        "log",
        "workflow",
        "budget",
    ]


def test_what_surrounds_a_call() -> None:
    workflow = model(SCRIPT)
    one, in_loop, endless, stage = workflow.calls_of("agent")
    parallel, pipeline = workflow.calls_of("parallel", "pipeline")
    assert (one.fan_out, one.loop, one.function) == (None, None, None)
    assert parallel.loop is not None
    assert parallel.loop.type == "for_in_statement"
    assert parallel.function is not None
    assert parallel.function.type == "function_declaration"
    assert in_loop.fan_out is parallel
    assert in_loop.loop is None, "the loop is outside of the call's own function"
    assert endless.fan_out is parallel
    assert endless.loop is not None
    assert endless.loop.type == "while_statement"
    assert stage.fan_out is pipeline
    assert stage.path[0].type == "program"
    assert stage.parent.type == "arrow_function"


def test_arguments_and_options() -> None:
    workflow = model(SCRIPT)
    one, _, endless, _ = workflow.calls_of("agent")
    assert one.options is not None
    assert [(option.name, option.text) for option in one.options.entries] == [
        ("label", "one"),
        ("phase", "B"),
    ]
    assert one.options.is_open
    shorthand = endless.option("schema")
    assert shorthand is not None
    assert (shorthand.text, shorthand.value.type) == (None, "shorthand_property_identifier")
    path = workflow.calls_of("workflow")[0].option("scriptPath")
    assert path is not None
    assert path.text == "./x.js"
    source = workflow.parsed.source
    assert source.slice(one.callee_span.start, one.callee_span.end) == "agent"
    assert source.slice(one.span.start, one.span.end) == text_of(one)


@pytest.mark.parametrize(
    "ending",
    [
        "const x = await agent('a', {",
        "parallel([",
        "const t = `",
        "if (",
        "/*",
        "agent(`a ${",
        "class {",
        "}",
    ],
)
def test_meta_and_earlier_calls_stay_while_code_is_half_typed(ending: str) -> None:
    workflow = model(SCRIPT + ending)
    assert workflow.name == "m"
    assert [phase.title for phase in workflow.phases] == ["A", "B"]
    assert len([site for site in workflow.calls if site.kind in {"phase", "agent"}]) >= 5


def test_each_script_of_a_document_has_its_own_model() -> None:
    text = "".join(
        f"```js workflow\nexport const meta = {{ name: '{name}' }}\nagent('{name}')\n```\n" for name in "ab"
    )
    models = [build_model(parsed) for parsed in parse_embedded(Source(text))]
    assert [workflow.name for workflow in models] == ["a", "b"]
    assert [len(workflow.calls) for workflow in models] == [1, 1]
