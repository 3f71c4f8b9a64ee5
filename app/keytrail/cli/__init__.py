"""The `keytrail` command. Each noun has a module; this one joins them and prints errors as messages."""

import errno
import sys
from typing import Annotated

import typer

from keytrail import __version__
from keytrail.cli.lazy_group import CommandPlace, lazy_group
from keytrail.datafolder import keep_new_files_private
from keytrail.errors import DomainError, ImportFailed

_COMMANDS = {
    "serve": ("server", "serve", "Serve the dashboard and the tasks."),
    "worker": ("jobs", "worker", "Do background work for servers on PostgreSQL."),
    "demo": ("server", "demo", "Set up and run studies with simulated work, on this machine only."),
    "sandbox": ("sandbox", "sandbox", "Serve an MTurk-compatible marketplace. No real money."),
    "migrate": ("server", "migrate_database", "Migrate the database to the newest schema."),
    "user": ("accounts", "users", "Manage the dashboard's users."),
    "token": ("accounts", "tokens", "Manage bearer tokens for the JSON API."),
    "study": ("studies", "studies", "Set up studies."),
    "decide": ("decisions", "decide_submission", "Record a decision about submissions."),
    "payments": ("payments", "payments", "Preview, send and cancel actions at platforms."),
    "mturk": ("mturk", "mturk", "Publish on Mechanical Turk or the sandbox, compare, pay."),
    "prolific": ("prolific", "prolific", "Recruit at Prolific, compare, and pay there."),
    "connect": ("connect", "connect", "Recruit at CloudResearch Connect, compare, and pay there."),
    "budget": ("budget", "budget", "Set what all studies together may commit."),
    "export": ("exports", "exports", "Write a study's tables and logs to files."),
    "import": ("imports", "imports", "Analyse logs that were recorded elsewhere."),
    "analyse": ("analysis", "analyse_submissions", "Analyse submissions without a report of this version."),
    "rotate-key": ("keys", "rotate_key", "Replace the secret key while servers run."),
    "doctor": ("diagnosis", "doctor", "Check the installation before workers come."),
    "backup": ("backups", "backup", "Write an encrypted backup while servers run."),
    "restore": ("backups", "restore", "Restore a backup into an empty database."),
    "copy-database": ("backups", "copy_database", "Copy all data into another database."),
    "verify": ("analysis", "verify", "Check that logs and texts are as they were stored."),
    "references": ("references", "references", "Generate and import language models' texts about a study's items."),
    "train": ("texts", "train", "Train a study's text classifier."),
    "score": ("texts", "score", "Score a study's texts with its classifier."),
    "compare": ("texts", "compare", "Compare a study's submissions with each other."),
    "prevalence": ("prevalence", "estimate", "Estimate how many texts a language model wrote."),
    "power": ("power", "power", "Compute how many workers are needed to detect a condition's effect."),
    "evaluate": ("evaluation", "evaluate", "Count false alarms on labelled sessions."),
    "replicate": ("texts", "replicate_studies", "Replicate the 2023 studies from their files."),
    "privacy": ("privacy", "privacy", "Erase workers, and round old key timing."),
}
"""Each command's module in this package, its name there, and its line in `keytrail --help`."""

app = typer.Typer(
    name="keytrail",
    cls=lazy_group(
        {name: CommandPlace(f"keytrail.cli.{module}", *rest) for name, (module, *rest) in _COMMANDS.items()}
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_SHOWN_PROBLEMS = 50
_DISK_ERRORS = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EROFS}


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"keytrail {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Serve writing tasks, record how each text was written, and show which text arrived without typing."""


def main() -> None:
    """Run the command line. Expected failures print what to do and exit with 2."""
    keep_new_files_private()
    try:
        app()
    except DomainError as error:
        print(f"keytrail: {error.message}", file=sys.stderr)  # command-line output goes to the terminal
        if isinstance(error, ImportFailed):
            for problem in error.problems[:_SHOWN_PROBLEMS]:
                if problem not in error.message:
                    print(f"  {problem}", file=sys.stderr)
        sys.exit(2)
    except Exception as error:  # an unreachable database and a full disk are no faults of the program
        from keytrail.db import unusable_database  # not needed before

        said = _unusable_file(error) if isinstance(error, OSError) else unusable_database(error)
        if said is None:
            raise
        print(f"keytrail: {said}", file=sys.stderr)
        sys.exit(2)


def _unusable_file(error: OSError) -> str | None:
    """Return a sentence if an error says that a file or the disk cannot be used; nothing for other errors."""
    if error.errno in _DISK_ERRORS:
        return f"Something could not be written: {error.strerror}. Make room, or name another place."
    if error.filename is None:
        return None
    return f"{error.filename} cannot be used: {error.strerror}. Check the path and its permissions."
