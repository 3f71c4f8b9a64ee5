"""Read forms whose fields a route does not list one by one."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request

SentFields = Mapping[str, str]


async def _sent(request: Request) -> SentFields:
    async with request.form() as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


# Read on the event loop, so that the route itself can run in a thread.
SentForm = Annotated[SentFields, Depends(_sent)]
