"""Rules on where text came from."""

from bisect import bisect_right

from keytrail.provenance.kinds import Family, Origin, Severity
from keytrail.provenance.limits import Limits
from keytrail.provenance.matching.tiling import Corpus
from keytrail.provenance.prose import clock, count, lasting, percent
from keytrail.provenance.report import Finding
from keytrail.provenance.rules.facts import Facts
from keytrail.provenance.rules.speech import dictated_units
from keytrail.provenance.units import folded

_NEED_NO_KEY = (Origin.SOURCE, Origin.MOVED, Origin.INITIAL, Origin.UNKNOWN)
_WAYS = {
    Origin.NOKEY: "inserted without a key",
    Origin.SCRIPT: "inserted by a script",
    Origin.SILENT: "set without any input event",
}


def external_text(facts: Facts, limits: Limits) -> Finding | None:
    """Pasted or dropped text from elsewhere that is still in the final text.

    Turnitin's measure of pasted text, at its 50 %; field logs are bimodal around it [D].
    """
    units = facts.units_of(Origin.EXTERNAL)
    if not units or (units < limits.external_review_units and units < limits.external_review_share * facts.length):
        return None
    share = units / facts.length
    times = facts.times_of(Origin.EXTERNAL)
    away = next((paste.away_ms for paste in facts.pastes if times and paste.at_ms <= times[0] <= paste.at_ms + 1000), 0)
    first = f", the first at {clock(times[0])}" if times else ""
    after = f" after {lasting(away)} away" if away >= limits.away_note_ms else ""
    return Finding(
        rule="external_text",
        family=Family.PROVENANCE,
        severity=Severity.HIGH if share >= limits.external_high_share else Severity.REVIEW,
        explanation=(
            f"{units:,} of {count(facts.length, 'character')} were pasted from outside this page{first}{after}."
        ),
        spans=facts.spans_of(Origin.EXTERNAL),
        times_ms=times,
        figures={"units": units, "length": facts.length, "share": round(share, 4), "away_ms": away},
    )


def untyped_text(facts: Facts, limits: Limits) -> Finding | None:
    """Text that came with trusted, scripted or unannounced edits but without keys.

    Multi-character insertions by people at a desktop keyboard are 0.027 % of their insertions (CoAuthor [D]). On touch
    keyboards a suggestion strip inserts whole words, so there only a single large insertion counts. Text that may have
    been dictated is worth a look and no more.
    """
    parts = [span for span in facts.spans if span.counts_as in _WAYS]
    if facts.touch:
        parts = [span for span in parts if span.end - span.start >= limits.untyped_touch_units]
    units = sum(span.end - span.start for span in parts)
    by_share = units >= max(limits.untyped_least_units, limits.untyped_share * facts.length)
    if not units or not (facts.touch or units >= limits.untyped_units or by_share):
        return None
    spoken = dictated_units(facts, limits)
    amounts = {way: sum(span.end - span.start for span in parts if span.counts_as is way) for way in _WAYS}
    ways = ", ".join(f"{amount:,} {_WAYS[way]}" for way, amount in amounts.items() if amount)
    also = " Dictation and text expanders do that as well as tools." if amounts[Origin.NOKEY] else ""
    if spoken:
        also = " What came without a key came in pieces and no faster than people speak, as dictation does."
    return Finding(
        rule="untyped_text",
        family=Family.PROVENANCE,
        severity=Severity.REVIEW if spoken and units == amounts[Origin.NOKEY] else Severity.HIGH,
        explanation=f"{units:,} of {count(facts.length, 'character')} appeared without typing: {ways}.{also}",
        spans=tuple((span.start, span.end) for span in parts),
        times_ms=tuple(sorted({span.at_ms for span in parts})),
        figures={"units": units, "length": facts.length, "share": round(units / facts.length, 4)},
    )


def initial_text(facts: Facts, limits: Limits) -> Finding | None:
    """Text that stood in the box when recording began and that nothing recorded explains; how it came is not known."""
    units = facts.units_of(Origin.INITIAL)
    if not units or (units < limits.initial_units and units < limits.initial_share * facts.length):
        return None
    return Finding(
        rule="initial_text",
        family=Family.PROVENANCE,
        severity=Severity.REVIEW,
        explanation=(
            f"{units:,} of {count(facts.length, 'character')} were in the box when recording began; "
            "no earlier page load wrote them."
        ),
        spans=facts.spans_of(Origin.INITIAL),
        times_ms=facts.times_of(Origin.INITIAL),
        figures={"units": units, "length": facts.length, "share": round(units / facts.length, 4)},
    )


def retyped_paste(facts: Facts, limits: Limits) -> Finding | None:
    """Typed text that stands in a text which was pasted from outside and removed, or whose paste was prevented.

    Some people type out what a model wrote, the more so where pasting is not let through.
    """
    if not facts.foreign or facts.units_of(Origin.TYPED) < limits.retyped_units:
        return None
    foreign = Corpus(folded("\2".join(facts.foreign)), limits.retyped_run)
    spans = [
        (start + run.start, start + run.end)
        for start, end in facts.spans_of(Origin.TYPED)
        for run in foreign.runs(folded(facts.text[start:end]))
    ]
    units = sum(end - start for start, end in spans)
    if not units or units < limits.retyped_units:
        return None
    return Finding(
        rule="retyped_paste",
        family=Family.PROVENANCE,
        severity=Severity.REVIEW,
        explanation=(
            f"{units:,} of {count(facts.length, 'character')} were typed as they stand in a text that had been pasted "
            "from outside this page."
        ),
        spans=tuple(spans),
        figures={"units": units, "length": facts.length, "share": round(units / facts.length, 4)},
    )


def source_copied(facts: Facts, limits: Limits) -> Finding | None:
    """Much of the text stands in the item: a question of the task, not of who wrote it.

    24 of 43 people who pasted in the 2023 MTurk logs pasted only passages of the abstract [D].
    """
    units = facts.units_of(Origin.SOURCE)
    if not units or units < limits.source_share * facts.length:
        return None
    return Finding(
        rule="source_copied",
        family=Family.TASK,
        severity=Severity.REVIEW,
        explanation=(
            f"{units:,} of {count(facts.length, 'character')} ({percent(units / facts.length)}) "
            "were copied from the text that was to be worked on."
        ),
        spans=facts.spans_of(Origin.SOURCE),
        times_ms=facts.times_of(Origin.SOURCE),
        figures={"units": units, "length": facts.length, "share": round(units / facts.length, 4)},
    )


def key_deficit(facts: Facts, limits: Limits) -> Finding | None:
    """Far fewer keys than characters, counted without the edit log.

    Passages of the item, own text that was moved, text whose keys nobody recorded (initial, unknown) and text that may
    have been dictated are left out.
    Not applicable on touch keyboards and with composition (their keys are hidden), nor where events are missing.
    """
    length = sum(span.end - span.start for span in facts.spans if span.origin not in _NEED_NO_KEY)
    length -= dictated_units(facts, limits)
    hidden = facts.units_of(Origin.IME) > facts.length // 10
    if facts.touch or hidden or facts.integrity.missing or length < max(1, limits.deficit_units):
        return None
    ratio = facts.rhythm.printable / length
    if ratio >= limits.deficit_ratio:
        return None
    return Finding(
        rule="key_deficit",
        family=Family.PROVENANCE,
        severity=Severity.HIGH,
        explanation=(
            f"{count(facts.rhythm.printable, 'key')} that make text were pressed for {count(length, 'character')} "
            "that are neither from the item nor moved."
        ),
        figures={"keys": facts.rhythm.printable, "units": length, "ratio": round(ratio, 4)},
    )


def round_trip(facts: Facts, limits: Limits) -> Finding | None:
    """The item was copied, the page left, and soon after the return text arrived or was typed in one go.

    Among Prolific submissions judged to be by a language model by their logs 43 of 44 had such a copy, of the others
    4 of 95 [D]. It strengthens other findings and never decides a verdict by itself.
    """
    copied = next((copy for copy in facts.copies if copy.item_share >= limits.round_trip_copy), None)
    if copied is None:
        return None
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
                    f"{percent(copied.item_share)} of the item were copied at {clock(copied.at_ms)}, then {away} for "
                    f"{lasting(gone.ms)}, and within a minute {what}."
                ),
                times_ms=(copied.at_ms, gone.to_ms),
                figures={"item_share": round(copied.item_share, 4), "away_ms": gone.ms, "burst_words": words},
            )
    return None


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
                    f"The instructions were copied at {clock(copy.at_ms)} ({count(copy.units, 'character')}){away}."
                ),
                times_ms=(copy.at_ms,),
                figures={"units": copy.units, "item_share": round(copy.item_share, 4)},
            )
    return None
