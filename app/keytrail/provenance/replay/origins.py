"""Attribute every inserted unit to an origin, by the ordered rules of docs/findings.md, "Origins".

The order matters. An edit that no event announced is silent whatever it claims; an untrusted one is a script's; a paste
is a paste even if keys were pressed; and only the rest can be typed. Then text that did not come from keys is compared
with the writer's own text (moved) and with the item (source).
"""

from collections.abc import Sequence
from typing import Final

from keytrail.provenance.kinds import Origin
from keytrail.provenance.limits import Limits
from keytrail.provenance.matching.passages import Passages
from keytrail.provenance.replay import revising
from keytrail.provenance.replay.box import Box
from keytrail.provenance.replay.engine import Engine
from keytrail.provenance.replay.hashing import HASHING
from keytrail.provenance.replay.keys import KeyQueue
from keytrail.provenance.replay.ledger import Record
from keytrail.provenance.replay.recall import Piece, Recall
from keytrail.provenance.replay.revising import Insertion, Reviser
from keytrail.provenance.replay.swallowed import accents_only, coded_by, swallowed_for, transliterates
from keytrail.provenance.replay.trace import Press
from keytrail.provenance.units import fnv1a32
from keytrail.provenance.wire.events import Copy, Cut, Drop, EditFlag, Paste

HISTORY: Final = frozenset({"historyUndo", "historyRedo"})
CLIPBOARD: Final = frozenset({"insertFromPaste", "insertFromDrop", "insertFromYank", "insertFromPasteAsQuotation"})
_COMPOSED: Final = frozenset({"insertCompositionText", "insertFromComposition"})
_EXPANDED_MS: Final = 1_500
"""A text expander deletes the abbreviation and inserts the text within this time."""
_ABBREVIATION: Final = range(2, 21)
"""Units of an abbreviation that a text expander replaces; it contains no blank."""


class Attribution:
    """Attribute the edits of one session; holds the state from earlier events (keys, clipboard, own text)."""

    def __init__(self, passages: Passages, limits: Limits, presses: Sequence[Press]) -> None:
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
        self.reviser = Reviser(self.box, limits)
        self.presses = presses
        self.pressed_before = 0
        """Presses before the last edit; those after it may explain the next."""
        self.ways: dict[tuple[int, int], str] = {}
        """By page load and time: insertions that may be the writer's own by another way, `field`, `expander` or
        `editor`."""
        self._removed = (0, 0)
        self._erased = (0, "", 0)
        """The last deletion, or run of backspaces: its place, text and time."""
        self._dragged_here = False
        self._taken = 0
        """Length of the longest passage of the answer that was copied or cut."""
        self._copied: set[tuple[int, int]] = set()
        self._fields: set[tuple[int, int]] = set()
        self._clip: tuple[int, int] | None = None
        self.foreign: list[str] = []
        """Texts from outside that were inserted, or that the study's rules prevented."""

    def copied(self, event: Copy | Cut) -> None:
        """Record copied text: remember it if it is the writer's own, and its hash if it is the item's."""
        if event.where in {"source", "instructions"}:
            self._copied.add((event.length, event.hash))
        elif event.where == "other":
            self._fields.add((event.length, event.hash))
        elif event.where == "answer" and 0 <= event.start < event.end <= self.box.document.length:
            count = event.end - event.start
            self._taken = max(self._taken, count)
            if self.box.budget.spend(count):
                self.box.memory.copied(event.start, count, self.box.document)

    def begin(self, epoch: int) -> None:
        """Start a page load."""
        self.epoch = self.reviser.epoch = epoch

    def deleted(self, pos: int, units: Sequence[int], at_ms: int) -> None:
        """Record text that was deleted without replacement."""
        self.reviser.deleted(pos, units, at_ms)
        last, count = self._removed
        blank = len(units) > _ABBREVIATION.stop or any(map(str.isspace, self.ledger.text(units)))
        self._removed = (at_ms, 0 if blank else len(units) + (count if at_ms - last <= _EXPANDED_MS else 0))
        before, text, since = self._erased
        follows = pos + len(units) == before and at_ms - since <= _EXPANDED_MS and len(text) < self._limits.mobile_word
        short = len(units) <= self._limits.mobile_word
        self._erased = (pos, self.ledger.text(units) + (text if follows else "") if short else "", at_ms)

    def clipboard(self, event: Paste | Drop) -> None:
        """Record a paste or drop that is about to insert text."""
        self._clip = (event.length, event.hash)
        self._dragged_here = type(event) is Drop and bool(event.internal)

    def prevented(self, text: str) -> None:
        """Record a prevented paste: its text is remembered if it is neither the writer's own nor the item's."""
        if not self.recall.own(text, self.box.document) and not self._passages.within(
            text, self.box.budget, copied=False
        ):
            self.foreign.append(text)

    def units(self, came: Insertion) -> Sequence[int]:
        """Return ids of the new or restored units for an insertion, one for each unit of its text."""
        if came.cause in HISTORY and not came.flags & EditFlag.UNTRUSTED:
            return self._restored(came)
        origin = self._evident(came)
        if origin is None:
            numbers = self.keys.explain(came.text, came.at_ms)
            if numbers:
                return self._typed(came, numbers)
            origin = self._without_key(came)
        if origin is Origin.IME or origin is Origin.UNKNOWN:
            return self._new(came, came.text, origin)
        return self._by_other_ways(came, origin)

    def _typed(self, came: Insertion, numbers: Sequence[int]) -> Sequence[int]:
        add = self.ledger.add_one
        records = [Record(Origin.TYPED, came.at_ms, came.cause, self.epoch, None, number) for number in numbers]
        return [add(char, record) for char, record in zip(came.text, records, strict=True)]

    def _new(self, came: Insertion, text: str, origin: Origin) -> Sequence[int]:
        return self.ledger.add(text, Record(origin, came.at_ms, came.cause, self.epoch))

    def _restored(self, came: Insertion) -> Sequence[int]:
        """Restore units of an undo or redo with their earlier origins; text that matches nothing is handled like any
        other.
        """
        units = self.box.memory.restored(came.text, came.pos)
        return units or self._compared(came, Origin.UNKNOWN if self.lost_input else Origin.NOKEY)

    def _evident(self, came: Insertion) -> Origin | None:
        """Return the origin that the event itself shows, or None where it depends on keys."""
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
        elif self.engine.announces and not flags & EditFlag.BEFOREINPUT:
            origin = Origin.SCRIPT
        return origin

    def _without_key(self, came: Insertion) -> Origin:
        """Attribute trusted text that no key explains: a phone's keyboard, or an insertion."""
        one_word = len(came.text) <= self._limits.mobile_word and len(came.text.split()) <= 1
        hidden = self.keys.take_hidden(came.at_ms)
        if one_word and (hidden or self.engine.touch) and not came.gone:
            return Origin.IME
        return Origin.UNKNOWN if self.lost_input else Origin.NOKEY

    def _by_other_ways(self, came: Insertion, origin: Origin) -> Sequence[int]:  # noqa: PLR0911 - a way each
        """Attribute text that no key of its own made: swallowed keys, a correction, a revision, or text from
        elsewhere.
        """
        if origin is not Origin.EXTERNAL:
            number = coded_by(self.presses, self.pressed_before, came.text)
            if number is not None:
                return self._typed(came, [number] * len(came.text))
            gone = self.ledger.text(came.gone)
            if swallowed_for(self.presses, self.pressed_before, came.text, gone) or (
                transliterates(came.text, gone) and self.reviser.own(came.gone)
            ):
                return self._new(came, came.text, Origin.IME)
            if self._clip_of(came) in self._copied:
                return self._new(came, came.text, Origin.SOURCE)
        if origin in {Origin.EXTERNAL, Origin.NOKEY} and self._accented(came):
            return self._new(came, came.text, Origin.IME)
        completed = self.reviser.completed(came) if origin is Origin.NOKEY else None
        if completed is not None:
            return self._placed(came, origin, completed)
        record = self.reviser.corrected(_by_script(came, origin))
        if record is not None:
            return self.ledger.add(came.text, record)
        self._record_way(came, origin)
        return self._revised(came, origin) or self._compared(came, origin)

    def _accented(self, came: Insertion) -> bool:
        """Return whether text puts back the letters that were just erased, with other accents.

        Some Vietnamese input methods erase the end of a word and paste or insert it.
        """
        pos, text, at_ms = self._erased
        erased = pos == came.pos and came.at_ms - at_ms <= _EXPANDED_MS and not came.gone
        return erased and len(text) <= self._limits.mobile_word and accents_only(came.text, text)

    def _clip_of(self, came: Insertion) -> tuple[int, int] | None:
        """Return length and hash of an insertion, as those of copied texts; None for a few units.

        A phone's keyboard offers the copied text above its keys and inserts it without a paste; extensions that paste
        without formatting insert it by a script.
        """
        if len(came.text) < self._limits.moved_units or not (self._copied or self._fields):
            return None
        return (len(came.text), fnv1a32(came.text)) if self.box.budget.spend(HASHING * len(came.text)) else None

    def _record_way(self, came: Insertion, origin: Origin) -> None:
        removed_ms, removed = self._removed
        if came.gone:  # the abbreviation is replaced in one step
            abbreviation = self.ledger.text(came.gone)
            removed_ms, removed = came.at_ms, 0 if any(map(str.isspace, abbreviation)) else len(abbreviation)
        clip = self._clip if origin is Origin.EXTERNAL else self._clip_of(came)
        if clip in self._fields or (origin is Origin.EXTERNAL and self._dragged_here):
            self.ways[self.epoch, came.at_ms] = "field"
        elif removed in _ABBREVIATION and came.at_ms - removed_ms <= _EXPANDED_MS:
            self.ways[self.epoch, came.at_ms] = "expander"

    def _revised(self, came: Insertion, origin: Origin) -> Sequence[int] | None:
        """Attribute text that replaced other text, if it is a revision of it."""
        gone = self.reviser.replaced(came)
        if origin is Origin.EXTERNAL and (
            self._clip in self._copied or self.recall.whole(came.text, self.box.document)
        ):
            return None
        candidates = [gone] if gone else self.recall.comparable(came.text)
        for before in candidates:
            pieces = self.reviser.revised(_by_script(came, origin), before, origin)
            if pieces is not None:
                return self._placed(came, origin, pieces)
        if origin is Origin.EXTERNAL:
            if any(self.reviser.returns(came, before, self._taken) for before in candidates):
                self.ways[self.epoch, came.at_ms] = "editor"
            return None
        if not gone:
            return None
        record = self.reviser.rewritten(_by_script(came, origin), gone)
        if record is not None:
            return self.ledger.add(came.text, record)
        followed = self.reviser.followed(came, gone, origin)
        return None if followed is None else self._placed(came, origin, followed)

    def _placed(self, came: Insertion, origin: Origin, pieces: Sequence[revising.Piece]) -> Sequence[int]:
        units: list[int] = []
        for text, known in pieces:
            if known is None:
                # Several own passages may come back at once, of which one was compared.
                units += self._recalled(came, text, origin, self.recall.passages(text, self.box.document))
            elif isinstance(known, Record):
                units += self.ledger.add(text, known)
            elif came.gone and origin is not Origin.EXTERNAL and self.ledger.restore(known):
                units += known
            else:
                units += self.ledger.move(known, came.at_ms, came.cause, self.epoch)
        return units

    def _compared(self, came: Insertion, origin: Origin) -> Sequence[int]:
        """Attribute text that came without keys: own text moved, the item's text, and the rest."""
        copied = self._clip in self._copied and origin is Origin.EXTERNAL
        if copied:
            # The log contains the copy: this is what was on the page, perhaps translated by the browser.
            return self._new(came, came.text, Origin.SOURCE)
        # Single words that are dictated or set anew are no words that moved.
        restores = origin is Origin.EXTERNAL or came.cause in HISTORY
        spoken = not restores and len(came.text) < self._limits.moved_run
        whole = self.recall.deleted(came.text) if spoken and origin is not Origin.NOKEY else None
        pieces = [Piece(0, whole)] if whole else [] if spoken else self.recall.own(came.text, self.box.document)
        return self._recalled(came, came.text, origin, pieces)

    def _recalled(self, came: Insertion, text: str, origin: Origin, pieces: Sequence[Piece]) -> Sequence[int]:
        """Attribute a text of which these pieces are own text that moved."""
        units: list[int] = []
        for piece in pieces:
            units += self._foreign(came, text[len(units) : piece.start], origin)
            units += self.ledger.move(piece.units, came.at_ms, came.cause, self.epoch)
        units += self._foreign(came, text[len(units) :], origin)
        return units

    def _foreign(self, came: Insertion, text: str, origin: Origin) -> Sequence[int]:
        if not text or origin is not Origin.EXTERNAL:
            return self._new(came, text, origin)
        units: list[int] = []
        # What was dragged within the page may be a single word of the item.
        copied = self._dragged_here and len(text) >= self._limits.moved_units
        for start, end in self._passages.within(text, self.box.budget, copied=copied):
            units += self._new(came, text[len(units) : start], origin)
            units += self._new(came, text[start:end], Origin.SOURCE)
        if not units:
            self.foreign.append(text)
        units += self._new(came, text[len(units) :], origin)
        return units


def _by_script(came: Insertion, origin: Origin) -> Insertion:
    """Return a script's insertion with that as its cause, whatever cause it claims: rules excuse the corrections of
    keyboards and spell-checkers by their cause.
    """
    return came._replace(cause="script") if origin is Origin.SCRIPT else came
