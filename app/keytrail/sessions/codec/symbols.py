"""The symbols of form 2 and the lengths of their codes. Part of a stored form: never change them."""

from typing import Final

from keytrail.sessions.codec.bits import Alphabet, Numbers

UP: Final = ("up 0", "up 1", "up 2", "up 3")
"""A held key is released: the one held longest, the next, ..."""
RELEASE: Final = "release"
"""A key is released that was pressed before this batch."""
PRESS: Final = "press"
"""A key is pressed that changes no text."""
FLAGS: Final = "flags"
"""The next key has other flags than predicted."""
CARET: Final = "caret"
"""The caret is elsewhere than predicted."""
MOVE: Final = "move"
"""The caret was moved."""
CHECK: Final = "check"
"""A checkpoint."""
ODD: Final = "odd"
"""The next event is in the JSON."""
END: Final = "end"

SYMBOLS: Final = Alphabet[str](
    {
        2: [UP[0]],
        4: [" ", UP[1], CARET, END],
        5: [*"\baeot", PRESS, MOVE],
        6: [*"dhilnrs", RELEASE, CHECK, ODD],
        7: "bcfgmpuwy",
        8: [*",.kv", UP[2]],
        9: "1T",
        10: [*"\n%'0234678Ix", UP[3], FLAGS],
        11: "()59ABCMOPRSWjqz",
        12: '!"#$&*+-/:;<=>?@DEFGHJKLNQUVXYZ[\\]^_{|}',
        13: "`~",
    }
)
"""A character stands for its keystroke (\\b: Backspace). Lengths are Huffman's for simulated typists' English."""

UNTIL_KEY: Final = Numbers(7)
UNTIL_UP: Final = Numbers(6)
UNTIL_EDIT: Final = Numbers(1)
UNTIL_OTHER: Final = Numbers(4)
"""Milliseconds since the previous event, by the next one: a key, its release, the edit that it makes, the rest."""
POSITION: Final = Numbers(8)
"""Positions in the text and its length, in UTF-16 units."""

KEY_BITS: Final = 8
FLAG_BITS: Final = 9
HASH_BITS: Final = 32
