"""When keys go down and come up, by the constants of the tools that press them. All times in milliseconds.

Each stream gives, for a text, how long the tool waits before every key and how long it holds it. Sources stand in
kinds.py beside each kind; people's timings are those of the demo's simulated people, no real person's.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from keytrail.demo.people.actions import PressKey, ReleaseKey
from keytrail.demo.people.key_timing import KeyTiming
from keytrail.demo.people.profiles import TEMPERS, person

_STOPS = frozenset(".!?")
_SLIP_BACK_MS = 250.0


@dataclass(frozen=True)
class Stroke:
    """One key: pressed `wait_ms` after the one before was pressed, down for `hold_ms`. `erases` is Backspace."""

    char: str
    wait_ms: float
    hold_ms: float
    erases: bool = False


Stream = Callable[[str, Random], Iterator[Stroke]]


def even(hold_ms: float, gap_ms: float, jitter_ms: float = 0.5) -> Stream:
    """Every key held alike, the next after the same gap; `jitter_ms` is what the operating system adds."""

    def stream(text: str, chance: Random) -> Iterator[Stroke]:
        for char in text:
            hold = max(0.2, hold_ms + chance.uniform(-jitter_ms, jitter_ms))
            yield Stroke(char, hold + max(0.2, gap_ms + chance.uniform(-jitter_ms, jitter_ms)), hold)

    return stream


def in_pieces(inner: Stream, units: int, pause_ms: float) -> Stream:
    """A tool that writes so many characters at a call, with its model's thinking time between calls."""

    def stream(text: str, chance: Random) -> Iterator[Stroke]:
        for at, stroke in enumerate(inner(text, chance)):
            thinks = chance.lognormvariate(0, 0.4) * pause_ms if at and at % units == 0 else 0.0
            yield Stroke(stroke.char, stroke.wait_ms + thinks, stroke.hold_ms)

    return stream


def uniform(hold: tuple[float, float], wait: tuple[float, float]) -> Stream:
    """Holds and intervals drawn evenly between two bounds."""

    def stream(text: str, chance: Random) -> Iterator[Stroke]:
        for char in text:
            yield Stroke(char, chance.uniform(*wait), chance.uniform(*hold))

    return stream


def normal(hold: tuple[float, float], wait: tuple[float, float], least_ms: float = 5.0) -> Stream:
    """Holds and intervals from normal distributions (mean, standard deviation)."""

    def stream(text: str, chance: Random) -> Iterator[Stroke]:
        for char in text:
            yield Stroke(char, max(least_ms, chance.gauss(*wait)), max(least_ms, chance.gauss(*hold)))

    return stream


def puppeteer_humanize(text: str, chance: Random) -> Iterator[Stroke]:
    """@forad/puppeteer-humanize 1.1.8 with its defaults: lib/schemas/options.js, lib/constants/delays.js."""
    wait = 100.0
    for at, char in enumerate(text, 1):
        if char == " " and chance.random() < 0.8:
            wait += chance.uniform(10, 100)
        hold = chance.uniform(5, 15)
        yield Stroke(char, wait + hold, hold)
        wait = chance.uniform(50, 150)
        if char in _STOPS and chance.random() < 0.95:
            wait += chance.uniform(100, 1000)
        elif char in ",;:" and chance.random() < 0.7:
            wait += chance.uniform(50, 500)
        if at % 6 == 0 or at % 10 == 0:
            wait += chance.uniform(50, 500)


def markov(text: str, chance: Random) -> Iterator[Stroke]:
    """humantyping 1.0.3 with its defaults (config.py): 60 words a minute, normal noise of 30 ms, slips, fatigue."""
    base = 60_000 / (max(10.0, chance.gauss(60, 10)) * 5)
    tired = 1.0
    for char in text:
        tired = min(1.5, tired * 1.0005)
        if char.isalpha() and chance.random() < 0.04:
            yield Stroke("e" if char != "e" else "r", max(20.0, chance.gauss(base * tired, 30)), 1.0)
            yield Stroke(char, max(100.0, chance.gauss(350, 100)) + max(30.0, chance.gauss(120, 20)), 1.0, erases=True)
        wait = base * tired * chance.choice((0.4, 0.5, 1.0, 1.0, 1.2))
        wait += chance.gauss(250, 50) if char == " " else 200 if char.isupper() else 0
        yield Stroke(char, max(20.0, chance.gauss(max(0.15 * base, wait), 30)), 1.0)


def typist(slips: float = 0.0) -> Stream:
    """Log-normal intervals, human holds, long pauses before sentences and some before words; optionally slips."""

    def stream(text: str, chance: Random) -> Iterator[Stroke]:
        before = " "
        for char in text:
            wait = chance.lognormvariate(4.9, 0.35)
            if before in _STOPS:
                wait += chance.lognormvariate(8.4, 0.6)
            elif before == " " and chance.random() < 0.12:
                wait += chance.lognormvariate(7.3, 0.5)
            if char.isalpha() and chance.random() < slips:
                yield Stroke("x" if char != "x" else "z", wait, _hold(chance))
                yield Stroke("", chance.lognormvariate(5.9, 0.3), _hold(chance), erases=True)
                wait = _SLIP_BACK_MS
            yield Stroke(char, wait, _hold(chance))
            before = char

    return stream


def bursts(text: str, chance: Random) -> Iterator[Stroke]:
    """Words in fast runs with pauses between them, as many scripts on the web imitate a person."""
    for char in text:
        wait = chance.uniform(200, 600) if char == " " else chance.uniform(40, 80)
        yield Stroke(char, wait, chance.uniform(30, 60))


def persons_order(text: str, chance: Random) -> Iterator[Stroke]:
    """A person's holds and intervals of another text, one after the other."""
    taken = _replayed(_timings(_ANOTHER, chance), len(text))
    yield from (Stroke(char, wait, hold) for char, (wait, hold) in zip(text, taken, strict=True))


def persons_shuffled(text: str, chance: Random) -> Iterator[Stroke]:
    """The same, in any order: the right distribution on the wrong keys."""
    taken = list(_replayed(_timings(_ANOTHER, chance), len(text)))
    chance.shuffle(taken)
    yield from (Stroke(char, wait, hold) for char, (wait, hold) in zip(text, taken, strict=True))


def persons_digraphs(text: str, chance: Random) -> Iterator[Stroke]:
    """For each letter pair one of the same person's timings of that pair: the hardest that needs no person."""
    by_pair: dict[str, list[tuple[float, float]]] = {}
    timings = _timings(_ANOTHER * 3, chance)
    for (before, char), timing in zip(pairwise(_ANOTHER * 3), timings[1:], strict=False):
        by_pair.setdefault(before + char, []).append(timing)
    for before, char in pairwise(f" {text}"):
        wait, hold = chance.choice(by_pair.get((before + char).lower()) or timings)
        yield Stroke(char, wait, hold)


def _hold(chance: Random) -> float:
    return max(35.0, chance.gauss(86, 16))


def _replayed(timings: Sequence[tuple[float, float]], count: int) -> Iterator[tuple[float, float]]:
    return (timings[at % len(timings)] for at in range(count))


def _timings(text: str, chance: Random) -> list[tuple[float, float]]:
    """Interval and hold of every character's key as one simulated person types a text."""
    hands = KeyTiming(person(chance.choice(sorted(TEMPERS)), chance.randrange(10_000)), chance)
    for char in text:
        hands.strike(char)
    now, before = 0, 0
    down: dict[str, int] = {}
    found: list[list[float]] = []
    place: dict[str, int] = {}
    for action in hands.actions():
        now += action.wait_ms
        if isinstance(action, PressKey) and action.key not in {"Shift", "Control"}:
            place[action.code], down[action.code] = len(found), now
            found.append([now - before, 80.0])
            before = now
        elif isinstance(action, ReleaseKey) and action.code in place:
            found[place.pop(action.code)][1] = now - down[action.code]
    return [(wait, hold) for wait, hold in found]


_ANOTHER = (
    "on hot days the people of both towns chose longer ways to walk in the shade of trees, and the older they were the "
    "more of a detour they made. when it was cool there was no difference at all. the authors think that trees are "
    "best planted where people walk already, and not only where there happens to be room for them. "
)
