"""Attribute revised text, which replaced other text: corrections, rewriting, dictation that corrects itself.

A tool that replaces text inserts more than it changed. Word by word, unchanged words keep their units; a near variant
of the writer's own word is a correction, whoever made it; and what replaced text that was not the writer's own is
traced back to it: a dictated sentence that is set anew was spoken when its words first came. Only other words in place
of a comparable passage are rewritten.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from keytrail.provenance.kinds import ACCOUNTED, Origin
from keytrail.provenance.limits import Limits
from keytrail.provenance.matching.revision import Kind, Part, revise, tokens
from keytrail.provenance.matching.spelling import is_near_variant
from keytrail.provenance.matching.tiling import common
from keytrail.provenance.replay.box import Box
from keytrail.provenance.replay.ledger import UNREAD, Record, resolved

OWN: Final = ACCOUNTED | {Origin.REWRITTEN}
_WORD_REACH: Final = 40
_WORD_START: Final = re.compile(r"\S*\Z")
_WORD_END: Final = re.compile(r"\A\S*")
_ADDED: Final = 8
"""Longest text that a correction adds between own words: a comma, or a word such as "because"."""
_COMPLETED: Final = 20
"""Longest rest of a word that a prediction adds to typed letters."""
_SOON_MS: Final = 1_000
"""Some tools delete first and insert afterwards; the two belong together if nothing comes between within this time."""


Piece = tuple[str, Sequence[int] | Record | None]
"""Text with the units that it keeps, or the record of its new units; None where the event itself decides."""


class Insertion(NamedTuple):
    """Text inserted at `pos` in place of the units `gone`, which are already out of the document."""

    text: str
    pos: int
    gone: Sequence[int]
    cause: str
    flags: int
    at_ms: int


class Reviser:
    """Trace replaced text back in one session."""

    def __init__(self, box: Box, limits: Limits) -> None:
        self.rewrites: list[str] = []
        """Rewritten passages, by the number in records."""
        self.epoch = 0
        self._box = box
        self._ledger = box.ledger
        self._limits = limits
        self._deletion: tuple[int, Sequence[int], int] = (0, (), 0)

    def deleted(self, pos: int, units: Sequence[int], at_ms: int) -> None:
        """Record text that was deleted without replacement; the next insertion may belong to it."""
        self._deletion = (pos, units, at_ms)

    def replaced(self, came: Insertion) -> Sequence[int]:
        """Return the units that an insertion replaced, in one step or in two."""
        if came.gone:
            return came.gone
        pos, units, at_ms = self._deletion
        return units if pos == came.pos and came.at_ms - at_ms <= _SOON_MS else ()

    def corrected(self, came: Insertion) -> Record | None:
        """Return the record of a correction: a word that became a near variant of itself, whoever changed it.

        The edit may contain only the letters that changed. Text that was only added must be between own letters, so
        that a script that appends letter by letter is no correction.
        """
        # Of what only adds, not more than `_adds_to_own` allows: pastes need not be looked at.
        if len(came.text) > (_WORD_REACH if came.gone else _ADDED) or len(came.gone) > _WORD_REACH:
            return None
        head, tail = self._around(came)
        if not came.gone and not self._adds_to_own(came, tail):
            return None
        gone = self._ledger.text(came.gone)
        read = UNREAD not in gone + head + tail
        near = read and is_near_variant(head + gone + tail, head + came.text + tail, self._limits)
        if near or (not came.gone and self._adds_word(came)):
            return self._heir(came, came.gone)
        return None

    def _around(self, came: Insertion) -> tuple[str, str]:
        """Return the parts of a word before and after an insertion."""
        start = max(0, came.pos - _WORD_REACH)
        left = self._ledger.text(self._box.document.read(start, came.pos - start))
        right = self._ledger.text(self._box.document.read(came.pos, _WORD_REACH))
        before, after = _WORD_START.search(left), _WORD_END.search(right)
        return before.group() if before else "", after.group() if after else ""

    def _adds_to_own(self, came: Insertion, tail: str) -> bool:
        """Return whether added text is between units that the writer made with keys."""
        around = [*self._box.document.read(came.pos - 1, 1 if came.pos else 0), *self._box.document.read(came.pos, 1)]
        made = {resolved(self._ledger.records[unit]) for unit in around}
        return len(around) > 1 and made <= {Origin.TYPED, Origin.IME} and len(came.text) <= (_ADDED if tail else 1)

    def _adds_word(self, came: Insertion) -> bool:
        return len(came.text.split()) == 1 and not all(map(str.isalnum, came.text))

    def completed(self, came: Insertion) -> list[Piece] | None:
        """Return the insertion in pieces if it completes a word whose first letters were typed: an accepted prediction.

        Some keyboards insert the rest of the word, others replace the letters by the whole word.
        """
        gone = self._ledger.text(came.gone)
        rest = came.text[len(gone) :].rstrip()
        if not rest.isalpha() or len(rest) > _COMPLETED or came.text[: len(gone)].casefold() != gone.casefold():
            return None
        before = self._box.document.read(came.pos - 2, 2) if came.pos >= 2 else ()  # noqa: PLR2004 - two letters
        head = came.gone or before
        typed = all(resolved(self._ledger.records[unit]) in {Origin.TYPED, Origin.IME} for unit in head)
        if not head or not typed or not self._ledger.text(head).isalpha() or self._around(came)[1]:
            return None
        record = Record(Origin.IME, came.at_ms, came.cause, self.epoch)
        if not gone:
            return [(came.text, record)]
        same = came.text.startswith(gone)
        first = came.gone if same else Record(Origin.ASSIST, came.at_ms, came.cause, self.epoch)
        return [(came.text[: len(gone)], first), (came.text[len(gone) :], record)]

    def revised(self, came: Insertion, gone: Sequence[int], origin: Origin) -> list[Piece] | None:
        """Return the insertion in pieces, each with its units or record, None where its own event decides; None if it
        is no revision.

        A revision keeps at least half of the letters of the new text, unchanged or as near variants.
        """
        old = self._ledger.text(gone)
        if not gone or UNREAD in old or not self._box.budget.spend(len(old) + len(came.text)):
            return None
        parts = revise(old, came.text, self._limits, self._box.budget.spend)
        kept = sum(part.new_end - part.new_start for part in parts if part.kind is not Kind.OTHER)
        if kept < self._limits.revised_share * len(came.text):
            return None
        if origin is Origin.EXTERNAL:
            parts = _without_loose_marks(parts, came.text)
        number = self._note(gone, old) if any(part.kind is Kind.OTHER for part in parts) else 0
        pieces: list[Piece] = []
        for part in parts:
            if part.new_end > part.new_start:
                pieces += self._pieces(came, part, gone[part.old_start : part.old_end], origin, number)
        return pieces

    def _pieces(self, came: Insertion, part: Part, gone: Sequence[int], origin: Origin, number: int) -> list[Piece]:
        """Split a corrected word, which keeps its unchanged first and last letters."""
        text = came.text[part.new_start : part.new_end]
        if part.kind is not Kind.NEAR or not gone or not self.own(gone):
            return [(text, self._piece(came, part, gone, origin, number))]
        old = self._ledger.text(gone)
        head = common(old, 0, text, 0)
        tail = common(old[head:][::-1], 0, text[head:][::-1], 0)
        found: list[Piece] = [
            (text[:head], gone[:head]),
            (text[head : len(text) - tail], self._heir(came, gone)),
            (text[len(text) - tail :], gone[len(gone) - tail :]),
        ]
        return [piece for piece in found if piece[0]]

    def _piece(
        self, came: Insertion, part: Part, gone: Sequence[int], origin: Origin, number: int
    ) -> Sequence[int] | Record | None:
        if part.kind is Kind.SAME:
            return gone
        if part.kind is Kind.NEAR:
            return self._heir(came, gone)
        if not gone or origin is Origin.EXTERNAL:
            return None
        if self.own(gone):
            return Record(Origin.REWRITTEN, came.at_ms, came.cause, self.epoch, None, None, number)
        return Record(origin, self._ledger.records[gone[0]].at_ms, came.cause, self.epoch)

    def rewritten(self, came: Insertion, gone: Sequence[int]) -> Record | None:
        """Return the record of other words in place of a comparable passage of the writer's own."""
        if not gone or not self.own(gone) or not self._comparable(came, gone):
            return None
        number = self._note(gone, self._ledger.text(gone))
        return Record(Origin.REWRITTEN, came.at_ms, came.cause, self.epoch, None, None, number)

    def returns(self, came: Insertion, before: Sequence[int], taken: int) -> bool:
        """Return whether a paste may be an own passage that was copied and comes back changed, for example
        translated.
        """
        return bool(before) and 2 * taken >= len(before) and self.own(before) and self._comparable(came, before)

    def followed(self, came: Insertion, gone: Sequence[int], origin: Origin) -> list[tuple[str, Record]] | None:
        """Attribute text in place of text without keys: each word gets the time of the words that it replaced."""
        if not gone or self.own(gone) or not self._comparable(came, gone):
            return None
        records = self._ledger.records
        pieces: list[tuple[str, Record]] = []
        at = 0
        for word in tokens(came.text):
            before = records[gone[at * len(gone) // len(came.text)]]
            pieces.append((word, Record(origin, before.at_ms, came.cause, before.epoch)))
            at += len(word)
        return pieces

    def own(self, units: Sequence[int]) -> bool:
        """Return whether the writer made at least half of the units."""
        records = self._ledger.records
        return 2 * sum(resolved(records[unit]) in OWN for unit in units) >= len(units)

    def _comparable(self, came: Insertion, gone: Sequence[int]) -> bool:
        return len(came.text) <= self._limits.rewritten_growth * len(gone) + min(
            len(gone), self._limits.rewritten_slack
        )

    def _heir(self, came: Insertion, gone: Sequence[int]) -> Record:
        """Return the origin of a correction: of own text it is the writer's with help, otherwise that of the replaced
        text.
        """
        if not gone or self.own(gone):
            return Record(Origin.ASSIST, came.at_ms, came.cause, self.epoch)
        records = map(self._ledger.records.__getitem__, gone)
        record = next(record for record in records if resolved(record) not in OWN)
        return Record(resolved(record), record.at_ms, record.cause, record.epoch)

    def _note(self, gone: Sequence[int], old: str) -> int:
        """Number a passage; one that was itself rewritten keeps the original text."""
        known = {self._ledger.records[unit].rewrite for unit in gone} - {None}
        for number in known:
            if number is not None and 2 * sum(self._ledger.records[unit].rewrite == number for unit in gone) > len(
                gone
            ):
                return number
        self.rewrites.append(old)
        return len(self.rewrites) - 1


def _without_loose_marks(parts: Sequence[Part], text: str) -> list[Part]:
    """Treat blanks and marks beside pasted words as pasted."""
    return [
        part._replace(kind=Kind.OTHER)
        if part.kind is Kind.SAME
        and not any(map(str.isalnum, text[part.new_start : part.new_end]))
        and any(near.kind is Kind.OTHER and near.new_end > near.new_start for near in parts[max(0, at - 1) : at + 2])
        else part
        for at, part in enumerate(parts)
    ]
