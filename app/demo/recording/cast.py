"""Who takes part in a recording: simulated workers, each with a way of writing, and the texts they bring."""

from collections import Counter
from dataclasses import dataclass
from itertools import cycle, islice
from random import Random
from typing import Final

from app.demo.people.drafting import sentences
from app.demo.people.material import Kind, read_sources, read_writings
from app.demo.people.persons import TEMPERS, Person, person
from app.demo.people.styles import STYLES, Task

# One round. The shares are chosen so that every page of the demo shows something; they estimate nothing.
PROGRAMME: Final = (
    *("typed",) * 9,
    *("dragged", "cut", "undone", "reworked", "reworked"),
    *("pasted",) * 3,
    *("source",) * 2,
    *("edited", "transcribed", "value", "command", "dictated"),
)
_SESSIONS_A_WORKER: Final = 1.4


@dataclass(frozen=True)
class Role:
    """One session to come: who, and how. The marketplace decides about the item."""

    number: int
    worker: str
    person: Person
    style: str


def cast(sessions: int, seed: int) -> list[Role]:
    """The roles of a recording, in the order of their submission; rounds of PROGRAMME in mixed order.

    Who types writes honestly in every session, so that a worker's page tells one story.
    """
    rng = Random(f"cast {seed}")  # noqa: S311 -- simulation, and to be repeatable
    styles = list(islice(cycle(PROGRAMME), sessions))
    rng.shuffle(styles)
    honest = sum(STYLES[style].honest for style in styles)
    typing = _workers(0, honest, rng)
    others = _workers(len(typing), sessions - honest, rng)
    pools = {True: cycle(typing), False: cycle(others)}
    return [Role(number, *next(pools[STYLES[style].honest]), style=style) for number, style in enumerate(styles)]


def _workers(first: int, sessions: int, rng: Random) -> list[tuple[str, Person]]:
    count = max(1, round(sessions / _SESSIONS_A_WORKER))
    tempers = list(islice(cycle(TEMPERS), count))
    rng.shuffle(tempers)
    return [
        (f"SIMULATED{first + number + 1:03}", person(temper, first + number)) for number, temper in enumerate(tempers)
    ]


class Texts:
    """Hands out writings so that no two sessions bring the same text.

    Once all texts of an item were used, the first half of one is joined to the second half of the next.
    """

    def __init__(self) -> None:
        self._writings = read_writings()
        self._used: Counter[tuple[str, Kind]] = Counter()
        self._items = {source.text: source.key for source in read_sources()}

    def task(self, source: str, style: str) -> Task:
        """The task for a source text as the page shows it. Raises KeyError if it is not one of the demo's."""
        item = self._items[source]
        honest = STYLES[style].honest
        own = self._next(item, Kind.HUMAN, used=honest)
        return Task(item, source, own, self._next(item, Kind.LLM, used=not honest))

    def _next(self, item: str, kind: Kind, *, used: bool) -> str:
        texts = [writing.text for writing in self._writings if (writing.item, writing.kind) == (item, kind)]
        number = self._used[item, kind]
        self._used[item, kind] += used
        text = texts[number % len(texts)]
        return text if number < len(texts) else _joined(text, texts[(number + 1) % len(texts)])


def _joined(one: str, other: str) -> str:
    first, second = sentences(one), sentences(other)
    return "".join(first[: len(first) // 2] + second[len(second) // 2 :])
