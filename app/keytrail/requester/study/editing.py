"""Creating and editing a study in the browser, with a preview of the page that the worker sees."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict
from keytrail.markdown import to_html
from keytrail.models import Item, Study, StudyState
from keytrail.platforms.phrases import MARKETPLACE, Phrases
from keytrail.requester.forms import SentForm
from keytrail.requester.frame import Frame, Link, frame, study_frame
from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.requester.study.form import PLATFORMS, StudyForm
from keytrail.review.figures.progress import Progress, progress_of
from keytrail.review.judging.decisions import settle_again
from keytrail.studies import create_study
from keytrail.studies.conditions import MEASURE_TEXTS, Measure
from keytrail.studies.definition import StudyDefinition
from keytrail.studies.editing import set_state, update_study
from keytrail.users.rights import require_creating
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession, WriteSession

router = APIRouter(include_in_schema=False, dependencies=[Depends(same_origin)])

_BLAMED = {"platform_fixed": "platform", "conditions_fixed": "conditions"}
_SAMPLE = "The text that the worker reads stands here, one of the study's items."


@dataclass(frozen=True)
class StudyFormPage:
    """`study` and `progress` are None while the study does not exist yet."""

    template: ClassVar[str] = "requester/study/form.html"

    frame: Frame
    form: StudyForm
    platforms: dict[str, str]
    measures: Mapping[Measure, str]
    study: Study | None
    progress: Progress | None
    saved: bool


@dataclass(frozen=True)
class PreviewTask:
    """What the worker's own preview template asks for."""

    slug: str
    title: str
    instructions: Markup
    minimum_words: str
    maximum_words: str
    reward: str


@dataclass(frozen=True)
class TaskPreview:
    """The worker's preview page, rendered from a form that need not be complete."""

    template: ClassVar[str] = "worker/preview.html"

    task: PreviewTask
    consent: Markup
    source: str
    picture: None = None
    example: bool = True
    say: Phrases = MARKETPLACE


@router.get("/new-study")
def new_study(user: CurrentUser, db: ReadSession, render: CurrentPages) -> Response:
    """An empty form. Security: for users who may create studies; they own what they create."""
    require_creating(db, user)
    return render.render(_new_page(user, StudyForm.empty()))


@router.post("/new-study")
def create(sent: SentForm, user: CurrentUser, db: WriteSession, now: Now, render: CurrentPages) -> Response:
    """Create it, then ask for items. Security: as the form."""
    require_creating(db, user)
    form = StudyForm.sent(sent)
    found = form.definition()
    if isinstance(found, StudyForm):
        return render.render(_new_page(user, found), status=400)
    try:
        study = create_study(db, found, user, now, state=StudyState.DRAFT)
    except Conflict as problem:
        return render.render(_new_page(user, form.but(slug=problem.message)), status=problem.status)
    return RedirectResponse(f"/studies/{study.slug}/items", status_code=303)


@router.get("/studies/{slug}/settings")
def edit_study(slug: str, user: CurrentUser, db: ReadSession, render: CurrentPages, saved: str = "") -> Response:
    """Security: for owners."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    page = StudyFormPage(
        frame=study_frame(user, study, role, "settings"),
        form=StudyForm.from_study(study),
        platforms=dict(PLATFORMS),
        measures=MEASURE_TEXTS,
        study=study,
        progress=progress_of(db, [study.id])[study.id],
        saved=bool(saved),
    )
    return render.render(page)


@router.post("/studies/{slug}/settings")
def save_study(
    slug: str, sent: SentForm, user: CurrentUser, db: WriteSession, now: Now, render: CurrentPages
) -> Response:
    """Security: for owners."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    form = StudyForm.sent(sent)
    found = form.definition()
    if isinstance(found, StudyDefinition):
        try:
            changed = update_study(db, study, found, user, now)
        except Conflict as problem:
            found = form.but(**{_BLAMED[problem.error_code]: problem.message})
        else:
            if "reviews_per_submission" in changed:
                settle_again(db, study, user, now)
            return RedirectResponse(f"/studies/{slug}/settings?saved=1", status_code=303)
    page = StudyFormPage(
        frame=study_frame(user, study, role, "settings"),
        form=found,
        platforms=dict(PLATFORMS),
        measures=MEASURE_TEXTS,
        study=study,
        progress=progress_of(db, [study.id])[study.id],
        saved=False,
    )
    return render.render(page, status=400)


@router.post("/studies/{slug}/state")
def change_state(slug: str, sent: SentForm, user: CurrentUser, db: WriteSession, now: Now) -> Response:
    """Security: for owners."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    wanted = sent.get("state", "")
    if wanted not in set(StudyState):
        raise BadRequest("A study is open, paused or closed.")
    set_state(db, study, StudyState(wanted), user, now)
    return RedirectResponse(f"/studies/{slug}/settings", status_code=303)


@router.post("/study-preview")
def preview(sent: SentForm, user: CurrentUser, db: ReadSession, render: CurrentPages) -> Response:
    """The very template of the worker's page, with what stands in the form now. Stores nothing."""
    study = study_for(db, sent["study"], user)[0] if sent.get("study") else None
    return render.render(task_preview(db, StudyForm.sent(sent).values, study))


def task_preview(db: Session, values: Mapping[str, str], study: Study | None) -> TaskPreview:
    """The worker's preview page with these settings, and with the first item of a study that has one."""
    source = _SAMPLE
    if study is not None:
        source = db.scalar(select(Item.text).where(Item.study_id == study.id).order_by(Item.id).limit(1)) or _SAMPLE
    task = PreviewTask(
        slug="",
        title=values["title"] or "Untitled",
        instructions=to_html(values["instructions"]),
        minimum_words=values["minimum_words"],
        maximum_words=values["maximum_words"],
        reward=f"{values['reward']} {values['currency']}" if values["reward"].strip("0. ") else "",
    )
    return TaskPreview(task, to_html(values["consent"]), source)


def _new_page(user: CurrentUser, form: StudyForm) -> StudyFormPage:
    return StudyFormPage(
        frame=frame(user, Link("New study", "", current=True)),
        form=form,
        platforms=dict(PLATFORMS),
        measures=MEASURE_TEXTS,
        study=None,
        progress=None,
        saved=False,
    )
