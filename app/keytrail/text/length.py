"""The length of a text, counted as the worker's page does: `static/worker/length.js` has the same rules.

docs/decisions/0019-counting-words.md explains them.
"""

import re
import unicodedata

from keytrail.language import Message, counted_message
from keytrail.models import LengthUnit

# JavaScript's \s, so that page and server never disagree about a limit.
_BLANK = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
# Scripts without spaces between words: Thai, Lao, Burmese, Khmer, kana, Bopomofo and Han.
_WITHOUT_BLANKS = (
    "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u1000-\u102a\u1780-\u17b3"
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f"
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_PIECE = re.compile(f"[{_WITHOUT_BLANKS}]|[^{_BLANK}{_WITHOUT_BLANKS}]+")
_BLANKS = re.compile(f"[{_BLANK}]+")
_NOT_SEEN_ALONE = {"Mn", "Mc", "Me", "Cf"}


def count_words(text: str) -> int:
    """Count runs of non-space characters that hold a letter or digit; in a script without spaces, each character."""
    return sum(any(map(_is_of_a_word, piece)) for piece in _PIECE.findall(text))


def count_characters(text: str) -> int:
    """Count characters without white space; marks that combine with the character before them are not counted."""
    return sum(unicodedata.category(one) not in _NOT_SEEN_ALONE for one in _BLANKS.sub("", text))


def length_of(text: str, unit: LengthUnit) -> int:
    """Return the number of words or characters of a text."""
    return count_words(text) if unit == LengthUnit.WORDS else count_characters(text)


def length_text(count: int, unit: LengthUnit) -> Message:
    """Format a length: `1 word`, `50 words`, `120 characters`."""
    if unit == LengthUnit.WORDS:
        return counted_message("%(count)s word", "%(count)s words", count)
    return counted_message("%(count)s character", "%(count)s characters", count)


def _is_of_a_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LN"
