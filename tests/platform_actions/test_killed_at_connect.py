"""As test_killed_at_prolific. Connect lists bonuses, so nothing is left to a person here."""

import pytest

from tests.conftest import FakeClock
from tests.platform_actions.at_connect import at, double, published, work
from tests.platform_actions.connect_double import ConnectDouble
from tests.platform_actions.installation import Installation
from tests.platform_actions.mortal_sender import KILLED, WHEN, Killing, send_in_a_process, states

__all__ = ["at", "double"]


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("path", ["/approve", "/bonus"])
def test_approvals_and_bonuses_at_connect(
    at: Installation, double: ConnectDouble, clock: FakeClock, path: str, when: str
) -> None:
    published(at)
    receipt = work(at, double, 1)
    at.decide(receipt, "accept", "typed_throughout")
    at.do("payments/bonus", submission=receipt, amount="1.00", reason="Thank you.")
    double.killing = Killing(path, when)
    assert send_in_a_process(at.settings, clock, double.killing) == KILLED
    clock.advance(minutes=3)
    assert send_in_a_process(at.settings, clock) == 0
    assert (double.assignments["A1"]["status"], double.paid) == ("Approved", [("A1", 1.0)])
    assert states(at.database) == dict.fromkeys(("draft", "publish", "approve", "bonus"), "sent")
