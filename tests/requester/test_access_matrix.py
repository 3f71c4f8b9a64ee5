"""Roles x routes x tokens: every route of the dashboard and the API, asked by everybody.

The routes come from the application, with their methods. What each takes stands in the tables below; a route that
belongs to a study and is not the reading of a page has to be entered there, or the test fails.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, combinations

import pytest
from sqlalchemy import delete, select

from keytrail.models import AuditEntry, Membership, Role, Study, User
from keytrail.users.scopes import SCOPES
from keytrail.users.tokens import create_token
from tests.requester.site import Site, Visitor
from tests.requester.test_access import ACCOUNT, BY_LINK, FROM_HERE, OPEN, audience, filled, routes

STUDY, SUBMISSION = "/studies/{slug}", "/submissions/{public_id}"


def of_study(*ends: str) -> set[str]:
    return {f"{STUDY}/{end}" for end in ends}


# Pages that not everybody who looks at the study may read.
PAGES = {
    Role.OWNER: of_study(
        "settings",
        "manage",
        "notifications",
        "delete",
        "people",
        "audit",
        "items/uploads/{upload_id}",
        "workers/{pseudonym}/erase",
        "payments/choice",
        "checklist",
        "checklist/task",
    ),
    Role.REVIEWER: of_study("export", "export/file") | {f"{SUBMISSION}/evidence.html"},
}
# Every form of a study, by the least role that may send it.
FORMS = {
    Role.OWNER: of_study(
        "settings", "state", "checklist/publication", "checklist/trials", "checklist/trials/{trial}/deletion",
        "items", "items/remove",
        "items/uploads/{upload_id}", "items/uploads/{upload_id}/discard",
        "items/{item_number}", "items/removals/{removal_number}/restore",
        "notifications", "notifications/test", "notifications/remove", "notifications/restore",
        "notifications/retry",
        "manage/duplicate", "manage/address", "manage/transfer", "manage/archive", "manage/restore", "delete",
        "people/invite", "people/role", "people/password", "people/revoke", "people/restore",
        "platform/options", "platform/budget", "platform/preview", "platform/publication", "platform/extension",
        "platform/expiry", "platform/links", "platform/draft", "platform/launch", "platform/pause",
        "platform/resumption", "platform/trial", "payments/choice",
        "payments/preview", "payments/sending", "payments/done", "payments/bonus", "payments/message",
        "payments/exclusion", "payments/unmatched", "payments/places", "payments/comparison",
        "payments/list", "payments/ids", "payments/done-list", "workers/{pseudonym}/ids",
        "workers/{pseudonym}/exclude", "workers/{pseudonym}/readmit", "workers/{pseudonym}/erase",
        "classifier/references", "classifier/generation",
    ),
    Role.REVIEWER: of_study(
        "classifier", "classifier/scoring", "classifier/stop",
        "queue/next", "queue/bulk", "queue/bulk/confirm", "queue/bulk/undo",
        "payments/cancelled", "payments/feedback",
    )
    | {f"{SUBMISSION}/{end}" for end in ("claim", "release", "decisions", "analysis", "objection")},
    # Their own saved filters, and a look at whether the link works.
    Role.VIEWER: of_study("filters", "filters/forget", "platform/check"),
}  # fmt: skip
# Each user's own pages; the last two groups take a right in the installation, whatever the role in a study.
OWN = {
    "/",
    "/archive",
    "/live",
    "/find",
    "/help",
    "/help/glossary",
    "/help/images/{image}",
    "/help/{document:path}",
    "/excluded-workers",
    "/excluded-workers/file",
    "/excluded-workers/readmit",
    "/power",
    "/prevalence",
    "/study-preview",
    "/search",
} | ACCOUNT
CREATORS = {"/new-study"}
OPERATORS = {"/installation", "/installation/audit", "/installation/rights", "/installation/budget"}
# The API: the scope that a token needs, and the least role of its user. None: whatever the user has a role in.
API: dict[str, tuple[str, Role | None]] = {
    "/api/v1/studies": ("submissions", None),
    "/api/v1/prevalence": ("submissions", None),
    "/api/v1/studies/{study}/submissions": ("submissions", Role.VIEWER),
    "/api/v1/studies/{study}/prevalence": ("submissions", Role.VIEWER),
    "/api/v1/studies/{study}/conditions": ("submissions", Role.VIEWER),
    "/api/v1/submissions/{submission_id}": ("submissions", Role.VIEWER),
    "/api/v1/submissions/{submission_id}/events": ("events", Role.REVIEWER),
    "/api/v1/submissions/{submission_id}/decisions": ("decisions", Role.REVIEWER),
    "/api/v1/studies/{study}/export/{table}": ("exports", Role.REVIEWER),
    "/api/v1/studies/{study}/payments": ("payments", Role.OWNER),
    "/api/v1/studies/{study}/payments/preview": ("payments", Role.OWNER),
    "/api/v1/studies/{study}/payments/sending": ("payments", Role.OWNER),
}
RANK: dict[Role | None, int] = {None: -1, Role.VIEWER: 0, Role.REVIEWER: 1, Role.OWNER: 2}
# Remo was a reviewer until he was taken out; Otto never had a part in the study.
PEOPLE: dict[str, Role | None] = {
    "otto": None, "remo": None, "vera": Role.VIEWER, "rafael": Role.REVIEWER, "olivia": Role.OWNER,
}  # fmt: skip
CREATING, OPERATING = {"olivia", "otto"}, {"otto"}
SIGNED_OUT, REFUSED, HIDDEN = 303, 403, 404


@dataclass
class House:
    """The site with all users; `tokens` by user and scopes."""

    site: Site
    submission: str
    worker: str
    visitors: dict[str, Visitor]
    tokens: dict[tuple[str, tuple[str, ...]], str]

    def ask(self, visitor: Visitor, method: str, path: str) -> tuple[int, str]:
        address = filled(path, self.submission, self.worker)
        if method == "GET":
            answer = visitor.get(address)
        else:
            uploads = ("/items", "/references", "/done-list")
            files = {"file": ("items.csv", b"id,text\n")} if path.endswith(uploads) else None
            answer = visitor.client.request(method, address, data={"kind": "accept"}, files=files, headers=FROM_HERE)
        return answer.status_code, answer.headers.get("location", "")


@pytest.fixture
def house(site: Site) -> House:
    work = site.hand()
    work.hand.types("Somebody's text.")
    submission = work.submit()
    with site.database.writing() as db:
        remo = User(email="remo@example.org", name="Remo", password_hash="!", created_at=site.clock())
        db.add(remo)
        db.flush()
        site.people = {**site.people, "remo": remo.id}
        study_id = db.scalars(select(Study.id)).one()
        db.add(Membership(user_id=remo.id, study_id=study_id, role=Role.REVIEWER))
        db.get_one(User, site.people["otto"]).is_operator = True
        tokens = {
            (name, scopes): create_token(db, db.get_one(User, site.people[name]), "t", site.clock(), scopes=scopes)
            for name in PEOPLE
            for scopes in scope_sets()
        }
    visitors = {name: site.visitor(name) for name in PEOPLE}
    worker = visitors["olivia"].context("/studies/night").rows[0].line.worker
    with site.database.writing() as db:
        db.execute(delete(Membership).where(Membership.user_id == site.people["remo"]))
    return House(site, submission, worker, visitors, tokens)


def scope_sets() -> Iterator[tuple[str, ...]]:
    """One scope, all but one, and all: what a scope adds or leaves out."""
    return chain.from_iterable(combinations(SCOPES, count) for count in (1, len(SCOPES) - 1, len(SCOPES)))


def least_role(method: str, path: str) -> Role:
    """The role that a route of a study takes. Fails for a form that is in no table, or in two."""
    tables = PAGES if method == "GET" else FORMS
    found = [role for role, paths in tables.items() if path in paths]
    if method == "GET" and not found:
        return Role.VIEWER
    assert len(found) == 1, f"{method} {path} has to be entered in one table of the access matrix"
    return found[0]


def test_every_route_answers_everybody_as_the_tables_say(house: House) -> None:
    wrong = []
    for method, path in routes(house.site.app):
        if audience(path) != "requester" or path in OPEN | BY_LINK:
            continue
        for name, role in PEOPLE.items():
            status, location = house.ask(house.visitors[name], method, path)
            if not as_wanted(name, role, method, path, status, location):
                wrong.append((name, method, path, status))
        status, location = house.ask(house.site.visitor(), method, path)
        if status != SIGNED_OUT or not location.startswith("/sign-in"):
            wrong.append(("nobody", method, path, status))
    assert wrong == []


def as_wanted(name: str, role: Role | None, method: str, path: str, status: int, location: str) -> bool:
    """Refused where the tables refuse, and else neither refused nor sent to sign in."""
    let_in = status not in {401, REFUSED} and not location.startswith("/sign-in")
    if path in OWN:
        return let_in
    if path in CREATORS:
        return let_in if name in CREATING else status == REFUSED
    if path in OPERATORS:
        return let_in if name in OPERATING else status == REFUSED
    if role is None:
        return status == HIDDEN
    return let_in if RANK[role] >= RANK[least_role(method, path)] else status == REFUSED


def test_no_table_names_a_route_that_is_not_there(house: House) -> None:
    there = set(routes(house.site.app))
    paths = {path for _, path in there}
    for role in Role:
        assert PAGES.get(role, set()) <= {path for method, path in there if method == "GET"}
        assert FORMS.get(role, set()) <= {path for method, path in there if method == "POST"}
    assert OWN | CREATORS | OPERATORS | set(API) <= paths
    assert {path for path in paths if audience(path) == "program"} == set(API)


def test_every_token_reads_what_its_scopes_and_its_users_role_allow(house: House) -> None:
    wrong = []
    for method, path in routes(house.site.app):
        if audience(path) != "program":
            continue
        scope, least = API[path]
        for (name, scopes), token in house.tokens.items():
            status = asked(house, method, path, token)
            if scope not in scopes:
                wanted = {REFUSED}
            elif PEOPLE[name] is None and least is not None:
                wanted = {HIDDEN}
            elif least is None or RANK[PEOPLE[name]] >= RANK[least]:
                # 400: no study is named; 404: this study has no conditions to compare, and no action to send.
                nothing_there = path.endswith(("/conditions", "/preview", "/sending"))
                wanted = {404} if nothing_there else {200, 201, 400}
            else:
                wanted = {REFUSED}
            if status not in wanted:
                wrong.append((name, scopes, method, path, status))
        if asked(house, method, path, "kt_nobody") != 401:
            wrong.append(("nobody", (), method, path, 0))
    assert wrong == []


def asked(house: House, method: str, path: str, token: str) -> int:
    address = filled(path, house.submission, house.worker)
    client = house.site.visitor().client
    body = None if method == "GET" else {"kind": "accept", "actions": [1]}
    return client.request(method, address, json=body, headers={"authorization": f"Bearer {token}"}).status_code


def test_no_token_opens_the_dashboard(house: House) -> None:
    for name in PEOPLE:
        token = house.tokens[name, tuple(SCOPES)]
        answer = house.site.visitor().client.get("/studies/night", headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == SIGNED_OUT


def test_reading_raw_events_by_the_api_is_noted_and_refused_readings_are_not(house: House) -> None:
    path = "/api/v1/submissions/{submission_id}/events"
    for name in ("vera", "otto", "remo", "rafael"):
        asked(house, "GET", path, house.tokens[name, tuple(SCOPES)])
    with house.site.database.reading() as db:
        (entry,) = db.scalars(select(AuditEntry).where(AuditEntry.action == "read events"))
    assert (entry.user_id, entry.detail) == (house.site.people["rafael"], {"submission": house.submission})
    assert "read raw events through the API" in house.visitors["olivia"].page("/studies/night/audit")
