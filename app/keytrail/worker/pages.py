"""The contexts of the worker's pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from keytrail.markdown import to_html
from keytrail.models import Item, Study, WritingSession
from keytrail.platforms import Finish
from keytrail.platforms.money import money
from keytrail.platforms.phrases import Phrases
from keytrail.platforms.registry import phrases_of
from keytrail.studies.conditions import REQUESTS, Measure, measures_for, pictured
from keytrail.worker.picture import Picture, picture_of


@dataclass(frozen=True)
class TaskText:
    """The task's texts, as every page of a study shows them."""

    slug: str
    title: str
    instructions: Markup
    minimum_words: int
    maximum_words: int
    reward: str

    @classmethod
    def from_study(cls, study: Study) -> "TaskText":
        """Build it from the study."""
        return cls(
            slug=study.slug,
            title=study.title,
            instructions=to_html(study.instructions),
            minimum_words=study.minimum_words,
            maximum_words=study.maximum_words,
            reward=money(study.reward_cents, study.currency) if study.reward_cents else "",
        )


@dataclass(frozen=True)
class PreviewPage:
    """The task, read-only, before it is accepted. Nothing is recorded, and `consent` says what would be.

    `source` is the item's text, or with `example` that of one of several. `picture` is the item as a picture, where any
    condition shows it as one.
    """

    template: ClassVar[str] = "worker/preview.html"

    task: TaskText
    consent: Markup
    source: str
    picture: Picture | None
    example: bool
    say: Phrases

    @classmethod
    def from_study(cls, study: Study, source: str, *, example: bool) -> "PreviewPage":
        """Build it from the study and the item's text."""
        picture = picture_of(source) if source and pictured(study) else None
        return cls(
            TaskText.from_study(study), to_html(study.consent), source, picture, example, phrases_of(study.platform)
        )


@dataclass(frozen=True)
class ConsentPage:
    """What is recorded, and the choice."""

    template: ClassVar[str] = "worker/consent.html"

    task: TaskText
    consent: Markup
    ticket: str

    @classmethod
    def from_study(cls, study: Study, ticket: str) -> "ConsentPage":
        """Build it from the study's consent text, with the ticket that the form sends back."""
        return cls(TaskText.from_study(study), to_html(study.consent), ticket)


@dataclass(frozen=True)
class TaskPage:
    """Instructions, item and answer box.

    `request` is what the worker's condition adds to the instructions, `picture` the item where it is shown as one;
    `link` is the signed link by which the page is opened again. `draft` is the text of an earlier page load, `problem`
    is shown at once.
    """

    template: ClassVar[str] = "worker/task.html"

    task: TaskText
    item_title: str
    source: str
    request: Markup
    picture: Picture | None
    link: str
    ticket: str
    draft: str
    draft_url: str
    refuse_paste: bool
    refuse_copy: bool
    problem: str
    comment: str
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
        comment: str = "",
    ) -> "TaskPage":
        """Build the page of one load for the session's condition; the session's item must be loaded.

        `draft_url` is where the page requests the text of the previous page load.
        """
        measures = measures_for(study, session.condition)
        as_picture = Measure.SOURCE_AS_IMAGE in measures and session.plain_source_at is None
        item: Item = session.item
        return cls(
            task=TaskText.from_study(study),
            item_title=item.title,
            source="" if as_picture else item.text,
            request=to_html("\n\n".join(words for measure, words in REQUESTS.items() if measure in measures)),
            picture=picture_of(item.text) if as_picture else None,
            link=link,
            ticket=ticket,
            draft=draft,
            draft_url=draft_url,
            refuse_paste=Measure.REFUSE_PASTE in measures,
            refuse_copy=Measure.REFUSE_COPY in measures,
            problem=problem,
            comment=comment,
            say=phrases_of(study.platform),
        )


@dataclass(frozen=True)
class QuestionPage:
    """The question, after submission, whether a language model was used. The form goes to `url` with the ticket."""

    template: ClassVar[str] = "worker/question.html"

    title: str
    url: str
    ticket: str


@dataclass(frozen=True)
class FinishPage:
    """The text is submitted; how to hand it over to the marketplace. With `onward` a script does it at once."""

    template: ClassVar[str] = "worker/finish.html"

    title: str
    kind: str
    url: str
    fields: Mapping[str, str]
    code: str
    receipt: str
    onward: bool
    say: Phrases

    @classmethod
    def from_finish(cls, study: Study, finish: Finish, receipt: str, *, onward: bool = False) -> "FinishPage":
        """Build it for the way of finishing on the study's platform."""
        return cls(
            title="Your text is in",
            kind=finish.kind,
            url=finish.url or "",
            fields=finish.fields,
            code=finish.code or "",
            receipt=receipt,
            onward=onward,
            say=phrases_of(study.platform),
        )
