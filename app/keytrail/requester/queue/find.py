"""Find submissions, workers and texts from the search box of the header."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query
from fastapi.responses import Response

from keytrail.models import AuditAction
from keytrail.requester.frame import Frame, Link, frame
from keytrail.requester.people.access import CurrentUser
from keytrail.requester.wording import VERDICTS, Word
from keytrail.review.queue.find import SearchResults, find
from keytrail.users.audit_log import record_action
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now, ReadSession

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class FindPage:
    """What was found for some words in all studies of the reader."""

    template: ClassVar[str] = "requester/queue/find.html"

    frame: Frame
    words: str
    found: SearchResults
    verdicts: dict[str, Word]


@router.get("/search")
def show_results(
    user: CurrentUser,
    db: ReadSession,
    render: CurrentPages,
    services: CurrentServices,
    now: Now,
    q: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """Security: only studies in which the user has a role. What a platform id led to is recorded in the audit log."""
    found = find(db, user, q, services.keyring)
    db.close()  # no request waits for a connection while it holds one
    if found.identified:
        with services.database.writing() as audit_session:
            for study_id, detail in found.identified:
                action = AuditAction.READ_IDENTITIES
                record_action(audit_session, action, now, user_id=user.id, study_id=study_id, detail=detail)
    page = FindPage(
        frame=frame(user, Link("Search", "", current=True)), words=q.strip(), found=found, verdicts=dict(VERDICTS)
    )
    return render.render(page)
