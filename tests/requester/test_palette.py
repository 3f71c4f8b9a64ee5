from tests.requester.site import Site


def _found(site: Site, name: str, words: str, study: str = "") -> list[tuple[str, str]]:
    answer = site.visitor(name).client.get("/find", params={"words": words, "study": study}).json()
    return [(place["kind"], place["url"]) for place in answer]


def test_the_palette_finds_pages_studies_submissions_and_workers(site: Site) -> None:
    work = site.hand()
    work.hand.types("Somebody's text.")
    submission = work.submit()
    worker = site.visitor("olivia").context("/studies/night").rows[0].line.worker
    assert ("study", "/studies/night/overview") in _found(site, "vera", "night")
    assert _found(site, "vera", "prevalence", "night")[0] == ("page of this study", "/studies/night/prevalence")
    assert _found(site, "vera", submission[:6]) == [("submission", f"/submissions/{submission}")]
    assert _found(site, "vera", worker[:6].upper()) == [("worker", f"/studies/night/workers/{worker}")]
    # A viewer has no settings; an outsider finds nothing of the study.
    assert _found(site, "vera", "settings", "night") == []
    for words in ("night", submission, worker):
        assert _found(site, "otto", words, "night") == []
    assert _found(site, "vera", "%") == []


def test_counts_follow_the_filters(site: Site) -> None:
    for number in range(3):
        work = site.hand()
        if number:
            work.hand.types("All of this was typed by hand, word for word.")
        else:
            work.hand.pastes("This came from elsewhere. " * 8)
        work.submit()
    client = site.visitor("rafael").client
    assert client.get("/studies/night/counts?words=typed").json() == {"found": 2, "verdicts": {"": 2, "clear": 2}}
    strong = client.get("/studies/night/counts?verdict=strong&words=elsewhere").json()
    assert strong == {"found": 1, "verdicts": {"": 1, "strong": 1}}
    assert client.get("/studies/night/queue/counts?words=typed").json()["found"] == 2
    page = site.visitor("rafael").context("/studies/night?words=typed")
    assert (page.facets.total, page.facets.url) == (3, "/studies/night/counts?words=typed")
    plain = site.visitor("rafael").context("/studies/night?verdict=clear")
    assert (plain.facets.found, plain.facets.total, plain.facets.url) == (2, 3, "")
    assert site.visitor("otto").get("/studies/night/counts").status_code == 404


def test_what_was_decided_is_said(site: Site) -> None:
    ids = []
    for _ in range(3):
        work = site.hand()
        work.hand.types("All of this was typed by hand, word for word.")
        ids.append(work.submit())
    rafael = site.visitor("rafael")
    onward = rafael.post(f"/submissions/{ids[0]}/decisions", kind="exclude", queue="queue=1").headers["location"]
    notice = rafael.context(onward).queue.notice
    assert notice.startswith("Accepted, excluded from data: ")
    every = rafael.post("/studies/night/queue/bulk", kind="accept", every="1")
    assert all(one in every.text for one in ids[1:])
    where = rafael.post("/studies/night/queue/bulk/confirm", pick=ids[1:], kind="accept").headers["location"]
    assert rafael.context(where).notice == "2\u00a0submissions: accepted"
