"""Rules on what was copied out of the page before it was left."""

from bisect import bisect_right

from keytrail.messages import message
from keytrail.provenance.formatting import clock, count, lasting, percent
from keytrail.provenance.kinds import Family, Severity
from keytrail.provenance.limits import Limits
from keytrail.provenance.report import Finding
from keytrail.provenance.rules.facts import Clip, Facts
from keytrail.provenance.rules.rule import rule


@rule(
    "Copied out, then text came in",
    Family.PROVENANCE,
    Severity.INFO,
    cause="It does not decide by itself.",
    for_worker=message(
        "The text to read was copied, then nothing was written here for a while (%(away_ms)s), and soon "
        "afterwards more of your text appeared. People who take notes or translate elsewhere do this too."
    ),
)
def round_trip(facts: Facts, limits: Limits) -> Finding | None:
    """The item was copied, the page left, and soon after the return text arrived or was typed in one go.

    Among Prolific submissions labelled as a language model's by their logs 43 of 44 had such a copy, of the others 4 of
    95 [D]. It strengthens other findings and never decides a verdict by itself.
    """
    copied = next((copy for copy in facts.copies if copy.item_share >= limits.round_trip_copy), None)
    if copied is None:
        return None
    if not copied.timed:
        return _at_an_unknown_time(copied, facts, limits)
    pauses = facts.pauses_ms(limits.round_trip_pause_ms)
    for gone in facts.absences:
        if gone.from_ms < copied.at_ms or gone.ms < limits.round_trip_away_ms:
            continue
        arrived = facts.arrived_between(gone.to_ms, gone.to_ms + limits.round_trip_return_ms)
        words = facts.burst_words(gone.to_ms, limits.round_trip_return_ms, pauses)
        if arrived or words >= limits.round_trip_burst_words:
            what = "text arrived without typing" if arrived else f"{count(words, 'word')} were typed in one go"
            away = "nothing was typed" if facts.integrity.by_alignment else "the page was left"
            return Finding(
                rule="round_trip",
                family=Family.PROVENANCE,
                severity=Severity.INFO,
                explanation=(
                    f"{percent(copied.item_share)} of the item was copied at {clock(copied.at_ms)}. Then {away} for "
                    f"{lasting(gone.ms)}, and within a minute {what}."
                ),
                times_ms=(copied.at_ms, gone.to_ms),
                figures={"item_share": round(copied.item_share, 4), "away_ms": gone.ms, "burst_words": words},
            )
    return None


def _at_an_unknown_time(copied: Clip, facts: Facts, limits: Limits) -> Finding | None:
    """A copy before the first entry with a time: how long nothing was typed is unknown, so a burst is no evidence.

    The paste of that minute need not survive: some people paste, and then paste a second version over it.
    """
    at_once = limits.round_trip_return_ms
    pasted = any(paste.at_ms <= at_once for paste in facts.pastes) and facts.arrivals_ms
    if not (pasted or facts.arrived_between(0, at_once)):
        return None
    return Finding(
        rule="round_trip",
        family=Family.PROVENANCE,
        severity=Severity.INFO,
        explanation=(
            f"{percent(copied.item_share)} of the item were copied before the first key or paste (this log does not "
            "say how long before), and text arrived without typing within a minute of that key or paste."
        ),
        times_ms=(copied.at_ms,),
        figures={"item_share": round(copied.item_share, 4)},
    )


@rule(
    "Instructions copied out",
    Family.PROVENANCE,
    Severity.REVIEW,
    cause="Some people copy the task and still write the text themselves.",
    for_worker=message(
        "The instructions were copied (%(units)s characters). Some people do this and then write by themselves."
    ),
)
def task_copied_out(facts: Facts, limits: Limits) -> Finding | None:
    """The instructions were copied, with or without the item, and the page was left.

    Of MTurk submissions by a language model 14 of 16 had such a copy and none of 31 others; Prolific: 19 of 44 and none
    of 95 [D]. A log without focus events cannot tell whether the page was left; there the copy is enough.
    """
    for copy in facts.copies:
        if copy.where != "instructions":
            continue
        following = bisect_right(facts.absences, copy.at_ms, key=lambda gone: gone.to_ms)
        gone = facts.absences[following] if following < len(facts.absences) else None
        left = gone is not None and gone.ms >= limits.round_trip_away_ms
        if left or facts.integrity.by_alignment:
            away = (
                f", and the page was left for {lasting(gone.ms)}" if gone and not facts.integrity.by_alignment else ""
            )
            return Finding(
                rule="task_copied_out",
                family=Family.PROVENANCE,
                severity=Severity.REVIEW,
                explanation=(
                    "Some people copy the task and still write the text themselves. "
                    f"The instructions were copied at {clock(copy.at_ms)} ({count(copy.units, 'character')}){away}."
                ),
                times_ms=(copy.at_ms,),
                figures={"units": copy.units, "item_share": round(copy.item_share, 4)},
            )
    return None
