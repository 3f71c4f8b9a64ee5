"""A person who does random things in the answer box."""

import json
from random import Random
from typing import Final

from tests.browser.worker_page import WorkerPage

WORDS: Final = ("shade", "trees", "walk", "people", "hot", "slower", "routes", "towns", "older", "Kühle", "naïve", "I")
ODD: Final = (
    "🌳🌞",
    "👩‍👩‍👧‍👦 family",
    "e\u0301 combined",
    "half \ud83d a pair",
    "\udf33 the other half",
    "NUL \0 inside",
    "one line\r\nanother\r\n\r\nlast",
    "old\rMac",
    "tab\tand \u00a0 blanks",
    "\u2028 separator \u200f mark",
    "aaaaaaaaaa",
)
"""Texts that have broken text handling before: surrogates, lone halves, NUL, line ends, letters that are all alike."""


class Editor:
    """A worker's page and the random generator that chooses the actions."""

    def __init__(self, page: WorkerPage, rng: Random) -> None:
        self.page = page
        self.rng = rng

    def words(self, most: int = 4) -> str:
        """Some words with blanks between them."""
        return " ".join(self.rng.choices(WORDS, k=self.rng.randint(1, most)))

    def odd_text(self) -> str:
        """A text that is easily handled wrongly."""
        return self.rng.choice(ODD)

    def times(self, most: int) -> range:
        """How often to do something."""
        return range(self.rng.randint(1, most))

    def place_caret(self) -> None:
        """Put the caret anywhere, between the halves of a pair too."""
        at = self.rng.randint(0, self._length())
        self.page.select(at, at)

    def select_some(self) -> tuple[int, int]:
        """Select any stretch, at least one unit of it; type first if there is nothing."""
        if not self._length():
            self.page.click("#answer").type("empty ")
        length = self._length()
        start = self.rng.randrange(length)
        end = min(length, start + self.rng.randint(1, 12))
        self.page.select(start, end)
        return start, end

    def run(self, script: str, text: str = "") -> None:
        """Run a script of the page; it knows `box` and `text`."""
        self.page.run_on_box(f"(box) => {{ const text = {json.dumps(text)}; {script} }}")

    def take_to_clipboard(self, text: str) -> None:
        """Copy something that gives the clipboard another text, as programs do."""
        self.select_some()
        self.run(
            """addEventListener("copy", (event) => {
              event.clipboardData.setData("text/plain", text);
              event.preventDefault();
            }, { once: true, capture: true });""",
            text,
        )
        self.page.press("Control+c")

    def _length(self) -> int:
        return int(self.page.run_on_box("(box) => box.value.length"))
