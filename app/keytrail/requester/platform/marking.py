"""Mark actions as done that a person performed at the platform itself."""

from fastapi import APIRouter, Depends, UploadFile
from fastapi.responses import Response

from keytrail.errors import BadRequest, ImportFailed, TooLarge
from keytrail.platform_actions.manual_list import mark_listed
from keytrail.platform_actions.outbox import get_action, mark_done
from keytrail.requester.people.access import CurrentUser, require_owner, same_origin, study_for
from keytrail.requester.platform.payments_page import PaymentsReader, Picks, back, payments_page
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now, WriteSession

router = APIRouter(prefix="/studies/{slug}/payments", include_in_schema=False, dependencies=[Depends(same_origin)])

_MAX_BYTES = 2_000_000


@router.post("/done")
def mark_as_done(
    slug: str,
    user: CurrentUser,
    db: WriteSession,
    now: Now,
    pick: Picks = [],  # noqa: B006  # FastAPI copies it
) -> Response:
    """Mark all selected actions, or none. Security: owners only."""
    study, role = study_for(db, slug, user)
    require_owner(role)
    if not pick:
        raise BadRequest("Select what you have done at the platform first.", code="nothing_chosen")
    for number in sorted(set(pick)):
        mark_done(db, get_action(db, study.id, number), user.id, now)
    return back(slug, "done", len(set(pick)))


@router.post("/done-list")
def mark_list_as_done(
    slug: str,
    file: UploadFile,
    user: CurrentUser,
    db: WriteSession,
    services: CurrentServices,
    render: CurrentPages,
    now: Now,
) -> Response:
    """Mark all actions of an uploaded list, or none. Security: owners only."""
    with services.database.reading() as reading:
        require_owner(study_for(reading, slug, user)[1])
    content = file.file.read(_MAX_BYTES + 1)
    if len(content) > _MAX_BYTES:
        raise TooLarge("This list is larger than 2 MB. Split it into several files.")
    try:
        # Before the unit of work begins: batches of events would wait until a large workbook is read.
        table = services.item_files.read(content, file.filename or "the list")
        study, role = study_for(db, slug, user)
        require_owner(role)
        done = mark_listed(db, study, table, user.id, now)
    except ImportFailed as refused:
        reader = PaymentsReader(*study_for(db, slug, user), user, now)
        return render.render(payments_page(db, reader, problem=refused.message), status=refused.status)
    return back(slug, "done", done)
