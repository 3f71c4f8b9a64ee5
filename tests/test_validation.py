"""Validation errors in our own words."""

from decimal import Decimal
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from keytrail.validation import named_sentences


class Sample(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field("", max_length=5)
    reward: Decimal = Field(Decimal(0), ge=0, le=1000, decimal_places=2)
    places: int = Field(1, ge=1)
    platform: Literal["mturk", "direct"] = "mturk"

    @field_validator("places")
    @classmethod
    def _even(cls, places: int) -> int:
        if places == 3:
            raise ValueError("there is no study of three places")
        return places


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"reward": -1}, "reward: Enter 0 or more."),
        ({"reward": 1001}, "reward: Enter 1000 or less."),
        ({"reward": "much"}, "reward: Enter an amount, for example 1.50."),
        ({"reward": "1.234"}, "reward: Enter at most 2 decimal places."),
        ({"places": 0}, "places: Enter 1 or more."),
        ({"places": "few"}, "places: Enter a whole number."),
        ({"places": 3}, "places: There is no study of three places."),
        ({"platform": "elsewhere"}, "platform: Enter one of: 'mturk' or 'direct'."),
        ({"title": "too long"}, "title: Enter at most 5 characters."),
        ({"titel": "x"}, "titel: There is no such field. Correct its name or remove it."),
    ],
)
def test_an_error_says_what_to_do(values: dict[str, object], expected: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Sample.model_validate(values)
    assert named_sentences(refused.value, "file") == [expected]


def test_an_error_of_no_single_field_names_the_whole() -> None:
    with pytest.raises(ValidationError) as refused:
        Sample.model_validate("not an object")
    assert named_sentences(refused.value, "file")[0].startswith("file: ")
