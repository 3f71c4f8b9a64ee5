"""Combine findings into a score and a verdict."""

from collections.abc import Iterable, Sequence
from math import prod

from keytrail.provenance.kinds import Family, Severity, Verdict
from keytrail.provenance.report import Finding

WEIGHT = {Severity.INFO: 0.1, Severity.REVIEW: 0.5, Severity.HIGH: 0.9}
STRENGTHENS = {"round_trip": 0.4, "unusual_characters": 0.2}
"""Rules that count for more than their severity says, without ever deciding a verdict."""
CAPPED = frozenset({Family.LINEARITY, Family.TEXT, Family.TASK})
CAP = 0.6
"""Highest score of a family that never says more than review."""
STANDS_ALONE = frozenset({"external_text", "log_ahead_of_time", "copied_log"})
"""Rules whose evidence does not depend on a complete log: units of the final text that equal a recorded paste; a log
that arrived before its time, or that is another submission's."""
_ONE_TOOL = frozenset({"ghost_keys", "scripted_focus"})
"""A tool that types for a person, or a screen reader over a remote desktop, causes both."""
_WEIGHTLESS = frozenset({Family.INTEGRITY, Family.CONTEXT})


def family_score(findings: Iterable[Finding], family: Family) -> float:
    """Return the noisy-OR of a family's findings: more evidence never lowers it. Integrity and remarks do not count."""
    if family in _WEIGHTLESS:
        return 0.0
    score = 1.0 - prod(1.0 - _weight(finding) for finding in findings if finding.family is family)
    return min(score, CAP) if family in CAPPED else score


def _weight(finding: Finding) -> float:
    return max(WEIGHT[finding.severity], STRENGTHENS.get(finding.rule, 0.0))


def total_score(findings: Sequence[Finding]) -> float:
    """Return the noisy-OR over the families, 0 to 1: an order for the review queue, not a probability."""
    return round(1.0 - prod(1.0 - family_score(findings, family) for family in Family), 4)


def is_strong(findings: Sequence[Finding]) -> bool:
    """Return whether there is a high provenance finding, or two mechanics findings of which one is high and that no
    single assistive tool causes.
    """
    if any(finding.family is Family.PROVENANCE and finding.severity is Severity.HIGH for finding in findings):
        return True
    mechanics = [
        finding for finding in findings if finding.family is Family.MECHANICS and finding.severity is not Severity.INFO
    ]
    high = any(finding.severity is Severity.HIGH for finding in mechanics)
    return high and len(mechanics) > 1 and not {finding.rule for finding in mechanics} <= _ONE_TOOL


def verdict_of(findings: Sequence[Finding]) -> Verdict:
    """Return the verdict.

    With an integrity finding the log as a whole is unverifiable. Only evidence that does not depend on a complete log
    goes further: text in the submission that equals a recorded paste is there whatever else is missing.
    """
    if any(finding.family is Family.INTEGRITY for finding in findings):
        kept = [finding for finding in findings if finding.rule in STANDS_ALONE]
        return Verdict.STRONG if is_strong(kept) else Verdict.UNVERIFIABLE
    if is_strong(findings):
        return Verdict.STRONG
    if any(finding.severity is not Severity.INFO for finding in findings):
        return Verdict.REVIEW
    return Verdict.CLEAR
