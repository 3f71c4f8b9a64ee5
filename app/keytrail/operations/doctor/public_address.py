"""Check the public address as workers' browsers and marketplaces see it."""

import re
import socket
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import httpx2

from keytrail.operations.probes import Probe
from keytrail.platforms.registry import KNOWN_FRAME_ANCESTORS
from keytrail.settings import Settings

_TIMEOUT_S: Final = 10
_OK: Final = 200
_HTTPS_PORT: Final = 443
_RENEWED: Final = timedelta(days=14)
"""Certificates for ninety days are renewed a month before their end; one with less left was not renewed."""
_THIS_MACHINE: Final = {"127.0.0.1", "localhost", "::1"}
_ANCESTORS: Final = re.compile(r"frame-ancestors ([^;]*)")


def probe_settings(settings: Settings) -> Probe:
    """Check for settings that are valid but that no marketplace can work with."""
    if urlsplit(settings.public_url).hostname in _THIS_MACHINE:
        description = f"Only this machine reaches {settings.public_url}: enough to try things out."
        return Probe("settings", well=True, description=description)
    advice = "Get a certificate (docs/install.md shows Caddy) and set KEYTRAIL_PUBLIC_URL to the https address."
    description = f"The public address is {settings.public_url}."
    description += "" if settings.secure else " Marketplaces frame https addresses only."
    return Probe("settings", well=settings.secure, description=description, advice=advice, fatal=False)


def probe_public_url(settings: Settings, now: datetime) -> Sequence[Probe]:
    """Check that Keytrail answers at the public address, and when its certificate expires."""
    url = f"{settings.public_url}/healthz"
    advice = (
        "Start the server, let the proxy pass requests on to it, and check the name in the DNS. "
        "A network that does not let a machine reach its own public address fails here too: then try from elsewhere."
    )
    try:
        answer = httpx2.get(url, timeout=_TIMEOUT_S)
    except httpx2.HTTPError as error:
        return [Probe("public address", well=False, description=f"{url} could not be opened: {error}", advice=advice)]
    if answer.status_code != _OK or answer.text != "ok":
        description = f"{url} answers {answer.status_code}, and not as Keytrail does."
        return [Probe("public address", well=False, description=description, advice=advice)]
    reached = Probe("public address", well=True, description=f"{settings.public_url} answers.")
    return [reached, probe_certificate(settings.public_url, now)] if settings.secure else [reached]


def probe_certificate(url: str, now: datetime) -> Probe:
    """Check when the certificate expires; the request before has shown that it is trusted."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        with (
            socket.create_connection((host, parts.port or _HTTPS_PORT), timeout=_TIMEOUT_S) as line,
            ssl.create_default_context().wrap_socket(line, server_hostname=host) as secured,
        ):
            certificate = secured.getpeercert() or {}
        ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
    except (OSError, KeyError, ValueError) as error:
        return Probe(
            "certificate", well=False, description=f"It could not be read: {error}", advice="Check again.", fatal=False
        )
    description = f"The certificate is good until {ends:%Y-%m-%d}."
    advice = "Renew it, and find out why it was not renewed automatically."
    return Probe("certificate", well=ends - now > _RENEWED, description=description, advice=advice)


def probe_frames(settings: Settings) -> Probe:
    """Check that a task page still has the headers that let marketplaces frame it, after all proxies."""
    url = f"{settings.public_url}/task/keytrail-doctor"  # no study: its answer has the headers of every task page
    try:
        headers = httpx2.get(url, timeout=_TIMEOUT_S).headers
    except httpx2.HTTPError as error:
        advice = "Correct the public address first."
        return Probe("frames", well=False, description=f"{url} could not be opened: {error}", advice=advice)
    policies = headers.get_list("content-security-policy")
    allowed = [set((_ANCESTORS.findall(policy) or [""])[0].split()) for policy in policies]
    wanted = {*KNOWN_FRAME_ANCESTORS, *settings.frame_ancestors}
    missing = sorted(wanted - set.intersection(*allowed)) if allowed else sorted(wanted)
    if "x-frame-options" in headers:
        description = f"A proxy adds X-Frame-Options: {headers['x-frame-options']}, so no marketplace can show a task."
    elif missing:
        description = f"A task may not be framed by {', '.join(missing)}."
    else:
        return Probe("frames", well=True, description="The marketplaces may frame a task.")
    advice = "Let the proxy pass Keytrail's headers on below /task/, and add no X-Frame-Options or policy of its own."
    return Probe("frames", well=False, description=description, advice=advice)
