"""Rules on how keys were pressed. They tell machines from hands, not one person from another."""

from keytrail.provenance.kinds import Family, Origin, Severity
from keytrail.provenance.limits import Limits
from keytrail.provenance.prose import count
from keytrail.provenance.report import Figure, Finding
from keytrail.provenance.rules.digraphs import coupling, is_qwerty, median_interval, within_words
from keytrail.provenance.rules.facts import Facts


def _found(rule: str, severity: Severity, explanation: str, figures: dict[str, Figure]) -> Finding:
    return Finding(rule, Family.MECHANICS, severity, explanation, figures=figures)


def _holds_can_be_read(facts: Facts, limits: Limits) -> bool:
    """Hold times need a timer that is known to be fine enough, and keys that are released (phones fake both)."""
    fine = facts.tick_ms is not None and facts.tick_ms <= limits.mechanics_tick_ms
    return fine and not facts.touch and len(facts.rhythm.holds_ms) >= limits.ghost_pairs


def ghost_keys(facts: Facts, limits: Limits) -> Finding | None:
    """Keys were held shorter than fingers hold them.

    Tools hold keys 0.7 to 25 ms, people 64 to 100 ms in the median [L].
    """
    hold = facts.rhythm.hold_median_ms
    if not _holds_can_be_read(facts, limits) or hold is None or hold >= limits.ghost_hold_ms:
        return None
    pairs = len(facts.rhythm.holds_ms)
    return _found(
        "ghost_keys",
        Severity.HIGH,
        f"Keys were held for {hold:g} ms in the median over {count(pairs, 'key')}; people hold them 64 to 100 ms.",
        {"median_hold_ms": hold, "pairs": pairs},
    )


def machine_rhythm(facts: Facts, limits: Limits) -> Finding | None:
    """The rhythm is more even than hands can keep it: intervals, holds, or no time between keys.

    No person of 178 and 92 in the field logs had a standard deviation of log intervals below 0.35; their minimum was
    0.378 [D].
    """
    rhythm = facts.rhythm
    signs: list[str] = []
    figures: dict[str, Figure] = {"keys": len(rhythm.downs)}
    sd = rhythm.log_interval_sd(limits.rhythm_low_ms, limits.rhythm_high_ms)
    if len(rhythm.downs) >= limits.rhythm_keys and sd is not None and sd < limits.rhythm_log_sd:
        signs.append(f"the intervals between keys hardly vary (standard deviation of their logarithm {sd:.2f})")
        figures["log_interval_sd"] = round(sd, 4)
    if _holds_can_be_read(facts, limits):
        cv = rhythm.hold_cv
        if cv is not None and cv < limits.hold_cv:
            signs.append(f"all keys were held equally long (coefficient of variation {cv:.2f})")
            figures["hold_cv"] = round(cv, 4)
        handover = rhythm.handover_median_ms
        many = len(rhythm.handovers_ms) >= limits.ghost_pairs
        if many and handover is not None and handover < limits.handover_ms and not rhythm.rollovers:
            signs.append(f"each key went down {handover:g} ms after the one before came up")
            figures["handover_ms"] = handover
    if not signs:
        return None
    sentence = " and ".join(signs)
    return _found("machine_rhythm", Severity.HIGH, f"{sentence[0].upper()}{sentence[1:]}.", figures)


def no_digraph_coupling(facts: Facts, limits: Limits) -> Finding | None:
    """Fast typing whose letter pairs do not have the population's differences.

    AUC 0.990 at 200 pairs against any independent jitter; slow typists show no coupling, hence the gate [D]. Applies to
    English on QWERTY only, and only if the population's figures are given. High together with another rhythm finding.
    """
    applies = bool(facts.population) and facts.language.lower().startswith("en") and is_qwerty(facts.rhythm.downs)
    pairs = within_words(facts.rhythm.downs) if applies else []
    if not pairs or len(pairs) < limits.digraph_count:
        return None
    correlation = coupling(pairs, facts.population)
    fast = median_interval(pairs) <= limits.digraph_median_ms
    if not fast or correlation is None or correlation >= limits.digraph_correlation:
        return None
    supported = ghost_keys(facts, limits) is not None or machine_rhythm(facts, limits) is not None
    return _found(
        "no_digraph_coupling",
        Severity.HIGH if supported else Severity.REVIEW,
        f"The speed of {count(len(pairs), 'letter pair')} does not follow the keyboard as hands do "
        f"(rank correlation with other writers {correlation:.2f}).",
        {"pairs": len(pairs), "correlation": round(correlation, 4)},
    )


def impossible_speed(facts: Facts, limits: Limits) -> Finding | None:
    """A stretch was typed faster than people type.

    Held keys do not count. The best windows of 50 characters reach 151 words per minute in both field sets [D].
    """
    times, window = facts.typed_ms, max(2, limits.speed_window)
    spans = [(times[at + window - 1] - times[at], times[at]) for at in range(len(times) - window + 1)]
    if facts.touch or not spans:
        return None
    shortest, start = min(spans)
    wpm = min(9_999.0, (window - 1) / 5 * 60_000 / max(1, shortest))
    if wpm <= limits.speed_review_wpm:
        return None
    return Finding(
        rule="impossible_speed",
        family=Family.MECHANICS,
        severity=Severity.HIGH if wpm > limits.speed_high_wpm else Severity.REVIEW,
        explanation=(
            f"{window} characters were typed in {shortest / 1000:.1f} s ({wpm:,.0f} words per minute); "
            "the fastest such stretch of people in two field studies was 151 words per minute."
        ),
        times_ms=(start,),
        figures={"words_per_minute": round(wpm, 1), "window_units": window, "window_ms": shortest},
    )


def capitals_without_shift(facts: Facts, limits: Limits) -> Finding | None:
    """Capital letters came from keys while neither Shift nor CapsLock was on, as some tools type them [L]."""
    capitals = facts.rhythm.bare_capitals
    if not facts.fine_pointer or len(capitals) < limits.capitals:
        return None
    return Finding(
        rule="capitals_without_shift",
        family=Family.MECHANICS,
        severity=Severity.REVIEW,
        explanation=f"{count(len(capitals), 'capital letter')} came from keys with neither Shift nor CapsLock on.",
        times_ms=tuple(capitals),
        figures={"capitals": len(capitals)},
    )


def scripted_focus(facts: Facts, limits: Limits) -> Finding | None:
    """Text came into a box that no pointer, touch or Tab had focused, as drivers do it [L]."""
    units = facts.units_of(Origin.TYPED, Origin.NOKEY, Origin.IME)
    if facts.focus_by != "script" or units < limits.scripted_focus_units:
        return None
    return _found(
        "scripted_focus",
        Severity.REVIEW,
        f"{count(units, 'character')} came into a box that a script had focused, not a person.",
        {"units": units},
    )


def automation(facts: Facts, limits: Limits) -> Finding | None:
    """The browser says that a program drives it. What that means is the study's policy (`automation_severity`)."""
    if not facts.webdriver and not facts.declared_agent:
        return None
    told = "that it is under remote control" if facts.webdriver else f"that it is {facts.declared_agent}"
    return _found(
        "automation",
        Severity(limits.automation_severity),
        f"The browser said {told}.",
        {"webdriver": int(facts.webdriver), "agent": facts.declared_agent},
    )
