"""What is kept from one version of a script to the next never changes what any rule finds."""

import random
from pathlib import Path

import pytest
from callsheet.language.checker import check, level_of
from callsheet.language.model import build_model
from callsheet.language.rule import Context
from callsheet.language.rules import all_rules
from callsheet.language.scopes import lower
from callsheet.language.source import Source
from callsheet.language.syntax import parse, reparse
from callsheet.settings.model import RunSettings, Settings

DATA = Path(__file__).parents[2] / "data"
SCRIPTS = sorted((DATA / "corpus").glob("*.workflow.js"))
LEVELS = {code: "warning" for code, rule in all_rules().items() if rule.off_by_default}
SETTINGS = Settings(rules=LEVELS, hosts=("claude", "pi"), run=RunSettings(max_agents=40))
PIECES = [
    "if (!r) return\n",
    "const r = await agent('p', { schema: S })\n",
    "const S = { type: 'object', properties: { n: { type: 'number' } } }\n",
    "const S = { type: 'object', properties: { m: { type: 'strng' } }, required: ['n'] }\n",
    "log(r.n)\n",
    "let some = rs\n",
    "some = some.filter(Boolean)\n",
    "some.map((one) => one.n)\n",
    "best = best ?? { n: 0 }\n",
    "const r = await (async () => agent('p', { schema: S }))()\n",
    "class A { ask() { return agent('p', { schema: S }) } async go() { return (await this.ask()).n } }\n",
    "for await (const one of each()) log(one.n)\n",
    "async function* each() { yield await agent('p', { schema: S }) }\n",
    "const { n, ...others } = r\n",
    "log(others.m)\n",
    "const list = rs.join()\n",
    "await agent(`Sum up ${list}`)\n",
    "const fail = (why) => { throw new Error(why) }\n",
    "if (!r) fail('r')\n",
    "S.properties.extra = { type: 'string' }\n",
    "log(r?.extra)\n",
    "const S = record({ n: { type: 'number' } })\n",
    "function record(properties) { return { type: 'object', properties, required: ['m'] } }\n",
    "log(r?.m)\n",
    "const rs = await parallel(args.ds.map((d) => () => ask(d)))\n",
    "const good = rs.filter(Boolean)\n",
    "rs.map((one) => one.n)\n",
    "log(`${rs.length} done`)\n",
    "function ask(prompt, schema = S) { return agent(prompt, { schema }) }\n",
    "const ask = async (prompt) => (await agent(prompt, { schema: S })) ?? { n: 0 }\n",
    "const ok = r !== null\n",
    "if (!ok) throw new Error('x')\n",
    "const all = []\n",
    "all.push(r)\n",
    "all.map(({ n }) => n)\n",
    "let best = null\n",
    "best = await ask('x')\n",
    "if (best) log(best.n)\n",
    "log(best.n)\n",
    "await agent(`Sum up ${JSON.stringify(rs)} and ${r}`)\n",
    "const clock = Date\n",
    "log(clock.now())\n",
    "function parallel(x) { return x }\n",
    "const key = 'n'\n",
    "log(rs[0][key])\n",
    "const show = (one) => one.n\n",
    "show(r)\n",
    "rs.map(show)\n",
    "await pipeline(args.ds, ask, (previous) => previous.n, show)\n",
    "const options = { label: 'x', modle: 'haiku', retries: 9 }\n",
    "agent('never awaited')\n",
    "const later = agent('later', options)\n",
    "log(`${later} and ${await later}`)\n",
    "const items = Array.from({ length: 30 }, (_, i) => i)\n",
    "const items = args.items\n",
    "await parallel(items.map((i) => () => agent(`item ${i}`, { phase: 'Scan', lable: 'x' })))\n",
    "await parallel(items.map((i) => agent(`item ${i}`)))\n",
    "items.push(1)\n",
    "const jobs = []\n",
    "jobs.push(agent('a job'))\n",
    "jobs.push(() => agent('a job'))\n",
    "await parallel(jobs)\n",
    "await parallel(items.map((i) => async () => { all.push(await agent(`${i}`)) }))\n",
    "await agent(`Join ${all.join()}`)\n",
    "phase('Scan')\n",
    "phase(title)\n",
    "const title = 'Sacn'\n",
    "async function work() { await agent('x', options) }\n",
    "work()\n",
    "await work()\n",
    "while (!best) { best = await agent('again') }\n",
    "function agent(x) { return x }\n",
    "await Promise.race([agent('a'), agent('b')])\n",
    "export const meta = { name: 'x', description: 'y', phases: [{ title: 'Scan' }, { title: 'End' }] }\n",
]


def found(parsed):
    return check(parsed, SETTINGS)


def found_afresh(source):
    """The same with nothing kept, each rule at once on the whole script."""
    kept = dict(lower._recent.trees)
    lower._recent.trees.clear()
    try:
        parsed = parse(source)
        workflow = build_model(parsed)
        broken = parsed.root.has_error
        problems = {
            problem: None
            for rule in all_rules().values()
            if not (rule.needs_workspace or rule.after_ignores or (broken and rule.needs_sound_tree))
            for problem in rule.check(Context(rule, workflow, level_of(rule, SETTINGS), SETTINGS, None))
        }
        return sorted(problems, key=lambda problem: (problem.span.start, problem.severity, problem.code))
    finally:
        lower._recent.trees.clear()
        lower._recent.trees.update(kept)


def edited(source, rng):
    lines = source.data.split(b"\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    at = rng.randrange(len(lines))
    kind = rng.random()
    if kind < 0.55:
        return source.replace(starts[at], starts[at], rng.choice(PIECES))
    if kind < 0.8 and len(lines) > 2:
        return source.replace(starts[at], min(starts[at + 1], len(source.data)), "")
    places = [
        i for i in range(len(source.data) + 1) if i == len(source.data) or source.data[i] & 0xC0 != 0x80
    ]
    low = rng.randrange(len(places))
    high = min(low + rng.choice([0, 1, 1, 4]), len(places) - 1)
    return source.replace(
        places[low], places[high], rng.choice(["", "x", "?", ".", "(", ")", "{", "}", "r", " "])
    )


def follow(source, rng, steps):
    parsed = parse(source)
    for _ in range(steps):
        found(parsed)
        source, edit = edited(source, rng)
        parsed = reparse(parsed, source, [edit])
        fresh = parse(source)
        if str(fresh.root) != str(parsed.root):
            # Where code is broken, tree-sitter itself may recover in another way than from scratch.
            parsed = fresh
        assert found(parsed) == found_afresh(source), source.text


@pytest.mark.parametrize("seed", range(30))
def test_short_scripts(seed):
    rng = random.Random(seed)
    follow(Source("".join(rng.choices(PIECES, k=rng.randrange(3, 25)))), rng, 25)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name.split(".")[0]) for path in SCRIPTS[::4]])
def test_real_scripts(path):
    follow(Source(path.read_bytes().decode()), random.Random(path.name), 12)
