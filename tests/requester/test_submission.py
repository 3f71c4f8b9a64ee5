import pytest
from sqlalchemy import select, update

from keytrail.models import AnalysisFailure, Submission
from keytrail.requester.submission.page import SubmissionPage
from keytrail.review.analysis.failures import begin_try, record_failure
from tests.requester.site import Site, words_of

ODD = "Grin \U0001f600, half \ud83d of one, <b>bold</b> & \0 NUL."


class TestSubmissionPage:
    def test_each_run_has_its_origin_and_the_legend_names_what_occurs(self, site: Site) -> None:
        work = site.hand()
        work.hand.types("I wrote: ").sets("set by a program, with more than thirty characters").pastes("elsewhere " * 9)
        page: SubmissionPage = site.visitor("vera").context(f"/submissions/{work.submit()}")
        assert page.evidence is not None
        assert [(run.look, run.mark) for run in page.evidence.runs] == [("typed", 0), ("silent", 1), ("external", 2)]
        assert [entry.look for entry in page.evidence.legend] == ["typed", "external", "silent"]
        assert page.evidence.verdict_key == "strong"

    def test_a_rewritten_passage_is_shown_beside_what_it_replaced(self, site: Site) -> None:
        work = site.hand()
        work.hand.types("Shade makes walking in summer so much nicer. ").types("Trees are cheap, too. They look nice. ")
        work.hand.replaces(
            "Shade makes walking in summer so much nicer", "A canopy renders <b>heat</b> tolerable to all"
        )
        public_id = work.submit()
        page: SubmissionPage = site.visitor("vera").context(f"/submissions/{public_id}")
        assert page.evidence is not None
        assert [run.look for run in page.evidence.runs] == ["rewritten", "typed"]
        assert page.evidence.runs[0].mark == 1
        finding = next(f for f in page.evidence.findings if f.rule == "rewritten_text")
        assert [(pair.old, pair.new) for pair in finding.rewrites] == [
            ("Shade makes walking in summer so much nicer", "A canopy renders <b>heat</b> tolerable to all")
        ]
        shown = site.visitor("vera").page(f"/submissions/{public_id}")
        assert "<small>Before</small>Shade makes walking in summer so much nicer</blockquote>" in shown
        assert "A canopy renders &lt;b&gt;heat&lt;/b&gt; tolerable to all</blockquote>" in shown

    def test_a_finding_points_to_its_runs_and_moments(self, site: Site) -> None:
        work = site.hand()
        work.hand.types("ok ").leaves(9000).pastes("A long text from elsewhere. " * 9)
        page: SubmissionPage = site.visitor("vera").context(f"/submissions/{work.submit()}")
        assert page.evidence is not None
        finding = next(f for f in page.evidence.findings if f.rule == "external_text")
        assert finding.marks == [1]
        assert len(finding.times) == 1

    def test_the_workers_other_submissions_stand_newest_first_without_decisions(self, site: Site) -> None:
        ids = []
        for item in "abc":
            work = site.hand(worker="Ann", item=item)
            work.hand.pastes("A long text from elsewhere. " * 9)
            ids.append(work.submit(analysed=item != "b"))
        site.hand(worker="Bob").submit()
        site.visitor("rafael").post(f"/submissions/{ids[0]}/decisions", kind="exclude")
        page: SubmissionPage = site.visitor("vera").context(f"/submissions/{ids[2]}")
        assert [(line.public_id, line.item_title, line.verdict_key, line.arrived) for line in page.history] == [
            (ids[1], "Item b", "waiting", ""),
            (ids[0], "Item a", "strong", "100\u00a0%"),
        ]

    def test_odd_text_is_shown_as_text(self, site: Site) -> None:
        work = site.hand()
        work.hand.sets(ODD)
        shown = site.visitor("vera").page(f"/submissions/{work.submit()}")
        assert "Grin \U0001f600, half \ufffd of one, &lt;b&gt;bold&lt;/b&gt; &amp; \u2400 NUL." in shown

    def test_text_that_the_log_does_not_explain_is_unknown(self, site: Site) -> None:
        work = site.hand()
        work.hand.types("These words were typed.")
        public_id = work.submit(text="These words were typed. These were not.")
        page: SubmissionPage = site.visitor("vera").context(f"/submissions/{public_id}")
        assert page.evidence is not None
        assert [run.look for run in page.evidence.runs] == ["typed", "unknown"]
        assert any(line.good is False for line in page.evidence.integrity)
        assert [(entry.look, entry.share) for entry in page.evidence.legend] == [
            ("typed", "59\u00a0%"),
            ("unknown", "41\u00a0%"),
        ]

    def test_a_text_without_a_log_is_not_said_to_have_arrived_without_typing(self, site: Site) -> None:
        public_id = site.hand().submit(text="All of this was written without the recorder.")
        vera = site.visitor("vera")
        page: SubmissionPage = vera.context(f"/submissions/{public_id}")
        assert page.evidence is not None
        assert page.evidence.verdict_key == "unverifiable"
        assert [(entry.look, entry.share) for entry in page.evidence.legend] == [("unknown", "100\u00a0%")]
        (row,) = vera.context("/studies/night").rows
        assert (row.verdict_key, row.arrived) == ("unverifiable", "")

    def test_a_clear_verdict_beside_text_without_typing_says_why(self, site: Site) -> None:
        work = site.hand()
        work.hand.types("Yes ").inserts("\N{DECIDUOUS TREE}")
        page: SubmissionPage = site.visitor("vera").context(f"/submissions/{work.submit()}")
        assert page.evidence is not None
        assert page.evidence.verdict_key == "clear"
        assert "an emoji" in page.evidence.verdict.meaning

    def test_without_a_report_it_says_so_and_shows_the_text(self, site: Site) -> None:
        work = site.hand()
        work.hand.types("Not analysed yet.")
        public_id = work.submit(analysed=False)
        vera = site.visitor("vera")
        shown = words_of(vera.page(f"/submissions/{public_id}"))
        assert "Being analysed." in shown
        assert "Not analysed yet." in shown
        assert vera.get(f"/submissions/{public_id}/state").json() == {"analysed": False, "failed": False}

    def test_a_failed_analysis_is_shown_and_can_be_tried_again(self, site: Site) -> None:
        work = site.hand()
        work.hand.types("Cannot be analysed.")
        public_id = work.submit(analysed=False)
        with site.database.writing() as db:
            number = db.scalars(select(Submission.id).where(Submission.public_id == public_id)).one()
            for _ in range(4):
                db.execute(update(AnalysisFailure).values(next_at=site.clock()))
                begin_try(db, number, site.clock())
            record_failure(db, number, "It exceeded the memory limit.", site.clock())
        vera, rafael = site.visitor("vera"), site.visitor("rafael")
        shown = words_of(vera.page(f"/submissions/{public_id}"))
        assert "Could not be analysed. It exceeded the memory limit." in shown
        assert "Tried 4 times" in shown
        assert "not tried again automatically" in shown
        assert "Cannot be analysed." in shown
        assert vera.get(f"/submissions/{public_id}/state").json() == {"analysed": False, "failed": True}
        assert vera.get(f"/submissions/{public_id}/state?attempts=9").json() == {"analysed": False, "failed": False}
        assert "Analyse again" not in shown
        assert vera.post(f"/submissions/{public_id}/analysis").status_code == 403
        assert "Analyse again" in words_of(rafael.page(f"/submissions/{public_id}"))
        assert rafael.post(f"/submissions/{public_id}/analysis").status_code == 303
        page: SubmissionPage = rafael.context(f"/submissions/{public_id}")
        assert page.failed is None
        assert page.evidence is not None

    def test_the_analysis_state_turns_true(self, site: Site) -> None:
        work = site.hand()
        work.hand.types("Analysed at once.")
        answer = site.visitor("vera").get(f"/submissions/{work.submit()}/state")
        assert answer.json() == {"analysed": True, "failed": False}

    def test_the_limit_of_all_this_is_said(self, site: Site) -> None:
        work = site.hand()
        work.hand.types("Some words.")
        shown = words_of(site.visitor("vera").page(f"/submissions/{work.submit(comment='My comment')}"))
        assert "a programmer can forge a consistent log" in shown
        assert "My comment" in shown

    def test_the_page_has_no_inline_style_or_script(self, site: Site) -> None:
        work = site.hand()
        work.hand.pastes("Something from elsewhere, long enough to be marked as such.")
        shown = site.visitor("rafael").page(f"/submissions/{work.submit()}")
        assert " style=" not in shown
        assert "<style" not in shown
        assert "<script>" not in shown

    @pytest.mark.parametrize("address", ["/submissions/0000000000000000", "/submissions/nothing", "/studies/none"])
    def test_what_is_not_there_is_not_found(self, site: Site, address: str) -> None:
        assert site.visitor("vera").get(address).status_code == 404
