"""Prolific's REST API, as far as a requester needs it here (https://docs.prolific.com/api-reference).

Not tried against the live service: written after its published contract, and tested against a double of that.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keytrail.platforms.errors import NotConnected, PlatformFault
from keytrail.platforms.json_api import JsonApi
from keytrail.platforms.money import decimal_text, money
from keytrail.settings import Settings

PAGE = 100
MOST_APPROVED_AT_ONCE = 1000
MOST_BONUSES_AT_ONCE = 200


@dataclass(frozen=True)
class PreparedBonuses:
    """Bonuses that are set up and not paid. Cents; what Prolific does not say is None."""

    id: str
    amount: int | None
    total: int | None


class ProlificApi:
    """One account. What is said to be repeatable has the same effect when it is asked for twice."""

    def __init__(self, url: str, token: str, workspace_id: str = "") -> None:
        self._workspace_id = workspace_id
        self._api = JsonApi("Prolific", "KEYTRAIL_PROLIFIC_TOKEN", url, {"authorization": f"Token {token}"})

    def account(self) -> str:
        """Return the e-mail address of the account that the token belongs to."""
        return self._api.call("GET", "/api/v1/users/me/").text("email")

    def balance(self) -> str:
        """Return what the workspace can still spend, with its currency. Raises PlatformFault if that is not known."""
        answer = self._api.call("GET", f"/api/v1/workspaces/{self.workspace()}/balance/")
        available = _whole(answer.content.get("available_balance"))
        if available is None:
            raise PlatformFault("Prolific did not name the workspace's balance.")
        return money(available, answer.text("currency_code")).strip()

    # Studies

    def create_study(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Create a draft, which costs nothing and which nobody sees. Asking twice makes two drafts."""
        return self._api.call("POST", "/api/v1/studies/", body=body).content

    def find_study(self, internal_name: str) -> Mapping[str, Any] | None:
        """The study that bears this internal name, which participants do not see."""
        return next((one for one in self._pages("/api/v1/studies/") if one.get("internal_name") == internal_name), None)

    def study(self, study_id: str) -> Mapping[str, Any]:
        """A study with its `status`, `total_available_places` and `places_taken`."""
        return self._api.call("GET", f"/api/v1/studies/{study_id}/").content

    def transition_study(self, study_id: str, action: str) -> None:
        """PUBLISH, PAUSE, START or STOP. Prolific refuses what the study's status does not allow."""
        self._api.call("POST", f"/api/v1/studies/{study_id}/transition/", body={"action": action})

    def set_places(self, study_id: str, places: int) -> Mapping[str, Any]:
        """Bring a study to this many places in all. Repeatable."""
        body = {"total_available_places": places}
        return self._api.call("PATCH", f"/api/v1/studies/{study_id}/", body=body).content

    def total_cost(self, reward_cents: int, places: int) -> int:
        """What a study costs with fees and tax, in cents of the account's currency. Changes nothing.

        Raises PlatformFault if the answer has no cost.
        """
        body = {"reward": reward_cents, "total_available_places": places}
        answer = self._api.call("POST", "/api/v1/study-cost-calculator/", body=body)
        try:
            return round(float(answer.content["total_cost"]))
        except (KeyError, TypeError, ValueError):
            raise PlatformFault("Prolific did not say what the study costs. Try again later.") from None

    def test_study(self, study_id: str) -> str:
        """The address at which a test participant takes the draft. The account needs a test participant."""
        return self._api.call("POST", f"/api/v1/studies/{study_id}/test-study").text("study_url")

    # Submissions

    def submissions(self, study_id: str) -> Iterator[Mapping[str, Any]]:
        """Every submission of a study: `id`, `participant_id`, `status` and more."""
        return self._pages("/api/v1/submissions/", study=study_id)

    def submission(self, submission_id: str) -> Mapping[str, Any]:
        """One submission, in Prolific's words."""
        return self._api.call("GET", f"/api/v1/submissions/{submission_id}/").content

    def approve(self, submission_id: str) -> None:
        """Approve and pay a submission; once it is approved, again changes nothing."""
        self.transition(submission_id, {"action": "APPROVE"})

    def bulk_approve(self, submission_ids: Sequence[str]) -> None:
        """Pay several, at most 1,000. Prolific does it within minutes. Repeatable."""
        self._api.call("POST", "/api/v1/submissions/bulk-approve/", body={"submission_ids": list(submission_ids)})

    def transition(self, submission_id: str, body: Mapping[str, Any]) -> None:
        """Change a submission's status. Repeatable: Prolific ignores the second."""
        self._api.call("POST", f"/api/v1/submissions/{submission_id}/transition/", body=body)

    def request_return(self, submission_id: str, reason: str) -> None:
        """Ask the participant to return a submission. Asking twice writes to them twice."""
        body = {"request_return_reasons": [reason]}
        self._api.call("POST", f"/api/v1/submissions/{submission_id}/request-return/", body=body)

    # Bonuses

    def set_up_bonuses(self, study_id: str, bonuses: Sequence[tuple[str, int]]) -> PreparedBonuses:
        """Prepare bonuses of submissions, in cents; nothing is paid by it. At most 200 at once.

        Raises PlatformFault if the answer has no id to pay them by.
        """
        lines = "\n".join(f"{submission_id},{decimal_text(cents)}" for submission_id, cents in bonuses)
        body = {"study_id": study_id, "csv_bonuses": lines}
        answer = self._api.call("POST", "/api/v1/submissions/bonus-payments/", body=body)
        number = answer.text("id")
        if not number:
            raise PlatformFault("Prolific did not say under which id the bonuses are prepared. Nothing was paid.")
        return PreparedBonuses(number, _whole(answer.content.get("amount")), _whole(answer.content.get("total_amount")))

    def pay_bonuses(self, bonus_id: str) -> None:
        """Pay prepared bonuses. Calling it twice pays twice."""
        self._api.call("POST", f"/api/v1/bulk-bonus-payments/{bonus_id}/pay/")

    # Workspaces, participant groups, messages

    def workspace(self) -> str:
        """The id of the workspace that is set, or of the only one. Raises PlatformFault if there are several."""
        if self._workspace_id:
            return self._workspace_id
        found = list(self._pages("/api/v1/workspaces/"))
        if len(found) != 1:
            names = ", ".join(f"{one.get('title', '')} ({one.get('id')})" for one in found[:10])
            raise PlatformFault(
                f"Your account at Prolific has {len(found)} workspaces: {names}. Set KEYTRAIL_PROLIFIC_WORKSPACE to "
                "the id of the one to use, and restart."
            )
        return str(found[0]["id"])

    def participant_group(self, workspace_id: str, name: str, description: str) -> str:
        """The id of the workspace's group of this name; it is made if there is none."""
        listed = self._api.call("GET", "/api/v1/participant-groups/", params={"workspace_id": workspace_id}).rows()
        for group in listed:
            if group.get("name") == name and not group.get("is_deleted"):
                return str(group["id"])
        body = {"workspace_id": workspace_id, "name": name, "description": description}
        return self._api.call("POST", "/api/v1/participant-groups/", body=body).text("id")

    def add_to_group(self, group_id: str, participant_id: str) -> None:
        """Idempotent."""
        body = {"participant_ids": [participant_id]}
        self._api.call("POST", f"/api/v1/participant-groups/{group_id}/participants/", body=body)

    def remove_from_group(self, group_id: str, participant_id: str) -> None:
        """Idempotent."""
        body = {"participant_ids": [participant_id]}
        self._api.call("DELETE", f"/api/v1/participant-groups/{group_id}/participants/", body=body)

    def send_message(self, participant_id: str, study_id: str, text: str) -> None:
        """Write to a participant about a study. Asking twice writes twice."""
        body = {"recipient_id": participant_id, "study_id": study_id, "body": text}
        self._api.call("POST", "/api/v1/messages/", body=body)

    # Webhooks

    def hook_secret(self, workspace_id: str) -> str:
        """The workspace's secret; one is made if there is none. There is one at a time, shared by all subscriptions.

        Raises PlatformFault if Prolific made one and its answer does not contain it.
        """
        listed = self._api.call("GET", "/api/v1/hooks/secrets/", params={"workspace_id": workspace_id}).rows()
        values = [str(row["value"]) for row in listed if row.get("value")]
        if values:
            return values[0]
        made = self._api.call("POST", "/api/v1/hooks/secrets/", body={"workspace_id": workspace_id})
        secret = made.text("value", "secret")
        if not secret:
            raise PlatformFault("Prolific made a secret for its messages and did not tell it. Look at Prolific.")
        return secret

    def subscribed_to(self, workspace_id: str, event_type: str, target_url: str) -> bool:
        """Whether messages of this kind go to this address already."""
        params = {"workspace_id": workspace_id, "is_enabled": "true"}
        listed = self._api.call("GET", "/api/v1/hooks/subscriptions/", params=params).rows()
        return any((row.get("event_type"), row.get("target_url")) == (event_type, target_url) for row in listed)

    def subscribe(self, workspace_id: str, event_type: str, target_url: str) -> None:
        """Have messages of one kind sent to an address, and confirm that they are wanted.

        Raises PlatformFault if the answer does not contain what the confirmation needs.
        """
        body = {"workspace_id": workspace_id, "event_type": event_type, "target_url": target_url}
        answer = self._api.call("POST", "/api/v1/hooks/subscriptions/", body=body)
        number, secret = answer.text("id"), answer.headers.get("x-hook-secret", "")
        if not number or not secret:
            raise PlatformFault("Prolific took the subscription and did not say how to confirm it. Look at Prolific.")
        self._api.call("POST", f"/api/v1/hooks/subscriptions/{number}/", body={"secret": secret})

    def _pages(self, path: str, **query: str) -> Iterator[Mapping[str, Any]]:
        """Everything of a list. `_links` may be missing: then it goes on while pages are full."""
        page, seen = 1, set[str]()
        while True:
            answer = self._api.call("GET", path, params={**query, "page": page, "page_size": PAGE})
            # A list that is not paged answers every page with the same rows.
            rows = [row for row in answer.rows() if str(row.get("id", "")) not in seen]
            yield from rows
            seen |= {str(row.get("id", "")) for row in rows}
            links = answer.content.get("_links")
            more = bool((links.get("next") or {}).get("href")) if isinstance(links, dict) else len(rows) == PAGE
            if not rows or not more:
                return
            page += 1


def holder_of(submission: Mapping[str, Any]) -> str:
    """The participant whose submission it is; empty if Prolific does not say. Lists and single answers differ."""
    return str(submission.get("participant_id") or submission.get("participant") or "")


def connect_prolific(settings: Settings) -> ProlificApi:
    """Return the configured account. Raises NotConnected."""
    if settings.prolific_token is None:
        raise NotConnected(
            "Prolific's API is not configured. Create a token at Prolific, set KEYTRAIL_PROLIFIC_TOKEN, and restart; "
            "or do it at Prolific, then mark it here as done."
        )
    return ProlificApi(
        settings.prolific_url, settings.prolific_token.get_secret_value(), settings.prolific_workspace or ""
    )


def _whole(value: Any) -> int | None:
    try:
        return None if value is None else round(float(value))
    except (TypeError, ValueError):
        return None
