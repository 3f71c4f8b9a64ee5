"""Write the data card: how a set of submissions was selected, in figures."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.exports.selection import Selection
from keytrail.models import StoredReport, Study, Submission, WritingSession
from keytrail.provenance.formatting import count
from keytrail.review.queue.filters import Range

_TEXT = """\
# Data card: {title}

Exported {now} from the study `{slug}`.

## What is in it

{selected:,} of {total}, by {workers} on {items}.

| verdict | in the study | in this set |
|---|---|---|
{verdicts}

Analysis versions in this set: {versions}.

## How it was chosen

{rules}

## What that means

- Verdicts come from the log of the worker's own browser. They show how a text appeared on the page, not who thought of
  it; a programmer can forge a consistent log, and somebody may type off another screen.
- `clear` says that nothing in the log called for attention. It is not proof that a person composed the text.
- Leaving submissions out changes the set: people who write in another editor, or with input aids, are left out more
  often. Compare the sets before you compare groups.
- The rules' measured false-alarm rates are in docs/findings.md and in the table `findings`.
- Workers were told what is recorded before they began. Names are pseudonyms; do not try to turn them back.
"""


def data_card(db: Session, study: Study, selection: Selection, now: datetime) -> str:
    """Return the card in Markdown; five statements."""
    everything = Selection(study.id, study.slug)
    before, selected = _verdicts(db, everything), _verdicts(db, selection)
    workers, items, versions = _spread(db, selection)
    return _TEXT.format(
        title=study.title,
        slug=study.slug,
        now=f"{now:%Y-%m-%d %H:%M} UTC",
        selected=sum(selected.values()),
        total=count(sum(before.values()), "submission"),
        workers=count(workers, "worker"),
        items=count(items, "item"),
        verdicts="\n".join(f"| {name} | {rows:,} | {selected.get(name, 0):,} |" for name, rows in before.items()),
        versions=", ".join(versions) or "none",
        rules="\n".join(f"- {rule}" for rule in rules_of(selection)),
    )


def rules_of(selection: Selection) -> list[str]:
    """Return the selection in sentences."""
    rules = [f"Verdict is one of: {', '.join(selection.verdicts)}."] if selection.verdicts else []
    if selection.usable:
        rules.append(
            "Left out: what reviewers excluded from the data, proposed to reject, or wanted to see again. "
            "What nobody decided yet is in the set."
        )
    rules += [_filter(name, value) for name, value in asdict(selection.filters).items() if value is not None]
    return rules or ["Nothing was left out: all submissions of the study."]


def _filter(name: str, value: object) -> str:
    if name in {"arrived", "minutes"} and isinstance(value, dict):
        within = Range(**value)
        unit = "% of the text arrived without typing" if name == "arrived" else "minutes from first to last event"
        return (
            f"More than {within.over if within.over is not None else 'any'} and at most {within.upto or 'any'} {unit}."
        )
    if isinstance(value, datetime):
        return f"{name.capitalize()} {value:%Y-%m-%d %H:%M} UTC."
    return f"{name.capitalize()}: {value}."


def _verdicts(db: Session, selection: Selection) -> Mapping[str, int]:
    query = selection.narrow(select(Submission.verdict, func.count())).order_by(None).group_by(Submission.verdict)
    return {verdict or "not analysed": count for verdict, count in db.execute(query)}


def _spread(db: Session, selection: Selection) -> tuple[int, int, list[str]]:
    chosen = selection.narrow(select(Submission.session_id)).order_by(None)
    workers, items = db.execute(
        select(
            func.count(func.distinct(WritingSession.worker_id)), func.count(func.distinct(WritingSession.item_id))
        ).where(WritingSession.id.in_(chosen))
    ).one()
    numbers = selection.narrow(select(Submission.id)).order_by(None)
    versions = db.scalars(
        select(StoredReport.analysis_version)
        .where(StoredReport.submission_id.in_(numbers))
        .distinct()
        .order_by(StoredReport.analysis_version)
    )
    return workers, items, list(versions)
