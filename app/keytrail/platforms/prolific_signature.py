"""Sign and verify Prolific's messages."""

import base64
import hashlib
import hmac
import math
from datetime import UTC, datetime, timedelta

from keytrail.errors import Forbidden

# Prolific signs each retry again, so the age limit only has to cover clock differences and slow connections.
MAX_AGE = timedelta(minutes=10)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return Base64 of HMAC-SHA256 over the timestamp and the body
    (https://docs.prolific.com/api-reference/webhooks).
    """
    digest = hmac.digest(secret.encode(), timestamp.encode() + body, hashlib.sha256)
    return base64.b64encode(digest).decode()


def verify(secret: str, timestamp: str, signature: str, body: bytes, now: datetime) -> None:
    """Raises Forbidden unless the message was recently signed with the secret."""
    if not hmac.compare_digest(sign(secret, timestamp, body).encode(), signature.encode()):
        raise Forbidden("The signature does not fit the message.", code="bad_signature")
    try:
        seconds = float(timestamp)
        sent_at = datetime.fromtimestamp(seconds if math.isfinite(seconds) else 0, UTC)
    except (ValueError, OverflowError, OSError):
        raise Forbidden("The message's time cannot be read.", code="bad_timestamp") from None
    if abs(now - sent_at) > MAX_AGE:
        raise Forbidden("The message is too old, or from a clock that is wrong.", code="old_message")
