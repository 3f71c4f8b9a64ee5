"""Compare the replay with the submitted text: one record for every unit of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from keytrail.provenance.kinds import Origin
from keytrail.provenance.matching.diff import align
from keytrail.provenance.replay.document import Document
from keytrail.provenance.replay.ledger import UNREAD, Ledger, Record
from keytrail.provenance.replay.replay import Replayed


@dataclass(frozen=True, slots=True)
class Explained:
    """`records[i]` says how unit i of the final text came; `differing` units are not in the replay."""

    records: Sequence[Record]
    differing: int
    """Units of the final text that the replay does not have at their position."""
    vanished: int
    """Units of the replay that the final text does not have."""

    @property
    def equal(self) -> bool:
        """The replay ends with the submitted text; characters missing from the log match any."""
        return not self.differing and not self.vanished


def explain(replayed: Replayed, final: str, at_ms: int) -> Explained:
    """Find each unit of the final text in the replay; units not found have origin unknown since `at_ms`."""
    ledger, units = replayed.attribution.ledger, replayed.units
    text = ledger.text(units)
    if text == final:
        return Explained([ledger.records[unit] for unit in units], 0, 0)
    if _fits(text, final):
        return Explained(_adopted(replayed, final, [ledger.records[unit] for unit in units]), 0, 0)
    epoch = max(0, len(replayed.trace.starts_ms) - 1)
    records = [Record(Origin.UNKNOWN, at_ms, "", epoch)] * len(final)
    unchanged = 0
    for block in align(text, final):
        unchanged += block.size
        found = units[block.old_at : block.old_at + block.size]
        records[block.new_at : block.new_at + block.size] = [ledger.records[unit] for unit in found]
    return Explained(records, len(final) - unchanged, len(units) - unchanged)


def _fits(text: str, final: str) -> bool:
    return len(text) == len(final) and all(old in (new, UNREAD) for old, new in zip(text, final, strict=True))


def _adopted(replayed: Replayed, final: str, records: list[Record]) -> list[Record]:
    """Let initial text, now readable, inherit from the writer's own text in earlier epochs."""
    ledger: Ledger = replayed.attribution.ledger
    edges = [0, *(at for at, (one, two) in enumerate(pairwise(records), 1) if one is not two), len(records)]
    for start, end in pairwise(edges):
        first = records[start]
        if first.origin is Origin.INITIAL:
            for piece in replayed.attribution.recall.own(final[start:end], Document()):
                moved = ledger.move(piece.units, first.at_ms, first.cause, first.epoch)
                at = start + piece.start
                records[at : at + len(moved)] = [ledger.records[unit] for unit in moved]
    return records
