"""Mark actions as done by an uploaded file: the downloaded list, a marketplace's export, or bare ids."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from typing import Final

from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, ImportFailed
from keytrail.models import ActionKind, Study
from keytrail.platform_actions.manual_list import ManualAction, manual_actions
from keytrail.platform_actions.outbox import get_action, mark_done
from keytrail.platforms.money import decimal_text, parse_amount
from keytrail.platforms.statuses import ASSIGNMENT_STAGES, AssignmentStage
from keytrail.studies.item_files import SheetTable

# In this order; the first of them that a file has identifies its rows. A platform's completion code is usually the
# same for everybody, so it comes last.
_IDS: Final[Mapping[str, Sequence[str]]] = {
    "number": ("actionnumber", "number"),
    "assignment_id": ("assignmentid", "assignment", "submissionid", "sessionid", "submission"),
    "receipt": ("receipt",),
    "platform_id": ("platformid", "participantid", "participant", "workerid", "worker", "prolificpid", "id"),
    "code": ("completioncode",),
}
_FURTHER: Final[Mapping[str, Sequence[str]]] = {
    "action": ("action", "kind"),
    "amount": ("amount",),
    "currency": ("currency",),
    "status": ("status", "assignmentstatus", "submissionstatus"),
}
_COMPARED: Final = ("assignment_id", "receipt", "platform_id")
_STAGES: Final[Mapping[ActionKind, AssignmentStage]] = {
    ActionKind.APPROVE: AssignmentStage.APPROVED,
    ActionKind.PART_PAY: AssignmentStage.APPROVED,
    ActionKind.REJECT: AssignmentStage.REJECTED,
    ActionKind.SCREEN_OUT: AssignmentStage.GIVEN_BACK,
}
"""How an assignment stands at the platform once such an action was done."""
_STATED_STAGES: Final = {str(word).casefold(): stage for word, stage in ASSIGNMENT_STAGES.items()}
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]")
# Spreadsheets write long numbers as 1.23457E+17 and drop zeros in front; other programs write whole ones as 12.0.
_SHORTENED = re.compile(r"\d([.,]\d+)?E\+?\d{1,3}", re.IGNORECASE)
_NUMBER = re.compile(rf"\d+([.,]0+)?|\d+E\d{{1,3}}|{_SHORTENED.pattern}", re.IGNORECASE)
# A spreadsheet's numbers have 15 digits; further ones become 0.
_SPREADSHEET_DIGITS: Final = 15
_WHOLE = re.compile(r"(\d+)[.,]0+")
_AS_TEXT = re.compile(r'="(.*)"')
_SHOWN = 5


@dataclass(frozen=True)
class _Listed:
    """The rows of a file: their lines, and their cells by what they are. `key` is what identifies a row."""

    key: str
    rows: Sequence[tuple[int, Mapping[str, str]]]


def mark_listed(db: Session, study: Study, table: SheetTable, user_id: int, now: datetime) -> int:
    """Mark the actions in a file as done at the platform: all or none. Return their number.

    Raises ImportFailed that names each row that matches no queued action, or several, or that contradicts its action;
    Forbidden unless the user may send them.
    """
    listed = _listed(table)
    attribute = "receipt" if listed.key == "code" else listed.key
    waiting: dict[str, list[ManualAction]] = {}
    for action in manual_actions(db, study):
        waiting.setdefault(str(getattr(action, attribute)), []).append(action)
    longer = _longer_numbers(waiting)
    chosen: set[int] = set()
    problems: list[str] = []
    for line, row in listed.rows:
        name, wanted = row[listed.key], _plain(row.get("action", ""))
        found = _of_amount(row, [one for one in waiting.get(name, []) if wanted in {"", _plain(one.kind)}])
        if name in longer:
            problems.append(f"line {line}: {_shrunk(name, longer[name])}")
        elif problem := _contradiction(row, found[0]) if len(found) == 1 else _mismatch(name, wanted, found):
            problems.append(f"line {line}: {problem}")
        else:
            chosen.add(found[0].number)
    if problems:
        raise ImportFailed(_refusal(table, problems), problems)
    for number in sorted(chosen):
        mark_done(db, get_action(db, study.id, number), user_id, now)
    return len(chosen)


def _listed(table: SheetTable) -> _Listed:
    """Return the rows that name something. Raises ImportFailed without a column of ids, or without rows."""
    names = [_plain(name) for name in table.columns]
    places = {field: at for field, known in {**_IDS, **_FURTHER}.items() if (at := _place(names, known)) is not None}
    key = next((field for field in _IDS if field in places), None)
    if key is None:
        return _without_header(table)
    rows = [(line, _cells(cells, places)) for line, cells in table.rows if cells[places[key]].strip()]
    if not rows:
        raise ImportFailed(f"Nothing was marked as done: {table.name} has no ids below its header.", [])
    return _Listed(key, rows)


def _without_header(table: SheetTable) -> _Listed:
    """Return the rows of a plain list of ids, or of ids with amounts, as Prolific's form for bonuses has them."""
    first = table.columns
    if len(first) == 1 or (len(first) == 2 and _amount(first[1]) is not None):  # noqa: PLR2004  # id and amount
        places = {"platform_id": 0} | ({"amount": 1} if len(first) > 1 else {})
        implied = {"action": ActionKind.BONUS} if len(first) > 1 else {}
        rows = [
            (line, _cells(cells, places) | implied) for line, cells in ((1, first), *table.rows) if cells[0].strip()
        ]
        return _Listed("platform_id", rows)
    raise ImportFailed(
        f"Nothing was marked as done: {table.name} has no column with ids. Name one of its columns “action_number”, "
        "“assignment_id”, “receipt” or “platform_id”.",
        [f"The columns are: {', '.join(table.columns[:15])}."],
    )


def _place(names: Sequence[str], known: Sequence[str]) -> int | None:
    return next((names.index(name) for name in known if name in names), None)


def _cells(cells: Sequence[str], places: Mapping[str, int]) -> dict[str, str]:
    found = {field: cells[at].strip().removeprefix("'") for field, at in places.items()}
    found = {field: text[1] if (text := _AS_TEXT.fullmatch(cell)) else cell for field, cell in found.items()}
    if "number" in found:
        found["number"] = whole[1] if (whole := _WHOLE.fullmatch(found["number"])) else found["number"]
    return found


def _of_amount(row: Mapping[str, str], found: Sequence[ManualAction]) -> Sequence[ManualAction]:
    """Of several actions, such as two bonuses for one worker, choose the one with the row's amount if that tells."""
    amount = _amount(row.get("amount", ""))
    same = [action for action in found if action.amount_cents == amount]
    return same if len(same) == 1 else found


def _contradiction(row: Mapping[str, str], action: ManualAction) -> str:
    """Return what a row says that is not true of its action; a column may have been sorted without the others."""
    for field in _COMPARED:
        said, own = row.get(field, ""), str(getattr(action, field))
        if said and own and not _is_same(said, own):
            return (
                f"action {action.number} is about “{own}”, and this row says “{said}”. Was one column sorted or pasted "
                "without the others?"
            )
    amount = _amount(row.get("amount", ""))
    if amount is not None and action.amount_cents and amount != action.amount_cents:
        return (
            f"action {action.number} is for {decimal_text(action.amount_cents)}, and this row says {row['amount']}. "
            "Cancel it and queue what was paid, or correct the row."
        )
    currency = row.get("currency", "")
    if currency and action.amount_cents and currency.upper() != action.currency:
        return (
            f"action {action.number} is in {action.currency}, and this row says {currency[:10]}. Pay it in "
            f"{action.currency}, or cancel it and queue what was paid."
        )
    status = row.get("status", "")
    stage, needed = _STATED_STAGES.get(status.casefold()), _STAGES.get(action.kind)
    if stage is not None and needed is not None and stage != needed:
        return (
            f"it is “{status}” in this file, so “{action.kind}” was not done there. Do it there first, or remove "
            "the row."
        )
    return ""


def _is_same(said: str, own: str) -> bool:
    """Whether a cell says this id, also where a spreadsheet took the id for a number and wrote that."""
    number, exact = _number(said), _number(own)
    if said == own or number is None or exact is None:
        return said == own
    mantissa = re.split("E", said, flags=re.IGNORECASE)[0]
    shortened = _SHORTENED.fullmatch(said) is not None
    digits = sum(one.isdigit() for one in mantissa) if shortened else _SPREADSHEET_DIGITS
    return any(Context(prec=digits, rounding=how).plus(exact) == number for how in (ROUND_HALF_UP, ROUND_DOWN))


def _number(text: str) -> Decimal | None:
    return Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) and text.isascii() else None


def _longer_numbers(ids: Iterable[str]) -> dict[str, str]:
    """Return ids with zeros in front, by what a spreadsheet makes of them: 7 of 007."""
    return {one.lstrip("0") or "0": one for one in ids if one.isdecimal() and one.startswith("0") and len(one) > 1}


def _shrunk(name: str, longer: str) -> str:
    return (
        f"“{name}” may be “{longer}” without the zeros in front, which a spreadsheet drops. Set the column to text "
        "before the ids are pasted, or upload the downloaded list, which has the column “action_number”."
    )


def _mismatch(name: str, wanted: str, found: Sequence[ManualAction]) -> str:
    if found:
        kinds = ", ".join(str(action.kind) for action in found)
        return (
            f"“{name}” has {len(found)} actions waiting ({kinds}). Add a column “action”, or use the column "
            "“action_number” of the downloaded list."
        )
    if _SHORTENED.fullmatch(name):
        return (
            f"“{name}” is a long number that a spreadsheet has shortened. Set the column to text before the ids are "
            "pasted, or upload the downloaded list, which has the column “action_number”."
        )
    about = f"no {wanted} for “{name}” is waiting" if wanted else f"no action for “{name}” is waiting"
    return f"{about} in this study. It may be marked already, or belong to another study."


def _refusal(table: SheetTable, problems: Sequence[str]) -> str:
    count = len(problems)
    noun = "1 row needs" if count == 1 else f"{count:,} rows need"
    more = f" And {count - _SHOWN:,} more." if count > _SHOWN else ""
    return f"Nothing was marked as done: {noun} attention in {table.name}. {' '.join(problems[:_SHOWN])}{more}"


def _amount(text: str) -> int | None:
    try:
        return parse_amount(text)
    except BadRequest:
        return None


def _plain(name: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", name.lower())
