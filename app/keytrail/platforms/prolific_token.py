"""Verify Prolific's secure study links: a token that Prolific signs for one participant's visit.

`prolific_token` is a JWT (RS256), valid for two minutes; its `sub` is the SESSION_ID. Public keys must be cached and
fetched again at least daily (https://docs.prolific.com/api-reference/well-known-endpoints/get-study-jwks). Not tried
against the live service.
"""

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

import jwt

from keytrail.errors import Forbidden, Unavailable
from keytrail.language import message
from keytrail.remote_keys import RemoteKeys, key_id

TOKEN = "prolific_token"  # noqa: S105  # a parameter's name

# Clocks differ.
_LEEWAY = timedelta(seconds=60)
_REOPEN = message("Open the study on Prolific again; if that does not help, write to the researchers there.")


class StudyKeys:
    """Prolific's public keys, cached for half a day. Only `refresh` uses the network."""

    def __init__(self, url: str, timer: Callable[[], float] = time.monotonic) -> None:
        self._keys = RemoteKeys(url, "Prolific", timer)

    def refresh(self, token: str) -> None:
        """Fetch the keys if they are old, or if the token names an unknown one; `RemoteKeys` limits how often.

        A failure is logged and keeps the cached keys. Call it outside transactions, because it waits for the network.
        """
        self._keys.refresh(key_id(token))

    def claims(self, token: str) -> Mapping[str, Any]:
        """Return a token's claims after verifying its signature, without checking its expiry. Raises Forbidden, or
        Unavailable.
        """
        name = key_id(token)
        key = self._keys.find(name)
        if key is None and self._keys.may_exist(name):
            raise Unavailable(
                message(
                    "Whether this link comes from Prolific cannot be checked at the moment. Nothing is lost: please "
                    "open the study at Prolific again in a minute."
                ),
                code="keys_missing",
            )
        required = ["exp", "sub"]
        try:
            if key is None:
                raise jwt.InvalidKeyError
            found: Mapping[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                options={"require": required, "verify_exp": False, "verify_iat": False, "verify_nbf": False,
                         "verify_aud": False},
            )  # fmt: skip
        except jwt.PyJWTError:
            raise Forbidden(
                message("This link is not from Prolific, or was changed. %(reopen)s", reopen=_REOPEN), code="link_token"
            ) from None
        return found


def is_over(claims: Mapping[str, Any], query: Mapping[str, str], session_id: str, host: str, now: datetime) -> bool:
    """Return whether a token's two minutes have passed. Raises Forbidden if it is for another visit or another server.

    `aud` is this server's domain, and `prolific` repeats the link's parameters, where the token has them.
    """
    audiences = claims.get("aud") or []
    domains = {_domain(str(one)) for one in (audiences if isinstance(audiences, list) else [audiences])}
    own = claims.get("prolific")
    repeated = own if isinstance(own, Mapping) else {}
    differs = any(name in query and query[name] != str(value) for name, value in repeated.items())
    if claims["sub"] != session_id or differs or (domains and host not in domains):
        raise Forbidden(
            message("Prolific made this link for another session or another study. %(reopen)s", reopen=_REOPEN),
            code="other_visit",
        )
    return datetime.fromtimestamp(_seconds(claims["exp"]), now.tzinfo) + _LEEWAY < now


def require_now(*, over: bool) -> None:
    """Raises Forbidden for an expired link, where nobody has begun with it."""
    if over:
        raise Forbidden(
            message("Prolific's links are good for two minutes, and this one is older. %(reopen)s", reopen=_REOPEN),
            code="link_expired",
        )


def require_token(query: Mapping[str, str]) -> str:
    """Return the link's token. Raises Forbidden without one."""
    token = query.get(TOKEN, "")
    if not token:
        raise Forbidden(
            message("This link lacks Prolific's signature. %(reopen)s", reopen=_REOPEN),
            code="link_unsigned",
        )
    return token


def _domain(audience: str) -> str:
    return (urlsplit(audience).hostname or "") if "//" in audience else audience.partition(":")[0].partition("/")[0]


def _seconds(value: Any) -> float:
    try:
        seconds = float(value)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return min(max(seconds, 0.0), 1e11) if isfinite(seconds) else 0.0
