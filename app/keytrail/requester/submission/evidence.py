"""The evidence on a submission's page: its report in words and marks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keytrail.models import StoredReport
from keytrail.provenance import Origin, Verdict
from keytrail.provenance.formatting import clock
from keytrail.requester.submission.copying import Copying, copying_of, not_judged
from keytrail.requester.submission.integrity import IntegrityLine, integrity_of
from keytrail.requester.wording import (
    CLEAR_THOUGH_ARRIVED,
    ORIGINS,
    SEVERITIES,
    VERDICTS,
    Word,
    origin_word,
)
from keytrail.review.replay.runs import OriginRun, runs_of
from keytrail.synthetic.rules import rule_title
from keytrail.web.formatting import counted, number, percent

# Text that a person's keys explain needs no mark in the text. From this share on, text without typing is highlighted
# beside the verdict "clear".
_ARRIVED_SHARE = 0.1
_QUIET = frozenset({Origin.TYPED, Origin.IME, Origin.ASSIST, Origin.MOVED})
# NUL and other controls are not visible; HTML would drop or change them.
_CONTROLS = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"} | {0x7F: 0x2421}


@dataclass(frozen=True)
class ShownRun:
    """A stretch of the answer. `mark` numbers those that did not come by typing, 0 for the others.

    `look` is the origin that chooses colour and pattern; `when` and `said` describe how it came.
    """

    look: str
    text: str
    start: int
    end: int
    mark: int
    label: str
    when: str
    first_ms: int | None

    @property
    def description(self) -> str:
        """The run in a sentence."""
        length = counted(self.end - self.start, "character")
        return f"{self.label}, {length}" + (f", at {self.when}" if self.when else "")


@dataclass(frozen=True)
class LegendEntry:
    """One origin that occurs in the text."""

    look: str
    word: Word
    units: int
    share: str
    start: float
    """Where its part of the provenance bar begins, and how long it is, in per cent."""
    width: float


@dataclass(frozen=True)
class ShownMoment:
    """A time of the session, in ms and as minutes and seconds."""

    t_ms: int
    clock: str


@dataclass(frozen=True)
class ShownRewrite:
    """A rewritten passage: the worker's words before, the words now, and when they came."""

    old: str
    new: str
    when: str


@dataclass(frozen=True)
class ShownFinding:
    """One rule that fired. `marks` are the numbers of its runs."""

    rule: str
    title: str
    severity: str
    weight: str
    explanation: str
    false_alarm: str
    marks: Sequence[int]
    times: Sequence[ShownMoment]
    figures: Sequence[tuple[str, str]]
    rewrites: Sequence[ShownRewrite] = ()


@dataclass(frozen=True)
class Evidence:
    """Everything that the analysis says of one submission."""

    verdict_key: str
    verdict: Word
    runs: Sequence[ShownRun]
    legend: Sequence[LegendEntry]
    findings: Sequence[ShownFinding]
    integrity: Sequence[IntegrityLine]
    analysis_version: str
    copying: Copying | None
    not_judged: Sequence[tuple[str, str]]

    @property
    def arrivals(self) -> Sequence[ShownRun]:
        """The runs that did not come by typing, in the order of the text."""
        return [run for run in self.runs if run.mark]


def evidence_of(report: StoredReport, text: str) -> Evidence:
    """Build it from a stored report and its text."""
    body: Mapping[str, Any] = report.body
    runs = shown_runs(runs_of(text, body["spans"]))
    return Evidence(
        verdict_key=report.verdict,
        verdict=_verdict(report.verdict, body["arrived_share"]),
        runs=runs,
        legend=_legend(runs),
        findings=sorted((_finding(finding, runs) for finding in body["findings"]), key=_heaviest_first),
        integrity=integrity_of(body["integrity"]),
        analysis_version=report.analysis_version,
        copying=copying_of(body["measures"], report.analysis_version),
        not_judged=not_judged(body["measures"]),
    )


def shown_runs(runs: Sequence[OriginRun]) -> list[ShownRun]:
    """Return runs with their marks, numbered in the order of the text."""
    shown: list[ShownRun] = []
    marks = 0
    for run in runs:
        look = look_of(run.origin, run.inherited)
        marked = look not in _QUIET
        marks += marked
        shown.append(_shown(run, look, marks if marked else 0))
    return shown


def look_of(origin: str, inherited: str | None) -> str:
    """Return the origin to show: moved text is shown by its earlier origin, unless that was the worker's own typing."""
    return inherited if origin == Origin.MOVED and inherited and inherited not in _QUIET else origin


def _shown(run: OriginRun, look: str, mark: int) -> ShownRun:
    label = origin_word(look).label
    if run.origin == Origin.MOVED and look != Origin.MOVED:
        label += ", then moved"
    return ShownRun(
        look=look,
        text=run.text.translate(_CONTROLS),
        start=run.start,
        end=run.end,
        mark=mark,
        label=label,
        when=_when(run),
        first_ms=run.first_ms,
    )


def _when(run: OriginRun) -> str:
    if run.first_ms is None or run.last_ms is None:
        return ""
    first, last = clock(run.first_ms), clock(run.last_ms)
    return first if first == last else f"{first} to {last}"


def _verdict(verdict: str, arrived_share: float) -> Word:
    """Explain a clear verdict beside text that arrived without typing."""
    if verdict == Verdict.CLEAR and arrived_share >= _ARRIVED_SHARE:
        return CLEAR_THOUGH_ARRIVED
    return VERDICTS.get(verdict) or Word(verdict, "")


def _legend(runs: Sequence[ShownRun]) -> list[LegendEntry]:
    units: dict[str, int] = {}
    for run in runs:
        units[run.look] = units.get(run.look, 0) + run.end - run.start
    total = sum(units.values()) or 1
    order = [*(origin for origin in ORIGINS if origin in units), *(origin for origin in units if origin not in ORIGINS)]
    entries, reached = [], 0.0
    for look in order:
        width = 100 * units[look] / total
        share = percent(units[look] / total)
        entries.append(LegendEntry(look, origin_word(look), units[look], share, round(reached, 2), round(width, 2)))
        reached += width
    return entries


def _heaviest_first(finding: ShownFinding) -> int:
    return list(SEVERITIES).index(finding.severity) if finding.severity in SEVERITIES else len(SEVERITIES)


def _finding(finding: Mapping[str, Any], runs: Sequence[ShownRun]) -> ShownFinding:
    evidence: Mapping[str, Any] = finding["evidence"]
    spans = [(int(start), int(end)) for start, end in evidence.get("spans", ())]
    severity = str(finding["severity"])
    return ShownFinding(
        rule=str(finding["id"]),
        title=rule_title(str(finding["id"])),
        severity=severity,
        weight=SEVERITIES.get(severity, severity),
        explanation=str(finding["explanation"]),
        false_alarm=str(finding.get("false_alarm") or ""),
        marks=[r.mark for r in runs if r.mark and any(r.start < end and start < r.end for start, end in spans)],
        times=_moments(evidence.get("times_ms", ())),
        figures=_facts(evidence.get("figures", {})),
        rewrites=[_rewrite(pair) for pair in evidence.get("rewrites", ())],
    )


def _rewrite(pair: Mapping[str, Any]) -> ShownRewrite:
    old, new = (str(pair[name]).translate(_CONTROLS) for name in ("old", "new"))
    return ShownRewrite(old, new, clock(int(pair["at_ms"])))


def _moments(times: Iterable[int]) -> list[ShownMoment]:
    """Return at most one moment per second."""
    return list(
        {(at := ShownMoment(int(ms), clock(int(ms)))).clock: at for ms in sorted(times, reverse=True)}.values()
    )[::-1]


def _facts(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name.replace("_", " "), _value_text(value)) for name, value in values.items()]


def _value_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, int):
        return number(value)
    if isinstance(value, Mapping):
        return "; ".join(f"{key.replace('_', ' ')} {_value_text(part)}" for key, part in value.items()) or "none"
    if isinstance(value, (list, tuple)):
        return ", ".join(_value_text(part) for part in value) or "none"
    return "none" if value is None else str(value)
