from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from keytrail.sandbox.api.refusal import Refusal
from keytrail.sandbox.api.signature import SignatureCheck, Signed
from tests.sandbox.conftest import ACCESS_KEY, SECRET_KEY

URL = "http://localhost:8001/"
NOW = datetime.now(UTC)


def signed(body: bytes = b"{}", **changes: str) -> Signed:
    """A request as botocore signs it just now, with headers changed or added afterwards."""
    headers = {"X-Amz-Target": "MTurkRequesterServiceV20170117.ListHITs", "Host": "localhost:8001"}
    request = AWSRequest(method="POST", url=URL, data=body, headers=headers)
    SigV4Auth(Credentials(ACCESS_KEY, SECRET_KEY), "mturk-requester", "eu-west-1").add_auth(request)
    sent = {name.lower(): value for name, value in request.headers.items()}
    return Signed(
        url=URL, headers={**sent, **{name.replace("_", "-"): value for name, value in changes.items()}}, body=body
    )


def check(request: Signed, *, later: timedelta = timedelta(), secret: str = SECRET_KEY) -> None:
    SignatureCheck(ACCESS_KEY, secret, lambda: datetime.now(UTC) + later).require(request)


def kind_of_refusal(request: Signed, **circumstances: Any) -> str:
    with pytest.raises(Refusal) as refused:
        check(request, **circumstances)
    return refused.value.kind


def test_what_botocore_signs_is_right() -> None:
    check(signed())
    check(signed(b"\xff not even text"))


def test_headers_that_are_not_signed_may_change_on_the_way() -> None:
    check(signed(x_forwarded_for="10.0.0.1", user_agent="a proxy"))


def test_another_body_target_or_signature_is_refused() -> None:
    good = signed()
    assert kind_of_refusal(Signed(good.url, good.headers, b'{"a": 1}')) == "InvalidSignatureException"
    assert kind_of_refusal(signed(x_amz_target="Another.Target")) == "InvalidSignatureException"
    forged = good.headers["authorization"][:-1] + ("0" if good.headers["authorization"][-1] != "0" else "1")
    assert kind_of_refusal(signed(authorization=forged)) == "InvalidSignatureException"


def test_another_secret_is_refused() -> None:
    assert kind_of_refusal(signed(), secret="another") == "InvalidSignatureException"


def test_without_a_secret_nothing_is_accepted() -> None:
    assert kind_of_refusal(signed(), secret="") == "UnrecognizedClientException"


@pytest.mark.parametrize(("minutes", "fits"), [(14, True), (-14, True), (16, False), (-16, False)])
def test_the_time_may_be_off_by_a_quarter_of_an_hour(minutes: int, *, fits: bool) -> None:
    request = signed()
    if fits:
        check(request, later=timedelta(minutes=minutes))
    else:
        assert kind_of_refusal(request, later=timedelta(minutes=minutes)) == "InvalidSignatureException"


def test_a_missing_or_broken_header_is_refused() -> None:
    good = signed()
    bare = {name: value for name, value in good.headers.items() if name != "authorization"}
    assert kind_of_refusal(Signed(URL, bare, b"{}")) == "MissingAuthenticationTokenException"
    for broken in ("Bearer x", good.headers["authorization"].replace("x-amz-target", "x-other")):
        assert kind_of_refusal(signed(authorization=broken)) == "IncompleteSignatureException"


def test_boto3_sees_the_refusal(connect: Callable[..., Any]) -> None:
    for credentials, code in (
        ({"secret_key": "wrong"}, "InvalidSignatureException"),
        ({"access_key": "AKIDOTHER"}, "UnrecognizedClientException"),
    ):
        with pytest.raises(ClientError) as failure:
            connect(**credentials).get_account_balance()
        assert failure.value.response["Error"]["Code"] == code
