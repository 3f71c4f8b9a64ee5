"""Sign-in by a header of a trusted proxy, and servers without passwords."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from keytrail.errors import BadSettings
from keytrail.models import ProviderAccount, User
from keytrail.requester.people.access import COOKIE
from keytrail.settings import Settings, load_settings
from keytrail.users.hashing import hash_password
from keytrail.users.reset_links import make_sign_in_link
from tests.conftest import FakeClock
from tests.requester.night_study import night_study
from tests.requester.site import ORIGIN, Site, Visitor, words_of

PROXY, ELSEWHERE = "10.1.2.3", "192.0.2.7"
PASSWORD = "a long password"


@dataclass
class Lab:
    """Keytrail behind a proxy of 10.1.0.0/16 that signs people in."""

    site: Site
    sites: list[Site] = field(default_factory=list)

    def visitor(self, peer: str, **headers: str) -> Visitor:
        client = TestClient(self.site.app, base_url=ORIGIN, follow_redirects=False, client=(peer, 50000))
        client.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
        return Visitor(client)


@pytest.fixture
def lab(make_settings: Callable[..., Settings], sqlite_database_url: str, clock: FakeClock) -> Lab:
    settings = make_settings(
        database_url=sqlite_database_url,
        remote_user_header="X-Remote-User",
        trusted_proxies="127.0.0.1 10.1.0.0/16",
        sign_in_claims="groups=staff sub=olivia@example.org",
        spend_claims="groups=pi",
        password_sign_in=False,
    )
    return Lab(night_study(settings, clock))


INES = {"x_remote_user": "ines", "x_remote_user_email": "ines@example.edu", "x_remote_user_groups": "pi; staff"}


class TestAProxy:
    def test_signs_in_whom_it_names(self, lab: Lab) -> None:
        ines = lab.visitor(PROXY, **INES)
        assert ines.get("/account").headers["location"] == "/sign-in?wanted=%2Faccount"
        answer = ines.get("/sign-in?wanted=/account")
        assert (answer.status_code, answer.headers["location"]) == (303, "/account")
        assert "publish and pay" in ines.page("/account")
        with lab.site.database.reading() as db:
            assert [(one.issuer, one.subject) for one in db.scalars(select(ProviderAccount))] == [("proxy", "ines")]

    def test_behind_another_that_forwards_addresses_too(self, lab: Lab) -> None:
        ines = lab.visitor(PROXY, **INES, x_forwarded_for=ELSEWHERE)
        assert ines.get("/sign-in").status_code == 303

    @pytest.mark.parametrize("forwarded", [{}, {"x_forwarded_for": PROXY}])
    def test_that_is_not_trusted_names_nobody_and_is_logged(
        self, lab: Lab, caplog: pytest.LogCaptureFixture, forwarded: dict[str, str]
    ) -> None:
        intruder = lab.visitor(ELSEWHERE, **INES, **forwarded)
        for _ in range(3):
            assert intruder.get("/sign-in").status_code == 200
        assert caplog.text.count(f"came from {ELSEWHERE} and was ignored") == 1
        assert "ines" not in caplog.text

    @pytest.mark.parametrize("name", ["X-Remote-User", "X-Remote-User-Groups", "X-Remote-User-Email"])
    def test_that_adds_its_header_to_the_browsers_names_nobody(
        self, lab: Lab, caplog: pytest.LogCaptureFixture, name: str
    ) -> None:
        both = [*((one.replace("_", "-"), value) for one, value in INES.items()), (name, "olivia@example.org")]
        answer = lab.visitor(PROXY).client.get("/sign-in", headers=both)
        assert (answer.status_code, answer.cookies.get(COOKIE)) == (200, None)
        assert f"twice from the proxy {PROXY}" in caplog.text

    def test_refuses_whom_no_rule_lets_in(self, lab: Lab) -> None:
        stranger = lab.visitor(PROXY, x_remote_user="s", x_remote_user_email="s@example.edu")
        assert stranger.get("/sign-in").status_code == 403

    def test_does_not_take_an_account_with_the_same_address(self, lab: Lab) -> None:
        answer = lab.visitor(PROXY, x_remote_user="olivia@example.org").get("/sign-in")
        assert answer.status_code == 409
        assert "keytrail user link" in words_of(answer.text)

    def test_ends_the_sign_in_of_whoever_used_the_browser_before(self, lab: Lab) -> None:
        shared = lab.visitor(PROXY, **INES)
        shared.get("/sign-in")
        shared.client.headers["x-remote-user"] = "another"
        assert shared.get("/account").status_code == 303
        shared.client.headers["x-remote-user"] = "ines"
        assert "ines@example.edu" in shared.page("/account")

    def test_signed_out_stays_signed_out_until_asked(self, lab: Lab) -> None:
        ines = lab.visitor(PROXY, **INES)
        ines.get("/sign-in")
        page = ines.page(ines.post("/sign-out").headers["location"])
        assert "You are signed out." in page
        assert ines.get("/account").status_code == 303


class TestWithoutPasswords:
    def test_none_is_asked_for_or_taken(self, lab: Lab) -> None:
        with lab.site.database.writing() as db:
            db.get_one(User, lab.site.people["olivia"]).password_hash = hash_password(PASSWORD).value
        nobody = lab.site.visitor()
        page = nobody.page("/sign-in")
        assert 'type="password"' not in page
        assert "forgotten" not in page.lower()
        assert nobody.get("/forgotten-password").status_code == 403
        answer = nobody.post("/sign-in", email="olivia@example.org", password=PASSWORD)
        assert answer.status_code == 403
        assert "does not let people sign in with passwords" in words_of(answer.text)

    def test_the_account_page_has_none(self, lab: Lab) -> None:
        olivia = lab.site.visitor("olivia")
        assert 'type="password"' not in olivia.page("/account")
        assert olivia.get("/account/codes").status_code == 403
        for address in ("/account/password", "/account/codes/on", "/account/codes/off"):
            assert olivia.post(address).status_code in {400, 403}, address

    def test_invitations_lead_to_the_institution(self, lab: Lab) -> None:
        olivia = lab.site.visitor("olivia")
        invited = olivia.post("/studies/night/people/invite", role="viewer").text
        link = re.search(r"/invitation/[\w-]+", invited)
        assert link
        ines = lab.visitor(PROXY, **INES)
        assert 'type="password"' not in ines.page(link[0])
        form = {"email": "x@example.org", "name": "X", "password": PASSWORD}
        assert ines.post(f"{link[0]}/account", **form).status_code == 403
        assert ines.get(f"/sign-in?wanted={link[0]}").headers["location"] == link[0]
        assert ines.post(f"{link[0]}/accept").headers["location"] == "/studies/night"

    def test_a_link_from_the_command_line_is_the_way_back_in(self, lab: Lab) -> None:
        with lab.site.database.writing() as db:
            olivia = db.get_one(User, lab.site.people["olivia"])
            secret = make_sign_in_link(db, olivia, lab.site.clock())
        visitor = lab.site.visitor()
        assert "Sign in as Olivia" in words_of(visitor.page(f"/invitation/{secret}"))
        assert visitor.post(f"/invitation/{secret}/password", password=PASSWORD).status_code == 403
        assert "New password for" not in lab.site.visitor("olivia").page("/studies/night/people")
        assert visitor.post(f"/invitation/{secret}/sign-in").status_code == 303
        assert "olivia@example.org" in visitor.page("/account")
        assert lab.site.visitor().post(f"/invitation/{secret}/sign-in").status_code == 404

    def test_it_lasts_a_quarter_of_an_hour(self, lab: Lab) -> None:
        with lab.site.database.writing() as db:
            olivia = db.get_one(User, lab.site.people["olivia"])
            secret = make_sign_in_link(db, olivia, lab.site.clock())
        lab.site.clock.advance(minutes=15)
        assert lab.site.visitor().post(f"/invitation/{secret}/sign-in").status_code == 404


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"PASSWORD_SIGN_IN": "false"}, "leaves no way to sign in"),
        ({"REMOTE_USER_HEADER": "X-Remote-User"}, "KEYTRAIL_SIGN_IN_CLAIMS"),
        (
            {"REMOTE_USER_HEADER": "X-Remote-User", "SIGN_IN_CLAIMS": "*", "TRUSTED_PROXIES": "*"},
            "sign in as anybody",
        ),
        ({"OIDC_ISSUER": "https://login.example", "SIGN_IN_CLAIMS": "*"}, "KEYTRAIL_OIDC_CLIENT_ID"),
        ({"OIDC_ISSUER": "http://login.example"}, "is not an issuer"),
        ({"OIDC_ACCOUNT_CLAIM": "email"}, "given to somebody else"),
        ({"SIGN_IN_CLAIMS": "staff"}, "claim=value"),
        ({"SIGN_IN_CLAIMS": "groups='staff"}, "quotation mark"),
        ({"OIDC_SCOPES": "profile"}, "KEYTRAIL_OIDC_SCOPES"),
        ({"OIDC_CLIENT_SECRET": "s", "OIDC_CLIENT_SECRET_FILE": "f"}, "Set either"),
    ],
)
def test_settings_that_do_not_fit_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], words: str
) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"KEYTRAIL_{name}", value)
    with pytest.raises(BadSettings, match=words):
        load_settings()
