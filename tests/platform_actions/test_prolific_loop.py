"""From the first form to the export on Prolific: its messages come in any order, twice, late and forged, and every step
is followed by a restart. Whatever happens, what is paid and what is exported is the same.
"""

import csv
from collections.abc import Callable, Iterator, Sequence

import pytest

from keytrail.settings import Settings
from tests.conftest import FakeClock
from tests.platform_actions.installation import HOME, Installation
from tests.platform_actions.prolific_double import STUDY, TOKEN, ProlificDouble, prolific_double

SECRET = "the secret that Prolific gave"
Push = tuple[str, str, str]
TOLD: Sequence[Push] = (
    ("e1", "S1", "ACTIVE"),
    ("e2", "S2", "ACTIVE"),
    ("e3", "S1", "AWAITING REVIEW"),
    ("e4", "S2", "AWAITING REVIEW"),
    ("e5", "S3", "RETURNED"),
)
LATE = (("late", "S1", "AWAITING REVIEW"), ("later", "S1", "APPROVED"), ("e1", "S1", "ACTIVE"))
ORDERS: dict[str, Sequence[Push]] = {
    "backwards, each twice": [push for push in TOLD[::-1] for _ in range(2)],
    "all over": [TOLD[4], TOLD[2], TOLD[0], TOLD[2], TOLD[3], TOLD[4], TOLD[1], TOLD[0]],
    "none": [],
}


@pytest.fixture
def double() -> Iterator[ProlificDouble]:
    with prolific_double() as found:
        yield found


@pytest.fixture
def at(
    double: ProlificDouble, make_settings: Callable[..., Settings], sqlite_database_url: str, clock: FakeClock
) -> Iterator[Installation]:
    hooks = {"prolific_url": double.url, "prolific_token": TOKEN, "prolific_webhook_secret": SECRET}
    found = Installation(make_settings(database_url=sqlite_database_url, **hooks), clock)
    yield found
    found.close()


@pytest.mark.parametrize("order", ORDERS)
def test_the_outcome_is_the_same_whatever_the_messages_do(at: Installation, double: ProlificDouble, order: str) -> None:
    set_up(at)
    typed, pasted = (work(at, double, f"P{number}", f"S{number}") for number in (1, 2))
    at.worker(ids("P3", "S3")).accept()
    double.statuses["S3"] = "RETURNED"
    for event, submission, status in ORDERS[order]:
        assert at.push(event, submission, status, SECRET) == 200
        assert at.push(f"forged-{event}", "S1", "RETURNED", secret="a guess") == 403
        assert at.push(f"forged-{event}", "S2", "APPROVED", secret="a guess") == 403
    at.restart()
    review(at, typed, pasted)
    pay(at, typed)
    late = [at.push(*push, SECRET) for push in LATE]
    assert late == [200, 200, 200]
    at.restart()
    at.owner.post(f"{HOME}/payments/comparison")
    assert at.states() == ["submitted", "submitted", "returned"]
    assert (double.transitions, double.paid) == (["S1"], [("S1", "2.50")])
    assert double.returns == [("S2", "Most of it was pasted.")]
    assert at.waiting() == []
    assert export(at) == [("Words by P1.", "accept"), ("Words by P2.", "propose_rejection")]


def export(at: Installation) -> list[tuple[str, str]]:
    lines = at.owner.page(f"{HOME}/export/file?table=submissions").splitlines()
    return [(row["text"], row["decision"]) for row in csv.DictReader(lines)]


def set_up(at: Installation) -> None:
    at.set_up("prolific")
    at.restart()
    codes = {"completion_code": "DONE1", "no_consent_code": "NOPE1", "screened_out_code": "OUT1"}
    assert at.owner.post(f"{HOME}/platform/options", study_id=STUDY, **codes).status_code == 303
    at.restart()


def ids(person: str, submission: str) -> dict[str, str]:
    return {"PROLIFIC_PID": person, "SESSION_ID": submission, "STUDY_ID": STUDY}


def work(at: Installation, double: ProlificDouble, person: str, submission: str) -> str:
    worker = at.worker(ids(person, submission))
    worker.accept()
    at.restart()
    back = at.worker(ids(person, submission))
    back.open()
    answer = back.post_submission(f"Words by {person}.").json()
    assert answer["finish"]["url"] == "https://app.prolific.com/submissions/complete?cc=DONE1"
    double.statuses[submission] = "AWAITING REVIEW"
    at.restart()
    return str(answer["receipt"])


def review(at: Installation, typed: str, pasted: str) -> None:
    at.decide(typed, "accept", "typed_throughout")
    at.decide(pasted, "propose_rejection", "no_typing")
    at.restart()


def pay(at: Installation, typed: str) -> None:
    approve, reject = at.waiting()
    assert (approve.kind, reject.kind, approve.choice) == ("approve", "reject", "")
    for _ in range(2):
        at.send([approve.id, reject.id])
        at.restart()
    (reject,) = at.waiting()
    assert "choose one of Prolific's grounds" in reject.outcome
    assert "does not accept a detector" in at.owner.page(reject.choice)
    at.owner.post(f"{HOME}/payments/choice", action=str(reject.id), kind="return", reason="Most of it was pasted.")
    at.restart()
    (request,) = at.waiting()
    for _ in range(2):
        at.send([request.id])
        at.restart()
    bonus = {"submission": typed, "amount": "2.50", "reason": "Thank you.", "token": "b" * 32}
    at.owner.post(f"{HOME}/payments/bonus", **bonus)
    at.owner.post(f"{HOME}/payments/bonus", **bonus)
    at.restart()
    (waits,) = at.waiting()
    for _ in range(2):
        at.send([waits.id])
        at.restart()
