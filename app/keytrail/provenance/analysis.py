"""Analyse a session's log and return its report."""

from collections.abc import Callable
from typing import Any, Final

from keytrail.provenance.final_text import Explained, explain
from keytrail.provenance.focus_and_clipboard import (
    absences,
    copies,
    copies_refused,
    focus_by,
    focused_at,
    paste_lags,
    pastes,
    refused,
)
from keytrail.provenance.kinds import ACCOUNTED, ARRIVED, Origin
from keytrail.provenance.limits import Limits
from keytrail.provenance.log import WritingLog
from keytrail.provenance.measures import measures_of
from keytrail.provenance.replay.replay import Replayed, replay
from keytrail.provenance.replay.trace import Trace
from keytrail.provenance.report import Finding, Report, count_origins
from keytrail.provenance.rules.catalogue import RULES
from keytrail.provenance.rules.facts import Facts, Integrity, Production
from keytrail.provenance.rules.rhythm import Rhythm
from keytrail.provenance.rules.verdict import total_score, verdict_of
from keytrail.provenance.signs import signs_of
from keytrail.provenance.spans import rewrites_of, spans_of
from keytrail.provenance.units import line_ends, to_units
from keytrail.provenance.wire.events import KeyFlag, Start

ANALYSIS_VERSION: Final = "6"
"""Rises with a release in which the same log may give another report (docs/findings.md, "Versions")."""

Rule = Callable[[Facts, Limits], Finding | None]


def analyse(
    log: WritingLog,
    limits: Limits = Limits(),  # noqa: B008 - Limits is immutable
) -> Report:
    """Replay a session, attribute every unit of the final text, and apply the rules.

    The same log gives the same report. Never raises on events that passed `decode`.
    """
    replayed = replay(log, limits)
    final = to_units(line_ends(log.final_text))
    explained = explain(replayed, final, max(replayed.trace.ends_ms, default=0))
    return report_of(facts_of(log, replayed, explained), limits)


def report_of(facts: Facts, limits: Limits) -> Report:
    """Apply the rules to facts and combine their findings."""
    findings = tuple(found for rule in RULES if (found := rule(facts, limits)) is not None)
    length = max(1, facts.length)
    return Report(
        analysis_version=ANALYSIS_VERSION,
        verdict=verdict_of(findings),
        score=total_score(findings),
        length=facts.length,
        origins=count_origins(facts.spans),
        accounted_share=round(facts.units_of(*ACCOUNTED) / length, 6),
        arrived_share=round(facts.units_of(*ARRIVED) / length, 6),
        source_share=round(facts.units_of(Origin.SOURCE) / length, 6),
        spans=tuple(facts.spans),
        findings=findings,
        integrity=_integrity(facts.integrity),
        measures=measures_of(facts, limits),
    )


def facts_of(log: WritingLog, replayed: Replayed, explained: Explained) -> Facts:
    """Compute the facts that the rules read, from a replay compared with the final text."""
    trace = replayed.trace
    away = absences(trace.moments, max(trace.ends_ms, default=0))
    final = to_units(line_ends(log.final_text))
    return Facts(
        text=final,
        spans=spans_of(explained.records),
        item_text=to_units(line_ends(log.item_text)),
        rhythm=Rhythm(trace.presses),
        integrity=Integrity(
            equal=explained.equal,
            differing=explained.differing,
            vanished=explained.vanished,
            complete=log.complete,
            ended=trace.ended,
            checks=trace.checks,
            missing=trace.missing,
            anomalies=[anomaly for epoch in log.epochs for anomaly in epoch.anomalies],
            epochs=len(log.epochs),
            events=sum(len(epoch.events) for epoch in log.epochs),
            ahead_ms=max((epoch.ahead_ms for epoch in log.epochs), default=0),
        ),
        copies=copies(trace.moments, len(log.item_text), prevented=log.copies_prevented),
        pastes=pastes(trace.moments, away),
        absences=away,
        ways=replayed.attribution.ways,
        rewrites=rewrites_of(final, explained.records, replayed.attribution.reviser.rewrites),
        composed_ms=trace.composed_ms,
        focused_ms=focused_at(trace.moments),
        foreign=replayed.attribution.foreign,
        production=Production(trace.produced, trace.deleted, trace.inside),
        refused=refused(trace.moments),
        copies_refused=copies_refused(trace.moments) if log.copies_prevented else 0,
        paste_lags_ms=paste_lags(trace),
        duration_ms=max(trace.ends_ms, default=0),
        untrusted_keys=trace.untrusted_keys,
        typed_ms=typed_times(trace),
        focus_by=focus_by(trace.moments),
        touch=trace.engine.touch,
        fine_pointer=trace.engine.fine_pointer,
        webdriver=trace.engine.webdriver,
        declared_agent=trace.engine.declared,
        language=trace.engine.language,
        tick_ms=trace.engine.tick_ms,
        environments=[
            event.environment for _, epoch, event in trace.moments if type(event) is Start and log.epochs[epoch].live
        ],
        signs=signs_of(trace),
        keyless=trace.keyless,
    )


def typed_times(trace: Trace) -> list[int]:
    """Return when text was typed by hand, without held keys and without injected keys, which have no code.

    Some loggers record no codes at all; then every key counts.
    """
    typed = [(at_ms, trace.presses[key - 1].event) for at_ms, key in trace.typed]
    coded = any(event.code for _, event in typed)
    # Sorted, because two page loads that were open at once overlap in time.
    return sorted(at_ms for at_ms, event in typed if not event.flags & KeyFlag.REPEAT and (event.code or not coded))


def _integrity(integrity: Integrity) -> dict[str, Any]:
    checks = integrity.checks
    return {
        "replay_equals_text": integrity.equal,
        "complete": integrity.complete and not integrity.missing,
        "by_alignment": integrity.by_alignment,
        "ended": integrity.ended,
        "differing_units": integrity.differing,
        "vanished_units": integrity.vanished,
        "epochs": integrity.epochs,
        "events": integrity.events,
        "gaps": [gap._asdict() for gap in integrity.missing],
        "checkpoints": checks.checkpoints,
        "checkpoints_agreed": checks.agreed,
        "checkpoints_by_length": checks.by_length,
        "checkpoints_failed": checks.failed + checks.failed_after_gap,
        "edits_outside": checks.edits_outside,
        "clock_anomalies": checks.clock,
        "anomalies": list(integrity.anomalies),
    }
