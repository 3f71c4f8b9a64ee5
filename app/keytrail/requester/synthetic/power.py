"""The power calculator: how many workers a comparison needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import Response

from keytrail.errors import BadRequest
from keytrail.requester.frame import Frame, Link, frame
from keytrail.requester.people.access import CurrentUser
from keytrail.text.prevalence.power import PowerAnswer, PowerPlan, workers_needed
from keytrail.web.pages import CurrentPages

router = APIRouter(include_in_schema=False)

PERCENT: Mapping[str, tuple[str, str]] = {
    "baseline": ("30", "Prevalence without a measure (%)"),
    "ratio": ("50", "What remains of it under the condition (%; 50 halves it)"),
    "power": ("80", "Power: chance of detecting the change (%)"),
    "sensitivity": ("89", "Sensitivity: synthetic texts that the test finds (%)"),
    "specificity": ("92", "Specificity: human texts that the test clears (%)"),
    "within_worker": ("0", "Correlation between texts of one worker (%; 100: all the same)"),
}
NUMBERS: Mapping[str, tuple[str, str]] = {
    "comparisons": ("1", "Conditions compared with the control"),
    "submissions_per_worker": ("1", "Texts per worker"),
}
"""Fields with their defaults. The test's errors are those of the two 2023 studies (docs/text.md)."""
_RATIOS = (0.75, 0.5, 0.25, 0.0)
_POWERS = (0.7, 0.8, 0.9)


@dataclass(frozen=True)
class PowerField:
    """A number field of the form; `value` is what was entered, unchanged."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class PowerPage:
    """`rows` are other effects: the remaining share, and the workers per condition for each power."""

    template: ClassVar[str] = "requester/synthetic/power.html"

    frame: Frame
    fields: Sequence[PowerField]
    problem: str
    plan: PowerPlan | None
    answer: PowerAnswer | None
    powers: Sequence[float]
    rows: Sequence[tuple[float, Sequence[int]]]


@router.get("/power")
def show_power(user: CurrentUser, request: Request, render: CurrentPages) -> Response:
    """Show the form and its result; nothing is stored."""
    asked = {**PERCENT, **NUMBERS}
    values = {name: request.query_params.get(name, default)[:20] for name, (default, _) in asked.items()}
    plan, answer, problem = None, None, ""
    rows: Sequence[tuple[float, Sequence[int]]] = ()
    try:
        plan = _plan(values)
        answer = workers_needed(plan)
        rows = [(ratio, _workers(plan, ratio)) for ratio in _RATIOS]
    except BadRequest as error:
        plan, answer, problem = None, None, error.message
    page = PowerPage(
        frame=frame(user, Link("How many workers", "", current=True)),
        fields=[PowerField(name, label, values[name]) for name, (_, label) in asked.items()],
        problem=problem,
        plan=plan,
        answer=answer,
        powers=_POWERS,
        rows=rows,
    )
    return render.render(page, status=400 if problem else 200)


def _plan(values: Mapping[str, str]) -> PowerPlan:
    try:
        shares = {name: float(values[name]) / 100 for name in PERCENT}
        whole = {name: int(values[name]) for name in NUMBERS}
        return PowerPlan(
            **shares, comparisons=whole["comparisons"], submissions_per_worker=whole["submissions_per_worker"]
        )
    except ValueError:
        raise BadRequest("Enter a number in each field.") from None


def _workers(plan: PowerPlan, ratio: float) -> list[int]:
    return [workers_needed(replace(plan, ratio=ratio, power=power)).workers_per_condition for power in _POWERS]
