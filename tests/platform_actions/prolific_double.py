"""A test double of Prolific's API after its public contract: submissions, transitions, and bonuses in two steps."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from tests.sandbox.running import loopback_socket

TOKEN = "a token for tests"
STUDY = "60aca280709ee40ec37d4885"


@dataclass
class ProlificDouble:
    """The platform's state. `break_next` performs the next payment and loses its answer."""

    url: str = ""
    statuses: dict[str, str] = field(default_factory=dict)
    set_up: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    paid: list[tuple[str, str]] = field(default_factory=list)
    transitions: list[str] = field(default_factory=list)
    break_next: bool = False

    def participant(self, number: str) -> str:
        """Whose submission it is: P1 has S1."""
        return number.replace("S", "P")

    def app(self) -> FastAPI:
        app = FastAPI()
        app.middleware("http")(_with_the_token)

        @app.get("/api/v1/submissions/")
        def submissions(study: str, page: int = 1, page_size: int = 20) -> Any:
            found = [
                {"id": i, "status": s, "study_id": study, "participant_id": self.participant(i)}
                for i, s in self.statuses.items()
            ]
            part = found[(page - 1) * page_size : page * page_size]
            more = page * page_size < len(found)
            return {"results": part, "_links": {"next": {"href": "there is more" if more else None}}}

        @app.get("/api/v1/submissions/{number}/")
        def submission(number: str) -> Any:
            if number not in self.statuses:
                return JSONResponse({"error": {"detail": "Not found"}}, 404)
            return {"id": number, "status": self.statuses[number], "participant_id": self.participant(number)}

        @app.post("/api/v1/submissions/bonus-payments/")
        async def bonus(request: Request) -> Any:
            body = await request.json()
            lines = [tuple(line.split(",")) for line in body["csv_bonuses"].splitlines()]
            if body["study_id"] != STUDY or any(line[0] not in self.statuses for line in lines):
                return JSONResponse({"error": {"detail": "unknown ids"}}, 400)
            number = f"bulk{len(self.set_up)}"
            self.set_up[number] = [(one, amount) for one, amount in lines]
            return {"id": number, "study": STUDY}

        @app.post("/api/v1/bulk-bonus-payments/{number}/pay/")
        def pay(number: str) -> Any:
            # As documented: not idempotent.
            self.paid += self.set_up[number]
            if self.break_next:
                self.break_next = False
                return JSONResponse({"error": "the answer got lost"}, 502)
            return JSONResponse({"message": "Processing"}, 202)

        @app.post("/api/v1/submissions/{number}/transition/")
        async def transition(number: str, request: Request) -> Any:
            action = (await request.json())["action"]
            assert action == "APPROVE"
            self.transitions.append(number)
            self.statuses[number] = "APPROVED"
            return {"id": number, "status": "APPROVED"}

        return app


async def _with_the_token(request: Request, proceed: Any) -> Response:
    if request.headers.get("authorization") != f"Token {TOKEN}":
        return JSONResponse({"error": {"detail": "Invalid token"}}, 401)
    answer: Response = await proceed(request)
    return answer


@contextmanager
def prolific_double() -> Iterator[ProlificDouble]:
    double = ProlificDouble()
    with loopback_socket() as listener:
        double.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(double.app(), log_level="warning", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield double
        finally:
            server.should_exit = True
            thread.join()
