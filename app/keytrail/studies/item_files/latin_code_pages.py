"""Tell apart the code pages of Latin scripts by the alphabets that they were made for.

General detectors compare how odd a text looks, and took Portuguese in Windows-1252 for Central European and Finnish for
Mac Roman. A code page whose letters all belong to one language's alphabet is a better guess.
"""

from collections.abc import Mapping
from typing import Final

WESTERN: Final = "cp1252"

# Letters beyond a to z, as national standards and CLDR's main exemplar characters list them, in the old spelling
# of Romanian that code pages have.
_WESTERN_ALPHABETS: Final = (
    "àâæçéèêëîïôœùûüÿ",  # French
    "äöüß",  # German
    "áéíñóúüªº",  # Spanish
    "àáâãçéêíóôõúüªº",  # Portuguese
    "àèéìíîòóùúª",  # Italian
    "àçèéíïòóúü",  # Catalan
    "áéèëïíóöúü",  # Dutch
    "åäöéà",  # Swedish, Finnish
    "æøåéòô",  # Danish, Norwegian
    "áðéíóúýþæö",  # Icelandic
)
_ALPHABETS: Final[Mapping[str, tuple[str, ...]]] = {
    WESTERN: _WESTERN_ALPHABETS,
    "cp1250": (
        "ąćęłńóśźż",  # Polish
        "áčďéěíňóřšťúůýž",  # Czech
        "áäčďéíĺľňóôŕšťúýž",  # Slovak
        "áéíóöőúüű",  # Hungarian
        "ăâîşţ",  # Romanian
        "čćđšž",  # Croatian, Slovenian
    ),
    "cp1254": ("çğıi̇öşüâîû",),  # noqa: RUF001  # Turkish
    "mac_roman": _WESTERN_ALPHABETS,
}

LATIN_CODE_PAGES: Final = frozenset(_ALPHABETS)
_FITTING: Final = 0.8
"""Share of letters; a few words of another language stand in many texts."""


def latin_code_page(content: bytes) -> str:
    """Return the code page whose non-ASCII letters fit one alphabet best; Western Windows if none fits."""
    fits = {codec: _fit(content, codec) for codec in _ALPHABETS}
    best = max(fits, key=fits.__getitem__)
    return best if fits[best] >= _FITTING else WESTERN


def _fit(content: bytes, codec: str) -> float:
    """The largest share of the letters beyond ASCII that one alphabet has, 0 if the bytes are not of this code page."""
    try:
        text = content.decode(codec).lower()
    except UnicodeDecodeError:
        return 0.0
    letters = [character for character in text if not character.isascii() and character.isalpha()]
    if not letters:  # dashes and quotation marks alone, which are letters in Mac Roman
        return 1.0
    return max(sum(letter in alphabet for letter in letters) for alphabet in _ALPHABETS[codec]) / len(letters)
