"""Check the OpenID provider: its metadata and its keys."""

from keytrail.operations.probes import Probe
from keytrail.settings import Settings
from keytrail.users.openid import ProviderError, provider_of


def probe_openid(settings: Settings) -> Probe:
    """Ask the provider as a sign-in would, without a person."""
    provider = provider_of(settings)
    if provider is None:
        return Probe("sign-in", well=True, description="No OpenID provider is set.")
    try:
        provider.check()
    except ProviderError as error:
        advice = "Compare KEYTRAIL_OIDC_ISSUER with the provider's page, and let this machine reach it."
        return Probe(
            "sign-in", well=False, description=f"{settings.oidc_issuer} cannot be used: {error}.", advice=advice
        )
    description = f"{settings.oidc_issuer} answers. Register {provider.redirect_uri} there as redirect address."
    return Probe("sign-in", well=True, description=description)
