"""Scoring a study's submissions: all of them after training, and each new one as it comes."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.models import Item, ReferenceText, Study, Submission, TextScore
from keytrail.provenance import Report
from keytrail.review.analysis.background import analyse_stored, examined
from keytrail.review.analysis.bridge import Examined, load_for_analysis, store_report
from keytrail.studies import study_by_slug
from keytrail.synthetic.training.classifier import counting_test, opened_model, stored_model, study_corpus
from keytrail.synthetic.training.judgement import JudgedText, join_log, judge_text, store_judgement
from keytrail.text.classifier.model import TextModel
from keytrail.text.classifier.samples import scoring_profiles
from keytrail.text.items import ItemProfile

_REMEMBERED = 2
"""Models that a process keeps open: each has its items' references with it."""
_log = logging.getLogger("keytrail")


def score_study(
    database: Database,
    slug: str,
    clock: Callable[[], datetime],
    track: Callable[[Sequence[int]], Iterable[int]] = iter,
    *,
    again: bool = True,
) -> int:
    """Score submissions with the study's newest model and join the finding to their reports; how many there were.

    Without `again` only those that this model has not scored.

    Each has separate units of work, and the longest part, reading and scoring, writes nothing: recording never waits
    for more than one submission. `track` may wrap the ids to show progress. Raises NotFound without a model.
    """
    with database.reading() as db:
        study = study_by_slug(db, slug)
        model = opened_model(stored_model(db, study))
        profiles = _profiles(db, study, model)
        query = select(Submission.id).where(Submission.study_id == study.id).order_by(Submission.id)
        scored = select(TextScore.submission_id).where(TextScore.model_version == model.version)
        ids = list(db.scalars(query if again else query.where(Submission.id.not_in(scored))))
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
        text, item_id = submission.text, submission.session.item_id
    judged = judge_text(text, model, profiles[item_id])
    with database.writing() as db:
        # What was erased meanwhile stays so.
        present = db.get(Submission, submission_id)
        if present is None:
            return
        store_judgement(db, present, judged, clock())
    report = analyse_stored(database, submission_id, clock)
    with database.writing() as db:
        present = db.get(Submission, submission_id)
        if report is not None and present is not None:
            join_log(db, present, report)


@dataclass(frozen=True)
class ExaminedText:
    """A new submission's log and text, not stored yet; `judged` is None without a classifier, or if it failed."""

    examined: Examined
    judged: JudgedText | None


def examine_log_and_text(database: Database, submission_id: int) -> ExaminedText | None:
    """The reading half of a new submission's analysis, which may be done in another process; None if it was erased."""
    found = examined(database, submission_id)
    if found is None:
        return None
    try:
        return ExaminedText(found, _judged(database, submission_id))
    except Exception:  # noqa: BLE001  # the log is known whatever becomes of the text, which can be scored later
        _log.exception("submission %s could not be scored", submission_id)
        return ExaminedText(found, None)


def store_log_and_text(db: Session, submission: Submission, found: ExaminedText, now: datetime) -> Report:
    """The writing half: the score first, so that the report has its finding."""
    if found.judged is None:
        return store_report(db, submission, found.examined, now)
    store_judgement(db, submission, found.judged, now)
    report = store_report(db, submission, found.examined, now)
    join_log(db, submission, report)
    return report


def _judged(database: Database, submission_id: int) -> JudgedText | None:
    with database.reading() as db:
        submission = load_for_analysis(db, submission_id)
        if submission is None:
            return None
        study = submission.study
        test = counting_test(db, study)
        if test is None:
            return None
        counts = [
            db.scalar(select(func.count()).where(table.study_id == study.id)) or 0 for table in (Item, ReferenceText)
        ]
        model, profiles = _opened(database, study.id, test.model_version, *counts)
        return judge_text(submission.text, model, profiles[submission.session.item_id])


@lru_cache(maxsize=_REMEMBERED)
def _opened(
    database: Database, study_id: int, _version: str, _items: int, _references: int
) -> tuple[TextModel, Mapping[int, ItemProfile]]:
    """A study's model ready to judge, remembered until another is trained or the texts change that it compares with."""
    with database.reading() as db:
        study = db.get_one(Study, study_id)
        model = opened_model(stored_model(db, study))
        return model, _profiles(db, study, model)


def _profiles(db: Session, study: Study, model: TextModel) -> dict[int, ItemProfile]:
    """Return each item with the halves of its generations that serve as references, split by the model's own seed."""
    corpus = study_corpus(db, study, own_sessions=False, seed=model.card["seed"])
    profiles = scoring_profiles(corpus)
    return {item.id: profiles[item.key] for item in db.scalars(select(Item).where(Item.study_id == study.id))}
