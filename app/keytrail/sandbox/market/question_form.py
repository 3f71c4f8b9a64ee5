"""Parse QuestionForm: overviews and questions with free text or a selection.

Source: AWSMturkAPI, "QuestionForm", "AnswerSpecification". Files, images and applications are not supported.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree as ET

import nh3

from keytrail.sandbox.market.faults import NotOffered, unreadable

_STYLES: dict[str, Literal["radio", "checkbox", "select"]] = {
    "radiobutton": "radio",
    "checkbox": "checkbox",
    "multichooser": "checkbox",
    "list": "checkbox",
    "dropdown": "select",
    "combobox": "select",
}


@dataclass(frozen=True)
class Block:
    """A piece of text: `lines` of a title, a paragraph or a list; of "html" one line, already sanitised."""

    kind: Literal["title", "text", "list", "html"]
    lines: Sequence[str]


@dataclass(frozen=True)
class Overview:
    """Text between questions."""

    content: Sequence[Block]


@dataclass(frozen=True)
class FreeText:
    """A text field; lengths in characters, None for no limit."""

    default: str
    rows: int
    least: int | None
    most: int | None
    numeric: bool


@dataclass(frozen=True)
class Option:
    """One choice."""

    id: str
    label: Block


@dataclass(frozen=True)
class Selection:
    """Between `least` and `most` of the options."""

    style: Literal["radio", "checkbox", "select"]
    options: Sequence[Option]
    least: int
    most: int


@dataclass(frozen=True)
class FormQuestion:
    """One question; `id` names its form field and its answer."""

    id: str
    name: str
    required: bool
    content: Sequence[Block]
    answer: FreeText | Selection


@dataclass(frozen=True)
class QuestionForm:
    """A form from top to bottom; it fills the window."""

    parts: Sequence[Overview | FormQuestion]
    frame_height: int = 0

    @property
    def questions(self) -> list[FormQuestion]:
        """Return the questions only."""
        return [part for part in self.parts if isinstance(part, FormQuestion)]


def parse_form(xml: str) -> QuestionForm:
    """Return the form of well-formed XML without a document type. Raises XMLParseError or NotOffered."""
    root = ET.fromstring(xml.encode())  # noqa: S314 - the caller has refused document types, and so all entities
    parts = [_part(element) for element in root]
    form = QuestionForm(parts=parts)
    ids = [question.id for question in form.questions]
    if not ids:
        raise unreadable("the form has no Question")
    if len(set(ids)) < len(ids):
        raise unreadable("two questions have the same QuestionIdentifier")
    return form


def _part(element: ET.Element) -> Overview | FormQuestion:
    name = _name(element)
    if name == "Overview":
        return Overview(list(_blocks(element)))
    if name != "Question":
        raise unreadable(f"{name} is neither an Overview nor a Question")
    return FormQuestion(
        id=_text(element, "QuestionIdentifier"),
        name=_text(element, "DisplayName", ""),
        required=_text(element, "IsRequired", "false").lower() in {"true", "1"},
        content=list(_blocks(_child(element, "QuestionContent"))),
        answer=_answer(_child(element, "AnswerSpecification")),
    )


def _answer(element: ET.Element) -> FreeText | Selection:
    for child in element:
        if _name(child) == "FreeTextAnswer":
            return _free_text(child)
        if _name(child) == "SelectionAnswer":
            return _selection(child)
    raise NotOffered(f"questions with {' or '.join(_name(child) for child in element) or 'no answer'}")


def _free_text(element: ET.Element) -> FreeText:
    constraints = _found(element, "Constraints")
    length = None if constraints is None else _found(constraints, "Length")
    return FreeText(
        default=_text(element, "DefaultText", ""),
        rows=_number(_text(element, "NumberOfLinesSuggestion", "1")),
        least=_limit(length, "minLength"),
        most=_limit(length, "maxLength"),
        numeric=constraints is not None and _found(constraints, "IsNumeric") is not None,
    )


def _selection(element: ET.Element) -> Selection:
    options = [_option(option) for option in _child(element, "Selections")]
    least, most = (_number(_text(element, f"{end}SelectionCount", "1")) for end in ("Min", "Max"))
    style = _STYLES.get(_text(element, "StyleSuggestion", "radiobutton"), "radio")
    if not 0 <= least <= most <= len(options):
        raise unreadable("MinSelectionCount and MaxSelectionCount do not fit the Selections")
    return Selection(style="checkbox" if most > 1 else style, options=options, least=least, most=most)


def _option(element: ET.Element) -> Option:
    if _name(element) != "Selection":
        raise NotOffered(f"{_name(element)} among selections")
    labels = list(_blocks(element, skip={"SelectionIdentifier"}))
    if len(labels) != 1:
        raise unreadable("a Selection needs one Text or FormattedContent")
    return Option(id=_text(element, "SelectionIdentifier"), label=labels[0])


def _blocks(element: ET.Element, skip: frozenset[str] | set[str] = frozenset()) -> Iterator[Block]:
    for child in element:
        name, text = _name(child), (child.text or "").strip()
        if name in skip:
            continue
        if name in {"Title", "Text"}:
            yield Block("title" if name == "Title" else "text", [text])
        elif name == "List":
            yield Block("list", [(item.text or "").strip() for item in child])
        elif name == "FormattedContent":
            yield Block("html", [nh3.clean(text)])
        else:
            raise NotOffered(f"{name} in a QuestionForm")


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _found(element: ET.Element, name: str) -> ET.Element | None:
    return next((child for child in element if _name(child) == name), None)


def _child(element: ET.Element, name: str) -> ET.Element:
    found = _found(element, name)
    if found is None:
        raise unreadable(f"{name} is missing in {_name(element)}")
    return found


def _text(element: ET.Element, name: str, default: str | None = None) -> str:
    found = _found(element, name)
    text = "" if found is None else (found.text or "").strip()
    if text or default is not None:
        return text or default or ""
    raise unreadable(f"{name} is missing in {_name(element)}")


def _limit(length: ET.Element | None, name: str) -> int | None:
    value = None if length is None else length.get(name)
    return None if value is None else _number(value)


def _number(value: str) -> int:
    if not value.isascii() or not value.isdigit():
        raise unreadable(f"{value!r} is not a whole number")
    return int(value)
