"""What a rule is: a record with a check function, in a module of its own in `language/rules/`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

from attrs import field, frozen
from tree_sitter import Node

from callsheet.language.problem import Fix, Problem, Related, Severity, Span
from callsheet.settings.model import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from callsheet.language.calls import CallSite
    from callsheet.language.ignores import Ignore
    from callsheet.language.model import Workflow
    from callsheet.language.scopes.nodes import Fragment
    from callsheet.language.syntax import Parsed
    from callsheet.language.workspace import Workspace


@frozen
class Rule:
    """One rule.

    Attributes:
        code: kebab-case name, used in settings and ignores; the module is called the same with underscores.
        severity: level when no setting says otherwise.
        summary: one line for lists: what is wrong.
        group: the chapter of the rule index that it stands in.
        check: yields the problems of one script, or of one statement of it where `calls` names any.
        calls: functions whose calls the rule looks at, one by one: `context.calls`. What it finds in a statement is
            kept until an edit has a bearing on it, so it must follow from the statement, and from the names that
            `Workflow.scopes` and `constant` were asked for; all else is for rules without `calls`.
        off_by_default: whether it runs only where a setting gives it a level.
        needs_workspace: whether it looks at other files; it is left out where there is no workspace.
        needs_hosts: whether it is left out where the setting `hosts` names none.
        needs_sound_tree: whether it is left out while the script has syntax errors, because it concludes from what it
            does not see.
        after_ignores: whether it judges the ignores themselves, once they were applied.

    The module's docstring, in Markdown, is the rule's page.
    """

    code: str
    severity: Severity
    summary: str
    group: str
    check: Callable[[Context], Iterable[Problem]] = field(repr=False)
    calls: Collection[str] = ()
    off_by_default: bool = False
    needs_workspace: bool = False
    needs_hosts: bool = False
    needs_sound_tree: bool = False
    after_ignores: bool = False


@frozen
class Context:
    """What a rule sees of one script, and how it reports."""

    rule: Rule
    workflow: Workflow
    severity: Severity
    settings: Settings
    workspace: Workspace | None
    path: Path | None = None
    ignores: tuple[Ignore, ...] = ()
    statement: Fragment | None = None
    """The statement whose calls are looked at; None for the whole script."""

    @property
    def parsed(self) -> Parsed:
        return self.workflow.parsed

    @property
    def calls(self) -> list[CallSite]:
        """The calls that the rule is to look at, in source order."""
        kinds = self.rule.calls
        if self.statement is None:
            return self.workflow.calls_of(*kinds)
        return self.workflow.readable(self.workflow.calls_in(self.statement), kinds)

    def text(self, node: Node) -> str:
        """Source text of a node."""
        return self.workflow.parsed.text(node)

    def problem(
        self,
        where: Node | Span,
        message: str,
        *,
        fixes: tuple[Fix, ...] = (),
        related: tuple[Related, ...] = (),
        unnecessary: bool = False,
        deprecated: bool = False,
    ) -> Problem:
        """A finding of this rule at a node or a range of bytes."""
        span = where if isinstance(where, Span) else Span(where.start_byte, where.end_byte)
        return Problem(self.rule.code, self.severity, span, message, fixes, related, unnecessary, deprecated)
