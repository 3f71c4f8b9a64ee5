"""Every page of the worker, in every language, in the width of a phone: no text is wider than the screen."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from playwright.sync_api import Browser
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from keytrail.clock import utc_now
from keytrail.db import Database
from keytrail.language import languages
from keytrail.models import DecisionKind, Submission, User
from keytrail.review.judging.decisions import DecisionInput, decide
from keytrail.review.judging.objections import answer_objection, make_objection
from tests.browser.drivers.chromium import Chromium
from tests.browser.drivers.phone import SCREEN
from tests.browser.keytrail import STUDY, Keytrail
from tests.browser.marketplace import Marketplace
from tests.browser.review_api import ReviewApi
from tests.browser.texts import FOREIGN
from tests.worker.posting import FIRST
from tests.worker.visitor import Visitor

WIDTHS = (390, 320)
"""A usual phone, and the narrowest width that WCAG 1.4.10 asks for."""
PANEL: dict[str, Any] = {"platform": "panel", "return_after_withdrawal": False}
CODE = {"completion_code": "AB12-CD34-EF56", "screened_out_code": "GH78-IJ90-KL12"}
ADDRESSES = {"completion_url": "https://panel.test/done", "screened_out_url": "https://panel.test/out"}
UNCHANGED: dict[str, Any] = {
    "platform": "mturk",
    "platform_options": {},
    "asks_model_use": False,
    "asks_copying_exercise": False,
    "return_after_withdrawal": True,
}
LOOK = """(landmark) => {
  const root = document.documentElement;
  const wider = () => root.scrollWidth - root.clientWidth;
  const [messages, problem, status] = ['messages', 'problem', 'status'].map((id) => document.getElementById(id));
  const found = { lang: root.lang, seen: !!document.querySelector(landmark)?.checkVisibility(), wide: [] };
  if (wider() > 0) found.wide.push(`the page by ${wider()}`);
  if (!messages) return found;
  problem.hidden = false;
  for (const [name, text] of Object.entries(JSON.parse(messages.textContent))) {
    if (typeof text !== 'string') continue;
    problem.textContent = status.textContent = text;
    if (wider() > 0) found.wide.push(`${name} by ${wider()}`);
  }
  return found;
}"""
"""What is wider than the screen: the page, or, on the task page, a sentence of its script where complaints and states
are shown."""


@dataclass(frozen=True)
class Stage:
    """One page: its address, an element that only it has, and what the study must be set to for it."""

    path: str
    landmark: str
    study: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, market: Marketplace) -> Iterator[Keytrail]:
    """A study that asks and shows everything."""
    offers = {"copy_days": 30, "copy_shows_decision": True, "asks_text_origin": True, "asks_input_aids": True}
    told = {"reward": "2.50", "contact": "lab@keytrail.test", "ethics_number": "E 7"}
    found = Keytrail(tmp_path_factory.mktemp("narrow"), market.origin, **offers, **told)
    yield found
    found.close()
    assert "Traceback" not in found.log, found.log


@pytest.fixture(scope="module")
def stages(server: Keytrail, market: Marketplace) -> dict[str, Stage]:
    """Sessions at every stage, begun without a browser."""
    with closing(httpx2.Client(base_url=server.url)) as client:

        def visit(name: str) -> Visitor:
            query = {"assignmentId": name, "workerId": f"W-{name}", "hitId": "H1", "turkSubmitTo": market.origin}
            return Visitor(client, STUDY, query | {"assignment": name, "worker": f"W-{name}"})

        def begun(name: str) -> Visitor:
            visitor = visit(name)
            visitor.accept()
            return visitor

        def ended(prefix: str) -> list[str]:
            """The links of somebody who submitted and of somebody who stopped."""
            done, stopped = begun(f"{prefix}-done"), begun(f"{prefix}-stopped")
            done.post_submission(FOREIGN)
            stopped.send("withdrawal")
            return [link(done), link(stopped)]

        def link(visitor: Visitor) -> str:
            return f"/task/{STUDY}?{urlencode(visitor.query)}"

        def copy_of(name: str) -> tuple[str, str]:
            """The receipt and the copy of a worker who pasted a text."""
            visitor = begun(name)
            visitor.post_events(0, [*FIRST, [5, "e", 0, 0, FOREIGN, "insertFromPaste", 3]])
            said = {"comment": "From my notes.", "text_origins": ["editor", "reference"], "input_aids": True}
            answer = visitor.post_submission(FOREIGN, **said).json()
            return answer["receipt"], answer["finish"]["copy"]

        writing, (done, stopped) = begun("writing"), ended("here")
        server.change_study(**PANEL)
        panel_done, panel_stopped = ended("panel")
        server.change_study(**UNCHANGED)
        damaged = visit("damaged")
        damaged.query["workerId"] = "<b>"
        preview = visit("ASSIGNMENT_ID_NOT_AVAILABLE")
        server.change_study(asks_copying_exercise=True)
        copying = begun("copying")
        server.change_study(asks_copying_exercise=False)
        _, undecided_copy = copy_of("undecided")
        decided, decided_copy = copy_of("decided")
        answered, answered_copy = copy_of("answered")
    with closing(ReviewApi(server.url, server.token)) as review:
        assert {review.submission(receipt).verdict for receipt in (decided, answered)} != {"clear"}
    reject(server, decided)
    reject(server, answered, objection="These are my own notes.")
    return {
        "preview": Stage(link(preview), "[data-preview]"),
        "consent": Stage(link(visit("new")), "#consent"),
        "copying exercise": Stage(link(copying), "#sentences", {"asks_copying_exercise": True}),
        "task": Stage(link(writing), "#submit"),
        "question": Stage(done, ".question", {"asks_model_use": True}),
        "finish by a form": Stage(done, "button#finish"),
        "finish by a link": Stage(panel_done, "a#finish", PANEL | {"platform_options": ADDRESSES}),
        "finish by a code": Stage(panel_done, "#code", PANEL | {"platform_options": CODE}),
        "finish by nothing": Stage(panel_done, ".finish", PANEL | {"platform_options": {}}),
        "exit": Stage(stopped, ".finish", {"return_after_withdrawal": False}),
        "exit by a link": Stage(panel_stopped, "a#finish", PANEL | {"platform_options": ADDRESSES}),
        "exit by a code": Stage(panel_stopped, "#code", PANEL | {"platform_options": CODE}),
        "error": Stage(link(damaged), "h1"),
        "copy, not decided": Stage(undecided_copy, "#text"),
        "copy, decided": Stage(decided_copy, "#object"),
        "copy, answered": Stage(answered_copy, "#objection-answer"),
        "copy that is none": Stage(f"/task/{STUDY}/copy?key=none", "h1"),
    }


def reject(server: Keytrail, receipt: str, objection: str = "") -> None:
    """Propose a rejection; with an objection, that is made and answered too."""
    with closing(Database(f"sqlite:///{server.database_file}")) as database, database.writing() as db:
        owner = db.scalars(select(User)).one()
        query = select(Submission).options(joinedload(Submission.study)).where(Submission.public_id == receipt)
        submission = db.scalars(query).one()
        decision = DecisionInput(DecisionKind.PROPOSE_REJECTION, "text_from_elsewhere")
        decide(db, submission, owner, decision, utc_now())
        if objection:
            make_objection(db, submission.study, submission, objection, utc_now())
            answer_objection(db, submission, owner, "Thank you. We should have asked you.", utc_now())


def test_no_page_is_wider_than_a_phone_in_any_language(
    chromium: Browser, server: Keytrail, stages: dict[str, Stage]
) -> None:
    window = Chromium(chromium, **SCREEN)
    found = {}
    for language in languages():
        for name, stage in stages.items():
            server.change_study(**UNCHANGED | stage.study, language=language.tag)
            window.open(f"{server.url}{stage.path}")
            for width in WIDTHS:
                window.page.set_viewport_size({"width": width, "height": 844})
                shown = window.run(LOOK, stage.landmark)
                assert (shown["lang"], shown["seen"]) == (language.tag, True), name
                if shown["wide"]:
                    found[language.tag, name, width] = shown["wide"]
    window.close()
    assert found == {}
