"""`keytrail verify` and `keytrail analyse`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from keytrail.cli.opened import opened
from keytrail.clock import utc_now
from keytrail.db import Database
from keytrail.models import Study
from keytrail.operations.statement import make_statement, missing_since, read_statement, write_statement
from keytrail.provenance.formatting import count
from keytrail.review.analysis.analyst import Analyst
from keytrail.review.analysis.bridge import waiting_for_analysis
from keytrail.review.analysis.evidence import Checked, check_session, sessions_to_check
from keytrail.sessions.eventlog import Chain
from keytrail.studies import study_by_slug
from keytrail.web.services import helper_of


def verify(
    study: Annotated[str | None, typer.Option(help="Only this study (its slug).")] = None,
    statement: Annotated[
        Path | None,
        typer.Option(help="File with what was there at the last check: compared with, then written anew if all fits."),
    ] = None,
) -> None:
    """Check that logs and texts are as they were stored. Exits with 1 if something does not fit."""
    with opened(must_exist=True) as at:
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
        print(f"The newest batch is of {now.newest}. If there should be newer ones, this is an old copy.")
    if bad or not checked:
        raise typer.Exit(1)


def check_all(database: Database, chain: Chain, study: Study | None = None) -> list[Checked]:
    """Check every writing session, or one study's, and show how far it is."""
    with database.reading() as db:
        sessions = sessions_to_check(db, study)
    checked: list[Checked] = []
    for session_id in track(sessions, description="Checking", console=Console(stderr=True), disable=not sessions):
        with database.reading() as db:
            checked.append(check_session(db, session_id, chain))
    return checked


def print_checked(checked: Sequence[Checked], missing: Sequence[str] = ()) -> bool:
    """Print what does not fit, and how much was checked; whether anything does not."""
    bad = [session for session in checked if session.misfits]
    for session in bad:
        for misfit in session.misfits:
            print(f"{session.name}: {misfit}")
    for sentence in missing:
        print(sentence)
    batches = sum(session.batches for session in checked)
    outcome = f"{len(bad)} do not fit" if bad else "everything fits"
    print(f"Checked {count(batches, 'batch', 'batches')} of {count(len(checked), 'session')}: {outcome}.")
    return bool(bad or missing)


def analyse_submissions(
    every: Annotated[bool, typer.Option("--all", help="Analyse again what has a report of this version.")] = False,
) -> None:
    """Analyse submissions that have no report of this version, including those whose analysis was given up."""
    failed = 0
    with opened() as at:
        with at.database.reading() as db:
            waiting = waiting_for_analysis(db, every=every)
        helper = helper_of(at.settings, at.database)
        analyst = Analyst(at.database, helper, utc_now, at_once=True)
        try:
            for submission_id in track(waiting, description="Analysing", disable=not waiting):
                failed += analyst.analyse(submission_id) is None
        finally:
            helper.close()
    print(f"Analysed {count(len(waiting) - failed, 'submission')}.")
    if failed:
        print(f"{failed} could not be analysed; their pages in the dashboard say why.")
        raise typer.Exit(1)
