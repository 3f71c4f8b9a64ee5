"""Restore the draft that the server serves to a returning writer."""

from collections.abc import Sequence
from dataclasses import dataclass

from keytrail.provenance.limits import Limits
from keytrail.provenance.log import EpochLog, WritingLog
from keytrail.provenance.replay.ledger import UNREAD
from keytrail.provenance.replay.replay import replay
from keytrail.provenance.report import Span
from keytrail.provenance.spans import spans_of
from keytrail.provenance.units import fnv1a32, from_units


@dataclass(frozen=True, slots=True)
class Draft:
    """A text and its origins. `length` and `hash` are those of the `i` event with which the next epoch starts."""

    text: str
    spans: tuple[Span, ...]
    length: int
    hash: int


def restore(epochs: Sequence[EpochLog], item_text: str = "", instructions: str = "") -> Draft:
    """Return the text at the end of the last epoch; text whose characters were lost in a gap is left out.

    Without the item's text nothing has origin `source`. `analyse` recognises the next epoch's `["i", "server", length,
    hash]` and keeps these origins.
    """
    replayed = replay(WritingLog(epochs, "", item_text, instructions), Limits())
    ledger = replayed.attribution.ledger
    units = [unit for unit in replayed.units if ledger.chars[unit] != UNREAD]
    text = ledger.text(units)
    spans = spans_of([ledger.records[unit] for unit in units])
    return Draft(from_units(text), spans, len(text), fnv1a32(text))
