"""Count characters as a person does, and recognise those that people insert one at a time.

An emoji is one character to its writer and 1 to 30 units here: joiners, skin tones, flags and variation selectors are
part of it (Unicode, UAX 29). Emoji panels, character maps and accent menus insert single characters without a key.
"""

import unicodedata
from collections.abc import Iterator
from typing import Final

from keytrail.provenance.report import Stretch
from keytrail.provenance.units import from_units

_JOINER: Final = "\u200d"
_EXTENDING: Final = frozenset({"Mn", "Me", "Mc"})
_SKIN_TONES: Final = range(0x1F3FB, 0x1F400)
_FLAGS: Final = range(0x1F1E6, 0x1F200)
_TAGS: Final = range(0xE0020, 0xE0080)
_ASTRAL: Final = 0xFFFF
_KEYCAP: Final = "\u20e3"
SINGLE: Final = 2
"""Adjacent letters or digits that still count as single characters: a letter and the accent that follows it."""


def clusters(units: str) -> Iterator[Stretch]:
    """Return the start and end of each perceived character, in units."""
    start = at = 0
    flag = joined = False
    for char in from_units(units):
        size = 2 if ord(char) > _ASTRAL else 1
        second_flag = flag and ord(char) in _FLAGS
        if at > start and not (joined or second_flag or _extends(char)):
            yield start, at
            start = at
        flag = ord(char) in _FLAGS and not second_flag
        joined = char == _JOINER
        at += size
    if at > start:
        yield start, at


def _extends(char: str) -> bool:
    code = ord(char)
    return char == _JOINER or unicodedata.category(char) in _EXTENDING or code in _SKIN_TONES or code in _TAGS


def letters_in(units: str) -> int:
    """Count letters and digits; symbols, marks, blanks and emoji are neither."""
    if units.isascii():
        return sum(map(str.isalnum, units))
    return sum(
        (units[start:end][:1].isalnum() and not units[start:end].endswith(_KEYCAP)) or _astral_letter(units[start:end])
        for start, end in clusters(units)
    )


def _astral_letter(cluster: str) -> bool:
    return "\ud800" <= cluster[0] <= "\udbff" and from_units(cluster)[0].isalnum()


def is_single(units: str) -> bool:
    """Return whether a stretch is only single characters: any number of symbols and emoji, two letters at most."""
    return letters_in(units) <= SINGLE
