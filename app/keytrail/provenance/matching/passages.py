"""Recognise passages of the item and of the instructions in pasted or dropped text."""

import re
from functools import cached_property

from keytrail.provenance.budget import Budget
from keytrail.provenance.limits import Limits
from keytrail.provenance.matching.tiling import TiledText

_WORD = re.compile(r"\S+")
_REPEATED = 3
"""A paste longer than this many times the item and the instructions is not compared with them."""
_LOOKING = 6


class Passages:
    """The item and the instructions, with white space normalised."""

    def __init__(self, item: str, instructions: str, limits: Limits) -> None:
        self._text = "\n".join(" ".join(text.split()) for text in (item, instructions))
        self._limits = limits

    @cached_property
    def _corpus(self) -> TiledText:
        return TiledText(self._text, self._limits.source_run)

    def within(self, text: str, budget: Budget, *, copied: bool) -> list[tuple[int, int]]:
        """Return stretches of `text` that are the item's; none if the text as a whole comes from elsewhere.

        A text is the item's if it occurs there unchanged (at least `source_units` long, so that a common word is not,
        unless `copied` says that it was copied there), or if passages of at least `source_run` cover `source_cover` of
        it: several passages copied at once, or a page with its headings. Case and punctuation must agree.
        """
        plain = " ".join(text.split())
        if not plain or (len(plain) < self._limits.source_units and not copied):
            return []
        if not budget.spend((len(text) + len(self._text)) // 8):
            return []
        if plain in self._text:
            return [(0, len(text))]
        if len(plain) > _REPEATED * len(self._text) or not budget.spend(_LOOKING * len(text)):
            return []
        runs = self._corpus.runs(plain)
        if sum(run.end - run.start for run in runs) < self._limits.source_cover * len(plain):
            return []
        places = _places(text)
        return [(places[run.start], places[run.end - 1] + 1) for run in runs]


def _places(text: str) -> list[int]:
    """Return the position in `text` of each unit of its words joined by single spaces."""
    places: list[int] = []
    for word in _WORD.finditer(text):
        if places:
            places.append(word.start() - 1)
        places.extend(range(word.start(), word.end()))
    return places
