"""A double of Connect's API that refuses what its bindings do not do (connect_contract.py), and repeated tokens."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from tests.platform_actions.connect_contract import OPERATIONS
from tests.platform_actions.contract import violation
from tests.platform_actions.mortal_sender import Killing
from tests.platform_actions.served import served

KEY = "a key for tests"
PROJECT = "8c1f6a0e"


@dataclass
class ConnectDouble:
    """What the platform knows. `lost` are paths whose next request is done and answered as if the server had failed;
    `refused` are paths whose next request is refused and does nothing, though its token is used up. `killing` kills
    whoever asks.
    """

    url: str = ""
    projects: dict[str, dict[str, Any]] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    assignments: dict[str, dict[str, Any]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    paid: list[tuple[str, float]] = field(default_factory=list)
    messages: list[tuple[str, str]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    killing: Killing | None = None
    violations: list[str] = field(default_factory=list)

    def hand_in(self, assignment: str, participant: str) -> None:
        """A participant completes the project."""
        self.assignments[assignment] = {
            "assignmentId": assignment,
            "participantId": participant,
            "status": "Pending",
            "bonus": 0.0,
        }

    def sees(self, participant: str) -> bool:
        """Whether a participant finds the project in the list."""
        targeting = self.projects[PROJECT].get("platformTargeting") or {}
        excluded = (targeting.get("participants") or {}).get("excludedParticipants", [])
        return self.statuses[PROJECT] == "Live" and participant not in excluded

    def app(self) -> FastAPI:
        app = FastAPI()
        app.middleware("http")(self._answer)
        self._add_projects(app)
        self._add_assignments(app)
        return app

    async def _answer(self, request: Request, proceed: Any) -> Response:
        """Key, contract and tokens come before what the path does."""
        content, path = await request.body(), request.url.path
        token = request.headers.get("idempotency-token", "")
        if request.headers.get("x-api-key") != KEY:
            return _error(401, "Invalid API key")
        body = json.loads(content) if content else None
        wrong = violation(OPERATIONS, request.method, path, request.query_params, body)
        if not wrong and request.method == "POST" and not token:
            wrong = f"POST {path} without a token"
        if wrong:
            self.violations.append(wrong)
            return _error(400, wrong)
        if self.killing is not None and self.killing.now(path, "before"):
            return _error(400, "It never arrived")
        if token in self.tokens:
            return _error(400, "This idempotency token was used before")
        self.tokens |= {token} - {""}
        return await self._done(path, request, proceed)

    async def _done(self, path: str, request: Request, proceed: Any) -> Response:
        if path in self.refused:
            self.refused.discard(path)
            return _error(400, "Insufficient funds")
        answer: Response = await proceed(request)
        if self.killing is not None:
            self.killing.now(path, "after")
        if path in self.lost:
            self.lost.discard(path)
            return _error(500, "Something failed")
        return answer

    def _add_projects(self, app: FastAPI) -> None:
        @app.post("/api/v1/project")
        async def create(request: Request) -> Any:
            body = await request.json()
            self.projects[PROJECT] = body | {"projectId": PROJECT, "totalCost": _cost(body)}
            self.statuses[PROJECT] = "Unpublished"
            return {"project": self.projects[PROJECT]}

        @app.get("/api/v1/project")
        def listed(request: Request) -> Any:
            status = request.query_params.get("Status", "")
            found = [one for number, one in self.projects.items() if status in {"", self.statuses[number]}]
            return {"projects": found, "nextToken": None}

        @app.get("/api/v1/project/{number}")
        def project(number: str) -> Any:
            return {"project": self.projects.get(number, {"projectId": number, "participants": 10})}

        @app.post("/api/v1/project/{number}")
        async def edit(number: str, request: Request) -> Any:
            self.projects[number] |= await request.json()
            return {"project": self.projects[number]}

        @app.post("/api/v1/project/{number}/update-status")
        async def status(number: str, request: Request) -> Any:
            wanted = (await request.json())["status"]
            allowed = {
                "Unpublished": {"Live", "Archived"}, "Live": {"Paused"}, "Paused": {"Live", "Closed"},
            }  # fmt: skip
            if wanted not in allowed.get(self.statuses[number], set()):
                return _error(400, f"Cannot go from {self.statuses[number]} to {wanted}")
            self.statuses[number] = wanted
            return Response(status_code=200)

    def _add_assignments(self, app: FastAPI) -> None:
        @app.get("/api/v1/assignments/{number}")
        def listed(number: str) -> Any:
            return {"assignments": list(self.assignments.values())}

        @app.post("/api/v1/assignments/{number}/{step}")
        async def decide(number: str, step: str, request: Request) -> Any:
            body = await request.json()
            for one in body.get("bonusPayment", []):
                self.paid.append((one["id"], one["amount"]))
                self.assignments[one["id"]]["bonus"] += one["amount"]
            for one in body.get("participants", []):
                row = self.assignments[one["id"]]
                before = {"approve": "Pending", "reject": "Pending", "reverse-reject": "Rejected"}[step]
                if row["status"] != before:
                    return _error(400, f"It is {row['status']}")
                row["status"] = "Rejected" if step == "reject" else "Approved"
                self.reasons[one["id"]] = one["message"]
            return Response(status_code=200)

        @app.post("/api/v1/conversations/send-message")
        async def write(request: Request) -> Any:
            body = await request.json()
            self.messages.append((body["participantId"], body["message"]))
            return Response(status_code=200)


def _cost(body: dict[str, Any]) -> float:
    # A quarter for Connect.
    return round(float(body["payment"]) * int(body["participants"]) * 1.25, 2)


def _error(status: int, detail: str) -> JSONResponse:
    return JSONResponse({"error": {"title": "Bad Request", "status": status, "detail": detail}}, status)


@contextmanager
def connect_double() -> Iterator[ConnectDouble]:
    """The double as a server. Afterwards nothing may have been asked that the bindings do not ask."""
    double = ConnectDouble()
    with served(double.app()) as url:
        double.url = url
        yield double
    assert double.violations == []
