"""Types of a script's values, as far as its schemas and the language tell them."""

from __future__ import annotations

from callsheet.language.types.infer import Inference, inference
from callsheet.language.types.places import (
    Property,
    TypeInfo,
    definition_of_member,
    members_before,
    members_in_pattern,
    property_at,
    type_at,
)

__all__ = [
    "Inference",
    "Property",
    "TypeInfo",
    "definition_of_member",
    "inference",
    "members_before",
    "members_in_pattern",
    "property_at",
    "type_at",
]
