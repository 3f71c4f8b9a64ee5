"""A small OpenID provider on loopback that checks what a client sends as the specifications say.

RFC 6749 (4.1, 5.2), RFC 7636, RFC 9207, OpenID Connect Core 1.0 (3.1, 5.3) and Discovery 1.0. A test changes what it
says with `claims`, `userinfo` and `sign`; what a client did wrong is in `complaints`.
"""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "keytrail & co", "a secret: of the client"
METADATA = "/.well-known/openid-configuration"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """`claims` change the ID token (None removes one); `sign` makes the token if set."""

    issuer: str
    redirect_uri: str
    now: Callable[[], float]
    subject: str = "4711"
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] | None = None
    secret: str | None = CLIENT_SECRET
    error: str = ""
    key: rsa.RSAPrivateKey = field(default_factory=new_key)
    kid: str = "k1"
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    _grants: dict[str, dict[str, str]] = field(default_factory=dict)
    _access: dict[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        own = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?tenant=lab",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/logout",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"] if self.secret else ["none"],
        }
        return {name: value for name, value in (own | self.metadata).items() if value is not None}

    def jwks(self) -> dict[str, Any]:
        own = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [own | {"kid": self.kid, "alg": "RS256", "use": "sig"}]}

    def authorize(self, query: Mapping[str, str]) -> str:
        """The address that the browser is sent back to. Raises ValueError for what must not be sent back."""
        if query.get("client_id") != CLIENT_ID or query.get("redirect_uri") != self.redirect_uri:
            raise ValueError("unknown client or redirect_uri")
        wrong = [
            name
            for name, right in {
                "response_type": query.get("response_type") == "code",
                "scope": "openid" in query.get("scope", "").split(),
                "state": len(query.get("state", "")) >= 16,
                "nonce": len(query.get("nonce", "")) >= 16,
                "code_challenge_method": query.get("code_challenge_method") == "S256",
                "code_challenge": len(query.get("code_challenge", "")) == 43,
                "tenant": query.get("tenant") == "lab",
            }.items()
            if not right
        ]
        answer = {"state": query.get("state", ""), "iss": self.issuer}
        if wrong or self.error:
            self.complaints += wrong
            return f"{self.redirect_uri}?{urlencode(answer | {'error': self.error or 'invalid_request'})}"
        code = secrets.token_urlsafe(16)
        self._grants[code] = dict(query)
        return f"{self.redirect_uri}?{urlencode(answer | {'code': code})}"

    def token(self, form: Mapping[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        if not self._is_our_client(form, authorization):
            return self._refuse(401, "invalid_client")
        grant = self._grants.pop(form.get("code", ""), None)
        if form.get("grant_type") != "authorization_code" or grant is None:
            return self._refuse(400, "invalid_grant")
        verifier = form.get("code_verifier", "")
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if digest != grant["code_challenge"] or not 43 <= len(verifier) <= 128:
            return self._refuse(400, "invalid_grant")
        if form.get("redirect_uri") != grant["redirect_uri"]:
            return self._refuse(400, "invalid_grant")
        access = secrets.token_urlsafe(16)
        self._access[access] = self.subject
        return 200, {"access_token": access, "token_type": "Bearer", "id_token": self._id_token(grant["nonce"])}

    def user_info(self, authorization: str) -> tuple[int, dict[str, Any]]:
        subject = self._access.get(authorization.removeprefix("Bearer "))
        return (200, {"sub": subject, **self.userinfo}) if subject else self._refuse(401, "invalid_token")

    def _id_token(self, nonce: str) -> str:
        made = int(self.now())
        claims = {
            "iss": self.issuer, "sub": self.subject, "aud": CLIENT_ID, "exp": made + 300, "iat": made, "nonce": nonce,
        }  # fmt: skip
        stated = {name: value for name, value in (claims | self.claims).items() if value is not None}
        made_token = (
            self.sign(stated) if self.sign else jwt.encode(stated, self.key, "RS256", headers={"kid": self.kid})
        )
        self.tokens.append(made_token)
        return made_token

    def _is_our_client(self, form: Mapping[str, str], authorization: str) -> bool:
        if self.secret is None:
            return form.get("client_id") == CLIENT_ID and not authorization
        if "client_secret_post" in self.document()["token_endpoint_auth_methods_supported"]:
            return form.get("client_id") == CLIENT_ID and form.get("client_secret") == self.secret
        kind, _, value = authorization.partition(" ")
        name, _, secret = base64.b64decode(value).decode().partition(":")
        return kind == "Basic" and (unquote(name), unquote(secret)) == (CLIENT_ID, self.secret)

    def _refuse(self, status: int, error: str) -> tuple[int, dict[str, Any]]:
        self.complaints.append(error)
        return status, {"error": error, "error_description": "<b>what anybody may have written</b>"}


class _Handler(BaseHTTPRequestHandler):
    """The provider's addresses."""

    provider: Provider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.provider.asked.append(parts.path)
        if parts.path == METADATA:
            self._json(200, self.provider.document())
        elif parts.path == "/keys":
            self._json(200, self.provider.jwks())
        elif parts.path == "/userinfo":
            self._json(*self.provider.user_info(self.headers.get("authorization", "")))
        elif parts.path == "/authorize" and "signed-in" in query:
            self._redirect(query)
        elif parts.path == "/authorize":
            # A page where a person signs in, as at a real provider.
            self._html(f'<h1>Lab login</h1><a id="go" href="{escape(self.path)}&amp;signed-in=1">Sign in as Ines</a>')
        else:
            self._html("<h1>Signed out</h1>")

    def do_POST(self) -> None:
        self.provider.asked.append(self.path)
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self._json(*self.provider.token(form, self.headers.get("authorization", "")))

    def _redirect(self, query: dict[str, str]) -> None:
        try:
            address = self.provider.authorize(query)
        except ValueError as error:
            self._json(400, {"error": str(error)})
            return
        self.send_response(302)
        self.send_header("location", address)
        self.send_header("content-length", "0")
        self.end_headers()

    def _html(self, page: str) -> None:
        self._send(200, "text/html", page.encode())

    def _json(self, status: int, content: dict[str, Any]) -> None:
        self._send(status, "application/json", json.dumps(content).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
        """Stay silent."""


@contextmanager
def openid_provider(redirect_uri: str, now: Callable[[], float]) -> Iterator[Provider]:
    """A running provider."""
    handler = type("Handler", (_Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        found = Provider(f"http://127.0.0.1:{server.server_address[1]}", redirect_uri, now)
        handler.provider = found  # type: ignore[attr-defined]  # declared by the class that it is made from
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield found
        server.shutdown()
        thread.join()
