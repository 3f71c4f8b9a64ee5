"""Texts that the agents write: those of the demo, in characters of a US keyboard."""

from functools import cache
from typing import Final

from keytrail.demo.people.keyboard import layout
from keytrail.demo.people.writings import read_writings

_MOST: Final = 620
"""Characters, about a hundred words: enough for every rule on rhythm and on the shape of a text."""


@cache
def _texts() -> tuple[str, ...]:
    keys = layout().keys()
    found = (writing.text.replace("\n", " ")[:_MOST] for writing in read_writings())
    return tuple(text for text in found if len(text) == _MOST and keys >= set(text))


def text_of(number: int) -> str:
    """Another text for every session."""
    texts = _texts()
    return texts[number % len(texts)]
