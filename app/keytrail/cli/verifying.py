"""`keytrail verify`."""

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from keytrail.cli.opened import opened
from keytrail.review.analysis.evidence import Checked, check_session, sessions_to_check
from keytrail.sessions.eventlog import Chain
from keytrail.studies import study_by_slug


def verify(study: Annotated[str | None, typer.Option(help="Only this study (its slug).")] = None) -> None:
    """Check that logs and texts are as they were stored. Exits with 1 if something does not fit."""
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
    print(f"Checked {batches} batches of {len(checked)} sessions: {_outcome(len(bad))}.")
    if bad:
        raise typer.Exit(1)


def _outcome(bad: int) -> str:
    return f"{bad} do not fit" if bad else "everything fits"
