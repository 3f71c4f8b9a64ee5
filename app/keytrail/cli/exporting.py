"""`keytrail export …`: whole sessions with their logs, for other tools. The dashboard exports reports and tables."""

import json
from pathlib import Path
from typing import Annotated

import typer

from keytrail.cli.opened import opened
from keytrail.exports.idfx import idfx_of
from keytrail.exports.logs import sessions_in_wire
from keytrail.exports.selection import Selection
from keytrail.provenance.formatting import count
from keytrail.studies import study_by_slug

exports = typer.Typer(
    help="Write a study's logs to files. Key timing is biometric: keep them as safe as the server does.",
    no_args_is_help=True,
)

Study = Annotated[str, typer.Argument(help="The study's name in its address.")]


@exports.command("wire")
def wire(study: Study, out: Annotated[Path, typer.Argument(help="The file to write (.jsonl).")]) -> None:
    """Write all sessions in wire format 1, one per line, with pseudonyms."""
    written = 0
    with opened() as at, at.database.reading() as db, out.open("w", encoding="utf-8") as file:
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
    out.mkdir(parents=True, exist_ok=True)
    written = 0
    with opened() as at, at.database.reading() as db:
        for session in sessions_in_wire(db, Selection(study_by_slug(db, study).id, study)):
            (out / f"{session['session']}.idfx").write_text(idfx_of(session), encoding="utf-8")
            written += 1
    print(f"Wrote {count(written, 'session')} of '{study}' to {out}.")
