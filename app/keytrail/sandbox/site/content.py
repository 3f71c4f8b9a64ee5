"""Serve the content of questions that the marketplace stores: HTMLQuestion unchanged, QuestionForm as a form."""

import re
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from keytrail.errors import NotFound
from keytrail.sandbox.frame import PREVIEW_ASSIGNMENT, sane_id
from keytrail.sandbox.market.question import HtmlQuestion, parse_question
from keytrail.sandbox.market.question_form import QuestionForm
from keytrail.sandbox.site.content_host import is_content_host
from keytrail.sandbox.site.context import CurrentContext, SandboxContext
from keytrail.sandbox.site.render import Page
from keytrail.sandbox.site.submit import SUBMIT_PATH
from keytrail.sandbox.tables import Hit

router = APIRouter()

SANDBOX = (
    "allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox allow-modals "
    "allow-top-navigation-by-user-activation"
)
"""What a requester's page may do in its frame. A survey that it opens is a normal window."""

_SUBMIT = re.compile(r"(?:https?:)?//(?:www|worker|workersandbox)\.mturk\.com(?::\d+)?/mturk/externalSubmit")
_SCRIPTS = (
    (re.compile(r"(?:https?:)?//s3\.amazonaws\.com(?::\d+)?/mturk-public/externalHIT_v1\.js"), "external-hit.js"),
    (
        re.compile(r"(?:https?:)?//assets\.crowd\.aws(?::\d+)?/crowd-html-elements(?:-without-ce-polyfill)?\.js"),
        "crowd-html-elements.js",
    ),
)


@dataclass(frozen=True)
class FormPage(Page):
    """A QuestionForm; `assignment_id` is None in a preview, which cannot be submitted."""

    template: ClassVar[str] = "question_form.html"
    form: QuestionForm
    action: str
    assignment_id: str | None


@router.get("/content/{hit_id}")
def show_content(context: CurrentContext, request: Request, hit_id: str) -> HTMLResponse:
    """Show the HIT's own page. MTurk's addresses in it, for submitting and for scripts, are replaced by this
    marketplace's.
    """
    with context.work() as work:
        hit = work.db.get(Hit, hit_id)
        question = parse_question(hit.question) if hit else None
    own_origin = is_content_host(context.config, request.headers.get("host"))
    if isinstance(question, HtmlQuestion):
        answer = HTMLResponse(_at_home(question.html, context.config.public_origin))
        policy = ""
    elif isinstance(question, QuestionForm):
        answer = _form(context, question, request.query_params.get("assignmentId"))
        policy = (
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
            f"form-action {context.config.public_origin}; "
        )
    else:
        raise NotFound("There is no HIT of this id with a page of its own.")
    if not own_origin:
        # Under the marketplace's own host name the page has no origin: no cookies, no storage.
        policy += f"sandbox {SANDBOX}; "
    answer.headers["Content-Security-Policy"] = f"{policy}frame-ancestors {context.config.public_origin}"
    return answer


def _form(context: SandboxContext, form: QuestionForm, assignment_id: str | None) -> HTMLResponse:
    known = None if assignment_id == PREVIEW_ASSIGNMENT else sane_id(assignment_id)
    action = f"{context.config.public_origin}{SUBMIT_PATH}"
    return context.pages.show(FormPage(form=form, action=action, assignment_id=known))


def _at_home(html: str, origin: str) -> str:
    html = _SUBMIT.sub(f"{origin}{SUBMIT_PATH}", html)
    for address, script in _SCRIPTS:
        html = address.sub(f"{origin}/static/{script}", html)
    return html
