"""# A function of another host

Scripts run in a sandbox: no files, no network, no shell, no modules, no environment, no clock. Only agents touch the
world. A name that other JavaScript hosts have and this one has not throws a `ReferenceError` when it is reached.

```js
const text = require('fs').readFileSync('README.md', 'utf8')
const page = await fetch(args.url)
const key = process.env.API_KEY
```

```js
const text = await agent('Read README.md and answer with its text, unchanged.')
const page = await agent(`Fetch ${args.url} and answer with the main text.`)
const { environment } = args
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Problem, Severity
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._globals import is_guarded, member_of, missing_uses
from callsheet.language.scopes.lower import light_tree
from callsheet.language.scopes.nodes import Node
from callsheet.language.suggest import did_you_mean, listed
from callsheet.language.tables.globals import GLOBALS_BY_NAME
from callsheet.language.tables.missing import (
    MISSING_GLOBALS,
    MISSING_PROCESS,
    MISSING_PROCESS_OTHER,
    PROCESS_MEMBERS,
    instead_of_module,
)


def check(context: Context) -> Iterator[Problem]:
    """Global names, and members of `process` and `console`, that are not there."""
    unresolved = light_tree(context.parsed).globals
    for name, uses in unresolved.items():
        if name in MISSING_GLOBALS:
            for use in missing_uses(unresolved, uses):
                instead = instead_of_module(_required(use)) if name == "require" else MISSING_GLOBALS[name]
                yield context.problem(use.span, f"There is no `{name}`. {instead}")
    for use in unresolved.get("process", ()):
        for member in member_of(use):
            if member.name not in PROCESS_MEMBERS and not is_guarded(use):
                instead = MISSING_PROCESS.get(member.name or "", MISSING_PROCESS_OTHER)
                yield context.problem(member.span, f"There is no `process.{member.name}`. {instead}")
    known = [member.name for member in GLOBALS_BY_NAME["console"].members]
    for use in unresolved.get("console", ()):
        for member in member_of(use):
            if member.name not in known and not is_guarded(use):
                hint = did_you_mean(member.name or "", known) or f" There are {listed(known, 'and')}."
                yield context.problem(member.span, f"There is no `console.{member.name}`.{hint}")


def _required(use: Node) -> str:
    """Name of the module in `require('name')`; empty where the script does not tell."""
    call = use.parent
    if call is None or call.type != "call_expression" or call.children[0] is not use:
        return ""
    argument = next(iter(call.children[-1].children), None)
    return argument.text.strip("'\"`") if argument is not None and argument.type == "string" else ""


RULE = Rule(
    code="missing-global",
    severity=Severity.ERROR,
    summary="The script uses something that only other hosts have",
    group="Calls",
    check=check,
)
