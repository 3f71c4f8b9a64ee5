"""What workers read before they agree, and the notices that stand on a page before anything is written."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from keytrail.models import Study
from keytrail.studies.briefing import COPYING, FLAGGED, PASTING
from keytrail.studies.conditions import Condition, Measure
from tests.worker.visitor import Visitor

Visit = Callable[..., Visitor]
Change = Callable[..., None]
TERM = re.compile(r"<dt>(.*?)</dt><dd><bdi>(.*?)</bdi></dd>")
OFF = "JavaScript is off in your browser, so"


@pytest.fixture
def change(server: FastAPI) -> Change:
    """Change every study."""

    def change(**values: object) -> None:
        with server.state.services.database.writing() as db:
            db.execute(update(Study).values(values))

    return change


def terms(page: str) -> dict[str, str]:
    """The lines below the heading "Before you begin"."""
    (found,) = re.findall(r'<dl class="terms">(.*?)</dl>', page, re.DOTALL)
    return {unescape(label): unescape(value) for label, value in TERM.findall(found)}


def without_script(page: str) -> str:
    """What the page says only where JavaScript is off."""
    return unescape(" ".join(re.findall(r"<noscript>(.*?)</noscript>", page, re.DOTALL)))


def test_the_consent_page_names_time_pay_requester_and_the_use_of_marked_text(visit: Visit, change: Change) -> None:
    change(
        assignment_minutes=90,
        reward_cents=125,
        currency="EUR",
        payment_days=3,
        institution="Lab of <Sleep>",
        contact="lab@example.org",
        ethics_number="EK 12/2026",
        retention="Ten years",
    )
    preview = visit(assignment="ASSIGNMENT_ID_NOT_AVAILABLE")
    preview.open()
    consent = visit()
    consent.open()
    assert 'id="consent"' in consent.page
    assert terms(preview.page) == terms(consent.page)
    assert list(terms(consent.page).items()) == [
        ("Length", "2 to 9 words"),
        ("Time limit", "90 minutes"),
        ("Reward", "1.25 EUR"),
        ("Payment", "Within 3 days of your submission"),
        ("Requester", "Lab of <Sleep>"),
        ("Contact", "lab@example.org"),
        ("Ethics approval", "EK 12/2026"),
        ("How long it is kept", "Ten years"),
        ("Marked text", FLAGGED),
    ]


def test_before_you_begin_is_never_above_an_empty_box(visit: Visit, change: Change) -> None:
    """Also where a study says nothing of pay, requester, contact, ethics and retention."""
    change(reward_cents=0, payment_days=None, institution="", contact="", ethics_number="", retention="", consent="")
    visitor = visit()
    visitor.open()
    assert re.search(r"<h2[^>]*>Before you begin</h2>\s*<dl", visitor.page)
    assert list(terms(visitor.page)) == ["Length", "Time limit", "Marked text"]
    assert all(terms(visitor.page).values())


def test_what_a_whole_study_prevents_is_said_before_the_agreement_and_on_the_task(visit: Visit, change: Change) -> None:
    change(rules={"refuse_paste": 1, "refuse_copy": 1})
    visitor = visit()
    visitor.open()
    assert terms(visitor.page)["Pasting"] == PASTING
    assert terms(visitor.page)["Copying"] == COPYING
    visitor.accept()
    assert notices(visitor.page) == [PASTING, COPYING]


@pytest.mark.parametrize(
    ("measure", "notice"), [(Measure.REFUSE_PASTE, PASTING), (Measure.REFUSE_COPY, COPYING), (None, None)]
)
def test_what_only_a_condition_prevents_is_said_on_the_task_before_any_attempt(
    visit: Visit, change: Change, measure: Measure | None, notice: str | None
) -> None:
    measures = frozenset([measure] if measure else [])
    change(conditions=[Condition(name="tried", probability=1.0, measures=measures).as_json()])
    visitor = visit()
    visitor.open()
    assert not {"Pasting", "Copying"} & set(terms(visitor.page))
    visitor.accept()
    assert notices(visitor.page) == ([notice] if notice else [])


def notices(page: str) -> list[str]:
    """The notices in the form, above the answer box, that are shown with and without JavaScript."""
    above = page.partition('<form id="answer-form"')[2].partition('<textarea id="answer"')[0]
    shown = re.sub(r"<noscript>.*?</noscript>", "", above, flags=re.DOTALL)
    return [unescape(notice) for notice in re.findall(r'<p class="notice">(.*?)</p>', shown)]


def test_no_page_promises_a_recording_to_a_browser_without_javascript(visit: Visit, change: Change) -> None:
    change(asks_copying_exercise=True)
    visitor = visit()
    visitor.open()
    assert f"{OFF} how you write is not recorded" in without_script(visitor.page)
    visitor.accept()
    assert "First, copy two sentences" in visitor.page
    assert without_script(visitor.page) == f'<p class="notice">{OFF} nothing is recorded of your copy.</p>'
    change(asks_copying_exercise=False)
    visitor.open()
    assert 'id="answer"' in visitor.page
    assert f"{OFF} how you write is not recorded" in without_script(visitor.page)
