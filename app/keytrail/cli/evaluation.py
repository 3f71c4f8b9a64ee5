"""`keytrail evaluate`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from keytrail.evaluation.judging import Judged
    from keytrail.text.prevalence.intervals import Interval


def evaluate(
    paths: Annotated[list[Path], typer.Argument(help="Folders or files of labelled sessions (docs/evaluating.md).")],
    out: Annotated[Path, typer.Option(help="Where to write the page.")] = Path("docs/evaluation.md"),
    unlabelled: Annotated[
        str, typer.Option(help="What sessions without a label count as: honest, other, or skip.")
    ] = "honest",
    product: Annotated[
        Path | None, typer.Option(help="Also write the figures that findings quote to this Python module.")
    ] = None,
) -> None:
    """Count how often each rule and verdict fires on labelled sessions, and write a page. Nothing is stored."""
    from keytrail.clock import utc_now
    from keytrail.errors import BadRequest, NotFound
    from keytrail.evaluation.alarm_figures import figures_module
    from keytrail.evaluation.budget import broken
    from keytrail.evaluation.judging import judge
    from keytrail.evaluation.page import page
    from keytrail.evaluation.reading import find

    choices = {"honest": True, "other": False, "skip": None}
    if unlabelled not in choices:
        raise BadRequest("--unlabelled takes honest, other or skip.")
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise NotFound(f"There is no {', '.join(missing)}.")
    found = find(paths)
    sessions = list(judge(found, unlabelled=choices[unlabelled]))
    for name, why in found.skipped:
        print(f"Not read: {name}: {why}")
    if not sessions:
        raise NotFound("Nothing here can be evaluated. docs/evaluating.md lists the formats.")
    today = utc_now().date()
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(page(sessions, found.skipped, today), encoding="utf-8")
    if product is not None:
        product.write_text(figures_module(sessions, today), encoding="utf-8")
    _print(sessions)
    for problem in broken(sessions):
        print(f"Over the budget: {problem}.")
    print(f"Wrote {out}.")


def _print(sessions: list["Judged"]) -> None:
    """Print alarms on honest sessions, by set and, where there are any, by group."""
    from keytrail.evaluation.alarm_counts import VERDICTS, alarms, by_rule, group_name, subsets_of

    honest = [session for session in sessions if session.honest]
    rows = [
        (f"verdict: {name}", subset.dataset, subset.name, alarms(subset.sessions, fires))
        for name, fires in VERDICTS.items()
        for subset in subsets_of(honest)
    ]
    rows += [(one.rule, one.dataset, group_name(one.group, one.value), one.alarms) for one in by_rule(honest)]
    table = Table("rule or verdict", "set", "group", "sessions with an alarm", "exact 95 %", "writers with one", "95 %")
    for name, dataset, group, found in rows:
        if found.alarmed or not group:
            table.add_row(
                *(name, dataset, group),
                *(f"{found.alarmed} of {found.sessions}", _percent(found.interval)),
                *(f"{found.writers_alarmed} of {found.writers}", _percent(found.writers_interval)),
            )
    Console().print(table)


def _percent(interval: "Interval") -> str:
    from keytrail.provenance.formatting import percent

    return f"{percent(interval.low, 1)} to {percent(interval.high, 1)}"
