"""Prolific's secure study links, verified with our own key and a double of its key list."""

import hmac
import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from keytrail.errors import Forbidden, Unavailable
from keytrail.main import create_app
from keytrail.models import Study, WritingSession
from keytrail.platforms.prolific_token import StudyKeys
from keytrail.settings import Settings
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.conftest import FakeClock
from tests.worker.visitor import Visitor

STUDY = "60aca280709ee40ec37d4885"
IDS = {"PROLIFIC_PID": "P1", "STUDY_ID": STUDY, "SESSION_ID": "S1"}


class Keys:
    """Prolific's keys as its address lists them."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/.well-known/study/jwks.json"
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.kid = "k1"
        self.asked = 0
        self.broken = False

    def listed(self) -> dict[str, Any]:
        own = jwt.algorithms.RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {"keys": [own | {"kid": self.kid, "alg": "RS256", "use": "sig"}]}

    def rotate(self) -> str:
        """Replace the key; a token signed with the new one."""
        self.private, self.kid = rsa.generate_private_key(public_exponent=65537, key_size=2048), "k2"
        return self.token(0, kid="k2")

    def token(self, at: float, kid: str | None = "k1", key: Any = None, **changed: Any) -> str:
        claims = {"sub": "S1", "exp": int(at) + 120, "aud": "keytrail.test", "prolific": {**IDS, "workspace_id": "w"}}
        stated = {name: value for name, value in (claims | changed).items() if value is not None}
        algorithm = "HS256" if isinstance(key, str) else "RS256"
        return jwt.encode(stated, key or self.private, algorithm=algorithm, headers={"kid": kid} if kid else None)


@pytest.fixture
def keys() -> Iterator[Keys]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked += 1
            body = b"{}" if found.broken else json.dumps(found.listed()).encode()
            self.send_response(500 if found.broken else 200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as double:
        found = Keys(double.server_address[1])
        thread = threading.Thread(target=double.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield found
        double.shutdown()
        thread.join()


@pytest.fixture
def server(make_settings: Callable[..., Settings], database_url: str, clock: FakeClock, keys: Keys) -> FastAPI:
    settings = make_settings(database_url=database_url, public_url="http://keytrail.test", prolific_jwks_url=keys.url)
    app = create_app(settings, clock=clock)
    with app.state.services.database.writing() as db:
        for slug, options in (("secure", {"study_id": STUDY, "secure_links": "yes"}), ("plain", {"study_id": STUDY})):
            definition = StudyDefinition(
                title="Secure", slug=slug, instructions="Write.", minimum_words=2, platform="prolific",
                platform_options=options,
            )  # fmt: skip
            add_items(db, create_study(db, definition, None, clock()), [ItemRow(key="a", text="A text.")])
    return app


@pytest.fixture
def comes(client: TestClient, clock: FakeClock, keys: Keys) -> Callable[..., Visitor]:
    """A participant whose link was made a moment ago, with a token that may be changed."""

    def comes(**changed: Any) -> Visitor:
        return Visitor(client, "secure", IDS | {"prolific_token": keys.token(clock().timestamp(), **changed)})

    return comes


Comes = Callable[..., Visitor]


def sessions(server: FastAPI) -> list[WritingSession]:
    with server.state.services.database.reading() as db:
        return list(db.scalars(select(WritingSession)))


def test_a_link_that_prolific_signed_leads_to_the_task_and_confirms_who_comes(server: FastAPI, comes: Comes) -> None:
    participant = comes()
    participant.accept()
    assert 'id="answer"' in participant.page
    assert [session.confirmed_at is not None for session in sessions(server)] == [True]


def test_whoever_has_begun_goes_on_after_the_two_minutes(comes: Comes, clock: FakeClock) -> None:
    slow = comes()
    slow.open()
    clock.advance(minutes=20)  # reading what is recorded
    assert slow.send("consent").status_code == 303
    assert slow.open().status_code == 200
    assert 'id="answer"' in slow.page
    assert slow.send("submission", text="three short words").status_code == 200


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"sub": "S2"}, "for another session or another study"),
        ({"prolific": IDS | {"PROLIFIC_PID": "P2"}}, "for another session or another study"),
        ({"prolific": IDS | {"STUDY_ID": "another"}}, "for another session or another study"),
        ({"aud": "elsewhere.example"}, "for another session or another study"),
        ({"key": "a secret that is long enough for HS256"}, "not from Prolific"),
        ({"key": rsa.generate_private_key(public_exponent=65537, key_size=2048)}, "not from Prolific"),
        ({"kid": "k2"}, "not from Prolific"),
        ({"exp": None}, "not from Prolific"),
        ({"sub": None}, "not from Prolific"),
        ({"exp": 10}, "good for two minutes"),
        ({"exp": "soon"}, "good for two minutes"),
        ({"exp": float("nan")}, "good for two minutes"),
        ({"exp": float("inf")}, "good for two minutes"),
        ({"sub": ["S1"]}, "not from Prolific"),
        ({"aud": "keytrail.test.evil.example"}, "for another session or another study"),
        ({"aud": [7]}, "for another session or another study"),
    ],
)
def test_a_forged_or_foreign_token_gets_a_sentence(
    server: FastAPI, comes: Comes, changed: dict[str, Any], sentence: str
) -> None:
    answer = comes(**changed).open()
    assert (answer.status_code, sentence in answer.text) == (403, True), answer.text
    assert "Open the study on Prolific again" in answer.text
    assert sessions(server) == []


def by_hand(header: dict[str, Any], claims: dict[str, Any], key: bytes = b"") -> str:
    """A token that the library would refuse to make: without a signature, or an HMAC with this key."""
    signed = b".".join(urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims))
    signature = hmac.digest(key, signed, "sha256") if key else b""
    return b".".join((signed, urlsafe_b64encode(signature).rstrip(b"="))).decode()


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "kid": "k1"},
        {"alg": "NONE", "kid": "k1"},
        {"kid": "k1"},
        {"alg": "RS256", "kid": "k1"},
        {"alg": "RS256", "kid": ["k1"]},
        {"alg": "HS256", "kid": "k1"},
        {"alg": "HS256"},
    ],
)
def test_no_algorithm_but_prolifics_is_taken(  # fixtures
    client: TestClient, server: FastAPI, keys: Keys, clock: FakeClock, header: dict[str, Any]
) -> None:
    """Nor is the public key taken for a secret."""
    public = keys.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    claims = {"sub": "S1", "exp": int(clock().timestamp()) + 120, "aud": "keytrail.test", "prolific": IDS}
    forged = by_hand(header, claims, public if header.get("alg") == "HS256" else b"")
    answer = Visitor(client, "secure", IDS | {"prolific_token": forged}).open()
    assert (answer.status_code, "not from Prolific" in answer.text) == (403, True)
    assert sessions(server) == []


@pytest.mark.parametrize("changed", [{"kid": None}, {"aud": None}, {"aud": ["x", "https://keytrail.test/task"]}])
def test_what_prolific_may_leave_out_or_write_otherwise_is_taken(comes: Comes, changed: dict[str, Any]) -> None:
    assert comes(**changed).open().status_code == 200


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\u202e", "x" * 3000])
def test_what_is_no_token_gets_a_sentence(client: TestClient, server: FastAPI, token: str) -> None:
    answer = Visitor(client, "secure", IDS | {"prolific_token": token}).open()
    assert (answer.status_code, "Open the study on Prolific again" in answer.text) == (403, True)
    assert sessions(server) == []


def test_an_expired_link_begins_nothing(comes: Comes, clock: FakeClock, server: FastAPI) -> None:
    late = comes()
    clock.advance(minutes=2, seconds=59)
    assert late.open().status_code == 200, "clocks may differ by a minute"
    clock.advance(seconds=2)
    assert "good for two minutes" in late.open().text
    assert sessions(server) == []


def test_without_the_keys_nobody_is_accused(comes: Comes, keys: Keys) -> None:
    keys.broken = True
    answer = comes().open()
    assert (answer.status_code, "Nothing is lost" in answer.text) == (503, True)


def test_keys_are_kept(comes: Comes, keys: Keys) -> None:
    for _ in range(5):
        comes().open()
    assert keys.asked == 1


def test_a_new_key_is_taken_a_moment_after_a_fetch(comes: Comes, keys: Keys) -> None:
    """Prolific lists a key before it signs with it, but the last fetch may be from before that."""
    assert comes().open().status_code == 200
    keys.rotate()
    assert comes(kid="k2").open().status_code == 200


def test_keys_are_asked_for_again_when_they_are_old_or_a_new_one_is_named(keys: Keys) -> None:
    now = [0.0]
    study_keys = StudyKeys(keys.url, lambda: now[0])
    known, unknown = keys.token(0), keys.token(0, kid="k2")
    asked = []
    for moment, token in ((0, known), (1, unknown), (10, unknown), (12, unknown), (43_000, known), (43_300, known)):
        now[0] = float(moment)
        study_keys.refresh(token)
        asked.append(keys.asked)
    assert asked == [1, 2, 2, 3, 3, 4]


def test_made_up_keys_ask_prolific_no_more_than_once_a_minute_in_the_long_run(keys: Keys) -> None:
    now = [0.0]
    study_keys = StudyKeys(keys.url, lambda: now[0])
    for number in range(600):
        now[0] = float(number)
        study_keys.refresh(keys.token(0, kid=f"made up {number}"))
    assert 10 <= keys.asked <= 5 + 10


def test_among_made_up_keys_a_new_one_is_accused_of_nothing_and_taken_within_a_minute(keys: Keys) -> None:
    now = [0.0]
    study_keys = StudyKeys(keys.url, lambda: now[0])
    for number in range(20):
        study_keys.refresh(keys.token(0, kid=f"made up {number}"))
    rotated = keys.rotate()
    study_keys.refresh(rotated)
    with pytest.raises(Unavailable):
        study_keys.claims(rotated)
    now[0] = 61.0
    study_keys.refresh(rotated)
    assert study_keys.claims(rotated)["sub"] == "S1"


def test_a_token_that_names_no_key_asks_for_none(keys: Keys) -> None:
    study_keys = StudyKeys(keys.url)
    for token in (keys.token(0), keys.token(0, kid=None), "x", "a.b.c"):
        study_keys.refresh(token)
    assert keys.asked == 1


def test_a_new_key_that_could_not_be_fetched_accuses_nobody(keys: Keys) -> None:
    now = [0.0]
    study_keys = StudyKeys(keys.url, lambda: now[0])
    study_keys.refresh(keys.token(0))
    rotated = keys.rotate()
    keys.broken = True
    for later in (61.0, 62.0):
        now[0] = later
        study_keys.refresh(rotated)
        with pytest.raises(Unavailable):
            study_keys.claims(rotated)
    keys.broken = False
    now[0] = 122.0
    study_keys.refresh(rotated)
    assert study_keys.claims(rotated)["sub"] == "S1"
    gone = keys.token(0, kid="k1")
    study_keys.refresh(gone)
    with pytest.raises(Forbidden):
        study_keys.claims(gone)


def test_a_study_without_secure_links_asks_for_no_keys(client: TestClient, comes: Comes, keys: Keys) -> None:
    Visitor(client, "plain", comes().query).accept()
    assert keys.asked == 0


@pytest.mark.parametrize("slug", ["plain", "secure"])
def test_a_link_of_another_study_is_refused(client: TestClient, comes: Comes, server: FastAPI, slug: str) -> None:
    answer = Visitor(client, slug, comes().query | {"STUDY_ID": "5f0aca280709ee40ec37d488"}).open()
    assert (answer.status_code, "another study at Prolific" in answer.text) == (403, True)
    assert sessions(server) == []


def test_the_refusal_is_in_the_language_of_the_study(client: TestClient, comes: Comes, server: FastAPI) -> None:
    with server.state.services.database.writing() as db:
        db.execute(update(Study).values(language="de"))
    answer = Visitor(client, "plain", comes().query | {"STUDY_ID": "5f0aca280709ee40ec37d488"}).open()
    assert "Dieser Link gehört zu einer anderen Studie bei Prolific." in answer.text
