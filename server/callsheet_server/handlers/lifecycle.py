"""Begin and end of the conversation, settings, folders, files, and pulled diagnostics."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from lsprotocol import types

from callsheet_server.pages import write_pages

if TYPE_CHECKING:
    from callsheet_server.server import CallsheetServer

WATCHED = (
    "**/*.workflow.{js,mjs}",
    "**/.{callsheet,claude,pi}/{workflows,agents}/**",
    "**/callsheet.toml",
)


def register(server: CallsheetServer) -> None:
    """Register the handlers of this module."""

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.initialize(params)

    @server.feature(types.INITIALIZED)
    def initialized(_params: types.InitializedParams) -> None:
        server.spawn(_begin(server))

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        server.settings.take_pushed(params.settings)
        server.spawn(server.settings.refresh())

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        for folder in params.event.removed:
            server.folders.remove(folder.uri)
        for folder in params.event.added:
            server.folders.add(folder.uri)
        server.folders_changed()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_files(params: types.DidChangeWatchedFilesParams) -> None:
        server.files_changed([change.uri for change in params.changes])

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        server.files_changed([params.text_document.uri])

    @server.feature(
        types.TEXT_DOCUMENT_DIAGNOSTIC,
        types.DiagnosticOptions(
            inter_file_dependencies=True, workspace_diagnostics=False, identifier="callsheet"
        ),
    )
    async def diagnostic(params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
        await asyncio.sleep(0)
        snapshot = server.snapshot(params.text_document.uri)
        if snapshot is None:
            return types.RelatedFullDocumentDiagnosticReport(items=[])
        problems = await server.analysis.complete(snapshot)
        current = server.snapshot(params.text_document.uri) or snapshot
        return server.analysis.pull(current, problems, params.previous_result_id)


async def _begin(server: CallsheetServer) -> None:
    server.runs.watch()
    registrations = []
    if server.flags.watched_files:
        watchers = [types.FileSystemWatcher(glob_pattern=pattern) for pattern in WATCHED]
        registrations.append(
            types.Registration(
                "callsheet-files",
                types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                types.DidChangeWatchedFilesRegistrationOptions(watchers),
            )
        )
    if server.flags.configuration_registration:
        registrations.append(
            types.Registration(
                "callsheet-settings",
                types.WORKSPACE_DID_CHANGE_CONFIGURATION,
                types.DidChangeConfigurationRegistrationOptions(section="callsheet"),
            )
        )
    if registrations:
        await server.ask(types.CLIENT_REGISTER_CAPABILITY, types.RegistrationParams(registrations))
    await asyncio.to_thread(write_pages)
    await server.settings.refresh()
