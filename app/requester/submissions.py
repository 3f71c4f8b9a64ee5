"""A study's submissions, with filters."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import Response

from app.errors import BadRequest
from app.models import Study
from app.requester.access import CurrentUser, study_for
from app.requester.figures import percent
from app.requester.frame import Frame, Link, study_frame
from app.requester.wording import DECIDED, SEVERITIES, VERDICTS, Word, rule_title
from app.review.filters import UNDECIDED, Filters
from app.review.listing import (
    Counts,
    ListedSubmission,
    count_submissions,
    findings_of_study,
    items_of_study,
    list_lines,
)
from app.web.pages import CurrentPages
from app.web.services import ReadSession

router = APIRouter(include_in_schema=False)

_PER_PAGE = 50
_MAX_DIGITS = 18


@dataclass(frozen=True)
class Choice:
    """One value of a filter."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class FilterForm:
    """The filters with the values they may take."""

    verdicts: Sequence[Choice]
    findings: Sequence[Choice]
    items: Sequence[Choice]
    decisions: Sequence[Choice]
    worker: str
    any_set: bool


@dataclass(frozen=True)
class ShownFinding:
    """A finding's short name; `severity` chooses its look, `weight` says it in words."""

    title: str
    severity: str
    weight: str


@dataclass(frozen=True)
class Row:
    """One submission in words."""

    line: ListedSubmission
    verdict_key: str
    verdict: Word
    decision: str
    arrived: str
    findings: Sequence[ShownFinding]


@dataclass(frozen=True)
class SubmissionsPage:
    """A page of submissions, newest first."""

    template: ClassVar[str] = "requester/submissions.html"

    frame: Frame
    study: Study
    counts: Counts
    verdict_links: Sequence[tuple[str, Link, int]]
    form: FilterForm
    rows: Sequence[Row]
    next_url: str | None
    first_url: str | None


@router.get("/studies/{slug}")
def show_submissions(
    slug: str,
    user: CurrentUser,
    db: ReadSession,
    render: CurrentPages,
    verdict: str = "",
    finding: str = "",
    item: str = "",
    worker: str = "",
    decision: str = "",
    cursor: Annotated[str, Query(max_length=_MAX_DIGITS)] = "",
) -> Response:
    """Security: study_for answers 404 to whoever has no role in the study."""
    study, role = study_for(db, slug, user)
    chosen = {"verdict": verdict, "finding": finding, "item": item, "worker": worker.strip(), "decision": decision}
    filters = Filters(**{k: v or None for k, v in chosen.items()}, before=before(cursor))
    lines, next_before = list_lines(db, study.id, filters, _PER_PAGE)
    counts = count_submissions(db, study.id)
    home = f"/studies/{study.slug}"
    page = SubmissionsPage(
        frame=study_frame(user, study, role, "submissions"),
        study=study,
        counts=counts,
        verdict_links=_verdict_links(home, chosen, counts),
        form=_form(filters, findings_of_study(db, study.id), items_of_study(db, study.id)),
        rows=[row_of(line) for line in lines],
        next_url=None if next_before is None else address(home, chosen, cursor=str(next_before)),
        first_url=address(home, chosen) if cursor else None,
    )
    return render.render(page)


def before(cursor: str) -> int | None:
    """The number in a cursor. Raises BadRequest if it is not one of ours."""
    if not cursor:
        return None
    if not cursor.isascii() or not cursor.isdigit():
        raise BadRequest("This address has a page mark that we did not give. Start again from the first page.")
    return int(cursor)


def address(path: str, chosen: Mapping[str, str], **more: str) -> str:
    """The path with what is chosen, leaving out what is empty."""
    query = urlencode({k: v for k, v in {**chosen, **more}.items() if v})
    return f"{path}?{query}" if query else path


def row_of(line: ListedSubmission) -> Row:
    """A line in words."""
    verdict_key = line.verdict or "waiting"
    return Row(
        line=line,
        verdict_key=verdict_key,
        verdict=VERDICTS.get(verdict_key) or Word(verdict_key, ""),
        decision=DECIDED.get(line.decision or UNDECIDED, line.decision or ""),
        arrived="" if line.arrived_share is None else percent(line.arrived_share),
        findings=[
            ShownFinding(rule_title(f.rule), f.severity, SEVERITIES.get(f.severity, f.severity)) for f in line.findings
        ],
    )


def _verdict_links(home: str, chosen: Mapping[str, str], counts: Counts) -> Sequence[tuple[str, Link, int]]:
    links = [("", Link("all", address(home, chosen, verdict=""), not chosen["verdict"]), counts.total)]
    for key, word in VERDICTS.items():
        count = counts.verdicts.get(key, 0)
        current = chosen["verdict"] == key
        if count or current or key != "waiting":
            links.append((key, Link(word.label, address(home, chosen, verdict=key), current), count))
    return links


def _form(filters: Filters, findings: Mapping[str, int], items: Sequence[tuple[str, str]]) -> FilterForm:
    set_ = asdict(filters)
    set_.pop("before")
    return FilterForm(
        verdicts=_choices({key: word.label for key, word in VERDICTS.items()}, filters.verdict),
        findings=_choices(
            {rule: f"{rule_title(rule)} ({count:,})" for rule, count in findings.items()}, filters.finding
        ),
        items=_choices({key: title or key for key, title in items}, filters.item),
        decisions=_choices({k: v for k, v in DECIDED.items() if k != "withdrawn"}, filters.decision),
        worker=filters.worker or "",
        any_set=any(set_.values()),
    )


def _choices(labels: Mapping[str, str], chosen: str | None) -> Sequence[Choice]:
    return [Choice(value, label, value == chosen) for value, label in labels.items()]
