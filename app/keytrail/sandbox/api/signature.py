"""Verify AWS Signature Version 4 with botocore's own signer."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from botocore.auth import SIGV4_TIMESTAMP, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from keytrail.sandbox.api.refusal import Refusal
from keytrail.sandbox.clock import Clock

MAX_SKEW = timedelta(minutes=15)
"""Maximum difference of the signature's time; AWS services allow between 5 and 15 minutes."""

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential="
    r"(?P<key>[^/,\s]+)/(?P<date>\d{8})/(?P<region>[^/,\s]+)/(?P<service>[^/,\s]+)/aws4_request,\s*"
    r"SignedHeaders=(?P<headers>[^,\s]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)
_MUST_BE_SIGNED = {"host", "x-amz-date", "x-amz-target"}


@dataclass(frozen=True)
class Signed:
    """The parts of a request that its signature covers; header names are lower case."""

    url: str
    headers: Mapping[str, str]
    body: bytes


class SignatureCheck:
    """The requester's secret. `clock` is the real time, even if the marketplace's is simulated."""

    def __init__(self, access_key: str, secret_key: str, clock: Clock) -> None:
        self._credentials = Credentials(access_key, secret_key)
        self._clock = clock

    def require(self, request: Signed) -> None:
        """Raises Refusal unless the request was signed with the secret, for this time."""
        header = request.headers.get("authorization")
        if header is None:
            raise Refusal("MissingAuthenticationTokenException", "Missing Authentication Token")
        parts = _AUTHORIZATION.fullmatch(header.strip())
        names = set(parts["headers"].split(";")) if parts else set()
        if parts is None or not names >= _MUST_BE_SIGNED or not names <= request.headers.keys():
            raise Refusal("IncompleteSignatureException", "The Authorization header is not a complete SigV4 signature.")
        if not self._credentials.secret_key or parts["key"] != self._credentials.access_key:
            raise Refusal(
                "UnrecognizedClientException", "The security token included in the request is invalid.", status=403
            )
        self._require_time(request.headers["x-amz-date"], parts["date"])
        if not hmac.compare_digest(self._expected(request, parts), parts["signature"]):
            raise Refusal(
                "InvalidSignatureException",
                "The request signature we calculated does not match the signature you provided. "
                "Check your AWS Secret Access Key and signing method.",
                status=403,
            )

    def _require_time(self, stamp: str, date: str) -> None:
        try:
            signed_at = datetime.strptime(stamp, SIGV4_TIMESTAMP).replace(tzinfo=UTC)
        except ValueError as error:
            raise Refusal("IncompleteSignatureException", "X-Amz-Date is not a time.") from error
        if not stamp.startswith(date) or abs(self._clock() - signed_at) > MAX_SKEW:
            raise Refusal("InvalidSignatureException", f"Signature expired or not yet valid: {stamp}.", status=403)

    def _expected(self, request: Signed, parts: re.Match[str]) -> str:
        signer = SigV4Auth(self._credentials, parts["service"], parts["region"])
        names = parts["headers"].split(";")
        rebuilt = AWSRequest(
            method="POST", url=request.url, data=request.body, headers={name: request.headers[name] for name in names}
        )
        rebuilt.context["timestamp"] = request.headers["x-amz-date"]
        canonical = signer.canonical_request(rebuilt)
        signature: str = signer.signature(signer.string_to_sign(rebuilt, canonical), rebuilt)
        return signature
