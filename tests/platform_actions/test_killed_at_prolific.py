"""The sending process is killed while the platform has its request, at every request that changes something.

Whatever happens, nobody is paid twice, and nobody stays unpaid who does not wait for a person.
"""

import pytest

from tests.conftest import FakeClock
from tests.platform_actions.installation import HOME, Installation
from tests.platform_actions.mortal_sender import KILLED, WHEN, Killing, send_in_a_process, states
from tests.platform_actions.prolific_double import ProlificDouble
from tests.platform_actions.recruiting import OFFER, at, double, published, work
from tests.platform_actions.sending import confirmed
from tests.requester.site import words_of

__all__ = ["at", "double"]


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("path", ["/bulk-approve/", "/bonus-payments/", "/pay/"])
def test_approvals_and_bonuses_at_prolific(
    at: Installation, double: ProlificDouble, clock: FakeClock, path: str, when: str
) -> None:
    published(at)
    for number in (1, 2):
        receipt = work(at, double, number)
        at.decide(receipt, "accept", "typed_throughout")
        at.do("payments/bonus", submission=receipt, amount="1.00", reason="Thank you.")
    double.killing = Killing(path, when)
    assert send_in_a_process(at.settings, clock, double.killing) == KILLED
    assert double.killing.done
    clock.advance(minutes=3)
    assert send_in_a_process(at.settings, clock) == 0
    assert set(double.statuses.values()) == {"APPROVED"}
    paid = [("S1", "1.00"), ("S2", "1.00")]
    # Prolific cannot be asked whether a prepared payment was made: from then on it is for a person to look.
    assert states(at.database)["bonus"] == ("unsure" if path == "/pay/" else "sent")
    assert double.paid == ([] if (path, when) == ("/pay/", "before") else paid)
    for line in at.waiting():
        if when == "before":
            shown = at.owner.post(f"{HOME}/payments/preview", pick=str(line.id), again="yes").text
            assert "It is not known whether Prolific did this already" in words_of(shown)
            at.do("payments/sending", **confirmed(shown))
        else:
            at.do("payments/done", pick=str(line.id))
    assert (double.paid, states(at.database)) == (paid, dict.fromkeys(("draft", "publish", "approve", "bonus"), "sent"))


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize(("steps", "path"), [((), "/studies/"), (("platform/launch",), "/transition/")])
def test_drafts_and_publishing_at_prolific(
    at: Installation, double: ProlificDouble, clock: FakeClock, steps: tuple[str, ...], path: str, when: str
) -> None:
    double.refuse_all = not steps
    at.do("platform/draft", **OFFER)
    double.refuse_all = bool(steps)
    for step in steps:
        at.do(step)
    double.refuse_all = False
    double.killing = Killing(path, when)
    assert send_in_a_process(at.settings, clock, double.killing) == KILLED
    clock.advance(minutes=3)
    assert send_in_a_process(at.settings, clock) == 0
    expected = "ACTIVE" if steps else "UNPUBLISHED"
    assert [study["status"] for study in double.studies.values()] == [expected]
    assert at.task().status == expected
