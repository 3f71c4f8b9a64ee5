"""The operators' page: users' rights, the server's budgets. And the sign-in page."""

import threading

import pytest
from sqlalchemy import select

from keytrail.models import AuditEntry, User
from keytrail.requester.people.cookies import DEVICE_COOKIE
from keytrail.requester.people.installation import InstallationPage
from keytrail.users import hashing
from keytrail.users.hashing import hash_password
from keytrail.users.slots import SignInSlots
from keytrail.users.tokens import create_token, user_of_token
from tests.requester.site import Site, Visitor
from tests.users.tries import CheapHasher, hasher

__all__ = ["hasher"]

PASSWORD = "a long password"


@pytest.fixture
def otto(site: Site) -> Visitor:
    """An operator."""
    with site.database.writing() as db:
        db.get_one(User, site.people["otto"]).is_operator = True
    return site.visitor("otto")


def rights(site: Site, name: str) -> tuple[bool, bool, bool]:
    with site.database.reading() as db:
        user = db.get_one(User, site.people[name])
        return user.may_create_studies, user.may_spend, user.is_operator


class TestRights:
    def test_are_given_and_taken_and_noted(self, site: Site, otto: Visitor) -> None:
        vera = str(site.people["vera"])
        answer = otto.post("/installation/rights", person=vera, right=["create_studies", "spend"])
        page: InstallationPage = otto.context(answer.headers["location"])
        assert page.notice == "The rights were changed."
        assert rights(site, "vera") == (True, True, False)
        assert site.visitor("vera").get("/new-study").status_code == 200
        otto.post("/installation/rights", person=vera, right=["all", "operator"])
        assert rights(site, "vera") == (False, False, True)
        with site.database.reading() as db:
            noted = db.scalars(select(AuditEntry).where(AuditEntry.action == "set rights")).all()
        assert [entry.detail["to"]["spend"] for entry in noted] == [True, False]

    def test_an_operator_cannot_stop_being_one_by_mistake(self, site: Site, otto: Visitor) -> None:
        own = str(site.people["otto"])
        assert otto.post("/installation/rights", person=own, right=["spend"]).status_code == 409
        assert otto.post("/installation/rights", person=own, right=["operator"]).is_redirect
        assert rights(site, "otto") == (False, False, True)

    @pytest.mark.parametrize(("person", "status"), [("", 404), ("999", 404), ("x", 400)])
    def test_of_nobody_are_refused(self, otto: Visitor, person: str, status: int) -> None:
        assert otto.post("/installation/rights", person=person).status_code == status

    def test_the_page_is_for_operators(self, site: Site) -> None:
        olivia = site.visitor("olivia")
        assert (
            olivia.post("/installation/rights", person=str(site.people["olivia"]), right="operator").status_code == 403
        )
        assert olivia.post("/installation/budget", currency="USD", amount="9").status_code == 403
        assert rights(site, "olivia") == (True, True, False)
        assert "/installation" not in olivia.page("/account")


class TestBudgets:
    def test_are_set_and_taken_away(self, otto: Visitor) -> None:
        answer = otto.post("/installation/budget", currency="usd", amount="12.50")
        page: InstallationPage = otto.context(answer.headers["location"])
        assert [(line.currency, line.budget, line.left) for line in page.budgets] == [("USD", "12.50", "12.50 USD")]
        otto.post("/installation/budget", currency="USD", amount="")
        assert otto.context("/installation").budgets == []

    @pytest.mark.parametrize(("currency", "amount"), [("US", "1"), ("123", "1"), ("USD", "x"), ("USD", "-1")])
    def test_that_make_no_sense_are_refused_on_the_page(self, otto: Visitor, currency: str, amount: str) -> None:
        assert otto.post("/installation/budget", currency=currency, amount=amount).status_code == 400
        assert otto.context("/installation").budgets == []


class TestSigningIn:
    @pytest.fixture(autouse=True)
    def _password(self, site: Site, hasher: CheapHasher) -> None:
        with site.database.writing() as db:
            db.get_one(User, site.people["vera"]).password_hash = hash_password(PASSWORD).value

    def sign_in(self, visitor: Visitor, password: str = PASSWORD) -> int:
        return visitor.post("/sign-in", email="vera@example.org", password=password).status_code

    def test_a_browser_is_known_from_then_on_and_others_cannot_lock_it_out(self, site: Site) -> None:
        known, other = site.visitor(), site.visitor()
        assert self.sign_in(known) == 303
        cookie = next(cookie for cookie in known.client.cookies.jar if cookie.name == DEVICE_COOKIE)
        assert cookie.has_nonstandard_attr("HttpOnly")
        for _ in range(5):
            assert self.sign_in(other, "wrong words") == 401
        refused = other.post("/sign-in", email="vera@example.org", password=PASSWORD)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "900")
        assert "Please wait 15 minutes" in refused.text
        assert self.sign_in(known) == 303

    def test_too_many_at_once_are_asked_to_come_again(
        self, site: Site, hasher: CheapHasher, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(hashing, "_slots", SignInSlots(1, 0))
        at_work, go_on, first = threading.Event(), threading.Event(), []

        def work() -> None:
            at_work.set()
            assert go_on.wait(30)

        hasher.meanwhile = work
        thread = threading.Thread(target=lambda: first.append(self.sign_in(site.visitor())))
        thread.start()
        assert at_work.wait(30)
        refused = site.visitor().post("/sign-in", email="vera@example.org", password=PASSWORD)
        # Everything else goes on: nothing is locked, and no connection is held.
        assert site.visitor("olivia").get("/studies/night").status_code == 200
        assert site.visitor("olivia").post("/studies/night/state", state="paused").is_redirect
        go_on.set()
        thread.join(30)
        assert (refused.status_code, refused.headers["retry-after"], first) == (503, "2", [303])
        assert "try again in a few seconds" in refused.text

    def test_changing_the_password_revokes_tokens_and_keeps_the_browser_known(self, site: Site) -> None:
        vera = site.visitor()
        assert self.sign_in(vera) == 303
        with site.database.writing() as db:
            token = create_token(db, db.get_one(User, site.people["vera"]), "t", site.clock())
        answer = vera.post("/account/password", current=PASSWORD, new="another long one")
        assert "your API tokens are revoked" in answer.text
        with site.database.reading() as db:
            assert user_of_token(db, token) is None
        for _ in range(6):
            site.visitor().post("/sign-in", email="vera@example.org", password="wrong words")
        assert self.sign_in(vera, "another long one") == 303
