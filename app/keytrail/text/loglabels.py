"""Label submissions by their logs, for training, fusion and counting."""

from enum import StrEnum

from keytrail.provenance import Origin, Report, Verdict
from keytrail.text.classifier.corpus import Label
from keytrail.text.fusion import LogEvidence

EXTERNAL_FROM = 0.5
"""Surviving external share from which a text counts as external: shares in the field are either near 0 or near 1."""
EXTERNAL_BELOW = 0.1
TYPED_FROM = 0.9
_FROM_OUTSIDE = frozenset({Origin.REWRITTEN, Origin.EXTERNAL, Origin.NOKEY, Origin.SCRIPT, Origin.SILENT})
_COPIED_OUT = frozenset({"round_trip", "task_copied_out"})


def external_share(report: Report) -> float:
    """Return the share of the final text that came from outside or arrived without typing; gaps in the log do not
    count.
    """
    units = sum(span.end - span.start for span in report.spans if span.counts_as in _FROM_OUTSIDE)
    return units / report.length if report.length else 0.0


def copied_out(report: Report) -> bool:
    """Return whether the item was copied out and text came back, or the instructions were copied out."""
    return any(finding.rule in _COPIED_OUT for finding in report.findings)


def log_evidence(report: Report) -> LogEvidence:
    """Return the log as evidence for the fusion and the two-test estimate; unclear if the log is unreliable."""
    return evidence_at(report.verdict, external_share(report))


def evidence_at(verdict: str | None, external: float) -> LogEvidence:
    """Return the same for a verdict and an external share."""
    if verdict == Verdict.UNVERIFIABLE or EXTERNAL_BELOW <= external < EXTERNAL_FROM:
        return LogEvidence.UNCLEAR
    return LogEvidence.EXTERNAL if external >= EXTERNAL_FROM else LogEvidence.NOT_EXTERNAL


class MainOrigin(StrEnum):
    """The origin of most of a text, by its log."""

    TYPED = "typed"
    SOURCE = "source"
    """From the item or the instructions."""
    EXTERNAL = "external"
    """From elsewhere, or without typing."""
    MIXED = "mixed"
    UNCLEAR = "unclear"
    """The log cannot be relied on."""


def main_origin(verdict: str | None, *, external: float, source: float, typed: float) -> MainOrigin:
    """Return the origin of at least half of a text, by its shares; mixed if there is none."""
    if verdict == Verdict.UNVERIFIABLE:
        return MainOrigin.UNCLEAR
    shares = {MainOrigin.EXTERNAL: external, MainOrigin.SOURCE: source, MainOrigin.TYPED: typed}
    return next((origin for origin, share in shares.items() if share >= EXTERNAL_FROM), MainOrigin.MIXED)


def log_label(report: Report) -> Label | None:
    """Return a label for training or evaluation, from the log alone; None for everything between.

    By a language model: at least half external, after copying item or instructions out. By a person: at least nine
    tenths typed, nothing copied out. Such labels are evidence, not truth: text typed from another screen counts as a
    person's.
    """
    evidence = log_evidence(report)
    if evidence is LogEvidence.EXTERNAL and copied_out(report):
        return Label.LLM
    typed = report.accounted_share >= TYPED_FROM and evidence is LogEvidence.NOT_EXTERNAL
    return Label.HUMAN if typed and not copied_out(report) else None
