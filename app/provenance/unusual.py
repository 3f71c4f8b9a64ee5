"""Marks that keyboards rarely make: typographic punctuation, special spaces, Markdown."""

import re
from collections.abc import Iterator
from typing import Final

_KINDS: Final = {
    "typographic quotes": re.compile("[\u2018\u2019\u201a\u201c\u201d\u201e]"),
    "long dashes": re.compile("[\u2013\u2014]"),
    "an ellipsis character": re.compile("\u2026"),
    "no-break spaces": re.compile("[\u00a0\u202f\u2007]"),
    "zero-width characters": re.compile("[\u200b-\u200d\u2060\ufeff]"),
    "bullets": re.compile("[\u2022\u25cf\u25aa]"),
    "Markdown": re.compile(r"\*\*[^*\n]+\*\*|^#{1,6} |^```|^[-*] (?=\S)|`[^`\n]+`", re.MULTILINE),
}


def unusual_in(text: str) -> Iterator[tuple[str, int, int]]:
    """Kind, position and length of every such mark."""
    for name, pattern in _KINDS.items():
        for found in pattern.finditer(text):
            yield name, found.start(), found.end() - found.start()
