"""A page costs the same number of SQL statements however much it shows."""

from collections.abc import Callable

import pytest

from keytrail.models import Membership, Role, StudyState, User
from keytrail.studies import StudyDefinition, add_items, create_study, study_by_slug
from keytrail.studies.item_files.rows import ItemRow
from tests.requester.listing import ELSEWHERE
from tests.requester.site import Site


def add_text(site: Site, number: int) -> None:
    work = site.hand(worker="WX")
    work.hand.pastes(f"{number} {ELSEWHERE}")
    work.submit()


def add_item(site: Site, number: int) -> None:
    with site.database.writing() as db:
        add_items(db, study_by_slug(db, "night"), [ItemRow(f"more-{number}", "Another text.", "More")])


def add_person(site: Site, number: int) -> None:
    with site.database.writing() as db:
        user = User(email=f"p{number}@example.org", name=f"P{number}", password_hash="unknown", created_at=site.clock())
        db.add(user)
        db.flush()
        db.add(Membership(study_id=study_by_slug(db, "night").id, user_id=user.id, role=Role.VIEWER))


def add_archived(site: Site, number: int) -> None:
    with site.database.writing() as db:
        definition = StudyDefinition(title="Old", instructions="Write.", slug=f"old-{number}")
        owner = db.get_one(User, site.people["olivia"])
        create_study(db, definition, owner, site.clock(), state=StudyState.DRAFT).archived_at = site.clock()


PAGES: dict[str, tuple[str, Callable[[Site, int], None]]] = {
    "queue": ("/studies/night/queue", add_text),
    "items": ("/studies/night/items", add_item),
    "people": ("/studies/night/people", add_person),
    "archive": ("/archive", add_archived),
    "worker": ("/studies/night/workers/{worker}", add_text),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_a_fixed_number_of_statements(site: Site, page: str) -> None:
    address, add = PAGES[page]
    olivia = site.visitor("olivia")
    add_text(site, 0)
    add(site, 1)
    worker = olivia.context("/studies/night").rows[0].line.worker
    url = address.format(worker=worker)
    seen, sizes = [], []
    for numbers in (range(0), range(2, 8)):
        for number in numbers:
            add(site, number)
        with site.counted_statements() as sent:
            sizes.append(len(olivia.page(url)))
        seen.append(len(sent))
    assert sizes[1] > sizes[0]
    assert seen[0] == seen[1] < 20
