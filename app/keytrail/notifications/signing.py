"""Sign webhook messages as Standard Webhooks 1.0 requires (https://www.standardwebhooks.com)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from keytrail.keyring import Keyring
from keytrail.models import NotificationTarget


def webhook_key(keyring: Keyring, target: NotificationTarget) -> bytes:
    """Return the key of one webhook, 32 bytes. It is derived from the root secret and stored nowhere."""
    return keyring.key(f"webhook/{target.study_id}/{target.salt}")


def shown_key(key: bytes) -> str:
    """Return the key in the format of receivers' libraries."""
    return "whsec_" + base64.b64encode(key).decode()


def signed_headers(key: bytes, message_id: str, body: bytes, now: datetime) -> Mapping[str, str]:
    """Return the three headers: id, Unix time in seconds, and the HMAC-SHA256 of id, time and body joined with dots."""
    at = str(int(now.timestamp()))
    signature = hmac.digest(key, b".".join((message_id.encode(), at.encode(), body)), hashlib.sha256)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": at,
        "webhook-signature": "v1," + base64.b64encode(signature).decode(),
    }
