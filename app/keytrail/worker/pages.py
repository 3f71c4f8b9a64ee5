"""The contexts of the worker's pages."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from keytrail.language import Language, language_named, message
from keytrail.markdown import to_html
from keytrail.models import Item, StatedOrigin, Study, WritingSession
from keytrail.platforms import Finish
from keytrail.platforms.phrases import Phrases
from keytrail.platforms.registry import phrases_of
from keytrail.sessions.statements import STATED_ORIGINS
from keytrail.sessions.submission import Answer
from keytrail.studies.briefing import COPYING, PASTING, TaskText, Term, terms_of
from keytrail.studies.conditions import REQUESTS, Measure, measures_on_page, pictured
from keytrail.worker.picture import Picture, picture_of
from keytrail.worker.script_messages import Sayings, script_messages

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True)
class ItemSource:
    """An item's text; `language` is its own where the item names one (a column `language` of the items' file)."""

    title: str
    text: str
    language: str
    picture: Picture | None

    @classmethod
    def from_item(cls, item: Item | None, study: Study, *, as_picture: bool) -> "ItemSource":
        """What is to be read; nothing while a study has no items."""
        if item is None:
            return cls("", "", study.language, None)
        named = str((item.fields or {}).get("language", ""))
        return cls(
            title=item.title,
            text="" if as_picture else item.text,
            language=named if _TAG.fullmatch(named) else study.language,
            picture=picture_of(item.text) if as_picture else None,
        )


@dataclass(frozen=True)
class PreviewPage:
    """The task, read-only, before it is accepted. Nothing is recorded, and `consent` says what would be.

    `source` is the text that is to be read, or with `example` one of several; it is a picture wherever a condition
    shows the item as one.
    """

    template: ClassVar[str] = "worker/preview.html"

    language: Language
    task: TaskText
    terms: Sequence[Term]
    consent: Markup
    source: ItemSource
    example: bool
    say: Phrases

    @classmethod
    def from_study(cls, study: Study, item: Item | None, *, example: bool) -> "PreviewPage":
        """The study's words and what is to be read."""
        language = language_named(study.language)
        return cls(
            language=language,
            task=TaskText.from_study(study),
            terms=terms_of(study, language),
            consent=to_html(study.consent),
            source=ItemSource.from_item(item, study, as_picture=pictured(study)),
            example=example,
            say=phrases_of(study.platform),
        )


@dataclass(frozen=True)
class ConsentPage:
    """What holds, what is recorded, and the choice."""

    template: ClassVar[str] = "worker/consent.html"

    language: Language
    task: TaskText
    terms: Sequence[Term]
    consent: Markup
    ticket: str

    @classmethod
    def from_study(cls, study: Study, ticket: str) -> "ConsentPage":
        """The study's consent text with the ticket that the form sends back."""
        language = language_named(study.language)
        return cls(language, TaskText.from_study(study), terms_of(study, language), to_html(study.consent), ticket)


@dataclass(frozen=True)
class OriginBox:
    """A choice of where pasted text is from, and whether the worker has ticked it."""

    key: str
    label: str
    ticked: bool


@dataclass(frozen=True)
class TaskPage:
    """Instructions, item and answer box.

    `request` is what the worker's condition adds to the instructions, `rules` what it forbids; `link` is the signed
    link by which the page is opened again. `draft` is what an earlier page load had, `problem` is shown at once, and
    `messages` is what the page's script says.
    """

    template: ClassVar[str] = "worker/task.html"

    language: Language
    task: TaskText
    source: ItemSource
    request: Markup
    rules: Sequence[str]
    messages: Sayings
    link: str
    ticket: str
    draft: str
    draft_url: str
    limits: tuple[int, int]
    unit: str
    refuse_paste: bool
    refuse_copy: bool
    problem: str
    comment: str
    text_origins: Sequence[OriginBox]
    asks_input_aids: bool
    input_aids: bool
    say: Phrases

    @classmethod
    def from_session(
        cls,
        study: Study,
        session: WritingSession,
        ticket: str,
        draft: str,
        *,
        link: str = "",
        draft_url: str = "",
        problem: str = "",
        refused: Answer | None = None,
    ) -> "TaskPage":
        """Build the page of one load for the session's condition; the session's item must be loaded.

        `draft_url` is where the page requests the text of the previous page load. `refused` is a submission with a
        `problem`: the page keeps its comment and its statements.
        """
        measures = measures_on_page(study, session)
        language = language_named(study.language)
        requests = (language.text(words) for measure, words in REQUESTS.items() if measure in measures)
        forbidden = {Measure.REFUSE_PASTE: PASTING, Measure.REFUSE_COPY: COPYING}
        as_picture = Measure.SOURCE_AS_IMAGE in measures and session.plain_source_at is None
        return cls(
            language=language,
            task=TaskText.from_study(study),
            source=ItemSource.from_item(session.item, study, as_picture=as_picture),
            request=to_html("\n\n".join(requests)),
            rules=[language.text(rule) for measure, rule in forbidden.items() if measure in measures],
            messages=script_messages(study, language),
            link=link,
            ticket=ticket,
            draft=draft,
            draft_url=draft_url,
            limits=(study.minimum_words, study.maximum_words),
            unit=study.length_unit,
            refuse_paste=Measure.REFUSE_PASTE in measures,
            refuse_copy=Measure.REFUSE_COPY in measures,
            problem=language.text(problem),
            comment=refused.comment if refused else "",
            text_origins=_origin_boxes(study, language, refused.text_origins if refused else ()),
            asks_input_aids=study.asks_input_aids,
            input_aids=refused is not None and refused.input_aids,
            say=phrases_of(study.platform),
        )


def _origin_boxes(study: Study, language: Language, chosen: Collection[StatedOrigin]) -> list[OriginBox]:
    """The choices of where pasted text is from; none where the study does not ask."""
    if not study.asks_text_origin:
        return []
    return [OriginBox(key, language.text(text), key in chosen) for key, text in STATED_ORIGINS.items()]


@dataclass(frozen=True)
class QuestionPage:
    """The question, after submission, whether a language model was used. The form goes to `url` with the ticket."""

    template: ClassVar[str] = "worker/question.html"

    language: Language
    title: str
    url: str
    ticket: str


@dataclass(frozen=True)
class FinishPage:
    """The text is submitted; how to hand it over to the marketplace. With `onward` a script does it at once."""

    template: ClassVar[str] = "worker/finish.html"

    language: Language
    title: str
    kind: str
    url: str
    fields: Mapping[str, str]
    code: str
    receipt: str
    onward: bool
    copy: str
    say: Phrases

    @classmethod
    def from_finish(
        cls, study: Study, finish: Finish, receipt: str, *, copy: str = "", onward: bool = False
    ) -> "FinishPage":
        """The page for the way of finishing on the study's platform; `copy` is the address of the worker's copy.

        With a copy nothing leads on by itself: its link would be gone before anybody saw it.
        """
        language = language_named(study.language)
        return cls(
            language=language,
            title=language.text(message("Your text is in")),
            kind=finish.kind,
            url=finish.url or "",
            fields=finish.fields,
            code=finish.code or "",
            receipt=receipt,
            onward=onward and not copy,
            copy=copy,
            say=phrases_of(study.platform),
        )
