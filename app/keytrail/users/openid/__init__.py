"""Sign-in by OpenID Connect: the authorization code flow with PKCE (RFC 6749, RFC 7636, OpenID Connect Core 1.0)."""

from keytrail.users.openid.id_token import ProviderError
from keytrail.users.openid.pending import PENDING_MINUTES, PendingSignIn, open_pending, seal_pending
from keytrail.users.openid.provider import OpenIdProvider, provider_of

__all__ = [
    "PENDING_MINUTES",
    "OpenIdProvider",
    "PendingSignIn",
    "ProviderError",
    "open_pending",
    "provider_of",
    "seal_pending",
]
