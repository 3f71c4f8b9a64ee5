"""Explain text by keys that made no text themselves because something between keyboard and page swallowed them.

Input methods, accent tools and extensions for other scripts take the keys and insert text in their own way; Windows
makes a character of digits on the number pad while Alt is down. The keys explain such text although none matches it.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from keytrail.provenance.matching.spelling import distance
from keytrail.provenance.replay.keys import HIDDEN_KEYS, made_by
from keytrail.provenance.replay.trace import Down, Press
from keytrail.provenance.units import from_units
from keytrail.provenance.wire.events import KeyFlag

_READ: Final = 200
"""Maximum presses considered for one insertion."""
_OTHER_SCRIPTS: Final = 0x0370
"""Greek is the first script after the Latin ones; combining marks of the Latin script come before it."""
_ONE_KEY: Final = 3
"""Units that one key makes in a composed script (Devanagari, Hangul, Thai)."""
_PER_KEY: Final = 1.5
_ACCENTED: Final = 2
"""Minimum keys that make an accented letter: the letter and the sign."""
_SLACK: Final = 2
_LETTERS: Final = {"\u0111": "d", "\u0142": "l", "\u00f8": "o", "\u00e6": "ae", "\u0153": "oe", "\u0131": "i"}
_SOUNDED: Final = 40
"""Longest text that is changed to another script at once: a long word or a short phrase."""
_SOUNDS: Final = frozenset([*range(0x3040, 0x3130), *range(0x02C7, 0x02DA)])
"""Kana, the Chinese phonetic letters and their tones."""
_HAN: Final = range(0x3400, 0xA000)
_DIFFERING: Final = 0.4
"""Share of the keys that may be signs for accents: three of seven in the Vietnamese duowngf."""


def coded_by(presses: Sequence[Press], start: int, text: str) -> int | None:
    """Return the number of the key that ended a character code, if `text` is one character and digits were entered for
    it.

    Windows: digits on the number pad with Alt down. Linux: Ctrl, Shift and U, then digits.
    """
    if len(from_units(text)) != 1 or text.isdigit():
        return None
    code: int | None = None
    unicode_entry = False
    for number, press in _recent(presses, start):
        event = press.event
        if event.flags & KeyFlag.ALT and event.code.startswith("Numpad"):
            code = number
        elif event.key in {"u", "U"} and event.flags & KeyFlag.CTRL and event.flags & KeyFlag.SHIFT:
            unicode_entry = True
        elif unicode_entry and event.key.lower() in "0123456789abcdef":
            code = number
    return code


def swallowed_for(presses: Sequence[Press], start: int, text: str, gone: str) -> bool:
    """Return whether keys since the last edit, `presses[start:]`, which made no text themselves, explain this text.

    `gone` is what it replaced. Vietnamese input methods change the accent of letters that stand there already (the 7 of
    duong7), so one key explains any change of accents alone. One key, which some browsers hide, also changes the vowel
    of an Amharic or Indic syllable.
    """
    keys: list[str] = []
    hidden = 0
    for _, press in _recent(presses, start):
        made = made_by(press.event.key, press.event.flags)
        if made and made != "\n" and not press.event.flags & KeyFlag.REPEAT:
            keys.append(made)
        hidden += press.event.key in HIDDEN_KEYS
    if hidden > 1 and len(text) <= _PER_KEY * hidden + _SLACK:
        return True
    if (keys or hidden) and gone and accents_only(text, gone):
        return True
    if hidden and gone and len(text) <= _ONE_KEY and _mostly_other_script(text) and _mostly_other_script(gone):
        return True
    letters = "".join(keys).casefold()
    if not letters.strip() or text.isascii():
        return False
    if _mostly_other_script(text):
        return len(text) - len(gone) <= max(_ONE_KEY, _PER_KEY * len(letters) + _SLACK)
    plain = _plain(text)
    most = int(_DIFFERING * len(letters))
    return len(letters) >= _ACCENTED and bool(plain.strip()) and distance(plain.strip(), letters.strip(), most) <= most


def accents_only(text: str, gone: str) -> bool:
    """Return whether a text differs from what it replaced in accents alone."""
    return text != gone and bool(gone.strip()) and _plain(text) == _plain(gone)


def transliterates(text: str, gone: str) -> bool:
    """Return whether a text may be the letters that it replaced in another script.

    Transliteration tools show the Latin letters of a word until it is finished, and Chinese and Japanese input methods
    show how the word sounds.
    """
    if len(gone) > _SOUNDED or len(text) > max(_ONE_KEY, _PER_KEY * len(gone) + _SLACK):
        return False
    letters = [char for char in gone if char.isalpha()]
    latin = all(map(str.isascii, letters)) and _mostly_other_script(text)
    sounds = all(ord(char) in _SOUNDS for char in letters) and any(ord(char) in _HAN for char in text)
    return bool(letters) and (latin or sounds)


def _recent(presses: Sequence[Press], start: int) -> Iterable[tuple[int, Down]]:
    first = max(start, len(presses) - _READ)
    return ((number, press) for number, press in enumerate(presses[first:], first + 1) if type(press) is Down)


def _mostly_other_script(text: str) -> bool:
    letters = [char for char in text if char.isalpha() or unicodedata.category(char) in {"Mn", "Mc"}]
    return 2 * sum(ord(char) >= _OTHER_SCRIPTS for char in letters) > len(letters)


def _plain(text: str) -> str:
    """Return the text without accents and case."""
    bare = "".join(_LETTERS.get(char, char) for char in text.casefold())
    return "".join(char for char in unicodedata.normalize("NFD", bare) if not unicodedata.combining(char))
