import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from keytrail.models import ActionKind, AuditEntry, Invitation, Membership, SignIn, Study, User
from keytrail.platform_actions.outbox import Order, queue
from keytrail.requester.people import audit
from keytrail.requester.people.account import AccountPage
from keytrail.requester.people.audit import AuditPage
from keytrail.requester.people.people import PeoplePage
from keytrail.users import throttle
from keytrail.users.hashing import hash_password
from keytrail.users.sessions import browser_name
from tests.requester.site import ORIGIN, Site, Visitor, words_of

PASSWORD = "a long password"


@pytest.fixture
def olivia(site: Site) -> Visitor:
    return site.visitor("olivia")


def link_in(html: str) -> str:
    found = re.search(rf"{ORIGIN}(/invitation/[\w-]+)", html)
    assert found is not None
    return found[1]


def token_in(html: str) -> str:
    found = re.search(r">(kt_[\w-]+)<", html)
    assert found is not None
    return found[1]


class TestPassword:
    @pytest.fixture(autouse=True)
    def _has_one(self, site: Site) -> None:
        with site.database.writing() as db:
            db.get_one(User, site.people["olivia"]).password_hash = hash_password(PASSWORD).value

    def test_is_changed_and_other_browsers_are_signed_out(self, site: Site, olivia: Visitor) -> None:
        elsewhere = site.visitor("olivia")
        assert olivia.post("/account/password", current=PASSWORD, new="another long one").status_code == 200
        assert olivia.get("/account").status_code == 200
        assert elsewhere.get("/account").status_code == 303
        fresh = site.visitor()
        assert fresh.post("/sign-in", email="olivia@example.org", password=PASSWORD).status_code == 401
        assert fresh.post("/sign-in", email="olivia@example.org", password="another long one").status_code == 303

    @pytest.mark.parametrize(("current", "new"), [("wrong", "another long one"), (PASSWORD, "short")])
    def test_stays_where_something_is_wrong(self, site: Site, olivia: Visitor, current: str, new: str) -> None:
        assert olivia.post("/account/password", current=current, new=new).status_code == 400
        assert site.visitor().post("/sign-in", email="olivia@example.org", password=PASSWORD).status_code == 303

    @pytest.mark.parametrize(("page", "field"), [("/account/password", "current"), ("/account/codes/off", "password")])
    def test_cannot_be_guessed_in_an_open_browser(self, site: Site, olivia: Visitor, page: str, field: str) -> None:
        tries = [
            olivia.post(page, **{field: f"a wrong password {n}"}).status_code for n in range(throttle.PER_CONFIRMATION)
        ]
        assert set(tries) == {400}
        refused = olivia.post(page, **{field: PASSWORD})
        assert refused.status_code == 429
        assert "retry-after" in refused.headers
        assert olivia.post("/account/password", current=PASSWORD, new="another long one").status_code == 429
        assert site.visitor().post("/sign-in", email="olivia@example.org", password=PASSWORD).status_code == 303
        site.clock.now += throttle.WINDOW
        assert olivia.post("/account/password", current=PASSWORD, new="another long one").status_code == 200

    def test_that_is_right_is_not_counted(self, olivia: Visitor) -> None:
        for _ in range(throttle.PER_CONFIRMATION + 1):
            assert olivia.post("/account/codes/off", password=PASSWORD).status_code == 303


class TestSignIns:
    def test_are_listed_and_ended_one_by_one(self, site: Site, olivia: Visitor) -> None:
        elsewhere = site.visitor("olivia")
        page: AccountPage = olivia.context("/account")
        assert sorted(sign_in.current for sign_in in page.sign_ins) == [False, True]
        other = next(sign_in for sign_in in page.sign_ins if not sign_in.current)
        olivia.post("/account/sign-ins/end", id=other.id)
        assert elsewhere.get("/").status_code == 303
        assert olivia.get("/").status_code == 200

    @pytest.mark.parametrize("sign_in_id", ["", "%", "____________", "%%%%%%%%%%%%"])
    def test_nothing_else_ends_any(self, site: Site, olivia: Visitor, sign_in_id: str) -> None:
        olivia.post("/account/sign-ins/end", id=sign_in_id)
        with site.database.reading() as db:
            assert len(db.scalars(select(SignIn)).all()) == 1

    def test_nobody_ends_those_of_others(self, site: Site, olivia: Visitor) -> None:
        page: AccountPage = olivia.context("/account")
        site.visitor("otto").post("/account/sign-ins/end", id=page.sign_ins[0].id)
        assert olivia.get("/").status_code == 200

    @pytest.mark.parametrize(
        ("agent", "name"),
        [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
                "Edge on Windows",
            ),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iOS"),
            ("curl/8", "Another program"),
        ],
    )
    def test_browsers_have_names(self, agent: str, name: str) -> None:
        assert browser_name(agent) == name


class TestTokens:
    def ask(self, site: Site, token: str, path: str) -> int:
        return site.visitor().client.get(f"/api/v1{path}", headers={"authorization": f"Bearer {token}"}).status_code

    def test_a_token_reads_what_its_scopes_allow(self, site: Site, olivia: Visitor) -> None:
        work = site.hand()
        work.hand.types("Some text.")
        events = f"/submissions/{work.submit()}/events"
        page = olivia.post("/account/tokens", name="Notebook", scope=["submissions"]).text
        token = token_in(page)
        assert [self.ask(site, token, path) for path in ("/studies", events)] == [200, 403]
        wider = token_in(olivia.post("/account/tokens", name="All", scope=["submissions", "events"]).text)
        assert self.ask(site, wider, events) == 200
        assert token not in olivia.page("/account")

    def test_a_token_expires_and_is_revoked(self, site: Site, olivia: Visitor) -> None:
        token = token_in(olivia.post("/account/tokens", name="Short", scope=["submissions"], days="2").text)
        assert self.ask(site, token, "/studies") == 200
        site.clock.now += timedelta(days=2)
        assert self.ask(site, token, "/studies") == 401
        site.clock.now -= timedelta(days=2)
        page: AccountPage = olivia.context("/account")
        site.visitor("otto").post("/account/tokens/revoke", id=str(page.tokens[0].id))
        assert self.ask(site, token, "/studies") == 200
        olivia.post("/account/tokens/revoke", id=str(page.tokens[0].id))
        assert self.ask(site, token, "/studies") == 401

    @pytest.mark.parametrize("fields", [{"scope": []}, {"scope": ["all"]}, {"scope": ["events"], "days": "0"}])
    def test_a_token_that_makes_no_sense_is_refused(self, olivia: Visitor, fields: dict[str, list[str]]) -> None:
        assert olivia.post("/account/tokens", name="x", **fields).status_code == 400


class TestInvitations:
    def test_a_newcomer_makes_an_account_and_is_in(self, site: Site, olivia: Visitor) -> None:
        link = link_in(olivia.post("/studies/night/people/invite", role="reviewer").text)
        nina = site.visitor()
        assert "Join “Night light”" in nina.page(link)
        answer = nina.post(f"{link}/account", email="nina@example.org", name="Nina", password=PASSWORD)
        assert answer.headers["location"] == "/studies/night"
        assert nina.context("/studies/night").frame.role == "reviewer"
        assert site.visitor().get(link).status_code == 404

    def test_somebody_with_an_account_joins_with_it(self, site: Site, olivia: Visitor) -> None:
        link = link_in(olivia.post("/studies/night/people/invite", role="viewer").text)
        assert site.visitor().post(f"{link}/accept").headers["location"].startswith("/sign-in?wanted=/invitation/")
        otto = site.visitor("otto")
        assert otto.post(f"{link}/accept").headers["location"] == "/studies/night"
        assert otto.context("/studies/night").frame.role == "viewer"

    def test_a_link_never_lowers_a_role(self, site: Site, olivia: Visitor) -> None:
        link = link_in(olivia.post("/studies/night/people/invite", role="viewer").text)
        olivia.post(f"{link}/accept")
        assert olivia.context("/studies/night").frame.role == "owner"

    def test_a_link_ends_after_a_week(self, site: Site, olivia: Visitor) -> None:
        link = link_in(olivia.post("/studies/night/people/invite", role="viewer").text)
        site.clock.advance(days=7)
        assert site.visitor().get(link).status_code == 404

    @pytest.mark.parametrize(
        "fields",
        [{"email": "olivia@example.org"}, {"email": "no address"}, {"password": "short"}],
    )
    def test_a_form_that_will_not_do_keeps_the_link(self, site: Site, olivia: Visitor, fields: dict[str, str]) -> None:
        link = link_in(olivia.post("/studies/night/people/invite", role="viewer").text)
        good = {"email": "nina@example.org", "name": "Nina", "password": PASSWORD}
        assert site.visitor().post(f"{link}/account", **(good | fields)).status_code in {400, 409}
        assert site.visitor().post(f"{link}/account", **good).status_code == 303

    def test_only_the_hash_of_a_link_is_stored(self, site: Site, olivia: Visitor) -> None:
        link = link_in(olivia.post("/studies/night/people/invite", role="viewer").text)
        with site.database.reading() as db:
            assert db.scalars(select(Invitation.token_hash)).one() not in link


class TestPeople:
    def test_roles_change_and_people_leave(self, site: Site, olivia: Visitor) -> None:
        person = str(site.people["vera"])
        answer = olivia.post("/studies/night/people/role", person=person, role="reviewer")
        assert olivia.context(answer.headers["location"]).notice == "The role was changed."
        assert site.visitor("vera").context("/studies/night").frame.role == "reviewer"
        answer = olivia.post("/studies/night/people/role", person=person, role="")
        assert "Recently removed" in olivia.context(answer.headers["location"]).notice
        assert site.visitor("vera").get("/studies/night").status_code == 404

    def test_who_gives_the_study_away_is_not_led_to_a_page_for_owners(self, site: Site, olivia: Visitor) -> None:
        for name, role in (("rafael", "owner"), ("olivia", "viewer")):
            answer = olivia.post("/studies/night/people/role", person=str(site.people[name]), role=role)
        assert olivia.get(answer.headers["location"]).status_code == 200

    def test_a_study_keeps_an_owner(self, site: Site, olivia: Visitor) -> None:
        person = str(site.people["olivia"])
        for role in ("viewer", ""):
            assert olivia.post("/studies/night/people/role", person=person, role=role).status_code == 409

    @pytest.mark.parametrize(
        ("person", "role", "status"), [("x", "viewer", 400), ("", "viewer", 404), ("1", "boss", 400)]
    )
    def test_odd_requests_are_refused(self, olivia: Visitor, person: str, role: str, status: int) -> None:
        assert olivia.post("/studies/night/people/role", person=person, role=role).status_code == status

    def test_an_outsider_cannot_be_given_a_role_from_here(self, site: Site, olivia: Visitor) -> None:
        answer = olivia.post("/studies/night/people/role", person=str(site.people["otto"]), role="viewer")
        assert answer.status_code == 404

    def test_a_password_link_sets_a_new_password_once(self, site: Site, olivia: Visitor) -> None:
        link = link_in(olivia.post("/studies/night/people/password", person=str(site.people["vera"])).text)
        vera, visitor = site.visitor("vera"), site.visitor()
        assert visitor.post(f"{link}/password", password="short").status_code == 400
        assert visitor.post(f"{link}/password", password=PASSWORD).headers["location"] == "/"
        assert vera.get("/").status_code == 303
        assert site.visitor().post("/sign-in", email="vera@example.org", password=PASSWORD).status_code == 303
        assert visitor.post(f"{link}/password", password=PASSWORD).status_code == 404

    def test_no_password_link_for_somebody_with_studies_of_others(self, site: Site, olivia: Visitor) -> None:
        with site.database.writing() as db:
            fields = {"title": "T", "instructions": "I", "consent": "C", "currency": "USD", "platform": "direct"}
            numbers = dict.fromkeys(("minimum_words", "maximum_words", "reward_cents"), 1)
            study = Study(
                slug="x", **fields, **numbers, places_per_item=1, assignment_minutes=5, created_at=site.clock()
            )
            db.add(study)
            db.flush()
            db.add(Membership(user_id=site.people["vera"], study_id=study.id, role="viewer"))
        assert olivia.post("/studies/night/people/password", person=str(site.people["vera"])).status_code == 403

    @pytest.mark.parametrize("name", ["rafael", "vera"])
    def test_only_owners_may(self, site: Site, name: str) -> None:
        visitor = site.visitor(name)
        for path in ("/people", "/audit"):
            assert visitor.get(f"/studies/night{path}").status_code == 403
        for path in ("/people/invite", "/people/role", "/people/password"):
            assert visitor.post(f"/studies/night{path}", role="owner", person="1").status_code == 403


class TestAudit:
    def test_what_was_done_is_listed_newest_first(
        self, site: Site, olivia: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(audit, "_PER_PAGE", 2)
        for state in ("paused", "closed", "open"):
            olivia.post("/studies/night/state", state=state)
        page: AuditPage = olivia.context("/studies/night/audit")
        assert [(line.by, line.action, line.detail["to"]) for line in page.lines] == [
            ("Olivia", "set state", "open"),
            ("Olivia", "set state", "closed"),
        ]
        assert page.next_url is not None
        assert [line.detail["to"] for line in olivia.context(page.next_url).lines] == ["paused"]

    def test_decisions_stand_in_words(self, site: Site, olivia: Visitor) -> None:
        work = site.hand()
        work.hand.types("Some words.")
        submission = work.submit()
        olivia.post(f"/submissions/{submission}/decisions", kind="second_look", reason="off_task")
        entries = words_of(olivia.page("/studies/night/audit"))
        assert f"{submission} decision: needs a second look reason: Not an answer to the task" in entries

    def test_payments_stand_in_words(self, site: Site, olivia: Visitor) -> None:
        with site.database.writing() as db:
            study = db.scalars(select(Study)).one()
            for kind, cents in ((ActionKind.APPROVE, 120), (ActionKind.EXCLUDE, 0)):
                queue(db, study, Order(kind, amount_cents=cents), site.people["olivia"], site.clock())
        entries = words_of(olivia.page("/studies/night/audit"))
        assert "queued a payment action Approve, 1.20 USD (action 1)" in entries
        assert "queued a payment action Exclude (action 2)" in entries

    def test_an_invitation_is_noted_without_its_secret(self, site: Site, olivia: Visitor) -> None:
        link = link_in(olivia.post("/studies/night/people/invite", role="viewer").text)
        with site.database.reading() as db:
            entry = db.scalars(select(AuditEntry)).one()
        assert entry.detail == {"role": "viewer"}
        assert link not in olivia.page("/studies/night/audit")
        assert olivia.context("/studies/night/people").waiting[0].role == "viewer"


def test_the_people_page_lists_everybody(olivia: Visitor) -> None:
    page: PeoplePage = olivia.context("/studies/night/people")
    assert [(user.name, role) for user, role in page.members] == [
        ("Olivia", "owner"),
        ("Rafael", "reviewer"),
        ("Vera", "viewer"),
    ]
