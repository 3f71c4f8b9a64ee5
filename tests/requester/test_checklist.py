"""A study from draft to published."""

import pytest
from sqlalchemy import select

from keytrail.models import AuditEntry, Membership, Role, Study
from keytrail.requester.study.checklist import ChecklistPage
from keytrail.studies import ItemRow, add_items, study_by_slug
from tests.requester.site import Site, Visitor, words_of

FIELDS = {"title": "Tides", "slug": "tides", "instructions": "Summarise.", "platform": "direct", "reward": "0"}
CHECKLIST = "/studies/tides/checklist"
BLANKS = {
    "institution": "The tide laboratory",
    "contact": "lab@example.org",
    "ethics_number": "none",
    "retention": "for two years",
}
"""What workers are told before they agree."""
POINTS = ("items", *BLANKS, "reward")


@pytest.fixture
def otto(site: Site) -> Visitor:
    """Somebody who has just created a study."""
    visitor = site.visitor("otto")
    assert visitor.post("/new-study", **FIELDS).is_redirect
    return visitor


def add_item(site: Site) -> None:
    with site.database.writing() as db:
        add_items(db, study_by_slug(db, "tides"), [ItemRow(key="a", text="The sea rises twice a day.")])


def fill_in(site: Site, *left_out: str) -> None:
    with site.database.writing() as db:
        study = study_by_slug(db, "tides")
        for name, value in BLANKS.items():
            setattr(study, name, "" if name in left_out else value)


def state(site: Site) -> str:
    with site.database.reading() as db:
        return str(db.scalars(select(Study.state).where(Study.slug == "tides")).one())


def done(otto: Visitor) -> dict[str, bool]:
    page = otto.context(CHECKLIST)
    assert isinstance(page, ChecklistPage)
    return {point.name: point.done for point in page.points}


def test_a_new_study_is_a_draft_that_takes_nobody(site: Site, otto: Visitor) -> None:
    assert state(site) == "draft"
    assert done(otto) == dict.fromkeys(POINTS, False)
    assert "Draft: check and publish it" in otto.page("/")
    assert "not accepting new work" in site.visitor().get("/task/tides?participant=P1").text
    assert otto.post("/studies/tides/state", state="open").status_code == 409
    assert state(site) == "draft"


def test_publishing_asks_what_is_not_in_order_and_needs_items(site: Site, otto: Visitor) -> None:
    fill_in(site)
    refused = otto.post(f"{CHECKLIST}/publication", confirmed=list(POINTS))
    assert (refused.status_code, "There are no items yet" in refused.text) == (409, True)
    add_item(site)
    assert "The sea rises twice a day." in words_of(otto.page(f"{CHECKLIST}/task"))
    refused = otto.post(f"{CHECKLIST}/publication", confirmed=list(POINTS[:-1]))
    assert "The reward is 0" in words_of(refused.text)
    assert state(site) == "draft"
    published = otto.post(f"{CHECKLIST}/publication", confirmed=["reward"])
    assert otto.context(published.headers["location"]).notice.startswith("The study is published")
    assert state(site) == "open"
    assert site.visitor().get("/task/tides?participant=P1").status_code == 200
    assert otto.post(f"{CHECKLIST}/publication", confirmed=["reward"]).status_code == 409
    assert otto.post("/studies/tides/state", state="draft").status_code == 409
    with site.database.reading() as db:
        (entry,) = db.scalars(select(AuditEntry).where(AuditEntry.action == "set state"))
        assert entry.detail == {"from": "draft", "to": "open"}


@pytest.mark.parametrize("name", BLANKS)
def test_each_blank_of_the_consent_has_to_be_filled_in_and_leads_to_its_field(
    site: Site, otto: Visitor, name: str
) -> None:
    add_item(site)
    fill_in(site, name)
    refused = otto.post(f"{CHECKLIST}/publication", confirmed=list(POINTS))
    assert (refused.status_code, state(site)) == (409, "draft")
    assert "Nothing was published. " in words_of(refused.text)
    assert f'href="/studies/tides/settings#{name}"' in refused.text
    assert f'id="{name}"' in otto.page("/studies/tides/settings")
    fill_in(site)
    assert done(otto)[name]
    assert otto.post(f"{CHECKLIST}/publication", confirmed=["reward"]).is_redirect


@pytest.mark.parametrize("contact", ["Write to lab@example.org.", "See https://lab.example", "Call +44 20 7946 0018."])
def test_a_contact_and_a_reward_leave_nothing_to_confirm(site: Site, otto: Visitor, contact: str) -> None:
    add_item(site)
    with site.database.writing() as db:
        study = study_by_slug(db, "tides")
        study.consent, study.reward_cents = f"We record typing. {contact}", 50
        study.institution, study.ethics_number, study.retention = "The tide laboratory", "none", "for two years"
    assert done(otto) == dict.fromkeys(POINTS, True)
    assert otto.post(f"{CHECKLIST}/publication").is_redirect


def test_a_draft_is_not_published_at_the_marketplace(site: Site, otto: Visitor) -> None:
    add_item(site)
    with site.database.writing() as db:
        study_by_slug(db, "tides").platform = "mturk"
    offer = {"title": "T", "description": "D", "assignments": "2", "days": "3", "auto_approve_days": "7"}
    refused = otto.post("/studies/tides/platform/preview", **offer)
    assert (refused.status_code, "This study is a draft" in refused.text) == (409, True)


def test_a_reviewer_of_a_draft_sees_no_checklist(site: Site, otto: Visitor) -> None:
    with site.database.writing() as db:
        study_id = study_by_slug(db, "tides").id
        db.add(Membership(user_id=site.people["rafael"], study_id=study_id, role=Role.REVIEWER))
    assert site.visitor("rafael").get(CHECKLIST).status_code == 403
    assert "Checklist" not in site.visitor("rafael").page("/studies/tides/overview")
    assert "Checklist" in otto.page("/studies/tides/overview")
