"""Normalise texts that differ only in how they were typed, pasted or exported."""

import html
import re
import unicodedata

from keytrail.text.words.markdown import without_markdown

_QUOTES = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u02b9\u00b4\u0060\u2039\u203a", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u3003", '"'),
        "\u2044": "/",
        "\u2022": " ",
        "\u00b7": " ",
    }
)
_JOINING_DASH = re.compile(r"(?<=\w)[\u2010\u2011\u2012\u2013\u2212](?=\w)")
# White space around it is collapsed afterwards: `\s*` in front of anything is quadratic on a run of white space.
_BREAKING_DASH = re.compile(r"[\u2012-\u2015\u2e3a\u2e3b\u2212\u2010\u2011]|--+|(?<=\s)-(?=\s)")
_SPACE_BEFORE = re.compile(r" ([,.;:!?)\]}%])")
_SPACE_AFTER_OPENING = re.compile(r"([(\[{]) ")
_MISSING_SPACE = re.compile(r"(?<=[a-z)])([.!?;,:])(?=[A-Z])")
_UNUSUAL = re.compile(r"[^\x20-\x7e\n]")
# The highest code point has 7 digits. html.unescape converts any number there, and Python refuses to convert one of
# more than 4,300 digits.
_ENDLESS_REFERENCE = re.compile(r"&#(?=[0-9]{8}|[xX][0-9a-fA-F]{8})")
_MAXIMUM_PASSES = 25
_MOST_COMBINING = 30
"""Consecutive combining marks that are kept, as in Unicode's Stream-Safe Text Format (UAX #15): Python sorts them by
insertion, which is quadratic in their number."""


def normalise(text: str) -> str:
    """Return the text with plain quotes, dashes and spaces, without invisible characters and Markdown marks, on one
    line.

    Case and words stay. Normalising twice changes nothing. What is removed here (typographic marks, Markdown, hidden
    characters) reveals the tool rather than the author and is reported as evidence by `keytrail.text.words.marks`.
    """
    for _ in range(_MAXIMUM_PASSES):
        before, text = text, _one_pass(text)
        if text == before:
            break
    return text


def _one_pass(text: str) -> str:
    text = html.unescape(_ENDLESS_REFERENCE.sub("&amp;#", text)).replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFKC", _stream_safe(text.translate(_QUOTES))).translate(_QUOTES)
    text = _UNUSUAL.sub(lambda match: _visible(match[0]), text)
    text = without_markdown(text)
    text = _BREAKING_DASH.sub(" - ", _JOINING_DASH.sub("-", text))
    text = _MISSING_SPACE.sub(r"\1 ", " ".join(text.split()))
    return _SPACE_AFTER_OPENING.sub(r"\1", _SPACE_BEFORE.sub(r"\1", text)).strip()


def _visible(character: str) -> str:
    """Remove zero-width and other format characters; control characters become spaces, line feeds stay."""
    category = unicodedata.category(character)
    if category in {"Cf", "Cs", "Co"}:
        return ""
    return " " if category == "Cc" and character != "\n" else character


def _stream_safe(text: str) -> str:
    """Return the text with no more than 30 consecutive combining marks."""
    if text.isascii():
        return text
    characters: list[str] = []
    combining = 0
    for character in text:
        combining = combining + 1 if unicodedata.combining(character) else 0
        if combining <= _MOST_COMBINING:
            characters.append(character)
    return "".join(characters)
