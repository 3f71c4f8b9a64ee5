"""Rules on how the writing went: they hint at copying out, and never say more than that it is worth a look."""

from keytrail.provenance.kinds import Family, Origin, Severity
from keytrail.provenance.limits import Limits
from keytrail.provenance.prose import clock, count, lasting, percent
from keytrail.provenance.report import Finding
from keytrail.provenance.rules.facts import Facts
from keytrail.provenance.rules.unusual import unusual_in


def linear_production(facts: Facts, limits: Limits) -> Finding | None:
    """Typed almost without pauses, as one copies out a text.

    1 of 80 summaries and 0.4 % of essays that people composed are this even; 52 % of transcriptions are [D].
    """
    words = sum(len(facts.text[start:end].split()) for start, end in facts.spans_of(Origin.TYPED))
    pauses = facts.rhythm.pauses(limits.linear_pause_ms, limits.linear_short_ms)
    if words < limits.linear_words or pauses is None or facts.touch:
        return None
    share, mean_ms = pauses
    if share >= limits.linear_pause_share or mean_ms >= limits.linear_mean_pause_ms:
        return None
    return Finding(
        rule="linear_production",
        family=Family.LINEARITY,
        severity=Severity.REVIEW,
        explanation=(
            f"{count(words, 'word')} were typed with little pause: {percent(share)} of the time in pauses over "
            f"{limits.linear_pause_ms / 1000:g} s, {mean_ms / 1000:.2f} s in the mean pause. People who compose pause "
            "more; people who copy out often do not."
        ),
        spans=facts.spans_of(Origin.TYPED),
        figures={"words": words, "pause_share": round(share, 4), "mean_pause_ms": round(mean_ms, 1)},
    )


def no_reading(facts: Facts, limits: Limits) -> Finding | None:
    """Typing began before the item could be read (600 words a minute, at least 5 s). People may read it elsewhere.

    A study that sets the speed to 0 asks for the least time alone.
    """
    if not facts.typed_ms or facts.integrity.by_alignment:
        return None
    words = len(facts.item_text.split())
    reading = words * 60_000 / limits.reading_wpm if limits.reading_wpm else 0
    needed = max(limits.reading_least_ms, round(reading))
    first = facts.typed_ms[0]
    if first >= needed:
        return None
    return Finding(
        rule="no_reading",
        family=Family.LINEARITY,
        severity=Severity.INFO,
        explanation=f"Typing began at {clock(first)}; reading {count(words, 'word')} takes at least {lasting(needed)}.",
        times_ms=(first,),
        figures={"first_ms": first, "needed_ms": needed, "words": words},
    )


def unusual_characters(facts: Facts, limits: Limits) -> Finding | None:
    """Typographic marks, special spaces or Markdown in text that no key made [L], as text from elsewhere has them."""
    arrived = facts.spans_of(Origin.EXTERNAL, Origin.NOKEY, Origin.SCRIPT, Origin.SILENT)
    found = [
        (name, (start + at, start + at + size))
        for start, end in arrived
        for name, at, size in unusual_in(facts.text[start:end])
    ]
    if len(found) < limits.unusual_marks:
        return None
    names = sorted({name for name, _ in found})
    return Finding(
        rule="unusual_characters",
        family=Family.TEXT,
        severity=Severity.INFO,
        explanation=f"Text that no key made contains {', '.join(names)} ({count(len(found), 'place')}).",
        spans=tuple(sorted(span for _, span in found)),
        figures={"places": len(found), "kinds": ", ".join(names)},
    )
