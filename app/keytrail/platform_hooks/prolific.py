"""Receive messages from Prolific: signed, sent up to thirteen times within two days, in any order."""

import json
import re
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from keytrail.errors import BadShape, Forbidden, NotFound, TooLarge
from keytrail.platform_actions.assignments import PlatformMessage, take_message
from keytrail.platform_actions.webhook import webhook_secret
from keytrail.platforms.prolific_signature import verify
from keytrail.studies import study_by_slug
from keytrail.web.services import CurrentServices, Now, WriteSession

router = APIRouter(prefix="/api/hooks", include_in_schema=False)

_MAX_BYTES = 64_000
_EVENT_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
_PLATFORM = "prolific"


@dataclass(frozen=True)
class SignedBody:
    """A body whose signature was found right."""

    body: bytes
    signature: str


async def _signed_body(request: Request, services: CurrentServices, now: Now) -> SignedBody:
    """The body, once its signature was found right. Nothing else is looked at before."""
    secret = webhook_secret(services.settings)
    if secret is None:
        raise NotFound("This installation takes no messages from Prolific: 'keytrail prolific subscribe' begins that.")
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > _MAX_BYTES:
            raise TooLarge(f"The message is larger than {_MAX_BYTES} bytes.")
    headers = request.headers
    timestamp = headers.get("x-prolific-request-timestamp", "")
    signature = headers.get("x-prolific-request-signature", "")
    verify(secret, timestamp, signature, bytes(received), now)
    return SignedBody(bytes(received), signature)


@router.post("/prolific/{slug}")
def receive(
    slug: str,
    request: Request,
    signed: Annotated[SignedBody, Depends(_signed_body)],
    db: WriteSession,
    services: CurrentServices,
    now: Now,
) -> Response:
    """Process one message; a repetition changes nothing. Security: HMAC over timestamp and body, ten minutes.

    It covers neither the address nor the event's id: whoever has a message can send it to each study's, with any id.
    """
    event_id = request.headers.get("x-event-id", "")
    if not _EVENT_ID.fullmatch(event_id):
        raise BadShape("The header X-Event-Id is missing or invalid.")
    study = study_by_slug(db, slug)
    if study.platform != _PLATFORM:
        raise Forbidden("This study is not on Prolific.", code="other_platform")
    message = PlatformMessage(event_id, signed.signature, _parsed(signed.body))
    new = take_message(db, study, message, services.keyring, now)
    return JSONResponse({"taken": new})


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body.decode())
    except (ValueError, RecursionError):
        raise BadShape("The message is not JSON.") from None
    if not isinstance(found, dict):
        raise BadShape("The message is not a JSON object.")
    return found
