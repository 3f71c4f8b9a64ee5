"""Remove Markdown marks from a text in linear time."""

import re

_LINE_START = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]+|[-*+][ \t]+|\d{1,2}[.)][ \t]+(?=\D))", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*(?:[-*_=][ \t]*){3,}$", re.MULTILINE)
# A bracket inside ends the search, so that a row of opening brackets is read once and not once per bracket.
_LINK = re.compile(r"!?\[([^\[\]\n]{1,300})\]\([^)\[\s]{1,500}\)")
_DOUBLE = re.compile(r"(\*\*|__|~~)(?=\S)")
_SINGLE = re.compile(r"(?<!\w)([*_])(?=\S)([^*_\n]+)(?<=\S)\1(?!\w)")


def without_markdown(text: str) -> str:
    """Return the text without headings, lists, quotes, rules, links and emphasis marks; their contents stay."""
    text = _RULE.sub("", text)
    text = _LINE_START.sub("", text)
    text = _LINK.sub(r"\1", text)
    return _SINGLE.sub(r"\2", "\n".join(map(_without_double, text.split("\n"))))


def _without_double(line: str) -> str:
    """Return one line without `**`, `__` and `~~` around text.

    A regular expression searches for the end of each opening mark anew, which is quadratic where none is closed. Here a
    mark that was not closed once is not searched for again: further right there are fewer ends.
    """
    pieces: list[str] = []
    at = 0
    open_for_good: set[str] = set()
    search_from = 0
    while (opening := _DOUBLE.search(line, search_from)) is not None:
        mark = opening[1]
        end = -1 if mark in open_for_good else _end(line, mark, opening.end())
        if end < 0:
            open_for_good.add(mark)
            search_from = opening.start() + 1
            continue
        pieces += (line[at : opening.start()], line[opening.end() : end])
        at = search_from = end + len(mark)
    return "".join((*pieces, line[at:]))


def _end(line: str, mark: str, start: int) -> int:
    """Return the next position of the mark with something before it, at least one character on; -1 if there is none."""
    end = line.find(mark, start + 1)
    while end >= 0 and line[end - 1].isspace():
        end = line.find(mark, end + 1)
    return end
