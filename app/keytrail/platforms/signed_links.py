"""Signed links for panels and direct studies: a signature over the participant's id, so that ids cannot be invented.

Other programs may sign too (docs/platforms.md): the lower-case hexadecimal HMAC-SHA256 of the id, with the study's
secret, as it is shown, as the key.
"""

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlencode

from keytrail.errors import BadRequest, Forbidden
from keytrail.keyring import Keyring
from keytrail.language import message
from keytrail.platforms.base import Platform, Proof, required_id
from keytrail.platforms.phrases import Phrases

SIGNATURE = "signature"


def link_secret(keyring: Keyring, study_id: int) -> str:
    """Return the secret of one study's links: 64 hexadecimal digits."""
    return keyring.key(f"link/{study_id}").hex()


def signature_of(secret: str, participant: str) -> str:
    """Return the `signature` of a link for this participant."""
    return hmac.digest(secret.encode(), participant.encode(), hashlib.sha256).hex()


def signed_link(platform: Platform, task_url: str, participant: str, secret: str) -> str:
    """Return the link for one participant; a panel adds its own ids. Raises BadRequest for an invalid id, or without
    signing.
    """
    if platform.proof != Proof.SIGNATURE:
        raise BadRequest("This study does not ask for signed links. Switch them on first (page Platform).")
    name = next(iter(platform.example()))
    required_id({name: participant}, name)
    return f"{task_url}?{urlencode({name: participant, SIGNATURE: signature_of(secret, participant)})}"


def require_signature(query: Mapping[str, str], participant: str, secret: str, phrases: Phrases) -> None:
    """Raises Forbidden unless the link has the signature over this participant's id."""
    given = query.get(SIGNATURE, "")
    if not given:
        raise Forbidden(
            message(
                "A part of this link is missing. %(reopen)s Take care to copy all of it. If that does not help, write "
                "to whoever sent it.",
                reopen=phrases.reopen,
            ),
            code="link_unsigned",
        )
    if not hmac.compare_digest(given.encode(), signature_of(secret, participant).encode()):
        raise Forbidden(
            message(
                "This link was changed on its way. %(reopen)s If that does not help, write to whoever sent it.",
                reopen=phrases.reopen,
            ),
            code="link_signature",
        )
