"""Identify the user whom a trusted proxy names in its headers.

The header is KEYTRAIL_REMOTE_USER_HEADER; the same with -Email, -Name and -Groups adds to it.
keytrail/web/proxy_identity_headers.py removes these headers from everybody else's requests.
"""

import re
from typing import Final

from fastapi import Request

from keytrail.settings import Settings
from keytrail.users.provider_accounts import PROXY, ProvenIdentity

_SEPARATORS: Final = re.compile(r"[;,]")


def identity_in(request: Request, settings: Settings) -> ProvenIdentity | None:
    """Return who has signed in at the proxy; None if nobody has, or without such a proxy."""
    name = settings.remote_user_header
    subject = request.headers.get(name, "").strip() if name else ""
    if not subject:
        return None
    email = request.headers.get(f"{name}-Email", "").strip() or (subject if "@" in subject else "")
    groups = [group.strip() for group in _SEPARATORS.split(request.headers.get(f"{name}-Groups", ""))]
    return ProvenIdentity(
        issuer=PROXY,
        subject=subject,
        email=email,
        email_verified=None,
        name=request.headers.get(f"{name}-Name", "").strip(),
        claims={"sub": subject, "email": email, "groups": [group for group in groups if group]},
    )
