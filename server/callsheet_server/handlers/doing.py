"""What can be done: quick fixes, run actions, lenses, and hints at the ends of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from callsheet.language.problem import Edit, Problem, Span
from lsprotocol import types

from callsheet_server.documents import Snapshot
from callsheet_server.features import diagnostics
from callsheet_server.features.fixes import fix_all, ignore_edit, quick_fixes
from callsheet_server.features.hints import hints
from callsheet_server.features.lenses import lenses
from callsheet_server.features.run_actions import run_actions
from callsheet_server.handlers.common import FileEdits, on, workspace_edit
from callsheet_server.protocol import ContentModified
from callsheet_server.runs.present import agent_actions

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer

FIX_ALL = "source.fixAll.callsheet"
RUN = "callsheet.run"
KINDS = (types.CodeActionKind.QuickFix, FIX_ALL, RUN)


def register(server: CallsheetServer) -> None:
    """Register the handlers of this module."""
    options = types.CodeActionOptions(code_action_kinds=list(KINDS), resolve_provider=True)
    on(server, types.TEXT_DOCUMENT_CODE_ACTION, _actions, options)
    on(server, types.CODE_ACTION_RESOLVE, _resolve)
    on(server, types.TEXT_DOCUMENT_CODE_LENS, _lenses)
    on(server, types.TEXT_DOCUMENT_INLAY_HINT, _hints, of_files=True)


def _wanted(context: types.CodeActionContext, kind: str) -> bool:
    """Whether the client asks for actions of a kind, or of one that holds it."""
    return not context.only or any(
        kind == only or kind.startswith(f"{only}.") or not only for only in context.only
    )


async def _actions(
    server: CallsheetServer, params: types.CodeActionParams
) -> list[types.CodeAction | types.Command] | None:
    snapshot = server.snapshot(params.text_document.uri)
    if snapshot is None or not snapshot.scripts:
        return None
    span = server.positions.span(snapshot.source, params.range)
    problems = await server.analysis.complete(snapshot)
    document = server.documents.get(snapshot.uri)
    if document is None or document.source is not snapshot.source:
        raise ContentModified("The document has changed.")
    actions: list[types.CodeAction] = []
    if _wanted(params.context, types.CodeActionKind.QuickFix):
        for item in quick_fixes(problems, span):
            index = item.problem.fixes.index(item.fix)
            actions.append(
                _fix_action(server, snapshot, item.problem, item.fix.title, f"fix:{index}", item.fix.edits)
            )
            actions[-1].is_preferred = item.fix.preferred or None
        actions += _ignores(server, snapshot, problems, span.start, span.end)
    if _wanted(params.context, FIX_ALL) and (edits := fix_all(problems)):
        action = types.CodeAction("Fix all safe Callsheet problems", FIX_ALL)
        _give_edit(server, action, snapshot, edits, {"what": "all"})
        actions.append(action)
    if _wanted(params.context, RUN) and server.trusted:
        actions += _run_actions(server, snapshot, span)
        actions += _agent_actions(server, snapshot, span)
    if server.flags.literal_actions:
        return list(actions)
    return [action.command for action in actions if action.command is not None]


def _run_actions(server: CallsheetServer, snapshot: Snapshot, span: Span) -> list[types.CodeAction]:
    script = snapshot.script_at(span.start)
    if script is None:
        return []
    fence = snapshot.scripts.index(script) + 1 if script.embedded else None
    return [
        types.CodeAction(
            action.title,
            RUN,
            command=types.Command(action.title, action.command, arguments=[action.argument]),
        )
        for action in run_actions(snapshot.uri, server.runs.display.view(snapshot, script), fence)
    ]


def _agent_actions(server: CallsheetServer, snapshot: Snapshot, span: Span) -> list[types.CodeAction]:
    """Actions on the agents of the newest run whose calls stand at the cursor."""
    actions = [
        action
        for run, agents in server.runs.display.calls_at(snapshot, span)
        for action in agent_actions(run.run_id, agents)
    ]
    return [
        types.CodeAction(
            action.title,
            RUN,
            command=types.Command(action.title, action.command, arguments=[action.argument]),
        )
        for action in actions
    ]


def _ignores(
    server: CallsheetServer, snapshot: Snapshot, problems: tuple[Problem, ...], start: int, end: int
) -> list[types.CodeAction]:
    actions = []
    seen: set[str] = set()
    for problem in problems:
        script = snapshot.script_at(problem.span.start)
        touches = problem.span.start <= end and start <= problem.span.end
        if script is None or not touches or problem.code in seen or problem.code.startswith("ignore-"):
            continue
        seen.add(problem.code)
        edit = ignore_edit(script, problem)
        if edit is not None:
            actions.append(
                _fix_action(server, snapshot, problem, f"Ignore {problem.code} here", "ignore", (edit,))
            )
    return actions


def _fix_action(
    server: CallsheetServer,
    snapshot: Snapshot,
    problem: Problem,
    title: str,
    what: str,
    edits: tuple[Edit, ...],
) -> types.CodeAction:
    found = diagnostics.to_lsp(snapshot, [problem], server.positions)
    action = types.CodeAction(title, types.CodeActionKind.QuickFix, diagnostics=found)
    place = [problem.span.start, problem.span.end]
    _give_edit(server, action, snapshot, edits, {"what": what, "code": problem.code, "span": place})
    return action


def _give_edit(
    server: CallsheetServer,
    action: types.CodeAction,
    snapshot: Snapshot,
    edits: tuple[Edit, ...] | list[Edit],
    data: dict[str, Any],
) -> None:
    """The edit itself, or where the client asks for it later, what is needed to find it again."""
    if server.flags.resolves_edits:
        action.data = {"uri": snapshot.uri, "version": snapshot.version, **data}
    else:
        action.edit = _edit(server, snapshot, edits)


def _edit(
    server: CallsheetServer, snapshot: Snapshot, edits: tuple[Edit, ...] | list[Edit]
) -> types.WorkspaceEdit:
    return workspace_edit(server, [FileEdits(snapshot.uri, snapshot.version, snapshot.source, tuple(edits))])


async def _resolve(server: CallsheetServer, action: types.CodeAction) -> types.CodeAction:
    data = action.data if isinstance(action.data, dict) else None
    if data is None:
        return action
    snapshot = server.snapshot(str(data.get("uri")))
    if snapshot is None or snapshot.version != data.get("version"):
        raise ContentModified("The document has changed.")
    problems = await server.analysis.complete(snapshot)
    what = data.get("what")
    if what == "all":
        action.edit = _edit(server, snapshot, fix_all(problems))
        return action
    for problem in problems:
        if problem.code == data.get("code") and [problem.span.start, problem.span.end] == data.get("span"):
            edits = _edits_of(snapshot, problem, str(what))
            if edits:
                action.edit = _edit(server, snapshot, edits)
    return action


def _edits_of(snapshot: Snapshot, problem: Problem, what: str) -> tuple[Edit, ...]:
    if what == "ignore":
        script = snapshot.script_at(problem.span.start)
        edit = ignore_edit(script, problem) if script is not None else None
        return (edit,) if edit is not None else ()
    index = int(what.partition(":")[2] or 0)
    return problem.fixes[index].edits if index < len(problem.fixes) else ()


def _lenses(server: CallsheetServer, params: types.CodeLensParams) -> list[types.CodeLens] | None:
    snapshot = server.snapshot(params.text_document.uri)
    if snapshot is None:
        return None
    return [
        types.CodeLens(
            server.positions.range(snapshot.source, lens.span),
            types.Command(lens.title, lens.command, arguments=[lens.argument] if lens.argument else None),
        )
        for index, script in enumerate(snapshot.scripts, 1)
        for lens in lenses(
            script,
            snapshot.uri,
            server.runs.display.view(snapshot, script),
            trusted=server.trusted,
            fence=index if script.embedded else None,
        )
    ]


def _hints(server: CallsheetServer, params: types.InlayHintParams) -> list[types.InlayHint] | None:
    snapshot = server.snapshot(params.text_document.uri)
    if snapshot is None:
        return None
    span = server.positions.span(snapshot.source, params.range)
    world = server.world(snapshot.path)
    found = [hint for script in snapshot.scripts for hint in hints(script, span, world)]
    found += server.runs.display.hints(snapshot, span)
    return [
        types.InlayHint(
            server.positions.position(snapshot.source, hint.offset),
            hint.text,
            tooltip=hint.tooltip or None,
            data={"run": True} if hint.of_run else None,
        )
        for hint in found
    ]
