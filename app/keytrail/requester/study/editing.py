"""Create and edit a study in the browser, with a preview of the worker's page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict
from keytrail.language import Language, language_named, languages
from keytrail.markdown import to_html
from keytrail.models import Item, Study, StudyState
from keytrail.platforms.phrases import Phrases
from keytrail.platforms.registry import phrases_of
from keytrail.requester.forms import SentForm
from keytrail.requester.frame import Frame, Link, frame, study_frame
from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.requester.study.form import PLATFORMS, StudyForm
from keytrail.review.figures.progress import Progress, progress_of
from keytrail.review.judging.decisions import settle_again
from keytrail.studies import create_study
from keytrail.studies.briefing import TaskText, Term, terms_of
from keytrail.studies.conditions import MEASURE_TEXTS, Measure
from keytrail.studies.definition import StudyDefinition
from keytrail.studies.editing import set_state, study_of, update_study
from keytrail.users.rights import require_creating
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession, WriteSession

router = APIRouter(include_in_schema=False, dependencies=[Depends(same_origin)])

_BLAMED = {"platform_fixed": "platform", "currency_fixed": "currency", "conditions_fixed": "conditions"}
_SAMPLE = "The text that the worker reads stands here, one of the study's items."


@dataclass(frozen=True)
class StudyFormPage:
    """The study form. `study` and `progress` are None for a new study."""

    template: ClassVar[str] = "requester/study/form.html"

    frame: Frame
    form: StudyForm
    platforms: dict[str, str]
    measures: Mapping[Measure, str]
    languages: Sequence[Language]
    study: Study | None
    progress: Progress | None
    saved: bool


@dataclass(frozen=True)
class PreviewSource:
    """The text that is to be read, for the preview; shown as text in any case."""

    text: str
    language: str
    picture: None = None


@dataclass(frozen=True)
class TaskPreview:
    """The worker's preview page, rendered from a form that may be incomplete."""

    template: ClassVar[str] = "worker/preview.html"

    language: Language
    task: TaskText
    terms: Sequence[Term]
    consent: Markup
    source: PreviewSource
    say: Phrases
    example: bool = True


@router.get("/new-study")
def new_study(user: CurrentUser, db: ReadSession, render: CurrentPages) -> Response:
    """Show an empty form. Security: for users who may create studies; they own what they create."""
    require_creating(db, user)
    return render.render(_new_page(user, StudyForm.empty()))


@router.post("/new-study")
def create(sent: SentForm, user: CurrentUser, db: WriteSession, now: Now, render: CurrentPages) -> Response:
    """Create the study, then ask for items. Security: as the form."""
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
        languages=languages(),
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
        # The platform's options have a page of their own.
        found = found.model_copy(update={"platform_options": study.platform_options})
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
        languages=languages(),
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
def preview(sent: SentForm, user: CurrentUser, db: ReadSession, now: Now, render: CurrentPages) -> Response:
    """The very template of the worker's page, with what stands in the form now. Stores nothing."""
    study = study_for(db, sent["study"], user)[0] if sent.get("study") else None
    shown = study_of(StudyForm.sent(sent).shown_so_far(), slug="", now=now)
    return render.render(task_preview(db, shown, study))


def task_preview(db: Session, shown: Study, study: Study | None) -> TaskPreview:
    """Return the worker's preview page of `shown`, with the first item of a stored study that has one."""
    source = _SAMPLE
    if study is not None:
        source = db.scalar(select(Item.text).where(Item.study_id == study.id).order_by(Item.id).limit(1)) or _SAMPLE
    language = language_named(shown.language)
    return TaskPreview(
        language=language,
        task=TaskText.from_study(shown),
        terms=terms_of(shown, language),
        consent=to_html(shown.consent),
        source=PreviewSource(source, language.tag),
        say=phrases_of(shown.platform),
    )


def _new_page(user: CurrentUser, form: StudyForm) -> StudyFormPage:
    return StudyFormPage(
        frame=frame(user, Link("New study", "", current=True)),
        form=form,
        platforms=dict(PLATFORMS),
        measures=MEASURE_TEXTS,
        languages=languages(),
        study=None,
        progress=None,
        saved=False,
    )
