"""The page for training a study's classifier: references, progress of jobs, and error rates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query
from fastapi.responses import Response
from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.errors import ImportFailed
from keytrail.markdown import to_html
from keytrail.models import Item, ReferenceText, Role, Study, Submission, TextJob, TextScore, TrainedModel, User
from keytrail.requester.frame import Frame, Link, study_frame
from keytrail.requester.people.access import CurrentUser, study_for
from keytrail.settings import Settings
from keytrail.synthetic.generation import DEFAULT_COUNT
from keytrail.synthetic.generation.references import Expected, Wanted, expected
from keytrail.synthetic.training.classifier import newest_model
from keytrail.synthetic.training.error_rates import COUNTING_RATE
from keytrail.synthetic.training.false_alarms import FalseAlarmCount, false_alarm_counts
from keytrail.synthetic.training.jobs import UNDER_WAY, under_way
from keytrail.synthetic.training.references import ImportedReferences
from keytrail.text.classifier.calibration import DEFAULT_RATE
from keytrail.text.classifier.card import card_markdown
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now, ReadSession

router = APIRouter(prefix="/studies/{slug}", include_in_schema=False)


@dataclass(frozen=True)
class Learning:
    """The training material; `fewest` and `most` are generations of one item."""

    items: int
    generated: int
    fewest: int
    most: int
    by_people: int


@dataclass(frozen=True)
class TrainingPage:
    """`running` says that a job goes on, `stopped` that one ended without a word; `card` is empty before training.

    `models` are those that the installation may ask for references, `expected` what asking them would take. `refused`
    is an uploaded file that was not taken, with its bad rows.
    """

    template: ClassVar[str] = "requester/synthetic/training.html"

    frame: Frame
    study: Study
    may_train: bool
    may_generate: bool
    learning: Learning
    job: TextJob | None
    running: bool
    stopped: bool
    model: TrainedModel | None
    card: Markup
    scored: int
    unscored: int
    models: Sequence[str]
    expected: Expected | None
    texts_per_item: int
    imported: ImportedReferences | None
    refused: ImportFailed | None
    false_alarms: Sequence[FalseAlarmCount]
    finding_rate: float
    counting_rate: float


@router.get("/classifier")
def show_classifier(
    slug: str,
    user: CurrentUser,
    db: ReadSession,
    services: CurrentServices,
    now: Now,
    render: CurrentPages,
    stored: Annotated[int | None, Query(ge=0)] = None,
    known: Annotated[int, Query(ge=0)] = 0,
    repeated: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Security: study_for answers 404 to whoever has no role in the study."""
    study, role = study_for(db, slug, user)
    imported = None if stored is None else ImportedReferences(stored, known, repeated)
    return render.render(
        training_page(db, study, TrainingReader(user, role, now), services.settings, imported=imported)
    )


@dataclass(frozen=True)
class TrainingReader:
    """Who looks at the page, with which role, and when."""

    user: User
    role: Role
    now: datetime


def training_page(
    db: Session,
    study: Study,
    reader: TrainingReader,
    settings: Settings,
    *,
    imported: ImportedReferences | None = None,
    refused: ImportFailed | None = None,
) -> TrainingPage:
    """Build the page with the controls that this reader may use."""
    model = newest_model(db, study)
    job = db.get(TextJob, study.id)
    running = under_way(job, reader.now)
    scored = 0 if model is None else _scored(db, study, model)
    wanted = wanted_references(settings)
    return TrainingPage(
        frame=study_frame(reader.user, study, reader.role, "prevalence", Link("Classifier", "", current=True)),
        study=study,
        may_train=reader.role != Role.VIEWER,
        may_generate=reader.role == Role.OWNER and reader.user.may_spend,
        learning=_learning(db, study),
        job=job,
        running=running,
        stopped=job is not None and not running and job.step in UNDER_WAY,
        model=model,
        card=Markup() if model is None else _card(model),
        scored=scored,
        unscored=0 if model is None else _submitted(db, study) - scored,
        models=() if wanted is None else wanted.models,
        expected=None if wanted is None else expected(db, study.slug, wanted),
        texts_per_item=DEFAULT_COUNT,
        imported=imported,
        refused=refused,
        false_alarms=false_alarm_counts(model),
        finding_rate=DEFAULT_RATE,
        counting_rate=COUNTING_RATE,
    )


def wanted_references(settings: Settings) -> Wanted | None:
    """What the installation can ask for; None if no endpoint is set."""
    if settings.llm_url is None or not settings.llm_models:
        return None
    return Wanted(settings.llm_models, settings.llm_temperatures)


def _scored(db: Session, study: Study, model: TrainedModel) -> int:
    """By the newest model."""
    mine = (TextScore.study_id == study.id, TextScore.model_version == model.version)
    return db.scalar(select(func.count()).where(*mine)) or 0


def _submitted(db: Session, study: Study) -> int:
    return db.scalar(select(func.count()).where(Submission.study_id == study.id)) or 0


def _card(model: TrainedModel) -> Markup:
    """Return the card with headings below the second level."""
    text = card_markdown(model.body["card"])
    return to_html(text.replace("\n## ", "\n### ").replace("# ", "### ", 1))


def _learning(db: Session, study: Study) -> Learning:
    items = db.scalar(select(func.count()).where(Item.study_id == study.id)) or 0
    made = (ReferenceText.study_id == study.id, ReferenceText.by_model)
    per_item = list(db.scalars(select(func.count()).where(*made).group_by(ReferenceText.item_id)))
    people = select(func.count()).where(ReferenceText.study_id == study.id, ReferenceText.by_model.is_(False))
    fewest = min(per_item, default=0) if len(per_item) == items else 0
    return Learning(items, sum(per_item), fewest, max(per_item, default=0), db.scalar(people) or 0)
