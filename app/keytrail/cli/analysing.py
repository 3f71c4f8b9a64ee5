"""`keytrail analyse`."""

from typing import Annotated

import typer
from rich.progress import track

from keytrail.cli.opened import opened
from keytrail.review.analysis.analyst import Analyst
from keytrail.review.analysis.bridge import waiting_for_analysis
from keytrail.web.services import helper_of, utc_now


def analyse_submissions(
    every: Annotated[bool, typer.Option("--all", help="Analyse again what has a report of this version.")] = False,
) -> None:
    """Analyse submissions that have no report of this version, also those whose analysis was given up."""
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
    print(f"Analysed {len(waiting) - failed} submissions.")
    if failed:
        print(f"{failed} could not be analysed; their pages in the dashboard say why.")
        raise typer.Exit(1)
