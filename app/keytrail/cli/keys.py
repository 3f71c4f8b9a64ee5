"""Replace the secret key: `keytrail rotate-key`."""

import codecs
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from keytrail.cli.installation import Installation, open_installation
from keytrail.clock import utc_now
from keytrail.errors import BadSettings, Conflict

_SHORTEST = 32


def rotate_key(
    keep_hours: Annotated[
        int,
        typer.Option(min=0, max=24 * 365, help="How long signatures of the earlier key are accepted. 0: not at all."),
    ] = 24 * 30,
    new_key_file: Annotated[
        Path | None, typer.Option(help="A file with the new key, needed if KEYTRAIL_SECRET_KEY is set.")
    ] = None,
    finish: Annotated[bool, typer.Option("--finish", help="End a rotation: stop accepting the earlier key.")] = False,
) -> None:
    """Replace the secret key while servers run. Pseudonyms and the chain of evidence stay."""
    from keytrail.key_rotation import facts_of, rotation_in
    from keytrail.keyring import next_root_secret
    from keytrail.settings import load_settings

    if finish:
        _finish()
        return
    prepared = next_root_secret(load_settings(), make=False)
    with open_installation(must_exist=True) as at:
        given = at.settings.secret_key is not None
        if given != (new_key_file is not None):
            raise BadSettings(
                "Write the new key into a file and name it with --new-key-file: KEYTRAIL_SECRET_KEY is set."
                if given
                else "--new-key-file is for installations that set KEYTRAIL_SECRET_KEY. Leave it out."
            )
        if new_key_file:
            prepared = _given(new_key_file)
        if prepared == at.keyring.roots.present:
            print("An earlier run of this command has changed to this key already; no other key was made.")
        else:
            _begin(at, prepared, timedelta(hours=keep_hours))
        with at.database.reading() as db:
            rotation = rotation_in(facts_of(db))
    print("The secret key is replaced. Make a backup: earlier ones have the earlier key.")
    if rotation is None:
        print("Signatures of the earlier key are no longer accepted. Restart all servers with the new key now.")
        return
    print(f"Running servers use the new key from {_moment(rotation.active_from)} on and need no restart.")
    print(f"Tickets and links of the earlier key are accepted until {_moment(rotation.until)}.")
    if given:
        print("Set KEYTRAIL_SECRET_KEY to the new key on every machine before that.")


def _begin(at: Installation, prepared: bytes | None, keep: timedelta) -> None:
    """Begin a rotation to the prepared key, or to one that is made now; its file takes the other's place last."""
    from keytrail.key_check import finish_replacing
    from keytrail.key_rotation import begin_rotation, require_no_rotation
    from keytrail.keyring import next_root_secret, root_secret
    from keytrail.users.rotated_secrets import encrypt_anew

    with at.database.writing() as db:
        require_no_rotation(db)  # before a key is made in vain
        new = prepared or next_root_secret(at.settings, make=True)
        assert new is not None  # noqa: S101  # made if there was none
        roots = begin_rotation(db, root_secret(at.settings), new, keep, utc_now())
        if not keep:
            encrypt_anew(db, roots)
    finish_replacing(at.settings, at.database)


def _finish() -> None:
    from keytrail.key_rotation import end_rotation, hold_rotation
    from keytrail.users.rotated_secrets import encrypt_anew

    with open_installation(must_exist=True) as at, at.database.writing() as db:
        rotation = hold_rotation(db)
        if rotation is None:
            raise Conflict("No rotation is in progress.")
        if utc_now().timestamp() < rotation.active_from:
            raise Conflict("The rotation has just begun. Try again in a minute, when all servers know the new key.")
        encrypt_anew(db, at.keyring.roots)
        end_rotation(db)
    print("The earlier key is forgotten.")


def _given(file: Path) -> bytes:
    try:
        found = file.read_bytes().removeprefix(codecs.BOM_UTF8).strip()
    except OSError as error:
        raise BadSettings(f"{file} cannot be read: {error}") from None
    if len(found) < _SHORTEST:
        raise BadSettings(f"The key in {file} has fewer than {_SHORTEST} characters. 'openssl rand -hex 32' makes one.")
    return found


def _moment(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"
