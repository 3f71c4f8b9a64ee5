"""What a marketplace says went wrong is shown to people, and names nobody by the marketplace's ids."""

from typing import Any

import httpx2
import pytest

from keytrail.platforms.errors import PlatformFault
from keytrail.platforms.json_api import reason_of
from keytrail.platforms.mturk_api import MTurkApi

PROLIFIC = "60d9aadeb86739de712faee0"
CONNECT = "0b6ae5d1-6f2c-4f1e-9d59-2c7b1f1f9a01"


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({"error": {"detail": f"Submission {PROLIFIC} is already approved."}}, "Submission (id) is already approved."),
        ({"error": {"title": f"Participant {CONNECT} left"}}, "Participant (id) left"),
        ({"error": f"no {CONNECT.replace('-', '')}"}, "no (id)"),
        ({"error": {"detail": "The reward is below 6.00 an hour."}}, "The reward is below 6.00 an hour."),
    ],
)
def test_a_reason_has_no_ids(body: dict[str, Any], shown: str) -> None:
    assert reason_of(httpx2.Response(400, json=body)) == shown


def test_neither_has_one_that_is_not_json() -> None:
    assert reason_of(httpx2.Response(502, text=f"Bad gateway for {PROLIFIC}")) == "Bad gateway for (id)"


def test_nor_one_of_a_message_that_was_not_accepted() -> None:
    class Client:
        def notify_workers(self, **_: Any) -> dict[str, Any]:
            failure = {"NotifyWorkersFailureMessage": "The worker A1B2C3D4E5F6G7 cannot be messaged."}
            return {"NotifyWorkersFailureStatuses": [failure]}

    with pytest.raises(PlatformFault, match=r"^The worker \(id\) cannot be messaged\.$"):
        MTurkApi(Client()).message("A1B2C3D4E5F6G7", "Hello", "Text")
