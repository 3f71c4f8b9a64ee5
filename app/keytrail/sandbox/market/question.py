"""Parse a HIT's question: ExternalQuestion, HTMLQuestion or QuestionForm."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.parsers import expat

from keytrail.sandbox.market.faults import invalid, unreadable
from keytrail.sandbox.market.question_form import QuestionForm, parse_form

MAX_QUESTION_BYTES = 65_535
_SCHEMAS = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/"
_SEPARATOR = " "
# Host and port. The host goes into a header of ours (Content-Security-Policy), so nothing else may be in it.
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")


@dataclass(frozen=True)
class ExternalQuestion:
    """A page of the requester's own in a frame; height 0 means the whole window."""

    url: str
    frame_height: int


@dataclass(frozen=True)
class HtmlQuestion:
    """A page that the marketplace stores and serves for the requester."""

    html: str
    frame_height: int


Question = ExternalQuestion | HtmlQuestion | QuestionForm


def parse_question(xml: str) -> Question:
    """Parse the question of a HIT. Raises XMLParseError, ParameterValidationError or NotOffered."""
    if len(xml.encode()) > MAX_QUESTION_BYTES:
        raise invalid(f"Question is longer than {MAX_QUESTION_BYTES} bytes.")
    root, texts = _Reader().read(xml)
    kind = root.rpartition(_SEPARATOR)[2]
    if not root.startswith(_SCHEMAS) or kind not in {"ExternalQuestion", "HTMLQuestion", "QuestionForm"}:
        raise unreadable(f"the root element is {root or 'missing'}")
    if kind == "QuestionForm":
        return parse_form(xml)
    if kind == "HTMLQuestion":
        return HtmlQuestion(html=_text(texts, "HTMLContent"), frame_height=_height(texts))
    return ExternalQuestion(url=_text(texts, "ExternalURL").strip(), frame_height=_height(texts))


def require_frameable(question: Question, public_origin: str) -> None:
    """Raises ParameterValidationError if browsers would not frame the task in this marketplace.

    MTurk accepts https addresses only. A sandbox on plain http also accepts http, as browsers allow it there.
    """
    if not isinstance(question, ExternalQuestion):
        return
    parts = urlsplit(question.url)
    allowed = {"https"} if public_origin.startswith("https:") else {"https", "http"}
    if parts.scheme not in allowed or not _HOST.fullmatch(parts.netloc):
        raise invalid(f"ExternalURL must be a full address beginning with {' or '.join(sorted(allowed))}.")


class _Reader:
    """Collects the root's name and the text of its children; refuses document types."""

    def __init__(self) -> None:
        self._path: list[str] = []
        self._root = ""
        self._texts: dict[str, str] = {}

    def read(self, xml: str) -> tuple[str, dict[str, str]]:
        parser = expat.ParserCreate("UTF-8", _SEPARATOR)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(xml.encode(), True)  # noqa: FBT003 - expat takes it by position only
        except expat.ExpatError as error:
            raise unreadable(str(error)) from error
        return self._root, self._texts

    def _start(self, name: str, _attributes: object) -> None:
        self._root = self._root or name
        self._path.append(name.rpartition(_SEPARATOR)[2])
        if len(self._path) == 2:  # noqa: PLR2004 - a child of the root
            self._texts[self._path[-1]] = ""

    def _end(self, _name: str) -> None:
        self._path.pop()

    def _characters(self, data: str) -> None:
        if len(self._path) == 2:  # noqa: PLR2004 - as above
            self._texts[self._path[-1]] += data

    def _doctype(self, *_details: object) -> None:
        raise unreadable("a document type is not allowed")


def _text(texts: dict[str, str], name: str) -> str:
    value = texts.get(name)
    if not value:
        raise unreadable(f"{name} is missing")
    return value


def _height(texts: dict[str, str]) -> int:
    value = _text(texts, "FrameHeight").strip()
    if not value.isascii() or not value.isdigit():
        raise unreadable("FrameHeight is not a whole number of pixels")
    return int(value)
