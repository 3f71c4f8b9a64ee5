"""Rules on origins: text that was pasted, inserted without keys, initial, or from the item."""

from collections.abc import Mapping

from keytrail.messages import message
from keytrail.provenance.formatting import clock, count, lasting, percent
from keytrail.provenance.kinds import Family, Origin, Severity
from keytrail.provenance.limits import Limits
from keytrail.provenance.matching.tiling import TiledText
from keytrail.provenance.report import Finding
from keytrail.provenance.rules.arrivals import Arrivals, total
from keytrail.provenance.rules.detours import LIKELY
from keytrail.provenance.rules.facts import Facts
from keytrail.provenance.rules.rule import rule
from keytrail.provenance.units import folded

_NEED_NO_KEY = (Origin.SOURCE, Origin.MOVED, Origin.INITIAL, Origin.UNKNOWN)
_TOLD_APART = (Origin.REWRITTEN, Origin.ASSIST)
_DOUBT = "Text that the writer wrote or dictated in another program, or had translated, arrives in the same way."
_WAYS = {
    Origin.NOKEY: "inserted without a key",
    Origin.SCRIPT: "inserted by a script",
    Origin.SILENT: "set without any input event",
}


@rule(
    "Text from elsewhere",
    Family.PROVENANCE,
    Severity.REVIEW,
    Severity.HIGH,
    cause="Some people write in another editor and paste.",
    for_worker=message(
        "Part of your text was pasted or dropped from outside this page (%(units)s of %(length)s "
        "characters). Your own notes or a translation would look like this too."
    ),
)
def external_text(facts: Facts, limits: Limits) -> Finding | None:
    """Pasted or dropped text from elsewhere that is still in the final text.

    Turnitin's measure of pasted text, at its 50 %; field logs are bimodal around it [D]. Text that may be the writer's
    own (another field of the page, an abbreviation, notes) is never more than review.
    """
    arrivals = Arrivals(facts, limits)
    units = total(arrivals.external)
    if not units or (units < limits.external_review_units and units < limits.external_review_share * facts.length):
        return None
    share = units / facts.length
    times = tuple(sorted({span.at_ms for span in arrivals.external}))
    away = next((paste.away_ms for paste in facts.pastes if times and paste.at_ms <= times[0] <= paste.at_ms + 1000), 0)
    first = f", the first at {clock(times[0])}" if times else ""
    after = f" after {lasting(away)} away" if away >= limits.away_note_ms else ""
    unlikely = arrivals.unlikely_units(arrivals.external)
    combined = arrivals.most_of_the_text and unlikely >= limits.external_review_share * facts.length
    most = unlikely >= limits.external_high_share * facts.length or combined
    high = most and unlikely >= limits.untyped_high_units
    told = f"{units:,} of {count(facts.length, 'character')} were pasted from outside this page{first}{after}."
    return Finding(
        rule="external_text",
        family=Family.PROVENANCE,
        severity=Severity.HIGH if high else Severity.REVIEW,
        explanation=f"{told} {_DOUBT}" if high else f"{_detour(arrivals)} {told}",
        spans=tuple((span.start, span.end) for span in arrivals.external),
        times_ms=times,
        figures={"units": units, "length": facts.length, "share": round(share, 4), "away_ms": away},
    )


def _detour(arrivals: Arrivals) -> str:
    """Return the innocent explanation of what was pasted."""
    ways = [LIKELY[way] for span, way in arrivals.likely.items() if span.counts_as is Origin.EXTERNAL and way in LIKELY]
    if not ways:
        return (
            "A writer's own notes, a translation, a saved phrase or a dictation program's text arrive in the same way."
        )
    return f"This may be the writer's own text, {' or '.join(dict.fromkeys(ways))}."


@rule(
    "Text without typing",
    Family.PROVENANCE,
    Severity.REVIEW,
    Severity.HIGH,
    cause="At a desktop keyboard, 0.027 % of people's insertions add several characters (CoAuthor).",
    for_worker=message(
        "Part of your text appeared without keys being pressed (%(units)s of %(length)s characters). "
        "Dictation, text expanders and browser extensions do this too."
    ),
)
def untyped_text(facts: Facts, limits: Limits) -> Finding | None:
    """Text that came with trusted, scripted or unannounced edits but without keys.

    Multi-character insertions by people at a desktop keyboard are 0.027 % of their insertions (CoAuthor [D]), but
    dictation, expanders and assistants make them all the time. So only text that is most of the answer, and that cannot
    have been spoken or expanded, is more than review.
    """
    arrivals = Arrivals(facts, limits)
    units = total(arrivals.untyped)
    least = max(limits.untyped_least_units, limits.untyped_share * facts.length)
    if not units or units < min(limits.untyped_units, least):
        return None
    high = arrivals.most_of_the_text and arrivals.unlikely_units(arrivals.untyped) >= limits.untyped_high_units
    amounts = {way: total([span for span in arrivals.untyped if span.counts_as is way]) for way in _WAYS}
    ways = ", ".join(f"{amount:,} {_WAYS[way]}" for way, amount in amounts.items() if amount)
    told = f"{units:,} of {count(facts.length, 'character')} appeared without typing: {ways}."
    innocent = _innocent(arrivals, amounts)
    return Finding(
        rule="untyped_text",
        family=Family.PROVENANCE,
        severity=Severity.HIGH if high else Severity.REVIEW,
        explanation=f"{told} {innocent}" if high else f"{innocent} {told}",
        spans=tuple((span.start, span.end) for span in arrivals.untyped),
        times_ms=tuple(sorted({span.at_ms for span in arrivals.untyped})),
        figures={"units": units, "length": facts.length, "share": round(units / facts.length, 4)},
    )


def _innocent(arrivals: Arrivals, amounts: Mapping[Origin, int]) -> str:
    """Return what honest people do that looks the same."""
    if arrivals.untyped and not arrivals.unlikely_units(arrivals.untyped):
        ways = {arrivals.likely[span] for span in arrivals.untyped}
        if "spoken" in ways:
            return (
                "The text without keys arrived in phrases, no faster than people speak or use a speaking board, as "
                "dictated text does."
            )
        if "keyed" in ways:
            return (
                "The text without keys arrived a character at a time in the rhythm of a hand, as where an input method "
                "keeps the keys to itself or an extension copies what is typed in another editor."
            )
        if "picked" in ways:
            return (
                "The text without keys arrived slowly and a character at a time, as from a handwriting panel or an "
                "on-screen keyboard."
            )
        return f"This may be the writer's own text, {LIKELY['field' if 'field' in ways else 'expander']}."
    if amounts[Origin.NOKEY]:
        return "Dictation, speaking boards, word suggestions and text expanders insert text without typing, too."
    return "Writing assistants and other browser extensions insert text without typing, too."


@rule(
    "Text there when recording began",
    Family.PROVENANCE,
    Severity.REVIEW,
    cause="Losing the log of an earlier page load causes it.",
    for_worker=message(
        "Part of your text was in the box before recording began (%(units)s of %(length)s characters), so it "
        "is not known how it was written. A lost connection can cause this."
    ),
)
def initial_text(facts: Facts, limits: Limits) -> Finding | None:
    """Text that was in the box when recording began and that nothing recorded explains; its origin is unknown."""
    units = facts.units_of(Origin.INITIAL)
    if not units or (units < limits.initial_units and units < limits.initial_share * facts.length):
        return None
    return Finding(
        rule="initial_text",
        family=Family.PROVENANCE,
        severity=Severity.REVIEW,
        explanation=(
            "An earlier page load whose log was lost leaves such text. "
            f"{units:,} of {count(facts.length, 'character')} were in the box when recording began; "
            "no recorded page load wrote them."
        ),
        spans=facts.spans_of(Origin.INITIAL),
        times_ms=facts.times_of(Origin.INITIAL),
        figures={"units": units, "length": facts.length, "share": round(units / facts.length, 4)},
    )


@rule(
    "Pasted text typed out",
    Family.PROVENANCE,
    Severity.REVIEW,
    cause="People who type out their own notes would cause it.",
    for_worker=message(
        "Part of what you typed is the same as a text that was pasted from outside this page (%(units)s of "
        "%(length)s characters). Your own notes would look like this too."
    ),
)
def retyped_paste(facts: Facts, limits: Limits) -> Finding | None:
    """Typed text that matches a text which was pasted from outside and removed, or whose paste was prevented.

    Some people type out what a model wrote, especially where pasting is prevented.
    """
    if not facts.foreign or facts.units_of(Origin.TYPED) < limits.retyped_units:
        return None
    foreign = TiledText(folded("\2".join(facts.foreign)), limits.retyped_run)
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
            "Some people type out their own notes. "
            f"{units:,} of {count(facts.length, 'character')} were typed exactly as in a text that had been pasted, or "
            "was to be pasted, from outside this page."
        ),
        spans=tuple(spans),
        figures={"units": units, "length": facts.length, "share": round(units / facts.length, 4)},
    )


@rule(
    "Copied from the item",
    Family.TASK,
    Severity.REVIEW,
    cause="It says nothing about who wrote the text.",
    for_worker=message(
        "Part of your text was copied from the text to read (%(units)s of %(length)s characters). People "
        "also do this in order to quote."
    ),
)
def source_copied(facts: Facts, limits: Limits) -> Finding | None:
    """Much of the text is the item's: this concerns the task, not who wrote the text.

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
            "People quote the item, or start from it. "
            f"{units:,} of {count(facts.length, 'character')} ({percent(units / facts.length)}) "
            "were copied from the item or the instructions."
        ),
        spans=facts.spans_of(Origin.SOURCE),
        times_ms=facts.times_of(Origin.SOURCE),
        figures={"units": units, "length": facts.length, "share": round(units / facts.length, 4)},
    )


@rule(
    "Fewer keys than characters",
    Family.PROVENANCE,
    Severity.REVIEW,
    Severity.HIGH,
    for_worker=message(
        "Fewer keys were recorded than such a text needs (%(keys)s keys, %(units)s characters). Dictation "
        "and other aids can cause this."
    ),
)
def key_deficit(facts: Facts, limits: Limits) -> Finding | None:
    """Far fewer keys than characters, counted without the edit log.

    Excluded are passages of the item, own text that was moved or changed by an assistant, text whose keys nobody
    recorded (initial, unknown), text that may be the writer's own by another way and, where the log has edits, pastes.
    More than review only if most of the answer has no keys. Does not apply on touch keyboards and with composition
    (their keys are hidden), nor where events are missing.
    """
    arrivals = Arrivals(facts, limits)
    apart = _TOLD_APART if facts.integrity.by_alignment else (*_TOLD_APART, Origin.EXTERNAL)
    length = sum(
        span.end - span.start
        for span in facts.spans
        if span.origin not in _NEED_NO_KEY and span.counts_as not in apart and not arrivals.excused(span)
    )
    hidden = facts.units_of(Origin.IME) > facts.length // 10
    if facts.touch or hidden or facts.integrity.missing or length < max(1, limits.deficit_units):
        return None
    ratio = facts.rhythm.printable / length
    if ratio >= limits.deficit_ratio:
        return None
    high = length - facts.rhythm.printable >= limits.untyped_high_share * facts.length
    return Finding(
        rule="key_deficit",
        family=Family.PROVENANCE,
        severity=Severity.HIGH if high else Severity.REVIEW,
        explanation=("" if high else "Text that does not come from a keyboard has fewer key presses. ")
        + (
            f"{count(length, 'character')} that were neither copied from the item nor moved came with "
            f"{count(facts.rhythm.printable, 'press', 'presses')} of character keys."
        ),
        figures={"keys": facts.rhythm.printable, "units": length, "ratio": round(ratio, 4)},
    )
