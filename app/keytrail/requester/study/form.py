"""The study form: its input, and its errors."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from keytrail.language import ENGLISH
from keytrail.models import PageRule, Study
from keytrail.platforms.money import decimal_text
from keytrail.requester.study.condition_fields import field_names, raw_conditions, shown_rows, values_of
from keytrail.requester.study.limit_fields import LimitGroup, limit_groups, limit_names, limit_values, raw_limits
from keytrail.studies.conditions import conditions_of
from keytrail.studies.consent import standard_consent
from keytrail.studies.definition import StudyDefinition
from keytrail.validation import sentence

_TEXT = (
    "title",
    "slug",
    "language",
    "instructions",
    "consent",
    "length_unit",
    "currency",
    "platform",
    "institution",
    "contact",
    "ethics_number",
    "retention",
)
_NUMBERS = (
    "minimum_words",
    "maximum_words",
    "reward",
    "places_per_item",
    "assignment_minutes",
    "payment_days",
    "copy_days",
    "reviews_per_submission",
)
_STUDY_SWITCHES = (
    "asks_model_use",
    "asks_text_origin",
    "asks_input_aids",
    "asks_copying_exercise",
    "copy_shows_decision",
    "return_after_withdrawal",
)
_SWITCHES = (*map(str, PageRule), *_STUDY_SWITCHES)
LABELS: Mapping[str, str] = {
    "language": "Language of the page",
    "title": "Title",
    "instructions": "Instructions",
    "consent": "Consent",
    "minimum_words": "Shortest text",
    "maximum_words": "Longest text",
    "length_unit": "Counted in",
    "platform": "Platform",
    "reward": "Reward",
    "currency": "Currency",
    "places_per_item": "Workers per item",
    "assignment_minutes": "Minutes to finish",
    "institution": "Institution or name",
    "contact": "Contact",
    "ethics_number": "Ethics approval",
    "retention": "How long data are kept",
    "payment_days": "Days until payment",
    "copy_days": "Days that workers can read their copy",
    "reviews_per_submission": "Reviewers per submission",
    "slug": "Name in the address",
    "conditions": "Conditions",
    "rules": "Limits of the analysis",
}
"""What the page calls each field, beside the field and in the list of errors."""
PLATFORMS: Mapping[str, str] = {
    "mturk": "Amazon Mechanical Turk, or the sandbox",
    "prolific": "Prolific",
    "connect": "CloudResearch Connect",
    "panel": "another panel, by link",
    "direct": "a direct link for your own participants",
}


@dataclass(frozen=True)
class StudyForm:
    """Every field as text, and the errors by field; errors under `form` concern no single field."""

    values: Mapping[str, str]
    problems: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def empty(cls) -> "StudyForm":
        """Return the defaults of a definition."""
        defaults = {name: info.default for name, info in StudyDefinition.model_fields.items()}
        values = {name: _written(defaults[name]) for name in _NUMBERS}
        values |= {"currency": "USD", "platform": "mturk", "language": "en", "length_unit": "words"}
        values |= {"consent": standard_consent(ENGLISH), "return_after_withdrawal": "1"}
        return cls(_complete(values))

    @classmethod
    def from_study(cls, study: Study) -> "StudyForm":
        """What a study has now."""
        values = {name: _written(getattr(study, name)) for name in (*_TEXT, *_NUMBERS) if name != "reward"}
        values["reward"] = decimal_text(study.reward_cents)
        values |= limit_values(study.rules)
        values |= dict.fromkeys(study.page_rules, "1")
        values |= {name: "1" for name in _STUDY_SWITCHES if getattr(study, name)}
        values |= values_of(conditions_of(study))
        return cls(_complete(values))

    @classmethod
    def sent(cls, form: Mapping[str, Any]) -> "StudyForm":
        """Read a submitted form."""
        return cls(_complete({name: str(form.get(name, "")) for name in _names()}))

    def definition(self) -> "StudyDefinition | StudyForm":
        """Return the definition, or the form with its errors."""
        raw: dict[str, Any] = {name: self.values[name] for name in (*_TEXT, *_NUMBERS) if self.values[name].strip()}
        if "reward" in raw:
            raw["reward"] = _DECIMAL_COMMA.sub(r"\1.\2", raw["reward"].strip())
        limits, problems = raw_limits(self.values)
        try:
            raw["conditions"] = raw_conditions(self.values)
        except ValueError as error:
            problems["conditions"] = str(error)
        raw["rules"] = limits | {str(name): 1.0 for name in PageRule if self.values[name]}
        raw |= {name: bool(self.values[name]) for name in _STUDY_SWITCHES}
        try:
            definition = StudyDefinition.model_validate(raw)
        except ValidationError as error:
            problems |= {_field(problem): _sentence(problem) for problem in error.errors()}
        else:
            if not problems:
                return definition
        return StudyForm(self.values, problems)

    def shown_so_far(self) -> StudyDefinition:
        """What a preview shows of a form that need not be complete: what is missing or wrong has its default."""
        found = self.definition()
        if isinstance(found, StudyDefinition):
            return found
        wrong = found.problems.keys()
        values = {name: "" if name in wrong or name in field_names() else value for name, value in self.values.items()}
        values |= {"title": values["title"] or "Untitled", "instructions": values["instructions"] or "…"}
        again = StudyForm(values).definition()
        # What two fields are to blame for together names neither.
        return again if isinstance(again, StudyDefinition) else StudyDefinition(title="Untitled", instructions="…")

    @property
    def condition_rows(self) -> Sequence[int]:
        """Return the rows for conditions to show."""
        return shown_rows(self.values)

    @property
    def limit_groups(self) -> Sequence[LimitGroup]:
        """The fields for limits of the analysis."""
        return limit_groups()

    @property
    def has_limits(self) -> bool:
        """Whether any limit is not its default, or is wrong."""
        return any(self.values[name].strip() for name in limit_names())

    @property
    def has_conditions(self) -> bool:
        """Return whether these rows have content or errors."""
        return "conditions" in self.problems or any(self.values[name].strip() for name in field_names())

    @property
    def labels(self) -> Mapping[str, str]:
        """What the page calls each field."""
        return LABELS

    @property
    def labelled_problems(self) -> Sequence[tuple[str, str, str]]:
        """The errors of single fields: the field's name, what the page calls it, and the error."""
        labels = dict(LABELS) | {field.name: field.label for group in limit_groups() for field in group.fields}
        errors = self.problems.items()
        return [(name, labels.get(name, name), text) for name, text in errors if name != "form"]

    def but(self, **problems: str) -> "StudyForm":
        """Return the form with further errors."""
        return StudyForm(self.values, {**self.problems, **problems})


def _written(value: object) -> str:
    return "" if value is None else str(value)


def _names() -> tuple[str, ...]:
    return (*_TEXT, *_NUMBERS, *_SWITCHES, *limit_names(), *field_names())


def _complete(values: Mapping[str, str]) -> dict[str, str]:
    return {name: values.get(name, "").replace("\r\n", "\n") for name in _names()}


def _field(problem: Any) -> str:
    if problem["type"] == "lengths_reversed":
        return "minimum_words"
    return str(problem["loc"][0]) if problem["loc"] else "form"


# As in the other fields for money; "1,200" stays an error, because it may mean either.
_DECIMAL_COMMA = re.compile(r"^([0-9]+),([0-9]{1,2})$")
_PATTERNS: Mapping[str, str] = {
    "currency": "Enter the three capital letters of the currency, for example USD.",
    "slug": "Use letters a to z, digits and hyphens, for example night-shift-light.",
}


def _sentence(problem: Any) -> str:
    if problem["type"] == "lengths_reversed":
        return f"Enter no more than under “{LABELS['maximum_words']}”."
    if problem["type"] == "string_pattern_mismatch" and (cure := _PATTERNS.get(_field(problem))):
        return cure
    return sentence(problem)
