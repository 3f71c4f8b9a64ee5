"""The report: the result of an analysis, and its JSON form (an exact round trip)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from keytrail.provenance.kinds import Family, Origin, Severity, Verdict

Figure = float | int | str
Figures = Mapping[str, Figure]
Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text (UTF-16 units, end exclusive) with one origin.

    `at_ms` is when the first of it came, counted from the start of the first epoch; `cause` is the input type, `epoch`
    the index of the page load. `inherited` is set on moved text: the origin it had before.
    """

    start: int
    end: int
    origin: Origin
    at_ms: int
    cause: str
    epoch: int
    inherited: Origin | None = None

    @property
    def counts_as(self) -> Origin:
        """The origin that the shares count: for moved text the one it had before."""
        return self.inherited or self.origin

    def as_json(self) -> dict[str, Any]:
        """Return plain values; `inherited` only where there is one."""
        plain: dict[str, Any] = {
            "start": self.start,
            "end": self.end,
            "origin": self.origin.value,
            "at_ms": self.at_ms,
            "cause": self.cause,
            "epoch": self.epoch,
        }
        if self.inherited is not None:
            plain["inherited"] = self.inherited.value
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Span":
        """Read the span that `as_json` wrote."""
        inherited = plain.get("inherited")
        return cls(
            plain["start"],
            plain["end"],
            Origin(plain["origin"]),
            plain["at_ms"],
            plain["cause"],
            plain["epoch"],
            None if inherited is None else Origin(inherited),
        )


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A passage of the text (UTF-16 units, end exclusive) that replaced `old`, words of the writer's own.

    `old` and `new` are cut at 2,000 units.
    """

    start: int
    end: int
    old: str
    new: str
    at_ms: int

    def as_json(self) -> dict[str, Any]:
        """Return the fields as values that JSON can hold."""
        return {"start": self.start, "end": self.end, "old": self.old, "new": self.new, "at_ms": self.at_ms}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Rewrite":
        """Read the passage that `as_json` wrote."""
        return cls(plain["start"], plain["end"], plain["old"], plain["new"], plain["at_ms"])


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fired, with its evidence. `explanation` is one or two neutral sentences for a person.

    `spans` are stretches of the text, `times_ms` times since the start of the first epoch, `figures` the numbers behind
    the sentence, `false_alarm` what is known of how often the rule fires on honest writers, `rewrites` old and new text
    side by side where a rule mentions them.
    """

    rule: str
    family: Family
    severity: Severity
    explanation: str
    spans: tuple[Stretch, ...] = ()
    times_ms: tuple[int, ...] = ()
    figures: Figures = field(default_factory=dict)
    false_alarm: str = ""
    rewrites: tuple[Rewrite, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return plain values in the shape of the public API; `rewrites` only where there are some."""
        evidence: dict[str, Any] = {
            "spans": [list(span) for span in self.spans],
            "times_ms": list(self.times_ms),
            "figures": dict(self.figures),
        }
        if self.rewrites:
            evidence["rewrites"] = [rewrite.as_json() for rewrite in self.rewrites]
        return {
            "id": self.rule,
            "family": self.family.value,
            "severity": self.severity.value,
            "explanation": self.explanation,
            "evidence": evidence,
            "false_alarm": self.false_alarm,
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Finding":
        """Read the finding that `as_json` wrote."""
        evidence = plain["evidence"]
        return cls(
            plain["id"],
            Family(plain["family"]),
            Severity(plain["severity"]),
            plain["explanation"],
            tuple((start, end) for start, end in evidence["spans"]),
            tuple(evidence["times_ms"]),
            dict(evidence["figures"]),
            plain["false_alarm"],
            tuple(map(Rewrite.from_json, evidence.get("rewrites", ()))),
        )


@dataclass(frozen=True, slots=True)
class Report:
    """Origins, measures and findings of one submission.

    `length` counts UTF-16 units. `origins` counts units by the label they have in `spans` (moved text as moved); the
    three shares count moved text by what it was before: accounted (typed, ime, assist), arrived without typing, and
    the item's own text. All are 0 for an empty text. `score` orders submissions, 0 to 1; it is not a probability.
    """

    analysis_version: str
    verdict: Verdict
    score: float
    length: int
    origins: Mapping[Origin, int]
    accounted_share: float
    arrived_share: float
    source_share: float
    spans: tuple[Span, ...]
    findings: tuple[Finding, ...]
    integrity: Mapping[str, Any]
    measures: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return plain values; `from_json` reads them back to an equal report."""
        return {
            "analysis_version": self.analysis_version,
            "verdict": self.verdict.value,
            "score": self.score,
            "length": self.length,
            "origins": {origin.value: units for origin, units in self.origins.items()},
            "accounted_share": self.accounted_share,
            "arrived_share": self.arrived_share,
            "source_share": self.source_share,
            "spans": [span.as_json() for span in self.spans],
            "findings": [finding.as_json() for finding in self.findings],
            "integrity": dict(self.integrity),
            "measures": dict(self.measures),
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Report":
        """Read the report that `as_json` wrote."""
        return cls(
            plain["analysis_version"],
            Verdict(plain["verdict"]),
            plain["score"],
            plain["length"],
            {Origin(origin): units for origin, units in plain["origins"].items()},
            plain["accounted_share"],
            plain["arrived_share"],
            plain["source_share"],
            tuple(map(Span.from_json, plain["spans"])),
            tuple(map(Finding.from_json, plain["findings"])),
            dict(plain["integrity"]),
            dict(plain["measures"]),
        )


def count_origins(spans: Sequence[Span]) -> dict[Origin, int]:
    """Count units by label; origins that do not occur are missing."""
    counts: dict[Origin, int] = {}
    for span in spans:
        counts[span.origin] = counts.get(span.origin, 0) + span.end - span.start
    return counts
