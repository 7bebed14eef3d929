"""# An option that does not exist

An option that is not known has no effect, and is mostly a slip.

```js
await agent('Review the change.', { lable: 'review', timeout: 60 })
```

```js
await agent('Review the change.', { label: 'review', timeoutMs: 60_000 })
```
"""

from __future__ import annotations

from collections.abc import Iterator

from callsheet.language.problem import Edit, Fix, Problem, Severity, Span
from callsheet.language.rule import Context, Rule
from callsheet.language.rules._options import FIELDS, option_sites
from callsheet.language.suggest import listed, nearest
from callsheet.language.tables.hosts import FOREIGN_OPTIONS


def check(context: Context) -> Iterator[Problem]:
    """Keys of options objects that the function does not have."""
    for site in option_sites(context.workflow, context.calls):
        for option in site.options.entries:
            if option.name in site.fields:
                continue
            names = list(site.fields)
            span = Span(option.key.start_byte, option.key.end_byte)
            same = FOREIGN_OPTIONS.get(option.name)
            free = [name for name in names if site.options.get(name) is None]
            near = same if same in free else nearest(option.name, free)
            if near is None and not site.in_place:
                continue  # An object with a name may hold more than the options of this call.
            if near is None:
                message = f"`{site.call.kind}` has no option `{option.name}`, only {listed(names, 'and')}."
                yield context.problem(span, message)
                continue
            text = near if option.value != option.key else f"{near}: {option.name}"
            yield context.problem(
                span,
                f"`{site.call.kind}` has no option `{option.name}`. Did you mean `{near}`?",
                fixes=(Fix(f"Change to `{near}`", (Edit(span, text),), preferred=True),),
            )


RULE = Rule(
    code="option-unknown",
    severity=Severity.WARNING,
    summary="An option does not exist",
    group="Calls",
    check=check,
    calls=frozenset(FIELDS),
)
