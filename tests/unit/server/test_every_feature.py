"""Every feature over standard input and output, as real editors and a bare client ask for it.

The script holds non-ASCII and astral text before everything that is asked about, on the same lines.
"""

from __future__ import annotations

import sys

import pytest
import pytest_lsp
from lsprotocol import converters, types
from pytest_lsp import ClientServerConfig, LanguageClient

from tests.support.lsp_client import ENCODINGS, PROFILES, Text

SCRIPT = """\
// 😀 Übersicht über die Läufe
export const meta = { name: 'überblick', description: '😀 d', phases: [{ title: 'Fínd 😀' }, { title: 'Leer' }] }
/* é😀 */ phase('Fínd 😀')
const ZAHL_SCHEMA = { type: 'object', properties: { zahl: { type: 'number' } }, required: ['zahl'] }
/* 👩‍👩‍👧 */ const größe = await agent('zähle 😀', { label: 'é', schema: ZAHL_SCHEMA })
/* é😀 */ const t = Date.now()
/* é😀 */ log('😀', größe, await workflow('prüfung'))
/* é😀 */ await parallel([1, 2].map((x) => () => agent(`see ${x}`, { phase: 'Fínd 😀', lable: 'x' })))
return { größe, t }
"""
CHILD = "export const meta = { name: 'prüfung', description: 'Prüft 😀.' }\nawait agent('x')\n"
REFRESHES = (
    types.WORKSPACE_CODE_LENS_REFRESH,
    types.WORKSPACE_INLAY_HINT_REFRESH,
    types.WORKSPACE_SEMANTIC_TOKENS_REFRESH,
)

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.filterwarnings("error::pytest_lsp.LspSpecificationWarning"),
]


class Session:
    """One client with the script open."""

    def __init__(self, client, folder, profile):
        self.client, self.folder, self.profile = client, folder, profile
        self.text = Text(SCRIPT, ENCODINGS[profile])
        self.uri = (folder / "Läufe.workflow.js").as_uri()
        self.document = types.TextDocumentIdentifier(self.uri)

    def position(self, words, offset=0):
        place = self.text.at(words, offset)
        return types.Position(place["line"], place["character"])

    def at(self, kind, words, offset=0, **more):
        return kind(text_document=self.document, position=self.position(words, offset), **more)

    def slice(self, range_):
        ends = {name: {"line": p.line, "character": p.character} for name, p in
                (("start", range_.start), ("end", range_.end))}  # fmt: skip
        return self.text.slice(ends)

    @property
    def everything(self):
        return types.Range(types.Position(0, 0), types.Position(SCRIPT.count("\n"), 0))


@pytest_lsp.fixture(
    config=ClientServerConfig(server_command=[sys.executable, "-m", "callsheet_server"]),
    params=list(PROFILES),
    scope="module",
)
async def client(lsp_client: LanguageClient, request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("Arbeit")
    (folder / ".git").mkdir()
    (folder / ".callsheet" / "workflows").mkdir(parents=True)
    (folder / ".callsheet" / "workflows" / "prüfung.js").write_text(CHILD, encoding="utf-8")
    capabilities = converters.get_converter().structure(PROFILES[request.param], types.ClientCapabilities)
    lsp_client.refreshed = []
    for method in REFRESHES:
        lsp_client.feature(method)(lambda _params, method=method: lsp_client.refreshed.append(method))
    lsp_client.registered = []
    lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)(
        lambda params: lsp_client.registered.extend(params.registrations)
    )
    lsp_client.told = await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities,
            root_uri=folder.as_uri(),
            workspace_folders=[types.WorkspaceFolder(folder.as_uri(), "Arbeit")],
        )
    )
    session = lsp_client.session = Session(lsp_client, folder, request.param)
    item = types.TextDocumentItem(session.uri, "callsheet", 1, SCRIPT)
    opened = lsp_client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    lsp_client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    await opened

    yield

    assert lsp_client.messages == []
    assert lsp_client.log_messages == []
    assert lsp_client.error is None
    assert set(lsp_client.diagnostics) == {session.uri}
    assert lsp_client.progress_reports == {}
    await lsp_client.shutdown_session()


@pytest.fixture
def session(client):
    return client.session


async def test_capabilities(client, session):
    told = client.told.capabilities
    assert told.position_encoding == ENCODINGS[session.profile]
    assert told.text_document_sync.change == types.TextDocumentSyncKind.Incremental
    assert (told.diagnostic_provider is not None) is (session.profile == "vscode")
    assert "callsheet.run" in told.execute_command_provider.commands


async def test_pushed_diagnostics(client, session):
    found = {item.code: item for item in client.diagnostics[session.uri] if item.source == "callsheet"}
    clock = found["determinism-clock"]
    assert session.slice(clock.range) == "Date.now()"
    assert clock.severity == types.DiagnosticSeverity.Error
    assert clock.code_description.href.endswith("/determinism-clock.md")
    assert session.slice(found["option-unknown"].range) == "lable"


async def test_pulled_diagnostics(client, session):
    report = await client.text_document_diagnostic_async(types.DocumentDiagnosticParams(session.document))
    assert {"determinism-clock", "option-unknown"} <= {item.code for item in report.items}
    again = await client.text_document_diagnostic_async(
        types.DocumentDiagnosticParams(session.document, previous_result_id=report.result_id)
    )
    assert again.result_id == report.result_id
    assert again.kind == "unchanged"


async def test_completion_and_resolve(client, session):
    place = session.at(types.CompletionParams, "lable", 2)
    listed = await client.text_document_completion_async(place)
    labels = {item.label for item in listed.items}
    assert {"label", "model", "isolation"} <= labels
    label = next(item for item in listed.items if item.label == "label")
    assert session.slice(label.text_edit.range) == "lable"
    is_rich = session.profile in {"vscode", "neovim"}
    assert ("$" in label.text_edit.new_text) is is_rich
    resolved = await client.completion_item_resolve_async(label)
    docs = resolved.documentation.value if is_rich else resolved.documentation
    assert "Name of this call" in docs


async def test_completion_in_a_string(client, session):
    listed = await client.text_document_completion_async(
        session.at(types.CompletionParams, "Fínd 😀', lable", 2)
    )
    assert {item.label for item in listed.items} == {"Fínd 😀", "Leer"}
    assert {session.slice(item.text_edit.range) for item in listed.items} <= {"Fínd 😀", "Fí"}


async def test_hover(client, session):
    found = await client.text_document_hover_async(session.at(types.HoverParams, "await agent", 8))
    assert session.slice(found.range) == "agent"
    assert ("```" in found.contents.value) is (session.profile in {"vscode", "neovim"})
    typed = await client.text_document_hover_async(session.at(types.HoverParams, "größe, await", 3))
    assert "zahl" in typed.contents.value
    assert await client.text_document_hover_async(session.at(types.HoverParams, "Übersicht")) is None


async def test_signature_help(client, session):
    found = await client.text_document_signature_help_async(
        session.at(types.SignatureHelpParams, "label: 'é'", 2)
    )
    assert found.signatures[0].label.startswith("agent(")
    assert found.active_parameter == 1


async def test_document_symbols(client, session):
    found = await client.text_document_document_symbol_async(types.DocumentSymbolParams(session.document))
    if session.profile in {"vscode", "neovim"}:
        names = [(symbol.name, [child.name for child in symbol.children or ()]) for symbol in found]
        assert names == [
            ("überblick", ["Fínd 😀", "Leer"]),
            ("Fínd 😀", ["é", "prüfung", "see …"]),
        ]
        assert session.slice(found[1].selection_range) == "phase"
    else:
        assert {"überblick", "Fínd 😀", "é", "prüfung"} <= {symbol.name for symbol in found}


async def test_workspace_symbols(client, session):
    found = await client.workspace_symbol_async(types.WorkspaceSymbolParams("prf"))
    assert [symbol.name for symbol in found] == ["prüfung"]


async def test_definition(client, session):
    phase = await client.text_document_definition_async(session.at(types.DefinitionParams, "phase('Fínd", 9))
    assert (phase.uri, session.slice(phase.range)) == (session.uri, "Fínd 😀")
    assert phase.range.start.line == 1
    nested = await client.text_document_definition_async(session.at(types.DefinitionParams, "'prüfung'", 3))
    assert nested.uri.endswith("fung.js")


async def test_references_and_highlights(client, session):
    place = session.at(
        types.ReferenceParams, "größe, await", 2, context=types.ReferenceContext(include_declaration=True)
    )
    found = await client.text_document_references_async(place)
    assert [session.slice(item.range) for item in found] == ["größe"] * 3
    marked = await client.text_document_document_highlight_async(
        session.at(types.DocumentHighlightParams, "Fínd 😀', lable", 2)
    )
    assert [session.slice(item.range) for item in marked] == ["Fínd 😀"] * 3


async def test_rename(client, session):
    prepared = await client.text_document_prepare_rename_async(
        session.at(types.PrepareRenameParams, "größe, await", 2)
    )
    assert session.slice(prepared.range) == prepared.placeholder == "größe"
    edit = await client.text_document_rename_async(
        session.at(types.RenameParams, "größe, await", 2, new_name="länge")
    )
    assert len(_edits(edit, session.uri)) == 3
    across = await client.text_document_rename_async(
        session.at(types.RenameParams, "'prüfung'", 3, new_name="kontrolle")
    )
    files = across.changes or {change.text_document.uri: change.edits for change in across.document_changes}
    assert len(files) == 2
    with pytest.raises(Exception, match="nothing to rename"):
        await client.text_document_rename_async(session.at(types.RenameParams, "Übersicht", new_name="x"))


def _edits(edit, uri):
    if edit.changes is not None:
        return edit.changes[uri]
    return next(change.edits for change in edit.document_changes if change.text_document.uri == uri)


async def test_code_actions(client, session):
    place = session.position("lable")
    params = types.CodeActionParams(
        session.document, types.Range(place, place), types.CodeActionContext(diagnostics=[])
    )
    actions = await client.text_document_code_action_async(params)
    titles = [action.title for action in actions]
    assert {"Run workflow", "Dry run"} <= set(titles)
    if session.profile in {"vscode", "neovim"}:
        assert any("label" in title for title in titles)
        ignore = next(action for action in actions if action.title.startswith("Ignore option-unknown"))
        assert ignore.edit is None
        ignore = await client.code_action_resolve_async(ignore)
        assert "callsheet-ignore option-unknown" in _edits(ignore.edit, session.uri)[0].new_text


async def test_only_the_wanted_kinds_of_code_actions(client, session):
    if session.profile not in {"vscode", "neovim"}:
        pytest.skip("a client without code action literals takes commands")
    for only, is_wanted in (("callsheet.run", RUN_TITLES.__contains__), ("quickfix", _is_no_run_title)):
        context = types.CodeActionContext(diagnostics=[], only=[only])
        actions = await client.text_document_code_action_async(
            types.CodeActionParams(session.document, session.everything, context)
        )
        assert actions
        assert all(is_wanted(action.title) for action in actions)


RUN_TITLES = {"Run workflow", "Dry run"}


def _is_no_run_title(title):
    return title not in RUN_TITLES


async def test_code_lenses(client, session):
    found = await client.text_document_code_lens_async(types.CodeLensParams(session.document))
    assert [lens.command.title for lens in found] == ["Run workflow", "Dry run"]
    assert {session.slice(lens.range) for lens in found} == {"export const meta"}


async def test_inlay_hints(client, session):
    found = await client.text_document_inlay_hint_async(
        types.InlayHintParams(session.document, session.everything)
    )
    assert " 2 agents" in {hint.label for hint in found}


async def test_semantic_tokens(client, session):
    full = await client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(session.document))
    assert "agent" in _decoded(full.data, session)
    assert "'Fínd 😀'" in _decoded(full.data, session)
    delta = await client.text_document_semantic_tokens_full_delta_async(
        types.SemanticTokensDeltaParams(session.document, full.result_id)
    )
    assert not delta.edits
    part = await client.text_document_semantic_tokens_range_async(
        types.SemanticTokensRangeParams(
            session.document, types.Range(types.Position(2, 0), types.Position(3, 0))
        )
    )
    assert set(_decoded(part.data, session)) == {"phase", "'Fínd 😀'"}


def _decoded(data, session):
    words, line, column = [], 0, 0
    for index in range(0, len(data), 5):
        down, right, size = data[index : index + 3]
        column = right if down else column + right
        line += down
        start, end = types.Position(line, column), types.Position(line, column + size)
        words.append(session.slice(types.Range(start, end)))
    return words


async def test_document_links(client, session):
    found = await client.text_document_document_link_async(types.DocumentLinkParams(session.document))
    assert [session.slice(link.range) for link in found] == ["prüfung"]
    assert found[0].target.endswith("fung.js")


async def test_call_hierarchy(client, session):
    items = await client.text_document_prepare_call_hierarchy_async(
        session.at(types.CallHierarchyPrepareParams, "überblick", 2)
    )
    assert [item.name for item in items] == ["überblick"]
    out = await client.call_hierarchy_outgoing_calls_async(types.CallHierarchyOutgoingCallsParams(items[0]))
    assert [(call.to.name, [session.slice(r) for r in call.from_ranges]) for call in out] == [
        ("prüfung", ["'prüfung'"])
    ]
    into = await client.call_hierarchy_incoming_calls_async(types.CallHierarchyIncomingCallsParams(out[0].to))
    assert [(call.from_.name, [session.slice(r) for r in call.from_ranges]) for call in into] == [
        ("überblick", ["'prüfung'"])
    ]


async def test_folding_and_selection(client, session):
    folds = await client.text_document_folding_range_async(types.FoldingRangeParams(session.document))
    assert (2, SCRIPT.count("\n") - 1) in {(fold.start_line, fold.end_line) for fold in folds}
    place = session.position("größe, await", 2)
    (found,) = await client.text_document_selection_range_async(
        types.SelectionRangeParams(session.document, [place])
    )
    assert session.slice(found.range) == "größe"
    assert session.slice(found.parent.range).startswith("'😀', größe")


async def test_dynamic_registration(client, session):
    methods = {registration.method for registration in client.registered}
    watched = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    assert (watched in methods) is (session.profile == "vscode")


async def test_changes_are_followed_in_the_clients_encoding(client, session):
    """Last, as it changes the text: every astral character is replaced from behind."""
    text, version = SCRIPT, 1
    while (index := text.rfind("😀")) >= 0:
        version += 1
        here = Text(text, ENCODINGS[session.profile])
        ends = [types.Position(**here.position(i)) for i in (index, index + 1)]
        change = types.TextDocumentContentChangePartial(types.Range(*ends), "\u2028é")
        document = types.VersionedTextDocumentIdentifier(version, session.uri)
        client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))
        text = text[:index] + "\u2028é" + text[index + 1 :]
    session.text = Text(text, ENCODINGS[session.profile])
    found = await client.text_document_hover_async(session.at(types.HoverParams, "await agent", 8))
    assert session.slice(found.range) == "agent"
    report = await client.text_document_diagnostic_async(types.DocumentDiagnosticParams(session.document))
    clock = next(item for item in report.items if item.code == "determinism-clock")
    assert session.slice(clock.range) == "Date.now()"
