"""The whole loop at CloudResearch Connect against a double, over HTTP on both sides, with restarts and lost answers."""

from collections.abc import Callable

import pytest

from keytrail.platform_actions.sender import Sender
from keytrail.settings import Settings
from tests.conftest import FakeClock
from tests.platform_actions.at_connect import OFFER, at, double, published, work
from tests.platform_actions.connect_double import PROJECT, ConnectDouble
from tests.platform_actions.installation import HOME, Installation

__all__ = ["at", "double"]

BONUS = f"/api/v1/assignments/{PROJECT}/bonus"


def with_a_bonus(at: Installation, double: ConnectDouble) -> None:
    published(at)
    at.do("payments/bonus", submission=work(at, double, 1), amount="1.00", reason="Thank you.")


def test_from_the_draft_to_the_bonus_and_the_exclusion(at: Installation, double: ConnectDouble) -> None:
    page = at.do("platform/draft", **OFFER)
    drafted = page.recruitment.task
    assert (drafted.status, drafted.total, drafted.fees) == ("Unpublished", "3.75 USD", "0.75 USD")
    assert "approves and pays work by itself 14 days after" in at.owner.page(f"{HOME}/platform")
    assert double.projects[PROJECT]["projectUrl"] == "https://keytrail.test/task/panel"
    at.restart()
    assert at.do("platform/launch").recruitment.task.is_live
    at.restart()
    typed, pasted = work(at, double, 1), work(at, double, 2)
    at.restart()
    at.decide(typed, "accept", "typed_throughout")
    at.decide(pasted, "propose_rejection", "no_typing")
    approve, reject = at.waiting()
    assert (approve.kind, reject.kind) == ("approve", "reject")
    at.do("payments/feedback", action=str(reject.id), reason="Most of it arrived in one piece.")
    at.restart()
    assert at.send_all() == ["sent", "sent"]
    assert [double.assignments[one]["status"] for one in ("A1", "A2")] == ["Approved", "Rejected"]
    assert double.reasons["A2"] == "Most of it arrived in one piece."
    at.restart()
    at.do("payments/bonus", submission=typed, amount="0.50", reason="For care.")
    assert at.send_all() == ["sent"]
    assert double.paid == [("A1", 0.5)]
    # Reading again, the owner finds that the rejection was a mistake.
    at.decide(pasted, "accept", "typed_throughout")
    assert at.send_all() == ["sent"]
    assert double.assignments["A2"]["status"] == "Approved"
    at.do("payments/message", submission=typed, subject="Your text", text="Thank you.")
    assert at.send_all() == ["sent"]
    assert double.messages == [("P1", "Your text\n\nThank you.")]
    at.do("payments/exclusion", submission=pasted, reason="Pasted.")
    at.do("platform/expiry", hit=PROJECT)
    assert double.statuses[PROJECT] == "Closed"
    at.do("platform/draft", **OFFER)
    at.do("platform/launch")
    assert (double.sees("P1"), double.sees("P2")) == (True, False)
    assert dict(at.page("payments").figures)["Paid to workers"] == "3.50 USD"


def test_a_task_of_no_such_id_is_refused_without_the_id(at: Installation, double: ConnectDouble) -> None:
    published(at)
    refused = at.owner.post(f"{HOME}/platform/extension", hit="3ABCDEFGH", more="1")
    assert refused.status_code == 404
    assert "This task was not published for this study." in refused.text
    assert "3ABCDEFGH" not in refused.text


def test_pause_resume_places_and_comparing(at: Installation, double: ConnectDouble) -> None:
    published(at)
    assert at.do("platform/pause").recruitment.task.is_paused
    assert not double.sees("P1")
    assert at.do("platform/resumption").recruitment.task.is_live
    assert at.do("platform/extension", hit=PROJECT, more="3").recruitment.task.places == 5
    work(at, double, 1)
    double.hand_in("A9", "P9")
    page = at.do("payments/comparison")
    assert "2 statuses were new" in page.notice
    assert [row.assignment_id for row in page.differences.only_there] == ["A9"]
    assert (at.task().completed, at.task().available) == (2, 3)


def test_what_connect_approved_by_itself_cannot_be_rejected(at: Installation, double: ConnectDouble) -> None:
    published(at)
    at.decide(work(at, double, 1), "propose_rejection", "no_typing")
    double.assignments["A1"]["status"] = "Approved"
    assert at.send_all() == ["failed"]
    assert "Connect approves by itself after 14 days" in at.waiting()[0].outcome


def test_nothing_is_sent_for_what_is_somebody_elses_or_not_handed_in(at: Installation, double: ConnectDouble) -> None:
    published(at)
    for number in (1, 2):
        at.decide(work(at, double, number), "accept", "typed_throughout")
    double.assignments["A1"]["participantId"] = "P7"
    del double.assignments["A2"]
    assert at.send_all() == ["failed", "failed"]
    outcomes = [line.outcome for line in at.waiting()]
    assert "another worker submitted this assignment" in outcomes[0]
    assert "the participant has not completed it there" in outcomes[1]


class TestBonuses:
    def test_a_refused_one_can_be_sent_again_with_another_token(self, at: Installation, double: ConnectDouble) -> None:
        with_a_bonus(at, double)
        double.refused.add(BONUS)
        assert at.send_all() == ["failed"]
        assert "refused (400): Insufficient funds" in at.waiting()[0].outcome
        assert at.send_all() == ["sent"]
        assert double.paid == [("A1", 1.0)]

    def test_one_whose_answer_got_lost_is_found_in_the_list(
        self, at: Installation, double: ConnectDouble, clock: FakeClock
    ) -> None:
        with_a_bonus(at, double)
        double.lost.add(BONUS)
        assert at.send_all() == ["sending"]
        clock.advance(minutes=3)
        assert at.send_all() == ["sent"]
        assert double.paid == [("A1", 1.0)]

    @pytest.mark.parametrize("hours", [0.1, 30])
    @pytest.mark.parametrize("step", ["_checkpoint", "_settle"], ids=["before paying", "after paying"])
    def test_a_crash_pays_once(
        self,
        at: Installation,
        double: ConnectDouble,
        clock: FakeClock,
        monkeypatch: pytest.MonkeyPatch,
        step: str,
        hours: float,
    ) -> None:
        with_a_bonus(at, double)
        (line,) = at.waiting()
        with monkeypatch.context() as patched:
            patched.setattr(Sender, step, _power_cut)
            with pytest.raises(RuntimeError, match="power cut"):
                at.send([line.id])
        at.restart()
        clock.advance(hours=hours)
        assert at.send_all() == ["sent"]
        assert double.paid == [("A1", 1.0)]

    def test_one_that_cannot_be_told_from_a_bonus_by_hand_is_left_to_a_person(
        self, at: Installation, double: ConnectDouble, clock: FakeClock
    ) -> None:
        with_a_bonus(at, double)
        double.lost.add(BONUS)
        assert at.send_all() == ["sending"]
        double.assignments["A1"]["bonus"] += 5
        clock.advance(minutes=3)
        assert at.send_all() == ["unsure"]
        assert "Connect lists 6.00 for this assignment" in at.waiting()[0].outcome
        assert double.paid == [("A1", 1.0)]

    def test_a_repeat_that_is_refused_is_left_to_a_person(
        self, at: Installation, double: ConnectDouble, clock: FakeClock
    ) -> None:
        with_a_bonus(at, double)
        double.lost.add(BONUS)
        at.send_all()
        # The list lags behind.
        double.assignments["A1"]["bonus"] = 0.0
        clock.advance(minutes=3)
        assert at.send_all() == ["unsure"]
        assert double.paid == [("A1", 1.0)]


@pytest.mark.parametrize("lost", ["/api/v1/project", f"/api/v1/project/{PROJECT}/update-status"])
def test_a_lost_answer_makes_no_second_project(
    at: Installation, double: ConnectDouble, clock: FakeClock, lost: str
) -> None:
    double.lost.add(lost)
    at.do("platform/draft", **OFFER)
    clock.advance(minutes=3)
    if at.waiting():
        assert at.send_all() == ["sent"]
    at.do("platform/launch")
    clock.advance(minutes=3)
    if at.waiting():
        assert at.send_all() == ["sent"]
    assert double.statuses == {PROJECT: "Live"}
    assert at.task().status == "Live"


def test_without_a_key_everything_is_marked_by_hand(
    make_settings: Callable[..., Settings], sqlite_database_url: str, clock: FakeClock
) -> None:
    at = Installation(make_settings(database_url=sqlite_database_url, public_url="https://keytrail.test"), clock)
    at.set_up("connect", currency="USD")
    visit = at.worker({"participantId": "P1", "assignmentId": "A1"})
    visit.accept()
    at.decide(visit.post_submission("Two words.").json()["receipt"], "accept", "typed_throughout")
    assert "Without KEYTRAIL_CONNECT_KEY" in at.page("platform").connected
    assert at.send_all() == ["failed"]
    (line,) = at.waiting()
    assert (line.can_mark, "Ask its support for a key" in line.outcome) == (True, True)
    at.do("payments/done", pick=str(line.id))
    assert at.waiting() == []
    at.close()


def _power_cut(*_: object) -> None:
    raise RuntimeError("power cut")
