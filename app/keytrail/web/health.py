"""Health checks for load balancers and process managers: whether the process is alive and ready. Open to everybody.

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
    """Answer whether the process is alive. Security: open."""
    return PlainTextResponse("ok")


@router.get("/readyz")
def ready(readiness: Annotated[Readiness, Depends(_current)]) -> Response:
    """Answer with one word for each check; the status is 503 if a fatal one failed. Security: open."""
    found = readiness.look()
    at_work = all(probe.well or not probe.fatal for probe in found)
    words = {probe.name: "ok" if probe.well else "failed" if probe.fatal else "slow" for probe in found}
    return JSONResponse({"ready": at_work, "checks": words}, status_code=200 if at_work else _UNAVAILABLE)
