"""Signed tickets: a page may only do what it was served for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from keytrail.errors import Forbidden, NotFound, Unauthorized
from keytrail.keyring import Keyring
from keytrail.language import message
from keytrail.models import WritingSession

_WRITE = "w"
_CONSENT = "c"
_COPY = "o"
# A worker may stay on the page for longer than the assignment lasts; the text is taken all the same.
_GRACE = timedelta(hours=24)
_RECENT = 4096
_PURPOSE = "tickets"


@dataclass(frozen=True)
class Ticket:
    """The right to write into one epoch of the session with this nonce."""

    study_id: int
    session_id: int
    epoch: int
    nonce: str


@dataclass(frozen=True)
class ConsentTicket:
    """The right to start a session with the link's own parameters."""

    study_id: int
    query: Mapping[str, str]


class Tickets:
    """Issue and verify tickets (HMAC, with itsdangerous). Verification raises Unauthorized or Forbidden."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        # A page sends the same token with each batch. Only valid signatures are cached.
        self._verified = lru_cache(_RECENT)(_load)

    def for_writing(self, ticket: Ticket, expires_at: datetime) -> str:
        """Return a token for one page load, valid until a day after the assignment expires."""
        until = int((expires_at + _GRACE).timestamp())
        return self._sign([_WRITE, until, ticket.study_id, ticket.session_id, ticket.epoch, ticket.nonce])

    def for_consent(self, ticket: ConsentTicket, now: datetime) -> str:
        """Return a token for the consent form, valid for a day."""
        until = int((now + _GRACE).timestamp())
        return self._sign([_CONSENT, until, ticket.study_id, dict(ticket.query)])

    def read_writing(self, token: str, now: datetime) -> Ticket:
        """Return the ticket of a writing token."""
        return Ticket(*self._read(token, _WRITE, now))

    def read_consent(self, token: str, now: datetime) -> ConsentTicket:
        """Return the ticket of a consent token."""
        study_id, query = self._read(token, _CONSENT, now)
        return ConsentTicket(study_id, query)

    def for_copy(self, session: WritingSession, until: datetime) -> str:
        """A token with which whoever wrote in a session can read their copy of it."""
        return self._sign([_COPY, int(until.timestamp()), session.study_id, session.id, 0, session.nonce])

    def read_copy(self, token: str, now: datetime) -> Ticket:
        """The ticket in such a token. Raises NotFound for any other, and once its time is over."""
        try:
            return Ticket(*self._read(token, _COPY, now))
        except (Unauthorized, Forbidden):
            raise NotFound(
                message(
                    "This link is not complete, or its time is over, so there is nothing to show. Copy all of it, or "
                    "write to the requester."
                ),
                code="copy_link",
            ) from None

    def _sign(self, content: list[Any]) -> str:
        return str(_serializer(self._keyring.signing_keys(_PURPOSE)).dumps(content))

    def _read(self, token: str, purpose: str, now: datetime) -> list[Any]:
        try:
            found, until, *rest = self._verified(self._keyring.signing_keys(_PURPOSE), token)
        except (BadSignature, ValueError, TypeError):
            raise Unauthorized(
                message("This page is no longer valid. Reload the task."), code="ticket_invalid"
            ) from None
        if found != purpose:
            raise Forbidden(message("This page belongs to another task. Reload the task."), code="ticket_foreign")
        if until < now.timestamp():
            raise Unauthorized(
                message("This page is too old. Reload the task; your text is kept."), code="ticket_expired"
            )
        return list(rest)


@lru_cache(8)
def _serializer(keys: tuple[bytes, ...]) -> URLSafeSerializer:
    return URLSafeSerializer(list(keys), salt="ticket")


def _load(keys: tuple[bytes, ...], token: str) -> Any:
    return _serializer(keys).loads(token)
