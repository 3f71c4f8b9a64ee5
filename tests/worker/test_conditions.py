import base64
import html
import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from keytrail.models import Study, WritingSession
from keytrail.studies.conditions import Condition, Measure
from keytrail.worker.picture import lines_of, picture_of, width_of
from tests.conftest import FakeClock
from tests.worker.visitor import Visitor

Visit = Callable[..., Visitor]
Under = Callable[..., None]


@pytest.fixture
def under(server: FastAPI) -> Under:
    """Every worker gets these measures."""

    def set_condition(*measures: Measure) -> None:
        condition = Condition(name="tried", probability=1.0, measures=frozenset(measures))
        with server.state.services.database.writing() as db:
            for study in db.scalars(select(Study)):
                study.conditions = [condition.as_json()]

    return set_condition


def _session(server: FastAPI) -> WritingSession:
    with server.state.services.database.reading() as db:
        session: WritingSession = db.scalars(select(WritingSession)).one()
        return session


def test_a_request_stands_in_the_instructions_of_the_task_and_nowhere_before(visit: Visit, under: Under) -> None:
    under(Measure.DIRECT_REQUEST, Measure.INDIRECT_REQUEST)
    preview = visit(assignment="ASSIGNMENT_ID_NOT_AVAILABLE")
    preview.open()
    visitor = visit()
    visitor.open()
    for page in (preview.page, visitor.page):
        assert "language models" not in page
    visitor.accept()
    instructions = visitor.page.partition('<section id="instructions"')[2].partition("</section>")[0]
    for words in ("<strong>briefly</strong>", "Do not use ChatGPT", "Your own words matter"):
        assert words in instructions


def test_the_condition_is_kept_with_the_session(visit: Visit, under: Under, server: FastAPI) -> None:
    under(Measure.REFUSE_PASTE)
    visitor = visit()
    visitor.accept()
    assert 'data-refuse-paste="1"' in visitor.page
    assert "data-refuse-copy" not in visitor.page
    assert _session(server).condition == "tried"


def test_a_rule_holds_for_sessions_that_begin_while_it_is_on(visit: Visit, server: FastAPI) -> None:
    before = visit(worker="W1", assignment="A1")
    before.accept()
    with server.state.services.database.writing() as db:
        for study in db.scalars(select(Study)):
            study.rules = {"refuse_paste": 1.0}
    before.open()
    assert "data-refuse-paste" not in before.page  # as they were told before they began
    after = visit(worker="W2", assignment="A2")
    after.accept()
    assert 'data-refuse-paste="1"' in after.page
    with server.state.services.database.reading() as db:
        assert list(db.scalars(select(WritingSession.page_rules).order_by(WritingSession.id))) == [[], ["refuse_paste"]]


def test_an_item_shown_as_a_picture_is_nowhere_on_the_page_as_text(visit: Visit, under: Under) -> None:
    under(Measure.SOURCE_AS_IMAGE)
    preview = visit(assignment="ASSIGNMENT_ID_NOT_AVAILABLE")
    preview.open()
    visitor = visit()
    visitor.accept()
    for page in (preview.page, visitor.page):
        assert "ants" not in page
        drawn = [
            base64.b64decode(found).decode() for found in re.findall(r"data:image/svg\+xml;base64,([\w+/=]+)", page)
        ]
        assert len(drawn) == 2
        assert all("ants" in svg and "user-select:none" in svg for svg in drawn)


def test_whoever_cannot_read_a_picture_gets_the_text_and_it_is_noted(
    visit: Visit, under: Under, server: FastAPI, clock: FakeClock
) -> None:
    under(Measure.SOURCE_AS_IMAGE)
    visitor = visit()
    visitor.accept()
    visitor.post_events(0, [[5, "e", 0, 0, "half a text", "insertText", 2]])
    link = re.search(r'name="link" value="([^"]+)"', visitor.page)
    assert link is not None
    asked = clock()
    answer = visitor.send("source", link=html.unescape(link[1]))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/task/short?assignmentId=A1")
    clock.advance(minutes=1)
    visitor.open()
    assert "ants" in visitor.text_of("source")
    assert visitor.text_of("answer").strip() == "half a text"
    assert _session(server).plain_source_at == asked


def test_the_way_back_must_be_signed(visit: Visit, under: Under) -> None:
    under(Measure.SOURCE_AS_IMAGE)
    visitor = visit()
    visitor.accept()
    assert visitor.send("source", link="made up").status_code == 401


@pytest.mark.parametrize(
    "text", ["", "one", "word " * 200, "x" * 500, "多" * 90, "a\n\n\nb", "tab\there \x00 <&> \ud83d"]
)
def test_a_picture_holds_every_line_within_its_width(text: str) -> None:
    lines = list(lines_of(text, 20.0))
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert max(map(width_of, lines)) <= 20.0
    svg = base64.b64decode(picture_of(text).narrow.partition(",")[2]).decode()
    assert svg.startswith("<svg")
    assert "\x00" not in svg
