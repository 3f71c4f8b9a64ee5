"""Recognises text of the item and of the instructions in what was pasted or dropped."""

import re
from functools import cached_property

from app.provenance.budget import Budget
from app.provenance.limits import Limits
from app.provenance.tiling import Corpus

_WORD = re.compile(r"\S+")


class Passages:
    """The item and the instructions, with white space normalised."""

    def __init__(self, item: str, instructions: str, limits: Limits) -> None:
        self._text = "\n".join(" ".join(text.split()) for text in (item, instructions))
        self._limits = limits

    @cached_property
    def _corpus(self) -> Corpus:
        return Corpus(self._text, self._limits.source_run)

    def within(self, text: str, budget: Budget, *, copied: bool) -> list[tuple[int, int]]:
        """Stretches of `text` that are the item's; none if the text as a whole comes from elsewhere.

        A text is the item's if it stands there as it is (at least `source_units` long, so that a common word is not,
        unless `copied` tells that it was copied there), or if passages of at least `source_run` cover `source_cover`
        of it: several passages copied at once, or a page with its headings. Case and punctuation must agree.
        """
        if not budget.spend(len(text) + len(self._text) // 8):
            return []
        plain, places = _normalised(text)
        if not plain or (len(plain) < self._limits.source_units and not copied):
            return []
        if plain in self._text:
            return [(0, len(text))]
        if not budget.spend(4 * len(text)):
            return []
        runs = self._corpus.runs(plain)
        if sum(run.end - run.start for run in runs) < self._limits.source_cover * len(plain):
            return []
        return [(places[run.start], places[run.end - 1] + 1) for run in runs]


def _normalised(text: str) -> tuple[str, list[int]]:
    """The words joined by single spaces, and the position in `text` of each unit of that."""
    words: list[str] = []
    places: list[int] = []
    for word in _WORD.finditer(text):
        if words:
            places.append(word.start() - 1)
        words.append(word.group())
        places.extend(range(word.start(), word.end()))
    return " ".join(words), places
