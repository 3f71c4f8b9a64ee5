"""The documentation and the glossary inside the dashboard."""

import re
from html.parser import HTMLParser

import pytest

from keytrail.models import DecisionKind
from keytrail.requester.frame import HELP_OF_TAB
from keytrail.requester.help.documents import documents, html_of, sections
from keytrail.requester.help.help import GlossaryPage
from keytrail.requester.wording import ORIGINS, VERDICTS
from keytrail.web.glossary import GLOSSARY
from tests.requester.site import Site, Visitor, words_of


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [value for name, value in attrs if name == "id" and value]
        for name in ("href", "src"):
            if tag in {"a", "img"} and (value := found.get(name)):
                self.links.add(value)


def read(html: str) -> Links:
    found = Links()
    found.feed(html)
    return found


@pytest.fixture
def vera(site: Site) -> Visitor:
    return site.visitor("vera")


def test_every_document_is_listed_and_can_be_read(vera: Visitor) -> None:
    listed = read(vera.page("/help")).links
    names = {document.name for section in sections() for document in section.documents}
    assert {"tutorial", "report", "glossary", "how-to/mturk", "findings"} <= names
    assert {f"/help/{name}" for name in names} <= listed
    for name, document in documents().items():
        assert document.title in words_of(vera.page(f"/help/{name}")).replace("&#39;", "'").replace("&amp;", "&")


@pytest.mark.parametrize("name", documents())
def test_links_of_a_document_lead_to_what_is_there(name: str) -> None:
    for link in read(html_of(name)).links:
        if "://" in link or link.startswith("mailto:"):
            continue
        page, _, anchor = link.removeprefix("/help/").partition("#")
        if page.startswith("images/") or page == "glossary":
            continue
        target = name if link.startswith("#") else page
        assert target in documents(), link
        assert not anchor or anchor in read(html_of(target)).ids, link


def test_an_image_of_a_document_is_served(vera: Visitor) -> None:
    (image, *_) = [link for link in read(vera.page("/help/report")).links if "/images/" in link]
    assert vera.get(image).headers["content-type"] == "image/png"
    assert vera.get("/help/images/nothing.png").status_code == 404


@pytest.mark.parametrize(
    "name", ["nothing", "index", "conf.py", "../pyproject", "..%2f..%2fREADME", "how-to/../report"]
)
def test_no_other_file_is_served(vera: Visitor, name: str) -> None:
    # Dots in the address are resolved before it is sent, or come to nothing here.
    answer = vera.get(f"/help/{name}")
    assert answer.status_code == 404 or str(answer.url).endswith("/help/report")


def test_the_glossary_has_every_word_and_every_value(vera: Visitor) -> None:
    page: GlossaryPage = vera.context("/help/glossary")
    assert {key for key, _ in page.terms} == set(GLOSSARY)
    page_words = words_of(vera.page("/help/glossary"))
    for word in (*VERDICTS.values(), *ORIGINS.values()):
        assert word.label in page_words
    assert len(page.parts["decision"]) == len(DecisionKind) - 1  # a decision that was taken back is none


@pytest.mark.parametrize("key", GLOSSARY)
def test_a_term_says_more_on_a_page_that_is_there(key: str) -> None:
    assert GLOSSARY[key].page in documents()


@pytest.mark.parametrize(("tab", "document"), HELP_OF_TAB.items())
def test_a_page_of_a_study_leads_to_the_document_that_explains_it(tab: str, document: str) -> None:
    assert document in documents(), tab


def test_help_in_the_header_leads_to_it(vera: Visitor) -> None:
    assert 'href="/help/prevalence">Help</a>' in vera.page("/studies/night/prevalence")
    assert 'href="/help">Help</a>' in vera.page("/")


def test_every_word_is_explained_on_a_page_that_uses_it(site: Site) -> None:
    work = site.hand()
    work.hand.pastes("Text from nowhere at all. " * 9)
    submission = work.submit()
    olivia = site.visitor("olivia")
    pages = {
        "/": {"study", "place"},
        "/excluded-workers": {"exclusion"},
        "/studies/night": {"submission", "report", "verdict", "finding", "without-typing"},
        "/studies/night/items": {"item", "place"},
        "/studies/night/overview": {"flagged", "kappa"},
        "/studies/night/disagreements": {"decision", "kappa"},
        "/studies/night/workers": {"worker", "writing-session"},
        "/studies/night/prevalence": {"estimator", "interval", "sensitivity", "specificity"},
        "/studies/night/conditions": {"condition", "self-report"},
        "/studies/night/classifier": {"classifier", "reference-text"},
        "/studies/night/payments": {"payment-action"},
        f"/submissions/{submission}": {
            "verdict",
            "finding",
            "false-alarm",
            "origin",
            "event-log",
            "decision",
            "replay",
        },
    }
    assert set().union(*pages.values()) == set(GLOSSARY)
    for address, keys in pages.items():
        explained = re.findall(r'popovertarget="term-([a-z-]+)"', olivia.page(address))
        assert keys <= set(explained), address
        assert len(explained) == len(set(explained)), address


def test_a_word_is_explained_where_it_stands_and_once_a_page(site: Site) -> None:
    work = site.hand()
    work.hand.types("Somebody's text.")
    submission = work.submit()
    olivia = site.visitor("olivia")
    for address, key in [
        (f"/submissions/{submission}", "verdict"),
        (f"/submissions/{submission}", "origin"),
        ("/studies/night", "finding"),
        ("/studies/night/queue", "without-typing"),
        ("/studies/night/prevalence", "estimator"),
        ("/studies/night/overview", "flagged"),
    ]:
        html = olivia.page(address)
        assert html.count(f'popovertarget="term-{key}"') == html.count(f'id="term-{key}"') == 1, address
        assert GLOSSARY[key].meaning.replace("'", "&#39;") in html
        ids = read(html).ids
        assert len(ids) == len(set(ids)), address
        assert not re.search(r"\son[a-z]+=", html)
