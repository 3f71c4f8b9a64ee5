"""Every route with hostile values in every place, as the owner and as nobody: never an answer of 500 or more.

The routes, their parameters and their fields come from the application and from the forms on its pages, so a new route
is tried without being entered here. Seeded: the same requests in each run.
"""

import json
from collections.abc import Iterator
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from keytrail.platforms.prolific_signature import sign
from tests.fuzz.asking import Asker, encoded, known_values
from tests.fuzz.hostile import BODIES, ENCODED, FILES, HEADERS, JSON, KINDS
from tests.fuzz.targets import Target, targets
from tests.requester.site import Site
from tests.requester.test_access import routes
from tests.worker.visitor import Visitor

EACH = 2
"""Hostile values that are tried in each place, out of all; which ones differs from place to place."""
STREAMS = {"/live"}
WORKER = {"assignmentId": "A1", "workerId": "W1", "hitId": "H1"}


@pytest.fixture
def asker(site: Site) -> Iterator[Asker]:
    with Asker(site, known_values(site)) as found:
        yield found


def all_targets(asker: Asker) -> list[Target]:
    """Every route, with the fields of all forms on all pages; a worker has begun to write."""
    app = asker.site.app
    asker.known["ticket"] = worker_of(asker).ticket
    pages = [asker.filled(path) for method, path in routes(app) if method == "GET" and path not in STREAMS]
    return list(targets(app, asker.forms([*pages, f"/task/night?{urlencode(WORKER)}"]), asker.known))


def worker_of(asker: Asker) -> Visitor:
    visitor = Visitor(asker.client, "night", WORKER)
    visitor.accept()
    return visitor


def hostile(rng: Random, fields: dict[str, str]) -> Iterator[dict[str, str]]:
    """The fields with one of them changed, then some with all of them changed."""
    usual = {name: quote(value) for name, value in fields.items() if value}
    for name in fields:
        for value in rng.sample(ENCODED, EACH):
            yield usual | {name: value}
    for _ in range(2):
        yield {name: rng.choice(ENCODED) for name in fields}


def ask_target(asker: Asker, target: Target, rng: Random) -> None:
    base = asker.filled(target.path)
    for name in target.parameters:
        for value in rng.sample(ENCODED, EACH):
            asker.ask(target.method, asker.filled(target.path, {name: value or "%20"}), known=rng.random() < 0.8)
    for query in hostile(rng, target.query):
        if target.path not in STREAMS:
            asker.ask(target.method, f"{base}?{encoded(query).decode()}", known=rng.random() < 0.8)
    if target.method == "GET":
        return
    for form in hostile(rng, target.form):
        asker.ask(target.method, base, encoded(form), known=rng.random() < 0.8)
    for body in rng.sample(BODIES, EACH):
        asker.ask(target.method, base, body, rng.choice(KINDS))


def test_every_address_query_and_form(asker: Asker) -> None:
    rng = Random(13)
    found = all_targets(asker)
    assert sum(bool(target.form) for target in found) > 40  # signatures and pages were read
    for target in found:
        ask_target(asker, target, rng)
    assert asker.faults == []


def test_every_file(asker: Asker) -> None:
    found = [target for target in targets(asker.site.app, [], asker.known) if target.files]
    assert found
    for target in found:
        for name, content in FILES:
            head = f'--x\r\ncontent-disposition: form-data; name="{target.files[0]}"; filename="{name}"\r\n\r\n'
            body = head.encode() + content + b"\r\n--x--\r\n"
            asker.ask(target.method, asker.filled(target.path), body, "multipart/form-data; boundary=x")
    assert asker.faults == []


def test_every_header(asker: Asker) -> None:
    for name, values in HEADERS.items():
        for value in values:
            for path in ("/", "/studies/night/queue", "/api/v1/studies", "/task/night", "/static/1/app.css"):
                asker.ask("GET", path, headers={name: value})
            for path in ("/sign-in", "/api/worker/visit", "/api/worker/events", "/studies/night/filters"):
                asker.ask("POST", path, b"{}", headers={name: value})
    assert asker.faults == []


def scripts_bodies(ticket: str) -> dict[str, dict[str, Any]]:
    """What the worker's scripts would send."""
    events = [[0, "E", {"v": "1.0"}], [0, "i", "empty", 0, 2166136261], [9, "e", 0, 0, "a", "insertText", 2]]
    return {
        "/api/worker/events": {"v": 1, "ticket": ticket, "seq": 0, "perf": 1.0, "wall": 1.7e12, "events": events},
        "/api/worker/submission": {"v": 1, "ticket": ticket, "text": "two words"},
        "/api/worker/draft": {"v": 1, "ticket": ticket},
        "/api/worker/visit": {"v": 1, "study": "night", "query": {"workerId": "W2"}, "consent": True},
        "/api/worker/withdrawal": {"v": 1, "ticket": ticket},
    }


def hostile_json(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The body with one value changed, or with one too many."""
    for name in [*body, "no-such-name"]:
        for value in JSON:
            yield body | {name: value}
            if isinstance(body.get(name), list):
                yield body | {name: [value]}
                yield body | {name: [[0, "e", value, 0, value, value, value]]}


def test_every_json_body_of_a_workers_page(asker: Asker) -> None:
    bodies = scripts_bodies(worker_of(asker).ticket)
    paths = {path for method, path in routes(asker.site.app) if method == "POST" and path.startswith("/api/worker/")}
    assert paths == set(bodies)
    for path, body in bodies.items():
        for changed in hostile_json(body):
            asker.ask("POST", path, json.dumps(changed).encode(), "text/plain", known=False)
        for raw in BODIES:
            asker.ask("POST", path, raw, "text/plain", known=False)
    assert asker.faults == []


def test_signed_messages_of_a_platform(asker: Asker) -> None:
    stamp = str(int(asker.site.clock().timestamp()))
    message = {
        "event_type": "submission.status.change",
        "resource_id": "R1",
        "status": "RETURNED",
        "participant_id": "P",
    }
    contents = [json.dumps(changed).encode() for changed in hostile_json(message)] + BODIES
    for number, body in enumerate(contents):
        headers = {
            "x-prolific-request-timestamp": stamp.encode(),
            "x-prolific-request-signature": sign("a secret of the tests", stamp, body).encode(),
            "x-event-id": f"E{number}".encode(),
        }
        asker.ask("POST", "/api/hooks/prolific/night", body, "application/json", known=False, headers=headers)
    assert asker.faults == []
