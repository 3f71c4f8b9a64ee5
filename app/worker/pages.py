"""The contexts of the worker's pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from app.models import Item, Study
from app.platforms import Finish
from app.prose import to_html


@dataclass(frozen=True)
class TaskText:
    """What the worker is to do, as every page of a study shows it."""

    slug: str
    title: str
    instructions: Markup
    minimum_words: int
    maximum_words: int
    reward: str

    @classmethod
    def of(cls, study: Study) -> "TaskText":
        """The study's own words."""
        return cls(
            slug=study.slug,
            title=study.title,
            instructions=to_html(study.instructions),
            minimum_words=study.minimum_words,
            maximum_words=study.maximum_words,
            reward=f"{study.reward_cents / 100:.2f} {study.currency}" if study.reward_cents else "",
        )


@dataclass(frozen=True)
class PreviewPage:
    """The task, read-only, before it is accepted. Nothing is recorded."""

    template: ClassVar[str] = "worker/preview.html"

    task: TaskText
    source: str


@dataclass(frozen=True)
class ConsentPage:
    """What is recorded, and the choice."""

    template: ClassVar[str] = "worker/consent.html"

    task: TaskText
    consent: Markup
    ticket: str

    @classmethod
    def of(cls, study: Study, ticket: str) -> "ConsentPage":
        """The study's consent text with the ticket that the form sends back."""
        return cls(TaskText.of(study), to_html(study.consent), ticket)


@dataclass(frozen=True)
class TaskPage:
    """Instructions, source text and answer box.

    `draft` is what an earlier page load had, `problem` is shown at once.
    """

    template: ClassVar[str] = "worker/task.html"

    task: TaskText
    item_title: str
    source: str
    ticket: str
    draft: str
    draft_url: str
    refuse_paste: bool
    refuse_copy: bool
    problem: str
    comment: str

    @classmethod
    def of(
        cls,
        study: Study,
        item: Item,
        ticket: str,
        draft: str,
        *,
        draft_url: str = "",
        problem: str = "",
        comment: str = "",
    ) -> "TaskPage":
        """The page of one load; `draft_url` is where it asks again for what the one before it left."""
        return cls(
            task=TaskText.of(study),
            item_title=item.title,
            source=item.text,
            ticket=ticket,
            draft=draft,
            draft_url=draft_url,
            refuse_paste=bool(study.rules.get("refuse_paste")),
            refuse_copy=bool(study.rules.get("refuse_copy")),
            problem=problem,
            comment=comment,
        )


@dataclass(frozen=True)
class FinishPage:
    """The submission is in; how to hand it over to the marketplace."""

    template: ClassVar[str] = "worker/finish.html"

    title: str
    kind: str
    url: str
    fields: Mapping[str, str]
    code: str
    receipt: str

    @classmethod
    def of(cls, finish: Finish, receipt: str) -> "FinishPage":
        """The page for a platform's way of finishing."""
        return cls("Your text is in", finish.kind, finish.url or "", finish.fields, finish.code or "", receipt)
