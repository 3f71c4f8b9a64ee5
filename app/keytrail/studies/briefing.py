"""The briefing that workers read before they begin: time, pay, requester, and use of the text."""

from collections.abc import Iterator
from dataclasses import dataclass

from babel.units import format_unit
from markupsafe import Markup

from keytrail.language import Language, language_named, message
from keytrail.markdown import to_html
from keytrail.models import LengthUnit, Study
from keytrail.studies.conditions import Measure
from keytrail.text.length import length_text

_HOUR, _DAY = 60, 24 * 60

PASTING = message("Please type your answer: pasting is switched off in this study, and attempts are recorded.")
COPYING = message("Copying from the text is switched off in this study, and attempts are recorded.")
EXERCISE = message(
    "You are asked to copy two sentences, which you may skip. Figures about your speed and rhythm are kept, to compare "
    "your text with your own way of typing; the keys are not."
)
TRIAL = message(
    "This is a trial of the task by its owner. It is recorded like the work of a worker, but it is neither counted "
    "nor paid."
)
FLAGGED = message(
    "A program marks text that arrived without typing, for example by pasting. That alone decides nothing: a person "
    "looks at it, with all that was recorded, and decides."
)


@dataclass(frozen=True)
class TaskText:
    """The worker's task, as every page of a study shows it; `length` is a range in words or characters.

    `trial` says that this is a trial; empty where workers take part.
    """

    slug: str
    title: str
    instructions: Markup
    length: str
    reward: str
    trial: str

    @classmethod
    def from_study(cls, study: Study) -> "TaskText":
        """Return the study's own task."""
        language = language_named(study.language)
        return cls(
            slug=study.slug,
            title=study.title,
            instructions=to_html(study.instructions),
            length=length_range(study, language),
            reward=language.amount(study.reward_cents, study.currency) if study.reward_cents else "",
            trial=trial_notice(study),
        )


def trial_notice(study: Study) -> str:
    """What the pages of a trial say first; empty for a study."""
    return language_named(study.language).text(TRIAL) if study.trial_of_id is not None else ""


@dataclass(frozen=True)
class Term:
    """One line: its subject and its terms."""

    label: str
    value: str


def terms_of(study: Study, language: Language) -> list[Term]:
    """Return the terms for every worker of a study, before a condition is drawn."""
    return list(_terms(study, language))


def length_range(study: Study, language: Language) -> str:
    """Format the range: `50 to 250 words`."""
    unit = LengthUnit(study.length_unit)
    most = length_text(study.maximum_words, unit)
    return language.text(message("%(least)s to %(most)s", least=study.minimum_words, most=most))


def _terms(study: Study, language: Language) -> Iterator[Term]:
    say = language.text
    yield Term(say(message("Length")), length_range(study, language))
    yield Term(say(message("Time limit")), duration(study.assignment_minutes, language))
    if study.reward_cents:
        yield Term(say(message("Reward")), language.amount(study.reward_cents, study.currency))
    if study.payment_days is not None:
        within = duration(study.payment_days * _DAY, language)
        yield Term(say(message("Payment")), say(message("Within %(time)s of your submission", time=within)))
    named = {
        message("Requester"): study.institution,
        message("Contact"): study.contact,
        message("Ethics approval"): study.ethics_number,
        message("How long it is kept"): study.retention,
    }
    for label, value in named.items():
        if value:
            yield Term(say(label), value)
    if study.asks_copying_exercise:
        yield Term(say(message("Before the task")), say(EXERCISE))
    rules = study.page_rules
    if Measure.REFUSE_PASTE in rules:
        yield Term(say(message("Pasting")), say(PASTING))
    if Measure.REFUSE_COPY in rules:
        yield Term(say(message("Copying")), say(COPYING))
    yield Term(say(message("Marked text")), say(FLAGGED))


def duration(minutes: int, language: Language) -> str:
    """Format whole minutes, hours or days in the study's language (Unicode CLDR)."""
    for size, unit in ((_DAY, "day"), (_HOUR, "hour")):
        if minutes and minutes % size == 0:
            return format_unit(minutes // size, f"duration-{unit}", "long", locale=language.tag.replace("-", "_"))
    return format_unit(minutes, "duration-minute", "long", locale=language.tag.replace("-", "_"))
