import pytest

from keytrail.requester.queue import queue as queue_module
from keytrail.requester.queue.queue import QueuePage
from keytrail.requester.submission.page import SubmissionPage
from tests.requester.site import Site
from tests.requester.waiting_queue import following, four, listed, reviewer

__all__ = ["four"]


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
        monkeypatch.setattr(queue_module, "_PER_PAGE", 1)
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

    def test_what_somebody_has_claimed_says_so_and_comes_free_again(self, site: Site, four: dict[str, str]) -> None:
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

    def test_a_viewer_cannot_claim_anything(self, site: Site, four: dict[str, str]) -> None:
        vera = site.visitor("vera")
        assert vera.post("/studies/night/queue/next").status_code == 403
        assert vera.post(f"/submissions/{four['clear']}/claim").status_code == 403
        assert vera.context("/studies/night/queue").may_decide is False


class TestSavedFilters:
    def test_are_kept_replaced_and_forgotten(self, site: Site) -> None:
        rafael = site.visitor("rafael")
        rafael.post("/studies/night/filters?verdict=strong", name="Evident")
        rafael.post("/studies/night/filters?verdict=review", name="Evident")
        (kept,) = rafael.context("/studies/night/queue").saved
        assert (kept.name, kept.query) == ("Evident", "verdict=review")
        assert list(site.visitor("olivia").context("/studies/night/queue").saved) == []
        deleted = rafael.post("/studies/night/filters/forget?verdict=strong", name="Evident")
        assert list(rafael.context("/studies/night/queue").saved) == []
        page = rafael.context(deleted.headers["location"])
        assert (page.forgotten, page.query) == (True, "verdict=review")
        rafael.post(f"/studies/night/filters?{page.query}", name="Evident")
        (kept,) = rafael.context("/studies/night/queue").saved
        assert (kept.name, kept.query) == ("Evident", "verdict=review")

    def test_one_that_is_not_there_is_not_deleted(self, site: Site) -> None:
        rafael = site.visitor("rafael")
        deleted = rafael.post("/studies/night/filters/forget?verdict=strong", name="Evident")
        assert not rafael.context(deleted.headers["location"]).forgotten

    def test_without_a_name_are_refused(self, site: Site) -> None:
        assert site.visitor("rafael").post("/studies/night/filters?verdict=strong", name=" ").status_code == 400
