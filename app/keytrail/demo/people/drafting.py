"""Make first drafts of sentences, and the repairs that turn them into the final text."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Final

from keytrail.demo.people.keyboard import neighbours
from keytrail.demo.people.profiles import Person


def other_word(word: str) -> str | None:
    """Return a word or phrase that may replace this one, in its case; None if the list has none."""
    other = _list().get(word.lower())
    if other is None:
        return None
    return other[0].upper() + other[1:] if word[0].isupper() else other


@cache
def _list() -> dict[str, str]:
    content = files("keytrail.demo").joinpath("content", "other_words.json").read_text(encoding="utf-8")
    return {str(word): str(other) for word, other in json.loads(content).items()}


_WORD: Final = re.compile(r"[A-Za-zÄÖÜäöüß']+")
_SHORT: Final = 4
_OTHER_WORDS: Final = (
    "thing", "result", "people", "group", "effect", "study", "quite", "better", "found", "shows", "change", "after",
    "amount", "almost", "bigger", "smaller", "usual", "different",
)  # fmt: skip
_FILLERS: Final = ("also ", "really ", "basically ", "in fact ", "clearly ", "somewhat ", "very ", "mostly ", "the ")
_OPENERS: Final = (
    "In this study ", "They looked at ", "It was ", "The results ", "I think that ", "So the ", "There is ", "One of ",
    "This means ", "What they did ", "According to ", "The idea behind this was ", "It shows that the ",
)  # fmt: skip
_GERMAN_OTHER_WORDS: Final = (
    "Sache", "Ergebnis", "Leute", "Gruppe", "Wirkung", "Studie", "ziemlich", "besser", "gefunden", "zeigt", "danach",
    "Menge", "fast", "größer", "kleiner", "anders", "verschieden",
)  # fmt: skip
_GERMAN_FILLERS: Final = ("auch ", "wirklich ", "eigentlich ", "zum Beispiel ", "deutlich ", "etwas ", "sehr ")
_GERMAN_OPENERS: Final = (
    "In der Studie ", "Man hat ", "Es ging um ", "Das Ergebnis ", "Ich denke, dass ", "Also die ", "Es gibt ",
    "Das heißt ", "Untersucht wurde ", "Dabei kam heraus ",
)  # fmt: skip


@dataclass(frozen=True)
class _Wordings:
    """What first drafts of a language are made with."""

    others: tuple[str, ...]
    fillers: tuple[str, ...]
    openers: tuple[str, ...]
    other_word: Callable[[str], str | None]


_WORDINGS: Final = {
    "en": _Wordings(_OTHER_WORDS, _FILLERS, _OPENERS, other_word),
    "de": _Wordings(_GERMAN_OTHER_WORDS, _GERMAN_FILLERS, _GERMAN_OPENERS, lambda _: None),
}


@dataclass(frozen=True)
class Repair:
    """Replace `start` to `end` of the first draft by `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class FirstVersion:
    """A first draft and its repairs, in order and without overlap; and a beginning that is discarded."""

    first: str
    repairs: tuple[Repair, ...] = ()
    false_start: str = ""

    @property
    def final(self) -> str:
        """The text after all repairs."""
        text = self.first
        for repair in reversed(self.repairs):
            text = text[: repair.start] + repair.text + text[repair.end :]
        return text


def sentences(text: str) -> list[str]:
    """Split the text into pieces that end with a sentence; white space leads each piece. Joined, they are the text."""
    return [piece for piece in re.split(r"(?<=[.!?])(?=\s)", text) if piece]


def draft(sentence: str, person: Person, rng: Random) -> FirstVersion:
    """Return a first draft of a sentence, as far from it as the person's habits make it."""
    words = [match for match in _WORD.finditer(sentence) if len(match.group()) >= _SHORT]
    wanted = min(_about(person.repairs, rng), len(words) // 3)
    chosen = sorted(rng.sample(words, wanted), key=re.Match.start)
    first, repairs, done = "", [], 0
    for word in chosen:
        first += sentence[done : word.start()]
        before, after = _version(word.group(), rng, person.language)
        repairs.append(Repair(len(first), len(first) + len(before), after))
        first += before
        done = word.end()
    first += sentence[done:]
    opener = rng.choice(_WORDINGS[person.language].openers) if rng.random() < person.restarts else ""
    return FirstVersion(first, tuple(repairs), opener)


def _about(mean: float, rng: Random) -> int:
    whole = int(mean)
    return whole + (rng.random() < mean - whole)


def _version(word: str, rng: Random, language: str) -> tuple[str, str]:
    """Return what stood where `word` will stand, and its replacement; they may share a part that is kept."""
    wordings = _WORDINGS[language]
    kind = rng.choices(("swap", "add", "drop", "slip"), (0.4, 0.2, 0.15, 0.25))[0]
    if kind == "swap":
        return wordings.other_word(word) or rng.choice([other for other in wordings.others if other != word]), word
    if kind == "drop":
        filler = rng.choice(wordings.fillers)
        return filler + word, word
    if kind == "slip":
        return _misspelt(word, rng, language), word
    return "", word


def _misspelt(word: str, rng: Random, language: str) -> str:
    spot = rng.randrange(1, len(word))
    near = neighbours(word[spot].lower(), language)
    if near and rng.random() < 0.5:  # noqa: PLR2004 -- either way is as likely
        return word[:spot] + rng.choice(near) + word[spot + 1 :]
    return word[:spot] + word[spot + 1 :]
