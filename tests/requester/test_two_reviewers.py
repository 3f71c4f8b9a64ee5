import pytest
from sqlalchemy import select

from keytrail.models import Membership, Role, Study, Submission
from keytrail.requester.overview.overview import OverviewPage
from keytrail.requester.queue.disagreements import DECIDE_FIRST, DisagreementsPage
from keytrail.requester.queue.queue import QueuePage
from keytrail.requester.submission.page import SubmissionPage
from tests.requester.site import Site
from tests.requester.waiting_queue import four, listed

__all__ = ["four"]


class TestTwoReviewers:
    @pytest.fixture(autouse=True)
    def _asks_two(self, site: Site) -> None:
        self.ask(site, 2)

    def ask(self, site: Site, reviewers: int) -> None:
        with site.database.writing() as db:
            db.scalars(select(Study).where(Study.slug == "night")).one().reviews_per_submission = reviewers

    def settled(self, site: Site, public_id: str) -> bool:
        with site.database.reading() as db:
            return db.scalars(select(Submission.settled).where(Submission.public_id == public_id)).one()

    def test_two_of_one_mind_settle_it(self, site: Site, four: dict[str, str]) -> None:
        for name, done in (("rafael", False), ("olivia", True)):
            site.visitor(name).post(f"/submissions/{four['strong']}/decisions", kind="exclude")
            assert self.settled(site, four["strong"]) is done

    def test_what_one_has_judged_never_comes_back_to_them(self, site: Site, four: dict[str, str]) -> None:
        rafael = site.visitor("rafael")
        for name in ("strong", "review"):
            rafael.post(f"/submissions/{four[name]}/decisions", kind="accept")
            site.clock.advance(minutes=1)
        assert listed(site) == [four["clear"]]
        assert listed(site, "olivia") == [four["strong"], four["review"], four["clear"]]

    def test_two_who_differ_need_a_third(self, site: Site, four: dict[str, str]) -> None:
        site.visitor("rafael").post(f"/submissions/{four['strong']}/decisions", kind="exclude")
        site.visitor("olivia").post(f"/submissions/{four['strong']}/decisions", kind="accept")
        assert not self.settled(site, four["strong"])
        shown = next(
            r for r in site.visitor("vera").context("/studies/night").rows if r.line.public_id == four["strong"]
        )
        assert shown.decision == "reviewers disagree"
        assert self.all_listed(site, "disagreed") == [four["strong"]]
        assert self.all_listed(site, "open") == []
        for name, sentence in {
            "rafael": "You: accepted, excluded from data. Olivia: accepted. Another reviewer decides, or one of you",
            "vera": "Olivia: accepted. Rafael: accepted, excluded from data. Another reviewer decides, or one of them",
        }.items():
            page: SubmissionPage = site.visitor(name).context(f"/submissions/{four['strong']}")
            assert page.decision.disagreement == f"{sentence} changes the decision."
        # Nothing of it is decided, on any page that counts.
        overview: OverviewPage = site.visitor("vera").context("/studies/night/overview")
        assert overview.progress.decided == 0
        assert {key: count for key, _, count in overview.decisions if count} == {"undecided": 3, "disagreed": 1}

    def test_disagreements_have_a_page_that_tells_nobody_too_early(self, site: Site, four: dict[str, str]) -> None:
        site.visitor("rafael").post(f"/submissions/{four['strong']}/decisions", kind="exclude")
        site.visitor("olivia").post(f"/submissions/{four['strong']}/decisions", kind="accept")
        self.join(site, "otto")
        shown = {}
        for name in ("rafael", "otto", "vera"):
            page: DisagreementsPage = site.visitor(name).context("/studies/night/disagreements")
            (one,) = page.rows
            shown[name] = list(one.decisions)
        assert shown["rafael"] == ["Olivia: accepted", "You: accepted, excluded from data"]
        assert shown["otto"] == [DECIDE_FIRST]
        assert shown["vera"] == ["Olivia: accepted", "Rafael: accepted, excluded from data"]
        assert page.agreement is not None
        assert (page.agreement.judged_twice, page.agreement.equal_share) == (1, 0)
        site.visitor("otto").post(f"/submissions/{four['strong']}/decisions", kind="accept")
        assert self.settled(site, four["strong"])
        assert "No disagreements" in site.visitor("vera").page("/studies/night/disagreements")

    def join(self, site: Site, name: str) -> None:
        with site.database.writing() as db:
            study_id = db.scalars(select(Study.id)).one()
            db.add(Membership(user_id=site.people[name], study_id=study_id, role=Role.REVIEWER))

    def test_the_second_does_not_see_the_first_before_deciding(self, site: Site, four: dict[str, str]) -> None:
        site.visitor("rafael").post(f"/submissions/{four['strong']}/decisions", kind="exclude", note="Pasted.")
        olivia = site.visitor("olivia")
        page: SubmissionPage = olivia.context(f"/submissions/{four['strong']}")
        assert (page.decision.hidden, page.decision.latest, list(page.decision.history)) == (1, None, [])
        assert "Pasted." not in olivia.page(f"/submissions/{four['strong']}")
        for listing in ("/studies/night/queue", "/studies/night"):
            shown = next(r for r in olivia.context(listing).rows if r.line.public_id == four["strong"])
            assert (shown.decision_key, shown.decision) == ("open", "1 of 2 reviewers decided")
        olivia.post(f"/submissions/{four['strong']}/decisions", kind="exclude")
        assert len(olivia.context(f"/submissions/{four['strong']}").decision.history) == 2

    def test_filters_tell_a_decision_only_when_all_have_judged(self, site: Site, four: dict[str, str]) -> None:
        site.visitor("rafael").post(f"/submissions/{four['strong']}/decisions", kind="exclude")
        assert listed(site, "olivia", "?decision=exclude") == self.all_listed(site, "exclude") == []
        assert listed(site, "olivia", "?decision=open") == self.all_listed(site, "open") == [four["strong"]]
        site.visitor("olivia").post(f"/submissions/{four['strong']}/decisions", kind="exclude")
        assert self.all_listed(site, "exclude") == [four["strong"]]
        assert self.all_listed(site, "open") == []

    def all_listed(self, site: Site, decision: str) -> list[str]:
        page = site.visitor("olivia").context(f"/studies/night?decision={decision}")
        return [row.line.public_id for row in page.rows]

    def test_a_second_look_is_told_to_whom_it_asks(self, site: Site, four: dict[str, str]) -> None:
        site.visitor("rafael").post(f"/submissions/{four['review']}/decisions", kind="second_look")
        olivia = site.visitor("olivia")
        for listing in ("/studies/night/queue", "/studies/night"):
            (shown,) = olivia.context(f"{listing}?decision=second_look").rows
            assert (shown.line.public_id, shown.decision) == (four["review"], "needs a second look")
        assert ">needs a second look</span>" in olivia.page("/studies/night/queue?decision=second_look")

    def test_one_reviewer_gets_no_filter_for_what_others_are_to_judge(self, site: Site) -> None:
        for reviewers, offered in ((2, True), (1, False)):
            self.ask(site, reviewers)
            page: QueuePage = site.visitor("olivia").context("/studies/night/queue")
            assert ("open" in [choice.value for choice in page.form.decisions]) is offered
