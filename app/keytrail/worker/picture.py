"""Draw an item's text as a picture that can be read but not selected and copied."""

import base64
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

_SIZE = 17
_LEADING = 27
_WIDE, _NARROW = 560, 320
# Widths of letters in em, a little more than those of usual serif fonts, so that no line outgrows the picture.
_THIN, _USUAL, _BROAD, _FULL = 0.33, 0.53, 0.8, 1.05
_THIN_LETTERS = frozenset(" fijlrtI.,;:'!|()[]{}-`´’‘")  # noqa: RUF001  # typographic quotes are thin too
_BROAD_LETTERS = frozenset("mwMWABCDEFGHKNOPQRSTUVXYZ%@&—")
# Nothing in the drawing can be selected, also where the picture is opened by itself.
_STYLE = "text{user-select:none;-webkit-user-select:none}@media(prefers-color-scheme:dark){text{fill:#e7e5df}}"
_UNDRAWABLE = {
    **dict.fromkeys(range(32)),
    9: " ",
    **dict.fromkeys((0xFFFE, 0xFFFF)),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}


@dataclass(frozen=True)
class Picture:
    """Addresses (`data:`) of the same text for wide and for narrow screens."""

    wide: str
    narrow: str


def picture_of(text: str) -> Picture:
    """Return the text as pictures: scalable, in the reader's own serif font, light or dark with the page."""
    return Picture(_drawn(text, _WIDE), _drawn(text, _NARROW))


def lines_of(text: str, width: float) -> Iterator[str]:
    """Break the text into lines that fit a width in em; longer words are cut."""
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for word in _words(paragraph, width):
            needed = _width(word)
            if line and used + needed > width:
                yield line.rstrip()
                line, used = "", 0.0
            line, used = line + word, used + needed
        yield line.rstrip()


def _words(paragraph: str, width: float) -> Iterator[str]:
    """Yield words with the following blank, in pieces where one is too long; full-width letters break anywhere."""
    piece, used = "", 0.0
    for letter in paragraph:
        full = _is_full(letter)
        if piece and (used + _width(letter) > width or full):
            yield piece
            piece, used = "", 0.0
        piece, used = piece + letter, used + _width(letter)
        if letter == " ":
            yield piece
            piece, used = "", 0.0
    if piece:
        yield piece


def _width(text: str) -> float:
    return sum(
        _FULL
        if _is_full(letter)
        else _THIN
        if letter in _THIN_LETTERS
        else _BROAD
        if letter in _BROAD_LETTERS
        else _USUAL
        for letter in text
    )


def _is_full(letter: str) -> bool:
    return not letter.isascii() and unicodedata.east_asian_width(letter) in {"W", "F"}


def _drawn(text: str, width: int) -> str:
    lines = list(lines_of(text.translate(_UNDRAWABLE | {10: "\n"}), width / _SIZE))
    rows = "".join(
        f'<text x="0" y="{_LEADING * number - 8}">{escape(line)}</text>' for number, line in enumerate(lines, 1) if line
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_LEADING * len(lines)}" '
        f'viewBox="0 0 {width} {_LEADING * len(lines)}" font-family="ui-serif, Georgia, serif" font-size="{_SIZE}" '
        f'fill="#22262b"><style>{_STYLE}</style>{rows}</svg>'
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
