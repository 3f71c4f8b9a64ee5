"""Write wire format 1 as JSON Schema, from the shapes in events.py."""

from typing import Any

from keytrail.provenance.wire.decoding import fields_of
from keytrail.provenance.wire.events import VOCABULARY, Event


def wire_schema() -> dict[str, Any]:
    """Return the content of docs/wire-format-1.schema.json: an event, and an array of events."""
    kinds = {kind.__name__: _event(tag, kind) for tag, kind in VOCABULARY.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Keytrail wire format 1: the events of one page load",
        "description": (
            "Positions and lengths count UTF-16 code units; maxLength counts Unicode characters. Times are whole "
            "milliseconds. Bounds are those of exact JSON integers: an event with a negative time or a position "
            "outside the text has the right shape, and the analysis reports it."
        ),
        "type": "array",
        "items": {"$ref": "#/$defs/Event"},
        "$defs": {"Event": {"anyOf": [{"$ref": f"#/$defs/{name}"} for name in kinds]}, **kinds},
    }


def _event(tag: str, kind: type[Event]) -> dict[str, Any]:
    fields = fields_of(kind)
    (dt, _), *others = fields.values()
    described = zip(list(fields)[1:], others, strict=True)
    items = [{"title": name, **shape.schema()} for name, (shape, _) in described]
    required = sum(needed for _, needed in others)
    return {
        "description": " ".join((kind.__doc__ or "").split()),
        "type": "array",
        "prefixItems": [{"title": "dt", **dt.schema()}, {"title": "type", "const": tag}, *items],
        "items": False,
        "minItems": required + 2,
    }
