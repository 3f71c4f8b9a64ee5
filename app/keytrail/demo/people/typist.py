"""A typist: writes texts into a box with slips, revisions, pauses and looks at the item."""

from dataclasses import dataclass
from random import Random

from keytrail.demo.people.actions import (
    Action,
    CopyElsewhere,
    CopyText,
    Drag,
    Leave,
    Place,
    Point,
    Return,
    Scroll,
    SelectText,
)
from keytrail.demo.people.drafting import Repair
from keytrail.demo.people.key_timing import KeyTiming
from keytrail.demo.people.keyboard import neighbours
from keytrail.demo.people.profiles import Person
from keytrail.demo.people.textbox import TextBox

_NEAR = 14
_LONG_ERASURE = 9


@dataclass(frozen=True)
class Passage:
    """A repair at its position in the whole text."""

    start: int
    end: int
    text: str


class Typist:
    """Turn intentions (write this, change that, look there) into timed actions; the box model follows each of them."""

    def __init__(self, person: Person, rng: Random) -> None:
        self.person = person
        self.rng = rng
        self.box = TextBox()
        self._hands = KeyTiming(person, rng)

    def actions(self) -> tuple[Action, ...]:
        """Everything done so far."""
        return self._hands.actions()

    # Time

    def pause(self, median_s: float, sigma: float = 0.6) -> None:
        """Pause for a log-normal number of seconds."""
        self._hands.wait(1000 * median_s * self.rng.lognormvariate(0, sigma))

    def read(self, place: Place, words: int) -> None:
        """Read that many words of a place from its present position, scrolling along."""
        seconds = 60 * words / self.person.reading_wpm
        steps = max(1, round(seconds / 7))
        for step in range(steps):
            self._act(Point(place=place, across=self.rng.uniform(0.1, 0.9), down=self.rng.uniform(0.2, 0.8)))
            self.pause(seconds / steps, 0.25)
            if step < steps - 1:
                self._act(Scroll(place=place, pixels=self.rng.choice((60, 100, 120))))

    def look_back(self) -> None:
        """Search the item for a figure or a phrase."""
        for pixels in (-120, self.rng.choice((-120, 60)), 120):
            self._act(Scroll(place="source", pixels=pixels))
            self.pause(1.6, 0.5)

    def away(self, median_s: float, take: str = "") -> None:
        """Go to another window, perhaps copy a text there, and return."""
        self._act(Leave())
        self.pause(median_s, 0.35)
        if take:
            self._act(CopyElsewhere(text=take))
            self.pause(0.9, 0.3)
        self._act(Return())
        self.pause(0.8, 0.3)

    # Writing

    def type(self, text: str) -> None:
        """Type at the caret, with slips that are noticed at once or a few letters later, and pauses between words."""
        place = 0
        while place < len(text):
            if place and text[place - 1] in " \n":
                self._doubt(text[:place])
            taken = self._slip(text, place) if self.rng.random() < self.person.slips else 0
            if not taken:
                self._strike(text[place])
            place += max(taken, 1)

    def erase(self, count: int) -> None:
        """Delete before the caret, key by key or by holding the key."""
        if count >= _LONG_ERASURE and self.rng.random() < 0.6:  # noqa: PLR2004 -- a habit's share
            for down in self._hands.hold_on("Backspace", "Backspace", count - 1):
                self.box.apply(down)
            return
        for _ in range(count):
            self.box.apply(self._hands.tap("Backspace", "Backspace", 145))

    def go_to(self, place: int) -> None:
        """Move the caret to an offset: with the arrow keys if near, else with the pointer or to the end by keys."""
        distance = place - self.box.end
        if distance == 0 and self.box.start == self.box.end:
            return
        pointer = self.rng.random() < self.person.pointer
        if place == len(self.box.text) and not pointer:
            self.command("End", "End")
        elif self.box.start != self.box.end or abs(distance) > _NEAR * (1 if pointer else 5):
            self.select(place, place)
        else:
            name = "ArrowRight" if distance > 0 else "ArrowLeft"
            for _ in range(abs(distance)):
                self.box.apply(self._hands.tap(name, name, 120))

    def select(self, start: int, end: int) -> None:
        """Select a range with the pointer, or place the caret."""
        self._hands.settle()
        self.pause(0.9, 0.3)
        self._act(SelectText(start=start, end=end))
        self.pause(0.35, 0.3)

    def command(self, code: str, key: str, *, shift: bool = False) -> None:
        """Press a key together with Ctrl."""
        self.box.apply(self._hands.chord(code, key, shift=shift))

    def copy(self, place: Place, text: str = "", whole: str = "") -> None:
        """Select a text of the page and copy it; without a text, all of the place, which reads `whole`."""
        self.pause(1.5, 0.3)
        self._act(CopyText(place=place, text=text))
        self.box.clipboard = text or whole
        self.pause(0.7, 0.3)

    def drag(self, start: int, end: int, to: int) -> None:
        """Drag a passage of the answer with the pointer."""
        self.pause(1.4, 0.3)
        self._act(Drag(start=start, end=end, to=to))
        self.pause(1.2, 0.3)

    def act(self, action: Action) -> None:
        """Do any other action."""
        self._act(action)

    # Changing

    def change(self, passage: Passage) -> None:
        """Replace a passage: keep what both versions share at the ends, erase the rest, type the new."""
        old = self.box.text[passage.start : passage.end]
        lead = _shared(old, passage.text)
        tail = _shared(old[lead:][::-1], passage.text[lead:][::-1])
        self.go_to(passage.end - tail)
        self.pause(0.6, 0.5)
        self.erase(len(old) - lead - tail)
        self.type(passage.text[lead : len(passage.text) - tail])

    def repair(self, offset: int, repairs: tuple[Repair, ...]) -> None:
        """Apply a draft's repairs, last first, in a sentence that begins at `offset`."""
        for repair in reversed(repairs):
            self.pause(1.8, 0.6)
            self.change(Passage(offset + repair.start, offset + repair.end, repair.text))

    # Details

    def _act(self, action: Action) -> None:
        self.box.apply(self._hands.other(action))

    def _strike(self, char: str, haste: float = 1.0) -> None:
        self.box.apply(self._hands.strike(char, haste))

    def _doubt(self, written: str) -> None:
        after_clause = written.rstrip()[-1:] in {",", ";", ":"}
        if self.rng.random() < self.person.doubts * (2.2 if after_clause else 1.0):
            self.pause(self.person.doubt_s, 0.6)

    def _slip(self, text: str, place: int) -> int:
        """Type something wrong from `place` on, notice and correct it. Returns the number of characters handled."""
        near = neighbours(text[place], self.person.language)
        if not near:
            return 0
        kind = self.rng.choice(("near", "near", "double", "swap", "skip"))
        noticed = self.rng.choices((0, 1, 2, 4), (5, 4, 2, 1))[0]
        good = text[place : place + 1 + noticed]
        if kind == "swap" and len(good) > 1:
            wrong = good[1] + good[0] + good[2:]
        else:
            wrong = {"near": self.rng.choice(near), "double": good[0] * 2}.get(kind, "") + good[1:]
        lead = _shared(wrong, good)
        if wrong == good or "\n" in good:
            return 0
        for char in wrong:
            self._strike(char)
        self._hands.wait(self.rng.lognormvariate(5.6, 0.45))
        self.erase(len(wrong) - lead)
        for char in good[lead:]:
            self._strike(char, 1.15)
        return len(good)


def _shared(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
