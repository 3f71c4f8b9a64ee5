import json
import re

import pytest
from sqlalchemy import select

from keytrail.models import Submission
from keytrail.requester.submission.page import SubmissionPage
from keytrail.requester.submission.replay import Replay
from keytrail.review.retention.masking import mask_session
from keytrail.sessions.eventlog import Chain
from tests.requester.site import Site

GRIN = "\U0001f600"
ELSEWHERE = "A passage that somebody wrote in another place altogether, and not here. "


def replayed(steps: list[list[object]]) -> str:
    """What the player would show at the end: the steps applied to nothing, in UTF-16 units."""
    units = b""
    for _, _, pos, deleted, inserted, *_ in steps:
        came = str(inserted).encode("utf-16-le", "surrogatepass")
        units = units[: 2 * int(pos)] + came + units[2 * (int(pos) + int(deleted)) :]  # type: ignore[call-overload]
    return units.decode("utf-16-le", "surrogatepass")


def shown(site: Site, public_id: str) -> Replay:
    page: SubmissionPage = site.visitor("vera").context(f"/submissions/{public_id}")
    assert page.replay is not None
    return page.replay


@pytest.fixture
def mixed(site: Site) -> str:
    work = site.hand()
    work.hand.types("In shortt").erases(1).types(f", {GRIN} ").copies_item(0, 50).leaves(41_000).pastes(ELSEWHERE)
    work.hand.wait(75_000).types("The end.").erases(4)
    return work.submit()


class TestReplay:
    def test_the_steps_end_with_the_submitted_text(self, site: Site, mixed: str) -> None:
        answer = site.visitor("vera").get(f"/submissions/{mixed}/playback")
        assert replayed(answer.json()["steps"]) == f"In short, {GRIN} {ELSEWHERE}The "

    def test_lone_surrogates_travel(self, site: Site) -> None:
        work = site.hand()
        work.hand.sets("half \ud83d of one")
        answer = site.visitor("vera").get(f"/submissions/{work.submit()}/playback")
        assert replayed(json.loads(answer.content)["steps"]) == "half \ud83d of one"

    def test_the_account_tells_it_in_sentences(self, site: Site, mixed: str) -> None:
        description = [line.description for line in shown(site, mixed).narrative]
        assert description[:4] == [
            "Typed 13 characters and deleted 1 in 3 s.",
            "Copied 50 characters from the item.",
            "Away from the page for 41 s.",
            f"Pasted {len(ELSEWHERE)} characters from outside this page, after 41 s away.",
        ]
        assert re.fullmatch("No input for 7[5-9] s.", description[4])
        assert description[-1] == "Submitted."

    def test_long_pauses_are_shortened_and_said_to_be(self, site: Site, mixed: str) -> None:
        replay = shown(site, mixed)
        pauses = [band for band in replay.timeline.bands if band.kind == "pause"]
        assert any(re.search("Pause of 7[5-9] s, shown shortened", band.description) for band in pauses)
        assert replay.timeline.width < replay.duration_ms - 60_000

    def test_the_clipboard_stands_beside_what_survived(self, site: Site) -> None:
        work = site.hand()
        work.hand.types("x").pastes(ELSEWHERE).erases(36)
        (clip,) = shown(site, work.submit()).clips
        assert [piece.survived for piece in clip.pieces] == [True, False]
        assert "".join(piece.text for piece in clip.pieces) == ELSEWHERE
        assert clip.survived == "51\u00a0%"

    def test_a_moment_of_a_finding_stands_on_the_timeline(self, site: Site) -> None:
        work = site.hand()
        work.hand.types("ok ").pastes(ELSEWHERE * 3)
        assert any(
            "Text from elsewhere" in stroke.description for stroke in shown(site, work.submit()).timeline.findings
        )

    def test_passages_taken_from_the_item_are_marked_in_it(self, site: Site) -> None:
        work = site.hand(item="a")
        passage = site.items["a"][12:90]
        work.hand.copies_item(12, 90).pastes(passage)
        page: SubmissionPage = site.visitor("vera").context(f"/submissions/{work.submit()}")
        assert [(piece.text, piece.mark) for piece in page.item][1] == (passage, 1)
        assert "".join(piece.text for piece in page.item) == site.items["a"]

    def test_a_very_long_session_is_replayed_on_demand(
        self, site: Site, mixed: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("keytrail.review.replay.replay_service.SHORT_EVENTS", 10)
        vera = site.visitor("vera")
        page: SubmissionPage = vera.context(f"/submissions/{mixed}")
        assert page.replay is None
        assert page.replay_on_demand
        assert vera.context(f"/submissions/{mixed}?replay=1").replay is not None

    def test_a_log_without_edits_has_no_replay(self, site: Site, mixed: str) -> None:
        with site.database.writing() as db:
            report = db.query(Submission).one()
            stored = db.get_one(type(report).report.property.mapper.class_, report.id)
            stored.body = stored.body | {"integrity": stored.body["integrity"] | {"by_alignment": True}}
        page: SubmissionPage = site.visitor("vera").context(f"/submissions/{mixed}")
        assert page.replay is None
        assert not page.replay_on_demand
        assert site.visitor("vera").get(f"/submissions/{mixed}/playback").status_code == 404

    def test_a_masked_log_is_not_replayed_and_the_page_says_so(self, site: Site, mixed: str) -> None:
        vera = site.visitor("vera")
        before: SubmissionPage = vera.context(f"/submissions/{mixed}")
        assert before.evidence is not None
        with site.database.writing() as db:
            submission = db.scalars(select(Submission)).one()
            submission.settled = True
            mask_session(db, submission.session_id, Chain(site.keyring), site.clock())
        page: SubmissionPage = vera.context(f"/submissions/{mixed}")
        assert page.masked_at == site.clock()
        assert page.replay is None
        assert not page.replay_on_demand
        assert page.evidence is not None
        assert page.evidence.runs == before.evidence.runs, "origins are from the analysis before"
        assert page.evidence.findings == before.evidence.findings
        text = vera.get(f"/submissions/{mixed}").text
        assert "the text in the log was masked" in text
        assert "clipboard is shown in full" not in text
        assert vera.get(f"/submissions/{mixed}/playback").status_code == 404
        file = site.visitor("rafael").get(f"/submissions/{mixed}/evidence.html")
        assert file.status_code == 200
        assert "the text in the log was masked" in file.text
