"""A double of Prolific's API that refuses whatever its published reference does not describe (prolific_contract.py).

It keeps what the platform would keep, does what it would do once and twice, and can lose an answer on the way.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from tests.platform_actions.contract import violation
from tests.platform_actions.mortal_sender import Killing
from tests.platform_actions.prolific_contract import OPERATIONS
from tests.platform_actions.served import served

TOKEN = "a token for tests"
STUDY = "60aca280709ee40ec37d4885"
WORKSPACE = "60aca280709ee40ec37d4000"
HOOK_SECRET, CONFIRMATION = "the workspace's secret", "the header's value"


@dataclass
class ProlificDouble:
    """What the platform knows. `break_next` lets the next payment happen and its answer get lost.

    `instead` is answered to the next request of its method and path, which does nothing then; `lost` are requests that
    are done and whose answers say that the server failed. `killing` kills whoever asks.
    """

    url: str = ""
    statuses: dict[str, str] = field(default_factory=dict)
    set_up: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    paid: list[tuple[str, str]] = field(default_factory=list)
    transitions: list[str] = field(default_factory=list)
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    returns: list[tuple[str, str]] = field(default_factory=list)
    studies: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, tuple[str, set[str]]] = field(default_factory=dict)
    messages: list[tuple[str, str, str]] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    subscriptions: dict[str, dict[str, Any]] = field(default_factory=dict)
    break_next: bool = False
    links: bool = True
    currency: str = "GBP"
    workspaces: int = 1
    instead: dict[tuple[str, str], Response] = field(default_factory=dict)
    lost: set[tuple[str, str]] = field(default_factory=set)
    refuse_all: bool = False
    killing: Killing | None = None
    violations: list[str] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)

    def participant(self, number: str) -> str:
        """Whose submission it is: P1 has S1."""
        return number.replace("S", "P")

    def sees(self, participant: str, study_id: str) -> bool:
        """Whether a participant finds a study in the list: published, and in none of its blocklists."""
        study = self.studies[study_id]
        blocked = {
            group
            for one in study["filters"]
            if one["filter_id"] == "participant_group_blocklist"
            for group in one["selected_values"]
        }
        return study["status"] == "ACTIVE" and not any(participant in self.groups[group][1] for group in blocked)

    def submission(self, number: str, study: str = STUDY) -> dict[str, Any]:
        returned = {"return_requested": "2026-03-01T09:00:00Z"} if number in dict(self.returns) else {}
        status = self.statuses[number]
        return {
            "id": number,
            "status": status,
            "study_id": study,
            "participant_id": self.participant(number),
        } | returned

    def app(self) -> FastAPI:
        app = FastAPI()
        app.middleware("http")(self._answer)
        self._add_studies(app)
        self._add_submissions(app)
        self._add_bonuses(app)
        self._add_people(app)
        self._add_hooks(app)
        return app

    async def _answer(self, request: Request, proceed: Any) -> Response:
        """Token, contract and faults come before what the path does."""
        if request.headers.get("authorization") != f"Token {TOKEN}":
            return JSONResponse({"error": {"detail": "Invalid token"}}, 401)
        content = await request.body()
        called = request.method, request.url.path
        self.requests.append(called)
        wrong = violation(OPERATIONS, *called, request.query_params, json.loads(content) if content else None)
        if wrong:
            self.violations.append(wrong)
            return JSONResponse({"error": {"detail": wrong}}, 400)
        if called in self.instead:
            return self.instead.pop(called)
        if self.refuse_all or (self.killing is not None and self.killing.now(called[1], "before")):
            return JSONResponse({"error": {"detail": "Not now"}}, 400)
        answer: Response = await proceed(request)
        if self.killing is not None:
            self.killing.now(called[1], "after")
        if called in self.lost:
            self.lost.discard(called)
            return JSONResponse({"error": "the answer got lost"}, 502)
        return answer

    def _listed(self, rows: list[Any], page: int, page_size: int) -> Any:
        part = rows[(page - 1) * page_size : page * page_size]
        links = {"_links": {"next": {"href": "more" if page * page_size < len(rows) else None}}}
        return {"results": part} | (links if self.links else {})

    def _add_studies(self, app: FastAPI) -> None:
        @app.get("/api/v1/studies/")
        def studies(page: int = 1, page_size: int = 20) -> Any:
            return self._listed(list(self.studies.values()), page, page_size)

        @app.post("/api/v1/studies/")
        async def create(request: Request) -> Any:
            number = STUDY if not self.studies else f"{STUDY[:-2]}{len(self.studies):02}"
            state = {"id": number, "status": "UNPUBLISHED", "places_taken": 0}
            self.studies[number] = await request.json() | state | {"presentment_currency_code": self.currency}
            return JSONResponse(self.studies[number], 201)

        @app.get("/api/v1/studies/{number}/")
        def study(number: str) -> Any:
            # Studies that were created by hand are there too.
            return self.studies.get(number, {"id": number, "status": "ACTIVE", "total_available_places": 10})

        @app.patch("/api/v1/studies/{number}/")
        async def change(number: str, request: Request) -> Any:
            self.studies[number] |= await request.json()
            return self.studies[number]

        @app.post("/api/v1/studies/{number}/transition/")
        async def transition(number: str, request: Request) -> Any:
            action = (await request.json())["action"]
            allowed = {
                ("UNPUBLISHED", "PUBLISH"): "ACTIVE", ("ACTIVE", "PAUSE"): "PAUSED", ("PAUSED", "START"): "ACTIVE",
                ("ACTIVE", "STOP"): "AWAITING REVIEW", ("PAUSED", "STOP"): "AWAITING REVIEW",
            }  # fmt: skip
            status = allowed.get((self.studies[number]["status"], action))
            if status is None:
                return JSONResponse({"error": {"detail": f"Study cannot {action}"}}, 400)
            self.studies[number]["status"] = status
            return self.studies[number]

        @app.post("/api/v1/studies/{number}/test-study")
        def test(number: str) -> Any:
            return {"study_id": number, "study_url": f"https://app.prolific.com/studies/{number}"}

        @app.post("/api/v1/study-cost-calculator/")
        async def cost(request: Request) -> Any:
            body = await request.json()
            # A third for Prolific, and a fifth of that as tax.
            return {"total_cost": body["reward"] * body["total_available_places"] * 1.4}

    def _add_submissions(self, app: FastAPI) -> None:
        @app.get("/api/v1/submissions/")
        def submissions(study: str, page: int = 1, page_size: int = 20) -> Any:
            return self._listed([self.submission(number, study) for number in self.statuses], page, page_size)

        @app.get("/api/v1/submissions/{number}/")
        def submission(number: str) -> Any:
            if number not in self.statuses:
                return JSONResponse({"error": {"detail": "Not found"}}, 404)
            return self.submission(number)

        @app.post("/api/v1/submissions/bulk-approve/")
        async def bulk(request: Request) -> Any:
            for number in (await request.json())["submission_ids"]:
                self.transitions.append(number)
                self.statuses[number] = "APPROVED"
            return JSONResponse({"message": "in progress"}, 202)

        @app.post("/api/v1/submissions/{number}/request-return/")
        async def ask(number: str, request: Request) -> Any:
            self.returns.append((number, (await request.json())["request_return_reasons"][0]))
            return self.submission(number)

        @app.post("/api/v1/submissions/{number}/transition/")
        async def transition(number: str, request: Request) -> Any:
            body = await request.json()
            status = self._status_after(body)
            if status is None:
                return JSONResponse({"error": {"detail": "There is no such completion code"}}, 400)
            self.transitions.append(number)
            self.told[number] = body
            self.statuses[number] = status
            return self.submission(number)

    def _status_after(self, body: dict[str, Any]) -> str | None:
        if body["action"] != "COMPLETE":
            return {"APPROVE": "APPROVED", "REJECT": "REJECTED", "UNREJECT": "AWAITING REVIEW"}[body["action"]]
        own = {
            code["code"]: code["actions"][0]["action"]
            for study in self.studies.values()
            for code in study["completion_codes"]
            if code["actor"] == "researcher"
        }
        kinds = {"DYNAMIC_PAYMENT": "PARTIALLY APPROVED", "FIXED_SCREEN_OUT_PAYMENT": "SCREENED OUT"}
        return kinds.get(own.get(body["completion_code"], ""))

    def _add_bonuses(self, app: FastAPI) -> None:
        @app.post("/api/v1/submissions/bonus-payments/")
        async def bonus(request: Request) -> Any:
            body = await request.json()
            lines = [tuple(line.split(",")) for line in body["csv_bonuses"].splitlines()]
            if body["study_id"] != STUDY or any(line[0] not in self.statuses for line in lines):
                return JSONResponse({"error": {"detail": "unknown ids"}}, 400)
            number = f"bulk{len(self.set_up)}"
            self.set_up[number] = [(one, amount) for one, amount in lines]
            cents = sum(round(float(amount) * 100) for _, amount in lines)
            return {"id": number, "study": STUDY, "amount": cents, "total_amount": round(cents * 1.4)}

        @app.post("/api/v1/bulk-bonus-payments/{number}/pay/")
        def pay(number: str) -> Any:
            # As documented: not idempotent.
            self.paid += self.set_up[number]
            if self.break_next:
                self.break_next = False
                return JSONResponse({"error": "the answer got lost"}, 502)
            return JSONResponse({"message": "Processing"}, 202)

    def _add_people(self, app: FastAPI) -> None:
        @app.get("/api/v1/users/me/")
        def account() -> Any:
            return {"id": "5f0aca280709ee40ec37d400", "email": "lab@example.org"}

        @app.get("/api/v1/workspaces/{number}/balance/")
        def balance(number: str) -> Any:
            # Of the total, 210 are not assigned to active studies.
            found = {"currency_code": self.currency, "total_balance": 630, "available_balance": 210}
            return found if number == WORKSPACE else JSONResponse({"error": {"detail": "Not found"}}, 404)

        @app.get("/api/v1/workspaces/")
        def workspaces() -> Any:
            found = [{"id": f"{WORKSPACE[:-1]}{n}", "title": f"Team {n}"} for n in range(self.workspaces)]
            return {"results": found}

        @app.get("/api/v1/participant-groups/")
        def groups() -> Any:
            return {"results": [{"id": one, "name": name} for one, (name, _) in self.groups.items()]}

        @app.post("/api/v1/participant-groups/")
        async def create(request: Request) -> Any:
            number = f"group{len(self.groups)}"
            self.groups[number] = (await request.json())["name"], set()
            return JSONResponse({"id": number}, 201)

        @app.api_route("/api/v1/participant-groups/{number}/participants/", methods=["POST", "DELETE"])
        async def members(number: str, request: Request) -> Any:
            given, members = set((await request.json())["participant_ids"]), self.groups[number][1]
            if request.method == "POST":
                members |= given
            else:
                members -= given
            return {"results": [{"participant_id": one} for one in sorted(members)]}

        @app.post("/api/v1/messages/")
        async def write(request: Request) -> Any:
            body = await request.json()
            self.messages.append((body["recipient_id"], body["study_id"], body["body"]))
            return JSONResponse({}, 201)

    def _add_hooks(self, app: FastAPI) -> None:
        @app.get("/api/v1/hooks/secrets/")
        def secrets() -> Any:
            return {"results": [{"id": "secret", "value": value} for value in self.secrets]}

        @app.post("/api/v1/hooks/secrets/")
        def make_secret() -> Any:
            # One is active at a time: a new one takes the place of the old.
            self.secrets[:] = [HOOK_SECRET]
            return JSONResponse({"id": "secret", "value": HOOK_SECRET}, 201)

        @app.get("/api/v1/hooks/subscriptions/")
        def subscriptions() -> Any:
            return {"results": [one for one in self.subscriptions.values() if one["is_enabled"]]}

        @app.post("/api/v1/hooks/subscriptions/")
        async def subscribe(request: Request) -> Any:
            number = f"sub{len(self.subscriptions)}"
            self.subscriptions[number] = await request.json() | {"id": number, "is_enabled": False}
            return JSONResponse(self.subscriptions[number], 201, {"X-Hook-Secret": CONFIRMATION})

        @app.post("/api/v1/hooks/subscriptions/{number}/")
        async def confirm(number: str, request: Request) -> Any:
            if (await request.json())["secret"] != CONFIRMATION:
                return JSONResponse({"error": {"detail": "wrong secret"}}, 400)
            self.subscriptions[number]["is_enabled"] = True
            return self.subscriptions[number]


@contextmanager
def prolific_double() -> Iterator[ProlificDouble]:
    """The double as a server. Afterwards nothing may have been asked that its reference does not describe."""
    double = ProlificDouble()
    with served(double.app()) as url:
        double.url = url
        yield double
    assert double.violations == []
