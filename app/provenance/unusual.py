"""Marks that keyboards rarely make: typographic punctuation, special spaces, Markdown."""

import re
from collections.abc import Iterator
from typing import Final

_KINDS: Final = {
    "typographic quotes": "[\u2018\u2019\u201a\u201c\u201d\u201e]",
    "long dashes": "[\u2013\u2014]",
    "an ellipsis character": "\u2026",
    "no-break spaces": "[\u00a0\u202f\u2007]",
    "zero-width characters": "[\u200b-\u200d\u2060\ufeff]",
    "bullets": "[\u2022\u25cf\u25aa]",
    "Markdown": r"\*\*[^*\n]+\*\*|^#{1,6} |^```|^[-*] (?=\S)|`[^`\n]+`",
}
_ANY: Final = re.compile("|".join(f"({pattern})" for pattern in _KINDS.values()), re.MULTILINE)
_NAMES: Final = tuple(_KINDS)


def unusual_in(text: str) -> Iterator[tuple[str, int, int]]:
    """Kind, position and length of every such mark, in order."""
    for found in _ANY.finditer(text):
        yield _NAMES[(found.lastindex or 1) - 1], found.start(), found.end() - found.start()
