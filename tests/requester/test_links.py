"""Invitations and links for a new password: when they work, and what ends them."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import Forbidden, NotFound
from keytrail.models import AuditEntry, Invitation, Membership, Role, User
from keytrail.requester.people.people import PeoplePage
from keytrail.studies import study_by_slug
from keytrail.users.invitations import accept, invite, read_invitation
from keytrail.users.members import set_role
from keytrail.users.tokens import create_token, user_of_token
from tests.requester.site import Site, Visitor
from tests.requester.test_accounts import PASSWORD, link_in

PEOPLE = "/studies/night/people"


@pytest.fixture
def olivia(site: Site) -> Visitor:
    return site.visitor("olivia")


def give(site: Site, name: str, role: Role | None) -> None:
    with site.database.writing() as db:
        study_id = db.scalars(select(Membership.study_id)).first()
        found = db.get(Membership, (site.people[name], study_id))
        if found is not None and role is None:
            db.delete(found)
        elif found is not None and role is not None:
            found.role = role
        elif role is not None:
            db.add(Membership(user_id=site.people[name], study_id=study_id, role=role))


def change_user(site: Site, name: str, **changes: object) -> None:
    with site.database.writing() as db:
        for field, value in changes.items():
            setattr(db.get_one(User, site.people[name]), field, value)


class TestAPasswordLink:
    @pytest.fixture
    def link(self, site: Site, olivia: Visitor) -> str:
        return self.make(site, olivia)

    def make(self, site: Site, owner: Visitor, name: str = "vera") -> str:
        return link_in(owner.post(f"{PEOPLE}/password", person=str(site.people[name])).text)

    def works(self, site: Site, link: str) -> bool:
        shown = site.visitor().get(link).status_code == 200
        used = site.visitor().post(f"{link}/password", password=PASSWORD).status_code == 303
        assert shown == used
        return used

    def test_works_while_nothing_changes_and_a_few_hours_at_most(self, site: Site, olivia: Visitor, link: str) -> None:
        site.clock.advance(hours=3, minutes=59)
        assert self.works(site, link)
        later = self.make(site, olivia)
        site.clock.advance(hours=4)
        assert not self.works(site, later)

    def test_works_once(self, site: Site, link: str) -> None:
        assert [self.works(site, link), self.works(site, link)] == [True, False]

    @pytest.mark.parametrize(
        "change",
        [
            lambda site: give(site, "vera", None),
            lambda site: give(site, "vera", Role.REVIEWER),
            lambda site: give(site, "olivia", Role.REVIEWER),
            lambda site: give(site, "olivia", None),
            lambda site: change_user(site, "vera", may_spend=True),
            lambda site: change_user(site, "vera", is_operator=True),
            lambda site: change_user(site, "vera", password_hash="another"),
        ],
        ids=["taken out", "other role", "maker demoted", "maker out", "right given", "made operator", "new password"],
    )
    def test_is_void_once_what_it_rests_on_has_changed(
        self, site: Site, link: str, change: Callable[[Site], None]
    ) -> None:
        change(site)
        assert not self.works(site, link)

    def test_is_void_once_the_person_is_in_a_study_of_somebody_else(self, site: Site, link: str) -> None:
        otto = site.visitor("otto")
        assert otto.post("/new-study", title="Otto's", instructions="Write.", platform="direct", reward="0").is_redirect
        theirs = link_in(otto.post("/studies/otto-s/people/invite", role="viewer").text)
        assert site.visitor("vera").post(f"{theirs}/accept").is_redirect
        assert not self.works(site, link)

    def test_is_void_once_another_was_made(self, site: Site, olivia: Visitor, link: str) -> None:
        assert [self.works(site, self.make(site, olivia)), self.works(site, link)] == [True, False]

    def test_role_changes_on_the_page_end_it_for_good(self, site: Site, olivia: Visitor, link: str) -> None:
        for role in ("reviewer", "viewer"):
            olivia.post(f"{PEOPLE}/role", person=str(site.people["vera"]), role=role)
        assert not self.works(site, link)

    @pytest.mark.parametrize("right", ["may_create_studies", "may_spend", "is_operator"])
    def test_is_not_made_for_somebody_with_rights_that_the_owner_lacks(
        self, site: Site, olivia: Visitor, right: str
    ) -> None:
        change_user(site, "olivia", **{right: False})
        change_user(site, "vera", **{right: True})
        answer = olivia.post(f"{PEOPLE}/password", person=str(site.people["vera"]))
        assert (answer.status_code, "rights on this server" in answer.text) == (403, True)

    def test_ends_sign_ins_and_tokens_as_the_page_says(self, site: Site, link: str) -> None:
        vera = site.visitor("vera")
        with site.database.writing() as db:
            token = create_token(db, db.get_one(User, site.people["vera"]), "t", site.clock())
        assert "signs you out everywhere else and revokes your API tokens" in site.visitor().page(link)
        assert self.works(site, link)
        assert vera.get("/").status_code == 303
        with site.database.reading() as db:
            assert user_of_token(db, token) is None


class TestAnInvitation:
    def test_is_listed_with_its_maker_and_revoked(self, site: Site, olivia: Visitor) -> None:
        link = link_in(olivia.post(f"{PEOPLE}/invite", role="viewer").text)
        page: PeoplePage = olivia.context(PEOPLE)
        (waiting,) = page.waiting
        assert (waiting.role, waiting.made_by) == ("viewer", "Olivia")
        assert olivia.post(f"{PEOPLE}/revoke", link=waiting.id).is_redirect
        assert site.visitor("otto").post(f"{link}/accept").status_code == 404
        with site.database.reading() as db:
            assert "revoke link" in db.scalars(select(AuditEntry.action)).all()

    def test_password_links_are_listed_and_revoked_too(self, site: Site, olivia: Visitor) -> None:
        link = link_in(olivia.post(f"{PEOPLE}/password", person=str(site.people["vera"])).text)
        (waiting,) = olivia.context(PEOPLE).waiting
        assert (waiting.role, waiting.person) == ("", "Vera")
        olivia.post(f"{PEOPLE}/revoke", link=waiting.id)
        assert site.visitor().get(link).status_code == 404

    @pytest.mark.parametrize("name", ["rafael", "vera", "otto"])
    def test_only_owners_revoke_and_only_links_of_their_study(self, site: Site, olivia: Visitor, name: str) -> None:
        link = link_in(olivia.post(f"{PEOPLE}/invite", role="viewer").text)
        (waiting,) = olivia.context(PEOPLE).waiting
        assert site.visitor(name).post(f"{PEOPLE}/revoke", link=waiting.id).status_code in {403, 404}
        for other in ("", "%", waiting.id[:4], "_" * 12):
            assert olivia.post(f"{PEOPLE}/revoke", link=other).status_code == 404
        assert site.visitor().get(link).status_code == 200

    @pytest.mark.parametrize("role", [Role.REVIEWER, None])
    def test_ends_with_its_makers_role(self, site: Site, olivia: Visitor, role: Role | None) -> None:
        give(site, "rafael", Role.OWNER)
        link = link_in(olivia.post(f"{PEOPLE}/invite", role="owner").text)
        give(site, "olivia", role)
        assert site.visitor("otto").post(f"{link}/accept").status_code == 404
        assert site.visitor().post(f"{link}/account", email="n@example.org", password=PASSWORD).status_code == 404
        assert site.visitor("rafael").context(PEOPLE).waiting == []

    def test_does_not_come_back_with_the_role(self, site: Site, olivia: Visitor) -> None:
        rafael, person = site.visitor("rafael"), str(site.people["olivia"])
        give(site, "rafael", Role.OWNER)
        link = link_in(olivia.post(f"{PEOPLE}/invite", role="owner").text)
        for role in ("reviewer", "owner"):
            assert rafael.post(f"{PEOPLE}/role", person=person, role=role).is_redirect
        assert site.visitor().get(link).status_code == 404

    def test_gives_no_rights_in_the_installation(self, site: Site, olivia: Visitor) -> None:
        link = link_in(olivia.post(f"{PEOPLE}/invite", role="owner").text)
        nina = site.visitor()
        assert nina.post(f"{link}/account", email="nina@example.org", name="Nina", password=PASSWORD).is_redirect
        answer = nina.get("/new-study")
        assert (answer.status_code, "You may not create studies" in answer.text) == (403, True)
        assert nina.post("/new-study", title="Mine", instructions="Write.").status_code == 403
        assert "/new-study" not in nina.page("/")

    def test_two_owners_who_remove_each_other_at_once_leave_one(self, site: Site) -> None:
        def remove(db: Session, name: str, by: str) -> None:
            who, actor = (db.get_one(User, site.people[one]) for one in (name, by))
            set_role(db, study_by_slug(db, "night"), who, None, actor, site.clock())

        def remove_olivia() -> None:
            with site.database.writing() as db, pytest.raises((Forbidden, NotFound)) as error:
                remove(db, "olivia", "rafael")
            refused.append(error.type)

        refused: list[type[Exception]] = []
        with site.database.writing() as db:
            db.get_one(Membership, (site.people["rafael"], study_by_slug(db, "night").id)).role = Role.OWNER
        with site.database.writing() as db:
            remove(db, "rafael", "olivia")
            db.flush()
            other = threading.Thread(target=remove_olivia)
            other.start()
            other.join(1)  # long enough for one who does not wait
        other.join()
        with site.database.reading() as db:
            owners = db.scalars(select(Membership.user_id).where(Membership.role == Role.OWNER)).all()
        assert (owners, refused) == ([site.people["olivia"]], [Forbidden])

    def test_that_two_use_at_once_lets_one_in(self, site: Site) -> None:
        with site.database.writing() as db:
            owner = db.get_one(User, site.people["olivia"])
            token = invite(db, study_by_slug(db, "night"), Role.VIEWER, owner, site.clock())
        with site.database.reading() as db:
            invited = read_invitation(db, token, site.clock())
        with site.database.writing() as db:
            accept(db, invited, db.get_one(User, site.people["otto"]), site.clock())
        with site.database.writing() as db, pytest.raises(NotFound, match="has just been used"):
            accept(db, invited, db.get_one(User, site.people["vera"]), site.clock())
        with site.database.reading() as db:
            assert db.scalars(select(Invitation)).all() == []
