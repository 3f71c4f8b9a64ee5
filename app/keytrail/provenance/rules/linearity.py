"""Rules on the linearity of writing: they hint at copying out, and are never more than review."""

from keytrail.messages import message
from keytrail.provenance.formatting import clock, count, lasting, percent
from keytrail.provenance.kinds import Family, Origin, Severity
from keytrail.provenance.limits import Limits
from keytrail.provenance.report import Figure, Finding
from keytrail.provenance.rules.applying import typed_words, why_no_copying
from keytrail.provenance.rules.copying import INPUTS, Measures, likeness
from keytrail.provenance.rules.facts import Facts
from keytrail.provenance.rules.flow import linearity_of
from keytrail.provenance.rules.rule import rule
from keytrail.provenance.rules.unusual_characters import unusual_in


@rule(
    "Written in one straight line",
    Family.LINEARITY,
    Severity.REVIEW,
    cause="Planning ahead and typing out one's own notes cause it; a few people write most of their texts like this.",
    for_worker=message(
        "You wrote the text from beginning to end with few pauses and changes (%(words)s words). People who "
        "plan a text first write like this."
    ),
)
def linear_production(facts: Facts, limits: Limits) -> Finding | None:
    """Typed as one copies out a text: the fitted model's likeness (copying.py) is over the threshold.

    Never more than review: some people plan in their heads, or on paper.
    """
    if why_no_copying(facts, limits):
        return None
    measures = linearity_of(facts, limits)
    alike = likeness(measures)
    if alike is None or not looks_copied(alike, measures, limits):
        return None
    words = typed_words(facts)
    figures: dict[str, Figure] = {"words": words, "likeness": round(alike, 3)}
    figures |= {name: round(value, 4) for name in INPUTS if (value := measures[name]) is not None}
    return Finding(
        rule="linear_production",
        family=Family.LINEARITY,
        severity=Severity.REVIEW,
        explanation=(
            "Some people plan a text before they type it; compare the writer's other texts. The way these "
            f"{count(words, 'word')} were typed looks more like transcribing than like composing ({percent(alike)} on "
            f"a scale on which {percent(limits.linear_likeness)} is worth a look)."
        ),
        spans=facts.spans_of(Origin.TYPED),
        figures=figures,
    )


def looks_copied(alike: float, measures: Measures, limits: Limits) -> bool:
    """Return whether a likeness is for review; with much erasing or long pauses it is not, whatever the model says."""
    deleted, paused = measures.get("deleted_share"), measures.get("pause_share")
    if deleted is None or paused is None:
        return False
    within = deleted < limits.linear_deleted_share and paused < limits.linear_pause_share
    return within and alike >= limits.linear_likeness


@rule(
    "Began before the item could be read",
    Family.LINEARITY,
    Severity.INFO,
    cause="People may have read the text before, or elsewhere.",
    for_worker=message(
        "You began to write in less time than it usually takes to read the text (after %(first_ms)s). "
        "You may have read it before."
    ),
)
def no_reading(facts: Facts, limits: Limits) -> Finding | None:
    """Typing began before the item could be read (600 words a minute, at least 5 s). People may read it elsewhere.

    A study that sets the speed to 0 checks only the minimum time. Does not apply without an item.
    """
    if not facts.typed_ms or facts.integrity.by_alignment:
        return None
    words = len(facts.item_text.split())
    if not words:
        return None
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


@rule(
    "Characters that keyboards do not make",
    Family.TEXT,
    Severity.INFO,
    cause="Some keyboards and phones insert such characters by themselves.",
    for_worker=message(
        "Text that came without keys contains characters that keyboards rarely make (%(places)s). Some "
        "phones and programs make them by themselves."
    ),
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
        explanation=f"Text that came without keys contains {', '.join(names)} ({count(len(found), 'place')}).",
        spans=tuple(sorted(span for _, span in found)),
        figures={"places": len(found), "kinds": ", ".join(names)},
    )
