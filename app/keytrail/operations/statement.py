"""A statement of a database's content in a few numbers that never decrease, which reveals an older or
incomplete copy.
"""

import hmac
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.errors import BadSettings
from keytrail.keyring import Keyring
from keytrail.models import AuditEntry, Epoch, WritingSession
from keytrail.operations.backup.rows import last_ids
from keytrail.provenance.formatting import count

_PURPOSE = "statement of what is stored"
_LONGEST = 100_000


@dataclass(frozen=True)
class Statement:
    """`sessions_begun` includes erased sessions; `batches` and `sessions` decrease only by erasure.

    `newest` is when the newest page load with events was opened, in ISO 8601, empty if there is none.
    """

    made_at: str
    sessions_begun: int
    sessions: int
    batches: int
    audit_entries: int
    newest: str


def make_statement(db: Session, now: datetime) -> Statement:
    """Make a statement of the current content."""
    newest = db.scalar(select(func.max(Epoch.opened_at)).where(Epoch.batches > 0))
    return Statement(
        made_at=now.isoformat(timespec="seconds"),
        sessions_begun=last_ids(db.connection()).get(WritingSession.__tablename__, 0),
        sessions=db.scalar(select(func.count(WritingSession.id))) or 0,
        batches=int(db.scalar(select(func.sum(Epoch.batches))) or 0),
        audit_entries=db.scalar(select(func.max(AuditEntry.id))) or 0,
        newest="" if newest is None else newest.isoformat(timespec="seconds"),
    )


def missing_since(then: Statement, now: Statement) -> list[str]:
    """Return a sentence for each thing that the earlier statement names and the database no longer has."""
    sentences = []
    if now.sessions_begun < then.sessions_begun:
        lost = count(then.sessions_begun - now.sessions_begun, "session")
        sentences.append(
            f"{lost} that had begun by {then.made_at} {_is(then.sessions_begun - now.sessions_begun)} missing."
        )
    if now.audit_entries < then.audit_entries:
        lost = count(then.audit_entries - now.audit_entries, "entry", "entries")
        sentences.append(f"{lost} of the audit log {_is(then.audit_entries - now.audit_entries)} missing.")
    if now.batches < then.batches and now.sessions >= then.sessions:
        lost = count(then.batches - now.batches, "batch", "batches")
        sentences.append(f"{lost} of events {_is(then.batches - now.batches)} missing, though no session was erased.")
    return sentences


def read_statement(file: Path, keyring: Keyring) -> Statement | None:
    """Read an earlier statement, None if there is no file. Raises BadSettings if it is not from this installation."""
    if not file.exists():
        return None
    try:
        found = json.loads(_text_of(file))
        signature, statement = str(found.pop("signature")).encode(), Statement(**found)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadSettings(f"{file} is not a statement of 'keytrail verify'.") from None
    if not hmac.compare_digest(signature, _signature(statement, keyring).encode()):
        raise BadSettings(f"{file} was changed, or was written by an installation with another secret key.")
    return statement


def _text_of(file: Path) -> str:
    """The beginning of a file; nothing of a pipe or a device, which would be read for ever."""
    if not file.is_file():
        return ""
    with file.open(encoding="utf-8") as text:
        return text.read(_LONGEST)


def write_statement(file: Path, statement: Statement, keyring: Keyring) -> None:
    """Store the statement, signed, instead of the earlier one."""
    body = asdict(statement) | {"signature": _signature(statement, keyring)}
    # A name that nobody can have prepared a link at.
    partial = file.with_name(f".{file.name}.{secrets.token_hex(4)}.partial")
    try:
        with partial.open("x", encoding="utf-8") as text:
            text.write(json.dumps(body, indent=1) + "\n")
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


def _signature(statement: Statement, keyring: Keyring) -> str:
    body = json.dumps(asdict(statement), sort_keys=True).encode()
    return hmac.digest(keyring.key(_PURPOSE), body, sha256).hex()


def _is(number: int) -> str:
    return "is" if number == 1 else "are"
