"""Texts on which a slow regular expression takes minutes: for any pattern, and made from the pattern itself."""

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

# The library's own parser has no public name. Imported by name, because mypy knows the attribute in some runs only.
_PARSER: Any = import_module("re._parser")
LENGTH = 200_000
_COMMON = (
    "\n", " ", " \n", "\t", "a", "A", "1", ".", "-", "--", "*", "**a ", "__a ", "~~a ", "* a", "_a ", "[", "[a](", "(",
    "&", "&a", "<", "'", '"', "`", "a@", "import {", "\u2014", "\u00e9", "\U0001f642", "\ud800", "\0", "\u0301\u0323",
    "a ", "a\n", "#", "> ",
)  # fmt: skip


def hostile_texts(pattern: "re.Pattern[Any]") -> Iterator[str]:
    """Two hundred thousand characters each: one piece again and again, then something that nothing ends with."""
    for piece in (*_COMMON, *_pumped(pattern)):
        yield (piece * (LENGTH // len(piece) + 1))[:LENGTH] + "\x01"
    for before, piece in _prefixed(pattern):
        yield before + (piece * (LENGTH // len(piece) + 1))[:LENGTH] + "\x01"


def _pumped(pattern: "re.Pattern[Any]") -> set[str]:
    """Everything up to each repeated part of the pattern, with once, twice and thrice of that part."""
    return {before + piece * times for before, piece in _prefixed(pattern) for times in (1, 2, 3)}


def _prefixed(pattern: "re.Pattern[Any]") -> list[tuple[str, str]]:
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    parsed = _PARSER.parse(source, pattern.flags & ~re.UNICODE)
    return [(before, piece) for before, piece in _repeats(list(parsed), "") if piece]


def _repeats(nodes: Sequence[Any], before: str) -> Iterator[tuple[str, str]]:
    for name, value in nodes:
        kind = str(name)
        if kind in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            yield before, _sample(list(value[2]))
            yield from _repeats(list(value[2]), before)
        elif kind == "SUBPATTERN":
            yield from _repeats(list(value[3]), before)
        elif kind == "BRANCH":
            for branch in value[1]:
                yield from _repeats(list(branch), before)
        before += _sample([(name, value)])


def _sample(nodes: Sequence[Any]) -> str:
    """Some text that these parts of a pattern match."""
    return "".join(_one(str(name), value) for name, value in nodes)


def _one(kind: str, value: Any) -> str:
    if kind == "LITERAL":
        return chr(int(value))
    if kind == "IN":
        return _member(value)
    if kind in {"ANY", "NOT_LITERAL", "CATEGORY"}:
        return _of_category(str(value)) if kind == "CATEGORY" else "a"
    if kind in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        return _sample(list(value[2])) * max(1, int(value[0]))
    if kind == "SUBPATTERN":
        return _sample(list(value[3]))
    return _sample(list(value[1][0])) if kind == "BRANCH" else ""


def _member(members: Sequence[Any]) -> str:
    """A character of a class; of a negated one the first usual character that it does not name."""
    if str(members[0][0]) == "NEGATE":
        inner = [_one(str(name), value) if str(name) != "RANGE" else chr(value[0]) for name, value in members[1:]]
        return next(character for character in "a1 -.{" if character not in inner)
    name, value = members[0]
    return chr(value[0]) if str(name) == "RANGE" else _one(str(name), value)


def _of_category(category: str) -> str:
    if "SPACE" in category:
        return "a" if "NOT" in category else " "
    return "1" if "DIGIT" in category and "NOT" not in category else "a"
