"""A study's classifier: what it learns from, training and scoring with progress, and how often it is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, BackgroundTasks, Depends
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.errors import Conflict
from keytrail.markdown import to_html
from keytrail.models import Item, ReferenceText, Role, Study, TextJob, TextScore, TrainedModel
from keytrail.requester.forms import SentForm
from keytrail.requester.frame import Frame, Link, study_frame
from keytrail.requester.people.access import CurrentUser, require_reviewer, same_origin, study_for
from keytrail.synthetic.training.classifier import newest_model
from keytrail.synthetic.training.false_alarms import FalseAlarmCount, false_alarm_counts
from keytrail.synthetic.training.jobs import UNDER_WAY, begin_job, run_job_in_child, under_way
from keytrail.text.classifier.card import card_markdown
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now, ReadSession, WriteSession

router = APIRouter(prefix="/studies/{slug}", include_in_schema=False, dependencies=[Depends(same_origin)])


@dataclass(frozen=True)
class Learning:
    """What there is to learn from; `fewest` and `most` are generations of one item."""

    items: int
    generated: int
    fewest: int
    most: int
    by_people: int


@dataclass(frozen=True)
class TrainingPage:
    """`running` says that a job goes on, `stopped` that one ended without a word; `card` is empty before training."""

    template: ClassVar[str] = "requester/synthetic/training.html"

    frame: Frame
    study: Study
    may_train: bool
    learning: Learning
    job: TextJob | None
    running: bool
    stopped: bool
    model: TrainedModel | None
    card: Markup
    scored: int
    false_alarms: Sequence[FalseAlarmCount]


@router.get("/classifier")
def show_classifier(slug: str, user: CurrentUser, db: ReadSession, now: Now, render: CurrentPages) -> Response:
    """Security: study_for answers 404 to whoever has no role in the study."""
    study, role = study_for(db, slug, user)
    model = newest_model(db, study)
    job = db.get(TextJob, study.id)
    running = under_way(job, now)
    page = TrainingPage(
        frame=study_frame(user, study, role, "prevalence", Link("Classifier", "", current=True)),
        study=study,
        may_train=role != Role.VIEWER,
        learning=_learning(db, study),
        job=job,
        running=running,
        stopped=job is not None and not running and job.step in UNDER_WAY,
        model=model,
        card=Markup() if model is None else _card(model),
        scored=db.scalar(select(func.count()).where(TextScore.study_id == study.id)) or 0,
        false_alarms=false_alarm_counts(model),
    )
    return render.render(page)


@router.post("/classifier")
def train(
    slug: str,
    sent: SentForm,
    user: CurrentUser,
    db: WriteSession,
    services: CurrentServices,
    now: Now,
    after: BackgroundTasks,
) -> Response:
    """Begin training and scoring. Security: for reviewers and owners."""
    study, role = study_for(db, slug, user)
    require_reviewer(role)
    address = f"/studies/{slug}/classifier"
    try:
        job = begin_job(db, study, user, now, own_sessions=bool(sent.get("own_sessions")))
    except Conflict:
        # Pressed twice: the page shows the run that goes on.
        return RedirectResponse(address, status_code=303)
    if services.settings.background == "inside":  # else 'keytrail worker' finds it
        url = services.database.engine.url.render_as_string(hide_password=False)
        after.add_task(run_job_in_child, url, study.id, job.run, services.clock, own_sessions=job.own_sessions)
    return RedirectResponse(address, status_code=303)


def _card(model: TrainedModel) -> Markup:
    """The card below a heading of the second level."""
    text = card_markdown(model.body["card"])
    return to_html(text.replace("\n## ", "\n### ").replace("# ", "### ", 1))


def _learning(db: Session, study: Study) -> Learning:
    items = db.scalar(select(func.count()).where(Item.study_id == study.id)) or 0
    made = (ReferenceText.study_id == study.id, ReferenceText.by_model)
    per_item = list(db.scalars(select(func.count()).where(*made).group_by(ReferenceText.item_id)))
    people = select(func.count()).where(ReferenceText.study_id == study.id, ReferenceText.by_model.is_(False))
    fewest = min(per_item, default=0) if len(per_item) == items else 0
    return Learning(items, sum(per_item), fewest, max(per_item, default=0), db.scalar(people) or 0)
