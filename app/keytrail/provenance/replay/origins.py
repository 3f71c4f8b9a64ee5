"""Gives every inserted unit its origin: the classification of ANALYSIS section 1.

The order matters. An edit that no event announced is silent whatever it claims; an untrusted one is a script's; a paste
is a paste though keys were pressed; and only what is left can be typed. Then text that arrived by other ways than keys
is compared with the writer's own text (moved) and with the item (source).
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from keytrail.provenance.kinds import Origin
from keytrail.provenance.limits import Limits
from keytrail.provenance.matching.passages import Passages
from keytrail.provenance.matching.spelling import is_correction
from keytrail.provenance.replay.box import Box
from keytrail.provenance.replay.engine import Engine
from keytrail.provenance.replay.keys import KeyQueue
from keytrail.provenance.replay.ledger import Record
from keytrail.provenance.replay.recall import Recall
from keytrail.provenance.wire.events import Copy, Cut, Drop, EditFlag, Paste

HISTORY: Final = frozenset({"historyUndo", "historyRedo"})
CLIPBOARD: Final = frozenset({"insertFromPaste", "insertFromDrop", "insertFromYank", "insertFromPasteAsQuotation"})
_COMPOSED: Final = frozenset({"insertCompositionText", "insertFromComposition"})
_COMPARED: Final = frozenset({Origin.EXTERNAL, Origin.SILENT, Origin.SCRIPT})
_WORD_REACH = 40
_WORD_START = re.compile(r"(?<!\S)\S*\Z")
_WORD_END = re.compile(r"\A\S*")


class Insertion(NamedTuple):
    """Text that came in at `pos` in place of the units `gone`, which are already out of the document."""

    text: str
    pos: int
    gone: Sequence[int]
    cause: str
    flags: int
    at_ms: int


class Attribution:
    """Attributes the edits of one session; holds what earlier events make possible (keys, clipboard, own text)."""

    def __init__(self, passages: Passages, limits: Limits) -> None:
        self.box = Box()
        self.ledger = self.box.ledger
        self.keys = KeyQueue(limits.key_window_ms, limits.key_patience_ms)
        self.engine = Engine()
        self.epoch = 0
        self.lost_input = False
        """Events just before are missing: text without a key is then unknown."""
        self._limits = limits
        self._passages = passages
        self.recall = Recall(self.ledger, self.box.memory, self.box.budget, limits)
        self._copied: set[tuple[int, int]] = set()
        self._clip: tuple[int, int] | None = None
        self.foreign: list[str] = []
        """Texts from outside that came in, or that the study's rules kept out."""

    def copied(self, event: Copy | Cut) -> None:
        """Text was copied: remember it if it is the writer's own, and its hash if it is the item's."""
        if event.where in {"source", "instructions"}:
            self._copied.add((event.length, event.hash))
        elif event.where == "answer" and 0 <= event.start < event.end <= self.box.document.length:
            count = event.end - event.start
            if self.box.budget.spend(count):
                self.box.memory.copied(event.start, count, self.box.document)

    def clipboard(self, event: Paste | Drop) -> None:
        """A paste or drop is about to insert text."""
        self._clip = (event.length, event.hash)

    def kept_out(self, text: str) -> None:
        """A paste was prevented: its text is remembered if it is neither the writer's own nor the item's."""
        if not self.recall.own(text, self.box.document) and not self._passages.within(
            text, self.box.budget, copied=False
        ):
            self.foreign.append(text)

    def units(self, came: Insertion) -> Sequence[int]:
        """Ids of the new or restored units for an insertion, one for each unit of its text."""
        if came.cause in HISTORY and not came.flags & EditFlag.UNTRUSTED:
            return self._restored(came)
        origin = self._evident(came)
        if origin is None:
            return self._by_keys(came)
        if origin in _COMPARED:
            return self._compared(came, origin)
        return self._new(came, came.text, origin)

    def _new(self, came: Insertion, text: str, origin: Origin) -> Sequence[int]:
        return self.ledger.add(text, Record(origin, came.at_ms, came.cause, self.epoch))

    def _restored(self, came: Insertion) -> Sequence[int]:
        """Undo and redo bring units back with the origins they had; what matches nothing is as any other text."""
        units = self.box.memory.restored(came.text, came.pos)
        return units or self._compared(came, Origin.UNKNOWN if self.lost_input else Origin.NOKEY)

    def _evident(self, came: Insertion) -> Origin | None:
        """The origin that the event itself tells, or None where only the keys can tell."""
        flags, cause = came.flags, came.cause
        origin: Origin | None = None
        if cause == "silent":
            origin = Origin.SILENT
        elif flags & EditFlag.UNTRUSTED:
            origin = Origin.SCRIPT
        elif cause in CLIPBOARD:
            origin = Origin.EXTERNAL
        elif flags & EditFlag.COMPOSING or cause in _COMPOSED:
            jump = len(came.text) - len(came.gone) > self._limits.composed_jump
            origin = Origin.NOKEY if jump else Origin.IME
        elif cause == "insertReplacementText" and self._corrects(came):
            origin = Origin.ASSIST
        elif self.engine.announces and not flags & EditFlag.BEFOREINPUT:
            origin = Origin.SCRIPT
        return origin

    def _by_keys(self, came: Insertion) -> Sequence[int]:
        numbers = self.keys.explain(came.text, came.at_ms)
        if numbers:
            add = self.ledger.add_one
            records = [Record(Origin.TYPED, came.at_ms, came.cause, self.epoch, None, number) for number in numbers]
            return [add(char, record) for char, record in zip(came.text, records, strict=True)]
        return self._new(came, came.text, self._without_key(came))

    def _without_key(self, came: Insertion) -> Origin:
        """Trusted text that no key explains: a phone's keyboard, a correction, or an insertion."""
        one_word = len(came.text) <= self._limits.mobile_word and len(came.text.split()) <= 1
        hidden = self.keys.take_hidden(came.at_ms)
        if one_word and (hidden or self.engine.touch):
            return Origin.IME
        if came.gone and self._corrects(came):
            return Origin.ASSIST
        return Origin.UNKNOWN if self.lost_input else Origin.NOKEY

    def _corrects(self, came: Insertion) -> bool:
        """Whether the word at the insertion was corrected; the edit may hold only the letters that changed."""
        start = max(0, came.pos - _WORD_REACH)
        left = self.ledger.text(self.box.document.read(start, came.pos - start))
        right = self.ledger.text(self.box.document.read(came.pos, _WORD_REACH))
        before, after = _WORD_START.search(left), _WORD_END.search(right)
        head, tail = before.group() if before else "", after.group() if after else ""
        return is_correction(head + self.ledger.text(came.gone) + tail, head + came.text + tail, self._limits)

    def _compared(self, came: Insertion, origin: Origin) -> Sequence[int]:
        """Units of text that came by no key: own text moved, the item's text, and the rest."""
        copied = self._clip in self._copied and origin is Origin.EXTERNAL
        pieces = [] if copied else self.recall.own(came.text, self.box.document)
        units: list[int] = []
        for piece in pieces:
            units += self._foreign(came, came.text[len(units) : piece.start], origin, copied=copied)
            units += self.ledger.move(piece.units, came.at_ms, came.cause, self.epoch)
        units += self._foreign(came, came.text[len(units) :], origin, copied=copied)
        return units

    def _foreign(self, came: Insertion, text: str, origin: Origin, *, copied: bool) -> Sequence[int]:
        if not text or origin is not Origin.EXTERNAL:
            return self._new(came, text, origin)
        units: list[int] = []
        for start, end in self._passages.within(text, self.box.budget, copied=copied):
            units += self._new(came, text[len(units) : start], origin)
            units += self._new(came, text[start:end], Origin.SOURCE)
        if not units:
            self.foreign.append(text)
        units += self._new(came, text[len(units) :], origin)
        return units
