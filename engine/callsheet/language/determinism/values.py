"""What flows through a script: a forbidden thing, wrapped in the containers and functions that hold it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from attrs import evolve, field, frozen

from callsheet.language.scopes.nodes import Node
from callsheet.language.tables.forbidden import FORBIDDEN, Forbidden

CALL = "()"
"""Step of a path: what a function returns."""
NEW = "new"
"""Step of a path: what `new` makes of a class."""
ANY = "*"
"""Step of a path: a property whose name is not known."""
ELEMENT = "#"
"""Step of a path: an element of an array, whichever."""
PROTO = "__proto__"
"""Name by which an object literal, or an assignment, says what the object inherits from."""
PROTOTYPE = "prototype"
"""Step of a path: what the objects that a function or class constructs inherit from."""
LOOKUP = "get()"
"""Step of a path: what a `Map` gives for a key."""

Step = str


@frozen
class Thing:
    """A built-in of the realm, or something made from it.

    Attributes:
        path: its name from the global object; empty for the global object itself.
        form: `itself`; `method`, the `call`, `apply`, `bind` or `valueOf` in `method` of it; `bound`, a bound function
            of it with `given` arguments; `instance`, an object that it constructed; `subclass`, a class that extends
            it; `descriptors`, the property descriptors of it.
        hidden: properties that a subclass has of its own.
    """

    path: str
    form: Literal["itself", "method", "bound", "instance", "subclass", "descriptors"] = "itself"
    method: str = ""
    given: int = 0
    hidden: frozenset[str] = frozenset()


@frozen
class Note:
    """One step on the way from the source to the finding."""

    node: Node
    message: str


@frozen
class Flow:
    """A thing on its way.

    Attributes:
        steps: where in the value that flows the thing is; empty when it is the value itself.
        trail: names that it went through.
        anchor: the argument with which it entered a local function; a finding inside is reported there.
        held: where it was put into the container that flows.
    """

    thing: Thing
    steps: tuple[Step, ...] = ()
    trail: tuple[Note, ...] = field(default=(), eq=False)
    anchor: Node | None = None
    held: Node | None = field(default=None, eq=False)

    def into(self, *steps: Step) -> Flow:
        return evolve(self, steps=(*steps, *self.steps))

    def put(self, step: Step, place: Node) -> Flow:
        return evolve(self, steps=(step, *self.steps), held=self.held if self.steps else place)

    def out(self) -> Flow:
        return evolve(self, steps=self.steps[1:])

    def as_(self, thing: Thing) -> Flow:
        return evolve(self, thing=thing)

    def noting(self, node: Node, message: str) -> Flow:
        return evolve(self, trail=(*self.trail, Note(node, message))) if len(self.trail) < 6 else self


CALLED = {entry.path: entry for entry in FORBIDDEN if entry.form == "call"}
USED = {entry.path: entry for entry in FORBIDDEN if entry.form == "use"}
CONSTRUCTED = {entry.path: entry for entry in FORBIDDEN if entry.form == "construct-without-arguments"}
_PATHS = {entry.path for entry in FORBIDDEN}
_PREFIXES = {path.rsplit(".", 1)[0] for path in _PATHS if "." in path}
EVALUATES: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {
    "Function": (frozenset({"return this", "return globalThis"}), (CALL,)),
    "eval": (frozenset({"this", "globalThis"}), ()),
}
"""Globals that make code of a text: for which texts that gives the global object, and where it is in the result."""
ROOTS = frozenset({path.split(".")[0] for path in _PATHS} | {"globalThis"})
"""Globals from which forbidden things can be reached."""

_FUNCTION_METHODS = frozenset({"call", "apply", "bind"})


def entry_of(thing: Thing) -> Forbidden | None:
    """The entry that forbids any use of this thing."""
    return USED.get(thing.path) if thing.form == "itself" else None


def forbidden_call(thing: Thing) -> Forbidden | None:
    """The entry that forbids calling this thing."""
    return CALLED.get(thing.path) if thing.form in {"itself", "bound"} else None


def property_of_thing(thing: Thing, name: str) -> Thing | None:
    """What a property of a thing is, as far as it matters."""
    path, form = thing.path, thing.form
    if name == "valueOf" and form == "itself" and path:
        return Thing(path, "method", name)
    if form == "instance":
        return (
            Thing(path) if name == "constructor" else Thing(path, "instance") if name == "__proto__" else None
        )
    if form == "subclass":
        if name in thing.hidden:
            return None
        if name in {"prototype", "__proto__"}:
            return Thing(path, "instance") if name == "prototype" else Thing(path)
        thing = Thing(path)
    if form in {"method", "descriptors"}:
        return None
    if path == "":
        return Thing(name if name != "globalThis" else "") if name in ROOTS else None
    if path in CALLED and name in _FUNCTION_METHODS:
        return Thing(path, "method", name) if form == "itself" else None
    if path in CONSTRUCTED and name == "prototype":
        return Thing(path, "instance")
    inner = f"{path}.{name}"
    return Thing(inner) if form != "bound" and (inner in _PATHS or inner in _PREFIXES) else None


def read(flow: Flow, key: str) -> Iterator[Flow]:
    """What a property of the value is, where the thing is in it."""
    if flow.steps:
        head = flow.steps[0]
        if (
            head == key
            or (head == ANY and key != ELEMENT)
            or (key == ANY and head not in {CALL, NEW, LOOKUP})
            or (head == ELEMENT and key.isdecimal())
            or (key == ELEMENT and head.isdecimal())
        ):
            yield flow.out()
        elif head == ELEMENT and key == "next":
            yield flow.out().into(CALL, "value")
        elif head == LOOKUP and key == ELEMENT:
            yield flow.out().into("1")
        elif (head == CALL and key in {"call", "apply"}) or (head == LOOKUP and key == "get"):
            yield flow if head == CALL else flow.out().into(CALL)
        elif head == CALL and key == "bind":
            yield flow.into(CALL)
        return
    if flow.thing.form == "descriptors":
        inner = property_of_thing(Thing(flow.thing.path), key)
        if inner is not None:
            yield flow.as_(inner).into("value")
        return
    found = property_of_thing(flow.thing, key)
    if found is not None:
        yield flow.as_(found)
