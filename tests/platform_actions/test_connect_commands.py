"""`keytrail connect …` against the double, from the draft to the bonus."""

from pydantic import SecretStr

from keytrail.operations.doctor.marketplaces import probe_connect
from keytrail.operations.probes import Probe
from tests.platform_actions.at_connect import at, double, published, work
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


def test_the_key_is_checked_without_changing_anything(at: Installation, double: ConnectDouble) -> None:
    assert probe_connect(at.settings) == Probe("CloudResearch Connect", well=True, description="It accepts the key.")
    assert (double.violations, double.projects) == ([], {})
    wrong = probe_connect(at.settings.model_copy(update={"connect_key": SecretStr("another")}))
    assert (wrong.well, wrong.fatal, "refused the key in KEYTRAIL_CONNECT_KEY" in wrong.description) == (
        False,
        False,
        True,
    )
    without = probe_connect(at.settings.model_copy(update={"connect_key": None}))
    assert (without.well, without.description) == (True, "Not configured (KEYTRAIL_CONNECT_KEY).")


def test_an_exclusion_by_command_says_what_connect_does_with_it(at: Installation, double: ConnectDouble) -> None:
    published(at)
    worker = at.page(f"/submissions/{work(at, double, 1)}").worker
    at.do("payments/comparison")
    output = keytrail(at, "connect", "exclude", worker, "--reason", "Wrote twice.")
    assert "Excluded participants are turned away on the task's first page." in output
    assert at.waiting() == []
