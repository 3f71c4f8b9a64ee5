"""Back up, restore and copy the database: `keytrail backup`, `keytrail restore`, `keytrail copy-database`."""

from pathlib import Path
from typing import Annotated

import typer

from keytrail.cli.analysis import check_all, print_checked
from keytrail.cli.installation import open_installation
from keytrail.clock import utc_now
from keytrail.errors import BadSettings

_SHORTEST = 12

PassphraseFile = Annotated[
    Path | None, typer.Option(help="File whose first line is the passphrase. Without it you are asked.")
]


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Write all data and the secret key into one encrypted file. Servers may run meanwhile."""
    from keytrail.operations.backup import write_backup

    with open_installation(must_exist=True) as at:
        passphrase = _passphrase(passphrase_file, new=True)
        counts = write_backup(at.database, at.keyring.roots.present, file, passphrase, utc_now())
    print(f"{file}: {_rows(counts)}. Without the passphrase nobody can read it, not even you.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that 'keytrail backup' wrote.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Restore a backup with its secret key into an empty database, all or nothing, then check the logs."""
    from keytrail.datafolder import prepare_data_folder
    from keytrail.db import Database
    from keytrail.key_check import keyring_of
    from keytrail.keyring import restored_root_secret
    from keytrail.operations.backup import read_backup, restore_backup
    from keytrail.schema_version import migrate_if_fresh, require_current
    from keytrail.sessions.eventlog import Chain
    from keytrail.settings import load_settings

    settings = load_settings()
    prepare_data_folder(settings.data_dir)
    database = Database(settings.database)
    try:
        migrate_if_fresh(database.engine)
        require_current(database.engine)
        with read_backup(file, _passphrase(passphrase_file, new=False)) as found:
            root = found.header.secret_key.encode()
            with restored_root_secret(settings, root):
                counts = restore_backup(database, found)
            print(f"Restored {_rows(counts)} as of {found.header.made_at}.")
        if print_checked(check_all(database, Chain(keyring_of(root, database)))):
            raise typer.Exit(1)
    finally:
        database.close()


def copy_database(
    target: Annotated[str, typer.Argument(help="URL of an empty database: postgresql+psycopg://user@host/keytrail")],
) -> None:
    """Copy all data into another, empty database, and check the logs on both sides. Stop the servers first."""
    from keytrail.db import Database
    from keytrail.operations.backup import copy_rows
    from keytrail.schema import migrate
    from keytrail.sessions.eventlog import Chain

    with open_installation(must_exist=True) as at:
        there = Database(target)
        try:
            migrate(there.engine)
            counts = copy_rows(at.database, there)
            print(f"Copied {_rows(counts)}.")
            chain = Chain(at.keyring)
            here_bad = print_checked(check_all(at.database, chain))
            there_bad = print_checked(check_all(there, chain))
        finally:
            there.close()
    if here_bad or there_bad:
        raise typer.Exit(1)
    print("Set KEYTRAIL_DATABASE_URL to the new database, keep the secret key, and start the servers again.")


def _passphrase(file: Path | None, *, new: bool) -> str:
    if file is None:
        given = str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=new, err=True))
    elif not file.is_file():
        raise BadSettings(f"There is no file {file}.")
    else:
        try:
            given = (file.read_text(encoding="utf-8-sig").splitlines() or [""])[0]
        except UnicodeDecodeError:
            raise BadSettings(f"{file} is not UTF-8 text. Write the passphrase into its first line.") from None
    if new and len(given) < _SHORTEST:
        raise BadSettings(f"A passphrase needs at least {_SHORTEST} characters: guessing it gives all data away.")
    return given


def _rows(counts: dict[str, int]) -> str:
    from keytrail.provenance.formatting import count

    return f"{count(sum(counts.values()), 'row')} of {count(len(counts), 'table')}"
