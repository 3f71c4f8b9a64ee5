"""A typist for tests whose rhythm has what a hand's has: letter pairs, pauses, slips and holds."""

from collections.abc import Callable
from math import exp
from random import Random

from keytrail.provenance.rules.digraph_population import POPULATION
from tests.provenance.writer import SHIFT, Writer

TEXT = (
    "I think that people walk further when there are trees along the street, because the shade makes a hot day easier "
    "to bear. My grandmother would not go to the market in summer unless she could stay out of the sun. Benches help "
    "as well: she rests for a minute and then she goes on. If a town wants older people to keep moving, it should "
    "plant trees where they already walk and not only in the parks. "
)
SENTENCES = [sentence + ". " for sentence in TEXT.strip(". ").split(". ")]
_CODES = {" ": "Space", ".": "Period", ",": "Comma", ":": "Semicolon", "'": "Quote", '"': "Quote", "-": "Minus"}
Codes = Callable[[str], str]


def qwerty(char: str) -> str:
    """Return the code of a character's key; that of Q for letters of other scripts."""
    return f"Key{char.upper()}" if char.isascii() and char.isalpha() else _CODES.get(char, "KeyQ")


def no_code(_char: str) -> str:
    return ""


class Typist:
    """Presses keys for a writer; every time in ms."""

    def __init__(self, writer: Writer, seed: int = 1, *, median: float = 150, codes: Codes = qwerty) -> None:
        self.writer = writer
        self.chance = Random(seed)
        self._median = median
        self._codes = codes
        self._last = ""

    def gap(self, char: str) -> int:
        """Return the time from the last key to that of a character."""
        pair = POPULATION.get((self._last + char).lower(), 0.0)
        gap = self._median * exp(pair) * self.chance.lognormvariate(0, 0.42)
        if self._last == " " and self.chance.random() < 0.06:
            gap += self.chance.uniform(800, 5_000)
        gap += self.chance.uniform(100, 900) * (self._last in {",", ":"})
        gap += self.chance.uniform(1_500, 9_000) * (self._last == ".")
        self._last = char
        return max(25, round(gap))

    def press(self, char: str, gap: int | None = None, hold: int | None = None) -> Writer:
        """One key, a capital with Shift; a hand's gap and hold unless they are given."""
        gap = self.gap(char) if gap is None else gap
        hold = max(45, round(self.chance.gauss(88, 18))) if hold is None else hold
        code, shift, gap = self._codes(char), SHIFT if char.isupper() else 0, max(1, gap - hold)
        if shift:
            self.writer.log("k", "ShiftLeft", "Shift", SHIFT, dt=gap)
        self.writer.log("k", code, char, shift, dt=70 if shift else gap)
        self.writer.edit(self.writer.caret, 0, char, "insertText").log("u", code, shift, dt=hold)
        return self.writer.log("u", "ShiftLeft", 0, dt=20) if shift else self.writer

    def type(self, text: str, slips: float = 0.02) -> Writer:
        """Type a text; a share of the letters is mistaken and erased."""
        for char in text:
            if char.isalpha() and self.chance.random() < slips:
                self.press(self.chance.choice("asdfghjklnm"))
                self.writer.backspace()
            self.press(char)
        return self.writer
