import pytest
from sqlalchemy import select

from keytrail.models import Membership, Role, Study, Submission
from keytrail.requester.overview.overview import OverviewPage
from keytrail.requester.queue.disagreements import DECIDE_FIRST, DisagreementsPage
from keytrail.requester.queue.queue import QueuePage
from keytrail.requester.submission.page import SubmissionPage
from tests.requester.site import Site, Visitor

ELSEWHERE = "A long text that came from elsewhere. " * 5


@pytest.fixture
def four(site: Site) -> dict[str, str]:
    """One clear, one to review, one strong, and one that is not analysed yet; ids by name."""
    names = {}
    clear = site.hand(worker="W1")
    clear.hand.types("All of this was typed by hand, letter by letter.")
    names["clear"] = clear.submit()
    strong = site.hand(worker="W2")
    strong.hand.types("ok ").pastes(ELSEWHERE)
    names["strong"] = strong.submit()
    some = site.hand(worker="W3")
    some.hand.types("This is mostly typed by hand and goes on for quite some time, so that a share stays small. " * 3)
    some.hand.pastes("But these words were not typed here at all, no.")
    names["review"] = some.submit()
    fresh = site.hand(worker="W4")
    fresh.hand.types("New.")
    names["fresh"] = fresh.submit(analysed=False)
    return names


def listed(site: Site, name: str = "rafael", query: str = "") -> list[str]:
    page: QueuePage = site.visitor(name).context(f"/studies/night/queue{query}")
    return [row.line.public_id for row in page.rows]


def following(visitor: Visitor, **fields: str) -> str:
    """The address that 'next' leads to."""
    answer = visitor.post("/studies/night/queue/next", **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def reviewer(public_id: str, **more: str) -> str:
    return f"/submissions/{public_id}?queue=1" + "".join(f"&{k}={v}" for k, v in more.items())


class TestQueue:
    def test_the_most_evident_comes_first_and_what_is_not_analysed_waits_outside(
        self, site: Site, four: dict[str, str]
    ) -> None:
        assert listed(site) == [four["strong"], four["review"], four["clear"]]

    def test_its_counts_are_of_what_is_in_it(self, site: Site, four: dict[str, str]) -> None:
        site.visitor("olivia").post(f"/submissions/{four['review']}/decisions", kind="second_look")
        site.visitor("olivia").post(f"/submissions/{four['strong']}/decisions", kind="accept")
        page: QueuePage = site.visitor("rafael").context("/studies/night/queue")
        assert {key or "all": count for key, _, count in page.verdict_links} == {
            "all": 2, "strong": 0, "review": 1, "unverifiable": 0, "clear": 1
        }  # fmt: skip
        assert len(page.rows) == 2
        assert page.waiting == "2"

    def test_filters_narrow_it(self, site: Site, four: dict[str, str]) -> None:
        assert listed(site, query="?verdict=review") == [four["review"]]
        assert listed(site, query="?finding=external_text") == [four["strong"], four["review"]]
        assert listed(site, query="?words=letter+HAND") == [four["clear"]]
        assert listed(site, query="?words=%22+OR+%28") == []
        assert listed(site, query="?since=2026-03-01&until=2026-03-01") == listed(site)
        assert listed(site, query="?since=2026-03-02") == []
        # Nine in the morning in UTC is the evening before in Honolulu; a zone that does not exist is UTC.
        assert listed(site, query="?until=2026-02-28&zone=Pacific/Honolulu") == listed(site)
        assert listed(site, query="?since=2026-03-01&zone=Pacific/Honolulu") == []
        assert listed(site, query="?since=2026-03-02&zone=../../etc/passwd") == []

    @pytest.mark.parametrize("query", ["since=March", "reviewer=x", "cursor=abc", "cursor=1-2-3"])
    def test_an_address_that_makes_no_sense_is_refused(self, site: Site, query: str) -> None:
        assert site.visitor("rafael").get(f"/studies/night/queue?{query}").status_code == 400

    def test_a_decided_submission_leaves_it_and_a_second_look_stays_for_others(
        self, site: Site, four: dict[str, str]
    ) -> None:
        rafael = site.visitor("rafael")
        rafael.post(f"/submissions/{four['strong']}/decisions", kind="accept")
        rafael.post(f"/submissions/{four['review']}/decisions", kind="second_look")
        assert listed(site, "rafael") == [four["clear"]]
        assert listed(site, "olivia") == [four["review"], four["clear"]]

    def test_pages_go_on_where_the_last_one_ended(
        self, site: Site, four: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("keytrail.requester.queue._PER_PAGE", 1)
        seen, url = [], "/studies/night/queue"
        while url:
            page: QueuePage = site.visitor("rafael").context(url)
            seen += [row.line.public_id for row in page.rows]
            url = page.next_url or ""
        assert seen == [four["strong"], four["review"], four["clear"]]


class TestGoingThrough:
    def test_next_and_previous_follow_the_order(self, site: Site, four: dict[str, str]) -> None:
        rafael = site.visitor("rafael")
        assert following(rafael) == reviewer(four["strong"])
        assert following(rafael, after=four["strong"]) == reviewer(four["review"])
        assert following(rafael, after=four["review"], way="back") == reviewer(four["strong"])
        assert following(rafael, after=four["strong"], way="back") == reviewer(four["strong"])
        assert following(rafael, after=four["clear"]) == reviewer(four["strong"])

    def test_two_reviewers_never_get_the_same_one(self, site: Site, four: dict[str, str]) -> None:
        rafael, olivia = site.visitor("rafael"), site.visitor("olivia")
        assert following(rafael) == reviewer(four["strong"])
        assert following(olivia) == reviewer(four["review"])
        assert following(rafael, after=four["strong"]) == reviewer(four["clear"])

    def test_what_somebody_has_on_the_desk_says_so_and_comes_free_again(self, site: Site, four: dict[str, str]) -> None:
        rafael, olivia = site.visitor("rafael"), site.visitor("olivia")
        following(rafael)
        page: SubmissionPage = olivia.context(f"/submissions/{four['strong']}")
        assert page.holder is not None
        assert page.holder.name == "Rafael"
        queue: QueuePage = olivia.context("/studies/night/queue")
        assert [row.held for row in queue.rows] == [True, False, False]
        rafael.post(f"/submissions/{four['strong']}/release")
        assert olivia.context(f"/submissions/{four['strong']}").holder is None

    def test_putting_one_back_keeps_the_filters(self, site: Site, four: dict[str, str]) -> None:
        page: SubmissionPage = site.visitor("rafael").context(f"/submissions/{four['strong']}?queue=1&verdict=strong")
        assert page.queue is not None
        answer = site.visitor("rafael").post(f"/submissions/{four['strong']}/release", queue=page.queue.query)
        assert answer.headers["location"] == "/studies/night/queue?verdict=strong"

    def test_a_forgotten_claim_runs_out(self, site: Site, four: dict[str, str]) -> None:
        following(site.visitor("rafael"))
        site.clock.advance(minutes=11)
        assert following(site.visitor("olivia")) == reviewer(four["strong"])

    def test_an_open_page_keeps_its_claim(self, site: Site, four: dict[str, str]) -> None:
        rafael, olivia = site.visitor("rafael"), site.visitor("olivia")
        following(rafael)
        site.clock.advance(minutes=9)
        assert rafael.post(f"/submissions/{four['strong']}/claim").json() == {"held": True}
        site.clock.advance(minutes=9)
        assert olivia.post(f"/submissions/{four['strong']}/claim").json() == {"held": False}

    def test_deciding_leads_to_the_next_with_a_way_to_undo(self, site: Site, four: dict[str, str]) -> None:
        rafael = site.visitor("rafael")
        following(rafael)
        answer = rafael.post(f"/submissions/{four['strong']}/decisions", kind="exclude", queue="queue=1")
        assert answer.headers["location"] == reviewer(four["review"], last=four["strong"])
        page: SubmissionPage = rafael.context(answer.headers["location"])
        assert page.queue is not None
        assert (page.queue.waiting, page.queue.last) == ("2 waiting", four["strong"])
        undone = rafael.post(f"/submissions/{four['strong']}/decisions", kind="withdrawn", queue="queue=1")
        assert undone.headers["location"] == reviewer(four["strong"])
        assert listed(site)[0] == four["strong"]

    def test_the_last_decision_leads_back_to_an_empty_queue(self, site: Site, four: dict[str, str]) -> None:
        rafael = site.visitor("rafael")
        answer = rafael.post(f"/submissions/{four['review']}/decisions", kind="accept", queue="verdict=review&queue=1")
        assert answer.headers["location"] == "/studies/night/queue?verdict=review&finished=1"
        assert rafael.context(answer.headers["location"]).finished

    def test_a_decision_made_meanwhile_by_somebody_else_is_not_overwritten_unseen(
        self, site: Site, four: dict[str, str]
    ) -> None:
        site.visitor("olivia").post(f"/submissions/{four['strong']}/decisions", kind="accept", decisions_seen="0")
        rafael = site.visitor("rafael")
        answer = rafael.post(
            f"/submissions/{four['strong']}/decisions", kind="exclude", decisions_seen="0", note="Mine"
        )
        assert answer.status_code == 409
        assert "Olivia decided in the meantime" in answer.text
        assert ">Mine</textarea>" in answer.text

    def test_a_viewer_cannot_take_anything_on_the_desk(self, site: Site, four: dict[str, str]) -> None:
        vera = site.visitor("vera")
        assert vera.post("/studies/night/queue/next").status_code == 403
        assert vera.post(f"/submissions/{four['clear']}/claim").status_code == 403
        assert vera.context("/studies/night/queue").may_decide is False


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
        for name, said in {
            "rafael": "You: accepted, excluded from data. Olivia: accepted. Another reviewer decides, or one of you",
            "vera": "Olivia: accepted. Rafael: accepted, excluded from data. Another reviewer decides, or one of them",
        }.items():
            page: SubmissionPage = site.visitor(name).context(f"/submissions/{four['strong']}")
            assert page.decision.disagreement == f"{said} changes the decision."
        # Nothing of it is decided, on any page that counts.
        overview: OverviewPage = site.visitor("vera").context("/studies/night/overview")
        assert overview.progress.decided == 0
        assert {key: count for key, _, count in overview.decisions if count} == {"undecided": 3, "disagreed": 1}

    def test_disagreements_have_a_page_that_tells_nobody_too_early(self, site: Site, four: dict[str, str]) -> None:
        site.visitor("rafael").post(f"/submissions/{four['strong']}/decisions", kind="exclude")
        site.visitor("olivia").post(f"/submissions/{four['strong']}/decisions", kind="accept")
        self.join(site, "otto")
        said = {}
        for name in ("rafael", "otto", "vera"):
            page: DisagreementsPage = site.visitor(name).context("/studies/night/disagreements")
            (one,) = page.rows
            said[name] = list(one.decisions)
        assert said["rafael"] == ["Olivia: accepted", "You: accepted, excluded from data"]
        assert said["otto"] == [DECIDE_FIRST]
        assert said["vera"] == ["Olivia: accepted", "Rafael: accepted, excluded from data"]
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


class TestSavedFilters:
    def test_are_kept_replaced_and_forgotten(self, site: Site) -> None:
        rafael = site.visitor("rafael")
        rafael.post("/studies/night/filters?verdict=strong", name="Evident")
        rafael.post("/studies/night/filters?verdict=review", name="Evident")
        (kept,) = rafael.context("/studies/night/queue").saved
        assert (kept.name, kept.query) == ("Evident", "verdict=review")
        assert list(site.visitor("olivia").context("/studies/night/queue").saved) == []
        rafael.post("/studies/night/filters/forget", name="Evident")
        assert list(rafael.context("/studies/night/queue").saved) == []

    def test_without_a_name_are_refused(self, site: Site) -> None:
        assert site.visitor("rafael").post("/studies/night/filters?verdict=strong", name=" ").status_code == 400
