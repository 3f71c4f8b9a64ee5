"""All workers whom the signed-in owner excludes, and readmitting them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from keytrail.errors import NotFound
from keytrail.exports.columns import Column, ColumnKind
from keytrail.exports.formulas import not_a_formula
from keytrail.exports.tables import media_type
from keytrail.exports.writers import write_csv
from keytrail.models import User
from keytrail.platform_actions.exclusion_list import ExcludedWorker, list_exclusions
from keytrail.platform_actions.exclusion_orders import EXCLUSION_ORDERS
from keytrail.platform_actions.exclusion_states import PlatformExclusionState
from keytrail.platform_actions.exclusions import readmit_person
from keytrail.requester.addresses import number, with_query
from keytrail.requester.frame import Frame, Link, frame
from keytrail.requester.people.access import CurrentUser, same_origin
from keytrail.requester.sorting import SortLink, chosen_order, sort_links, unless_first
from keytrail.requester.wording import Word
from keytrail.sorted_pages import SortedPage
from keytrail.web.pages import CurrentPages
from keytrail.web.services import Now, ReadSession, WriteSession

router = APIRouter(prefix="/excluded-workers", include_in_schema=False, dependencies=[Depends(same_origin)])

_PER_PAGE = 50
_PER_PIECE = 500
_AT_THE_DOOR = "The task's first page turns the worker away."
_STATES: Mapping[PlatformExclusionState, Word] = {
    PlatformExclusionState.UNABLE: Word("only here", ""),
    PlatformExclusionState.NOT_ASKED: Word("only here", f"The platform was not asked. {_AT_THE_DOOR}"),
    PlatformExclusionState.WAITS: Word(
        "waits to be sent", f"Send it under Payments. Until then: {_AT_THE_DOOR.lower()}"
    ),
    PlatformExclusionState.REFUSED: Word("refused", _AT_THE_DOOR),
    PlatformExclusionState.UNKNOWN: Word(
        "not known", f"The platform has not answered; look under Payments. {_AT_THE_DOOR}"
    ),
    PlatformExclusionState.IN_FORCE: Word(
        "in force", "Tasks published with “Hide it from workers you have excluded” are hidden."
    ),
}
_DONE = {
    "here": "The worker is readmitted.",
    "waits": "The worker is readmitted here. The platform is told when you send it under Payments.",
}

Search = Annotated[str, Query(max_length=100)]


@dataclass(frozen=True)
class ExclusionLine:
    """One person, and the platform's state in words."""

    entry: ExcludedWorker
    state: Word
    description: str


@dataclass(frozen=True)
class ExclusionsPage:
    """A page of the list; `words` are the search terms, `notice` the message about the last action.

    `columns` are the headers that sort it, if there are several pages.
    """

    template: ClassVar[str] = "requester/workers/exclusions.html"

    frame: Frame
    words: str
    order: str
    columns: Mapping[str, SortLink]
    lines: Sequence[ExclusionLine]
    file_url: str
    next_url: str | None
    first_url: str | None
    notice: str


@router.get("")
def show_exclusions(
    user: CurrentUser,
    db: ReadSession,
    render: CurrentPages,
    words: Search = "",
    cursor: str = "",
    order: str = "",
    done: str = "",
) -> Response:
    """Security: the list is the signed-in user's own."""
    words, chosen, place = words.strip(), chosen_order(order, EXCLUSION_ORDERS), number(cursor)
    entries, following = list_exclusions(db, user, words, SortedPage(chosen, _PER_PAGE, place))

    def address(order: str, path: str = "/excluded-workers", **marks: int) -> str:
        return with_query(path, {"words": words, "order": unless_first(order, EXCLUSION_ORDERS), **marks})

    several = following is not None or place is not None
    page = ExclusionsPage(
        frame=frame(user, Link("Excluded workers", "", current=True)),
        words=words,
        order=unless_first(chosen, EXCLUSION_ORDERS),
        columns=sort_links(EXCLUSION_ORDERS, chosen, address) if several else {},
        lines=[_line(entry) for entry in entries],
        file_url=address(EXCLUSION_ORDERS[0], "/excluded-workers/file"),
        next_url=None if following is None else address(chosen, cursor=following),
        first_url=address(chosen) if place is not None else None,
        notice=_DONE.get(done, ""),
    )
    return render.render(page)


@router.get("/file")
def download(user: CurrentUser, db: ReadSession, words: Search = "") -> Response:
    """Return the whole list as CSV. Security: as the page."""
    lines = map(_line, _all_entries(db, user, words.strip()))
    rows = (tuple(column.read(line) for column in _COLUMNS) for line in lines)
    return Response(
        b"".join(write_csv(_COLUMNS, rows)),
        media_type=media_type("csv"),
        headers={"Content-Disposition": 'attachment; filename="excluded-workers.csv"'},
    )


@router.post("/readmit")
def readmit(user: CurrentUser, db: WriteSession, now: Now, person: Annotated[str, Form()] = "") -> Response:
    """Security: only the signed-in user's own exclusions; the platform is notice through one of their studies."""
    chosen = number(person, "The worker")
    if chosen is None:
        raise NotFound("This worker is not excluded.")
    waits = readmit_person(db, chosen, user, now)
    return RedirectResponse(f"/excluded-workers?done={'waits' if waits else 'here'}", status_code=303)


def _line(entry: ExcludedWorker) -> ExclusionLine:
    platform = entry.platform
    state = _STATES[platform.state]
    sentences = (platform.instead, platform.outcome, state.meaning)
    return ExclusionLine(entry, state, " ".join(sentence for sentence in sentences if sentence))


def _all_entries(db: Session, user: User, words: str) -> Iterator[ExcludedWorker]:
    place: int | None = None
    while True:
        entries, place = list_exclusions(db, user, words, SortedPage(EXCLUSION_ORDERS[0], _PER_PIECE, place))
        yield from entries
        if place is None:
            return


def _names(line: ExclusionLine) -> str:
    return " ".join(f"{study.slug}:{study.worker}" for study in line.entry.studies)


_COLUMNS: Sequence[Column[ExclusionLine]] = (
    Column("workers", ColumnKind.TEXT, "Study and keyed name, for each study", _names),
    Column("reason", ColumnKind.TEXT, "Why, for the team", lambda line: not_a_formula(line.entry.reason)),
    Column("excluded_by", ColumnKind.TEXT, "Who decided it", lambda line: not_a_formula(line.entry.by)),
    Column("excluded_at", ColumnKind.MOMENT, "When", lambda line: line.entry.since),
    Column("platform", ColumnKind.TEXT, "The marketplace", lambda line: line.entry.platform.label),
    Column(
        "at_platform",
        ColumnKind.TEXT,
        "Whether the marketplace keeps the person out too",
        lambda line: line.state.label,
    ),
)
