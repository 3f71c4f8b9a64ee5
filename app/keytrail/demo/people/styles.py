"""Styles of filling the answer box, from plain typing to a script."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType
from typing import Final

from keytrail.demo.people import composing
from keytrail.demo.people.actions import Insert, Script, SessionPlan
from keytrail.demo.people.drafting import other_word, sentences
from keytrail.demo.people.profiles import Person
from keytrail.demo.people.typist import Passage, Typist

_WORD: Final = re.compile(r"[A-Za-z]+")
_PLAIN: Final = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2014": ", ", "*": None})


@dataclass(frozen=True)
class Task:
    """A session's material: the item, a text of one's own, and one from elsewhere."""

    item: str
    source: str
    own: str
    foreign: str


@dataclass(frozen=True)
class Style:
    """A way of writing. `honest` means that the person wrote the text, whatever the log looks like."""

    label: str
    perform: Callable[[Typist, Task], None]
    honest: bool = True


def plan(style: str, person: Person, task: Task, seed: int) -> SessionPlan:
    """Plan one session. The same arguments give the same plan. Raises KeyError for an unknown style."""
    rng = Random(f"{style} {person.name} {task.item} {seed}")  # noqa: S311 -- simulation, and to be repeatable
    typist = Typist(person, rng)
    STYLES[style].perform(typist, task)
    typist.pause(2.5, 0.3)
    return SessionPlan(STYLES[style].label, person.name, task.item, typist.box.text, typist.actions())


def plain(text: str) -> str:
    """Return a text as somebody copies it out at a keyboard: without typographic marks."""
    return text.translate(_PLAIN)


def _typed(typist: Typist, task: Task) -> None:
    composing.read_first(typist, task.source)
    composing.compose(typist, task.own)


def _dragged(typist: Typist, task: Task) -> None:
    start, end, to = _write_out_of_order(typist, task)
    typist.drag(start, end, to)


def _cut(typist: Typist, task: Task) -> None:
    start, end, to = _write_out_of_order(typist, task)
    typist.select(start, end)
    typist.command("KeyX", "x")
    typist.go_to(to)
    typist.command("KeyV", "v")
    typist.pause(2)


def _write_out_of_order(typist: Typist, task: Task) -> tuple[int, int, int]:
    """Write two sentences in the wrong order. Returns the later one's range, and its right position."""
    composing.read_first(typist, task.source)
    pieces = sentences(task.own)
    first = typist.rng.randrange(1, len(pieces) - 1)
    pieces[first], pieces[first + 1] = pieces[first + 1], pieces[first]
    composing.compose(typist, "".join(pieces))
    to = sum(map(len, pieces[:first]))
    start = to + len(pieces[first])
    return start, start + len(pieces[first + 1]), to


def _undone(typist: Typist, task: Task) -> None:
    _typed(typist, task)
    pieces = sentences(task.own)
    number = typist.rng.randrange(1, len(pieces))
    start = sum(map(len, pieces[:number]))
    typist.select(start, start + len(pieces[number]))
    typist.erase(1)
    typist.pause(3)
    for redo in (False, True, False):
        typist.command("KeyZ", "Z" if redo else "z", shift=redo)
        typist.pause(2.5)


def _sentence_reworked(typist: Typist, task: Task) -> None:
    """Copy one sentence of the item, and replace some of its words; type the rest."""
    composing.read_first(typist, task.source)
    pieces = sentences(task.own)
    half = len(pieces) // 2
    composing.compose(typist, "".join(pieces[:half]) + " ")
    start = len(typist.box.text)
    _paste_from_source(typist, max(_source_sentences(task.source), key=_rewordable))
    _reword(typist, start, most=6)
    composing.compose(typist, "".join(pieces[half:]))


def _source_mostly(typist: Typist, task: Task) -> None:
    """Copy three or four sentences of the item in sequence, and type one."""
    typist.read("source", len(task.source.split()) // 2)
    typist.select(0, 0)
    chosen = _source_sentences(task.source)
    picked = sorted(typist.rng.sample(range(len(chosen)), 4))
    for number in picked:
        _paste_from_source(typist, chosen[number] + " ")
        typist.pause(4)
        if sum(len(chosen[n].split()) for n in picked if n <= number) > 80:  # noqa: PLR2004 -- long enough to hand in
            break
    composing.compose(typist, sentences(task.own)[-1].strip())


def _rewordable(sentence: str) -> float:
    words = _WORD.findall(sentence)
    return sum(other_word(word) is not None for word in words) / len(words)


def _source_sentences(source: str) -> list[str]:
    paragraphs = (re.sub(r"^[A-Z][A-Za-z ]+: ", "", paragraph) for paragraph in source.split("\n\n"))
    found = [piece.strip() for paragraph in paragraphs for piece in sentences(paragraph)]
    return [piece for piece in found if 60 <= len(piece) <= 240 and piece.endswith(".")]  # noqa: PLR2004 -- whole ones


def _paste_from_source(typist: Typist, text: str) -> None:
    at = typist.box.end
    typist.look_back()
    typist.copy("source", text.strip())
    typist.select(at, at)
    typist.command("KeyV", "v")
    if text.endswith(" "):
        typist.type(" ")
    typist.pause(2.5)


def _reword(typist: Typist, start: int, most: int) -> None:
    """Replace some words after `start`, from the end."""
    words = [match for match in _WORD.finditer(typist.box.text, start) if other_word(match.group())]
    for match in reversed(words[:most]):
        typist.pause(2.2)
        typist.change(Passage(*match.span(), other_word(match.group()) or ""))
    typist.go_to(len(typist.box.text))
    typist.pause(1)


def _fetched(typist: Typist, task: Task) -> None:
    """Read the task, copy it out and return with a text."""
    typist.read("instructions", 40)
    with_instructions = typist.rng.random() < 0.5  # noqa: PLR2004 -- either is common in field logs
    if with_instructions:
        typist.copy("instructions")
        typist.away(6)
    typist.copy("source", whole=task.source)
    typist.away(38, take=task.foreign)


def _pasted(typist: Typist, task: Task) -> None:
    _fetched(typist, task)
    typist.select(0, 0)
    typist.command("KeyV", "v")
    typist.pause(7)


def _pasted_and_edited(typist: Typist, task: Task) -> None:
    _pasted(typist, task)
    last = len("".join(sentences(task.foreign)[:-1]))
    typist.select(last, len(task.foreign))
    typist.erase(1)
    _reword(typist, 0, most=9)


def _transcribed(typist: Typist, task: Task) -> None:
    _fetched(typist, task)
    typist.select(0, 0)
    composing.transcribe(typist, plain(task.foreign))


def _refused(typist: Typist, task: Task) -> None:
    """Try to paste a text where the page prevents it; then copy it out by hand."""
    _paste_in_vain(typist, task)
    composing.transcribe(typist, plain(task.foreign))


def _refused_and_typed(typist: Typist, task: Task) -> None:
    """As above, then give it up and write."""
    _paste_in_vain(typist, task)
    _typed(typist, task)


def _paste_in_vain(typist: Typist, task: Task) -> None:
    typist.box.refuses_paste = True
    _fetched(typist, task)
    typist.select(0, 0)
    for _ in range(2):
        typist.command("KeyV", "v")
        typist.pause(3)


def _script_value(typist: Typist, task: Task) -> None:
    typist.read("source", 60)
    typist.act(Script(how="value", text=task.foreign))
    typist.pause(5)


def _script_command(typist: Typist, task: Task) -> None:
    typist.read("source", 60)
    typist.select(0, 0)
    typist.pause(3)
    typist.act(Script(how="command", text=task.foreign))
    typist.pause(5)


def _dictated(typist: Typist, task: Task) -> None:
    """Dictate, phrase by phrase; words come in without a key."""
    composing.read_first(typist, task.source)
    for phrase in re.findall(r"(?<!\s)\s*(?:\S+\s+){0,4}\S+", task.own):
        typist.pause(2.6, 0.4)
        typist.act(Insert(text=phrase))
    typist.pause(4)


STYLES: Final[Mapping[str, Style]] = MappingProxyType(
    {
        "typed": Style("typed", _typed),
        "dragged": Style("typed, own sentence dragged", _dragged),
        "cut": Style("typed, own sentence cut and pasted", _cut),
        "undone": Style("typed, with undo and redo", _undone),
        "reworked": Style("typed, one sentence of the source reworked", _sentence_reworked),
        "source": Style("pasted from the source", _source_mostly, honest=False),
        "pasted": Style("pasted from elsewhere", _pasted, honest=False),
        "edited": Style("pasted from elsewhere and edited", _pasted_and_edited, honest=False),
        "transcribed": Style("copied out by typing", _transcribed, honest=False),
        "refused": Style("paste refused, then copied out by typing", _refused, honest=False),
        "refused, typed": Style("paste refused, then typed", _refused_and_typed),
        "value": Style("script: value", _script_value, honest=False),
        "command": Style("script: editing command", _script_command, honest=False),
        "dictated": Style("dictated", _dictated),
    }
)
