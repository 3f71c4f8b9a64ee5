"""HTMLQuestion: a requester's page that the marketplace serves, in a frame without an origin of its own."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from keytrail.errors import NotFound
from keytrail.sandbox.market.question import HtmlQuestion, parse_question
from keytrail.sandbox.site.context import CurrentContext
from keytrail.sandbox.tables import Hit

router = APIRouter()

_MTURK_SUBMIT = ("https://www.mturk.com/mturk/externalSubmit", "https://workersandbox.mturk.com/mturk/externalSubmit")
_MTURK_SCRIPT = "https://s3.amazonaws.com/mturk-public/externalHIT_v1.js"
# The page may do what a page of the requester's own could, but it shares no origin with ours: no cookies, no storage.
_POLICY = (
    "sandbox allow-scripts allow-forms allow-popups allow-modals allow-top-navigation-by-user-activation; "
    "frame-ancestors 'self'"
)


@router.get("/content/{hit_id}")
def show_content(context: CurrentContext, hit_id: str) -> HTMLResponse:
    """The HIT's HTML. MTurk's own addresses in it, for submitting and for its script, become this marketplace's."""
    with context.work() as work:
        hit = work.db.get(Hit, hit_id)
        question = parse_question(hit.question) if hit else None
    if not isinstance(question, HtmlQuestion):
        raise NotFound("There is no HIT of this id with a page of its own.")
    html = question.html
    for address in _MTURK_SUBMIT:
        html = html.replace(address, f"{context.config.public_origin}/mturk/externalSubmit")
    html = html.replace(_MTURK_SCRIPT, f"{context.config.public_origin}/static/external-hit.js")
    return HTMLResponse(html, headers={"Content-Security-Policy": _POLICY})
