"""Marking what a person did at the platform itself."""

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from keytrail.errors import BadRequest
from keytrail.platform_actions.outbox import get_action, mark_done
from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.requester.platform.payments_page import Picks, back
from keytrail.web.services import Now, WriteSession

router = APIRouter(prefix="/studies/{slug}/payments", include_in_schema=False, dependencies=[Depends(same_origin)])


@router.post("/done")
def mark_as_done(
    slug: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    pick: Picks = [],  # noqa: B006  # FastAPI copies it
) -> Response:
    """All that was picked, or none of it. Security: owners only."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    if not pick:
        raise BadRequest("Select what you have done at the platform first.", code="nothing_chosen")
    for number in sorted(set(pick)):
        mark_done(db, get_action(db, study.id, number), user.id, now)
    return back(slug, "done", len(set(pick)))
