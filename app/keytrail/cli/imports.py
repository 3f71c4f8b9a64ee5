"""`keytrail import …`."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from keytrail.cli.installation import Installation, open_installation
from keytrail.clock import utc_now

if TYPE_CHECKING:
    from keytrail.imports.storing import ImportedSession
    from keytrail.provenance import Report


_HALF = 0.5

imports = typer.Typer(help="Analyse logs that were recorded elsewhere.", no_args_is_help=True)

StudyName = Annotated[
    str, typer.Option("--study", help="The study to import into; created if missing. Default: the file's name.")
]
Owner = Annotated[str, typer.Option(help="E-mail of the owner of a new study.")]


@imports.command("wire")
def wire(
    file: Annotated[Path, typer.Argument(help="JSON Lines of whole sessions in wire format 1, also .gz.")],
    study: StudyName = "",
    owner: Owner = "",
) -> None:
    """Import whole sessions in wire format 1."""
    from keytrail.imports.wire import read_wire

    with open_installation() as at:
        _import(at, read_wire(file, utc_now()), file, study, owner)


@imports.command("keylog")
def keylog(
    file: Annotated[Path, typer.Argument(help="MTurk batch CSV or Prolific CSV with log_of_what_they_did, also .gz.")],
    study: StudyName = "",
    owner: Owner = "",
) -> None:
    """Import the keydown, paste and copy logs of the 2023 studies."""
    from keytrail.imports.keylog import read_keylog

    with open_installation() as at:
        _import(at, read_keylog(file), file, study, owner)


@imports.command("idfx")
def idfx(
    file: Annotated[Path, typer.Argument(help="A session of Inputlog (.idfx, also .gz).")],
    study: StudyName = "",
    owner: Owner = "",
) -> None:
    """Import a session of Inputlog; its text is rebuilt from the keys."""
    from keytrail.imports.idfx import read_idfx

    with open_installation() as at:
        _import(at, read_idfx(file, utc_now()), file, study, owner)


@imports.command("coauthor")
def coauthor(
    file: Annotated[Path, typer.Argument(help="A session of CoAuthor, JSON Lines of editor events, also .gz.")],
    study: StudyName = "",
    owner: Owner = "",
) -> None:
    """Import a session of CoAuthor; its model's suggestions count as pasted."""
    from keytrail.imports.coauthor import read_coauthor

    with open_installation() as at:
        _import(at, read_coauthor(file), file, study, owner)


@imports.command("keystrokes")
def keystrokes(
    file: Annotated[Path, typer.Argument(help="The keystroke table of the 2023 essay competition (CSV, also .gz).")],
    study: StudyName = "",
    owner: Owner = "",
) -> None:
    """Import the essays of a keystroke table."""
    from keytrail.imports.keystrokes import read_keystrokes

    with open_installation() as at:
        _import(at, read_keystrokes(file, utc_now()), file, study, owner)


def _import(at: Installation, sessions: "Sequence[ImportedSession]", file: Path, study: str, owner: str) -> None:
    from keytrail.imports.study import study_for_import
    from keytrail.provenance.formatting import count
    from keytrail.review.analysis.background import analyse_stored

    now = utc_now()
    reports: list[tuple[ImportedSession, Report]] = []
    skipped = 0
    with at.database.writing() as db:
        target = study_for_import(db, study, file, owner, now)
        slug, study_id = target.slug, target.id
    # One short transaction each, because a server that runs beside this stores what workers write. Started again after
    # a failure, an import goes on where it stopped.
    for session in track(sessions, description="Importing", console=Console(stderr=True)):
        submission_id = _stored(at, study_id, session, now)
        if submission_id is None:
            skipped += 1
        elif report := analyse_stored(at.database, submission_id, utc_now):
            reports.append((session, report))
    print_table(reports)
    print(
        f"Imported {count(len(reports), 'session')} into '{slug}'."
        + (f" Already there: {skipped:,}." if skipped else "")
    )


def _stored(at: Installation, study_id: int, session: "ImportedSession", now: datetime) -> int | None:
    from keytrail.imports.storing import store_session
    from keytrail.models import Study

    with at.database.writing() as db:
        submission = store_session(db, db.get_one(Study, study_id), session, at.keyring, now)
        return None if submission is None else submission.id


def print_table(reports: "Sequence[tuple[ImportedSession, Report]]") -> None:
    """Print a line per session, and the sums."""
    from keytrail.provenance.formatting import percent
    from keytrail.review.judging.arrived_share import arrived_share

    table = Table("session", "label", "verdict", "length", "typed", "from the item", "arrived untyped", "findings")
    for session, report in reports:
        table.add_row(
            session.session,
            session.label or "",
            report.verdict,
            str(report.length),
            percent(report.accounted_share),
            percent(report.source_share),
            "not known" if arrived_share(report) is None else percent(report.arrived_share),
            ", ".join(finding.rule for finding in report.findings),
        )
    console = Console()
    console.print(table)
    origins: Counter[str] = Counter()
    for _, report in reports:
        origins.update(report.origins)
    total = sum(origins.values()) or 1
    known = 1 - origins.get("unknown", 0) / total
    verdicts = Counter(str(report.verdict) for _, report in reports)
    console.print("Verdicts: " + ", ".join(f"{name} {number}" for name, number in verdicts.most_common()))
    console.print(f"Characters with a known origin: {percent(known, 2)} of {total}")
    console.print(arrivals([report for _, report in reports]))


def arrivals(reports: "Sequence[Report]") -> str:
    """Count texts typed here for less than half, by where the larger part of each came from."""
    from keytrail.provenance import Origin

    arrived = [report for report in reports if report.length and report.accounted_share < _HALF]
    item = sum(report.source_share >= report.arrived_share for report in arrived)
    unknown = sum(report.origins.get(Origin.UNKNOWN, 0) > report.length * _HALF for report in arrived)
    return (
        f"Arrived without matching typing (less than half of the text): {len(arrived)} of {len(reports)}; of these "
        f"{len(arrived) - item - unknown} mostly from outside, {item} mostly from the item, {unknown} of unknown origin"
    )
