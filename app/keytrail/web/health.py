"""Is the process alive, and can it do its work? For load balancers and process managers, open to everybody.

The answers name no version, address or path.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from keytrail.operations.readiness import Readiness

router = APIRouter(include_in_schema=False)

_UNAVAILABLE = 503


def _current(request: Request) -> Readiness:
    found: Readiness = request.app.state.readiness
    return found


@router.get("/healthz")
async def live() -> Response:
    """Security: open. Says only that the process answers."""
    return PlainTextResponse("ok")


@router.get("/readyz")
def ready(readiness: Annotated[Readiness, Depends(_current)]) -> Response:
    """Security: open. One word for each thing that was looked at; 503 if one of them stops the server's work."""
    found = readiness.look()
    at_work = all(probe.well or not probe.fatal for probe in found)
    words = {probe.name: "ok" if probe.well else "failed" if probe.fatal else "slow" for probe in found}
    return JSONResponse({"ready": at_work, "checks": words}, status_code=200 if at_work else _UNAVAILABLE)
