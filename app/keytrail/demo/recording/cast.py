"""The cast of a recording: simulated workers, each with a way of writing, and their texts."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from random import Random
from typing import Final

from keytrail.demo.people.drafting import sentences
from keytrail.demo.people.profiles import TEMPERS, Person, person
from keytrail.demo.people.styles import STYLES, Task
from keytrail.demo.people.writings import WritingKind, read_sources, read_writings
from keytrail.demo.studies import ABSTRACTS, DemoStudy
from keytrail.studies.conditions import Measure
from keytrail.text.length import count_words

# One round. The shares are chosen so that every page of the demo shows something; they estimate nothing.
PROGRAMME: Final = (
    *("typed",) * 9,
    *("dragged", "cut", "undone", "reworked", "reworked"),
    *("pasted",) * 3,
    *("source",) * 2,
    *("edited", "transcribed", "value", "command", "dictated"),
)
COMPARED_PROGRAMME: Final = (*("typed",) * 10, "dragged", "undone", *("pasted",) * 6, *("edited",) * 2)
"""One round of the study that compares conditions; its workers act as `under` says."""
GERMAN_PROGRAMME: Final = (*("typed",) * 7, "dragged", "undone", *("pasted",) * 2, "transcribed")
_SESSIONS_A_WORKER: Final = 1.4
_INSTEAD: Final[Mapping[Measure, Mapping[str, tuple[str, ...]]]] = {
    Measure.DIRECT_REQUEST: {"pasted": ("pasted", "typed"), "edited": ("edited", "typed", "transcribed")},
    Measure.REFUSE_PASTE: {"pasted": ("refused", "refused, typed", "refused"), "edited": ("refused, typed", "value")},
}
"""What people do under a measure who would have done something else without it. Invented, like the shares above."""


@dataclass(frozen=True)
class CastMember:
    """One session to be recorded: who, and how. The marketplace chooses the item."""

    number: int
    worker: str
    person: Person
    style: str


def cast(
    sessions: int, seed: int, programme: Sequence[str] = PROGRAMME, first: int = 0, language: str = "en"
) -> list[CastMember]:
    """Return the roles of a recording, in order of submission; rounds of the programme in mixed order.

    A worker who types writes honestly in every session, so that a worker's page is consistent. Workers are numbered
    after `first`.
    """
    rng = Random(f"cast {seed}")  # noqa: S311 -- simulation, and to be repeatable
    styles = list(islice(cycle(programme), sessions))
    rng.shuffle(styles)
    honest = sum(STYLES[style].honest for style in styles)
    typing = _workers(first, honest, rng, language)
    others = _workers(first + len(typing), sessions - honest, rng, language)
    pools = {True: cycle(typing), False: cycle(others)}
    return [CastMember(number, *next(pools[STYLES[style].honest]), style=style) for number, style in enumerate(styles)]


def under(role: CastMember, measures: Collection[Measure]) -> CastMember:
    """Return the role as played on a page with these measures; the worker's number decides among several ways."""
    for measure in measures:
        ways = _INSTEAD[measure].get(role.style, ())
        if ways:
            return replace(role, style=ways[int(role.worker[-3:]) % len(ways)])
    return role


def _workers(first: int, sessions: int, rng: Random, language: str) -> list[tuple[str, Person]]:
    count = max(1, round(sessions / _SESSIONS_A_WORKER))
    tempers = list(islice(cycle(TEMPERS), count))
    rng.shuffle(tempers)
    return [
        (f"SIMULATED{first + number + 1:03}", replace(person(temper, first + number), language=language))
        for number, temper in enumerate(tempers)
    ]


class Texts:
    """Hand out texts so that no two sessions use the same one, and none that a study's pages would refuse.

    Once all texts of an item were used, the first half of one is joined to the second half of the next; with
    `used_before` from the beginning, for a study after the one that used them whole.
    """

    def __init__(self, fewest_words: int, study: DemoStudy = ABSTRACTS, *, used_before: bool = False) -> None:
        self._writings = read_writings(study.writings)
        self._fewest_words = fewest_words
        self._used_before = used_before
        self._used: Counter[tuple[str, WritingKind]] = Counter()
        self._items = {source.text: source.key for source in read_sources(study.items)}

    def task(self, source: str, style: str) -> Task:
        """Return the task for an item as the page shows it. Raises KeyError if it is not one of the demo's."""
        item = self._items[source]
        honest = STYLES[style].honest
        own = self._next(item, WritingKind.HUMAN, used=honest)
        return Task(item, source, own, self._next(item, WritingKind.LLM, used=not honest))

    def _next(self, item: str, kind: WritingKind, *, used: bool) -> str:
        whole = [writing.text for writing in self._writings if (writing.item, writing.kind) == (item, kind)]
        joined = [_joined(one, other) for one, other in zip(whole, whole[1:] + whole[:1], strict=True)]
        texts = ([] if self._used_before else whole) + [text for text in joined if self._long_enough(text)]
        number = self._used[item, kind]
        self._used[item, kind] += used
        return texts[number % len(texts)]

    def _long_enough(self, text: str) -> bool:
        return count_words(text) >= self._fewest_words


def _joined(one: str, other: str) -> str:
    first, second = sentences(one), sentences(other)
    return "".join(first[: len(first) // 2] + second[len(second) // 2 :])
