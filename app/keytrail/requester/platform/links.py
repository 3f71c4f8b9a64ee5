"""Create signed links for the participants of a panel or a laboratory."""

import csv
import io
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from keytrail.errors import BadRequest
from keytrail.exports.formulas import not_a_formula
from keytrail.models import AuditAction
from keytrail.platforms import platform_of
from keytrail.platforms.signed_links import link_secret, signed_link
from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.users.audit_log import record_action
from keytrail.web.formatting import number
from keytrail.web.services import CurrentServices, Now, WriteSession

router = APIRouter(prefix="/studies/{slug}/platform", include_in_schema=False, dependencies=[Depends(same_origin)])

_MOST = 10_000


@router.post("/links")
def make_links(
    slug: str,
    user: CurrentUser,
    db: WriteSession,
    services: CurrentServices,
    now: Now,
    ids: Annotated[str, Form(max_length=_MOST * 130)] = "",
) -> Response:
    """Return a CSV of participants and their links. Security: owners only; the audit log records how many were made."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    wanted = ids.split()
    if not wanted or len(wanted) > _MOST:
        raise BadRequest(f"Enter the ids of 1 to {number(_MOST)} participants, separated by spaces or line breaks.")
    platform = platform_of(study.platform, study.platform_options)
    task_url, secret = f"{services.settings.public_url}/task/{slug}", link_secret(services.keyring, study.id)
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(("participant", "link"))
    writer.writerows((not_a_formula(one), signed_link(platform, task_url, one, secret)) for one in wanted)
    detail = {"links": len(wanted)}
    record_action(db, AuditAction.MAKE_LINKS, now, user_id=user.id, study_id=study.id, detail=detail)
    return Response(
        table.getvalue(),
        media_type="text/csv",
        headers={"content-disposition": f'attachment; filename="{slug}-links.csv"'},
    )
