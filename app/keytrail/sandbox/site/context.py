"""The context of the site's routes: units of work and configuration."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from keytrail.sandbox.clock import Clock
from keytrail.sandbox.columns import storable
from keytrail.sandbox.config import SandboxConfig
from keytrail.sandbox.market.lifecycle import settle
from keytrail.sandbox.site.render import Pages
from keytrail.sandbox.store import Store


@dataclass(frozen=True)
class Work:
    """One unit of work and its current time."""

    db: Session
    now: datetime


@dataclass(frozen=True)
class SandboxContext:
    """The context of every route."""

    config: SandboxConfig
    store: Store
    pages: Pages
    clock: Clock

    @contextmanager
    def work(self) -> Iterator[Work]:
        """Begin a transaction on an up-to-date marketplace; at the end of the block it is durable."""
        with self.store.unit() as db:
            work = Work(db=db, now=storable(self.clock()))
            settle(db, work.now, self.config.fees)
            yield work


def _context(request: Request) -> SandboxContext:
    context: SandboxContext = request.app.state.context
    return context


CurrentContext = Annotated[SandboxContext, Depends(_context)]
