"""`keytrail prevalence`: estimate how much was written by language models, in one study or several."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from keytrail.cli.installation import open_installation
from keytrail.clock import utc_now

if TYPE_CHECKING:
    from keytrail.db import Database
    from keytrail.models import Study
    from keytrail.synthetic.prevalence.homogeneity import StudyHomogeneity
    from keytrail.synthetic.prevalence.joint import JointPrevalence
    from keytrail.synthetic.prevalence.self_reports import SelfReportCounts
    from keytrail.synthetic.prevalence.study import StudyPrevalence
    from keytrail.text.prevalence.intervals import Estimate
    from keytrail.text.prevalence.report import PrevalenceReport


def estimate(
    studies: Annotated[list[str], typer.Argument(help="The study's name in its address. Several studies are pooled.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Estimate how much of a study was written by language models: four estimates with 95 % intervals."""
    from keytrail.studies import study_by_slug
    from keytrail.synthetic.prevalence.joint import JointPrevalence
    from keytrail.synthetic.prevalence.self_reports import count_self_reports
    from keytrail.synthetic.prevalence.study import StudyPrevalence

    with open_installation() as at:
        with at.database.reading() as db:
            chosen = [study_by_slug(db, slug) for slug in studies]
            self_reports = count_self_reports(db, chosen[0]) if len(chosen) == 1 else ()
        found = _figures(at.database, chosen)
    if as_json:
        beside = {"said": [part.as_json() for part in self_reports]} if isinstance(found, StudyPrevalence) else {}
        print(json.dumps(found.as_json() | beside))
    elif isinstance(found, JointPrevalence):
        _print_joint(Console(), found)
    else:
        _print_prevalence(Console(), found, self_reports)


def _figures(database: "Database", studies: "Sequence[Study]") -> "StudyPrevalence | JointPrevalence":
    """Return the estimates as the dashboard shows them, computed first if something has changed."""
    from keytrail.synthetic.prevalence.cache import JOINT, PREVALENCE, current_figures
    from keytrail.synthetic.prevalence.joint import several

    if len(studies) == 1:
        return current_figures(database, PREVALENCE, studies, utc_now, in_child=False)[0]
    return current_figures(database, JOINT, several(studies), utc_now, in_child=False)[0]


def _print_joint(console: Console, found: "JointPrevalence") -> None:
    from keytrail.synthetic.prevalence.estimates import joint_rows, report_rows

    for one in found.studies:
        console.print(f"{one.slug}: {one.analysed} analysed submissions, {one.judged} judged by log and text")
    made = {unit: report for unit, report in _both(found).items() if report is not None}
    for unit, report in made.items():
        console.print(_estimates_table(unit, joint_rows(report)))
    assumptions = dict.fromkeys(
        self_reports for report in made.values() for _, one in report_rows(report) for self_reports in one.assumptions
    )
    for sentence in (*assumptions, *found.cautions):
        console.print(f"- {sentence}")


def _both(found: "StudyPrevalence | JointPrevalence") -> "dict[str, PrevalenceReport | None]":
    return {"submissions": found.by_submission, "workers": found.by_worker}


def _print_prevalence(console: Console, found: "StudyPrevalence", self_reports: "Sequence[SelfReportCounts]") -> None:
    from keytrail.provenance.formatting import count
    from keytrail.synthetic.prevalence.estimates import report_rows

    console.print(
        f"{count(found.submissions, 'submission')}, {found.analysed} analysed, {found.scored} scored"
        + (f", {found.left_out} left out because their logs trained the classifier" if found.left_out else "")
    )
    reports = _both(found)
    for way, parts in found.parts.items():
        reports |= {f"submissions, {way} {part.name}": part.by_submission for part in parts}
        reports |= {f"workers, {way} {part.name}": part.by_worker for part in parts}
    for unit, report in reports.items():
        if report is not None:
            console.print(_estimates_table(unit, report_rows(report)))
    table = Table("log", "text", "submissions", title="What the log shows by how the text reads")
    for log, text, number in found.cross:
        table.add_row(log.replace("_", " "), text.replace("_", " "), str(number))
    console.print(table)
    if self_reports:
        console.print(_self_report_table(self_reports))
    if found.homogeneity is not None:
        console.print(_homogeneity_table(found.homogeneity))
    assumptions = dict.fromkeys(
        sentence
        for report in reports.values()
        if report is not None
        for _, estimate in report_rows(report)
        for sentence in estimate.assumptions
    )
    alike = found.homogeneity.explained if found.homogeneity is not None else ()
    for sentence in (*assumptions, *alike, *found.cautions):
        console.print(f"- {sentence}")


def _estimates_table(unit: str, rows: "Sequence[tuple[str, Estimate]]") -> Table:
    table = Table("estimate", "of", "share", "95 % interval", unit, "method", title=f"By {unit}")
    for kind, e in rows:
        interval = f"{e.interval.low:.3f} to {e.interval.high:.3f}"
        table.add_row(kind, e.name, f"{e.value:.3f}", interval, str(e.units), e.method)
    return table


def _self_report_table(self_reports: "Sequence[SelfReportCounts]") -> Table:
    table = Table("condition", "used one", "95 % interval", "in part", "for most", "answered", "asked", title="Asked")
    for one in self_reports:
        interval = f"{one.interval.low:.3f} to {one.interval.high:.3f}"
        counts = map(str, (one.partly, one.mostly, one.answered, one.asked))
        table.add_row(one.condition or "all", f"{one.used / one.answered:.3f}", interval, *counts)
    return table


def _homogeneity_table(found: "StudyHomogeneity") -> Table:
    table = Table("texts", "mean likeness", "95 % interval", "pairs", "texts", "words", title="How alike the texts are")
    for group in found.groups:
        one = group.found
        interval = "" if one.interval is None else f"{one.interval.low:.3f} to {one.interval.high:.3f}"
        table.add_row(
            group.name, f"{one.mean_jaccard:.3f}", interval, str(one.pairs), str(one.texts), f"{one.words:.0f}"
        )
    return table
