"""Which script a `workflow()` call means (language, P8)."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from callsheet.errors import ErrorCode, ScriptValidationError, WorkflowError
from callsheet.language.files import real_path
from callsheet.language.suggest import did_you_mean, listed
from callsheet.language.workspace import Workspace
from callsheet.runs.rundir import write_private
from callsheet.runs.scripts import Script, load_script


class ChildScripts:
    """Finds and keeps the scripts of nested workflows.

    Their sources are kept with the run: as long as the run's own script is resumed as it was, they are, too.

    Args:
        kept_in: folder that sources are kept in.
        known: what was called before, to path and SHA-256 of its source; empty to read every script anew.
        caller: file of the calling script, None when it was never saved.
        folder: the workspace, which files called by path must lie in.
        workspace: finds the saved workflows.
        keep: whether to keep sources that are not there yet.
    """

    def __init__(
        self,
        kept_in: Path,
        known: Mapping[str, tuple[str, str]],
        caller: Path | None,
        folder: Path,
        workspace: Workspace,
        *,
        keep: bool = True,
    ) -> None:
        self._kept_in = kept_in
        self._keep = keep
        self._known = known
        self._caller = caller
        self._folder = folder
        self._workspace = workspace
        self._scripts: dict[str, Script] = {}

    def find(self, target: Any) -> Script:
        """The script that a call means.

        Raises:
            WorkflowError: `WORKFLOW_NOT_FOUND`, or `SCRIPT_VALIDATION` for a script with errors.
        """
        key = target_key(target)
        script = self._scripts.get(key)
        if script is None:
            script = self._scripts[key] = self._recorded(key) or self._load(target)
        return script

    def _recorded(self, key: str) -> Script | None:
        if key not in self._known:
            return None
        path, source = self._known[key]
        try:
            text = (self._kept_in / f"{source}.js").read_text(encoding="utf-8")
        except OSError:
            return None
        return load_script(text, path=Path(path), is_child=True, checked=True)

    def _load(self, target: Any) -> Script:
        path = self._path(target)
        try:
            text = self._workspace.read_script(path)
            if text is None:
                text = path.read_bytes().decode("utf-8")
            script = load_script(text, path=path, is_child=True)
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise not_found(f"The workflow {path} cannot be read: {reason}.") from error
        except ScriptValidationError as error:
            message = f"The workflow {path.name} cannot run. {error.message}"
            raise WorkflowError(ErrorCode.SCRIPT_VALIDATION, message, file=str(path)) from error
        if self._keep:
            kept = self._kept_in / f"{script.sha}.js"
            if not kept.exists():
                self._kept_in.mkdir(mode=0o700, exist_ok=True)
                write_private(kept, text.encode())
        return script

    def _path(self, target: Any) -> Path:
        if isinstance(target, str):
            found = self._workspace.find_workflow(target, self._caller)
            if found is not None:
                return found.path
            names = sorted(each.name for each in self._workspace.workflows(self._caller))
            near = did_you_mean(target, names)
            raise not_found(f"There is no saved workflow `{target}`.{near} There are {listed(names, 'and')}.")
        given = target.get("scriptPath") if isinstance(target, dict) else None
        if not isinstance(given, str) or not given.strip():
            raise not_found("workflow() takes the name of a saved workflow or {scriptPath: 'file'}.")
        path = real_path((self._caller.parent if self._caller is not None else self._folder) / given)
        if path is None:
            raise not_found(f"There is no workflow file {given}.")
        if not path.is_relative_to(self._folder.resolve()):
            raise not_found(
                f"The workflow {given} lies outside of {self._folder}; only files inside it can be run."
            )
        if not os.path.isfile(path):  # noqa: PTH113 - Path.is_file() raises for a name that is too long
            raise not_found(f"There is no workflow file {path}.")
        return path


def target_key(target: Any) -> str:
    """What `workflow()` was given, as a key."""
    return json.dumps(target, sort_keys=True)


def not_found(message: str) -> WorkflowError:
    return WorkflowError(ErrorCode.WORKFLOW_NOT_FOUND, message)
