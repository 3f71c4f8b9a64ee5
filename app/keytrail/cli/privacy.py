"""`keytrail privacy …`: erase workers and round old key timing."""

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from keytrail.cli.opened import opened
from keytrail.clock import utc_now
from keytrail.errors import BadSettings, NotFound
from keytrail.provenance.formatting import count
from keytrail.review.retention.coarsening import coarsen_session, sessions_to_coarsen
from keytrail.review.retention.erasure import erase_worker, find_worker, stored_of
from keytrail.sessions.eventlog import Chain
from keytrail.studies import study_by_slug

privacy = typer.Typer(help="Erase workers, and round old key timing.", no_args_is_help=True)

OneStudy = Annotated[str | None, typer.Option("--study", help="Only in this study (its slug).")]


@privacy.command("erase")
def erase(
    worker: Annotated[str, typer.Argument(help="The platform's id of the worker, or the pseudonym in one study.")],
    study: OneStudy = None,
    yes: Annotated[bool, typer.Option("--yes", help="Erase. Without it, only list what would be erased.")] = False,
) -> None:
    """Erase a worker from all studies: log, texts, reports, decisions, names. Amounts paid stay in the ledger."""
    with opened() as at:
        with at.database.reading() as db:
            records = find_worker(db, worker, at.keyring, study_by_slug(db, study) if study else None)
            if not records:
                raise NotFound("No worker with this id is stored here. Nothing was changed.")
            found = stored_of(db, records)
        if not yes:
            print("This would be erased; add --yes to do it:", *found.in_words(), sep="\n")
            return
        with at.database.writing() as db:
            gone = erase_worker(db, records, utc_now())
    print("Erased (payments keep their amounts only):", *gone.in_words(), sep="\n")


@privacy.command("coarsen")
def coarsen(
    days: Annotated[
        int | None, typer.Option(min=0, help="Age in days. Default: KEYTRAIL_KEY_TIMING_DAYS.", show_default=False)
    ] = None,
    study: OneStudy = None,
) -> None:
    """Round the times of old logs to seconds. Texts, edits and reports stay; the typing rhythm is gone."""
    with opened() as at:
        age = at.settings.key_timing_days if days is None else days
        if age is None:
            raise BadSettings("Give --days, or set KEYTRAIL_KEY_TIMING_DAYS.")
        chain = Chain(at.keyring)
        with at.database.reading() as db:
            old = sessions_to_coarsen(db, utc_now(), age, study_by_slug(db, study).id if study else None)
        events = 0
        for session_id in track(old, description="Rounding", console=Console(stderr=True), disable=not old):
            with at.database.writing() as db:
                events += coarsen_session(db, session_id, chain, utc_now())
    print(f"Rounded the times of {count(events, 'event')} in {count(len(old), 'session')} to seconds.")
