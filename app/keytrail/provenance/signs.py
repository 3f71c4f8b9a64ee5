"""Count weak signs of a program in the trace of a replay; rules/weak_signs.py judges them."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

from keytrail.provenance.replay.trace import Down, Trace
from keytrail.provenance.rules.facts import Signs
from keytrail.provenance.wire.events import Focus, KeyDown, KeyFlag, Paste, PasteFlag, Pointer

_SHORTCUT_BEFORE_MS: Final = 2_000
"""The time between a shortcut and its paste is under 105 ms for nearly everybody, at most 330 [D]; busy machines take
longer."""
_GESTURE_BEFORE_MS: Final = 30_000
_GESTURE_AFTER_MS: Final = 1_500
"""Pointer sums come once a second; a menu may stay open for a while."""
_MENU_KEYS: Final = frozenset({"ContextMenu", "F10", "Paste"})


def signs_of(trace: Trace) -> Signs:
    """Count the signs. Linear in the trace."""
    downs = [press for press in trace.presses if type(press) is Down]
    pointers = [(at_ms, event) for at_ms, _, event in trace.moments if type(event) is Pointer]
    return Signs(
        keys_without_code=sum(not press.event.code and len(press.event.key) == 1 for press in downs),
        shifted_without_shift=_shifted_without_shift(downs),
        pastes_without_gesture=_pastes_without_gesture(trace, downs, pointers),
        clicks=int(sum(event.clicks for _, event in pointers)),
        touches=int(sum(event.touches for _, event in pointers)),
        moves=int(sum(event.moves for _, event in pointers)),
    )


def _shifted_without_shift(downs: Sequence[Down]) -> int:
    """Count capitals of keys with a code that have the flag of Shift, in page loads in which no Shift key went down.

    Sticky keys press and release Shift before the letter, and a Shift that was held before the box got the focus
    explains one word: in both cases Shift went down in the page load.
    """
    with_shift = {press.epoch for press in downs if press.event.key == "Shift"}
    return sum(
        press.epoch not in with_shift
        and bool(press.event.code)
        and len(press.event.key) == 1
        and press.event.key.isupper()
        and bool(press.event.flags & KeyFlag.SHIFT)
        and not press.event.flags & (KeyFlag.CAPS_LOCK | KeyFlag.CTRL | KeyFlag.META)
        for press in downs
    )


def _pastes_without_gesture(trace: Trace, downs: Sequence[Down], pointers: Sequence[tuple[int, Pointer]]) -> int:
    """Count pastes with neither a shortcut nor anything that opens a menu: no click, no touch, no menu key, no other
    window.

    The browser's own menu bar takes the focus from the window; a context menu needs a click, a touch or its key.
    """
    keys = [press.at_ms for press in downs if _may_paste(press.event)]
    hands = [at_ms for at_ms, event in pointers if event.clicks or event.touches]
    windows = [at_ms for at_ms, _, event in trace.moments if type(event) is Focus and event.target == "window"]
    pastes = [
        at_ms
        for at_ms, _, event in trace.moments
        if type(event) is Paste and not event.flags & (PasteFlag.PREVENTED | PasteFlag.UNTRUSTED)
    ]
    return sum(
        not _within(keys, at_ms - _SHORTCUT_BEFORE_MS, at_ms)
        and not _within(hands, at_ms - _GESTURE_BEFORE_MS, at_ms + _GESTURE_AFTER_MS)
        and not _within(windows, at_ms - _GESTURE_BEFORE_MS, at_ms)
        for at_ms in pastes
    )


def _may_paste(event: KeyDown) -> bool:
    by_shortcut = event.flags & (KeyFlag.CTRL | KeyFlag.META) or (event.key == "Insert" and event.flags & KeyFlag.SHIFT)
    return bool(by_shortcut) or event.key in _MENU_KEYS


def _within(times: Sequence[int], from_ms: int, to_ms: int) -> bool:
    return bisect_left(times, from_ms) < bisect_right(times, to_ms)
