"""Sign-in by OpenID Connect: accounts, claims and rights."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from httpx2 import Response
from sqlalchemy import select

from keytrail.models import ApiToken, AuditAction, ProviderAccount, User
from keytrail.operations.doctor.openid import probe_openid
from keytrail.settings import Settings
from keytrail.users.openid import OpenIdProvider, PendingSignIn, ProviderError
from keytrail.users.tokens import create_token
from tests.requester.openid_lab import INES, Lab, MakeLab, lab, make_lab, provider
from tests.requester.site import ORIGIN, words_of
from tests.users.openid_provider import CLIENT_ID, CLIENT_SECRET, METADATA, new_key

__all__ = ["lab", "make_lab", "provider"]

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class TestSigningIn:
    def test_makes_an_account_and_leads_to_the_page_that_was_wanted(self, lab: Lab) -> None:
        visitor = lab.site.visitor()
        assert "Sign in with Lab login" in visitor.page("/sign-in?wanted=/account")
        answer = lab.sign_in(visitor, "/account")
        assert (answer.status_code, answer.headers["location"]) == (303, "/account")
        assert "Ines" in visitor.page("/account")
        assert "Change password" not in visitor.page("/account"), "she has none"
        assert lab.provider.complaints == []
        account = lab.account()
        assert (account.may_create_studies, account.may_spend, account.is_operator) == (False, False, False)

    def test_finds_the_same_account_again_whatever_its_address_is_now(self, lab: Lab) -> None:
        lab.sign_in()
        lab.provider.claims |= {"email": "ines.new@example.edu", "name": "Ines N."}
        assert lab.sign_in().status_code == 303
        with lab.site.database.reading() as db:
            (linked,) = db.scalars(select(ProviderAccount))
        assert (linked.issuer, linked.subject, linked.user_id) == (lab.provider.issuer, "4711", lab.account().id)

    def test_asks_nobody_before_somebody_signs_in(self, lab: Lab) -> None:
        lab.site.visitor().page("/sign-in")
        assert lab.provider.asked == []

    def test_by_claims_that_only_the_userinfo_has(self, lab: Lab) -> None:
        lab.provider.claims = {}
        lab.provider.userinfo = dict(INES)
        assert lab.sign_in().status_code == 303
        lab.provider.userinfo["sub"] = "somebody else"
        assert lab.sign_in().status_code == 401

    @pytest.mark.parametrize("method", ["client_secret_post", "none"])
    def test_authenticates_the_server_as_the_provider_wants(self, make_lab: MakeLab, method: str) -> None:
        lab = make_lab(**({"oidc_client_secret": None} if method == "none" else {}))
        lab.provider.secret = None if method == "none" else CLIENT_SECRET
        lab.provider.metadata = {"token_endpoint_auth_methods_supported": [method]}
        assert lab.sign_in().status_code == 303

    def test_with_a_wrong_secret_tells_the_person_little_and_the_log_why(
        self, lab: Lab, caplog: pytest.LogCaptureFixture
    ) -> None:
        lab.provider.secret = "another"
        answer = lab.sign_in()
        assert answer.status_code == 401
        assert "Signing in at Lab login did not work." in words_of(answer.text)
        assert "anybody may have written" not in answer.text
        assert "the token endpoint refused: 401 (invalid_client)" in caplog.text

    def test_takes_new_keys_of_the_provider(self, lab: Lab) -> None:
        assert lab.sign_in().status_code == 303
        lab.provider.key, lab.provider.kid = new_key(), "k2"
        assert lab.sign_in().status_code == 303

    def test_ends_here_and_offers_to_end_there(self, lab: Lab) -> None:
        visitor = lab.site.visitor()
        lab.sign_in(visitor)
        answer = visitor.post("/sign-out")
        page = visitor.page(answer.headers["location"])
        assert f"{lab.provider.issuer}/logout?client_id=" in page
        assert visitor.get("/account").status_code == 303

    def test_says_when_the_provider_is_away(self, lab: Lab) -> None:
        lab.provider.metadata = {"issuer": "https://elsewhere.example"}
        answer = lab.site.visitor().get("/sign-in/openid")
        assert answer.status_code == 503
        assert "Lab login cannot be reached" in words_of(answer.text)

    def test_goes_to_no_endpoint_without_encryption(self, lab: Lab, caplog: pytest.LogCaptureFixture) -> None:
        lab.provider.metadata = {"token_endpoint": "http://login.example/token"}
        assert lab.site.visitor().get("/sign-in/openid").status_code == 503
        assert "lacks an https address for token_endpoint" in caplog.text

    @pytest.mark.parametrize(
        "name", ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint"]
    )
    @pytest.mark.parametrize("plain", ["http://127.0.0.1:1/x", "http://localhost/x", "http://login.example/x", "//[/"])
    def test_at_a_provider_behind_https_goes_to_no_endpoint_without_it(
        self, name: str, plain: str, make_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Such as one on this machine, where anybody with an account could listen for the code and the secret."""
        issuer = "https://login.example"
        document = {"issuer": issuer} | {one: f"{issuer}/{one}" for one in (*ENDPOINTS, name)} | {name: plain}
        asked: list[str] = []

        def get(url: str, **_more: object) -> httpx2.Response:
            asked.append(url)
            return httpx2.Response(200, json=document)

        monkeypatch.setattr(httpx2, "get", get)
        settings = make_settings(oidc_issuer=issuer, oidc_client_id=CLIENT_ID, sign_in_claims="*")
        provider = OpenIdProvider(settings)
        with pytest.raises(ProviderError, match=f"lacks an https address for {name}"):
            provider.authorization_address(PendingSignIn.fresh("/"))
        with pytest.raises(ProviderError, match=f"lacks an https address for {name}"):
            provider.check()
        assert f"lacks an https address for {name}" in probe_openid(settings).description
        assert set(asked) == {f"{issuer}{METADATA}"}


class TestClaims:
    def test_decide_who_may_sign_in(self, lab: Lab) -> None:
        lab.provider.claims["groups"] = ["students"]
        answer = lab.sign_in()
        assert answer.status_code == 403
        assert "nobody has given you access" in words_of(answer.text)
        with lab.site.database.reading() as db:
            assert db.scalars(select(ProviderAccount)).all() == []

    def test_that_are_gone_at_the_next_sign_in_end_what_is_open(self, lab: Lab) -> None:
        visitor = lab.site.visitor()
        lab.sign_in(visitor)
        with lab.site.database.writing() as db:
            create_token(db, db.get_one(User, lab.account().id), "t", lab.site.clock())
        lab.provider.claims["groups"] = []
        assert lab.sign_in().status_code == 403
        assert visitor.get("/account").status_code == 303
        with lab.site.database.reading() as db:
            assert db.scalars(select(ApiToken)).all() == []
        assert AuditAction.END_ACCESS in lab.audit()

    def test_give_rights_and_take_them_at_the_next_sign_in(self, make_lab: MakeLab) -> None:
        lab = make_lab(create_studies_claims="groups=night", spend_claims="role=pi realm_access.roles='can pay'")
        lab.provider.claims["realm_access"] = {"roles": ["can pay"]}
        lab.sign_in()
        assert (lab.account().may_create_studies, lab.account().may_spend) == (True, True)
        lab.provider.claims |= {"groups": ["staff"], "realm_access": None}
        lab.sign_in()
        assert (lab.account().may_create_studies, lab.account().may_spend) == (False, False)
        assert lab.audit().count(AuditAction.SET_RIGHTS) == 2

    def test_without_rules_leave_rights_to_the_operator(self, lab: Lab) -> None:
        lab.sign_in()
        with lab.site.database.writing() as db:
            db.get_one(User, lab.account().id).may_spend = True
        lab.sign_in()
        assert lab.account().may_spend


class TestAnExistingAccount:
    """Olivia has an account with a password, and somebody at the provider has her address."""

    def sign_in(self, lab: Lab, **claims: Any) -> Response:
        lab.provider.claims |= {"email": "Olivia@example.org"} | claims
        return lab.sign_in()

    def test_is_not_taken_by_its_address(self, lab: Lab) -> None:
        answer = self.sign_in(lab)
        assert answer.status_code == 409
        assert "not linked to your institution" in words_of(answer.text)

    @pytest.mark.parametrize(
        ("claims", "codes", "status"),
        [
            ({}, None, 303),
            ({"email_verified": False}, None, 403),
            ({"email_verified": None}, None, 409),
            ({"email_verified": "true"}, None, 409),
            ({}, "an account with one-time codes", 409),
        ],
    )
    def test_is_linked_by_a_verified_address_where_that_is_allowed(
        self, make_lab: MakeLab, claims: dict[str, Any], codes: str | None, status: int
    ) -> None:
        lab = make_lab(oidc_link_verified_email=True)
        with lab.site.database.writing() as db:
            db.get_one(User, lab.site.people["olivia"]).code_secret = codes
        assert self.sign_in(lab, **claims).status_code == status

    @pytest.mark.parametrize("claim", [False, "false", "False", 0, "", [True], {"verified": True}])
    def test_a_new_one_takes_no_address_that_was_not_verified(self, lab: Lab, claim: Any) -> None:
        lab.provider.claims["email_verified"] = claim
        assert lab.sign_in().status_code == 403


def test_the_doctor_asks_the_provider(lab: Lab, make_settings: Callable[..., Settings]) -> None:
    settings = make_settings(oidc_issuer=lab.provider.issuer, oidc_client_id=CLIENT_ID)
    assert f"Register {ORIGIN}/sign-in/openid/answer there" in probe_openid(settings).description
    lab.provider.metadata = {"jwks_uri": f"{lab.provider.issuer}/away"}
    assert not probe_openid(settings).well
    assert probe_openid(make_settings()).well
