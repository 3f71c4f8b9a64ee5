"""Links that a laboratory sends itself: they work without an id, and never mention a marketplace."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from keytrail.models import Study, StudyState, WritingSession
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.conftest import FakeClock
from tests.worker.visitor import Visitor

TEXT = "three short words"


@pytest.fixture
def lab(server: FastAPI, client: TestClient, clock: FakeClock) -> Visitor:
    """Somebody who opens the bare link of a study with one item and two places."""
    with server.state.services.database.writing() as db:
        definition = StudyDefinition(
            title="In the lab", slug="lab", instructions="Write.", minimum_words=2, maximum_words=9, platform="direct",
            places_per_item=2,
        )  # fmt: skip
        add_items(db, create_study(db, definition, None, clock()), [ItemRow(key="a", text="A text.")])
    return Visitor(client, "lab", {"from": "poster"})


def follow(visitor: Visitor) -> None:
    answer = visitor.open()
    assert answer.status_code == 303
    visitor.query = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def test_a_bare_link_gets_an_id_that_lasts_for_the_visit(lab: Visitor, server: FastAPI) -> None:
    follow(lab)
    assert lab.query["from"] == "poster"
    assert lab.query["participant"].startswith("visitor-")
    lab.accept()
    lab.post_events(0, [[0, "i", "empty", 0, 2166136261], [5, "e", 0, 0, "a draft", "insertText", 7]])
    lab.open()
    assert lab.text_of("answer").strip() == "a draft"
    assert lab.send("submission", text=TEXT).status_code == 200
    with server.state.services.database.reading() as db:
        assert db.scalar(select(func.count(WritingSession.id))) == 1


def test_whoever_finds_no_place_is_told_once_to_close_the_page(lab: Visitor) -> None:
    for participant in ("P1", "P2"):
        Visitor(lab.client, "lab", {"participant": participant}).accept()
    third = Visitor(lab.client, "lab", {"participant": "P3"})
    third.open()
    third.send("consent")
    assert "There is no text left for you" in third.page
    assert third.page.count("You can close this page") == 1


def test_two_visitors_get_two_ids(lab: Visitor) -> None:
    other = Visitor(lab.client, "lab", {})
    follow(lab)
    follow(other)
    assert lab.query["participant"] != other.query["participant"]


@pytest.mark.parametrize("query", ["participant=", "participant", "PARTICIPANT=P1", "participant[]=P1"])
def test_a_link_whose_id_is_empty_or_misnamed_gets_an_id(lab: Visitor, query: str) -> None:
    answer = lab.client.get(f"/task/lab?{query}")
    assert answer.status_code == 303
    ids = parse_qs(urlsplit(answer.headers["location"]).query)["participant"]
    assert [one.startswith("visitor-") for one in ids] == [True]


@pytest.mark.parametrize("odd", [" ", "a b", "x" * 129, "\u202e", "../x", "<odd>"])
def test_an_id_that_is_none_is_a_sentence_and_not_replaced(lab: Visitor, server: FastAPI, odd: str) -> None:
    """Whoever sent it expects to find the work under that id."""
    answer = Visitor(lab.client, "lab", {"participant": odd}).open()
    assert (answer.status_code, "not a valid id" in answer.text) == (400, True)
    with server.state.services.database.reading() as db:
        assert db.scalar(select(func.count(WritingSession.id))) == 0


def test_whoever_sets_the_study_up_can_look_without_taking_part(lab: Visitor, server: FastAPI) -> None:
    lab.query = {"preview": "1"}
    assert "This is a preview" in lab.open().text
    with server.state.services.database.reading() as db:
        assert db.scalar(select(func.count(WritingSession.id))) == 0


def pages_of(lab: Visitor, server: FastAPI) -> Iterator[str]:
    """Every page that a visitor of a direct link can see."""
    yield Visitor(lab.client, "lab", {"preview": "1"}).open().text
    yield Visitor(lab.client, "lab", {"participant": "<odd>"}).open().text
    yield Visitor(lab.client, "lab", {"participant": "P", "x": "y" * 5000}).open().text
    refusing = Visitor(lab.client, "lab", {"participant": "NO"})
    yield refusing.open().text
    yield refusing.send("refusal").text
    stopping = Visitor(lab.client, "lab", {"participant": "STOP"})
    yield stopping.accept().text
    yield stopping.send("withdrawal").text
    for name in ("P1", "P2"):
        writing = Visitor(lab.client, "lab", {"participant": name})
        writing.accept()
        yield writing.send("submission", text="short").text
        yield writing.post_submission(TEXT).text
        yield writing.open().text
    late = Visitor(lab.client, "lab", {"participant": "LATE"})
    yield late.open().text
    yield late.send("consent").text
    with server.state.services.database.writing() as db:
        db.query(Study).update({"state": StudyState.CLOSED})
    yield Visitor(lab.client, "lab", {"participant": "LATER"}).open().text


@pytest.mark.parametrize("options", [{}, {"completion_code": "C0DE"}, {"completion_url": "https://credit.example/"}])
def test_no_page_speaks_of_a_marketplace(lab: Visitor, server: FastAPI, options: dict[str, str]) -> None:
    with server.state.services.database.writing() as db:
        db.query(Study).filter(Study.slug == "lab").update({"platform_options": options})
    seen = [page.lower() for page in pages_of(lab, server)]
    assert len(seen) == 16
    assert [page for page in seen if "marketplace" in page or "return the task." in page or "turk" in page] == []


def test_after_a_withdrawal_one_can_come_back(lab: Visitor) -> None:
    lab.query = {"participant": "P1"}
    lab.accept()
    lab.post_events(0, [[0, "i", "empty", 0, 2166136261], [5, "e", 0, 0, "deleted", "insertText", 7]])
    assert "deleted" in lab.send("withdrawal").text
    lab.accept()
    assert lab.text_of("answer").strip() == ""
    assert lab.send("submission", text=TEXT).status_code == 200
