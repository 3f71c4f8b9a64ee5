"""`keytrail verify` and `keytrail analyse`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track

from keytrail.cli.installation import Installation, open_installation
from keytrail.clock import utc_now

if TYPE_CHECKING:
    from keytrail.db import Database
    from keytrail.models import Study
    from keytrail.review.analysis.evidence import Checked
    from keytrail.sessions.eventlog import Chain


if TYPE_CHECKING:
    from keytrail.child_process import Helper


def verify(
    study: Annotated[str | None, typer.Option(help="Only this study (its slug).")] = None,
    statement: Annotated[
        Path | None,
        typer.Option(
            help="File with the state of the last check. It is compared with today's, and updated if everything fits."
        ),
    ] = None,
) -> None:
    """Check that logs and texts are as they were stored. Exits with 1 if something does not fit."""
    from keytrail.operations.statement import make_statement, missing_since, read_statement, write_statement
    from keytrail.sessions.eventlog import Chain
    from keytrail.studies import study_by_slug

    with open_installation(must_exist=True) as at:
        then = None if statement is None else read_statement(statement, at.keyring)
        with at.database.reading() as db:
            chosen = study_by_slug(db, study) if study else None
            now = make_statement(db, utc_now())
        checked = check_all(at.database, Chain(at.keyring), chosen)
        missing = missing_since(then, now) if then is not None else []
        bad = print_checked(checked, missing)
        if statement is not None and checked and not bad:
            write_statement(statement, now, at.keyring)
    if not checked:
        print("Nothing was checked: there is no writing session. If there should be, this is not the right database.")
    elif now.newest:
        print(f"The newest page load with events is dated {now.newest}. If you expect newer ones, this is an old copy.")
    if bad or not checked:
        raise typer.Exit(1)


def check_all(database: "Database", chain: "Chain", study: "Study | None" = None) -> "list[Checked]":
    """Check every writing session, or one study's, and show how far it is."""
    from keytrail.review.analysis.evidence import check_session, sessions_to_check

    with database.reading() as db:
        sessions = sessions_to_check(db, study)
    checked: list[Checked] = []
    for session_id in track(sessions, description="Checking", console=Console(stderr=True), disable=not sessions):
        with database.reading() as db:
            checked.append(check_session(db, session_id, chain))
    return checked


def print_checked(checked: "Sequence[Checked]", missing: Sequence[str] = ()) -> bool:
    """Print what does not fit, and how much was checked; whether anything does not."""
    from keytrail.provenance.formatting import count

    bad = [session for session in checked if session.misfits]
    for session in bad:
        for misfit in session.misfits:
            print(_shown(f"{session.name}: {misfit}"))
    for sentence in missing:
        print(sentence)
    batches = sum(session.batches for session in checked)
    outcome = f"{len(bad)} do not fit" if bad else "everything fits"
    print(f"Checked {count(batches, 'batch', 'batches')} of {count(len(checked), 'session')}: {outcome}.")
    return bool(bad or missing)


def _shown(line: str) -> str:
    """Of a database that somebody else has written, nothing may drive the terminal."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in line)


def analyse_submissions(
    every: Annotated[bool, typer.Option("--all", help="Analyse again what has a report of this version.")] = False,
    restart: Annotated[
        bool, typer.Option("--restart", help="With --all: begin again instead of continuing an interrupted run.")
    ] = False,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Analyses at the same time; by default one for each core.")
    ] = None,
) -> None:
    """Analyse submissions that have no report of this version, including those whose analysis was given up.

    If interrupted, run it again: it continues.
    """
    from keytrail.child_process import usable_cores
    from keytrail.provenance.formatting import count
    from keytrail.review.analysis.parallel import ParallelAnalysis
    from keytrail.review.analysis.run_of_all import finish_run

    with open_installation() as at:
        waiting = _waiting_for_run(at.database, restart=restart) if every else _waiting(at.database)
        helpers = _helpers(at, min(processes or usable_cores(), max(len(waiting), 1)))
        results = ParallelAnalysis(at.database, helpers, utc_now).run(waiting)
        shown = track(results, description="Analysing", total=len(waiting), disable=not waiting)
        failed = sum(not analysed for analysed in shown)
        if every:
            with at.database.writing() as db:
                finish_run(db)
    print(f"Analysed {count(len(waiting) - failed, 'submission')}.")
    if failed:
        print(f"{failed} could not be analysed, for the reasons above. An earlier report of such a submission is kept.")
        raise typer.Exit(1)


def _waiting(database: "Database") -> list[int]:
    from keytrail.review.analysis.bridge import waiting_for_analysis

    with database.reading() as db:
        return waiting_for_analysis(db)


def _waiting_for_run(database: "Database", *, restart: bool) -> list[int]:
    """Return every submission, or what an interrupted run has not come to."""
    from keytrail.provenance.formatting import count
    from keytrail.review.analysis.bridge import waiting_for_analysis
    from keytrail.review.analysis.run_of_all import begin_run, unfinished_run

    with database.writing() as db:
        began = None if restart else unfinished_run(db)
        every = waiting_for_analysis(db, every=True)
        if began is None:
            begin_run(db, utc_now())
            return every
        left = waiting_for_analysis(db, since=began)
    done = len(every) - len(left)
    print(f"Continuing the run of {began:%Y-%m-%d %H:%M} UTC: {done} of {count(len(every), 'submission')} done.")
    return left


def _helpers(at: Installation, wanted: int) -> "list[Helper]":
    """Return so many child processes; one helper where analyses run in this process, without limits."""
    from keytrail.web.services import helper_of

    return [helper_of(at.settings, at.database) for _ in range(wanted if at.settings.analysis_memory_mb else 1)]
