"""The classifier's judgement of one text, and its storage beside the log's analysis."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from keytrail.messages import message
from keytrail.models import Submission, TextScore
from keytrail.provenance import Family, Finding, Report, Severity
from keytrail.provenance.formatting import percent
from keytrail.provenance.rules.rule import Rule
from keytrail.synthetic.training.error_rates import COUNTING_RATE
from keytrail.text.classifier.assessment import Assessment, Outcome
from keytrail.text.classifier.calibration import DEFAULT_RATE
from keytrail.text.classifier.card import main_figures
from keytrail.text.classifier.model import TextModel
from keytrail.text.fusion import posterior
from keytrail.text.items import ItemProfile
from keytrail.text.loglabels import log_evidence
from keytrail.text.words.marks import chat_boilerplate

NOT_ALONE = "People who write in a language that is not their first are misjudged more often. It decides nothing alone."
READS_SYNTHETIC: Final = Rule(
    id="reads_synthetic",
    title="Reads like a language model's text",
    for_worker=message(
        "A program found your text similar to texts by language models. This is a likeness and does not show "
        "who wrote it."
    ),
    family=Family.TEXT,
    severities=(Severity.REVIEW,),
    false_alarm="The study's classifier states the rate for which its threshold is set.",
)


@dataclass(frozen=True)
class JudgedText:
    """One text judged by one model: at the threshold of findings (`shown`) and at the threshold for counting."""

    shown: Assessment
    reads_synthetic: bool | None
    trained_on: bool
    """Whether the text's own log gave a label to the training."""
    finding: Finding | None


def judge_text(text: str, model: TextModel, profile: ItemProfile) -> JudgedText:
    """Judge a text about an item with the model."""
    shown = model.assess(text, profile, DEFAULT_RATE)
    counted = model.assess(text, profile, COUNTING_RATE)
    return JudgedText(shown, counted.reads_synthetic, model.trained_on_own(text), text_finding(shown, model))


def store_judgement(db: Session, submission: Submission, judged: JudgedText, now: datetime) -> None:
    """Store a judgement instead of an earlier one; reports stored from now on include its finding."""
    score = db.get(TextScore, submission.id) or TextScore(submission_id=submission.id)
    score.study_id = submission.study_id
    score.model_version = judged.shown.model_version
    score.scored_at = now
    score.outcome = judged.shown.outcome
    score.probability = judged.shown.probability
    score.reads_synthetic = judged.reads_synthetic
    score.trained_on = judged.trained_on
    finding = None if judged.finding is None else judged.finding.as_json()
    score.body = {"assessment": _plain(judged.shown), "finding": finding}
    db.add(score)
    db.flush()


def join_log(db: Session, submission: Submission, report: Report) -> None:
    """Store the fused result of log and text beside the score, with what is shown as an explanation only."""
    score = db.get(TextScore, submission.id)
    if score is not None:
        together = posterior(log_evidence(report), Outcome(score.outcome))
        marks = [mark.as_json() for mark in chat_boilerplate(submission.text)]
        score.body = {**score.body, "posterior": together.as_json(), "boilerplate": marks}


def text_finding(assessment: Assessment, model: TextModel) -> Finding | None:
    """Return a finding for review if the text reads synthetic; None for any other outcome."""
    if assessment.outcome is not Outcome.LLM_LIKE or assessment.probability is None:
        return None
    figures = main_figures(model.card)
    return READS_SYNTHETIC.finding(
        severity=Severity.REVIEW,
        explanation=(
            "The text reads like those that language models write about this item. A likeness does not show who "
            f"wrote it. {NOT_ALONE}"
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
            "not seen. The rate may be higher in this study."
        ),
    )


def _plain(assessment: Assessment) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in assessment.as_json().items()}
