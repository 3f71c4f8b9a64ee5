"""The endpoint POST /: one address for all operations, which a header names."""

import json
import logging
import uuid
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from keytrail.errors import DomainError
from keytrail.sandbox.api.call import Answer, Call
from keytrail.sandbox.api.contract import Contract
from keytrail.sandbox.api.operations import OPERATIONS
from keytrail.sandbox.api.refusal import Refusal
from keytrail.sandbox.api.signature import SignatureCheck, Signed
from keytrail.sandbox.market.faults import RequestFault
from keytrail.sandbox.site.context import SandboxContext

_log = logging.getLogger(__name__)
_MEDIA_TYPE = "application/x-amz-json-1.1"


class Endpoint:
    """Parse a request, validate it, run the operation in one unit of work, and answer like MTurk."""

    def __init__(self, context: SandboxContext, check: SignatureCheck, contract: Contract) -> None:
        self._context = context
        self._check = check
        self._contract = contract

    async def receive(self, request: Request) -> Response:
        """Security: nothing is read before the signature over the body is verified."""
        signed = Signed(url=str(request.url), headers=dict(request.headers), body=await request.body())
        return await run_in_threadpool(self._respond, signed)

    def _respond(self, signed: Signed) -> Response:
        request_id = str(uuid.uuid4())
        try:
            return _answer(200, self._perform(signed, request_id), request_id)
        except Refusal as refusal:
            return _answer(refusal.status, {"__type": refusal.kind, "message": refusal.message}, request_id)
        except DomainError as error:
            return _answer(400, self._fault("RequestError", error), request_id)
        except Exception:  # noqa: BLE001 - a program must get MTurk's shape even for a bug; the log gets the trace
            _log.exception("requester API call %s failed", request_id)
            failure = RequestFault("ServiceFault", "The sandbox could not do this. Its log says why.")
            return _answer(500, self._fault("ServiceFault", failure), request_id)

    def _perform(self, signed: Signed, request_id: str) -> Answer:
        self._check.require(signed)
        operation = self._contract.operation(signed.headers.get("x-amz-target"))
        parameters = self._contract.checked_input(operation, _sent(signed.body))
        with self._context.work() as work:
            config = self._context.config
            call = Call(
                db=work.db,
                now=work.now,
                request_id=request_id,
                rates=config.fees,
                public_origin=config.public_origin,
            )
            answer = OPERATIONS[operation.name](call, parameters)
            self._contract.require_output(operation, answer)
        return answer

    def _fault(self, kind: str, error: DomainError) -> Answer:
        """Return an error message; MTurk's end with the time in milliseconds."""
        code = error.turk_code if isinstance(error, RequestFault) else "AWS.MechanicalTurk.ParameterValidationError"
        moment = round(self._context.clock().timestamp() * 1000)
        return {"__type": kind, "Message": f"{error.message} ({moment})", "TurkErrorCode": code}


def _sent(body: bytes) -> dict[str, Any]:
    try:
        sent = json.loads(body or b"{}")
        json.dumps(sent, ensure_ascii=False).encode()  # a lone surrogate cannot be stored as text
    except ValueError as error:
        raise Refusal("SerializationException", "The body is not JSON.") from error
    if not isinstance(sent, dict):
        raise Refusal("SerializationException", "The body is not a JSON object.")
    return sent


def _answer(status: int, content: Mapping[str, Any], request_id: str) -> Response:
    headers = {"x-amzn-RequestId": request_id}
    return Response(json.dumps(content), status_code=status, media_type=_MEDIA_TYPE, headers=headers)
