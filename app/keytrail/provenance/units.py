"""Text as UTF-16 code units: a str in which every element is one unit.

Positions and lengths on the wire are UTF-16 code units, as in the DOM, and a lone surrogate can occur. Inside the core
all text has this form, so that an index is a position; it leaves the core through `from_units`.
"""

from collections.abc import Iterable

FNV_OFFSET = 2166136261
FNV_PRIME = 16777619
_MASK = 0xFFFFFFFF
_LAST_BMP = "\uffff"
_FOLDED = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014\u00a0", "''\"\"-- ")


def to_units(text: str) -> str:
    """Return the text with every astral character split into its two surrogates."""
    if text.isascii() or max(text) <= _LAST_BMP:
        return text
    return "".join(c if c <= _LAST_BMP else _pair(ord(c) - 0x10000) for c in text)


def _pair(offset: int) -> str:
    return chr(0xD800 + (offset >> 10)) + chr(0xDC00 + (offset & 0x3FF))


def from_units(units: str) -> str:
    """Return the text with surrogate pairs joined; a lone surrogate stays as it is."""
    if units.isascii():
        return units
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def fnv1a32(units: str, state: int = FNV_OFFSET) -> int:
    """Return FNV-1a, 32 bit, over code units: each is XORed in whole, then multiplied (docs/wire-format.md).

    `state` is the hash of the preceding text, so that a long text can be hashed in pieces.
    """
    # Most text is ASCII, whose bytes are its units: a fifth faster than asking for each.
    numbers: Iterable[int] = units.encode("ascii") if units.isascii() else map(ord, units)
    for unit in numbers:
        state = ((state ^ unit) * FNV_PRIME) & _MASK
    return state


def line_ends(text: str) -> str:
    """Return the text with CRLF and CR replaced by LF, as the value of a textarea has it."""
    if "\r" not in text:
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def folded(text: str) -> str:
    """Return the text without case and typographic marks, unit for unit, to compare a key with the character that it
    became.
    """
    lower = text.translate(_FOLDED).lower()
    if len(lower) == len(text):
        return lower
    return "".join(char if len(char.lower()) != 1 else char.lower() for char in text.translate(_FOLDED))
