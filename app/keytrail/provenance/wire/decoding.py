"""Decode wire-format-1 arrays into events, strictly, and encode them again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import call
from typing import Any, Final, Union, cast, get_args, get_origin, get_type_hints

from keytrail.provenance.units import from_units
from keytrail.provenance.wire.events import VOCABULARY, Event
from keytrail.provenance.wire.shapes import Shape, WrongShape


class BadEvent(ValueError):
    """An array is not a wire-format-1 event. `index` counts from 0 in the batch, `field` names the wrong field."""

    def __init__(self, index: int, field: str, problem: str) -> None:
        super().__init__(f"event {index}: {field} {problem}")
        self.index = index
        self.field = field
        self.problem = problem


@dataclass(frozen=True, slots=True)
class _Reader:
    kind: type[Event]
    names: tuple[str, ...]
    checks: tuple[Callable[[Any], Any], ...]
    least: int
    most: int


def fields_of(kind: type[Event]) -> dict[str, tuple[Shape, bool]]:
    """Return the shape of every field of an event class in wire order, and whether the field is required."""
    hints = get_type_hints(kind, include_extras=True)
    optional = kind._field_defaults
    return {name: (_shape(hints[name]), name not in optional) for name in kind._fields}


def _shape(hint: Any) -> Shape:
    if get_origin(hint) is Union or not hasattr(hint, "__metadata__"):
        hint = get_args(hint)[0]
    return cast("Shape", hint.__metadata__[0])


def _reader(kind: type[Event]) -> _Reader:
    fields = fields_of(kind)
    required = sum(needed for _, needed in fields.values())
    checks = tuple(shape.check for shape, _ in fields.values())
    return _Reader(kind, tuple(fields), checks, required + 1, len(fields) + 1)


_READERS: Final = {tag: _reader(kind) for tag, kind in VOCABULARY.items()}


def decode(raw: object, index: int = 0) -> Event:
    """Decode one event from its array `[dt, type, ...]`; raises BadEvent if the array is not wire format 1.

    Only the shape is checked. The replay judges what the fields claim (positions, hashes, times).
    """
    if type(raw) is not list or len(raw) < 2:  # noqa: PLR2004 - dt and type
        raise BadEvent(index, "the event", "must be an array of at least a time and a type")
    tag = raw[1]
    reader = _READERS.get(tag) if type(tag) is str else None
    if reader is None:
        raise BadEvent(index, "type", "is not one of wire format 1")
    size = len(raw)
    if not reader.least <= size <= reader.most:
        expected = f"{reader.least} to {reader.most}"
        raise BadEvent(index, "the event", f"of type {tag} must have {expected} elements, not {size}")
    values = raw[:1] + raw[2:]
    try:
        values = list(map(call, reader.checks, values))
    except WrongShape:
        raise _first_problem(reader, values, index) from None
    if size < reader.most:
        values.append(None)
    return tuple.__new__(reader.kind, values)


def _first_problem(reader: _Reader, values: Sequence[Any], index: int) -> BadEvent:
    for name, check, value in zip(reader.names, reader.checks, values, strict=False):
        try:
            check(value)
        except WrongShape as error:
            return BadEvent(index, name, str(error))
    raise AssertionError("no field is wrong")  # pragma: no cover - the caller just saw one


def decode_all(raws: Sequence[object]) -> list[Event]:
    """Decode all events of a batch or a session; the first with a wrong shape raises BadEvent with its index."""
    return [decode(raw, index) for index, raw in enumerate(raws)]


_TAGS: Final = {kind: tag for tag, kind in VOCABULARY.items()}


def encode(event: Event) -> list[object]:
    """Return the array that `decode` reads: `decode(encode(event)) == event`."""
    dt, *values = event
    if values[-1] is None:
        values.pop()
    return [dt, _TAGS[type(event)], *map(_plain, values)]


def _plain(value: object) -> object:
    if isinstance(value, str):
        return from_units(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return value
