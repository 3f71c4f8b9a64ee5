"""Plain words that can stand for others, as somebody uses them who rewords a sentence."""

import json
from functools import cache
from importlib.resources import files


def other_word(word: str) -> str | None:
    """A word or phrase that may replace this one, in its case; None if the list has none."""
    other = _list().get(word.lower())
    if other is None:
        return None
    return other[0].upper() + other[1:] if word[0].isupper() else other


@cache
def _list() -> dict[str, str]:
    content = files("keytrail.demo").joinpath("content", "other_words.json").read_text(encoding="utf-8")
    return {str(word): str(other) for word, other in json.loads(content).items()}
