"""`keytrail prolific …` against the double, from the draft to the bonus."""

from pydantic import SecretStr

from keytrail.operations.doctor.marketplaces import probe_prolific
from keytrail.operations.probes import Probe
from tests.platform_actions.commands import keytrail, run
from tests.platform_actions.installation import HOME, Installation
from tests.platform_actions.prolific_double import STUDY, ProlificDouble
from tests.platform_actions.recruiting import at, double, published, work

__all__ = ["at", "double"]

PART = {"part_pay": "on", "screen_out": "0.20", "screen_out_places": "5"}
REASON = "You were asked to write in your own words, and this is a copy of the article that you were given to read."


def test_prolific_from_the_draft_to_the_bonus(at: Installation, double: ProlificDouble) -> None:
    output = keytrail(at, "prolific", "draft", "--places", "4", "--part-pay")
    assert "UNPUBLISHED  0 submitted, 0 in progress, 4 open of 4" in output
    assert "; all places cost 8.40 GBP, fees and tax included" in output
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
    output = keytrail(at, "prolific", "reject", pasted, "--category", "LOW_EFFORT", "--reason", "Short.", "--yes")
    assert "at least 100 characters" in output
    assert "Rejected." in keytrail(
        at, "prolific", "reject", pasted, "--category", "LOW_EFFORT", "--reason", REASON, "--yes"
    )
    assert "Bonus sent." in keytrail(at, "prolific", "bonus", typed, "0.50", "Thank you.", "--yes")
    assert "Message sent." in keytrail(at, "prolific", "message", typed, "Thanks", "A good text.", "--yes")
    assert list(double.statuses.values()) == ["APPROVED", "PARTIALLY APPROVED", "REJECTED"]
    assert (double.paid, len(double.messages)) == ([("S1", "0.50")], 1)
    keytrail(at, "prolific", "sync")
    assert "ACTIVE  2 submitted, 0 in progress, 3 open of 5" in keytrail(at, "prolific", "status")
    assert "Ended" in keytrail(at, "prolific", "stop")


def test_the_token_is_checked_without_changing_anything(at: Installation, double: ProlificDouble) -> None:
    assert probe_prolific(at.settings) == Probe("Prolific", well=True, description="The token is lab@example.org's.")
    assert (double.requests, double.violations) == ([("GET", "/api/v1/users/me/")], [])
    wrong = probe_prolific(at.settings.model_copy(update={"prolific_token": SecretStr("another")}))
    assert (wrong.well, wrong.fatal, "refused the key in KEYTRAIL_PROLIFIC_TOKEN" in wrong.description) == (
        False,
        False,
        True,
    )


def test_the_preview_names_the_workspaces_balance(at: Installation, double: ProlificDouble) -> None:
    published(at)
    typed = work(at, double, 1)
    at.do("payments/bonus", submission=typed, amount="0.50", reason="Thanks.")
    number = str(at.waiting()[0].id)
    shown = at.owner.post(f"{HOME}/payments/preview", pick=number).text
    assert '<span id="balance">2.10 GBP</span>' in shown
    assert "Balance of the account: 2.10 GBP" in keytrail(at, "payments", "preview", number)
    double.workspaces = 2
    shown = at.owner.post(f"{HOME}/payments/preview", pick=number).text
    assert "not known. Your account at Prolific has 2 workspaces" in shown
    assert double.violations == []


def test_an_exclusion_by_command_sends_that_workers_request_alone(at: Installation, double: ProlificDouble) -> None:
    published(at)
    receipts = [work(at, double, number) for number in (1, 2)]
    workers = [at.page(f"/submissions/{receipt}").worker for receipt in receipts]
    at.do("payments/comparison")
    at.do("payments/exclusion", submission=receipts[0], reason="Wrote twice.")
    output = keytrail(at, "prolific", "exclude", workers[1], "--reason", "Wrote twice.")
    assert f"{workers[1]}: excluded from your further studies." in output
    assert [members for _, members in double.groups.values()] == [{"P2"}]
    assert [(line.kind, line.worker, line.state) for line in at.waiting()] == [("exclude", workers[0], "queued")]
    assert "readmitted." in keytrail(at, "prolific", "exclude", workers[1], "--undo")
    assert [members for _, members in double.groups.values()] == [set()]
    assert [line.worker for line in at.waiting()] == [workers[0]]


def test_a_request_that_failed_is_sent_by_the_same_command(at: Installation, double: ProlificDouble) -> None:
    published(at)
    worker = at.page(f"/submissions/{work(at, double, 1)}").worker
    at.do("payments/comparison")
    double.refuse_all = True
    assert "1 of 1 were not sent" in keytrail(at, "prolific", "exclude", worker, "--reason", "Wrote twice.")
    double.refuse_all = False
    keytrail(at, "prolific", "exclude", worker, "--reason", "Wrote twice.")
    assert [members for _, members in double.groups.values()] == [{"P1"}]
    assert at.waiting() == []


def test_nothing_is_queued_or_sent_before_the_answer_to_the_preview(at: Installation, double: ProlificDouble) -> None:
    published(at, **PART)
    typed, pasted = work(at, double, 1), work(at, double, 2)
    at.decide(pasted, "propose_rejection", "no_typing")
    at.do("platform/budget", budget="30.00")
    paid, poor = (at.page(f"/submissions/{receipt}").worker for receipt in (typed, pasted))
    rejecting = ("--category", "LOW_EFFORT", "--reason", REASON)
    for command, worker, sums, question in (
        (("bonus", typed, "0.50", "Thanks."), paid, "0.50 GBP, fees 0.20 GBP, total 0.70", "Pay 0.50 GBP to 1 worker?"),
        (("part-pay", pasted, "40"), poor, "0.60 GBP, fees 0.24 GBP, total 0.84", "Pay 0.60 GBP to 1 worker?"),
        (("screen-out", pasted), poor, "0.20 GBP, fees 0.08 GBP, total 0.28", "worker and screen out 1 submission?"),
        (("reject", pasted, *rejecting), poor, "Text: Words by P2.", "Reject 1 submission?"),
        (("return", pasted, "--reason", "It is a copy."), poor, "It is a copy.", "Ask for the return of 1 submission?"),
        (("message", typed, "Hello", "A text."), paid, "A text.", "Send 1 message?"),
    ):
        output = run(at, "prolific", command[0], "panel", *command[1:], typed="n\n").output
        assert [part for part in (worker, sums, question) if part not in output] == [], output
        assert ("Left of the study's budget: " in output) == ("total" in sums)
    assert [(line.kind, line.state) for line in at.waiting()] == [("reject", "queued")]
    assert (double.transitions, double.paid, double.messages) == ([], [], [])
    output = run(at, "prolific", "part-pay", "panel", pasted, "40", typed="y\n").output
    assert "40 % of the reward paid." in output


def test_an_unsure_bonus_is_sent_again_after_its_preview(at: Installation, double: ProlificDouble) -> None:
    published(at)
    typed = work(at, double, 1)
    double.break_next = True
    assert "not sent" in keytrail(at, "prolific", "bonus", typed, "0.50", "Thanks.", "--yes")
    [line] = at.waiting()
    assert line.unsure
    assert "none of these can be sent" in keytrail(at, "payments", "send", str(line.id), "--yes")
    output = run(at, "payments", "send", "panel", str(line.id), "--again", typed="n\n").output
    for part in (line.worker, "total 0.70 GBP", "sending it again does it twice", "Pay 0.50 GBP to 1 worker?"):
        assert part in output
    assert at.waiting()[0].unsure
    assert "Bonus sent." in keytrail(at, "payments", "send", str(line.id), "--again", "--yes")
    assert at.waiting() == []
