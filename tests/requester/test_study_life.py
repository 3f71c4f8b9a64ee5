"""Duplicating, renaming, transferring, archiving and deleting a study in the browser."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from keytrail.models import (
    ActionKind,
    ActionState,
    AuditEntry,
    Base,
    DeletedSpending,
    Item,
    Membership,
    PlatformAction,
    Study,
    StudyFigures,
    Submission,
    User,
)
from keytrail.platform_actions.installation_budget import budget_lines
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.requester.site import Site, Visitor, words_of

NIGHT = "/studies/night"


@pytest.fixture
def olivia(site: Site) -> Visitor:
    return site.visitor("olivia")


def studies(site: Site) -> dict[str, Study]:
    with site.database.reading() as db:
        return {study.slug: study for study in db.scalars(select(Study))}


def submitted(site: Site) -> str:
    work = site.hand()
    work.hand.types("Somebody's text.")
    return work.submit()


class TestDuplicating:
    def test_the_copy_has_settings_and_items_but_nobody_and_no_work(self, site: Site, olivia: Visitor) -> None:
        submitted(site)
        answer = olivia.post(f"{NIGHT}/manage/duplicate", title="Night light", items="1")
        assert answer.headers["location"] == "/studies/night-light/manage?done=duplicated"
        assert "It is a draft" in words_of(olivia.page(answer.headers["location"]))
        again = olivia.post(f"{NIGHT}/manage/duplicate", title="Night light")
        assert again.headers["location"] == "/studies/night-light-2/manage?done=duplicated"
        found = studies(site)
        copy, source = found["night-light"], found["night"]
        assert (copy.state, copy.instructions, copy.places_per_item) == ("draft", source.instructions, 50)
        with site.database.reading() as db:
            texts = {
                study: list(db.scalars(select(Item.text).where(Item.study_id == study.id))) for study in found.values()
            }
            members = list(db.scalars(select(Membership.user_id).where(Membership.study_id == copy.id)))
            assert db.scalar(select(func.count()).where(Submission.study_id == copy.id)) == 0
        assert texts[copy] == texts[source] != texts[found["night-light-2"]] == []
        assert members == [site.people["olivia"]]

    def test_takes_the_right_to_create_studies_and_a_title(self, site: Site, olivia: Visitor) -> None:
        too_long = "Night " * 40
        refused = olivia.post(f"{NIGHT}/manage/duplicate", title=too_long)
        assert refused.status_code == 400
        assert f'name="title" value="{too_long}"' in refused.text
        with site.database.writing() as db:
            db.get_one(User, site.people["olivia"]).may_create_studies = False
        assert olivia.post(f"{NIGHT}/manage/duplicate", title="Another").status_code == 403
        assert set(studies(site)) == {"night"}


class TestTheAddress:
    def test_changes_until_a_worker_has_it(self, site: Site, olivia: Visitor) -> None:
        answer = olivia.post(f"{NIGHT}/manage/address", address="late-light")
        assert answer.headers["location"] == "/studies/late-light/manage?done=renamed"
        site.slug = "late-light"
        submitted(site)
        assert olivia.post("/studies/late-light/manage/address", address="night").status_code == 409
        assert set(studies(site)) == {"late-light"}

    @pytest.mark.parametrize(("address", "status"), [("Not A Slug", 400), ("day", 409)])
    def test_has_to_be_one_that_nobody_has(self, site: Site, olivia: Visitor, address: str, status: int) -> None:
        with site.database.writing() as db:
            create_study(db, StudyDefinition(title="Day", instructions="Write."), None, site.clock())
        answer = olivia.post(f"{NIGHT}/manage/address", address=address)
        assert answer.status_code == status
        assert f'name="address" value="{address}"' in answer.text


class TestTransferring:
    def test_makes_somebody_else_the_owner(self, site: Site, olivia: Visitor) -> None:
        rafael = str(site.people["rafael"])
        assert olivia.post(f"{NIGHT}/manage/transfer", person=rafael, keep="viewer").is_redirect
        assert site.visitor("rafael").get(f"{NIGHT}/settings").status_code == 200
        assert olivia.get(f"{NIGHT}/settings").status_code == 403
        assert olivia.get(f"{NIGHT}/overview").status_code == 200

    def test_only_to_a_member_and_never_to_oneself(self, site: Site, olivia: Visitor) -> None:
        assert olivia.post(f"{NIGHT}/manage/transfer", person=str(site.people["otto"])).status_code == 404
        assert olivia.post(f"{NIGHT}/manage/transfer", person=str(site.people["olivia"])).status_code == 409
        assert olivia.post(f"{NIGHT}/manage/transfer", person="", keep="owner").status_code == 400


class TestTheArchive:
    def test_is_out_of_the_lists_and_back_again(self, site: Site, olivia: Visitor) -> None:
        assert olivia.post(f"{NIGHT}/manage/archive").headers["location"] == "/archive"
        home = olivia.context("/")
        assert (len(home.cards), home.archived) == (0, 1)
        assert studies(site)["night"].state == "closed"
        assert [study.slug for study, _ in olivia.context("/archive").studies] == ["night"]
        assert olivia.get(f"{NIGHT}/overview").status_code == 200
        assert olivia.post(f"{NIGHT}/manage/restore").is_redirect
        assert [card.study.slug for card in olivia.context("/").cards] == ["night"]
        log = words_of(olivia.page(f"{NIGHT}/audit"))
        assert "archived the study" in log
        assert "restored the study from the archive" in log


class TestDeleting:
    def test_takes_the_typed_address(self, site: Site, olivia: Visitor) -> None:
        assert olivia.post(f"{NIGHT}/delete", confirm="Night light").status_code == 400
        assert "night" in studies(site)

    def test_says_what_goes_and_deletes_that_and_nothing_else(self, site: Site, olivia: Visitor) -> None:
        submission = submitted(site)
        olivia.post(f"/submissions/{submission}/decisions", kind="accept")
        with site.database.writing() as db:
            other = create_study(db, StudyDefinition(title="Day", instructions="Write."), None, site.clock())
            add_items(db, other, [ItemRow(key="a", title="", text="Another text.")])
            db.add(Membership(user_id=site.people["rafael"], study_id=other.id, role="owner"))
        site.slug = "day"
        site.items = {"a": "Another text."}
        submitted(site)
        before = rows(site)
        contents = olivia.context(f"{NIGHT}/delete").contents
        assert (contents.items, contents.submissions, contents.decisions, contents.undecided) == (3, 1, 1, 0)
        assert olivia.post(f"{NIGHT}/delete", confirm="night").headers["location"] == "/?deleted=1"
        after = rows(site)
        assert set(studies(site)) == {"day"}
        assert after["users"] == before["users"]
        assert after["submissions"] == after["writing_sessions"] == after["workers"] == after["reports"] == 1
        assert after["items"] == 1
        assert after["memberships"] == 1
        assert after["decisions"] == 0
        with site.database.reading() as db:
            (entry,) = db.scalars(select(AuditEntry).where(AuditEntry.action == "delete study"))
        assert entry.detail == {"study": "night", "title": "Night light", "submissions": 1, "workers": 1}
        with site.database.writing() as db:
            db.get_one(User, site.people["otto"]).is_operator = True
        assert "deleted a study" in site.visitor("otto").page("/installation/audit")

    def test_leaves_no_estimate_of_several_studies_that_may_hold_its_figures(self, site: Site, olivia: Visitor) -> None:
        with site.database.writing() as db:
            other = create_study(db, StudyDefinition(title="Day", instructions="Write."), None, site.clock())
            kept, joint = f"prevalence {other.id}", f"joint {'a' * 32}"
            for key in (kept, joint):
                db.add(StudyFigures(key=key, study_id=other.id, body={"night": 0.5}))
        olivia.post(f"{NIGHT}/delete", confirm="night")
        with site.database.reading() as db:
            assert db.scalars(select(StudyFigures.key)).all() == [kept]

    def test_its_number_is_never_given_out_again(self, site: Site, olivia: Visitor) -> None:
        number = studies(site)["night"].id
        olivia.post(f"{NIGHT}/delete", confirm="night")
        with site.database.writing() as db:
            assert create_study(db, StudyDefinition(title="New", instructions="Write."), None, site.clock()).id > number

    @pytest.mark.parametrize("state", [ActionState.QUEUED, ActionState.UNSURE])
    def test_waits_for_payments_that_are_under_way(self, site: Site, olivia: Visitor, state: ActionState) -> None:
        pay(site, state)
        assert olivia.post(f"{NIGHT}/delete", confirm="night").status_code == 409
        assert "Payments page" in words_of(olivia.page(f"{NIGHT}/delete"))
        assert "night" in studies(site)

    def test_what_was_spent_goes_on_counting_against_the_servers_budget(self, site: Site, olivia: Visitor) -> None:
        pay(site, ActionState.SENT)
        with site.database.reading() as db:
            (before,) = budget_lines(db, site.clock())
        assert olivia.post(f"{NIGHT}/delete", confirm="night").is_redirect
        with site.database.reading() as db:
            assert list(budget_lines(db, site.clock())) == [before]
            assert db.get_one(DeletedSpending, "USD").cents == before.committed == 120


def pay(site: Site, state: ActionState) -> None:
    with site.database.writing() as db:
        study = db.scalars(select(Study).where(Study.slug == "night")).one()
        values: dict[str, Any] = {"kind": ActionKind.BONUS, "token": "t", "amount_cents": 100, "fee_cents": 20}
        db.add(PlatformAction(study_id=study.id, state=state, currency="USD", queued_at=site.clock(), **values))


def rows(site: Site) -> dict[str, int]:
    with site.database.reading() as db:
        tables = Base.metadata.tables
        return {name: db.scalar(select(func.count()).select_from(table)) or 0 for name, table in tables.items()}


class TestRemovals:
    def test_an_item_comes_back_with_everything_it_had(self, site: Site, olivia: Visitor) -> None:
        def item() -> tuple[str, str, dict[str, str]]:
            with site.database.reading() as db:
                title, text, fields = db.execute(
                    select(Item.title, Item.text, Item.fields).where(Item.key == "b")
                ).one()
            return title, text, fields

        before = item()
        olivia.post(f"{NIGHT}/items/remove", key="b")
        (removal,) = olivia.context(f"{NIGHT}/items").removed
        assert olivia.post(f"{NIGHT}/items/removals/{removal.id}/restore").is_redirect
        assert item() == before
        assert olivia.post(f"{NIGHT}/items/removals/{removal.id}/restore").status_code == 404

    def test_a_member_comes_back_with_the_same_role(self, site: Site, olivia: Visitor) -> None:
        vera = site.visitor("vera")
        olivia.post(f"{NIGHT}/people/role", person=str(site.people["vera"]), role="")
        assert vera.get(NIGHT).status_code == 404
        (removal,) = olivia.context(f"{NIGHT}/people").removed
        assert olivia.post(f"{NIGHT}/people/restore", removal=str(removal.id)).is_redirect
        assert olivia.context(f"{NIGHT}/people").removed == []
        assert vera.context(f"{NIGHT}/overview").frame.role == "viewer"

    def test_end_after_a_week(self, site: Site, olivia: Visitor) -> None:
        olivia.post(f"{NIGHT}/items/remove", key="b")
        (removal,) = olivia.context(f"{NIGHT}/items").removed
        site.clock.advance(days=8)
        olivia = site.visitor("olivia")
        assert olivia.context(f"{NIGHT}/items").removed == []
        assert olivia.post(f"{NIGHT}/items/removals/{removal.id}/restore").status_code == 404


class TestAnItem:
    @pytest.fixture
    def number(self, site: Site) -> Callable[[str], int]:
        def of(key: str) -> int:
            with site.database.reading() as db:
                return db.scalars(select(Item.id).where(Item.key == key)).one()

        return of

    def test_is_changed_until_a_worker_has_had_it(
        self, site: Site, olivia: Visitor, number: Callable[[str], int]
    ) -> None:
        address = f"{NIGHT}/items/{number('b')}"
        assert olivia.post(address, title="New", text="Another text.").is_redirect
        page = olivia.context(address)
        assert (page.item.title, page.item.text, page.used) == ("New", "Another text.", False)
        assert olivia.post(address, title="New", text=" ").status_code == 400
        assert olivia.post(f"{NIGHT}/items/no-number").status_code == 404

    def test_stays_as_it_is_afterwards(self, site: Site, olivia: Visitor, number: Callable[[str], int]) -> None:
        submitted(site)
        address = f"{NIGHT}/items/{number('a')}"
        assert olivia.post(address, title="New", text="Another text.").status_code == 409
        assert olivia.context(address).used
        assert "<textarea" not in olivia.page(address)
        assert "<textarea" not in site.visitor("vera").page(f"{NIGHT}/items/{number('b')}")


class TestErasingAWorker:
    def test_takes_the_typed_name_and_leaves_the_others(self, site: Site, olivia: Visitor) -> None:
        submitted(site)
        submitted(site)
        first, second = (row.line.worker for row in olivia.context(NIGHT).rows)
        page = f"{NIGHT}/workers/{first}/erase"
        assert olivia.context(page).stored.submissions == 1
        assert olivia.post(page, confirm=second).status_code == 400
        assert len(olivia.context(NIGHT).rows) == 2
        assert olivia.post(page, confirm=first).headers["location"] == f"{NIGHT}/workers?erased=1"
        assert [row.line.worker for row in olivia.context(NIGHT).rows] == [second]
        assert olivia.get(page).status_code == 404
        with site.database.reading() as db:
            (entry,) = db.scalars(select(AuditEntry).where(AuditEntry.action == "erase worker"))
        assert (entry.user_id, entry.detail) == (site.people["olivia"], {})

    def test_the_page_speaks_of_an_exclusion_only_where_there_is_one(self, site: Site, olivia: Visitor) -> None:
        submitted(site)
        line = olivia.context(NIGHT).rows[0].line
        worker = f"{NIGHT}/workers/{line.worker}"
        ends = "exclusion: the person may take part in further studies again"
        assert "take part in further studies" not in olivia.page(f"{worker}/erase")
        site.exclude_worker(line.worker, "Copied the item.")
        assert f"1\xa0{ends}" in olivia.page(f"{worker}/erase")
