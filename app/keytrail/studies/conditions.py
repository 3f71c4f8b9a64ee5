"""Conditions: variants of the task page that a study compares, as a requester defines them."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from keytrail.language import Message, message
from keytrail.models import PageRule, Study, WritingSession

MOST_CONDITIONS = 9
"""Three requests times three hurdles, as in the study from which these measures come."""
_SLACK = 0.001
"""Tolerance for the sum of stated probabilities: three thirds with three digits."""


class Measure(StrEnum):
    """A change of the task page (Veselovsky et al. 2025: a request, and a higher cost of use)."""

    DIRECT_REQUEST = "direct_request"
    INDIRECT_REQUEST = "indirect_request"
    SOURCE_AS_IMAGE = "source_as_image"
    REFUSE_COPY = PageRule.REFUSE_COPY
    REFUSE_PASTE = PageRule.REFUSE_PASTE


MEASURE_TEXTS: Mapping[Measure, str] = {
    Measure.DIRECT_REQUEST: "ask not to use language models",
    Measure.INDIRECT_REQUEST: "say why people's own words matter",
    Measure.SOURCE_AS_IMAGE: "show the text as a picture",
    Measure.REFUSE_COPY: "no copying of the text",
    Measure.REFUSE_PASTE: "no pasting into the answer",
}
"""A short description of each measure."""

HIDES_FROM_LOG = frozenset({Measure.REFUSE_COPY, Measure.REFUSE_PASTE})
"""Measures under which a text from elsewhere has to be retyped, so that its log looks like any other."""

REQUESTS: Mapping[Measure, Message] = {
    Measure.DIRECT_REQUEST: message(
        "**Please write this text yourself.** Do not use ChatGPT or other language models for it, neither to write it "
        "nor to rephrase it."
    ),
    Measure.INDIRECT_REQUEST: message(
        "**Your own words matter here.** We want to learn how people put a text into words, each in their own way. A "
        "text from a language model, however good, could not tell us that."
    ),
}
"""Markdown that a measure adds to the instructions."""


class Condition(BaseModel):
    """One variant with its probability; the one without measures is the reference."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
    probability: float | None = Field(None, gt=0, le=1, allow_inf_nan=False)
    """None in a file gives all conditions the same probability."""
    measures: frozenset[Measure] = frozenset()

    def as_json(self) -> dict[str, object]:
        """Return the fields as a study stores them."""
        return {"name": self.name, "probability": self.probability, "measures": sorted(self.measures)}

    @property
    def description(self) -> str:
        """Describe the measures in words."""
        return (
            "; ".join(MEASURE_TEXTS[measure] for measure in Measure if measure in self.measures) or "nothing is changed"
        )


def checked(conditions: Sequence[Condition]) -> list[Condition]:
    """Return the conditions with a probability each. Raises ValueError with a message for the requester."""
    if not conditions:
        return []
    if len(conditions) == 1:
        raise ValueError("one condition alone compares nothing: name at least two, or none")
    names = [condition.name.casefold() for condition in conditions]
    if len(set(names)) < len(names):
        raise ValueError("two conditions have the same name")
    measures = [condition.measures for condition in conditions]
    if len(set(measures)) < len(measures):
        raise ValueError("two conditions have the same measures, so they cannot differ")
    stated = [condition.probability for condition in conditions if condition.probability is not None]
    if not stated:
        return [condition.model_copy(update={"probability": 1 / len(conditions)}) for condition in conditions]
    if len(stated) < len(conditions):
        raise ValueError("state the probability of every condition, or of none for equal ones")
    if abs(sum(stated) - 1) > _SLACK:
        raise ValueError(f"the probabilities add up to {100 * sum(stated):.4g} %, not to 100 %")
    return list(conditions)


def conditions_of(study: Study) -> list[Condition]:
    """Return a study's conditions in the requester's order; none if it has no conditions."""
    return [Condition.model_validate(stored) for stored in study.conditions]


def measures_on_page(study: Study, session: WritingSession) -> frozenset[Measure]:
    """Return the measures on a session's page: the study's rules when it began, and its condition's measures."""
    own = next((found.measures for found in conditions_of(study) if found.name == session.condition), frozenset())
    return own | {Measure(rule) for rule in session.page_rules}


def hiding_conditions(study: Study) -> frozenset[str]:
    """Conditions whose own measures keep the log from telling where a text came from."""
    return frozenset(one.name for one in conditions_of(study) if one.measures & HIDES_FROM_LOG)


def hides_from_log(page_rules: Sequence[str]) -> bool:
    """Return whether the rules that a session began with keep its log from telling where the text came from."""
    return bool(HIDES_FROM_LOG & set(page_rules))


def pictured(study: Study) -> bool:
    """Return whether any worker of the study gets the item as a picture."""
    return any(Measure.SOURCE_AS_IMAGE in condition.measures for condition in conditions_of(study))


def reference_of(conditions: Sequence[Condition]) -> Condition:
    """Return the reference condition: the one without measures, or else the first."""
    return next((condition for condition in conditions if not condition.measures), conditions[0])
