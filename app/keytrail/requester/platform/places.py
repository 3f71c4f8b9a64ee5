"""Release the places of workers who began and did not return."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.requester.platform.payments_page import back
from keytrail.sessions.capacity import free_places
from keytrail.web.services import Now, WriteSession

router = APIRouter(prefix="/studies/{slug}/payments", include_in_schema=False, dependencies=[Depends(same_origin)])

_A_MONTH = 60 * 24 * 30


@router.post("/places")
def free(
    slug: str, user: CurrentUser, db: WriteSession, now: Now, minutes: Annotated[int, Form(ge=0, le=_A_MONTH)] = 0
) -> Response:
    """Release the places of everybody who began more than so many minutes ago. Security: owners only; audited."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    freed = free_places(db, study, now - timedelta(minutes=minutes), user.id, now)
    return back(slug, "freed", freed)
