"""The configured OpenID provider: its metadata, its keys, and the exchange of a code for claims.

Everything here waits for the network, so it must not be called within a transaction.
"""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import httpx2

from keytrail.remote_keys import RemoteKeys, key_id
from keytrail.settings import Settings
from keytrail.sign_in_settings import is_safe_address
from keytrail.users.openid.id_token import ExpectedToken, ProviderError, verified_claims
from keytrail.users.openid.pending import PendingSignIn
from keytrail.users.slots import SignInSlots

ANSWER_PATH: Final = "/sign-in/openid/answer"
_TIMEOUT_S: Final = 5
_FRESH_S: Final = 3600
_AT_ONCE: Final = 4
_MOST_WAITING: Final = 8
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_OPTIONAL: Final = ("userinfo_endpoint", "end_session_endpoint")


def provider_of(settings: Settings) -> "OpenIdProvider | None":
    """The provider of these settings, None without one. Nothing is requested yet. Raises BadSettings."""
    return OpenIdProvider(settings) if settings.oidc_issuer and settings.oidc_client_id else None


class OpenIdProvider:
    """One client of one provider; `name` is how people call it. Metadata are read again every hour."""

    def __init__(self, settings: Settings, timer: Callable[[], float] = time.monotonic) -> None:
        self.issuer = settings.oidc_issuer or ""
        self.name = settings.oidc_name
        self.redirect_uri = settings.public_url + ANSWER_PATH
        self._client_id = settings.oidc_client_id or ""
        self._secret = settings.oidc_secret
        self._scopes = settings.oidc_scopes
        self._after_sign_out = f"{settings.public_url}/sign-in"
        self._timer = timer
        self._turn = threading.Lock()
        self._metadata: Mapping[str, Any] = {}
        self._read_at: float | None = None
        self._keys: RemoteKeys | None = None
        self._slots = SignInSlots(_AT_ONCE, _MOST_WAITING)

    def authorization_address(self, pending: PendingSignIn) -> str:
        """Where to send the browser (Core, section 3.1.2.1). Raises ProviderError if the provider does not answer."""
        return _with_query(
            str(self._known_metadata()["authorization_endpoint"]),
            {
                "response_type": "code",
                "client_id": self._client_id,
                "redirect_uri": self.redirect_uri,
                "scope": self._scopes,
                "state": pending.state,
                "nonce": pending.nonce,
                "code_challenge": pending.challenge,
                "code_challenge_method": "S256",
            },
        )

    def sign_out_address(self) -> str | None:
        """Where people sign out at the provider, if it offers that and has been asked before; uses no network."""
        endpoint = self._metadata.get("end_session_endpoint")
        if not endpoint:
            return None
        return _with_query(
            str(endpoint), {"client_id": self._client_id, "post_logout_redirect_uri": self._after_sign_out}
        )

    def claims(self, code: str, pending: PendingSignIn, now: datetime) -> Mapping[str, Any]:
        """Return what the provider says about whoever got this code: the ID token's claims, and those of its userinfo.

        Raises ProviderError, and Unavailable if too many others wait for the provider.
        """
        with self._slots.admitted(), self._slots.working():
            return self._claims(code, pending, now)

    def _claims(self, code: str, pending: PendingSignIn, now: datetime) -> Mapping[str, Any]:
        answer = self._redeem(code, pending)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise ProviderError("the answer to the code has no ID token")
        keys = self._known_keys()
        keys.refresh(key_id(token))
        expected = ExpectedToken(self.issuer, self._client_id, pending.nonce)
        claims = verified_claims(token, keys.find(key_id(token)), expected, now)
        return {**self._user_info(answer.get("access_token"), claims), **claims}

    def check(self) -> None:
        """Ask the provider for its metadata and keys. Raises ProviderError."""
        self._read_at = None
        keys = self._known_keys()
        keys.refresh("")
        if not keys.known:
            raise ProviderError("its keys could not be read")

    def _redeem(self, code: str, pending: PendingSignIn) -> Mapping[str, Any]:
        metadata = self._known_metadata()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": pending.verifier,
        }
        headers: dict[str, str] = {"accept": "application/json"}
        # Without metadata about it, basic authentication is the default (Discovery 1.0, section 3).
        methods = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        auth = None
        if self._secret is not None and "client_secret_basic" in methods:
            # RFC 6749, section 2.3.1: both are form-encoded first.
            auth = (quote(self._client_id, safe=""), quote(self._secret, safe=""))
        else:
            form["client_id"] = self._client_id
            if self._secret is not None:
                form["client_secret"] = self._secret
        return _json(
            lambda: httpx2.post(
                str(metadata["token_endpoint"]), data=form, headers=headers, auth=auth, timeout=_TIMEOUT_S
            ),
            "the token endpoint",
        )

    def _user_info(self, access_token: Any, claims: Mapping[str, Any]) -> Mapping[str, Any]:
        endpoint = self._known_metadata().get("userinfo_endpoint")
        if not endpoint or not isinstance(access_token, str):
            return {}
        headers = {"authorization": f"Bearer {access_token}", "accept": "application/json"}
        found = _json(lambda: httpx2.get(str(endpoint), headers=headers, timeout=_TIMEOUT_S), "the userinfo endpoint")
        if found.get("sub") != claims["sub"]:
            raise ProviderError("the userinfo is about somebody else (Core, section 5.3.2)")
        return found

    def _known_keys(self) -> RemoteKeys:
        self._known_metadata()
        if self._keys is None:
            raise ProviderError("it has no keys")
        return self._keys

    def _known_metadata(self) -> Mapping[str, Any]:
        with self._turn:
            now = self._timer()
            if self._read_at is None or now - self._read_at > _FRESH_S:
                found = self._read_metadata()
                if found.get("jwks_uri") != self._metadata.get("jwks_uri"):
                    self._keys = RemoteKeys(str(found["jwks_uri"]), "The OpenID provider")
                self._metadata, self._read_at = found, now
            return self._metadata

    def _read_metadata(self) -> Mapping[str, Any]:
        url = self.issuer.removesuffix("/") + "/.well-known/openid-configuration"
        found = _json(lambda: httpx2.get(url, timeout=_TIMEOUT_S), url)
        if found.get("issuer") != self.issuer:
            raise ProviderError(f"{url} is about another issuer; KEYTRAIL_OIDC_ISSUER has to be written as it is there")
        present = [name for name in _OPTIONAL if found.get(name)]
        unsafe = [name for name in (*_ENDPOINTS, *present) if not self._is_safe(str(found.get(name, "")))]
        if unsafe:
            raise ProviderError(f"{url} lacks an https address for {', '.join(unsafe)}")
        return found

    def _is_safe(self, endpoint: str) -> bool:
        """Security: plain http, on this machine, only where the provider itself is reached so."""
        return is_safe_address(endpoint) and urlsplit(endpoint).scheme in {"https", urlsplit(self.issuer).scheme}


def _json(ask: Callable[[], httpx2.Response], what: str) -> Mapping[str, Any]:
    try:
        answer = ask()
        found = answer.json()
    except httpx2.HTTPError as error:
        raise ProviderError(f"{what} could not be reached: {type(error).__name__}") from None
    except ValueError:
        raise ProviderError(f"{what} answered {answer.status_code} without JSON") from None
    if answer.is_error or not isinstance(found, dict):
        # The code of RFC 6749, section 5.2, is one of a few words; a description may quote anything.
        reason = found.get("error") if isinstance(found, dict) else None
        detail = f" ({reason})" if isinstance(reason, str) and reason.replace("_", "").isalpha() else ""
        raise ProviderError(f"{what} refused: {answer.status_code}{detail[:60]}")
    return found


def _with_query(address: str, parameters: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(parameters)}"
