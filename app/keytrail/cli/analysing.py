"""`keytrail analyse`."""

from typing import Annotated

import typer
from rich.progress import track

from keytrail.cli.opened import opened
from keytrail.review.analysing.analysis import waiting_for_analysis
from keytrail.review.analysing.background import analyse_stored
from keytrail.web.services import utc_now


def analyse_submissions(
    every: Annotated[bool, typer.Option("--all", help="Analyse again what has a report of this version.")] = False,
) -> None:
    """Analyse submissions that have no report of this version."""
    with opened() as at:
        with at.database.reading() as db:
            waiting = waiting_for_analysis(db, every=every)
        for submission_id in track(waiting, description="Analysing", disable=not waiting):
            analyse_stored(at.database, submission_id, utc_now)
    print(f"Analysed {len(waiting)} submissions.")
