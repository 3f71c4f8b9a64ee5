"""How much of a study was written by language models, and what its conditions changed, as JSON."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from app.errors import NotFound
from app.requester.people.access import TokenUser, study_for
from app.synthetic.comparison import compare_conditions
from app.synthetic.joint import joint_prevalence
from app.synthetic.prevalence import study_prevalence
from app.web.ascii_json import AsciiJSON
from app.web.services import Now, ReadSession

router = APIRouter(prefix="/api/v1", tags=["requester"])


@router.get("/studies/{study}/prevalence")
def prevalence(study: str, user: TokenUser, db: ReadSession) -> Response:
    """Four estimates with 95 % intervals and their assumptions. Security: study_for answers 404 to an outsider."""
    found, _ = study_for(db, study, user)
    return AsciiJSON(study_prevalence(db, found).as_json())


@router.get("/prevalence")
def prevalence_together(user: TokenUser, db: ReadSession, study: Annotated[Sequence[str], Query()] = ()) -> Response:
    """One estimate over several studies, `?study=a&study=b`. Security: study_for answers 404 to an outsider."""
    return AsciiJSON(joint_prevalence(db, [study_for(db, slug, user)[0] for slug in study]).as_json())


@router.get("/studies/{study}/conditions")
def conditions(study: str, user: TokenUser, db: ReadSession, now: Now) -> Response:
    """Each figure by condition, with differences and ratios. Security: study_for answers 404 to an outsider."""
    found, _ = study_for(db, study, user)
    compared = compare_conditions(db, found, now)
    if compared is None:
        raise NotFound("This study has no conditions.")
    return AsciiJSON(compared.as_json())
