"""Merge the records of neighbouring units into spans."""

from collections.abc import Sequence

from keytrail.provenance.kinds import ACCOUNTED
from keytrail.provenance.replay.ledger import Record
from keytrail.provenance.report import Rewrite, Span
from keytrail.provenance.units import from_units

_SHOWN = 2_000
"""Units of a rewritten passage that a report keeps; longer ones are cut."""


def spans_of(records: Sequence[Record]) -> tuple[Span, ...]:
    """Return sorted spans that cover the text exactly.

    Typed, composed and assisted text is merged across insertions of the same epoch; anything else is kept separate by
    insertion, so that each paste has its own time.
    """
    spans: list[Span] = []
    start, first, at_ms = 0, None, 0
    for at, record in enumerate(records):
        if record is first:
            continue
        if first is not None and _joins(first, record):
            at_ms = min(at_ms, record.at_ms)
            continue
        if first is not None:
            spans.append(_span(start, at, first, at_ms))
        start, first, at_ms = at, record, record.at_ms
    if first is not None:
        spans.append(_span(start, len(records), first, at_ms))
    return tuple(spans)


def _joins(first: Record, record: Record) -> bool:
    return first.origin is record.origin and first.origin in ACCOUNTED and first.epoch == record.epoch


def _span(start: int, end: int, first: Record, at_ms: int) -> Span:
    return Span(start, end, first.origin, at_ms, from_units(first.cause), first.epoch, first.inherited)


def rewrites_of(text: str, records: Sequence[Record], passages: Sequence[str]) -> list[Rewrite]:
    """Return each rewritten passage, from its first to its last surviving unit, beside what it replaced."""
    found: dict[int, tuple[int, int, int]] = {}
    for at, record in enumerate(records):
        if record.rewrite is not None:
            start, _, at_ms = found.get(record.rewrite, (at, at, record.at_ms))
            found[record.rewrite] = start, at + 1, min(at_ms, record.at_ms)
    return [
        Rewrite(start, end, from_units(passages[number][:_SHOWN]), from_units(text[start:end][:_SHOWN]), at_ms)
        for number, (start, end, at_ms) in found.items()
    ]
