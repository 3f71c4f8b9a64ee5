"""Read the JSON bodies that the task page's scripts send as text/plain."""

import json
from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from keytrail.errors import BadShape, TooLarge

_MOST_PROBLEMS = 50
_Body = TypeVar("_Body", bound=BaseModel)


async def read_body(request: Request, limit: int) -> bytes:
    """Return the body. Raises TooLarge as soon as it is longer than `limit` bytes, whatever its header says."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise TooLarge(f"The body is larger than {limit} bytes.")
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > limit:
            raise TooLarge(f"The body is larger than {limit} bytes.")
    return bytes(received)


def parse(shape: type[_Body], raw: bytes) -> _Body:
    """Parse JSON of the documented shape. Raises BadShape; TooLarge if a list is too long.

    Python's parser keeps lone surrogates, which pydantic's refuses.
    """
    try:
        return shape.model_validate(json.loads(raw.decode()))
    except ValidationError as error:
        # Writing out what is wrong takes a hundred times as long as seeing it, and a body can be wrong everywhere.
        found = error.errors(include_input=False) if error.error_count() <= _MOST_PROBLEMS else []
        problems = [{"where": list(p["loc"]), "problem": p["msg"]} for p in found]
        if any(p["type"] == "too_long" for p in found):
            raise TooLarge("The batch holds too many events.") from None
        raise BadShape("The body is not wire format 1.", detail={"problems": problems}) from None
    except (ValueError, RecursionError):
        raise BadShape("The body is not JSON.") from None
