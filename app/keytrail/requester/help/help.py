"""The help pages: documentation and glossary in the dashboard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response
from markupsafe import Markup

from keytrail.errors import NotFound
from keytrail.requester.frame import Frame, Link, frame
from keytrail.requester.help.documents import HelpSection, documents, html_of, images, sections
from keytrail.requester.people.access import CurrentUser
from keytrail.requester.wording import DECISIONS, ORIGINS, VERDICTS, Word
from keytrail.resources import DOCS
from keytrail.web.glossary import GLOSSARY, GlossaryTerm
from keytrail.web.pages import CurrentPages

router = APIRouter(prefix="/help", include_in_schema=False)

_HELP = Link("Help", "/help")


@dataclass(frozen=True)
class HelpIndexPage:
    """All documents, by section."""

    template: ClassVar[str] = "requester/help/index.html"

    frame: Frame
    sections: Sequence[HelpSection]


@dataclass(frozen=True)
class DocumentPage:
    """One document, and the list of all."""

    template: ClassVar[str] = "requester/help/document.html"

    frame: Frame
    sections: Sequence[HelpSection]
    name: str
    title: str
    body: Markup


@dataclass(frozen=True)
class GlossaryPage:
    """Every term in the order of the alphabet; `parts` are the values that some of them have, by the term's key."""

    template: ClassVar[str] = "requester/help/glossary.html"

    frame: Frame
    terms: Sequence[tuple[str, GlossaryTerm]]
    parts: Mapping[str, Sequence[Word]]


@router.get("")
def show_help(user: CurrentUser, render: CurrentPages) -> Response:
    """For everybody who is signed in."""
    return render.render(HelpIndexPage(frame(user, Link("Help", "", current=True)), sections()))


@router.get("/glossary")
def show_glossary(user: CurrentUser, render: CurrentPages) -> Response:
    """For everybody who is signed in."""
    page = GlossaryPage(
        frame=frame(user, _HELP, Link("Glossary", "", current=True)),
        terms=sorted(GLOSSARY.items(), key=lambda item: item[1].word.lower()),
        parts={
            "verdict": list(VERDICTS.values()),
            "origin": list(ORIGINS.values()),
            "decision": list(DECISIONS.values()),
        },
    )
    return render.render(page)


@router.get("/images/{image}")
def show_image(image: str, user: CurrentUser) -> Response:  # noqa: ARG001  # for everybody who is signed in
    """Return an image of the documentation. Raises NotFound."""
    if image not in images():
        raise NotFound("There is no such image.")
    return FileResponse(DOCS / "images" / image)


@router.get("/{document:path}")
def show_document(document: str, user: CurrentUser, render: CurrentPages) -> Response:
    """For everybody who is signed in. Security: a document is found by its name in the list, not by a path."""
    found = documents().get(document)
    if found is None:
        raise NotFound("There is no such page of the help. The list of all pages is under Help.")
    page = DocumentPage(
        frame=frame(user, _HELP, Link(found.title, "", current=True)),
        sections=sections(),
        name=document,
        title=found.title,
        body=html_of(document),
    )
    return render.render(page)
