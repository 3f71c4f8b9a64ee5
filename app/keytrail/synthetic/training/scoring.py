"""Score a study's submissions, and add the finding that a score causes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.models import Item, Study, Submission, TextScore
from keytrail.provenance import Family, Finding, Report, Severity
from keytrail.provenance.formatting import percent
from keytrail.provenance.rules.rule import Rule
from keytrail.review.analysis.background import analyse_stored
from keytrail.review.analysis.bridge import load_for_analysis
from keytrail.studies import study_by_slug
from keytrail.synthetic.training.classifier import opened_model, stored_model, study_corpus
from keytrail.synthetic.training.error_rates import COUNTING_RATE
from keytrail.text.classifier.assessment import Assessment, Outcome
from keytrail.text.classifier.calibration import DEFAULT_RATE
from keytrail.text.classifier.card import main_figures
from keytrail.text.classifier.model import TextModel
from keytrail.text.classifier.samples import scoring_profiles
from keytrail.text.fusion import posterior
from keytrail.text.items import ItemProfile
from keytrail.text.loglabels import log_evidence
from keytrail.text.words.marks import chat_boilerplate

NOT_ALONE = "People who write in a language that is not their first are misjudged more often; it decides nothing alone."
READS_SYNTHETIC: Final = Rule(
    id="reads_synthetic",
    title="Reads like a language model's text",
    family=Family.TEXT,
    severities=(Severity.REVIEW,),
    false_alarm="The study's classifier states the rate for which its threshold is set.",
)


def score_study(
    database: Database,
    slug: str,
    clock: Callable[[], datetime],
    track: Callable[[Sequence[int]], Iterable[int]] = iter,
) -> int:
    """Score every submission with the study's newest model and add the finding to its report; return how many there
    were.

    Each has separate units of work, and the longest part, reading and scoring, writes nothing: recording never waits
    for more than one submission. `track` may wrap the ids to show progress. Raises NotFound without a model.
    """
    with database.reading() as db:
        study = study_by_slug(db, slug)
        model = opened_model(stored_model(db, study))
        profiles = _profiles(db, study, model)
        ids = list(db.scalars(select(Submission.id).where(Submission.study_id == study.id).order_by(Submission.id)))
    for submission_id in track(ids):
        _score(database, submission_id, model, profiles, clock)
    return len(ids)


def _score(
    database: Database,
    submission_id: int,
    model: TextModel,
    profiles: Mapping[int, ItemProfile],
    clock: Callable[[], datetime],
) -> None:
    """Store the score of one text, then analyse the submission again so that its report has the finding."""
    with database.reading() as db:
        submission = load_for_analysis(db, submission_id)
        if submission is None:
            return
        text, profile = submission.text, profiles[submission.session.item_id]
    shown = model.assess(text, profile, DEFAULT_RATE)
    counted = model.assess(text, profile, COUNTING_RATE)
    with database.writing() as db:
        # Submissions erased meanwhile are skipped.
        if db.get(Submission, submission_id) is None:
            return
        score = db.get(TextScore, submission_id) or TextScore(submission_id=submission_id)
        score.study_id = submission.study_id
        score.model_version = model.version
        score.scored_at = clock()
        score.outcome = shown.outcome
        score.probability = shown.probability
        score.reads_synthetic = counted.reads_synthetic
        score.trained_on = model.trained_on_own(text)
        finding = text_finding(shown, model)
        score.body = {"assessment": _plain(shown), "finding": None if finding is None else finding.as_json()}
        db.add(score)
    report = analyse_stored(database, submission_id, clock)
    with database.writing() as db:
        stored = db.get(TextScore, submission_id)
        if report is not None and stored is not None:
            stored.body = {**stored.body, **_beside(text, report, shown)}


def text_finding(assessment: Assessment, model: TextModel) -> Finding | None:
    """Return a finding for review if the text reads synthetic; nothing for any other outcome."""
    if assessment.outcome is not Outcome.LLM_LIKE or assessment.probability is None:
        return None
    figures = main_figures(model.card)
    return READS_SYNTHETIC.finding(
        severity=Severity.REVIEW,
        explanation=(
            "The text reads like those that language models write about this item. That is a likeness, not a finding "
            f"of who wrote it. {NOT_ALONE}"
        ),
        figures={
            "probability_at_even_odds": round(assessment.probability, 3),
            "threshold": round(assessment.llm_from, 3),
            "own_words": assessment.own_words,
            "model": assessment.model_version,
        },
        false_alarm=(
            f"The threshold is set for {percent(assessment.false_alarm_rate)} of honest texts, learnt on "
            f"{figures['texts_behind_thresholds']['honest']} texts by people about items that the judging model had "
            "not seen. It may be more in this study."
        ),
    )


def _beside(text: str, report: Report, assessment: Assessment) -> dict[str, Any]:
    """Combine log and text, with what is shown as explanation only."""
    together = posterior(log_evidence(report), assessment.outcome)
    return {
        "posterior": together.as_json(),
        "boilerplate": [mark.as_json() for mark in chat_boilerplate(text)],
    }


def _plain(assessment: Assessment) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in assessment.as_json().items()}


def _profiles(db: Session, study: Study, model: TextModel) -> dict[int, ItemProfile]:
    """Return each item with the halves of its generations that serve as references, split by the model's own seed."""
    corpus = study_corpus(db, study, own_sessions=False, seed=model.card["seed"])
    profiles = scoring_profiles(corpus)
    return {item.id: profiles[item.key] for item in db.scalars(select(Item).where(Item.study_id == study.id))}
