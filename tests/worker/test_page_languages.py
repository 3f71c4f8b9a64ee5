"""Languages on the worker's pages: the page's own, and the item's where it names another."""

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from keytrail.language import language_named, message
from keytrail.models import Item, Study
from tests.worker.visitor import Visitor

Visit = Callable[..., Visitor]
Into = Callable[..., None]
TEXT = "three short words"


@pytest.fixture
def into(server: FastAPI) -> Into:
    """Put every study, and with `item` every item, into a language."""

    def put(language: str, item: str | None = None, **values: object) -> None:
        with server.state.services.database.writing() as db:
            db.execute(update(Study).values(language=language, **values))
            db.execute(update(Item).values(fields={} if item is None else {"language": item}))

    return put


def tag_of(page: str, opening: str) -> str:
    """The first tag that begins so."""
    found = re.search(rf"{re.escape(opening)}[^>]*>", page)
    assert found, opening
    return found[0]


@pytest.mark.parametrize(
    ("language", "direction", "item"), [("ar", "rtl", "en"), ("en", "ltr", "ar"), ("de", "ltr", "pt-BR")]
)
def test_each_part_has_its_own_language_and_direction(
    visit: Visit, into: Into, language: str, direction: str, item: str
) -> None:
    """Title, instructions and consent are the requester's words in whatever script; `auto` goes by their letters."""
    into(language, item)
    preview, visitor = visit(assignment="ASSIGNMENT_ID_NOT_AVAILABLE"), visit()
    preview.open()
    visitor.open()
    consent = visitor.page
    visitor.accept()
    for page in (preview.page, consent, visitor.page):
        assert f'<html lang="{language}" dir="{direction}">' in page
        assert tag_of(page, "<h1") == '<h1 dir="auto">'
        assert 'dir="auto"' in tag_of(page, '<section id="instructions"')
    for page in (preview.page, consent):
        own_words = page.partition("</dl>")[2]
        assert own_words.lstrip().removeprefix("</section>").count('<div dir="auto">') == 1
    for page in (preview.page, visitor.page):
        source = tag_of(page, '<div id="source"')
        assert f'lang="{item}"' in source
        assert 'dir="auto"' in source
    assert 'dir="auto"' in tag_of(visitor.page, '<h2 id="source-title"')
    assert 'dir="auto"' in tag_of(visitor.page, '<textarea id="answer"')


@pytest.mark.parametrize(
    "hostile", ['"><script>alert(1)</script>', "en onload=x", "en\n", "", "e", "x" * 1000, "en-\u202e", "de_DE", "日本"]
)
def test_an_item_with_a_tag_that_is_none_is_in_the_language_of_the_study(
    visit: Visit, into: Into, hostile: str
) -> None:
    into("ar", hostile)
    preview, visitor = visit(assignment="ASSIGNMENT_ID_NOT_AVAILABLE"), visit()
    preview.open()
    visitor.accept()
    for page in (preview.page, visitor.page):
        assert 'lang="ar"' in tag_of(page, '<div id="source"')
        assert "alert(1)" not in page
        assert "onload" not in page


def translated(language: str, sentence: str) -> str:
    found = language_named(language).text(message(sentence))
    assert found != sentence
    return found


@pytest.mark.parametrize(("language", "direction"), [("de", "ltr"), ("ar", "rtl")])
def test_every_way_a_visit_ends_is_in_the_language_of_the_study(
    visit: Visit, into: Into, language: str, direction: str
) -> None:
    """An error page, a refusal, a withdrawal, no return after it, and the question after submission."""
    into(language, asks_model_use=True, return_after_withdrawal=False)
    html = f'<html lang="{language}" dir="{direction}">'

    wrong = visit()
    wrong.query["workerId"] = "<b>"
    assert (wrong.open().status_code, html in wrong.page) == (400, True)
    assert "is not a valid id" not in wrong.page

    refusing = visit(worker="W2", assignment="A2")
    refusing.open()
    assert (refusing.send("refusal").status_code, html in refusing.page) == (200, True)
    assert f"<h1>{translated(language, 'Thank you')}</h1>" in refusing.page

    asked = visit(worker="W3", assignment="A3")
    asked.accept()
    assert (asked.send("submission", text="one").status_code, html in asked.page) == (400, True)
    assert "Write at least" not in asked.page
    assert (asked.send("submission", text=TEXT).status_code, html in asked.page) == (200, True)
    assert translated(language, "Your text is in. One question is left") in asked.page

    leaving = visit(worker="W4", assignment="A4")
    leaving.accept()
    assert (leaving.send("withdrawal").status_code, html in leaving.page) == (200, True)
    assert f"<h1>{translated(language, 'You have stopped')}</h1>" in leaving.page
    again = leaving.open()
    assert html in again.text
    assert "withdrew" not in again.text
    assert 'id="consent"' not in again.text
