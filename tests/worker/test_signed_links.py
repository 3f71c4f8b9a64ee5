"""Signed links for panels and laboratories."""

import hashlib
import hmac
import json
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from keytrail.errors import BadRequest
from keytrail.main import create_app
from keytrail.models import Study, WritingSession
from keytrail.platforms import platform_of
from keytrail.platforms.signed_links import link_secret, signed_link
from keytrail.settings import Settings
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.conftest import FakeClock
from tests.worker.visitor import Visitor

HOST = "https://host.test"
IDS = {"direct": {"participant": "P1"}, "panel": {"pid": "P1", "assignment": "V1"}}
OPTIONS = {"direct": {"signed_links": "yes"}, "panel": {"signed_links": "yes", "worker_parameter": "pid"}}


@pytest.fixture
def server(make_settings: Callable[..., Settings], database_url: str, clock: FakeClock) -> FastAPI:
    app = create_app(make_settings(database_url=database_url, embed_origins=(HOST,)), clock=clock)
    with app.state.services.database.writing() as db:
        for platform, options in OPTIONS.items():
            definition = StudyDefinition(
                title="Signed", slug=platform, instructions="Write.", minimum_words=2, platform=platform,
                platform_options=options,
            )  # fmt: skip
            add_items(db, create_study(db, definition, None, clock()), [ItemRow(key="a", text="A text.")])
    return app


def by_the_recipe(server: FastAPI, slug: str, participant: str) -> str:
    """As docs/platforms.md tells other people's programs to."""
    with server.state.services.database.reading() as db:
        study_id = db.scalars(select(Study.id).where(Study.slug == slug)).one()
    secret = link_secret(server.state.services.keyring, study_id)
    return hmac.new(secret.encode(), participant.encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize("slug", IDS)
def test_a_signed_link_leads_to_the_task_and_confirms_who_comes(server: FastAPI, client: TestClient, slug: str) -> None:
    visitor = Visitor(client, slug, IDS[slug] | {"signature": by_the_recipe(server, slug, "P1")})
    visitor.accept()
    visitor.open()
    assert 'id="answer"' in visitor.page
    with server.state.services.database.reading() as db:
        assert db.scalars(select(WritingSession.confirmed_at)).one() is not None


@pytest.mark.parametrize("slug", IDS)
@pytest.mark.parametrize(
    ("signature", "sentence"),
    [
        (None, "part of this link is missing"),
        ("", "part of this link is missing"),
        ("0" * 64, "changed on its way"),
        ("ü", "changed on its way"),
        ("of another participant", "changed on its way"),
        ("of another study", "changed on its way"),
    ],
)
def test_any_other_gets_a_clear_page(  # fixtures
    server: FastAPI, client: TestClient, slug: str, signature: str | None, sentence: str
) -> None:
    other = next(name for name in IDS if name != slug)
    made = {
        "of another participant": by_the_recipe(server, slug, "P2"),
        "of another study": by_the_recipe(server, other, "P1"),
    }
    signed = {} if signature is None else {"signature": made.get(signature, signature)}
    answer = Visitor(client, slug, IDS[slug] | signed).open()
    assert answer.status_code == 403
    assert sentence in answer.text
    assert "write to whoever sent it" in answer.text
    with server.state.services.database.reading() as db:
        assert db.scalars(select(WritingSession)).all() == []


def test_a_bare_link_makes_no_id_where_links_are_signed(client: TestClient) -> None:
    assert "This is a preview" in Visitor(client, "direct", {}).open().text


@pytest.mark.parametrize("query", [{}, IDS["direct"], IDS["direct"] | {"signature": "0" * 64}])
def test_a_page_that_embeds_the_recorder_needs_the_signature_too(client: TestClient, query: dict[str, str]) -> None:
    body = {"v": 1, "study": "direct", "query": query, "consent": True}
    answer = client.post("/api/worker/visit", content=json.dumps(body), headers={"origin": HOST})
    assert answer.status_code == 403


def test_a_link_is_made_for_ids_only_and_for_studies_that_sign() -> None:
    signing, plain = platform_of("panel", OPTIONS["panel"]), platform_of("panel", {"signed_links": "no"})
    assert signed_link(signing, "https://k.example/task/s", "P1", "secret").startswith(
        "https://k.example/task/s?pid=P1&signature="
    )
    with pytest.raises(BadRequest):
        signed_link(signing, "https://k.example/task/s", "<b>", "secret")
    with pytest.raises(BadRequest):
        signed_link(plain, "https://k.example/task/s", "P1", "secret")
