"""Derive absences, copies, pastes and the kind of focus from the events of a replay."""

from bisect import bisect_right
from collections.abc import Sequence

from keytrail.provenance.replay.trace import Moment, Trace
from keytrail.provenance.rules.facts import Absence, Clip
from keytrail.provenance.wire.events import (
    Arrival,
    Copy,
    Cut,
    Drop,
    Event,
    Focus,
    KeyDown,
    KeyFlag,
    Paste,
    PasteFlag,
    Visibility,
)

RECENT_MS = 60_000
"""An absence explains a paste that follows its end within this time."""
_TASK = frozenset({"source", "instructions"})
_BEYOND_UNITS = 20
"""As the shortest passage of the item that is recognised in a longer paste (`Limits.source_run`)."""
_LAG_MOST_MS = 1_000
"""A paste later than this after the V belongs to another shortcut."""
_AWAY = frozenset({"hidden", "pagehide", "freeze"})


def absences(moments: Sequence[Moment], end_ms: int) -> list[Absence]:
    """Return the times when the window had lost the focus or the page was hidden; both are logged separately and merged
    here.

    A paste, drop or focus of the answer shows that the person is back even without an event that says so.
    """
    found: list[Absence] = []
    away: set[str] = set()
    since = 0
    epoch = 0
    for at_ms, number, event in moments:
        was_away = bool(away)
        if number != epoch:
            epoch = number
            away.clear()
        _follow(event, away)
        if away and not was_away:
            since = at_ms
        elif was_away and not away and at_ms > since:
            found.append(Absence(since, at_ms))
    if away and end_ms > since:
        found.append(Absence(since, end_ms))
    return found


def _follow(event: Event, away: set[str]) -> None:
    if type(event) is Focus and event.target == "window":
        (away.discard if event.state else away.add)("window")
    elif type(event) is Focus and event.state and event.has_focus:
        away.clear()
    elif type(event) is Visibility:
        (away.add if event.state in _AWAY else away.discard)("page")
    elif type(event) is Paste or type(event) is Drop:
        away.clear()


def copies(moments: Sequence[Moment], item_units: int, *, prevented: bool = False) -> list[Clip]:
    """Return copies and cuts, in order, with the share of the item that those outside the answer may have taken.

    With `prevented` the study's rules let nothing of the item be copied, and attempts are left out.
    """
    return [
        Clip(
            at_ms,
            "cut" if type(event) is Cut else "copy",
            event.where,
            event.length,
            item_share=min(1.0, event.length / max(1, item_units)) if event.where in _TASK else 0.0,
        )
        for at_ms, _, event in moments
        if (type(event) is Copy or type(event) is Cut) and not (prevented and takes_item(event))
    ]


def copies_refused(moments: Sequence[Moment]) -> int:
    """Return attempts to copy the item, where the study's rules prevent them."""
    return sum((type(event) is Copy or type(event) is Cut) and takes_item(event) for _, _, event in moments)


def takes_item(event: Copy | Cut) -> bool:
    """Return whether a copy includes part of the item; one that also includes the instructions is named after these.

    It is then longer than its part of the instructions, by more than the line ends between paragraphs.
    """
    beyond = event.length - (event.end - event.start)
    return event.where == "source" or (event.where == "instructions" and beyond >= _BEYOND_UNITS)


def pastes(moments: Sequence[Moment], away: Sequence[Absence]) -> list[Clip]:
    """Return pastes and drops that the page allowed, with the absence just before each."""
    return [
        Clip(at_ms, "drop" if type(event) is Drop else "paste", "", event.length, away_before(at_ms, away))
        for at_ms, _, event in moments
        if type(event) is Drop or (type(event) is Paste and not event.flags & PasteFlag.PREVENTED)
    ]


def pastes_of_the_page(moments: Sequence[Moment]) -> list[tuple[int, bool]]:
    """Return the times of pastes and drops, and whether each inserts what was copied or cut elsewhere on the page."""
    copied: set[tuple[int, int]] = set()
    found: list[tuple[int, bool]] = []
    for at_ms, _, event in moments:
        if (type(event) is Copy or type(event) is Cut) and event.where == "other":
            copied.add((event.length, event.hash))
        elif type(event) is Paste or type(event) is Drop:
            found.append((at_ms, (event.length, event.hash) in copied))
    return found


def refused(moments: Sequence[Moment]) -> int:
    """Return pastes that the study's rules prevented."""
    return sum(type(event) is Paste and bool(event.flags & PasteFlag.PREVENTED) for _, _, event in moments)


def paste_lags(trace: Trace) -> list[int]:
    """Return, for each paste by shortcut, the time from the V to the paste event.

    People's lags are under 105 ms; a constant of 250 to 330 ms was shared by nine worker ids of one study [D].
    """
    shortcuts = [press.at_ms for press in trace.presses if type(press.event) is KeyDown and _is_paste_key(press.event)]
    found = []
    for at_ms, _, event in trace.moments:
        before = bisect_right(shortcuts, at_ms) - 1
        if type(event) is Paste and before >= 0 and at_ms - shortcuts[before] <= _LAG_MOST_MS:
            found.append(at_ms - shortcuts[before])
    return found


def _is_paste_key(event: KeyDown) -> bool:
    return event.key in {"v", "V"} and bool(event.flags & (KeyFlag.CTRL | KeyFlag.META))


def away_before(at_ms: int, away: Sequence[Absence]) -> int:
    """Return the length of the absence that ended within the minute before; 0 without one."""
    last = bisect_right(away, at_ms, key=lambda gone: gone.to_ms) - 1
    return away[last].ms if last >= 0 and away[last].to_ms >= at_ms - RECENT_MS else 0


def focus_by(moments: Sequence[Moment]) -> str:
    """Return `gesture` if a person ever focused the box, `script` if only scripts did, empty if the log cannot tell."""
    ways = {event.how for _, _, event in moments if type(event) is Arrival}
    if not ways:
        return ""
    return "script" if ways == {"script"} else "gesture"


def focused_at(moments: Sequence[Moment]) -> list[int]:
    """Return when the answer box first got the focus in each page load that records it."""
    first: dict[int, int] = {}
    for at_ms, epoch, event in moments:
        if type(event) is Arrival or (type(event) is Focus and event.state and event.target == "answer"):
            first.setdefault(epoch, at_ms)
    return list(first.values())
