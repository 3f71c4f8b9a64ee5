"""How much of a study was written by language models, as JSON."""

from fastapi import APIRouter
from fastapi.responses import Response

from app.requester.access import TokenUser, study_for
from app.synthetic.prevalence import study_prevalence
from app.web.ascii_json import AsciiJSON
from app.web.services import ReadSession

router = APIRouter(prefix="/api/v1", tags=["requester"])


@router.get("/studies/{study}/prevalence")
def prevalence(study: str, user: TokenUser, db: ReadSession) -> Response:
    """Four estimates with 95 % intervals and their assumptions. Security: study_for answers 404 to an outsider."""
    found, _ = study_for(db, study, user)
    return AsciiJSON(study_prevalence(db, found).as_json())
