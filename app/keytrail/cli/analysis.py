"""`keytrail verify` and `keytrail analyse`."""

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from keytrail.cli.opened import opened
from keytrail.provenance.formatting import count
from keytrail.review.analysis.analyst import Analyst
from keytrail.review.analysis.bridge import waiting_for_analysis
from keytrail.review.analysis.evidence import Checked, check_session, sessions_to_check
from keytrail.sessions.eventlog import Chain
from keytrail.studies import study_by_slug
from keytrail.web.services import helper_of, utc_now


def verify(study: Annotated[str | None, typer.Option(help="Only this study (its slug).")] = None) -> None:
    """Verify that logs and texts are as they were stored. Exits with 1 if something does not match."""
    with opened() as at:
        chain = Chain(at.keyring)
        with at.database.reading() as db:
            sessions = sessions_to_check(db, study_by_slug(db, study) if study else None)
        checked: list[Checked] = []
        for session_id in track(sessions, description="Checking", console=Console(stderr=True), disable=not sessions):
            with at.database.reading() as db:
                checked.append(check_session(db, session_id, chain))
    bad = [session for session in checked if session.misfits]
    for session in bad:
        for misfit in session.misfits:
            print(f"{session.name}: {misfit}")
    batches = sum(session.batches for session in checked)
    print(f"Checked {count(batches, 'batch', 'batches')} of {count(len(checked), 'session')}: {_outcome(len(bad))}.")
    if bad:
        raise typer.Exit(1)


def _outcome(bad: int) -> str:
    return f"{bad} do not fit" if bad else "everything fits"


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
