"""CloudResearch Connect's REST API, as far as a requester needs it here.

Connect publishes no reference. This follows its open-source bindings and what its support tells; nothing of it was
tried against the live service. Where the body of a message is concerned, not even the names of its members are sure.

What changes something carries an IDEMPOTENCY-TOKEN: for 24 hours Connect refuses another request with the same token,
also if the first one failed. So a refusal of a repeat says only that the first arrived; the state is asked then.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from keytrail.platforms.errors import NotConnected, PlatformFault
from keytrail.platforms.json_api import JsonApi
from keytrail.platforms.money import dollars
from keytrail.platforms.statuses import ConnectProject
from keytrail.settings import Settings

_PAGE = 100


class ConnectApi:
    """One account. Amounts are dollars there and cents here."""

    def __init__(self, url: str, key: str) -> None:
        self._api = JsonApi("CloudResearch Connect", "KEYTRAIL_CONNECT_KEY", url, {"x-api-key": key})

    def check_key(self) -> None:
        """Read the first project, to see whether the key is accepted. Raises PlatformFault if not."""
        self._api.call("GET", "/api/v1/project", params={"Size": 1})

    # Projects

    def create_project(self, body: Mapping[str, Any], token: str) -> Mapping[str, Any]:
        """Create an unpublished project, which costs nothing and which nobody sees."""
        return _project(self._post("/project", body, token))

    def project(self, project_id: str) -> Mapping[str, Any]:
        """A project with its `participants` and `totalCost`."""
        return _project(self._api.call("GET", f"/api/v1/project/{project_id}").content)

    def find_project(self, internal_name: str) -> Mapping[str, Any] | None:
        """The project that bears this internal name, which participants do not see."""
        return next((one for one in self._projects() if one.get("internalName") == internal_name), None)

    def edit_project(self, project_id: str, body: Mapping[str, Any], token: str) -> Mapping[str, Any]:
        """Change a project. Once it was live, places can only grow."""
        return _project(self._post(f"/project/{project_id}", body, token))

    def status(self, project_id: str) -> str:
        """Live, Paused and so on. A project does not tell its status; the lists by status do.

        Raises PlatformFault if no list has it.
        """
        for status in ConnectProject:
            if any(one.get("projectId") == project_id for one in self._projects(Status=status)):
                return status
        raise PlatformFault("Connect lists no project of this id. Look whether it is in your account.")

    def update_status(self, project_id: str, status: str, token: str) -> None:
        """Make a project live, pause or close it. Connect refuses what its status does not allow."""
        self._post(f"/project/{project_id}/update-status", {"status": status}, token)

    # Assignments

    def assignments(self, project_id: str) -> Sequence[Mapping[str, Any]]:
        """What was handed in: `assignmentId`, `participantId`, `status`, and the `bonus` so far."""
        return self._api.call("GET", f"/api/v1/assignments/{project_id}").rows("assignments")

    def approve(self, project_id: str, messages: Mapping[str, str], token: str) -> None:
        """Pay assignments, with a message to each."""
        self._post(f"/assignments/{project_id}/approve", _participants(messages), token)

    def reject(self, project_id: str, messages: Mapping[str, str], token: str) -> None:
        """Do not pay assignments; each is told why."""
        self._post(f"/assignments/{project_id}/reject", _participants(messages), token)

    def reverse_rejection(self, project_id: str, messages: Mapping[str, str], token: str) -> None:
        """Take rejections back, so that the assignments are paid."""
        self._post(f"/assignments/{project_id}/reverse-reject", _participants(messages), token)

    def bonus(self, project_id: str, assignment_id: str, cents: int, message: str, token: str) -> None:
        """Pay a bonus of so many US cents, once per `token` within 24 hours."""
        payment = {"id": assignment_id, "message": message, "amount": dollars(cents)}
        self._post(f"/assignments/{project_id}/bonus", {"bonusPayment": [payment]}, token)

    def send_message(self, project_id: str, participant_id: str, text: str, token: str) -> None:
        """Write to a participant. The names of the members are a guess."""
        body = {"projectId": project_id, "participantId": participant_id, "message": text}
        self._post("/conversations/send-message", body, token)

    def _post(self, path: str, body: Mapping[str, Any], token: str) -> Mapping[str, Any]:
        return self._api.call("POST", f"/api/v1{path}", body=body, headers={"idempotency-token": token}).content

    def _projects(self, **query: str) -> Iterator[Mapping[str, Any]]:
        params: dict[str, str | int] = {**query, "Size": _PAGE}
        while True:
            answer = self._api.call("GET", "/api/v1/project", params=params)
            yield from answer.rows("projects")
            token = answer.text("nextToken")
            if not token or token == params.get("NextToken"):
                return
            params["NextToken"] = token


def connect_connect(settings: Settings) -> ConnectApi:
    """The configured account. Raises NotConnected."""
    if settings.connect_key is None:
        raise NotConnected(
            "CloudResearch Connect's API is not configured. Ask its support for a key, set KEYTRAIL_CONNECT_KEY, and "
            "restart; or do it at Connect, then mark it here as done."
        )
    return ConnectApi(settings.connect_url, settings.connect_key.get_secret_value())


def _project(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    found = answer.get("project")
    return found if isinstance(found, dict) else answer


def _participants(messages: Mapping[str, str]) -> Mapping[str, Any]:
    return {"participants": [{"id": number, "message": message} for number, message in messages.items()]}
