"""Train a study's classifier, and load it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from keytrail.db import Database
from keytrail.errors import NotFound
from keytrail.models import StoredReport, Study, Submission, TrainedModel, WritingSession
from keytrail.provenance import Report
from keytrail.studies import present_study, study_by_slug
from keytrail.studies.conditions import hides_from_log, hiding_conditions
from keytrail.synthetic.training.error_rates import error_counts
from keytrail.synthetic.training.references import study_material
from keytrail.text.classifier.corpus import Corpus, CorpusSource, TrainingText, build_corpus, text_key
from keytrail.text.classifier.model import TextModel, train_model
from keytrail.text.classifier.storage import model_from_json, model_to_json
from keytrail.text.loglabels import log_label
from keytrail.text.prevalence.corrected import Counted, ErrorCounts


def train_study(
    database: Database,
    slug: str,
    clock: Callable[[], datetime],
    *,
    own_sessions: bool = False,
    seed: int = 0,
    train: Callable[..., TextModel] = train_model,
) -> TextModel:
    """Train on the study's reference texts and, on request, on its own sessions labelled by their logs.

    `train` makes a model of a corpus and a seed.

    Such labels are circular where the classifier is later compared with the log, so the model records those sessions
    and prevalence leaves them out. Training again on the same texts replaces the model. No write transaction is open
    during training, so recording is not blocked. Raises NotFound, and BadRequest if there is too little to learn from.
    """
    with database.reading() as db:
        study = study_by_slug(db, slug)
        corpus = study_corpus(db, study, own_sessions=own_sessions, seed=seed)
    model = train(corpus, seed=seed)
    errors = error_counts(model, corpus)
    with database.writing() as db:
        _store(db, present_study(db, study.id), model, errors, clock())
    return model


def _store(db: Session, study: Study, model: TextModel, errors: ErrorCounts | None, now: datetime) -> None:
    stored = db.scalar(
        select(TrainedModel).where(TrainedModel.study_id == study.id, TrainedModel.version == model.version)
    )
    if stored is not None:
        db.delete(stored)
        db.flush()
    db.add(
        TrainedModel(
            study_id=study.id,
            version=model.version,
            trained_at=now,
            body=model_to_json(model),
            errors=None if errors is None else errors.as_json(),
        )
    )


def study_corpus(db: Session, study: Study, *, own_sessions: bool, seed: int = 0) -> Corpus:
    """Return the study's texts, with half of each item's generations as references."""
    material = study_material(db, study)
    corpus = build_corpus(material.items, material.human, material.generated, seed=seed, origins=material.origins)
    if not own_sessions:
        return corpus
    taken = {text_key(text.text) for text in corpus.texts}
    taken |= {text_key(text) for texts in corpus.references.values() for text in texts}
    own = [text for text in _own_texts(db, study) if text_key(text.text) not in taken]
    return replace(corpus, texts=[*corpus.texts, *own])


def stored_model(db: Session, study: Study) -> TrainedModel:
    """Return the study's newest model. Raises NotFound."""
    found = newest_model(db, study)
    if found is None:
        raise NotFound(f"The study '{study.slug}' has no classifier yet. Run 'keytrail train {study.slug}' first.")
    return found


def newest_model(db: Session, study: Study) -> TrainedModel | None:
    """Return the newest model, None before the first training."""
    found: TrainedModel | None = db.scalar(_newest(select(TrainedModel), study))
    return found


@dataclass(frozen=True)
class CountingTest:
    """The newest model as the counting test, without the model itself, which is large.

    `errors` is None without lab texts to count them on.
    """

    model_version: str
    errors: ErrorCounts | None


def counting_test(db: Session, study: Study) -> CountingTest | None:
    """Return the counting test; None before the first training."""
    found = db.execute(_newest(select(TrainedModel.version, TrainedModel.errors), study)).one_or_none()
    if found is None:
        return None
    version, plain = found
    if plain is None:
        return CountingTest(version, None)
    errors = ErrorCounts(Counted(**plain["sensitivity"]), Counted(**plain["specificity"]), plain["counted_on"])
    return CountingTest(version, errors)


def _newest(query: Select[*tuple[Any, ...]], study: Study) -> Select[*tuple[Any, ...]]:
    query = query.where(TrainedModel.study_id == study.id)
    return query.order_by(TrainedModel.trained_at.desc(), TrainedModel.id.desc()).limit(1)


def opened_model(stored: TrainedModel) -> TextModel:
    """Return the model itself. Raises BadRequest if it is of another format."""
    return model_from_json(stored.body)


def _own_texts(db: Session, study: Study) -> list[TrainingText]:
    rows = db.execute(
        select(Submission, StoredReport)
        .join(StoredReport, StoredReport.submission_id == Submission.id)
        .where(Submission.study_id == study.id)
        .order_by(Submission.id)
        .options(joinedload(Submission.session).joinedload(WritingSession.item))
    )
    hiding = hiding_conditions(study)
    texts = []
    for submission, stored in rows:
        # Typed where pasting is prevented may be retyped: no label for a person's text.
        hidden = submission.session.condition in hiding or hides_from_log(submission.session.page_rules)
        label = None if hidden else log_label(Report.from_json(stored.body))
        if label is not None:
            texts.append(TrainingText(submission.session.item.key, submission.text, label, CorpusSource.OWN_STUDY))
    return texts
