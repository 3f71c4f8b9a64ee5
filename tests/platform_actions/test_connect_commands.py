"""`keytrail connect …` against the double, from the draft to the bonus."""

from tests.platform_actions.at_connect import at, double, work
from tests.platform_actions.commands import keytrail
from tests.platform_actions.connect_double import PROJECT, ConnectDouble
from tests.platform_actions.installation import Installation

__all__ = ["at", "double"]


def test_connect_from_the_draft_to_the_bonus(at: Installation, double: ConnectDouble) -> None:
    assert "all places cost 3.75 USD" in keytrail(at, "connect", "draft", "--places", "2")
    assert "Published." in keytrail(at, "connect", "publish", "--yes")
    typed, pasted = (work(at, double, number) for number in (1, 2))
    at.decide(typed, "accept", "typed_throughout")
    at.decide(pasted, "propose_rejection", "no_typing")
    assert "Approved and paid." in keytrail(at, "connect", "approve", "--yes")
    assert "Rejected." in keytrail(at, "connect", "reject", pasted, "--reason", "It arrived in one piece.", "--yes")
    assert "Bonus sent." in keytrail(at, "connect", "bonus", typed, "0.50", "Thank you.", "--yes")
    assert [one["status"] for one in double.assignments.values()] == ["Approved", "Rejected"]
    assert double.paid == [("A1", 0.5)]
    assert "Ended" in keytrail(at, "connect", "stop")
    assert double.statuses == {PROJECT: "Closed"}
