"""Release the places of workers who began and did not return."""

from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.sessions.room import free_places
from keytrail.web.formatting import counted
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
    told = f"{counted(freed, 'place')} freed. A text that comes late is taken all the same."
    return RedirectResponse(f"/studies/{slug}/payments?{urlencode({'told': told})}", status_code=303)
