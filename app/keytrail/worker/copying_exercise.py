"""The copying exercise: a page of its own between the consent and the task, which may be skipped."""

import json
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from keytrail.errors import NotFound
from keytrail.language import Language, language_named, message
from keytrail.models import Study
from keytrail.platforms import Preview
from keytrail.sessions.copying_exercise import SENTENCES, exercise_measures, is_exercise_due, record_exercise
from keytrail.sessions.lifecycle import find_session
from keytrail.worker.context import CurrentContext, require_study

router = APIRouter(prefix="/task", include_in_schema=False)


@dataclass(frozen=True)
class CopyingPage:
    """Two sentences and a box. `link` is the signed link that leads on to the task."""

    template: ClassVar[str] = "worker/copying.html"

    language: Language
    slug: str
    title: str
    sentences: str
    link: str

    @classmethod
    def from_study(cls, study: Study, link: str) -> "CopyingPage":
        """The sentences in the study's language."""
        language = language_named(study.language)
        return cls(language, study.slug, study.title, language.text(SENTENCES), link)


@router.post("/{slug}/copying")
def receive_exercise(
    slug: str,
    link: Annotated[str, Form()],
    context: CurrentContext,
    text: Annotated[str, Form(max_length=5000)] = "",
    events: Annotated[str, Form()] = "",
    skip: Annotated[str, Form()] = "",
) -> Response:
    """Keep the figures of the exercise, or that it was skipped, and lead on to the task."""
    way = context.tickets.read_consent(link, context.now)
    study = context.study(slug)
    require_study(way.study_id, study)
    visit = context.platform(study).identify(way.query)
    session = None if isinstance(visit, Preview) else find_session(context.db, study, visit, context.keyring)
    if session is None:
        raise NotFound(message("This task was not begun. Open it again from where you found it."), code="not_begun")
    if is_exercise_due(context.db, study, session):
        measures = {} if skip else exercise_measures(_list(events), text.replace("\r\n", "\n"))
        record_exercise(context.db, session, measures, context.now)
    return RedirectResponse(f"/task/{slug}?{urlencode(way.query)}", status_code=303)


def _list(events: str) -> list[Any]:
    try:
        found = json.loads(events)
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []
