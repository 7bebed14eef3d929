"""From what a script passed to `agent()` to a call with all defaults resolved, and its hash (language, A1, A2, R2)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final
from zlib import crc32

from attrs import field, frozen

from callsheet.agents.definitions import ALL_TOOLS, AgentDefinition, Definitions, tool_names
from callsheet.agents.models import ModelResolver, Resolution
from callsheet.agents.structured import schema_fault
from callsheet.errors import CallsheetError
from callsheet.language.suggest import did_you_mean, listed
from callsheet.language.tables.entry import Field
from callsheet.language.tables.limits import MAX_LABEL_CODE_POINTS
from callsheet.language.tables.options import AGENT_OPTION_NAMES, AGENT_OPTIONS
from callsheet.runs.places import CallPlaces

_canonical: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
_FIELDS: Final = {option.name: option for option in AGENT_OPTIONS}

_KINDS: Final[dict[type, str]] = {
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
    type(None): "null",
}
_SESSION_SOURCES: Final = frozenset({"session", "settings", "machine"})
_SHORT_PARTS: Final = frozenset({"model", "phase", "agentType", "isolation", "effort", "tier"})


class InvalidCall(CallsheetError):
    """A call with a prompt or options that cannot be used (`INVALID_CALL`, E3)."""


@frozen
class ScriptFacts:
    """What a script's `meta` says about its calls.

    Attributes:
        name: `meta.name`.
        phases: declared titles in order.
        model: `meta.model`.
        phase_models: models of `meta.phases`, by title.
        file: the child workflow's file; None for the run's own script.
        is_child: whether the script runs under a `workflow()` call.
        places: where its calls stand.
    """

    name: str
    phases: tuple[str, ...] = ()
    model: str | None = None
    phase_models: Mapping[str, str] = field(factory=dict)
    file: str | None = None
    is_child: bool = False
    places: CallPlaces = field(factory=CallPlaces, eq=False, repr=False)

    def group(self, phase: str | None) -> str | None:
        """The title that views group a phase under: a child's phases lie under its name (P8)."""
        if not self.is_child:
            return phase
        return self.name if phase is None else f"{self.name} / {phase}"


@frozen
class AgentCall:
    """An `agent()` call, all defaults resolved.

    Attributes:
        phase: title that the views group it under.
        timeout_s: limit on each try, None for none.
        parts: what went into `hash`, short enough to be kept.
        warnings: what the log has to say about it.
    """

    prompt: str
    label: str
    phase: str | None
    model: str | None
    system: str | None
    schema: dict[str, Any] | None
    effort: str | None
    tools: tuple[str, ...]
    isolation: str | None
    timeout_s: float | None
    retries: int
    hash: str
    parts: dict[str, str]
    warnings: tuple[str, ...]


class CallResolver:
    """Resolves the calls of one run.

    Args:
        models: finds models.
        definitions: the agent types there are.
        timeout_s: limit on each try of calls without `timeoutMs`.
    """

    def __init__(
        self,
        models: ModelResolver,
        definitions: Definitions,
        timeout_s: float | None,
    ) -> None:
        self._models = models
        self._definitions = definitions
        self._resolutions: dict[tuple[str | None, ...], Resolution] = {}
        self._timeout_s = timeout_s
        self._sound_schemas: set[str] = set()
        self._said: set[str] = set()

    def resolve(self, payload: dict[str, Any], current_phase: str | None, script: ScriptFacts) -> AgentCall:
        """Check a call and fill in its defaults.

        Raises:
            InvalidCall: prompt or options cannot be used; nothing was spent.
        """
        prompt = payload.get("prompt")
        if not isinstance(prompt, str) or not prompt.strip():
            what = (
                "empty" if isinstance(prompt, str) else f"no string but {_kind_of(prompt, payload, 'prompt')}"
            )
            raise InvalidCall(f"The prompt of an agent must be text; this one is {what}.")
        options = payload.get("options")
        if options is None and "options" not in payload:
            options = {}
        if not isinstance(options, dict):
            raise InvalidCall(f"The options of agent() must be an object, not {_KINDS[type(options)]}.")
        warnings = self._check(options) if options else []
        definition, agent_type = self._definition(options.get("agentType"))
        phase = options.get("phase") or current_phase or (script.phases[0] if script.phases else None)
        resolution = self._model(options, definition, phase, script)
        if resolution.warning is not None and resolution.warning not in self._said:
            self._said.add(resolution.warning)
            warnings.append(resolution.warning)
        tools = self._tools(options.get("tools"), definition, warnings)
        schema = options.get("schema")
        schema_text = self._schema(schema) if schema is not None else None
        # The session's default may be given anew on a resume (R7): it is no part of what was called.
        model_part = None if resolution.source in _SESSION_SOURCES else resolution.model
        hashed = {
            "kind": "agent",
            "prompt": prompt,
            "model": model_part,
            "phase": phase,
            "agentType": agent_type,
            "schema": schema,
            "isolation": options.get("isolation"),
            "effort": options.get("effort"),
            "tier": options.get("tier"),
            "tools": options.get("tools"),
        }
        return AgentCall(
            prompt=prompt,
            label=(options.get("label") or "").strip() or default_label(prompt),
            phase=script.group(phase),
            model=resolution.model,
            system=definition.system if definition is not None else None,
            schema=schema,
            effort=options.get("effort"),
            tools=tools,
            isolation=options.get("isolation"),
            timeout_s=self._timeout(options),
            retries=int(options.get("retries", 0)),
            hash=sha256(_canonical(hashed).encode()).hexdigest(),
            parts=_parts(hashed, schema_text),
            warnings=tuple(warnings),
        )

    def _check(self, options: dict[str, Any]) -> list[str]:
        warnings = []
        for name, value in options.items():
            option = _FIELDS.get(name)
            if option is None:
                warnings.append(f"agent() has no option `{name}`.{did_you_mean(name, AGENT_OPTION_NAMES)}")
            elif (fault := _fault(option, value)) is not None:
                raise InvalidCall(f"The option `{name}` of agent() {fault}.")
        return warnings

    def _definition(self, name: str | None) -> tuple[AgentDefinition | None, str | None]:
        if name is None:
            return None, None
        definition = self._definitions.get(name)
        if definition is None:
            names = sorted(self._definitions.names())
            unusable = "".join(f" Not usable: {fault}." for fault in self._definitions.faults)
            raise InvalidCall(
                f"There is no agent type `{name}`.{did_you_mean(name, names)} "
                f"There are {listed(names, 'and')}.{unusable}"
            )
        return definition, f"{definition.name}@{definition.hash}"

    def _model(
        self,
        options: dict[str, Any],
        definition: AgentDefinition | None,
        phase: str | None,
        script: ScriptFacts,
    ) -> Resolution:
        asked = (
            options.get("model"),
            definition.model if definition is not None else None,
            options.get("tier"),
            script.phase_models.get(phase) if phase is not None else None,
            script.model,
        )
        resolution = self._resolutions.get(asked)
        if resolution is None:
            call_model, definition_model, tier, phase_model, meta_model = asked
            resolution = self._resolutions[asked] = self._models.resolve(
                call_model=call_model,
                definition_model=definition_model,
                tier=tier,
                phase_model=phase_model,
                meta_model=meta_model,
            )
        return resolution

    def _tools(
        self, given: list[str] | None, definition: AgentDefinition | None, warnings: list[str]
    ) -> tuple[str, ...]:
        tools: tuple[str, ...] = ALL_TOOLS
        if definition is not None:
            tools = definition.tools
            warnings.extend(f"Agent type `{definition.name}`: {note}" for note in definition.notes)
        if given is None:
            return tools
        wanted, notes = tool_names(given)
        warnings.extend(notes)
        return tuple(name for name in tools if name in wanted)

    def _schema(self, schema: dict[str, Any]) -> str:
        text = _canonical(schema)
        if text not in self._sound_schemas:
            fault = schema_fault(schema)
            if fault is not None:
                raise InvalidCall(f"The schema of agent() cannot be used: {fault}.")
            self._sound_schemas.add(text)
        return text

    def _timeout(self, options: dict[str, Any]) -> float | None:
        if "timeoutMs" not in options:
            return self._timeout_s
        timeout_ms = options["timeoutMs"]
        return None if timeout_ms is None else timeout_ms / 1000


def default_label(prompt: str) -> str:
    """The prompt with white space folded, cut to 60 code points."""
    return " ".join(prompt.split(maxsplit=MAX_LABEL_CODE_POINTS)[:MAX_LABEL_CODE_POINTS])[
        :MAX_LABEL_CODE_POINTS
    ]


def checkpoint_hash(payload: dict[str, Any]) -> str:
    """Hash of a `checkpoint()` call; how long it waits is no part of the question."""
    question = {name: value for name, value in payload.items() if name != "timeoutMs"}
    return sha256(_canonical({"kind": "checkpoint", "question": question}).encode()).hexdigest()


def workflow_hash(target: Any, args: list[Any], source: str | None) -> str:
    """Hash of a `workflow()` call: what is called, its args (empty list for none) and the SHA-256 of its source."""
    called = {"kind": "workflow", "target": target, "args": args, "source": source}
    return sha256(_canonical(called).encode()).hexdigest()


def invalid_hash(payload: dict[str, Any]) -> str:
    """Hash of a call that cannot be made."""
    return sha256(_canonical({"kind": "invalid", "payload": payload}).encode()).hexdigest()


def parts_of(called: dict[str, Any]) -> dict[str, str]:
    """What makes a call that is no agent's, each part by its own short hash."""
    return {
        name: f"{crc32(_canonical(value).encode('utf-8', 'surrogatepass')):08x}"
        for name, value in called.items()
    }


def _parts(hashed: dict[str, Any], schema_text: str | None) -> dict[str, str]:
    parts = {"prompt": f"{crc32(hashed['prompt'].encode('utf-8', 'surrogatepass')):08x}"}
    for name, value in hashed.items():
        if value is None or name in ("kind", "prompt"):
            continue
        if name in _SHORT_PARTS:
            parts[name] = value
        else:
            text = schema_text if name == "schema" and schema_text is not None else _canonical(value)
            parts[name] = f"{crc32(text.encode()):08x}"
    return parts


def _kind_of(value: Any, payload: dict[str, Any], name: str) -> str:
    return _KINDS[type(value)] if name in payload else "undefined"


def _fault(option: Field, value: Any) -> str | None:
    kind = _KINDS[type(value)]
    if kind not in option.kinds:
        return f"must be {option.type}, not {kind}"
    if option.values and value not in option.values:
        return f"must be {listed(option.values)}, not {json.dumps(value)}"
    if kind == "string" and option.not_blank and not value.strip():
        return "must not be blank"
    if kind == "number":
        if option.whole and value != int(value):
            return f"must be a whole number, not {value}"
        if option.above is not None and value <= option.above:
            return f"must be over {option.above}, not {value}"
        if (option.minimum is not None and value < option.minimum) or (
            option.maximum is not None and value > option.maximum
        ):
            return f"must be from {option.minimum} to {option.maximum}, not {value}"
    if kind == "array" and option.item_kinds:
        for item in value:
            if _KINDS[type(item)] not in option.item_kinds:
                return f"must hold only values of type {listed(option.item_kinds)}, not {_KINDS[type(item)]}"
    return None
