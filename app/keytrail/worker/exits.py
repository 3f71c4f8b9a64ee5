"""Exit pages: visits that end without a text, because of missing consent or because there is no work. Nothing is
stored.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Form
from fastapi.responses import Response

from keytrail.language import Language
from keytrail.models import Study
from keytrail.platforms import Preview, SessionOutcome
from keytrail.platforms.phrases import Phrases
from keytrail.web.pages import CurrentPages
from keytrail.worker.context import CurrentContext, WorkerContext, require_study
from keytrail.worker.tickets import ConsentTicket

router = APIRouter(prefix="/task", include_in_schema=False)


@dataclass(frozen=True)
class ExitPage:
    """Why the visit ends, and how the worker tells the marketplace; `return` asks to return the task there."""

    template: ClassVar[str] = "worker/exit.html"

    language: Language
    message: str
    kind: str
    url: str
    code: str
    say: Phrases


def exit_page(
    context: WorkerContext, study: Study, ticket: ConsentTicket, outcome: SessionOutcome, message: str
) -> ExitPage:
    """Return the page for a visit that ends with this outcome."""
    platform = context.platform(study)
    visit = platform.identify(ticket.query)
    sentence = context.language.text(message)
    if isinstance(visit, Preview):
        return ExitPage(context.language, sentence, "return", "", "", platform.phrases)
    finish = platform.finish(visit, "", outcome)
    return ExitPage(context.language, sentence, finish.kind, finish.url or "", finish.code or "", platform.phrases)


@router.post("/{slug}/refusal")
def refuse(
    slug: str, token: Annotated[str, Form(alias="ticket")], context: CurrentContext, pages: CurrentPages
) -> Response:
    """The worker does not agree. The signed ticket says which link the worker came by."""
    study = context.study(slug)
    ticket = context.tickets.read_consent(token, context.now)
    require_study(ticket.study_id, study)
    message = context.platform(study).phrases.no_consent
    return pages.render(exit_page(context, study, ticket, SessionOutcome.NO_CONSENT, message))
