"""Forged, old and stolen tokens and answers of an OpenID provider sign nobody in."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import jwt
from cryptography.hazmat.primitives import serialization

from keytrail.requester.people.access import COOKIE
from keytrail.requester.people.openid import PENDING_COOKIE
from tests.requester.openid_lab import INES, Lab, lab, make_lab, provider
from tests.requester.site import words_of
from tests.users.openid_provider import CLIENT_ID, CLIENT_SECRET, Provider, new_key

__all__ = ["lab", "make_lab", "provider"]


def _pem(provider: Provider) -> bytes:
    return provider.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def _unsigned(claims: dict[str, Any]) -> str:
    return f"{_part({'alg': 'none', 'kid': 'k1'})}.{_part(claims)}."


def _by_public_key(provider: Provider) -> Callable[[dict[str, Any]], str]:
    """HMAC under the public key, which everybody knows (the classical confusion of algorithms)."""

    def sign(claims: dict[str, Any]) -> str:
        body = f"{_part({'alg': 'HS256', 'kid': 'k1'})}.{_part(claims)}"
        digest = hmac.digest(_pem(provider), body.encode(), hashlib.sha256)
        return f"{body}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"

    return sign


Forging = Callable[[Provider], None]


def _claims(**changed: Any) -> Forging:
    return lambda provider: provider.claims.update(changed)


def _signing(make: Callable[[Provider], Callable[[dict[str, Any]], str]]) -> Forging:
    def forge(provider: Provider) -> None:
        provider.sign = make(provider)

    return forge


FORGERIES: dict[str, Forging] = {
    "another issuer": _claims(iss="https://elsewhere.example"),
    "another client": _claims(aud="another client"),
    "two clients and no party": _claims(aud=[CLIENT_ID, "another client"]),
    "another party": _claims(azp="another client"),
    "another nonce": _claims(nonce="n" * 32),
    "no nonce": _claims(nonce=None),
    "expired": _claims(exp=0),
    "no end": _claims(exp=None),
    "of the future": _claims(iat=4_000_000_000, exp=4_000_000_300),
    "very old": _claims(iat=1_000_000_000),
    "not yet": _claims(nbf=4_000_000_000),
    "times in words": _claims(exp="later"),
    "no subject": _claims(sub=None),
    "unsigned": _signing(lambda _: _unsigned),
    "signed by anybody": _signing(
        lambda _: lambda claims: jwt.encode(claims, new_key(), "RS256", headers={"kid": "k1"})
    ),
    "signed with an unknown key": _signing(
        lambda provider: lambda claims: jwt.encode(claims, provider.key, "RS256", headers={"kid": "k9"})
    ),
    "signed with the client's secret": _signing(
        lambda _: lambda claims: jwt.encode(claims, CLIENT_SECRET * 2, "HS256", headers={"kid": "k1"})
    ),
    "signed with the public key": _signing(_by_public_key),
    "no token": _signing(lambda _: lambda _claims: "not a token"),
}  # fmt: skip


class TestAForgedToken:
    def test_signs_nobody_in(self, lab: Lab) -> None:
        taken = []
        for name, forge in FORGERIES.items():
            lab.provider.claims, lab.provider.sign = dict(INES), None
            forge(lab.provider)
            visitor = lab.site.visitor()
            answer = lab.sign_in(visitor)
            cookies = {COOKIE, PENDING_COOKIE} & set(visitor.client.cookies)
            if (answer.status_code, cookies) != (401, set()) or "did not work" not in answer.text:
                taken.append(name)
        assert taken == []
        assert len(lab.provider.tokens) == len(FORGERIES)

    def test_of_an_earlier_sign_in_is_good_for_no_other(self, lab: Lab) -> None:
        assert lab.sign_in().status_code == 303
        lab.provider.sign = lambda _claims: lab.provider.tokens[0]
        assert lab.sign_in().status_code == 401


class TestAForgedAnswer:
    def test_begun_in_another_browser(self, lab: Lab) -> None:
        """Somebody who made the answer for themselves must not sign another person in to their account."""
        attacker, victim = lab.site.visitor(), lab.site.visitor()
        answer = lab.go(attacker)
        for _ in range(2):
            refused = victim.get(answer)
            assert refused.status_code == 400
            assert "not begun in this browser" in words_of(refused.text)
            victim.client.get("/sign-in/openid")  # now with a sign-in of their own in progress
        assert COOKIE not in victim.client.cookies
        assert lab.provider.asked.count("/token") == 0

    def test_used_twice(self, lab: Lab) -> None:
        visitor = lab.site.visitor()
        answer = lab.go(visitor)
        cookie = visitor.client.cookies[PENDING_COOKIE]
        assert visitor.get(answer).status_code == 303
        other = lab.site.visitor()
        other.client.cookies.set(PENDING_COOKIE, cookie)
        assert other.get(answer).status_code == 401
        assert lab.provider.complaints == ["invalid_grant"]

    def test_too_late(self, lab: Lab) -> None:
        visitor = lab.site.visitor()
        answer = lab.go(visitor)
        lab.site.clock.advance(minutes=16)
        assert visitor.get(answer).status_code == 400

    def test_from_another_issuer_by_mix_up(self, lab: Lab) -> None:
        visitor = lab.site.visitor()
        answer = lab.go(visitor)
        issuer = parse_qs(urlsplit(answer).query)["iss"][0]
        other = httpx2.URL(answer).copy_set_param("iss", "https://elsewhere.example")
        assert issuer == lab.provider.issuer
        assert visitor.get(str(other)).status_code == 401
        assert lab.provider.asked.count("/token") == 0

    def test_in_which_the_person_refused(self, lab: Lab) -> None:
        lab.provider.error = "access_denied"
        assert lab.sign_in().status_code == 401

    def test_many_times_is_throttled(self, lab: Lab) -> None:
        lab.provider.secret = "another"
        assert [lab.sign_in().status_code for _ in range(31)] == [401] * 30 + [429]
        assert lab.provider.asked.count("/token") == 30

    def test_never_leads_to_another_site(self, lab: Lab) -> None:
        assert lab.sign_in(wanted="//evil.example/").headers["location"] == "/"
