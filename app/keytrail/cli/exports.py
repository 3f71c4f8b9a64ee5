"""`keytrail export …`: a study's tables, and whole sessions with their logs for other tools."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keytrail.cli.installation import Installation, open_installation
from keytrail.clock import utc_now

if TYPE_CHECKING:
    from keytrail.exports.selection import Selection


exports = typer.Typer(
    help="Write a study's tables and logs to files. Key timing is biometric: keep them as safe as the server does.",
    no_args_is_help=True,
)

Study = Annotated[str, typer.Argument(help="The study's name in its address.")]


Format = Annotated[str, typer.Option("--format", help="csv, xlsx, jsonl or parquet.")]


@exports.command("table")
def table(
    study: Study,
    name: Annotated[str, typer.Argument(help="submissions, findings, spans, reports, decisions, events or items.")],
    out: Annotated[Path, typer.Argument(help="The file to write.")],
    file_format: Format = "csv",
) -> None:
    """Write one table, with pseudonyms."""
    from keytrail.exports.tables import media_type, stream, table_of

    found = table_of(name)
    media_type(file_format)
    with open_installation() as at:
        selection = _recorded(at, study, name, file_format)
        with out.open("wb") as file:
            file.writelines(stream(at.database, found, file_format, selection))
    print(f"Wrote the table '{name}' of '{study}' to {out}.")


@exports.command("all")
def everything(
    study: Study,
    out: Annotated[Path, typer.Argument(help="The archive to write (.zip).")],
    file_format: Format = "csv",
) -> None:
    """Write all tables but raw events, with codebook, data card and loader (not with xlsx), as one archive."""
    from keytrail.exports.package import package
    from keytrail.exports.tables import media_type
    from keytrail.studies import study_by_slug

    media_type(file_format)
    with open_installation() as at:
        selection = _recorded(at, study, "all", file_format)
        with at.database.reading() as db:
            pieces = package(db, at.database, study_by_slug(db, study), file_format, selection, utc_now())
        with out.open("wb") as file:
            file.writelines(pieces)
    print(f"Wrote '{study}' to {out}.")


def _recorded(at: Installation, study: str, table: str, file_format: str) -> "Selection":
    """Everything in the study; that it leaves stands in the audit log first."""
    from keytrail.exports.selection import Selection
    from keytrail.models import AuditAction
    from keytrail.studies import study_by_slug
    from keytrail.users.audit_log import record_action

    with at.database.writing() as db:
        found = study_by_slug(db, study)
        detail = {"table": table, "format": file_format}
        record_action(db, AuditAction.EXPORT, utc_now(), user_id=None, study_id=found.id, detail=detail)
        return Selection(found.id, study)


@exports.command("wire")
def wire(study: Study, out: Annotated[Path, typer.Argument(help="The file to write (.jsonl).")]) -> None:
    """Write all sessions in wire format 1, one per line, with pseudonyms."""
    from keytrail.exports.logs import sessions_in_wire
    from keytrail.exports.selection import Selection
    from keytrail.provenance.formatting import count
    from keytrail.studies import study_by_slug

    written = 0
    with open_installation() as at, at.database.reading() as db, out.open("w", encoding="utf-8") as file:
        for session in sessions_in_wire(db, Selection(study_by_slug(db, study).id, study)):
            file.write(json.dumps(session) + "\n")
            written += 1
    print(
        f"Wrote {count(written, 'session')} of '{study}' to {out}. "
        "Logs of keys only cannot be written in this format and were left out."
    )


@exports.command("idfx")
def idfx(
    study: Study, out: Annotated[Path, typer.Argument(help="The folder to write to; created if missing.")]
) -> None:
    """Write every session as an Inputlog file (IDFX). Events that Inputlog lacks are left out."""
    from keytrail.exports.idfx import idfx_of
    from keytrail.exports.logs import sessions_in_wire
    from keytrail.exports.selection import Selection
    from keytrail.provenance.formatting import count
    from keytrail.studies import study_by_slug

    out.mkdir(parents=True, exist_ok=True)
    written = 0
    with open_installation() as at, at.database.reading() as db:
        for session in sessions_in_wire(db, Selection(study_by_slug(db, study).id, study)):
            (out / f"{session['session']}.idfx").write_text(idfx_of(session), encoding="utf-8")
            written += 1
    print(f"Wrote {count(written, 'session')} of '{study}' to {out}.")
