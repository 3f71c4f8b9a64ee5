"""One form for texts that differ only in how they were typed, pasted or exported."""

import html
import re
import unicodedata

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
_BREAKING_DASH = re.compile(r"\s*(?:[\u2012-\u2015\u2e3a\u2e3b\u2212\u2010\u2011]|--+|(?<=\s)-(?=\s))\s*")
_MARKDOWN_LINE = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]+|[-*+][ \t]+|\d{1,2}[.)][ \t]+(?=\D))", re.MULTILINE)
_MARKDOWN_RULE = re.compile(r"^[ \t]*(?:[-*_=][ \t]*){3,}$", re.MULTILINE)
_MARKDOWN_SPAN = re.compile(r"(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1|(?<!\w)([*_])(?=\S)([^*_\n]+?)(?<=\S)\3(?!\w)")
_MARKDOWN_LINK = re.compile(r"!?\[([^\]\n]{1,300})\]\([^)\s]{1,500}\)")
_SPACE_BEFORE = re.compile(r"\s+([,.;:!?)\]}%])")
_SPACE_AFTER_OPENING = re.compile(r"([(\[{])\s+")
_MISSING_SPACE = re.compile(r"(?<=[a-z)])([.!?;,:])(?=[A-Z])")
_UNUSUAL = re.compile(r"[^\x20-\x7e\n]")
_MAXIMUM_PASSES = 25


def normalise(text: str) -> str:
    """The text with plain quotes, dashes and spaces, without invisible characters and Markdown marks, on one line.

    Case and words stay. Normalising twice changes nothing. What is dropped here (typographic marks, Markdown, hidden
    characters) leaks the tool rather than the author and is reported as evidence by `keytrail.text.words.marks`.
    """
    for _ in range(_MAXIMUM_PASSES):
        before, text = text, _one_pass(text)
        if text == before:
            break
    return text


def _one_pass(text: str) -> str:
    text = html.unescape(text).replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFKC", text.translate(_QUOTES)).translate(_QUOTES)
    text = _UNUSUAL.sub(lambda match: _visible(match[0]), text)
    text = _without_markdown(text)
    text = _BREAKING_DASH.sub(" - ", _JOINING_DASH.sub("-", text))
    text = _MISSING_SPACE.sub(r"\1 ", " ".join(text.split()))
    return _SPACE_AFTER_OPENING.sub(r"\1", _SPACE_BEFORE.sub(r"\1", text)).strip()


def _visible(character: str) -> str:
    """Zero-width and other format characters vanish; control characters become spaces, line feeds stay."""
    category = unicodedata.category(character)
    if category in {"Cf", "Cs", "Co"}:
        return ""
    return " " if category == "Cc" and character != "\n" else character


def _without_markdown(text: str) -> str:
    text = _MARKDOWN_RULE.sub("", text)
    text = _MARKDOWN_LINE.sub("", text)
    text = _MARKDOWN_LINK.sub(r"\1", text)
    return _MARKDOWN_SPAN.sub(lambda match: match[2] or match[4], text)
