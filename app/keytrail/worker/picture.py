"""Draw an item's text as a picture that can be read but not selected and copied."""

import base64
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

_SIZE = 17
_LEADING = 27
_WIDE, _NARROW = 560, 320
# On each side, for letters that reach beyond their width: up to 1.1 of these units in Playfair Display and Amiri.
_MARGIN = 2
# Widths of letters in em, about the mean of usual serif fonts. They only shape the lines: each line is fitted to its
# computed width (`textLength`), whatever the reader's font measures, so that none is cut or runs out of the picture.
_THIN, _USUAL, _BROAD, _FULL = 0.3, 0.51, 0.74, 1.0
_THIN_LETTERS = frozenset(" fijlrtI.,;:'!|()[]{}-`´’‘")  # noqa: RUF001  # typographic quotes are thin too
_BROAD_LETTERS = frozenset("mwMWABCDEFGHKNOPQRSTUVXYZ%@&—")
_WITHOUT_WIDTH = frozenset({"Mn", "Me", "Cf"})
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
    """Return the text as pictures: scalable, in the reader's own serif font, light or dark with the page.

    The reader's own, because a server has no font for every script that an item can be in.
    """
    return Picture(_drawn(text, _WIDE), _drawn(text, _NARROW))


def lines_of(text: str, width: float) -> Iterator[str]:
    """Break the text into lines that fit a width in em; longer words are cut."""
    for paragraph in text.split("\n"):
        line, used = "", 0.0
        for word in _words(paragraph, width):
            needed = width_of(word)
            if line and used + width_of(word.rstrip()) > width:
                yield line.rstrip()
                line, used = "", 0.0
            line, used = line + word, used + needed
        yield line.rstrip()


def width_of(text: str) -> float:
    """How wide a text is drawn, in em."""
    return sum(map(_letter_width, text))


def _words(paragraph: str, width: float) -> Iterator[str]:
    """Yield words with the following blank, in pieces where one is too long; full-width letters break anywhere."""
    piece, used = "", 0.0
    for letter in paragraph:
        own = _letter_width(letter)
        if piece and own and (used + own > width or _is_full(letter)):
            yield piece
            piece, used = "", 0.0
        piece, used = piece + letter, used + own
        if letter == " ":
            yield piece
            piece, used = "", 0.0
    if piece:
        yield piece


def _letter_width(letter: str) -> float:
    if letter in _THIN_LETTERS:
        return _THIN
    if letter in _BROAD_LETTERS:
        return _BROAD
    if letter.isascii():
        return _USUAL
    if unicodedata.category(letter) in _WITHOUT_WIDTH:
        return 0.0
    return _FULL if _is_full(letter) else _USUAL


def _is_full(letter: str) -> bool:
    return not letter.isascii() and unicodedata.east_asian_width(letter) in {"W", "F"}


def _is_right_to_left(text: str) -> bool:
    """By its first letter with a direction, as `dir="auto"` has it."""
    strong = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind for kind in strong if kind in {"L", "R", "AL"}), "L") != "L"


def _drawn(text: str, width: int) -> str:
    lines: list[str] = []
    for paragraph in text.translate(_UNDRAWABLE | {10: "\n"}).split("\n"):
        right_to_left = _is_right_to_left(paragraph)
        for line in lines_of(paragraph, (width - 2 * _MARGIN) / _SIZE):
            lines.append(_row(line, len(lines) + 1, width - _MARGIN if right_to_left else 0))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_LEADING * len(lines)}" '
        f'viewBox="0 0 {width} {_LEADING * len(lines)}" font-family="ui-serif, Georgia, serif" font-size="{_SIZE}" '
        f'fill="#22262b"><style>{_STYLE}</style>{"".join(lines)}</svg>'
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def _row(line: str, number: int, right: int) -> str:
    """One line, from the left edge, or right to left from `right`."""
    if not (drawn := width_of(line)):
        return ""
    place = f'x="{right}" direction="rtl"' if right else f'x="{_MARGIN}"'
    return (
        f'<text {place} y="{_LEADING * number - 8}" textLength="{drawn * _SIZE:.1f}" lengthAdjust="spacingAndGlyphs">'
        f"{escape(line)}</text>"
    )
