"""Judge each labelled session or row of measures by the analysis, with results in one shape."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from keytrail.evaluation.reading import RHYTHM, FoundSession, LabelledSession
from keytrail.evaluation.tables import MeasuredRow
from keytrail.imports.rebuilding import REBUILT_BY
from keytrail.imports.storing import ImportedSession
from keytrail.models import KEYLOG
from keytrail.provenance import (
    EpochLog,
    Finding,
    KeyLog,
    Limits,
    LoggedCopy,
    LoggedItem,
    LoggedKey,
    LoggedPaste,
    Report,
    Severity,
    WritingLog,
    analyse,
    analyse_keylog,
    decode_all,
)
from keytrail.provenance.rules import (
    clocks,
    forgery,
    integrity,
    keyless,
    linearity,
    mechanics,
    origins,
    rewriting,
    weak_signs,
)
from keytrail.provenance.rules.catalogue import FAMILIES
from keytrail.provenance.rules.copying import likeness
from keytrail.provenance.rules.linearity import looks_copied
from keytrail.provenance.rules.mechanics import even_intervals
from keytrail.provenance.rules.verdict import total_score, verdict_of

LIMITS: Final = Limits()
_KEYS_ALONE: Final = frozenset(
    rule.id
    for rule in (
        origins.untyped_text,
        origins.initial_text,
        mechanics.capitals_without_shift,
        mechanics.scripted_focus,
        mechanics.automation,
        linearity.no_reading,
        integrity.log_inconsistent,
        clocks.clock_anomaly,
        integrity.parallel_epochs,
        rewriting.rewritten_text,
        rewriting.corrected_throughout,
        keyless.unspeakable_pace,
        keyless.composed_phrases,
        keyless.hardly_any_keys,
        weak_signs.weak_signs,
        clocks.log_ahead_of_time,
        forgery.unknown_recorder,
        forgery.impossible_environment,
        integrity.log_cut,
        clocks.clock_set,
    )
)
"""Rules whose silence on a log of keys, pastes and copies means nothing: it lacks the events that they read."""
_REBUILT: Final = frozenset(
    rule.id
    for rule in (
        mechanics.capitals_without_shift,
        mechanics.scripted_focus,
        mechanics.automation,
        linearity.no_reading,
        keyless.hardly_any_keys,
        weak_signs.weak_signs,
    )
)
"""The same for a log that was rebuilt from another logger's: it has neither device nor focus."""
_TYPED: Final = 0.9
_TYPED_UNITS: Final = 200


@dataclass(frozen=True)
class Judged:
    """One session. `applied` are the rules that could judge it, `fired` those that did, with their severity."""

    dataset: str
    session: str
    writer: str
    honest: bool | None
    groups: Mapping[str, str]
    applied: frozenset[str]
    fired: Mapping[str, Severity]
    verdict: str
    score: float
    scores: Mapping[str, float]


def judge(found: FoundSession, *, unlabelled: bool | None = True) -> Iterator[Judged]:
    """Judge every session and row; sessions without a label count as honest, as not honest, or (None) not at all."""
    for session in found.sessions:
        honest = session.label.honest if session.label.honest is not None else unlabelled
        judged = _session(session, report_of(session.session), honest)
        if judged is not None and honest is not None:
            yield judged
    for row in found.rows:
        yield from judge_row(row)


def report_of(session: ImportedSession) -> Report:
    """Return the analysis of a session as it would be stored."""
    if session.log_format == KEYLOG:
        items = [_item(entry) for entries in session.epochs for entry in entries]
        return analyse_keylog(KeyLog(items, session.text, session.item_text))
    epochs = [EpochLog(decode_all(events), number=number) for number, events in enumerate(session.epochs)]
    return analyse(WritingLog(epochs, session.text, session.item_text))


def _item(entry: list[object]) -> LoggedItem:
    match entry:
        case ["key", str(key), int(at_ms)]:
            return LoggedKey(key, at_ms)
        case ["paste", str(text), int(at_ms)]:
            return LoggedPaste(text, at_ms)
        case ["copy", str(text)]:
            return LoggedCopy(text)
    raise ValueError(f"not an entry of a key log: {str(entry)[:60]}")


def _session(labelled: LabelledSession, report: Report, honest: bool | None) -> Judged | None:  # noqa: FBT001 - a label
    """Judge a session; None if its label is unknown."""
    if not counts(labelled, report):
        return None
    findings = [finding for finding in report.findings if finding.family in labelled.families]
    skipped = report.measures["not_judged"]
    lowest = report.measures["interval_log_sd"]
    scores = {"copying": report.measures["copying_likeness"], "evenness": None if lowest is None else -lowest}
    return Judged(
        dataset=labelled.dataset,
        session=labelled.session.session,
        writer=labelled.label.writer or labelled.session.worker,
        honest=honest,
        groups={**_groups_of(labelled.session), **labelled.label.groups},
        applied=frozenset(
            rule
            for rule, family in FAMILIES.items()
            if family in labelled.families and rule not in skipped and rule not in _blind(labelled.session)
        ),
        fired={finding.rule: finding.severity for finding in findings},
        verdict=str(verdict_of(findings)),
        score=total_score(findings),
        scores={name: value for name, value in scores.items() if value is not None},
    )


def _blind(session: ImportedSession) -> frozenset[str]:
    if session.log_format == KEYLOG:
        return _KEYS_ALONE
    rebuilt = any(event[1] == "E" and event[2]["v"] in REBUILT_BY for events in session.epochs for event in events[:1])
    return _REBUILT if rebuilt else frozenset()


def counts(labelled: LabelledSession, report: Report) -> bool:
    """Return whether a session can stand for its label: of logs of keys only those whose text the keys explain."""
    typed = report.length >= _TYPED_UNITS and report.accounted_share >= _TYPED
    return labelled.session.log_format != KEYLOG or typed


def _groups_of(session: ImportedSession) -> dict[str, str]:
    """Return groups known from the log itself: the device and whether an input method was used."""
    if session.log_format == KEYLOG:
        return {}
    groups: dict[str, str] = {}
    for events in session.epochs:
        for event in events:
            if event[1] == "E" and event[2].get("pointer") in {"fine", "coarse"}:
                groups["device"] = "Touch screen" if event[2]["pointer"] == "coarse" else "Desktop"
            elif event[1] == "m":
                groups["input_method"] = "Yes"
    return groups


def judge_row(row: MeasuredRow) -> Iterator[Judged]:
    """Apply the rules of rhythm and linearity to stored measures; all others need the log.

    Copying a text out is honest typing but not composing: such a row counts twice, once as each.
    """
    mechanics, linearity = _hands(row), _flow(row)
    if row.honest:
        yield _judged_row(row, (*mechanics, *linearity), honest=True)
        return
    if mechanics:
        yield _judged_row(row, mechanics, honest=True)
    yield _judged_row(row, linearity, honest=False)


@dataclass(frozen=True)
class _Outcome:
    """One rule that could judge a row: its result, and its score."""

    rule: str
    severity: Severity | None
    score: str
    value: float


def _hands(row: MeasuredRow) -> tuple[_Outcome, ...]:
    keys, sd, hold = (row.measures.get(name) for name in ("keys", "interval_log_sd", "hold_median_ms"))
    found = []
    if sd is not None and (keys or 0) >= LIMITS.rhythm_keys:
        found.append(_Outcome("machine_rhythm", even_intervals(sd, LIMITS), "evenness", -sd))
    if hold is not None and (keys or 0) >= LIMITS.ghost_pairs:
        short = Severity.HIGH if hold < LIMITS.ghost_hold_ms else None
        found.append(_Outcome("ghost_keys", short, "short holds", -hold))
    return tuple(found)


def _flow(row: MeasuredRow) -> tuple[_Outcome, ...]:
    alike = likeness(row.measures)
    if alike is None or row.words < LIMITS.linear_words:
        return ()
    severity = Severity.REVIEW if looks_copied(alike, row.measures, LIMITS) else None
    return (_Outcome("linear_production", severity, "copying", alike),)


def _judged_row(row: MeasuredRow, outcomes: tuple[_Outcome, ...], *, honest: bool) -> Judged:
    fired = {one.rule: one.severity for one in outcomes if one.severity is not None}
    findings = [Finding(rule, FAMILIES[rule], severity, "") for rule, severity in fired.items()]
    return Judged(
        dataset=row.dataset,
        session="",
        writer=row.writer,
        honest=honest,
        groups=row.groups,
        applied=frozenset(one.rule for one in outcomes),
        fired=fired,
        verdict=str(verdict_of(findings)),
        score=total_score(findings),
        scores={one.score: one.value for one in outcomes},
    )


def in_rhythm(judged: Judged) -> Judged:
    """Return the same with findings of mechanics and linearity only, to which the budget of 2 % applies."""
    fired = {rule: severity for rule, severity in judged.fired.items() if FAMILIES.get(rule) in RHYTHM}
    findings = [Finding(rule, FAMILIES[rule], severity, "") for rule, severity in fired.items()]
    return replace(judged, fired=fired, verdict=str(verdict_of(findings)))
