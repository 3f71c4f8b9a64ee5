from datetime import timedelta

import pytest
from sqlalchemy import select

from keytrail.models import StoredReport, Submission, User, WritingSession
from keytrail.platforms import Assignment
from keytrail.provenance import fnv1a32
from keytrail.requester.synthetic.conditions import ConditionsPage
from keytrail.sessions.lifecycle import open_session, return_session, show_plain_source
from keytrail.studies import study_by_slug
from keytrail.studies.conditions import Condition, Measure
from keytrail.users.tokens import create_token
from tests.requester.site import Site, words_of

OWN = "The amber lamps let the staff rest a little longer, though they were hard to read by at night."
FOREIGN = "In summary, this study demonstrates that amber lighting may improve the duration of sleep among staff."
CONDITIONS = [
    Condition(name="hurdles", probability=0.5, measures=frozenset({Measure.SOURCE_AS_IMAGE, Measure.REFUSE_PASTE})),
    Condition(name="as it was", probability=0.5),
]


@pytest.fixture
def compared(site: Site) -> Site:
    """Ten texts in each condition: five pasted as it was, none with the hurdles, where three tried to."""
    with site.database.writing() as db:
        study_by_slug(db, "night").conditions = [condition.as_json() for condition in CONDITIONS]
    for number in range(10):
        _write(site, "as it was", paste=number < 5)
        _write(site, "hurdles", refused=number < 3)
    _leave(site)
    return site


def _write(site: Site, condition: str, *, paste: bool = False, refused: bool = False) -> None:
    """A finished session, as if this condition had been drawn."""
    work = site.hand()
    if refused:
        work.hand.add(300, "p", len(FOREIGN), fnv1a32(FOREIGN), FOREIGN, ["text/plain"], 2)
    (work.hand.pastes if paste else work.hand.types)(FOREIGN if paste else OWN)
    work.submit()
    with site.database.writing() as db:
        last = db.scalars(select(WritingSession).order_by(WritingSession.id.desc()).limit(1)).one()
        last.condition = condition


def _leave(site: Site) -> None:
    """One returns, one lets the time run out, one is at it and asked for the text."""
    with site.database.writing() as db:
        study = study_by_slug(db, "night")
        sessions = [
            open_session(db, study, Assignment(worker_id=name, assignment_id=name), site.keyring, site.clock())
            for name in ("returns", "forgets", "writes")
        ]
        for session in sessions:
            session.condition = "hurdles"
        return_session(db, sessions[0], site.clock())
        sessions[1].expires_at = site.clock() - timedelta(minutes=1)
        show_plain_source(sessions[2], site.clock())


def test_copies_that_the_study_prevents_are_attempts(site: Site) -> None:
    """The log is the same with and without the rule: what holds on the page tells them apart."""
    found = []
    for prevented in (False, True):
        with site.database.writing() as db:
            study_by_slug(db, "night").rules = {"refuse_copy": prevented}
        work = site.hand(item="a")
        work.hand.copies_item(0, 300).leaves(41_000).pastes(FOREIGN)
        public_id = work.submit()
        with site.database.reading() as db:
            stored = db.scalars(select(StoredReport).join(Submission).where(Submission.public_id == public_id)).one()
            rules = {finding["id"] for finding in stored.body["findings"]}
            found.append(("round_trip" in rules, stored.body["measures"]["copies_prevented"]))
    assert found == [(True, 0), (False, 1)]


def test_the_page_sets_conditions_beside_each_other(compared: Site) -> None:
    vera = compared.visitor("vera")
    page: ConditionsPage = vera.settled("/studies/night/conditions")
    assert page.found is not None
    assert page.found.reference == "as it was"
    hurdles, plain = page.found.counts
    assert (hurdles.begun, hurdles.submitted, hurdles.dropped, hurdles.under_way) == (13, 10, 2, 1)
    assert (hurdles.pastes_prevented, hurdles.asked_for_text, plain.pastes_prevented) == (3, 1, 0)
    figures = {figure.name: figure.rows for figure in page.figures}
    assert list(figures) == [
        *("external text", "dropped out", "words", "minutes"),
        *("share of the item's key terms kept", "likeness to others' texts"),
    ]
    first, second = figures["external text"]
    assert (first.condition, first.value, first.difference, first.differs) == ("as it was", "50\u00a0%", "", False)
    # Nobody pasted where pasting is prevented: that is no effect, and no difference is stated.
    assert (second.condition, second.comparable, second.difference) == ("hurdles", False, "")
    assert [row.value for row in figures["dropped out"]] == ["0\u00a0%", "17\u00a0%"]
    html = words_of(vera.page("/studies/night/conditions"))
    assert "show the text as a picture; no pasting into the answer" in html
    assert "decides nothing" in html
    assert "Not comparable: pasting or copying is prevented" in html
    assert (page.differences, page.by_chance) == (5, 0.25)
    assert "about 0.2 of them would be marked by chance alone" in html


def test_a_rule_that_is_switched_on_leaves_earlier_texts_comparable(compared: Site) -> None:
    with compared.database.writing() as db:
        study_by_slug(db, "night").rules = {"refuse_paste": True}
    _write(compared, "as it was")
    page: ConditionsPage = compared.visitor("vera").settled("/studies/night/conditions")
    first, second = next(figure.rows for figure in page.figures if figure.name == "external text")
    assert (first.condition, first.value, first.counted) == ("as it was", "50\u00a0%", "10")
    assert (second.condition, second.comparable) == ("hurdles", False)
    assert page.found is not None
    assert "in 1 of 21 submissions" in page.found.cautions[0]
    assert "“hurdles”" in page.found.cautions[1]


def test_a_condition_whose_texts_were_all_written_under_the_rule_is_not_comparable(site: Site) -> None:
    plain = [Condition(name="a", probability=0.5), Condition(name="b", probability=0.5, measures=frozenset())]
    with site.database.writing() as db:
        study_by_slug(db, "night").conditions = [condition.as_json() for condition in plain]
    _write(site, "a")
    with site.database.writing() as db:
        study_by_slug(db, "night").rules = {"refuse_paste": True}
    _write(site, "b")
    page: ConditionsPage = site.visitor("vera").settled("/studies/night/conditions")
    external = next(figure.rows for figure in page.figures if figure.name == "external text")
    assert [(row.condition, row.comparable) for row in external] == [("a", True), ("b", False)]


def test_the_api_gives_the_same(compared: Site) -> None:
    client = compared.visitor().client
    answers = {}
    for name in ("vera", "otto"):
        with compared.database.writing() as db:
            token = create_token(db, db.get_one(User, compared.people[name]), "test", compared.clock())
        answers[name] = client.get("/api/v1/studies/night/conditions", headers={"authorization": f"Bearer {token}"})
    assert answers["otto"].status_code == 404
    found = answers["vera"].json()
    assert (found["reference"], len(found["counts"])) == ("as it was", 2)
    external = next(one for one in found["comparisons"] if one["figure"] == "external text")
    assert [row["condition"] for row in external["rows"]] == ["as it was"]
    assert external["not_comparable"] == ["hurdles"]
    dropped = next(one for one in found["comparisons"] if one["figure"] == "dropped out")
    assert dropped["rows"][1]["difference_interval"]["level"] == 0.95
    assert "“hurdles”" in found["cautions"][0]


def test_a_study_without_conditions_says_how_to_have_some(site: Site) -> None:
    vera = site.visitor("vera")
    page: ConditionsPage = vera.context("/studies/night/conditions")
    assert page.found is None
    assert "compares nothing" in vera.page("/studies/night/conditions")
