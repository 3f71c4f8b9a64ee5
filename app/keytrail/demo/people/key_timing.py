"""Give keys their times: intervals, holds, rollover and modifiers."""

import math
from dataclasses import replace
from random import Random
from typing import Final

from keytrail.demo.people.actions import Action, PressKey, ReleaseKey
from keytrail.demo.people.keyboard import Key, layout
from keytrail.demo.people.profiles import Person

_FREQUENT: Final = (
    "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic "
    "ne ea ra ce li ch ll be ma si om ur"
)
_HESITATES: Final = 0.035
_SHIFTS: Final = ("ShiftLeft", "ShiftRight")


def pair_offset(before: Key, key: Key) -> float:
    """Return how much longer (in log) a key takes after another one; signs from Dhakal et al. 2018, sizes our own.

    Alternating hands and frequent pairs are fast; one finger on two keys and jumps over a row are slow.
    """
    offset = 0.0
    if before.right != key.right:
        offset -= 0.2
    elif before.finger == key.finger and before.code != key.code:
        offset += 0.2
    if abs(before.row - key.row) > 1:
        offset += 0.1
    if key.char != " " and f"{before.char}{key.char}".lower() in _FREQUENT:
        offset -= 0.2
    return offset


class KeyTiming:
    """Press keys one after the other and keep the time. Events may be read once, at the end."""

    def __init__(self, person: Person, rng: Random) -> None:
        self.now = 0.0
        self._person = person
        self._rng = rng
        self._events: list[tuple[float, int, Action]] = []
        self._down: dict[str, tuple[int, float]] = {}  # code -> index of its KeyUp in _events, time of its keydown
        self._before: Key | None = None
        self._tempo = 0.0

    def wait(self, milliseconds: float) -> None:
        """Advance the simulated clock."""
        self.now += milliseconds

    def strike(self, char: str, haste: float = 1.0) -> PressKey:
        """Type one character. `haste` multiplies the interval before it."""
        key = layout(self._person.language)[char]
        self.wait(self._interval(key) * haste)
        self._shift_for(key)
        self._before = key
        name = "Enter" if char == "\n" else char
        return self._press(key.code, name, char)

    def tap(self, code: str, key: str, interval_ms: float) -> PressKey:
        """Press a key that types nothing, about `interval_ms` after the previous one."""
        self.wait(interval_ms * self._rng.lognormvariate(0, 0.18))
        self._lift_shift()
        self._before = None
        return self._press(code, key)

    def hold_on(self, code: str, key: str, repeats: int) -> list[PressKey]:
        """Hold a key so that it repeats, 500 ms after the first time and then 30 times a second."""
        downs = [self.tap(code, key, 180)]
        for number in range(repeats):
            self.wait(500 if number == 0 else 33)
            downs.append(PressKey(code=code, key=key, repeat=True))
            self._add(downs[-1])
        place, since = self._down[code]
        self._events[place] = (self.now + 60, place, ReleaseKey(code=code, key=key))
        self._down[code] = (place, since)
        self.wait(60)
        return downs

    def chord(self, code: str, key: str, *, shift: bool = False) -> PressKey:
        """Press a key together with Ctrl (and Shift), and release all."""
        self.settle()
        held = [("ControlLeft", "Control"), *([("ShiftLeft", "Shift")] if shift else [])]
        for modifier, name in held:
            self.wait(self._rng.uniform(60, 170))
            self._add(PressKey(code=modifier, key=name))
        self.wait(self._rng.uniform(60, 160))
        down = PressKey(code=code, key=key, ctrl=True, shift=shift)
        self._add(down)
        self.wait(self._hold())
        self._add(ReleaseKey(code=code, key=key))
        for modifier, name in reversed(held):
            self.wait(self._rng.uniform(20, 90))
            self._add(ReleaseKey(code=modifier, key=name))
        return down

    def other(self, action: Action) -> Action:
        """Do something other than a key press, once all keys are up."""
        self.settle()
        self._add(action)
        return action

    def settle(self) -> None:
        """Wait until every key is up."""
        self._lift_shift()
        self.now = max([self.now, *(self._events[place][0] for place, _ in self._down.values())])
        self._down.clear()
        self._before = None

    def actions(self) -> tuple[Action, ...]:
        """Return everything so far in order of time, with the waits between and the modifiers that were down."""
        self.settle()
        held: set[str] = set()
        clock, done = 0, []
        for time, _, action in sorted(self._events, key=lambda event: event[:2]):
            at = max(clock, round(time))
            done.append(_with_modifiers(replace(action, wait_ms=at - clock), held))
            clock = at
        return tuple(done)

    def _press(self, code: str, key: str, text: str = "") -> PressKey:
        self._release(code)
        down = PressKey(code=code, key=key, text=text)
        self._add(down)
        self._down[code] = (len(self._events), self.now)
        self._add(ReleaseKey(code=code, key=key), self.now + self._hold())
        return down

    def _release(self, code: str) -> None:
        """Release a key that is still down, because it must come up before it can go down again."""
        if code not in self._down:
            return
        place, since = self._down.pop(code)
        up = min(self._events[place][0], max(since + 25, self.now - 15))
        self._events[place] = (up, place, self._events[place][2])
        self.now = max(self.now, up + 8)

    def _shift_for(self, key: Key) -> None:
        wanted = _SHIFTS[0 if key.right or not self._person.both_shifts else 1] if key.shift else None
        held = next((code for code in _SHIFTS if code in self._down), None)
        if held and (wanted is None or held != wanted):
            self._lift_shift()
            held = None
        if wanted and held is None:
            self._add(PressKey(code=wanted, key="Shift"))
            self._down[wanted] = (len(self._events), self.now)
            self._add(ReleaseKey(code=wanted, key="Shift"), float("inf"))
            self.wait(self._rng.lognormvariate(4.4, 0.3))

    def _lift_shift(self) -> None:
        for code in _SHIFTS:
            if code in self._down:
                place, _ = self._down.pop(code)
                self.now += self._rng.uniform(5, 30)
                self._events[place] = (self.now - 2, place, self._events[place][2])

    def _interval(self, key: Key) -> float:
        person, rng = self._person, self._rng
        self._tempo = 0.92 * self._tempo + rng.gauss(0, 0.04)
        log = self._tempo + rng.gauss(0, person.spread)
        if self._before is not None:
            log += person.coupling * pair_offset(self._before, key)
            if self._before.char == " ":
                log += 0.2
        if key.char.isdigit() or not (key.char.isalnum() or key.char == " "):
            log += 0.35
        interval = person.interval_ms * math.exp(min(log, 1.6))
        if rng.random() < _HESITATES:
            interval += rng.lognormvariate(5.9, 0.5)  # a short hesitation, a third to one second
        return max(interval, 28)

    def _hold(self) -> float:
        return min(max(self._rng.lognormvariate(0, 0.2) * self._person.hold_ms, 38), 190)

    def _add(self, action: Action, time: float | None = None) -> None:
        self._events.append((self.now if time is None else time, len(self._events), action))


def _with_modifiers(action: Action, held: set[str]) -> Action:
    if not isinstance(action, PressKey | ReleaseKey):
        return action
    if isinstance(action, PressKey):
        held.add(action.code)
    else:
        held.discard(action.code)
    shift = bool(held.intersection(_SHIFTS))
    return replace(action, shift=shift, ctrl="ControlLeft" in held)
