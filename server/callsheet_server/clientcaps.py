"""What the client can do, boiled down once to plain flags."""

from __future__ import annotations

from attrs import frozen
from lsprotocol import types
from pygls.capabilities import get_capability


@frozen
class ClientFlags:
    """Each flag is false for a client that says nothing.

    Attributes:
        configuration: answers `workspace/configuration`.
        watched_files: lets the server register for changes of files.
        configuration_registration: lets the server register for changes of settings.
        pulls_diagnostics: asks for diagnostics itself, and again when told that they changed.
        snippets: expands snippets in completions.
        markdown: shows Markdown in hovers and documentation.
        document_changes: takes workspace edits with document versions.
        hierarchical_symbols: shows symbols inside symbols.
        literal_actions: takes code actions, not only commands.
        resolves_edits: asks for the edit of a code action when it is chosen.
        link_tooltips: shows tooltips of document links.
        progress: shows progress that the server begins.
        show_document: opens a document at the server's wish.
        refreshes: what the client asks again for when told to (`codeLens`, `inlayHint`, …).
    """

    configuration: bool = False
    watched_files: bool = False
    configuration_registration: bool = False
    pulls_diagnostics: bool = False
    snippets: bool = False
    markdown: bool = False
    document_changes: bool = False
    hierarchical_symbols: bool = False
    literal_actions: bool = False
    resolves_edits: bool = False
    link_tooltips: bool = False
    progress: bool = False
    show_document: bool = False
    refreshes: frozenset[str] = frozenset()


def read_flags(capabilities: types.ClientCapabilities) -> ClientFlags:
    """The flags of a client's capabilities."""

    def has(name: str) -> bool:
        return bool(get_capability(capabilities, name, False))

    def lists(name: str, value: str) -> bool:
        return value in (get_capability(capabilities, name, None) or ())

    refreshes = {
        "codeLens": has("workspace.code_lens.refresh_support"),
        "inlayHint": has("workspace.inlay_hint.refresh_support"),
        "diagnostic": has("workspace.diagnostics.refresh_support"),
    }
    return ClientFlags(
        configuration=has("workspace.configuration"),
        watched_files=has("workspace.did_change_watched_files.dynamic_registration"),
        configuration_registration=has("workspace.did_change_configuration.dynamic_registration"),
        pulls_diagnostics=get_capability(capabilities, "text_document.diagnostic", None) is not None
        and refreshes["diagnostic"],
        snippets=has("text_document.completion.completion_item.snippet_support"),
        markdown=lists("text_document.hover.content_format", types.MarkupKind.Markdown),
        document_changes=has("workspace.workspace_edit.document_changes"),
        hierarchical_symbols=has("text_document.document_symbol.hierarchical_document_symbol_support"),
        literal_actions=get_capability(capabilities, "text_document.code_action.code_action_literal_support")
        is not None,
        resolves_edits=lists("text_document.code_action.resolve_support.properties", "edit"),
        link_tooltips=has("text_document.document_link.tooltip_support"),
        progress=has("window.work_done_progress"),
        show_document=has("window.show_document.support"),
        refreshes=frozenset(name for name, there in refreshes.items() if there),
    )
