"""A US and a German keyboard: each character's key and finger, and neighbouring keys."""

from dataclasses import dataclass
from functools import cache
from typing import Final

_ROWS: Final = ("`1234567890-=", "qwertyuiop[]\\", "asdfghjkl;'", "zxcvbnm,./")
_SHIFTED: Final = ("~!@#$%^&*()_+", "QWERTYUIOP{}|", 'ASDFGHJKL:"', "ZXCVBNM<>?")
# Without the dead keys, and without the one between Shift and Y, which US keyboards lack.
_GERMAN_ROWS: Final = ("^1234567890ß", "qwertzuiopü+", "asdfghjklöä", "yxcvbnm,.-")
_GERMAN_SHIFTED: Final = ('°!"§$%&/()=?', "QWERTZUIOPÜ*", "ASDFGHJKLÖÄ", "YXCVBNM;:_")
_KEYBOARDS: Final = {"en": (_ROWS, _SHIFTED), "de": (_GERMAN_ROWS, _GERMAN_SHIFTED)}
_NAMES: Final = {
    "`": "Backquote",
    "-": "Minus",
    "=": "Equal",
    "[": "BracketLeft",
    "]": "BracketRight",
    "\\": "Backslash",
    ";": "Semicolon",
    "'": "Quote",
    ",": "Comma",
    ".": "Period",
    "/": "Slash",
}
# Columns of the letter rows by finger, left little finger first; touch typing as taught.
_FINGERS: Final = (0, 1, 2, 3, 3, 4, 4, 5, 6, 7, 7, 7, 7)
_FIRST_RIGHT_FINGER: Final = 4


@dataclass(frozen=True)
class Key:
    """One character's key. Column and row are positions on the keyboard; the space bar has row 4."""

    char: str
    code: str
    shift: bool
    row: int
    column: int

    @property
    def finger(self) -> int:
        """0-7 from the left little finger to the right one; 8 for the thumbs."""
        if self.row == len(_ROWS):
            return 8
        column = self.column - 1 if self.row == 0 else self.column
        return _FINGERS[max(column, 0)]

    @property
    def right(self) -> bool:
        """Whether the right hand strikes it."""
        return self.finger >= _FIRST_RIGHT_FINGER


def _code(char: str) -> str:
    if char.isalpha():
        return f"Key{char.upper()}"
    return f"Digit{char}" if char.isdigit() else _NAMES[char]


def _layout(language: str) -> dict[str, Key]:
    keys = {
        " ": Key(" ", "Space", shift=False, row=4, column=4),
        "\n": Key("\n", "Enter", shift=False, row=2, column=11),
    }
    for row, (plain, shifted) in enumerate(zip(*_KEYBOARDS[language], strict=True)):
        for column, (low, high) in enumerate(zip(plain, shifted, strict=True)):
            # A code names a place, by what a US keyboard has there.
            code = _code(_ROWS[row][column])
            keys[low] = Key(low, code, shift=False, row=row, column=column)
            keys[high] = Key(high, code, shift=True, row=row, column=column)
    return keys


@cache
def layout(language: str = "en") -> dict[str, Key]:
    """Return every character that a language's keyboard can type, with its key."""
    return _layout(language)


def typeable(text: str, language: str = "en") -> bool:
    """Return whether this keyboard has a key for every character."""
    return all(char in layout(language) for char in text)


def neighbours(char: str, language: str = "en") -> str:
    """Return the letters beside a lower-case letter, in alphabetic order; empty for anything else."""
    keys = layout(language)
    key = keys.get(char)
    if key is None or not ("a" <= char <= "z"):
        return ""
    near = (
        other.char
        for other in keys.values()
        if "a" <= other.char <= "z"
        and other != key
        and abs(other.row - key.row) <= 1
        and abs(other.column - key.column) <= 1
    )
    return "".join(sorted(near))
