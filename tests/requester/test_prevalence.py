import csv
import io
import re
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import select

from keytrail.models import User, WritingSession
from keytrail.requester.synthetic import prevalence, prevalence_files
from keytrail.requester.synthetic.cross_table import cross_table
from keytrail.requester.synthetic.prevalence import PrevalencePage
from keytrail.requester.synthetic.prevalence_files import COLUMNS
from keytrail.requester.synthetic.unjudged import CAUSES, unjudged_rows
from keytrail.studies import study_by_slug
from keytrail.studies.conditions import Condition, Measure
from keytrail.synthetic.prevalence.observations import LEFT_OUT, NOT_SCORED
from keytrail.synthetic.prevalence.unjudged import UnjudgedCause
from keytrail.text.classifier.assessment import Outcome
from keytrail.text.loglabels import MainOrigin
from keytrail.users.tokens import create_token
from tests.requester.site import Site


def test_the_page_counts_what_the_logs_show_and_says_what_it_cannot_tell(site: Site) -> None:
    pasted = site.hand()
    pasted.hand.pastes("This came from another place altogether, in one piece, and stayed as it was to the end of it.")
    pasted.submit()
    typed = site.hand()
    typed.hand.types("Staff slept a bit longer under amber light.")
    typed.submit()
    olivia = site.visitor("olivia")
    page: PrevalencePage = olivia.settled("/studies/night/prevalence")
    assert page.headline is not None
    assert page.headline.sentence == (
        "Between 0\u00a0and\u00a0100\u00a0% of the 2 texts came from elsewhere for at least half of their length."
    )
    assert page.plot is not None
    assert [group.title for group in page.plot.groups] == ["Counted"]
    external = next(row for row in page.plot.groups[0].rows if row.label == "At least half from elsewhere")
    assert [mark.unit for mark in external.marks] == ["submissions", "workers"]
    assert external.marks[0].words.startswith("50\u00a0% (")
    assert 0 < external.marks[0].low < external.marks[0].at < external.marks[0].high <= 66
    assert {row.unit for row in page.rows} == {"submissions", "workers"}
    html = olivia.page("/studies/night/prevalence")
    assert "language that is not their first" in html
    assert "decides nothing" in html
    assert "There is no classifier yet" in html
    assert "style=" not in html.split("<main", 1)[-1]


def test_without_references_nothing_is_recommended_or_worded_for_a_paper(site: Site) -> None:
    for number in range(6):
        work = site.hand()
        (work.hand.pastes if number < 3 else work.hand.types)("Staff slept a bit longer under amber light at night.")
        work.submit()
    olivia = site.visitor("olivia")
    page: PrevalencePage = olivia.settled("/studies/night/prevalence")
    assert page.headline is not None
    assert page.headline.sentence.startswith("Between ")
    assert (page.headline.workers, page.headline.reason, page.headline.paper) == ("", "", "")
    html = olivia.page("/studies/night/prevalence")
    assert unescape(page.headline.caveat) in unescape(html)
    assert "An estimate of that needs a classifier." in page.headline.caveat
    assert "Copy for a paper" not in html
    assert "recommended estimate" not in html


def test_where_pasting_is_prevented_the_logs_state_no_share(site: Site) -> None:
    """Half of the texts could have been pasted; where nobody can paste, a typed text says nothing."""
    with site.database.writing() as db:
        study_by_slug(db, "night").conditions = [
            Condition(name="plain", probability=0.5).as_json(),
            Condition(name="prevented", probability=0.5, measures=frozenset({Measure.REFUSE_PASTE})).as_json(),
        ]
    for number in range(8):
        work = site.hand()
        (work.hand.pastes if number < 4 else work.hand.types)("Staff slept a bit longer under amber light at night.")
        work.submit()
        with site.database.writing() as db:
            last = db.scalars(select(WritingSession).order_by(WritingSession.id.desc()).limit(1)).one()
            last.condition = "plain" if number < 4 else "prevented"
    olivia = site.visitor("olivia")
    page: PrevalencePage = olivia.settled("/studies/night/prevalence")
    assert page.headline is not None
    assert page.headline.sentence == (
        "About 100\u00a0% of the 4 texts that have a log result (51\u00a0to\u00a0100\u00a0%) came from elsewhere "
        "for at least half of their length."
    )


def test_where_pasting_is_prevented_in_the_whole_study_no_estimate_is_stated(site: Site) -> None:
    with site.database.writing() as db:
        study_by_slug(db, "night").rules = {"refuse_paste": True}
    work = site.hand()
    work.hand.types("Staff slept a bit longer under amber light at night.")
    work.submit()
    olivia = site.visitor("olivia")
    page: PrevalencePage = olivia.settled("/studies/night/prevalence")
    assert (page.headline, page.plot, page.rows) == (None, None, [])
    html = unescape(olivia.page("/studies/night/prevalence"))
    assert "No estimate can be stated" in html
    assert "Pasting or copying was prevented in this study." in html
    assert "Nothing to estimate yet" not in html
    assert olivia.get("/studies/night/prevalence/figure.svg").status_code == 404


def test_where_texts_came_from_is_crossed_with_how_they_read_in_words() -> None:
    table = cross_table([("external", "llm_like", 3), ("typed", "human_like", 2), ("typed", "not scored", 1)])
    assert table.columns == ["reads like a language model's", "reads like a person's", "not scored yet"]
    assert table.rows == [("was typed", [0, 2, 1]), ("came from elsewhere", [3, 0, 0])]
    assert cross_table([]).rows == []


def test_every_kind_of_log_and_text_has_its_words() -> None:
    texts = [*Outcome, LEFT_OUT, NOT_SCORED]
    table = cross_table([(log, text, 1) for log in MainOrigin for text in texts])
    assert (len(table.rows), len(table.columns)) == (len(MainOrigin), len(texts))


def test_the_page_splits_the_study_by_time(site: Site) -> None:
    for days in (0, 1):
        site.clock.advance(days=days)
        work = site.hand()
        work.hand.types("Staff slept a bit longer under amber light.")
        work.submit()
    olivia = site.visitor("olivia")
    page: PrevalencePage = olivia.settled("/studies/night/prevalence")
    (section,) = page.parts
    assert section.note == "Days are counted in UTC, the same for all readers."
    assert section.note in olivia.page("/studies/night/prevalence")
    assert (section.title, section.shown) == ("By time", "At least half from elsewhere")
    assert [(row.name, row.unit, row.number) for row in section.rows] == [
        ("2026-03-01", "submissions", 1),
        ("2026-03-01", "workers", 1),
        ("2026-03-02", "submissions", 1),
        ("2026-03-02", "workers", 1),
    ]
    assert [bool(share) for share in section.rows[0].shares] == [True, False, False, False]
    assert section.rows[0].shares[0].startswith("0\u00a0% (0\u00a0to")
    assert section.plot is not None
    assert [row.label for row in section.plot.groups[0].rows] == ["2026-03-01", "2026-03-02"]


@pytest.mark.parametrize(("name", "may_score"), [("rafael", True), ("vera", False)])
def test_texts_without_a_judgement_are_listed_by_cause_with_what_helps(
    site: Site, monkeypatch: pytest.MonkeyPatch, name: str, *, may_score: bool
) -> None:
    found = {cause: number for number, cause in enumerate(UnjudgedCause, start=1)}
    work = site.hand()
    work.hand.types("Staff slept a bit longer.")
    work.submit()
    monkeypatch.setattr(prevalence, "unjudged_rows", lambda _: unjudged_rows(found))
    visitor = site.visitor(name)
    visitor.settled("/studies/night/prevalence")
    html = visitor.page("/studies/night/prevalence")
    section = html.split('aria-labelledby="unjudged"', 1)[1].split("</section>", 1)[0]
    shown = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td></tr>', section)
    assert [(unescape(sentence), int(number), counted) for sentence, number, counted in shown] == [
        (CAUSES[cause], number, "as not synthetic" if cause is UnjudgedCause.COPIED else "left out")
        for cause, number in found.items()
    ]
    assert '<a class="button" href="/studies/night/classifier">Train a classifier</a>' in section
    button = f'<button type="submit">Score {found[UnjudgedCause.NOT_SCORED]}\u00a0texts</button>'
    assert (button in section) is may_score


def test_the_page_says_why_without_a_classifier_no_text_is_judged(site: Site) -> None:
    work = site.hand()
    work.hand.types("Staff slept a bit longer.")
    work.submit()
    page: PrevalencePage = site.visitor("vera").settled("/studies/night/prevalence")
    assert [(row.key, row.number, row.counts) for row in page.unjudged] == [("no_classifier", 1, "left out")]


def test_the_page_shows_how_alike_the_texts_are(site: Site) -> None:
    for text in ("Staff slept a bit longer under amber light.", "Nurses slept a bit longer under amber light."):
        work = site.hand(item="a")
        work.hand.types(text)
        work.submit()
    olivia = site.visitor("olivia")
    page: PrevalencePage = olivia.settled("/studies/night/prevalence")
    assert [row.name for row in page.alike] == ["this study", "of these: typed"]
    assert (page.alike[0].pairs, page.alike[0].interval, page.alike[0].words) == (1, "too few workers", 8)
    assert 0 < float(page.alike[0].mean) < 1
    assert page.alike[0].at == 100
    assert "says nothing about any one text" in olivia.page("/studies/night/prevalence")


def test_the_page_of_an_empty_study_says_so(site: Site) -> None:
    page: PrevalencePage = site.visitor("vera").settled("/studies/night/prevalence")
    assert (page.headline, page.plot, page.rows) == (None, None, [])


def test_a_condition_that_is_named_like_a_formula_is_none_in_the_file(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = site.hand()
    work.hand.types("Staff slept a bit longer under amber light.")
    work.submit()
    vera = site.visitor("vera")
    vera.settled("/studies/night/prevalence")
    real = prevalence_files._reports
    named = [("condition", '=HYPERLINK("http://evil.example")')]
    monkeypatch.setattr(prevalence_files, "_reports", lambda found: [(*named[0], one[2]) for one in real(found)])
    rows = list(csv.DictReader(io.StringIO(vera.get("/studies/night/prevalence/estimates.csv").text)))
    assert {row["part"] for row in rows} == {"'" + named[0][1]}


def test_the_estimates_are_files_too(site: Site) -> None:
    vera = site.visitor("vera")
    early = vera.get("/studies/night/prevalence/figure.svg")
    assert early.status_code == 404
    assert "wait until it shows them" in early.text
    work = site.hand()
    work.hand.types("Staff slept a bit longer under amber light.")
    work.submit()
    vera.settled("/studies/night/prevalence")
    rows = list(csv.DictReader(io.StringIO(vera.get("/studies/night/prevalence/estimates.csv").text)))
    assert tuple(rows[0]) == COLUMNS
    assert {(row["unit"], row["name"], row["share"], row["number"]) for row in rows} >= {
        ("submissions", "external text", "0.0", "1"),
        ("workers", "external text", "0.0", "1"),
    }
    figure = vera.get("/studies/night/prevalence/figure.svg")
    assert figure.headers["content-type"] == "image/svg+xml"
    assert ET.fromstring(figure.text).tag == "{http://www.w3.org/2000/svg}svg"


def test_the_api_gives_the_same_figures_to_a_member_and_nothing_to_an_outsider(site: Site) -> None:
    work = site.hand()
    work.hand.pastes("This came from another place altogether, in one piece, and stayed as it was to the end of it.")
    work.submit()
    client = site.visitor().client
    answers = {}
    for name in ("vera", "otto"):
        with site.database.writing() as db:
            token = create_token(db, db.get_one(User, site.people[name]), "test", site.clock())
        answers[name] = client.get("/api/v1/studies/night/prevalence", headers={"authorization": f"Bearer {token}"})
    assert answers["otto"].status_code == 404
    found = answers["vera"].json()
    assert (found["submissions"], found["model_version"]) == (1, None)
    assert {one["name"]: one["value"] for one in found["by_submission"]["raw"]} == {"pasted": 1.0, "external text": 1.0}
    assert found["cross"] == [{"log": "external", "text": "not scored", "submissions": 1}]
    assert any("not their first" in caution for caution in found["cautions"])
