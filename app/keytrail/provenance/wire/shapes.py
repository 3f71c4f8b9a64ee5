"""Shapes of wire values: each checks a value quickly and describes itself as JSON Schema.

`decode` and `docs/wire-format-1.schema.json` both use the shapes on the fields in events.py. A number such as `1.0` is
a whole number to JSON Schema and therefore here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from keytrail.provenance.units import to_units

SAFE = 2**53 - 1
"""The largest integer that every JSON implementation represents exactly (RFC 8259, section 6)."""


class WrongShape(ValueError):
    """A value does not have the shape of its field; the message says what was expected."""


class Shape(Protocol):
    """The values that one field may have."""

    def check(self, value: Any) -> Any:
        """Return the value in its internal form, or raise WrongShape."""

    def schema(self) -> dict[str, Any]:
        """Return the shape as JSON Schema, draft 2020-12."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number within bounds, both inclusive."""

    low: int
    high: int

    def check(self, value: Any) -> int:
        """Booleans are not numbers on the wire."""
        if type(value) is int and self.low <= value <= self.high:
            return value
        if type(value) is float and self.low <= value <= self.high and value.is_integer():
            return int(value)
        raise WrongShape(f"must be a whole number from {self.low} to {self.high}")

    def schema(self) -> dict[str, Any]:
        """JSON Schema of this shape."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True)
class Number:
    """Any number within bounds, both inclusive; NaN and infinities are not JSON and are refused."""

    low: int
    high: int

    def check(self, value: Any) -> float:
        """Booleans are not numbers on the wire."""
        if type(value) in (int, float) and self.low <= value <= self.high:
            return float(value)
        raise WrongShape(f"must be a number from {self.low} to {self.high}")

    def schema(self) -> dict[str, Any]:
        """JSON Schema of this shape."""
        return {"type": "number", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True)
class Text:
    """A string of at most `most` characters (Unicode code points, as JSON Schema counts)."""

    most: int

    def check(self, value: Any) -> str:
        """The text as UTF-16 units."""
        if type(value) is not str or len(value) > self.most:
            raise WrongShape(f"must be text of at most {self.most} characters")
        return value if value.isascii() else to_units(value)

    def schema(self) -> dict[str, Any]:
        """JSON Schema of this shape."""
        return {"type": "string", "maxLength": self.most}


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few words."""

    words: frozenset[str]

    def check(self, value: Any) -> str:
        """Exactly one of the words."""
        if type(value) is str and value in self.words:
            return value
        raise WrongShape("must be one of " + ", ".join(sorted(self.words)))

    def schema(self) -> dict[str, Any]:
        """JSON Schema of this shape."""
        return {"enum": sorted(self.words)}


@dataclass(frozen=True, slots=True)
class Flag:
    """JSON true or false."""

    def check(self, value: Any) -> bool:
        """Numbers are not truth values here."""
        if type(value) is bool:
            return value
        raise WrongShape("must be true or false")

    def schema(self) -> dict[str, Any]:
        """JSON Schema of this shape."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class ListOf:
    """An array of equal shapes, with the least and greatest length."""

    item: Shape
    least: int
    most: int

    def check(self, value: Any) -> tuple[Any, ...]:
        """The items as a tuple."""
        if type(value) is not list or not self.least <= len(value) <= self.most:
            raise WrongShape(f"must be a list of {self.least} to {self.most} values")
        return tuple(map(self.item.check, value))

    def schema(self) -> dict[str, Any]:
        """JSON Schema of this shape."""
        return {"type": "array", "items": self.item.schema(), "minItems": self.least, "maxItems": self.most}


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """An object with known keys only; `required` must be there."""

    keys: Mapping[str, Shape]
    required: tuple[str, ...]

    def check(self, value: Any) -> dict[str, Any]:
        """The checked values by key; keys that are missing stay missing."""
        if type(value) is not dict:
            raise WrongShape("must be an object")
        for key in self.required:
            if key not in value:
                raise WrongShape(f"must have the key {key}")
        return {key: self._value(key, part) for key, part in value.items()}

    def _value(self, key: str, part: Any) -> Any:
        shape = self.keys.get(key)
        if shape is None:
            raise WrongShape("has a key that wire format 1 does not know: " + ascii(key)[:60])
        try:
            return shape.check(part)
        except WrongShape as error:
            raise WrongShape(f"key {key} {error}") from None

    def schema(self) -> dict[str, Any]:
        """JSON Schema of this shape."""
        return {
            "type": "object",
            "properties": {key: shape.schema() for key, shape in self.keys.items()},
            "required": list(self.required),
            "additionalProperties": False,
        }
