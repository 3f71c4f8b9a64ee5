"""Compose a whole text: read, plan, write sentence after sentence, go back, continue."""

from keytrail.demo.people.drafting import FirstVersion, Repair, draft, sentences
from keytrail.demo.people.typist import Passage, Typist

_LATE_REPAIRS = 0.35
_LATE_SENTENCE = 0.3
_ENOUGH_SENTENCES = 4


def read_first(typist: Typist, source: str) -> None:
    """Read the instructions and the item, and put the caret into the box."""
    typist.read("instructions", 90)
    typist.read("source", len(source.split()))
    typist.select(0, 0)


def compose(typist: Typist, text: str) -> None:
    """Write a text at the end of the box, as somebody who thinks while writing."""
    Composer(typist, text).write()


def transcribe(typist: Typist, text: str) -> None:
    """Type a given text from beginning to end, with glances at it."""
    typist.go_to(len(typist.box.text))
    words = text.split(" ")
    for number, word in enumerate(words):
        typist.type(word if number == 0 else f" {word}")
        if number % 6 == 5:  # noqa: PLR2004 -- about a phrase held in mind
            typist.pause(0.75, 0.3)


class Composer:
    """One text in progress. Positions of finished sentences are kept for late changes."""

    def __init__(self, typist: Typist, text: str) -> None:
        self._typist = typist
        self._drafts = [draft(sentence, typist.person, typist.rng) for sentence in sentences(text)]
        self._base = len(typist.box.text)
        self._now: list[str] = []
        self._late: list[tuple[int, tuple[Repair, ...]]] = []

    def write(self) -> None:
        """Write every sentence, then read it over and make the remaining changes."""
        skipped = self._sentence_for_later()
        for number, piece in enumerate(self._drafts):
            if number == skipped:
                self._now.append("")
                continue
            self._sentence(number, piece)
        if skipped is not None:
            self._insert(skipped)
        self._read_over()

    def _sentence_for_later(self) -> int | None:
        rng, count = self._typist.rng, len(self._drafts)
        if count < _ENOUGH_SENTENCES or rng.random() > _LATE_SENTENCE:
            return None
        return rng.randrange(1, count - 1)

    def _sentence(self, number: int, piece: FirstVersion) -> None:
        typist = self._typist
        person, rng = typist.person, typist.rng
        typist.go_to(len(typist.box.text))
        if number and rng.random() < person.leaves:
            typist.away(9)
        if number and rng.random() < person.looks:
            typist.look_back()
        typist.pause(person.plan_s, 0.7)
        if piece.false_start:
            self._false_start(piece.false_start)
        typist.type(piece.first)
        if rng.random() < _LATE_REPAIRS:
            self._now.append(piece.first)
            self._late.append((number, piece.repairs))
        else:
            typist.repair(self._offset(number), piece.repairs)
            self._now.append(piece.final)

    def _false_start(self, opener: str) -> None:
        typist = self._typist
        typist.type(opener)
        typist.pause(typist.person.doubt_s, 0.5)
        typist.erase(len(opener))

    def _insert(self, number: int) -> None:
        typist = self._typist
        piece = self._drafts[number]
        typist.pause(typist.person.plan_s, 0.6)
        offset = self._offset(number)
        typist.change(Passage(offset, offset, piece.first))
        typist.repair(offset, piece.repairs)
        self._now[number] = piece.final

    def _read_over(self) -> None:
        typist = self._typist
        typist.pause(6, 0.5)
        for number, repairs in self._late:
            typist.pause(typist.person.doubt_s * 1.5, 0.5)
            typist.repair(self._offset(number), repairs)
            self._now[number] = self._drafts[number].final
        typist.go_to(len(typist.box.text))
        typist.pause(3, 0.4)

    def _offset(self, number: int) -> int:
        return self._base + sum(map(len, self._now[:number]))
