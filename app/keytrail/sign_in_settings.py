"""Settings of signing in: passwords, OpenID Connect, and a proxy that authenticates people."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode

from keytrail.errors import BadSettings

EVERYBODY: Final = "*"
"""As a rule: whoever is authenticated."""

_THIS_MACHINE: Final = {"127.0.0.1", "::1", "localhost"}
_HEADER: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{2,60}")
# People change these themselves at many providers, or they are given to somebody else later.
_CHANGEABLE: Final = {"email", "name", "nickname", "preferred_username", "upn", "unique_name"}


def _split(value: Any) -> Any:
    try:
        return tuple(shlex.split(value)) if isinstance(value, str) else value
    except ValueError as error:
        raise ValueError(f"a quotation mark is missing ({error})") from None


def _rules(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        claim, _, expected = value.partition("=")
        if value != EVERYBODY and not (claim and expected):
            raise ValueError(f"{value!r} is not a rule; write it as claim=value, or * for everybody")
    return values


def is_safe_address(value: str) -> bool:
    """Whether an address is https, or plain http on this machine (RFC 8252, section 8.3)."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return bool(parts.netloc) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)
    )


def _issuer(value: str) -> str:
    if not is_safe_address(value) or urlsplit(value).query or urlsplit(value).fragment:
        raise ValueError(f"{value!r} is not an issuer; write it as https://… exactly as the provider names itself")
    return value


def _account_claim(value: str) -> str:
    if value in _CHANGEABLE:
        raise ValueError(f"{value!r} can change or be given to somebody else; use 'sub' or another lasting identifier")
    return value


def _header(value: str) -> str:
    if not _HEADER.fullmatch(value):
        raise ValueError(f"{value!r} is not the name of a header; write it as X-Remote-User")
    return value


Rules = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_rules)]


class SignInSettings(BaseSettings):
    """Who may sign in to the dashboard, and how."""

    password_sign_in: bool = Field(default=True, description="Whether people may sign in with a password.")
    sign_in_claims: Rules = Field(
        (),
        description="Who may sign in by OpenID Connect or the proxy: rules claim=value separated by spaces, one of "
        "which has to match; * for everybody.",
    )
    create_studies_claims: Rules = Field(
        (),
        description="Who of them may create studies, as rules. Without any, operators grant the right in the "
        "dashboard; with rules, each sign-in grants or revokes it.",
    )
    spend_claims: Rules = Field((), description="Who of them may publish and pay, as rules; otherwise as above.")

    oidc_issuer: Annotated[str | None, AfterValidator(lambda value: value and _issuer(value))] = Field(
        None,
        description="The OpenID provider, as it names itself, for example https://login.example.edu/realms/lab. "
        "Without it no provider is contacted.",
    )
    oidc_client_id: str | None = Field(None, min_length=1, description="The id that the provider gave this server.")
    oidc_client_secret: SecretStr | None = Field(
        None, min_length=1, description="The secret that the provider gave this server; none for a public client."
    )
    oidc_client_secret_file: Path | None = Field(None, description="A file with that secret, in its place.")
    oidc_name: str = Field(
        "your institution", min_length=1, max_length=60, description="How the button on the sign-in page names it."
    )
    oidc_scopes: str = Field("openid profile email", pattern=r"\bopenid\b", description="What the provider is asked.")
    oidc_account_claim: Annotated[str, AfterValidator(_account_claim)] = Field(
        "sub", min_length=1, description="The claim that identifies a person at the provider for good."
    )
    oidc_link_verified_email: bool = Field(
        default=False,
        description="Whether somebody's first sign-in may use the account that exists here with the same e-mail "
        "address, if the provider says that it has verified the address.",
    )
    remote_user_header: Annotated[str | None, AfterValidator(lambda value: value and _header(value))] = Field(
        None,
        description="The header in which a trusted proxy names who has signed in there, for example X-Remote-User.",
    )

    @property
    def oidc_secret(self) -> str | None:
        """The client secret. Raises BadSettings if its file cannot be read."""
        if self.oidc_client_secret is not None:
            return self.oidc_client_secret.get_secret_value()
        if self.oidc_client_secret_file is None:
            return None
        try:
            return self.oidc_client_secret_file.read_text(encoding="utf-8-sig").strip()
        except OSError as error:
            raise BadSettings(f"KEYTRAIL_OIDC_CLIENT_SECRET_FILE cannot be read: {error}") from None


def check_sign_in(settings: SignInSettings, trusted_proxies: tuple[str, ...]) -> None:
    """Raises BadSettings for settings that fit each alone and not together."""
    provider, proxy = settings.oidc_issuer is not None, settings.remote_user_header is not None
    problems: Mapping[str, bool] = {
        "KEYTRAIL_OIDC_ISSUER needs KEYTRAIL_OIDC_CLIENT_ID, which the provider gives you.": (
            provider and settings.oidc_client_id is None
        ),
        "Set KEYTRAIL_SIGN_IN_CLAIMS: who may sign in, for example groups=staff, or * for everybody.": (
            (provider or proxy) and not settings.sign_in_claims
        ),
        "KEYTRAIL_PASSWORD_SIGN_IN=false leaves no way to sign in. Set KEYTRAIL_OIDC_ISSUER or "
        "KEYTRAIL_REMOTE_USER_HEADER too.": not (settings.password_sign_in or provider or proxy),
        "With KEYTRAIL_REMOTE_USER_HEADER, KEYTRAIL_TRUSTED_PROXIES must name addresses: with * anybody could sign in "
        "as anybody.": proxy and "*" in trusted_proxies,
        "Set either KEYTRAIL_OIDC_CLIENT_SECRET or KEYTRAIL_OIDC_CLIENT_SECRET_FILE.": (
            settings.oidc_client_secret is not None and settings.oidc_client_secret_file is not None
        ),
    }
    found = [sentence for sentence, wrong in problems.items() if wrong]
    if found:
        raise BadSettings(" ".join(found))
