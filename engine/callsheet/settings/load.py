"""Reads settings: every `callsheet.toml` from the working directory up to the repository root, then the
person's file.

The nearer value wins, setting by setting. What cannot be used is told, with its file, and left out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from attrs import evolve, fields, frozen, has

from callsheet.settings.model import Settings
from callsheet.settings.schema import GROUPS, SCHEMA, TABLES

FILE_NAME = "callsheet.toml"


@frozen
class SettingProblem:
    """A setting that cannot be used.

    Attributes:
        path: the file it stands in, None for the editor's own.
        key: dotted name, empty when the file as a whole cannot be read.
        message: what is wrong, and what to do.
        severity: `error` for a value that is lost by it, `warning` for a name that nobody knows.
    """

    path: Path | None
    key: str
    message: str
    severity: Literal["error", "warning"]

    def __str__(self) -> str:
        return f"{self.path or 'editor settings'}: {self.message}"


def person_file() -> Path:
    """The settings of the person, in the platform's own place."""
    import platformdirs

    return platformdirs.user_config_path("callsheet", appauthor=False) / "config.toml"


def setting_files(cwd: Path) -> list[Path]:
    """The files that apply in `cwd`, the nearest first; they need not exist."""
    found: list[Path] = []
    for folder in (cwd, *cwd.parents):
        found.append(folder / FILE_NAME)
        if (folder / ".git").exists():
            break
    else:
        found = found[:1]
    return [*found, person_file()]


def load_settings(
    cwd: Path, overrides: Mapping[str, Any] | None = None
) -> tuple[Settings, list[SettingProblem]]:
    """Settings in force in `cwd`, and what could not be used of them.

    Args:
        cwd: an absolute folder.
        overrides: the nearest settings of all, such as the editor's `callsheet.*` as nested JSON; camelCase
            and dotted names are understood.
    """
    problems: list[SettingProblem] = []
    layers = [dict(_settings(overrides or {}, None, problems))]
    for path in setting_files(cwd):
        document = _read(path, problems)
        layers.append(dict(_settings(document, path, problems)))
    values: dict[str, Any] = {}
    for layer in reversed(layers):
        for key, value in layer.items():
            if SCHEMA[key].table:
                values[key] = {**values.get(key, {}), **value}
            else:
                values[key] = value
    return _build(Settings(), values), problems


def read_settings(document: Mapping[str, Any]) -> Settings:
    """Settings from one document alone, such as `attrs.asdict` makes of them; what cannot be used is left out."""
    return _build(Settings(), dict(_settings(document, None, [])))  # type: ignore[no-any-return]


def _read(path: Path, problems: list[SettingProblem]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        message = f"The file cannot be read: {error.strerror}."
    except UnicodeDecodeError:
        message = "The file is not UTF-8."
    except RecursionError:
        message = "The file is nested too deeply."
    except tomllib.TOMLDecodeError as error:
        message = f"The file is no TOML: {error}."
    problems.append(SettingProblem(path, "", message, "error"))
    return {}


def _settings(
    document: Mapping[str, Any], path: Path | None, problems: list[SettingProblem], group: str = ""
) -> Iterator[tuple[str, Any]]:
    for name, value in document.items():
        dotted = f"{group}.{name}" if group else name
        key = _snake(dotted)
        if key in GROUPS:
            if isinstance(value, Mapping):
                yield from _settings(value, path, problems, key)
            elif value is not None:
                problems.append(SettingProblem(path, key, f"`{key}` must be a table.", "error"))
        elif key in SCHEMA:
            yield from _value(key, value, path, problems)
        elif table := next((table for table in TABLES if key.startswith(f"{table}.")), None):
            yield from _value(table, {dotted[len(table) + 1 :]: value}, path, problems)
        else:
            message = f"There is no setting `{key}`.{_nearest(key)}"
            problems.append(SettingProblem(path, key, message, "warning"))


def _value(
    key: str, value: Any, path: Path | None, problems: list[SettingProblem]
) -> Iterator[tuple[str, Any]]:
    kind = SCHEMA[key]
    if not kind.table:
        try:
            yield key, kind.read(value)
        except ValueError:
            problems.append(_wrong(key, kind.wanted, value, path))
    elif isinstance(value, Mapping):
        table = {}
        for name, each in value.items():
            try:
                table[name] = kind.read(each)
            except ValueError:
                problems.append(_wrong(f"{key}.{name}", kind.wanted, each, path))
        yield key, table
    elif value is not None:
        problems.append(_wrong(key, "a table", value, path))


def _wrong(key: str, wanted: str, value: Any, path: Path | None) -> SettingProblem:
    return SettingProblem(path, key, f"`{key}` must be {wanted}, and is {value!r}.", "error")


def _nearest(key: str) -> str:
    import difflib

    names = sorted({*SCHEMA, *GROUPS})
    close = difflib.get_close_matches(key, names, n=1, cutoff=0.6)
    if not close:
        last = key.rpartition(".")[2]
        close = [name for name in names if name.rpartition(".")[2] == last][:1]
    return f" Did you mean `{close[0]}`?" if close else ""


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _build(base: Any, values: Mapping[str, Any], prefix: str = "") -> Any:
    changes: dict[str, Any] = {}
    for attribute in fields(type(base)):
        key, now = prefix + attribute.name, getattr(base, attribute.name)
        if key in values:
            changes[attribute.name] = values[key]
        elif has(type(now)):
            changes[attribute.name] = _build(now, values, f"{key}.")
    return evolve(base, **changes)
