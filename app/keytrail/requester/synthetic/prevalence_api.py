"""Prevalence and comparison of conditions as JSON."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from keytrail.errors import NotFound
from keytrail.models import Study
from keytrail.requester.people.access import TokenUser, study_for
from keytrail.studies.conditions import conditions_of
from keytrail.synthetic.prevalence.cache import CONDITIONS, JOINT, PREVALENCE, FigureKind, current_figures
from keytrail.synthetic.prevalence.joint import several
from keytrail.synthetic.prevalence.self_reports import count_self_reports
from keytrail.web.ascii_json import AsciiJSON
from keytrail.web.services import CurrentServices, ReadSession, Services

router = APIRouter(prefix="/api/v1", tags=["requester"])


@router.get("/studies/{study}/prevalence")
def prevalence(study: str, user: TokenUser, db: ReadSession, services: CurrentServices) -> Response:
    """Four estimates with 95 % intervals and their assumptions, and workers' self-reports.

    Security: study_for answers 404 to an outsider.
    """
    found, _ = study_for(db, study, user)
    self_reports = [part.as_json() for part in count_self_reports(db, found)]
    return _answer(services, PREVALENCE, [found], {"said": self_reports})


@router.get("/prevalence")
def prevalence_together(
    user: TokenUser, db: ReadSession, services: CurrentServices, study: Annotated[Sequence[str], Query()] = ()
) -> Response:
    """One estimate over several studies, `?study=a&study=b`. Security: study_for answers 404 to an outsider."""
    return _answer(services, JOINT, several([study_for(db, slug, user)[0] for slug in study]))


@router.get("/studies/{study}/conditions")
def conditions(study: str, user: TokenUser, db: ReadSession, services: CurrentServices) -> Response:
    """Each figure by condition, with differences and ratios. Security: study_for answers 404 to an outsider."""
    found, _ = study_for(db, study, user)
    if not conditions_of(found):
        raise NotFound("This study has no conditions.")
    return _answer(services, CONDITIONS, [found])


def _answer(
    services: Services, kind: FigureKind[Any], studies: Sequence[Study], beside: Mapping[str, Any] | None = None
) -> Response:
    """Return current estimates, computed first if necessary."""
    found, at = current_figures(services.database, kind, studies, services.clock)
    return AsciiJSON(found.as_json() | dict(beside or {}) | {"worked_out_at": at.isoformat(timespec="seconds")})
