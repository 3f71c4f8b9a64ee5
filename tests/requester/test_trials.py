"""An owner tries a draft as a worker: recorded and analysed like a worker's text, and counted nowhere."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from keytrail.errors import NotFound
from keytrail.models import Item, Membership, Role, Study, Submission, User, WritingSession
from keytrail.review.queue.submissions import worker_submission
from keytrail.studies import ItemRow, add_items, study_by_slug
from keytrail.users.scopes import SCOPES
from keytrail.users.tokens import create_token
from tests.requester.site import ORIGIN, Site, Visitor, words_of
from tests.worker.posting import FIRST
from tests.worker.visitor import Visitor as Worker

DRAFT = {
    "title": "Tides",
    "slug": "tides",
    "instructions": "Summarise.",
    "platform": "prolific",
    "reward": "1.50",
    "minimum_words": "2",
    "language": "de",
    "institution": "The tide laboratory",
    "contact": "lab@example.org",
    "ethics_number": "none",
    "retention": "two years",
}
HOME = "/studies/tides"
CHECKLIST = f"{HOME}/checklist"
TEXT = "The tide comes in twice."
TYPED = [[9 + 90 * at, "e", at, 0, char, "insertText", 2] for at, char in enumerate(TEXT)]


@pytest.fixture
def otto(site: Site) -> Visitor:
    """The owner of a draft with two items."""
    visitor = site.visitor("otto")
    assert visitor.post("/new-study", **DRAFT).is_redirect
    with site.database.writing() as db:
        add_items(db, study_by_slug(db, "tides"), [ItemRow(key=key, text=f"The sea, {key}.") for key in "ab"])
    return visitor


def begin(otto: Visitor) -> Worker:
    """Begin a trial and read its first page."""
    begun = otto.post(f"{CHECKLIST}/trials")
    assert begun.status_code == 303, begun.text
    address = urlsplit(begun.headers["location"])
    worker = Worker(otto.client, address.path.removeprefix("/task/"), dict(parse_qsl(address.query)))
    assert worker.open().status_code == 200
    return worker


def write(worker: Worker) -> None:
    """Take part as a worker does, from the consent to the submission."""
    worker.accept()
    assert worker.post_events(0, [*FIRST, *TYPED]).status_code == 200
    answer = worker.post_submission(TEXT, events=len(FIRST) + len(TYPED))
    assert answer.status_code == 200, answer.text


def count(site: Site, table: type[Study | Item | WritingSession | Submission]) -> int:
    with site.database.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def submission_of(otto: Visitor) -> str:
    (line,) = otto.context(CHECKLIST).trials
    assert line.state == "submitted"
    return str(line.public_id)


def test_a_trial_is_recorded_and_its_owner_sees_what_keytrail_saw(site: Site, otto: Visitor) -> None:
    worker = begin(otto)
    assert "Dies ist ein Probelauf" in words_of(worker.page)
    write(worker)
    public_id = submission_of(otto)
    with site.database.reading() as db:
        number = db.scalars(select(Submission.id).where(Submission.public_id == public_id)).one()
    site.analyse(number)
    page = otto.page(f"/submissions/{public_id}")
    assert TEXT in words_of(page)
    assert "Nothing is counted, decided, paid or exported" in words_of(page)
    assert 'action="/submissions/' not in page
    assert otto.context(f"/submissions/{public_id}").evidence is not None
    assert otto.get(f"/submissions/{public_id}/text").status_code == 200


def test_it_is_in_no_list_figure_or_export_and_uses_no_place_up(site: Site, otto: Visitor) -> None:
    before = {
        page: words_of(otto.page(page)) for page in ("/", HOME, f"{HOME}/workers", f"{HOME}/overview", "/prevalence")
    }
    write(begin(otto))
    public_id = submission_of(otto)
    for page, words in before.items():
        assert words_of(otto.page(page)) == words, page
    for page in (f"/search?q={public_id}", "/search?q=tide", f"{HOME}/queue"):
        assert f"/submissions/{public_id}" not in otto.page(page)
    exported = otto.get(f"{HOME}/export/file?table=submissions")
    assert (exported.status_code, public_id in exported.text) == (200, False)
    assert otto.context(f"{HOME}/payments").waiting_in_all == 0


def test_nothing_can_be_decided_or_sent_about_it(site: Site, otto: Visitor) -> None:
    write(begin(otto))
    public_id = submission_of(otto)
    assert otto.post(f"/submissions/{public_id}/decision", kind="accept").status_code in {403, 404}
    with site.database.reading() as db:
        trial = db.scalars(select(Study).where(Study.trial_of_id.is_not(None))).one()
        assert (trial.platform, trial.platform_options) == ("direct", {})
        assert db.scalars(select(Membership).where(Membership.study_id == trial.id)).all() == []
        with pytest.raises(NotFound, match="address of a trial"):
            study_by_slug(db, trial.slug)
    assert otto.get(f"/studies/{trial.slug}").status_code == 404


def test_programs_and_commands_do_not_take_it_for_a_workers(site: Site, otto: Visitor) -> None:
    write(begin(otto))
    public_id = submission_of(otto)
    with site.database.writing() as db:
        user = db.get_one(User, site.people["otto"])
        token = create_token(db, user, "t", site.clock(), scopes=tuple(SCOPES))
        trial = db.scalars(select(Study.slug).where(Study.trial_of_id.is_not(None))).one()
    program = TestClient(site.app, base_url=ORIGIN, headers={"authorization": f"Bearer {token}"})
    for path in ("", "/events"):
        refused = program.get(f"/api/v1/submissions/{public_id}{path}")
        assert (refused.status_code, "is a trial of a draft" in refused.text) == (404, True)
    assert program.post(f"/api/v1/submissions/{public_id}/decisions", json={"kind": "accept"}).status_code == 404
    assert trial not in program.get("/api/v1/studies").text
    assert program.get("/api/v1/studies/tides/submissions").json()["items"] == []
    assert program.get(f"/api/v1/studies/{trial}/submissions").status_code == 404
    for table in ("submissions", "decisions"):
        exported = program.get(f"/api/v1/studies/tides/export/{table}")
        assert (exported.status_code, public_id in exported.text) == (200, False), table
    assert program.get("/api/v1/studies/tides/payments").json() == []
    with site.database.reading() as db, pytest.raises(NotFound, match="is a trial of a draft"):
        worker_submission(db, public_id, db.get_one(User, site.people["otto"]))


def test_a_bonus_for_a_trial_is_refused(site: Site, otto: Visitor) -> None:
    write(begin(otto))
    asked = otto.post(f"{HOME}/payments/bonus", submission=submission_of(otto), amount="1.00", reason="x", token="t")
    assert asked.status_code in {400, 404}
    assert otto.context(f"{HOME}/payments").waiting_in_all == 0


@pytest.mark.parametrize("name", ["olivia", "rafael", "vera"])
def test_it_is_nobody_elses(site: Site, otto: Visitor, name: str) -> None:
    write(begin(otto))
    public_id = submission_of(otto)
    visitor = site.visitor(name)
    assert visitor.get(f"/submissions/{public_id}").status_code == 404
    with site.database.writing() as db:
        study = study_by_slug(db, "tides")
        db.add(Membership(user_id=site.people[name], study_id=study.id, role=Role.REVIEWER))
    assert visitor.get(f"/submissions/{public_id}").status_code == 404
    assert visitor.post(f"{CHECKLIST}/trials").status_code == 403


def test_trials_are_deleted_one_by_one_and_all_at_publication(site: Site, otto: Visitor) -> None:
    write(begin(otto))
    begin(otto)
    first, second = otto.context(CHECKLIST).trials
    assert (first.state, second.state) == ("not begun", "submitted")
    studies, items = count(site, Study), count(site, Item)
    assert otto.post(f"{CHECKLIST}/trials/{second.slug}/deletion").status_code == 303
    assert (count(site, Submission), count(site, Study), count(site, Item)) == (0, studies - 1, items - 1)
    assert otto.post(f"{CHECKLIST}/trials/{second.slug}/deletion").status_code == 404
    assert otto.post(f"{CHECKLIST}/publication").status_code == 303
    assert (count(site, Study), count(site, Item), count(site, WritingSession)) == (studies - 2, items - 2, 0)
    assert otto.post(f"{CHECKLIST}/trials").status_code == 409


def test_a_draft_without_items_cannot_be_tried_and_one_has_at_most_twenty_trials(site: Site) -> None:
    otto = site.visitor("otto")
    assert otto.post("/new-study", **DRAFT).is_redirect
    assert "There are no items yet" in words_of(otto.post(f"{CHECKLIST}/trials").text)
    with site.database.writing() as db:
        add_items(db, study_by_slug(db, "tides"), [ItemRow(key="a", text="The sea.")])
    for _ in range(20):
        assert otto.post(f"{CHECKLIST}/trials").status_code == 303
    refused = otto.post(f"{CHECKLIST}/trials")
    assert (refused.status_code, "20 trials already" in words_of(refused.text)) == (409, True)


def test_a_draft_is_deleted_with_its_trials(site: Site, otto: Visitor) -> None:
    studies = count(site, Study)
    write(begin(otto))
    assert otto.post(f"{HOME}/delete", confirm="tides").status_code == 303
    assert (count(site, Study), count(site, WritingSession)) == (studies - 1, 0)
