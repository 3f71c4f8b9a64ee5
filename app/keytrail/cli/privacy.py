"""`keytrail privacy …`: erase workers, forget the platform's ids, round old key timing and mask old logs."""

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from keytrail.cli.installation import open_installation
from keytrail.clock import utc_now
from keytrail.errors import BadSettings, NotFound

privacy = typer.Typer(
    help="Erase workers, forget platform ids, round old key timing and mask old logs.", no_args_is_help=True
)

OneStudy = Annotated[str | None, typer.Option("--study", help="Only in this study (its slug).")]


@privacy.command("erase")
def erase(
    worker: Annotated[str, typer.Argument(help="The platform's id of the worker, or the pseudonym in one study.")],
    study: OneStudy = None,
    yes: Annotated[bool, typer.Option("--yes", help="Erase. Without it, only list what would be erased.")] = False,
) -> None:
    """Erase a worker from all studies: log, texts, reports, decisions, names. Amounts paid stay in the ledger."""
    from keytrail.review.retention.erasure import erase_worker, find_worker, stored_of
    from keytrail.studies import study_by_slug

    with open_installation() as at:
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
    from keytrail.provenance.formatting import count
    from keytrail.review.retention.coarsening import coarsen_session, sessions_to_coarsen
    from keytrail.sessions.eventlog import Chain
    from keytrail.studies import study_by_slug

    with open_installation() as at:
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


@privacy.command("mask")
def mask(
    days: Annotated[
        int | None, typer.Option(min=0, help="Age in days. Default: KEYTRAIL_LOG_TEXT_DAYS.", show_default=False)
    ] = None,
    study: OneStudy = None,
    yes: Annotated[bool, typer.Option("--yes", help="Mask. Without it, only count the sessions.")] = False,
) -> None:
    """Mask what was typed, deleted and pasted in the logs of decided work. Texts submitted, reports and times stay."""
    from keytrail.provenance.formatting import count
    from keytrail.review.retention.masking import mask_session, sessions_to_mask
    from keytrail.sessions.eventlog import Chain
    from keytrail.studies import study_by_slug

    with open_installation() as at:
        age = at.settings.log_text_days if days is None else days
        if age is None:
            raise BadSettings("Give --days, or set KEYTRAIL_LOG_TEXT_DAYS.")
        chain = Chain(at.keyring)
        with at.database.reading() as db:
            old = sessions_to_mask(db, utc_now(), age, study_by_slug(db, study).id if study else None)
        if not yes:
            print(f"The logs of {count(len(old), 'session')} would be masked for good; add --yes to do it.")
            return
        events = 0
        for session_id in track(old, description="Masking", console=Console(stderr=True), disable=not old):
            with at.database.writing() as db:
                events += mask_session(db, session_id, chain, utc_now())
    print(f"Masked the text of {count(events, 'event')} in {count(len(old), 'session')}.")


@privacy.command("forget-ids")
def forget_ids(
    days: Annotated[
        int | None, typer.Option(min=0, help="Age in days. Default: KEYTRAIL_PLATFORM_ID_DAYS.", show_default=False)
    ] = None,
    study: OneStudy = None,
    yes: Annotated[bool, typer.Option("--yes", help="Forget. Without it, only count the workers.")] = False,
) -> None:
    """Delete the platform's ids of workers for whom nothing is left to decide or pay. Pseudonyms and texts stay."""
    from keytrail.provenance.formatting import count
    from keytrail.review.retention.platform_ids import forget_platform_ids, workers_to_forget
    from keytrail.studies import study_by_slug

    with open_installation() as at:
        age = at.settings.platform_id_days if days is None else days
        if age is None:
            raise BadSettings("Give --days, or set KEYTRAIL_PLATFORM_ID_DAYS.")
        with at.database.reading() as db:
            old = workers_to_forget(db, utc_now(), age, study_by_slug(db, study).id if study else None)
        if not yes:
            print(f"The ids of {count(len(old), 'worker')} would be deleted; add --yes to do it.")
            return
        for worker_id in old:
            with at.database.writing() as db:
                forget_platform_ids(db, worker_id)
    print(f"Deleted the platform's ids of {count(len(old), 'worker')}.")
