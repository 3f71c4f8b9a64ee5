"""A figure reads the same in a finding's sentence and on the page beside it."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from keytrail.platforms.money import in_cents, in_units, money
from keytrail.provenance import Limits, Origin, formatting
from keytrail.provenance.rules.origins import source_copied
from keytrail.resources import TEMPLATES
from keytrail.web.formatting import counted, decimal, digits_for, number, percent, percent_range, percent_within
from tests.provenance.facts import text_of

PACKAGE = Path(__file__).parents[2] / "app" / "keytrail"


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0 %"),
        (0.0001, "< 1 %"),
        (0.004, "< 1 %"),
        (0.0051, "1 %"),
        (0.25, "25 %"),
        (0.994, "99 %"),
        (0.997, "> 99 %"),
        (1.0, "100 %"),
    ],
)
def test_percent_is_one_rule(share: float, words: str) -> None:
    assert formatting.percent(share) == words
    assert percent(share) == words.replace(" ", "\u00a0")


def test_numbers_with_nouns_and_ranges_stay_on_one_line() -> None:
    assert number(1_200) == "1,200"
    assert counted(1, "item") == "1\u00a0item"
    assert counted(1_200, "page load") == "1,200\u00a0page loads"
    assert counted(2, "entry", "entries") == "2\u00a0entries"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.21, 0.36, "21 to 36 %"),
        (0.0, 0.5, "0 to 50 %"),
        (0.012, 0.041, "1.2 to 4.1 %"),
        (0.0001, 0.0004, "0.010 to 0.040 %"),
        (0.3, 0.3, "30 to 30 %"),
    ],
)
def test_an_interval_keeps_the_digits_that_tell_its_ends_apart(low: float, high: float, words: str) -> None:
    assert percent_range(low, high) == words.replace(" ", "\u00a0")
    assert percent_within(low, low, high) == words.partition(" to ")[0] + "\u00a0%"


def test_a_small_difference_is_never_minus_nothing() -> None:
    digits = digits_for(-0.0081, -0.0012)
    assert (decimal(-0.0081, digits), decimal(-0.0012, digits)) == ("\u22120.008", "\u22120.001")
    assert decimal(-0.0001, 2, signed=True) == "0.00"
    assert decimal(3.2, 1, signed=True) == "+3.2"


def test_amounts_have_thousands_and_a_currency() -> None:
    assert money(120_450, "USD") == "1,204.50 USD"


@pytest.mark.parametrize(("source", "words"), [(997, "> 99 %"), (1000, "100 %")])
def test_nearly_all_is_not_all_in_a_finding(source: int, words: str) -> None:
    found = source_copied(text_of((Origin.SOURCE, source), (Origin.TYPED, 1000 - source)), Limits())
    assert found is not None
    assert f"({words})" in found.explanation


def test_a_percentage_may_have_a_fixed_number_of_decimals() -> None:
    assert [formatting.percent(0.1254, digits) for digits in (0, 1, 2)] == ["13 %", "12.5 %", "12.54 %"]
    assert formatting.percent(0.0004, 1) == "0.0 %"
    assert percent(1 / 3, 1) == "33.3\u00a0%"


def test_amounts_become_cents_and_back_exactly() -> None:
    assert [in_cents(Decimal(text)) for text in ("0.29", "19.99", "1000")] == [29, 1999, 100_000]
    assert in_units(29) == Decimal("0.29")


BY_HAND = re.compile(
    r"""
    :[,.\d]*%\}                                          # {share:.1%}
    | round\(100\ \*\ \w+\)\}\ ?%
    | (?:reward|amount|budget|bonus|screen_out|fee|price|cost|cents)[\w.]*(?:\["?\w+"?\])?\)*\ ?[*/]\ ?100\b
    | \b100\ ?[*]\ ?(?:\w+\.)*(?:reward|amount|budget|bonus|screen_out|fee|price|cost)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OF_MONEY = {"platforms/money.py", "sandbox/market/money.py", "language/catalogues.py"}


def test_nothing_else_formats_a_share_or_converts_an_amount() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if BY_HAND.search(path.read_text(encoding="utf-8"))
    }
    assert found == _OF_MONEY


@pytest.mark.parametrize(
    "code",
    [
        'f"{share:.1%}"',
        'f"{share:,.0%}"',
        "round(budget * 100)",
        "int(offer.screen_out * 100)",
        "Decimal(source.reward_cents) / 100",
        'float(bonus["BonusAmount"]) * 100',
        "100 * study.reward",
    ],
)
def test_what_is_formatted_or_converted_by_hand_is_found(code: str) -> None:
    assert BY_HAND.search(code)


def test_templates_format_numbers_with_filters_alone() -> None:
    by_hand = re.compile(r"\.format\(|[*/] ?100 ?\}\}")
    found = {path.name for path in TEMPLATES.rglob("*.html") if by_hand.search(path.read_text(encoding="utf-8"))}
    assert found == set()
