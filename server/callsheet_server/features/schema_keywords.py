"""Keywords of JSON Schema (Draft 2020-12) that are of use for an agent's result."""

from __future__ import annotations

from typing import Final

TYPES: Final = ("object", "array", "string", "number", "integer", "boolean", "null")

KEYWORDS: Final[dict[str, tuple[str, str]]] = {
    "type": ("'${1|object,array,string,number,integer,boolean,null|}'", "What the value is."),
    "properties": (
        "{\n\t${1:name}: { type: '${2:string}' },\n}",
        "Schemas of an object's properties, by name.",
    ),
    "required": ("['${1}']", "Names of the properties that must be there."),
    "items": ("{ type: '${1:string}' }", "Schema of every item of an array."),
    "enum": ("['${1}', '${2}']", "The values that are allowed."),
    "const": ("${1}", "The one value that is allowed."),
    "description": ("'${1}'", "What the value means; the agent reads it."),
    "additionalProperties": (
        "${1|false,true|}",
        "Whether, or how, properties beyond `properties` are allowed.",
    ),
    "minItems": ("${1:1}", "Fewest items of an array."),
    "maxItems": ("${1:10}", "Most items of an array."),
    "uniqueItems": ("true", "Whether no two items may be equal."),
    "minLength": ("${1:1}", "Fewest characters of a string."),
    "maxLength": ("${1:100}", "Most characters of a string."),
    "pattern": ("'${1}'", "Regular expression that a string matches somewhere."),
    "format": ("'${1|date-time,date,email,uri,uuid|}'", "Well-known form of a string."),
    "minimum": ("${1:0}", "Smallest number."),
    "maximum": ("${1:1}", "Largest number."),
    "exclusiveMinimum": ("${1:0}", "The number must be greater than this."),
    "exclusiveMaximum": ("${1:1}", "The number must be less than this."),
    "multipleOf": ("${1:1}", "The number is a multiple of this."),
    "anyOf": ("[${1}]", "At least one of these schemas holds."),
    "oneOf": ("[${1}]", "Exactly one of these schemas holds."),
    "allOf": ("[${1}]", "All of these schemas hold."),
    "not": ("{${1}}", "This schema does not hold."),
    "prefixItems": ("[${1}]", "Schemas of the first items of an array, in order."),
    "contains": ("{${1}}", "At least one item of the array is valid against this."),
    "propertyNames": ("{${1}}", "Schema of the names of an object's properties."),
    "title": ("'${1}'", "Short name of the schema."),
    "default": ("${1}", "What stands where the value is missing; nothing fills it in."),
    "examples": ("[${1}]", "Values that are valid."),
    "$ref": ("'#/$defs/${1}'", "Another schema to apply here."),
    "$defs": ("{\n\t${1:name}: {${2}},\n}", "Schemas to refer to."),
}
"""Keyword: what completion inserts for its value, and what it means."""

FORMATS: Final = (
    "date-time",
    "date",
    "time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uuid",
    "regex",
)
