"""Whether an answer is what the description of the API says: as much of JSON Schema as the description uses."""

import re
from typing import Any

Json = Any

TYPES: dict[str, tuple[type, ...]] = {
    "array": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "null": (type(None),),
    "number": (int, float),
    "object": (dict,),
    "string": (str,),
}
KNOWN = {
    "$ref", "additionalProperties", "anyOf", "description", "enum", "examples", "format", "items", "maxItems",
    "maxLength", "maximum", "minLength", "minimum", "oneOf", "pattern", "properties", "required", "type", "default",
}  # fmt: skip


def faults(value: Json, schema: Json, document: Json, at: str = "answer") -> list[str]:
    """What is wrong with a value, each fault in a sentence; empty if it has the shape."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/components/schemas/")
        return faults(value, document["components"]["schemas"][name], document, at)
    unknown = set(schema) - KNOWN
    if unknown:
        return [f"{at}: this reader of schemas does not know {unknown}"]
    for choice in ("oneOf", "anyOf"):
        if choice in schema:
            found = [faults(value, one, document, at) for one in schema[choice]]
            return [] if any(not one for one in found) else [f"{at}: {value!r} is none of {found}"]
    return [
        *_type_faults(value, schema, at),
        *_member_faults(value, schema, document, at),
        *_item_faults(value, schema, document, at),
    ]


def _type_faults(value: Json, schema: Json, at: str) -> list[str]:
    kinds = schema.get("type", list(TYPES))
    kinds = [kinds] if isinstance(kinds, str) else kinds
    is_number = isinstance(value, int) and not isinstance(value, bool)
    fits = any(isinstance(value, TYPES[kind]) for kind in kinds if is_number or kind not in ("integer", "number"))
    found = [] if fits else [f"{at}: {value!r} is no {kinds}"]
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at}: {value!r} is none of {schema['enum']}")
    if "pattern" in schema and isinstance(value, str) and re.search(schema["pattern"], value) is None:
        found.append(f"{at}: {value!r} does not look like {schema['pattern']}")
    return found


def _member_faults(value: Json, schema: Json, document: Json, at: str) -> list[str]:
    if not isinstance(value, dict):
        return []
    known, others = schema.get("properties", {}), schema.get("additionalProperties")
    found = [f"{at}: {name} is missing" for name in schema.get("required", []) if name not in value]
    for name, one in value.items():
        if name in known:
            found += faults(one, known[name], document, f"{at}.{name}")
        elif isinstance(others, dict):
            found += faults(one, others, document, f"{at}.{name}")
    return found


def _item_faults(value: Json, schema: Json, document: Json, at: str) -> list[str]:
    if not isinstance(value, list) or "items" not in schema:
        return []
    return [
        fault for place, one in enumerate(value) for fault in faults(one, schema["items"], document, f"{at}[{place}]")
    ]
