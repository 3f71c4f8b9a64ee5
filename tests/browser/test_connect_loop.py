"""As test_prolific_loop, at CloudResearch Connect: its participants enter a completion code there."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.browser.drivers.chromium import Chromium
from tests.browser.keytrail import Keytrail
from tests.browser.participant import Participant, paste_text, type_text
from tests.browser.requester_page import RequesterPage
from tests.browser.test_prolific_loop import FORM
from tests.browser.test_whole_loop import person
from tests.browser.texts import FOREIGN, ITEM, OWN
from tests.platform_actions.connect_double import KEY, PROJECT, ConnectDouble, connect_double

__all__ = ["person"]

FEEDBACK = "Most of this text arrived in one piece. Please write in the box next time."


@pytest.fixture
def double() -> Iterator[ConnectDouble]:
    with connect_double() as found:
        yield found


@pytest.fixture
def server(double: ConnectDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keytrail]:
    monkeypatch.setenv("KEYTRAIL_CONNECT_URL", double.url)
    monkeypatch.setenv("KEYTRAIL_CONNECT_KEY", KEY)
    found = Keytrail(tmp_path, "http://localhost:9")
    yield found
    found.close()
    assert "Traceback" not in found.log, found.log


def test_from_a_draft_to_the_bonus_at_connect(
    server: Keytrail, double: ConnectDouble, person: Callable[[], Chromium]
) -> None:
    owner = RequesterPage(person().page, server.url)
    owner.sign_in()
    owner.create_study("shade", FORM | {"currency": "USD"}, platform="connect")
    server.die_and_come_back()
    owner.upload_items({"walk": ITEM})
    server.die_and_come_back()
    owner.publish_study()
    server.die_and_come_back()
    owner.draft(places=2)
    server.die_and_come_back()
    assert owner.launch() == "3.75 USD"
    assert double.sees("P1")

    typist, paster = (Participant(person(), link(double, number)) for number in ("1", "2"))
    server.die_and_come_back()
    typist.agree()
    paster.agree()
    server.die_and_come_back()
    for number, participant, text in (("1", typist, type_text(OWN)), ("2", paster, paste_text(FOREIGN))):
        participant.submit(text)
        assert participant.completion_code() == double.projects[PROJECT]["completionSettings"]["value"]
        double.hand_in(f"A{number}", f"P{number}")
        server.die_and_come_back()

    typed, pasted = (owner.receipt_of(f"P{number}") for number in ("1", "2"))
    assert owner.decide(typed, "accept", "typed_throughout") == "clear"
    server.die_and_come_back()
    assert owner.decide(pasted, "propose_rejection", "no_typing") == "strong"
    server.die_and_come_back()
    owner.explain_rejection(FEEDBACK)
    server.die_and_come_back()
    owner.give_bonus(typed, "0.75", "For a careful summary.")
    server.die_and_come_back()
    owner.send_all_with_a_double_click()
    server.die_and_come_back()
    assert (statuses(double), double.paid) == (["Approved", "Pending"], [("A1", 0.75)])
    assert owner.send_all() == 1
    server.die_and_come_back()
    assert (statuses(double), double.reasons["A2"], double.paid) == (["Approved", "Rejected"], FEEDBACK, [("A1", 0.75)])
    assert owner.figures()["Paid to workers"] == "2.25 USD"
    exported = [(row["text"], row["verdict"], row["decision"]) for row in owner.export("submissions")]
    assert exported == [(OWN, "clear", "accept"), (FOREIGN, "strong", "propose_rejection")]


def link(double: ConnectDouble, number: str) -> str:
    """The project's link, with the ids that Connect appends."""
    ids = {"participantId": f"P{number}", "assignmentId": f"A{number}", "projectId": PROJECT}
    return f"{double.projects[PROJECT]['projectUrl']}?{urlencode(ids)}"


def statuses(double: ConnectDouble) -> list[str]:
    return [str(double.assignments[number]["status"]) for number in ("A1", "A2")]
