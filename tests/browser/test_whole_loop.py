"""From the first form to the export, against the sandbox, uninterrupted and with a power failure between all steps."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.drivers.chromium import Chromium
from tests.browser.keytrail import Keytrail
from tests.browser.market_worker import MarketWorker
from tests.browser.requester_page import RequesterPage
from tests.browser.sandbox_process import Sandbox
from tests.browser.texts import FOREIGN, ITEM, OWN

TITLE = "Summarise: shade and walking"
STUDY = {
    "title": TITLE,
    "instructions": "Say in your own words what was found.",
    "minimum_words": "5",
    "maximum_words": "100",
    "reward": "1.00",
    "places_per_item": "2",
}
FEEDBACK = "Most of this text arrived in one piece. Please write in the box next time."
Step = Callable[[], None]


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    found = Sandbox(tmp_path)
    yield found
    found.close()
    assert "Traceback" not in found.log, found.log


@pytest.fixture
def server(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keytrail]:
    monkeypatch.setenv("KEYTRAIL_MTURK_ENDPOINT", sandbox.origin)
    monkeypatch.setenv("KEYTRAIL_MTURK_CREDENTIALS_FILE", str(sandbox.credentials))
    found = Keytrail(tmp_path, sandbox.origin)
    yield found
    found.close()
    assert "Traceback" not in found.log, found.log


@pytest.fixture
def person(chromium: Browser) -> Iterator[Callable[[], Chromium]]:
    """Somebody with a browser of their own."""
    opened: list[Chromium] = []

    def person() -> Chromium:
        opened.append(Chromium(chromium))
        return opened[-1]

    yield person
    for window in opened:
        window.close()


@pytest.fixture(params=["uninterrupted", "killed"])
def then(request: pytest.FixtureRequest, server: Keytrail, sandbox: Sandbox) -> Step:
    """What happens between two steps: nothing, or both servers die and come back."""

    def power_cut() -> None:
        server.kill()
        sandbox.kill()
        sandbox.start()
        server.start()
        sandbox.wait()

    return power_cut if request.param == "killed" else lambda: None


@dataclass(frozen=True)
class Outcome:
    """The final state at both places. Dollars as they are written there."""

    stated_cost: str
    sent: tuple[int, int]
    figures: dict[str, str]
    statuses: list[tuple[str, str]]
    bonuses: list[tuple[str, str]]
    spent: float
    typist: tuple[dict[str, str], list[str]]
    paster: tuple[dict[str, str], list[str]]
    exported: list[tuple[str, str, str]]


EXPECTED = Outcome(
    stated_cost="2.40 USD",
    sent=(2, 1),
    figures={
        "Paid to workers": "1.75 USD",
        "Fees for it": "0.35 USD",
        "Waiting to be sent": "0.00 USD",
        "Committed by published places and bonuses": "3.30 USD",
    },
    statuses=[("Approved", ""), ("Rejected", FEEDBACK)],
    bonuses=[("0.75", "For a careful summary.")],
    spent=2.10,
    typist=({"Approved": "$1.00", "Awaiting a decision": "$0.00", "Bonuses": "$0.75"}, []),
    paster=({"Approved": "$0.00", "Awaiting a decision": "$0.00", "Bonuses": "$0.00"}, [f"“{FEEDBACK}”"]),
    exported=[(OWN, "clear", "accept"), (FOREIGN, "strong", "propose_rejection")],
)


def test_the_whole_loop(server: Keytrail, sandbox: Sandbox, person: Callable[[], Chromium], then: Step) -> None:
    owner = RequesterPage(person().page, server.url)
    owner.sign_in()
    owner.create_study("shade", STUDY)
    then()
    owner.upload_items({"walk": ITEM})
    owner.publish_study()
    then()
    stated_cost = owner.publish(places=2)
    then()
    typist, paster = (MarketWorker(person(), sandbox.origin) for _ in range(2))
    for worker, name in ((typist, "typist"), (paster, "paster")):
        worker.sign_up(f"{name}@example.org")
        assert worker.preview(TITLE) == ITEM
        worker.accept()
        then()
    typist.write(lambda window: window.type(OWN))
    then()
    paster.write(paste)
    then()

    with closing(sandbox.requester()) as requester:
        typed, pasted = (receipt(requester, worker.assignment_id) for worker in (typist, paster))
        assert owner.decide(typed, "accept", "typed_throughout") == "clear"
        then()
        assert owner.decide(pasted, "propose_rejection", "no_typing") == "strong"
        owner.explain_rejection(FEEDBACK)
        assert decisions(requester, typist, paster) == [("Submitted", ""), ("Submitted", "")]
        then()
        sent = owner.send_all()
        then()
        owner.give_bonus(typed, "0.75", "For a careful summary.")
        then()
        sent_later = owner.send_all()
        then()
        exported = [(row["text"], row["verdict"], row["decision"]) for row in owner.export("submissions")]
        assert (
            Outcome(
                stated_cost=stated_cost,
                sent=(sent, sent_later),
                figures=owner.figures(),
                statuses=decisions(requester, typist, paster),
                bonuses=bonuses(requester),
                spent=spent(requester),
                typist=typist.earnings(),
                paster=paster.earnings(),
                exported=exported,
            )
            == EXPECTED
        )


def paste(window: Chromium) -> None:
    window.put_on_clipboard(FOREIGN)
    window.press("Control+v")


def receipt(requester: Any, assignment_id: str) -> str:
    """The receipt in the answer that the marketplace holds."""
    answer = requester.get_assignment(AssignmentId=assignment_id)["Assignment"]["Answer"]
    return str(answer.split("<FreeText>")[1].split("<")[0])


def decisions(requester: Any, *workers: MarketWorker) -> list[tuple[str, str]]:
    """Status and feedback of each worker's assignment."""
    found = (requester.get_assignment(AssignmentId=worker.assignment_id)["Assignment"] for worker in workers)
    return [(one["AssignmentStatus"], one.get("RequesterFeedback", "")) for one in found]


def bonuses(requester: Any) -> list[tuple[str, str]]:
    """Every bonus that was paid."""
    (hit,) = requester.list_hits()["HITs"]
    paid = requester.list_bonus_payments(HITId=hit["HITId"])["BonusPayments"]
    return [(one["BonusAmount"], one["Reason"]) for one in paid]


def spent(requester: Any) -> float:
    """Dollars that the requester's account does not have any more."""
    account = requester.get_account_balance()
    return round(10_000 - float(account["AvailableBalance"]) - float(account["OnHoldBalance"]), 2)
