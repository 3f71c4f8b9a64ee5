"""Find unusual characters, which keyboards rarely make: typographic punctuation, special spaces, Markdown."""

import re
from collections.abc import Iterator
from typing import Final

_MARKS: Final = {
    "typographic quotes": "\u2018\u2019\u201a\u201c\u201d\u201e",
    "long dashes": "\u2013\u2014",
    "an ellipsis character": "\u2026",
    "no-break spaces": "\u00a0\u202f\u2007",
    "zero-width characters": "\u200b\u200c\u200d\u2060\ufeff",
    "bullets": "\u2022\u25cf\u25aa",
}
_NAME_OF: Final = {mark: name for name, marks in _MARKS.items() for mark in marks}
_ANY_MARK: Final = re.compile(f"[{''.join(_NAME_OF)}]")
_MARKDOWN: Final = re.compile(r"\*\*[^*\n]+\*\*|^#{1,6} |^```|^[-*] (?=\S)|`[^`\n]+`", re.MULTILINE)

_JOINERS: Final = "\u200c\u200d"
_LATIN: Final = "\u058f"
"""Letters and signs beyond this are of other scripts, or emoji, where joiners are part of a character."""


def _joins(text: str, at: int) -> bool:
    return any(char > _LATIN for char in text[max(0, at - 1) : at] + text[at + 1 : at + 2])


def unusual_in(text: str) -> Iterator[tuple[str, int, int]]:
    """Return kind, position and length of every such mark."""
    if not text.isascii():
        for mark in _ANY_MARK.finditer(text):
            if not (mark.group() in _JOINERS and _joins(text, mark.start())):
                yield _NAME_OF[mark.group()], mark.start(), 1
    for found in _MARKDOWN.finditer(text):
        yield "Markdown", found.start(), found.end() - found.start()
