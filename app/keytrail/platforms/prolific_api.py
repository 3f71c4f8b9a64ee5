"""Client for the parts of Prolific's REST API that Keytrail uses (https://docs.prolific.com/api-reference)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

import httpx2

from keytrail.platforms.errors import NotConnected, PlatformFault
from keytrail.settings import Settings

_TIMEOUT_S = 30
_SERVER_ERROR = 500
_PAGE = 100


class ProlificApi:
    """One workspace's account.

    `approve` may be repeated: Prolific ignores the second. `pay_bonus` may not: a second call pays a second time.
    """

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._headers = {"authorization": f"Token {token}"}

    def submissions(self, study_id: str) -> Iterator[Mapping[str, Any]]:
        """Yield every submission of a study: `id`, `participant_id`, `status` and more."""
        page = 1
        while True:
            answer = self._call(
                "GET", "/api/v1/submissions/", params={"study": study_id, "page": page, "page_size": _PAGE}
            )
            yield from answer.get("results", ())
            if not answer.get("_links", {}).get("next", {}).get("href"):
                return
            page += 1

    def status(self, submission_id: str) -> str:
        """Return a submission's status, as Prolific names it."""
        return str(self._call("GET", f"/api/v1/submissions/{submission_id}/").get("status", ""))

    def holder(self, submission_id: str) -> str:
        """Return the participant of a submission; empty if Prolific does not say."""
        found = self._call("GET", f"/api/v1/submissions/{submission_id}/")
        return str(found.get("participant_id") or found.get("participant") or "")

    def approve(self, submission_id: str) -> None:
        """Approve a submission."""
        self._call("POST", f"/api/v1/submissions/{submission_id}/transition/", json={"action": "APPROVE"})

    def set_up_bonus(self, study_id: str, submission_id: str, cents: int) -> str:
        """Prepare a bonus without paying it; return the id to pay it with. The amount is sent in whole units (1.50)."""
        line = f"{submission_id},{Decimal(cents) / 100:.2f}"
        answer = self._call(
            "POST", "/api/v1/submissions/bonus-payments/", json={"study_id": study_id, "csv_bonuses": line}
        )
        return str(answer["id"])

    def pay_bonus(self, bonus_id: str) -> None:
        """Pay a prepared bonus. Calling it twice pays twice."""
        self._call("POST", f"/api/v1/bulk-bonus-payments/{bonus_id}/pay/")

    def account(self) -> str:
        """The e-mail address of the account that the token belongs to."""
        return str(self._call("GET", "/api/v1/users/me/").get("email", ""))

    def _call(self, method: Literal["GET", "POST"], path: str, **more: Any) -> Mapping[str, Any]:
        try:
            answer = httpx2.request(method, self._url + path, headers=self._headers, timeout=_TIMEOUT_S, **more)
        except httpx2.ConnectError as error:
            raise PlatformFault(f"Prolific could not be reached: {error}") from error
        except httpx2.TransportError as error:
            raise PlatformFault(f"Prolific did not answer: {error}", unsure=True) from error
        if answer.is_error:
            unsure = answer.status_code >= _SERVER_ERROR
            raise PlatformFault(f"Prolific says ({answer.status_code}): {answer.text[:300]}", unsure=unsure)
        try:
            found: Any = answer.json()
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def connect_prolific(settings: Settings) -> ProlificApi:
    """Return the configured account. Raises NotConnected."""
    if settings.prolific_token is None:
        raise NotConnected(
            "Prolific's API is not configured. Create a token at Prolific, set KEYTRAIL_PROLIFIC_TOKEN, and restart."
        )
    return ProlificApi(settings.prolific_url, settings.prolific_token.get_secret_value())
