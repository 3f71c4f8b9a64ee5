"""The definition of a study: a TOML or YAML file as a requester writes it."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_serializer,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from keytrail.errors import ImportFailed
from keytrail.language import language_named, languages
from keytrail.models import LengthUnit, PageRule
from keytrail.platforms.money import in_cents
from keytrail.platforms.registry import currency_of, platform_label
from keytrail.studies.conditions import MOST_CONDITIONS, Condition, checked
from keytrail.studies.consent import in_language
from keytrail.text_files import read_text
from keytrail.validation import named_sentences

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Details = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]

SLUG_PATTERN = r"^[a-z0-9][a-z0-9-]{0,62}$"

_TOML_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


class StudyDefinition(BaseModel):
    """Everything that a study needs before its items are added. `reward` is in currency units (1.20 dollars)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Line
    slug: Annotated[str, StringConstraints(pattern=SLUG_PATTERN)] | None = None
    instructions: Prose
    language: Annotated[str, StringConstraints(max_length=35)] = "en"
    """Of the worker's pages, by its BCP 47 tag."""
    consent: Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)] = ""
    """Empty: the standard text, in the study's language."""
    length_unit: LengthUnit = LengthUnit.WORDS
    """What `minimum_words` and `maximum_words` count."""
    minimum_words: int = Field(50, ge=0, le=5000)
    maximum_words: int = Field(250, ge=1, le=10_000)
    reward: Decimal = Field(Decimal(0), ge=0, le=1000, max_digits=6, decimal_places=2)
    platform: Literal["mturk", "prolific", "connect", "panel", "direct"] = "mturk"
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "USD"
    platform_options: dict[str, str] = Field(default_factory=dict)
    rules: dict[str, float | str] = Field(default_factory=dict)
    places_per_item: int = Field(3, ge=1, le=10_000)
    assignment_minutes: int = Field(60, ge=5, le=60 * 24 * 30)
    reviews_per_submission: int = Field(1, ge=1, le=3)
    institution: Details = ""
    contact: Details = ""
    ethics_number: Details = ""
    retention: Details = ""
    """How long the data are kept, in words for workers."""
    payment_days: int | None = Field(None, ge=0, le=90)
    """Within how many days accepted work is paid; None says nothing about it."""
    copy_days: int = Field(0, ge=0, le=365)
    """For how many days after the submission a worker can read their copy of it; 0 offers none."""
    copy_shows_decision: bool = False
    """Let the copy show the decision with its findings, and let the worker object to it."""
    asks_text_origin: bool = False
    """Let workers say, with the text, where pasted text is from."""
    asks_input_aids: bool = False
    """Let workers say, with the text, that they use assistive technology or dictation."""
    asks_copying_exercise: bool = False
    """Let each worker copy two sentences before the task, to compare with."""
    asks_model_use: bool = False
    """Ask each worker, after submission, whether a language model was used."""
    return_after_withdrawal: bool = True
    """Let a worker who withdrew begin again, with a new consent."""
    conditions: list[Condition] = Field(default_factory=list, max_length=MOST_CONDITIONS)

    @field_validator("language")
    @classmethod
    def _known_language(cls, tag: str) -> str:
        known = [language.tag for language in languages()]
        if tag not in known:
            raise ValueError(f"there is no translation into {tag!r}; there are {', '.join(known)}")
        return tag

    @field_validator("currency")
    @classmethod
    def _of_platform(cls, currency: str, info: ValidationInfo) -> str:
        # Without a known platform there is no second complaint.
        only = currency_of(info.data["platform"]) if "platform" in info.data else None
        if only and currency != only:
            raise ValueError(f"{platform_label(info.data['platform'])} charges and pays in {only}; enter {only}")
        return currency

    @model_validator(mode="after")
    def _consent_in_language(self) -> Self:
        # The model is frozen, and what stands here is what the study stores.
        object.__setattr__(self, "consent", in_language(self.consent, language_named(self.language)))
        return self

    @field_validator("conditions")
    @classmethod
    def _comparable(cls, conditions: list[Condition]) -> list[Condition]:
        return checked(conditions)

    @field_serializer("conditions")
    def _stored(self, conditions: list[Condition]) -> list[dict[str, object]]:
        return [condition.as_json() for condition in conditions]

    @field_validator("rules")
    @classmethod
    def _known_rules(cls, rules: dict[str, float | str]) -> dict[str, float | str]:
        from keytrail.provenance import Limits  # noqa: PLC0415 -- loads the analysis, which most commands do not need

        unknown = sorted(rules.keys() - set(PageRule) - Limits.__dataclass_fields__.keys())
        if unknown:
            raise ValueError(f"there is no rule {', '.join(unknown)}; docs/findings.md names them all")
        # All others are thresholds of the analysis. They check their own values, so that a bad one fails here and not
        # when a text is analysed.
        Limits(**{name: value for name, value in rules.items() if name not in set(PageRule)})  # type: ignore[arg-type]
        return rules

    @model_validator(mode="after")
    def _limits_in_order(self) -> Self:
        if self.minimum_words > self.maximum_words:
            raise PydanticCustomError("lengths_reversed", "minimum_words is larger than maximum_words")
        return self

    @property
    def reward_cents(self) -> int:
        """The reward in hundredths of the currency unit."""
        return in_cents(self.reward)

    @property
    def url_name(self) -> str:
        """The study's name in addresses: `slug`, or one made from the title."""
        return self.slug or slug_of(self.title)


def slug_of(title: str) -> str:
    """Return a title in lower case with single hyphens, at most 60 characters."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60].strip("-") or "study"


def read_definition(path: Path) -> StudyDefinition:
    """Read a definition from a .toml, .yaml or .yml file. Raises ImportFailed that lists every wrong field."""
    import yaml  # noqa: PLC0415  # only this command reads files

    try:
        text = read_text(path)
        raw: Any = tomllib.loads(text) if path.suffix.lower() == ".toml" else yaml.safe_load(text)
        return StudyDefinition.model_validate(raw)
    except ValidationError as error:
        problems = named_sentences(error, "file")
        raise ImportFailed(f"{path} is not a study definition. {' '.join(problems)}", problems) from None
    except RecursionError:
        raise ImportFailed(f"{path} cannot be read: its lists are nested too deeply.", []) from None
    # ValueError: invalid TOML or date, or a number longer than Python reads.
    except (ValueError, yaml.YAMLError) as error:
        form = "TOML" if path.suffix.lower() == ".toml" else "YAML"
        raise ImportFailed(
            f"{path} is not {form} that can be read{_place(error)}. Correct it and try again.", []
        ) from None


def _place(error: Exception) -> str:
    """Where a file's syntax is wrong, as far as the reader of TOML or YAML says."""
    if mark := getattr(error, "problem_mark", None):
        return f": the error is at line {mark.line + 1}, column {mark.column + 1}"
    found = _TOML_PLACE.search(str(error))
    return f": the error is at line {found[1]}, column {found[2]}" if found else ""
