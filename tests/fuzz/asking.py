"""Send requests as several users and collect the answers that were server errors."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import quote

from fastapi.testclient import TestClient

from keytrail.models import User
from keytrail.requester.people.access import COOKIE
from keytrail.users.scopes import SCOPES
from keytrail.users.tokens import create_token
from tests.fuzz.forms import Form, forms_of
from tests.requester.site import ORIGIN, Site
from tests.requester.test_access import uploaded

FORM = "application/x-www-form-urlencoded"
SHOWN = 60


@dataclass
class Asker:
    """`faults` are the 5xx answers: user, method, address, input, status."""

    site: Site
    known: dict[str, str]
    faults: list[tuple[str, ...]] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        self.client = TestClient(self.site.app, base_url=ORIGIN, follow_redirects=False, raise_server_exceptions=False)
        with self.site.database.writing() as db:
            olivia = db.get_one(User, self.site.people["olivia"])
            olivia.is_operator = True
            self.token = create_token(db, olivia, "fuzz", self.site.clock(), scopes=tuple(SCOPES))
        self.cookie = self.site.cookie("olivia")

    def __enter__(self) -> Self:
        self.client.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.client.__exit__(kind, error, at)

    def ask(
        self, method: str, address: str, body: bytes = b"", kind: str = FORM, *, known: bool = True,
        headers: dict[str, bytes] | None = None,
    ) -> int:  # fmt: skip
        """The status. `known` is the owner, who is an operator, with cookie and token; else nobody."""
        self.count += 1
        sent: dict[str, bytes] = {"origin": ORIGIN.encode(), "sec-fetch-site": b"same-origin"}
        if method != "GET":
            sent["content-type"] = kind.encode()
        if known:
            sent |= {"cookie": f"{COOKIE}={self.cookie}".encode(), "authorization": f"Bearer {self.token}".encode()}
        raw = [(name.encode(), value) for name, value in (sent | (headers or {})).items()]
        answer = self.client.request(method, address, content=body or None, headers=raw)
        # Nobody else is here, so nothing can have changed at the same moment: the database refused what we stored.
        if answer.status_code >= 500 or "at the same moment, so nothing was done" in answer.text:
            who = "owner" if known else "nobody"
            described = f"{kind} {body[:SHOWN]!r} {headers or ''}"
            self.faults.append((who, method, address[-SHOWN * 2 :], described[: SHOWN * 4], str(answer.status_code)))
        if known and answer.headers.get("location", "").startswith("/sign-in"):
            self.cookie = self.site.cookie("olivia")  # a form has ended this sign-in
        return answer.status_code

    def filled(self, path: str, changed: dict[str, str] | None = None) -> str:
        """The path with its parameters: as they are known, or as changed."""
        values = self.known | (changed or {})
        return re.sub(r"{(\w+)(:path)?}", lambda found: values[found[1]], path)

    def forms(self, addresses: Iterable[str]) -> list[Form]:
        """Every form on these pages, as the owner sees them."""
        found: list[Form] = []
        for address in addresses:
            headers = {"cookie": f"{COOKIE}={self.cookie}"}
            answer = self.client.get(address, headers=headers)
            if answer.status_code == 200 and "html" in answer.headers.get("content-type", ""):
                found += forms_of(answer.text, address.partition("?")[0])
        return found


def known_values(site: Site) -> dict[str, str]:
    """Values of every parameter of a path that lead somewhere."""
    work = site.hand()
    work.hand.types("Somebody's text.")
    submission = work.submit()
    olivia = site.visitor("olivia")
    invited = olivia.post("/studies/night/people/invite", role="viewer")
    link = re.search(r"/invitation/([\w.~-]+)", invited.text)
    return {
        "slug": "night",
        "study": "night",
        "public_id": submission,
        "submission_id": submission,
        "pseudonym": olivia.context("/studies/night").rows[0].line.worker,
        "token": link[1] if link else "no-such-link",
        "upload_id": uploaded(olivia),
        "item_number": "1",
        "removal_number": "1",
        "document": "report",
        "image": "replay.png",
        "table": "submissions",
        "trial": "no-such-trial",
        "version": "1",
        "path": "app.css",
        "submission": submission,
        "email": "olivia@example.org",
        "password": "a password of some length",
        "amount": "1.00",
        "reason": "Thank you",
        "kind": "accept",
    }


def encoded(fields: dict[str, str]) -> bytes:
    """Names with values that are percent-encoded already."""
    return "&".join(f"{quote(name)}={value}" for name, value in fields.items()).encode()
