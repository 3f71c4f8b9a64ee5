"""Analyse the field submissions: origins, scores against labels from the logs, and prevalence."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keytrail.provenance import Origin
from keytrail.synthetic.replication.lab import Lab
from keytrail.synthetic.replication.material import MTURK, PROLIFIC, FieldSubmission, Material
from keytrail.synthetic.replication.splits import JUDGED_ANYWAY, Split, splits_of
from keytrail.synthetic.training.error_rates import COUNTING_RATE, error_counts
from keytrail.text.classifier.assessment import Assessment, Outcome
from keytrail.text.classifier.augment import Random, extracts
from keytrail.text.classifier.calibration import FALSE_ALARM_RATES, logit
from keytrail.text.classifier.metrics import Figures, figures_of
from keytrail.text.classifier.samples import scoring_profiles
from keytrail.text.fusion import LogEvidence
from keytrail.text.loglabels import log_evidence
from keytrail.text.prevalence.observations import Observation
from keytrail.text.prevalence.report import PrevalenceReport, prevalence_report, worker_report

_EXTRACTS = 50


@dataclass(frozen=True)
class Rate:
    """At one nominal false-alarm rate: calls among others and among those labelled as a language model's."""

    false_alarms: int
    others: int
    found: int
    synthetic: int


@dataclass(frozen=True)
class Scored:
    """One study's submissions against the labels from their logs."""

    submissions: int
    characters: int
    known_origin: float
    paste_events: int
    paste_rule: int
    external: int
    authors_synthetic: int
    authors_judged: int
    figures: Figures
    """Of every text that has a label by its log, and at least 40 words on the topic."""
    rates: Mapping[float, Rate]
    authors_auc: float | None
    """The follow-up's own classifier against the same labels."""
    authors_rate: Rate
    not_assessable: Counter[str]


@dataclass(frozen=True)
class Fieldwork:
    """Both studies and their prevalence."""

    scored: Mapping[str, Scored]
    splits: Sequence[Split]
    extract_alarms: int
    extracts: int
    by_submission: PrevalenceReport
    by_worker: PrevalenceReport
    cross: Counter[tuple[str, str, str]]
    """Submissions by study, log evidence and how the text reads."""


@dataclass(frozen=True)
class _Judged:
    submission: FieldSubmission
    assessment: Assessment


def work_in_the_field(material: Material, lab: Lab, random: Random) -> Fieldwork:
    """Score every field text with the lab's model and count. References are the halves that were not trained on."""
    profiles = scoring_profiles(lab.corpus)
    judged = [
        _Judged(found, lab.model.assess(found.text, profiles[found.item_id], COUNTING_RATE)) for found in material.field
    ]
    pieces = [(item, piece) for item, text in material.items.items() for piece in extracts(text, random, _EXTRACTS)]
    alarms = sum(
        lab.model.assess(piece, profiles[item], COUNTING_RATE).outcome is Outcome.LLM_LIKE for item, piece in pieces
    )
    observations = [_observation(one) for one in judged]
    errors = error_counts(lab.model, lab.corpus)
    return Fieldwork(
        {
            name: _scored([one for one in judged if one.submission.population == name], lab)
            for name in (MTURK, PROLIFIC)
        },
        splits_of(material, (MTURK, PROLIFIC)),
        alarms,
        len(pieces),
        prevalence_report(observations, errors),
        worker_report(observations, errors),
        Counter((o.submission.population, log_evidence(o.submission.report), o.assessment.outcome) for o in judged),
    )


def _observation(judged: _Judged) -> Observation:
    submission, assessment = judged.submission, judged.assessment
    evidence = log_evidence(submission.report)
    likely = assessment.probability if assessment.reads_synthetic is not None else None
    return Observation(
        population=submission.population,
        worker=submission.worker,
        external=None if evidence is LogEvidence.UNCLEAR else evidence is LogEvidence.EXTERNAL,
        llm_like=assessment.reads_synthetic,
        pasted=submission.pasted,
        logit=None if likely is None else logit(likely),
    )


def _scored(judged: Sequence[_Judged], lab: Lab) -> Scored:
    submissions = [one.submission for one in judged]
    origins: Counter[str] = Counter()
    for submission in submissions:
        origins.update(submission.report.origins)
    labelled = [o for o in judged if o.submission.judged is not None and o.assessment.reasons in JUDGED_ANYWAY]
    truth = [bool(one.submission.judged) for one in labelled]
    likely = [one.assessment.probability or 0.0 for one in labelled]
    scorer = lab.model.with_references or lab.model.without_references
    bounds = scorer.thresholds.synthetic_from
    authors = [one.submission.authors for one in labelled]
    scores = [word.score for word in authors if word.score is not None]
    return Scored(
        submissions=len(submissions),
        characters=origins.total(),
        known_origin=1 - origins[Origin.UNKNOWN] / max(1, origins.total()),
        paste_events=sum(submission.pasted for submission in submissions),
        paste_rule=sum(submission.paste_rule for submission in submissions),
        external=sum(log_evidence(submission.report) is LogEvidence.EXTERNAL for submission in submissions),
        authors_synthetic=sum(bool(submission.authors.synthetic) for submission in submissions),
        authors_judged=sum(submission.authors.synthetic is not None for submission in submissions),
        figures=figures_of(likely, truth),
        rates={
            rate: _rate(
                [p >= bounds[rate] and not one.assessment.reasons for one, p in zip(labelled, likely, strict=True)],
                truth,
            )
            for rate in FALSE_ALARM_RATES
        },
        authors_auc=figures_of(scores, truth).auc if len(scores) == len(truth) else None,
        authors_rate=_rate([bool(word.synthetic) for word in authors], truth),
        not_assessable=Counter("+".join(o.assessment.reasons) for o in judged if o.assessment.reasons),
    )


def _rate(called: Sequence[bool], truth: Sequence[bool]) -> Rate:
    pairs = list(zip(called, truth, strict=True))
    return Rate(
        sum(call and not true for call, true in pairs),
        sum(not true for true in truth),
        sum(call and true for call, true in pairs),
        sum(truth),
    )
