"""Rules on the log's integrity. They never say more than that the log cannot tell."""

from typing import Final

from keytrail.messages import message
from keytrail.provenance.formatting import count
from keytrail.provenance.kinds import Family, Origin, Severity
from keytrail.provenance.limits import Limits
from keytrail.provenance.report import Finding
from keytrail.provenance.rules.facts import Facts
from keytrail.provenance.rules.rule import rule

CUT: Final = "cut"
"""An anomaly recorded by the caller: the server stored a page load's log only up to a limit."""


@rule(
    "Log cut at a limit",
    Family.INTEGRITY,
    Severity.INFO,
    cause="The longest honest sessions at hand reach a fifth of the limits.",
    for_worker=message(
        "The recording was longer than our server stores, so its end is missing. This says nothing about you."
    ),
)
def log_cut(facts: Facts, _limits: Limits) -> Finding | None:
    """More events came than a log may hold: the writer was not stopped, and the log ends before the writing did."""
    cut = sum(anomaly == CUT for anomaly in facts.integrity.anomalies)
    if not cut:
        return None
    unknown = facts.units_of(Origin.UNKNOWN)
    return Finding(
        rule="log_cut",
        family=Family.INTEGRITY,
        severity=Severity.INFO,
        explanation=(
            f"The log was cut: {count(cut, 'page load')} sent more events or text than the server stores, so what was "
            f"written after that is not recorded. The origin of {unknown:,} of {count(facts.length, 'character')} is "
            "not known."
        ),
        spans=facts.spans_of(Origin.UNKNOWN),
        figures={"page_loads_cut": cut, "unknown_units": unknown},
    )


@rule(
    "The log is incomplete",
    Family.INTEGRITY,
    Severity.INFO,
    cause="Losses happen to anybody with a poor connection.",
    for_worker=message(
        "Part of the recording did not reach us. This happens with poor connections and says nothing about you."
    ),
)
def log_incomplete(facts: Facts, limits: Limits) -> Finding | None:
    """Events are missing: a gap in the sequence, or the page could not deliver the end of its log.

    A log of keys and pastes alone is incomplete if it leaves much of the text unexplained (a phone, dictation, a drop).
    """
    integrity = facts.integrity
    lost = sum(max(0, gap.last_seq - gap.first_seq + 1) for gap in integrity.missing)
    unknown = facts.units_of(Origin.UNKNOWN)
    unread = integrity.by_alignment and unknown >= max(
        limits.unexplained_units, limits.unexplained_share * facts.length
    )
    arrived = integrity.complete or CUT in integrity.anomalies  # log_cut says it already
    if not lost and not unread and arrived and (integrity.events or not facts.length):
        return None
    parts = []
    if lost:
        parts.append(f"{count(lost, 'event is', 'events are')} missing from the log.")
    if not integrity.events and facts.length:
        parts.append("Nothing was recorded while this text was written.")
    elif not arrived:
        parts.append("The end of the log did not arrive before the text was submitted.")
    if unknown:
        parts.append(f"The origin of {unknown:,} of {count(facts.length, 'character')} is not known.")
    return Finding(
        rule="log_incomplete",
        family=Family.INTEGRITY,
        severity=Severity.INFO,
        explanation=" ".join(parts),
        spans=facts.spans_of(Origin.UNKNOWN),
        times_ms=tuple(gap.from_ms for gap in integrity.missing),
        figures={"missing_events": lost, "unknown_units": unknown},
    )


@rule(
    "The log contradicts itself",
    Family.INTEGRITY,
    Severity.INFO,
    cause="Extensions that change pages may cause it.",
    for_worker=message("The recording and your text differ in places. Browser extensions can cause this."),
)
def log_inconsistent(facts: Facts, _limits: Limits) -> Finding | None:
    """The log contradicts itself or the submitted text, though nothing is known to be missing."""
    integrity, checks = facts.integrity, facts.integrity.checks
    excused = bool(integrity.missing) or not integrity.complete or not integrity.events
    doubled = {"overlap", "conflicting_batch"}.intersection(integrity.anomalies)
    parts = []
    if not integrity.equal and not excused:
        parts.append(
            "Replaying the log does not give the submitted text: "
            f"{count(integrity.differing, 'submitted character')} unexplained, "
            f"{count(integrity.vanished, 'replayed character')} not submitted."
        )
    if checks.edits_outside:
        parts.append(f"{count(checks.edits_outside, 'edit lies', 'edits lie')} outside the text.")
    if checks.failed:
        parts.append(f"The edits contradict {checks.failed:,} of {count(checks.checkpoints, 'checkpoint')}.")
    if checks.initial:
        parts.append("The text at the start contradicts the log.")
    if checks.counts:
        parts.append("The number of events at the end is wrong.")
    if doubled:
        parts.append(
            "Batches of the log were sent with the same numbers but different events; the first ones were stored."
        )
    if not parts:
        return None
    return Finding(
        rule="log_inconsistent",
        family=Family.INTEGRITY,
        severity=Severity.INFO,
        explanation=" ".join(parts),
        spans=facts.spans_of(Origin.UNKNOWN),
        figures={
            "differing_units": integrity.differing,
            "vanished_units": integrity.vanished,
            "edits_outside": checks.edits_outside,
            "checkpoints_failed": checks.failed,
        },
    )


@rule(
    "Two tabs at once",
    Family.INTEGRITY,
    Severity.INFO,
    cause="Opening the task twice causes it.",
    for_worker=message("The task was open in more than one window at the same time."),
)
def parallel_epochs(facts: Facts, _limits: Limits) -> Finding | None:
    """The task was open in two windows at once: both logs are kept, the submitting one must explain the text."""
    parallel = sum(anomaly == "parallel" for anomaly in facts.integrity.anomalies)
    if not parallel:
        return None
    return Finding(
        rule="parallel_epochs",
        family=Family.INTEGRITY,
        severity=Severity.INFO,
        explanation=(
            "The task was open in more than one window at the same time "
            f"({count(facts.integrity.epochs, 'page load')}); the text is explained by the one that submitted it."
        ),
        figures={"parallel": parallel, "epochs": facts.integrity.epochs},
    )
