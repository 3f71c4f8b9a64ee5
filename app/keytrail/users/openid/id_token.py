"""Validate ID tokens (OpenID Connect Core 1.0, section 3.1.3.7)."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import jwt

# Only signatures that the provider alone can make: neither `none`, nor HMAC under a secret that others may know.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_LEEWAY_S: Final = 60
"""Seconds by which the clocks of provider and server may differ."""
_OLDEST_S: Final = 3600
"""A token that answers a sign-in is made during it."""
_REQUIRED: Final = ("iss", "sub", "aud", "exp", "iat", "nonce")


class ProviderError(Exception):
    """The provider, or whoever answered in its place, did not do as the specification says.

    The message is for the log; it contains no claims.
    """


@dataclass(frozen=True)
class ExpectedToken:
    """What a token has to say: who made it, for whom, and in answer to which sign-in."""

    issuer: str
    client_id: str
    nonce: str


def verified_claims(token: str, key: jwt.PyJWK | None, expected: ExpectedToken, now: datetime) -> Mapping[str, Any]:
    """Return the claims of an ID token. Raises ProviderError."""
    if key is None:
        raise ProviderError("the ID token is signed with a key that the provider does not publish")
    try:
        claims: Mapping[str, Any] = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=expected.client_id,
            issuer=expected.issuer,
            # Times are compared with the server's own clock below.
            options={"require": list(_REQUIRED), "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
    except jwt.PyJWTError as error:
        raise ProviderError(f"the ID token is not valid: {type(error).__name__}") from None
    _check_party(claims, expected)
    _check_times(claims, now.timestamp())
    return claims


def _check_party(claims: Mapping[str, Any], expected: ExpectedToken) -> None:
    audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    party = claims.get("azp")
    if (len(audiences) > 1 and party is None) or party not in {None, expected.client_id}:
        raise ProviderError("the ID token was made for another client")
    if not hmac.compare_digest(str(claims["nonce"]).encode(), expected.nonce.encode()):
        raise ProviderError("the ID token belongs to another sign-in (nonce)")


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    try:
        ends, made, begins = float(claims["exp"]), float(claims["iat"]), float(claims.get("nbf", 0))
    except (TypeError, ValueError):
        raise ProviderError("the ID token has times that are no numbers") from None
    if not (made - _LEEWAY_S <= now <= min(ends, made + _OLDEST_S) + _LEEWAY_S and begins - _LEEWAY_S <= now):
        raise ProviderError("the ID token has expired, or the clocks of provider and server differ")
