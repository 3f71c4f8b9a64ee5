import pytest

from tests.requester.site import Site, Visitor


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting: the first mark, one look, and the end."""
    monkeypatch.setattr("keytrail.requester.live._EVERY_S", 0.01)
    monkeypatch.setattr("keytrail.requester.live._OPEN_S", 0.01)


def ask(visitor: Visitor, url: str = "/live?study=night", seen: str = "") -> tuple[str, str]:
    """Kind and id of the first event."""
    answer = visitor.client.get(url, headers={"last-event-id": seen} if seen else {})
    assert answer.headers["content-type"].startswith("text/event-stream")
    fields = dict(line.split(": ", 1) for line in answer.text.split("\n\n")[0].splitlines())
    return fields["event"], fields["id"]


class TestLive:
    def test_a_browser_that_asks_again_hears_of_what_it_missed(self, site: Site) -> None:
        olivia = site.visitor("olivia")
        kind, seen = ask(olivia)
        assert kind == "here"
        assert ask(olivia, seen=seen) == ("here", seen)
        work = site.hand()
        work.hand.types("New.")
        public_id = work.submit(analysed=False)
        kind, after = ask(olivia, seen=seen)
        assert (kind, after != seen) == ("change", True)
        site.analyse(1)
        kind, analysed = ask(olivia, seen=after)
        assert kind == "change"
        site.visitor("rafael").post(f"/submissions/{public_id}/decisions", kind="accept")
        assert ask(olivia, seen=analysed)[0] == "change"

    def test_all_of_ones_studies_at_once(self, site: Site) -> None:
        otto, olivia = site.visitor("otto"), site.visitor("olivia")
        (_, nothing), (_, seen) = ask(otto, "/live"), ask(olivia, "/live")
        work = site.hand()
        work.hand.types("New.")
        work.submit()
        assert ask(otto, "/live", nothing) == ("here", nothing)
        assert ask(olivia, "/live", seen)[0] == "change"

    def test_a_study_of_others_is_not_found(self, site: Site) -> None:
        assert site.visitor("otto").get("/live?study=night").status_code == 404
