"""Rules on the mechanics of key presses. They distinguish machines from hands, not people from each other."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final, NamedTuple

from keytrail.messages import message
from keytrail.provenance.formatting import count
from keytrail.provenance.kinds import Family, Origin, Severity
from keytrail.provenance.limits import Limits
from keytrail.provenance.report import Figure, Finding
from keytrail.provenance.rules.applying import why_no_holds, why_no_intervals, why_no_pairs
from keytrail.provenance.rules.digraphs import coupling, within_words
from keytrail.provenance.rules.facts import KEYS_PER_WORD, MINUTE_MS, Facts
from keytrail.provenance.rules.handed_over import handed_over
from keytrail.provenance.rules.rule import rule

_OFTEN: Final = 5
_HELD_KEYS: Final = 3
_HELD_SHARE: Final = 0.1
_HELD_MS: Final = 53
"""Presses of a key from which on it is judged by itself; keys, and share of all presses, that a hand must have held for
as long as the person with the shortest holds of 2,167 [D]."""
_INNOCENT: Final[Mapping[str, str]] = {
    "ghost_keys": "Remote desktops, text expanders, dictation programs, stenography machines, programmable keyboards "
    "and tools that type for people release keys immediately.",
    "machine_rhythm": "A few people type very evenly; speaking boards, keyboards that are worked by gaze or dwelling, "
    "slow keys and remote desktops may deliver keys at regular intervals.",
    "no_digraph_coupling": "People who type with few fingers, or on an unusual keyboard, have a rhythm of their own.",
    "impossible_speed": "Text expanders, dictation programs, input methods, stenography machines and slow connections "
    "may deliver many keys at once.",
    "capitals_without_shift": "Sticky keys, on-screen keyboards and remote desktops may not report the Shift key.",
    "scripted_focus": "Accessibility tools and extensions move the focus for people.",
    "automation": "Some accessibility and testing setups control a browser for a person.",
}
"""What honest people have that looks the same; a reviewer reads it before the observation."""


def _found(
    rule: str, severity: Severity, explanation: str, figures: dict[str, Figure], times_ms: tuple[int, ...] = ()
) -> Finding:
    told = f"{_INNOCENT[rule]} {explanation}"
    return Finding(rule, Family.MECHANICS, severity, told, times_ms=times_ms, figures=figures)


def _most(severity: Severity, facts: Facts, limits: Limits) -> Severity:
    """Return a severity, or review where the keys may be those of a tool that types for a person."""
    return Severity.REVIEW if severity is Severity.HIGH and handed_over(facts, limits) else severity


@rule(
    "Key presses too short for fingers",
    Family.MECHANICS,
    Severity.REVIEW,
    Severity.HIGH,
    cause="The lowest median of 2,167 people was 53 ms. Remote desktops and accessibility tools may cause it.",
    for_worker=message(
        "Keys were released sooner than fingers usually release them (half of them within "
        "%(median_hold_ms)s). Remote desktops and some aids do this."
    ),
)
def ghost_keys(facts: Facts, limits: Limits) -> Finding | None:
    """Keys were held for less time than fingers hold them.

    Tools hold keys 0.7 to 25 ms in the median [L]; the lowest median of 2,167 people was 53 ms [D].
    """
    hold = facts.rhythm.hold_median_ms
    if why_no_holds(facts, limits) or hold is None or hold >= limits.ghost_hold_ms:
        return None
    pairs = len(facts.rhythm.holds_ms)
    return _found(
        "ghost_keys",
        Severity.REVIEW if _some_keys_are_held(facts) else _most(Severity.HIGH, facts, limits),
        f"The median of {count(pairs, 'key')} was held for {hold:g} ms; people hold keys for 53 ms or longer.",
        {"median_hold_ms": hold, "pairs": pairs},
    )


def _some_keys_are_held(facts: Facts) -> bool:
    """Return whether several keys are usually held as by a hand, while others are released at once.

    A programmable keyboard sends a key that has two meanings, a letter and a modifier, only when it is released.
    Programs treat all keys alike.
    """
    often = [holds for code, holds in facts.rhythm.holds_by_code.items() if code and len(holds) >= _OFTEN]
    held = [holds for holds in often if median(holds) >= _HELD_MS]
    return len(held) >= _HELD_KEYS and sum(map(len, held)) >= _HELD_SHARE * len(facts.rhythm.holds_ms)


def even_intervals(sd: float | None, limits: Limits) -> Severity | None:
    """Return the severity of a standard deviation of log intervals; the lowest of 3,600 people's was 0.314 [D]."""
    if sd is None or sd >= limits.rhythm_review_log_sd:
        return None
    return Severity.HIGH if sd < limits.rhythm_log_sd else Severity.REVIEW


@rule(
    "Machine-like rhythm",
    Family.MECHANICS,
    Severity.REVIEW,
    Severity.HIGH,
    cause="The lowest value of 3,600 people was 0.314.",
    for_worker=message(
        "Your keys came or were held unusually evenly (%(keys)s keys). A few people type very evenly, and "
        "remote connections can cause this."
    ),
)
def machine_rhythm(facts: Facts, limits: Limits) -> Finding | None:
    """The rhythm is more even than hands can keep it: intervals, holds, or no time between keys."""
    rhythm = facts.rhythm
    signs: list[str] = []
    severities: list[Severity] = []
    figures: dict[str, Figure] = {"keys": len(rhythm.judged)}
    sd = rhythm.log_interval_sd(limits.rhythm_low_ms, limits.rhythm_high_ms)
    even = None if why_no_intervals(facts, limits) else even_intervals(sd, limits)
    if even is Severity.HIGH and median(rhythm.intervals_ms) >= limits.pointed_ms:
        even = Severity.REVIEW  # a dwell time, or the delay of slow keys, is the same for every key
    if even is not None and sd is not None:
        signs.append(f"the intervals between keys hardly vary (standard deviation of their logarithm {sd:.2f})")
        severities.append(even)
        figures["log_interval_sd"] = round(sd, 4)
    hidden = (
        None if facts.touch else rhythm.hidden_log_sd(limits.rhythm_low_ms, limits.rhythm_high_ms, limits.rhythm_keys)
    )
    if hidden is not None and hidden < limits.hidden_log_sd:
        signs.append(f"the intervals between keys that the browser hides hardly vary (the same figure is {hidden:.2f})")
        severities.append(Severity.REVIEW)
        figures["hidden_log_interval_sd"] = round(hidden, 4)
    for sign, name, value in _equal_holds(facts, limits):
        signs.append(sign)
        severities.append(Severity.HIGH)
        figures[name] = round(value, 4)
    if not signs:
        return None
    sentence = " and ".join(signs)
    severity = Severity.HIGH if Severity.HIGH in severities else Severity.REVIEW
    return _found("machine_rhythm", _most(severity, facts, limits), f"{sentence[0].upper()}{sentence[1:]}.", figures)


def _equal_holds(facts: Facts, limits: Limits) -> list[tuple[str, str, float]]:
    """Return signs of a machine in holds and hand-overs: a sentence, and the figure with its name."""
    rhythm, found = facts.rhythm, []
    if why_no_holds(facts, limits):
        return []
    hold, spread, cv = rhythm.hold_median_ms or 0, rhythm.any_interval_log_sd or 0, rhythm.hold_cv
    if hold < limits.ghost_hold_ms and spread >= limits.rhythm_review_log_sd:
        # A remote desktop releases at once what a hand types in its own rhythm. That is one sign, ghost_keys.
        return []
    if cv is not None and cv < limits.hold_cv:
        found.append((f"all keys were held equally long (coefficient of variation {cv:.2f})", "hold_cv", cv))
    handover = rhythm.handover_median_ms
    many = len(rhythm.handovers_ms) >= limits.ghost_pairs
    if many and handover is not None and handover < limits.handover_ms and not rhythm.rollovers:
        sign = f"each key was pressed {handover:g} ms after the one before was released"
        found.append((sign, "handover_ms", handover))
    return found


@rule(
    "Rhythm independent of the letters",
    Family.MECHANICS,
    Severity.REVIEW,
    Severity.HIGH,
    cause="In all data sets together: 2 of 3,477 honest sessions. Not applied to slow typists.",
    for_worker=message(
        "The speed of your typing did not depend on the letters as it usually does (%(pairs)s pairs of "
        "letters). An unusual keyboard or way of typing can cause this."
    ),
)
def no_digraph_coupling(facts: Facts, limits: Limits) -> Finding | None:
    """Fast typing whose letter pairs lack the population's differences, like intervals drawn by a program.

    At a rank correlation below 0.10: 2 of 3,477 honest sessions, 91 to 94 % of sessions whose intervals were shuffled
    [D]. High together with another rhythm finding.
    """
    if not facts.population or why_no_pairs(facts, limits):
        return None
    pairs = within_words(facts.rhythm.judged)
    correlation = coupling(pairs, facts.population)
    if correlation is None or correlation >= limits.digraph_correlation:
        return None
    ghosts = ghost_keys(facts, limits)
    supported = (ghosts is not None and ghosts.severity is Severity.HIGH) or machine_rhythm(facts, limits) is not None
    return _found(
        "no_digraph_coupling",
        _most(Severity.HIGH, facts, limits) if supported else Severity.REVIEW,
        f"The speed of {count(len(pairs), 'letter pair')} does not vary with the keyboard's layout as it does for "
        f"other people (rank correlation {correlation:.2f}).",
        {"pairs": len(pairs), "correlation": round(correlation, 4)},
    )


@rule(
    "Faster than people type",
    Family.MECHANICS,
    Severity.REVIEW,
    Severity.HIGH,
    cause="The fastest stretch of people in two field studies was 151 words a minute.",
    for_worker=message(
        "A passage was typed very fast (%(words_per_minute)s words a minute). Text expanders and slow "
        "connections can cause this."
    ),
)
def impossible_speed(facts: Facts, limits: Limits) -> Finding | None:
    """A stretch was typed faster than people type.

    Held keys do not count. The best windows of 50 characters reach 151 words per minute in both field sets [D]. High
    only where such stretches are a good part of the typed text: a text expander that presses keys is as fast. Keys that
    an input method hides are judged alike, for review, as no data set has them.
    """
    if facts.touch:
        return None
    typed, hidden = (_fastest(times, limits) for times in (facts.typed_ms, facts.rhythm.hidden_ms))
    fastest = max((found for found in (typed, hidden) if found), default=None)
    if fastest is None or fastest.wpm <= limits.speed_review_wpm:
        return None
    high = typed is not None and typed.share >= limits.speed_high_share
    what = f"{fastest.keys} characters were typed" if fastest is typed else f"{fastest.keys} keys were pressed"
    return _found(
        "impossible_speed",
        _most(Severity.HIGH, facts, limits) if high else Severity.REVIEW,
        f"{what} in {fastest.ms / 1000:.1f} s ({fastest.wpm:,.0f} words per minute); "
        "the fastest such stretch of people in two field studies was 151 words per minute.",
        {"words_per_minute": round(fastest.wpm, 1), "window_units": fastest.keys, "window_ms": fastest.ms},
        (fastest.at_ms,),
    )


class _Fastest(NamedTuple):
    """The fastest stretch of `keys` keys, and the share of all keys in stretches above the bound of a high finding."""

    wpm: float
    at_ms: int
    ms: int
    keys: int
    share: float


def _fastest(times: Sequence[int], limits: Limits) -> _Fastest | None:
    window = max(2, limits.speed_window)
    spans = [times[at + window - 1] - times[at] for at in range(len(times) - window + 1)]
    if not spans:
        return None
    per_minute = (window - 1) / KEYS_PER_WORD * MINUTE_MS
    covered = upto = 0
    for at, span in enumerate(spans):
        if per_minute / max(1, span) > limits.speed_high_wpm:
            covered += at + window - max(at, upto)
            upto = at + window
    shortest = min(spans)
    wpm = min(9_999.0, per_minute / max(1, shortest))
    return _Fastest(wpm, times[spans.index(shortest)], shortest, window, covered / len(times))


@rule(
    "Capitals without Shift",
    Family.MECHANICS,
    Severity.REVIEW,
    cause="Remote desktops and sticky keys may cause it.",
    for_worker=message(
        "Capital letters came without the Shift key (%(capitals)s). On-screen keyboards and sticky keys can cause this."
    ),
)
def capitals_without_shift(facts: Facts, limits: Limits) -> Finding | None:
    """Capital letters came from keys while neither Shift nor CapsLock was on, as some tools type them [L]."""
    capitals = facts.rhythm.bare_capitals
    if not facts.fine_pointer or len(capitals) < limits.capitals:
        return None
    return _found(
        "capitals_without_shift",
        Severity.REVIEW,
        f"{count(len(capitals), 'capital letter')} came from keys with neither Shift nor Caps Lock on.",
        {"capitals": len(capitals)},
        tuple(capitals),
    )


@rule(
    "Answer box focused by a script",
    Family.MECHANICS,
    Severity.REVIEW,
    cause="Accessibility tools may move the focus.",
    for_worker=message(
        "A program, not a pointer, touch or the Tab key, had selected the answer box before you wrote "
        "(%(units)s characters). Accessibility tools do this."
    ),
)
def scripted_focus(facts: Facts, limits: Limits) -> Finding | None:
    """Text came into a box that no pointer, touch or Tab had focused, as with browser drivers [L]."""
    units = facts.units_of(Origin.TYPED, Origin.NOKEY, Origin.IME)
    if facts.focus_by != "script" or units < limits.scripted_focus_units:
        return None
    return _found(
        "scripted_focus",
        Severity.REVIEW,
        f"{count(units, 'character')} came after a script, not a person, had focused the answer box.",
        {"units": units},
    )


@rule(
    "Browser under automation",
    Family.MECHANICS,
    Severity.INFO,
    Severity.REVIEW,
    Severity.HIGH,
    cause="Depends on the study's policy; some accessibility and testing setups report it, too.",
    for_worker=message("Your browser reported that a program controls it. Some accessibility tools do this."),
)
def automation(facts: Facts, limits: Limits) -> Finding | None:
    """The browser says that a program drives it. The study decides the severity (`automation_severity`)."""
    if not facts.webdriver and not facts.declared_agent:
        return None
    told = "that it is under remote control" if facts.webdriver else f"that it is {facts.declared_agent}"
    return _found(
        "automation",
        Severity(limits.automation_severity),
        f"The browser reported {told}.",
        {"webdriver": int(facts.webdriver), "agent": facts.declared_agent},
    )
