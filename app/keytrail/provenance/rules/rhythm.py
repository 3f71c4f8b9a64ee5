"""Figures of the typing rhythm: holds, intervals, hand-overs. The rules judge them."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import fsum, log, sqrt
from statistics import fmean, median

from keytrail.provenance.replay.keys import HIDDEN_KEYS, made_by
from keytrail.provenance.replay.trace import Down, Press, Up
from keytrail.provenance.wire.events import KeyFlag

_CAPITAL_MAKERS = KeyFlag.SHIFT | KeyFlag.CAPS_LOCK | KeyFlag.ALT_GRAPH
_STOPS = frozenset(".?!")
_SPACES = frozenset({" ", "Enter"})
_ERASERS = frozenset({"Backspace", "Delete"})
_HAND_HOLD_MS = 40
"""As `Limits.ghost_hold_ms`: of 2,167 people none had a lower median hold [D]."""
_HANDED_OVER_MS = 70
_TWICE_MS = 10
_SLOW = 4
"""Intervals up to so many times the median count as typing, however slow."""
_MODIFIERS = frozenset({"Shift", "Control", "Alt", "AltGraph", "Meta", "OS", "CapsLock", "Fn", "NumLock"})


@dataclass(frozen=True)
class Rhythm:
    """The trusted key presses of one session, in order of time."""

    presses: Sequence[Press] = ()

    @cached_property
    def _makers(self) -> list[Down]:
        return [press for press in self.presses if type(press) is Down and made_by(press.event.key, press.event.flags)]

    @property
    def printable(self) -> int:
        """Number of keydowns that make text, repeats included."""
        return len(self._makers)

    @cached_property
    def downs(self) -> list[Down]:
        """Keydowns that make text, without repeats of a held key."""
        return [down for down in self._makers if not down.event.flags & KeyFlag.REPEAT]

    @cached_property
    def judged(self) -> list[Down]:
        """Keydowns typed by a hand: those of `downs` that no input method composed or injected.

        Keys that a program injects (accent tools, input methods, dictation) have no code and no hold time. Remote
        desktops and on-screen keyboards may forward keys without a code, but held as long as a hand held them: those
        count. Some loggers record no codes at all, and mostly no releases either; then every key counts.
        """
        known = any(down.event.code for down in self.downs) or any(type(press) is Up for press in self.presses)
        return [
            down
            for down in self.downs
            if not down.event.flags & KeyFlag.COMPOSING
            and (down.event.code or not known or id(down) in self._held_without_code)
        ]

    @cached_property
    def _held_without_code(self) -> set[int]:
        """Keydowns without a code that were held as long as hands hold keys, by identity."""
        downs: dict[str, Down] = {}
        held: set[int] = set()
        for press, name in _named(self.presses):
            if type(press) is Down:
                downs[name] = press
            elif not press.event.code and name in downs and press.at_ms - downs[name].at_ms >= _HAND_HOLD_MS:
                held.add(id(downs[name]))
        return held

    @property
    def unjudged(self) -> int:
        """Keydowns that an input method hid, composed or injected."""
        return self.hidden + len(self.downs) - len(self.judged)

    @cached_property
    def erased(self) -> int:
        """Keydowns of Backspace and Delete, repeats included."""
        return sum(type(press) is Down and press.event.key in _ERASERS for press in self.presses)

    @cached_property
    def bare_capitals(self) -> list[int]:
        """Times of keydowns that made a capital with a key code but without Shift, CapsLock or AltGr.

        The code must be that of the letter's key. Some tools press each character, a capital too, as a key of its own.
        """
        keys = {event.key: event.code for _, _, event in self.downs}
        return [
            at_ms
            for at_ms, _, event in self.downs
            if event.code and len(event.key) == 1 and event.key.isupper() and not event.flags & _CAPITAL_MAKERS
            if event.code in {f"Key{event.key}", keys.get(event.key.lower())}
        ]

    @cached_property
    def hidden(self) -> int:
        """Keydowns whose character the browser hides: phones and input methods."""
        return sum(type(press) is Down and press.event.key in HIDDEN_KEYS for press in self.presses)

    @cached_property
    def hidden_ms(self) -> list[int]:
        """Times of the keydowns whose character the browser hides, without repeats.

        Some input methods hand a key on, and it is reported twice; of two within 10 ms one counts.
        """
        times: list[int] = []
        for press in self.presses:
            if type(press) is not Down or press.event.key not in HIDDEN_KEYS or press.event.flags & KeyFlag.REPEAT:
                continue
            if not times or not 0 <= press.at_ms - times[-1] < _TWICE_MS:
                times.append(press.at_ms)
        return sorted(times)

    def hidden_log_sd(self, low_ms: int, high_ms: int, least: int) -> float | None:
        """Return the standard deviation of the natural log of intervals between such keys; None for fewer than
        `least`.
        """
        intervals = [two - one for one, two in pairwise(self.hidden_ms)]
        logs = [log(interval) for interval in intervals if interval > 0 and low_ms <= interval <= high_ms]
        return _spread(logs) if len(logs) >= max(2, least) else None

    @property
    def typing_ms(self) -> int:
        """Time from the first to the last text-making keydown, summed over epochs."""
        return sum(self.intervals_ms)

    @cached_property
    def sentence_pause_ms(self) -> float | None:
        """Mean pause before the first key of a sentence, after a full stop and a space; None without one."""
        trios = zip(self.downs, self.downs[1:], self.downs[2:], strict=False)
        pauses = [
            first.at_ms - space.at_ms
            for stop, space, first in trios
            if stop.epoch == first.epoch
            and stop.event.key in _STOPS
            and space.event.key in _SPACES
            and first.event.key not in _SPACES
        ]
        return fmean(pauses) if pauses else None

    @cached_property
    def intervals_ms(self) -> list[int]:
        """Intervals from each text-making keydown to the next, within an epoch."""
        return [two.at_ms - one.at_ms for one, two in pairwise(self.downs) if one.epoch == two.epoch]

    def pauses(self, long_ms: int, short_ms: int) -> tuple[float, float] | None:
        """Return the share of the time in intervals over `long_ms`, and the mean in ms of intervals over `short_ms`.

        Counted over all keydowns except modifiers, within an epoch. None without time or without such intervals.
        """
        downs = [press for press in self.presses if type(press) is Down and press.event.key not in _MODIFIERS]
        intervals = [two.at_ms - one.at_ms for one, two in pairwise(downs) if one.epoch == two.epoch]
        total = sum(intervals)
        counted = [interval for interval in intervals if interval > short_ms]
        if not total or not counted:
            return None
        return sum(interval for interval in intervals if interval > long_ms) / total, fmean(counted)

    def log_interval_sd(self, low_ms: int, high_ms: int) -> float | None:
        """Return the standard deviation of the natural log of judged intervals within bounds; None for fewer
        than two, or if most intervals are outside: a slow connection hands over keys in batches.
        """
        logs = _log_intervals(self.judged, low_ms, high_ms)
        return _spread(logs) if len(logs) > 1 and 2 * len(logs) >= len(self.judged) - 1 else None

    @cached_property
    def any_interval_log_sd(self) -> float | None:
        """The same over all judged intervals, of whatever length; None for fewer than two."""
        intervals = [two.at_ms - one.at_ms for one, two in pairwise(self.judged) if one.epoch == two.epoch]
        logs = [log(interval) for interval in intervals if interval > 0]
        return _spread(logs) if len(logs) > 1 else None

    def codeless_log_sd(self, high_ms: int, least: int) -> float | None:
        """Return the same for keys without a code, held or not; None for fewer intervals than `least`.

        Intervals under 70 ms (171 words a minute) are excluded: dictation programs insert their phrases that fast.
        """
        logs = _log_intervals([down for down in self.downs if not down.event.code], _HANDED_OVER_MS, high_ms)
        return _spread(logs) if len(logs) >= max(2, least) else None

    @cached_property
    def _pairs(self) -> tuple[dict[str, list[int]], list[int], int]:
        """Return holds by code; times from a keyup to the next keydown; keydowns while another was down.

        Modifiers do not count, nor holds of keys that make no text: input methods inject Backspace to replace letters.
        """
        texts = {id(down) for down in self.judged}
        holds: dict[str, list[int]] = {}
        handovers: list[int] = []
        rollovers = 0
        held: dict[str, tuple[int, bool]] = {}
        released: int | None = None
        epoch = -1
        for press, name in _named(self.presses):
            if press.epoch != epoch:
                epoch, released = press.epoch, None
                held.clear()
            if type(press) is Up:
                pressed = held.pop(name, None)
                if pressed is not None:
                    if pressed[1]:
                        holds.setdefault(press.event.code, []).append(press.at_ms - pressed[0])
                    released = press.at_ms
            elif type(press) is Down and not press.event.flags & KeyFlag.REPEAT and press.event.key not in _MODIFIERS:
                if held:
                    rollovers += 1
                elif released is not None and id(press) in texts:
                    handovers.append(press.at_ms - released)
                held[name] = press.at_ms, id(press) in texts
        return holds, handovers, rollovers

    @cached_property
    def holds_ms(self) -> list[int]:
        """From keydown to keyup of the same key."""
        return [hold for holds in self.holds_by_code.values() for hold in holds]

    @property
    def holds_by_code(self) -> dict[str, list[int]]:
        """The same for each key by its code; keys without one are together."""
        return self._pairs[0]

    @property
    def handovers_ms(self) -> list[int]:
        """From a keyup with no key left down to the next keydown."""
        return self._pairs[1]

    @property
    def handover_median_ms(self) -> float | None:
        """Median of the hand-overs, None without any."""
        return median(self.handovers_ms) if self.handovers_ms else None

    @property
    def rollovers(self) -> int:
        """Keydowns while another key was still down."""
        return self._pairs[2]

    @property
    def hold_median_ms(self) -> float | None:
        """Median hold, None without any."""
        return median(self.holds_ms) if self.holds_ms else None

    @property
    def hold_cv(self) -> float | None:
        """Coefficient of variation of the holds, None where undefined."""
        mean = fmean(self.holds_ms) if self.holds_ms else 0.0
        return _spread(self.holds_ms) / mean if mean > 0 else None


def _named(presses: Iterable[Press]) -> Iterator[tuple[Press, str]]:
    """Give each press a name that its keydown and keyup share: the code, or a number where there is none.

    Keys without a code are assumed to be released in the order in which they were pressed.
    """
    down: deque[str] = deque()
    epoch = -1
    for number, press in enumerate(presses):
        if press.epoch != epoch:
            epoch = press.epoch
            down.clear()
        if press.event.code or (type(press) is Down and press.event.flags & KeyFlag.REPEAT):
            yield press, press.event.code
        elif type(press) is Down:
            down.append(str(number))
            yield press, down[-1]
        else:
            yield press, down.popleft() if down else ""


def longest_interval_ms(intervals: Sequence[int], high_ms: int) -> int:
    """Return the longest interval that counts as typing; longer ones are pauses.

    Slow typists' usual intervals reach `high_ms`, and cutting them off would make any typist look even; then it is four
    times the median. Raises StatisticsError without intervals.
    """
    return max(high_ms, _SLOW * round(median(intervals)))


def _log_intervals(downs: Sequence[Down], low_ms: int, high_ms: int) -> list[float]:
    """Return natural logs of the intervals within bounds, from keydown to keydown of an epoch.

    The upper bound leaves out pauses.
    """
    intervals = [two.at_ms - one.at_ms for one, two in pairwise(downs) if one.epoch == two.epoch]
    if intervals:
        high_ms = longest_interval_ms(intervals, high_ms)
    return [log(interval) for interval in intervals if interval > 0 and low_ms <= interval <= high_ms]


def _spread(values: Sequence[float]) -> float:
    """Return the population's standard deviation; statistics.pstdev is exact and three times slower."""
    mean = fmean(values)
    return sqrt(fsum((value - mean) ** 2 for value in values) / len(values))
