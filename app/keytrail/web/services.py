"""What a running server has at hand, and how a route asks for it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, cast

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.keyring import Keyring
from keytrail.settings import Settings


def utc_now() -> datetime:
    """The clock of a server that is not under test."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Services:
    """Built once by create_app; nothing here is global."""

    settings: Settings
    database: Database
    keyring: Keyring
    clock: Callable[[], datetime] = utc_now


def services(request: Request) -> Services:
    """The services of the application that answers this request."""
    return cast("Services", request.app.state.services)


CurrentServices = Annotated[Services, Depends(services)]


def _now(at_hand: CurrentServices) -> datetime:
    return at_hand.clock()


def _reading(at_hand: CurrentServices) -> Iterator[Session]:
    with at_hand.database.reading() as session:
        yield session


def _writing(at_hand: CurrentServices) -> Iterator[Session]:
    with at_hand.database.writing() as session:
        yield session


Now = Annotated[datetime, Depends(_now)]
# scope="function": the unit of work ends, and commits, before the answer is sent. With FastAPI's default the commit
# would come after it, and a failed one would still have been answered 200.
ReadSession = Annotated[Session, Depends(_reading, scope="function")]
WriteSession = Annotated[Session, Depends(_writing, scope="function")]
