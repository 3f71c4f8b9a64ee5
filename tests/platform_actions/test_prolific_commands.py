"""`keytrail prolific …` against the double, from the draft to the bonus."""

from tests.platform_actions.commands import keytrail
from tests.platform_actions.installation import Installation
from tests.platform_actions.prolific_double import STUDY, ProlificDouble
from tests.platform_actions.recruiting import at, double, work

__all__ = ["at", "double"]

REASON = "You were asked to write in your own words, and this is a copy of the article that you were given to read."


def test_prolific_from_the_draft_to_the_bonus(at: Installation, double: ProlificDouble) -> None:
    told = keytrail(at, "prolific", "draft", "--places", "4", "--part-pay")
    assert "UNPUBLISHED  0 submitted, 0 in work, 4 open of 4; all places cost 8.40 GBP, fees and tax included" in told
    assert f"https://app.prolific.com/studies/{STUDY}" in keytrail(at, "prolific", "test")
    assert "Published." in keytrail(at, "prolific", "publish", "--yes")
    assert "Places added." in keytrail(at, "prolific", "extend", "1", "--yes")
    assert "Paused" in keytrail(at, "prolific", "pause")
    assert "Resumed." in keytrail(at, "prolific", "resume")
    typed, partly, pasted = (work(at, double, number) for number in (1, 2, 3))
    at.decide(typed, "accept", "typed_throughout")
    for receipt in (partly, pasted):
        at.decide(receipt, "propose_rejection", "no_typing")
    assert "Approved and paid." in keytrail(at, "prolific", "approve", "--yes")
    assert "40 % of the reward paid." in keytrail(at, "prolific", "part-pay", partly, "40", "--yes")
    told = keytrail(at, "prolific", "reject", pasted, "--category", "LOW_EFFORT", "--reason", "Short.", "--yes")
    assert "at least 100 characters" in told
    assert "Rejected." in keytrail(
        at, "prolific", "reject", pasted, "--category", "LOW_EFFORT", "--reason", REASON, "--yes"
    )
    assert "Bonus sent." in keytrail(at, "prolific", "bonus", typed, "0.50", "Thank you.", "--yes")
    assert "Message sent." in keytrail(at, "prolific", "message", typed, "Thanks", "A good text.", "--yes")
    assert list(double.statuses.values()) == ["APPROVED", "PARTIALLY APPROVED", "REJECTED"]
    assert (double.paid, len(double.messages)) == ([("S1", "0.50")], 1)
    keytrail(at, "prolific", "sync")
    assert "ACTIVE  2 submitted, 0 in work, 3 open of 5" in keytrail(at, "prolific", "status")
    assert "Ended" in keytrail(at, "prolific", "stop")
