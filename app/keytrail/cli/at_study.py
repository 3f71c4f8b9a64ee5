"""Shared by commands about one study: its name, the user, and the question before something is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from keytrail.cli.installation import Installation, open_installation
from keytrail.clock import utc_now
from keytrail.errors import BadRequest, Forbidden, NotFound

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from keytrail.models import Role, Study, User
    from keytrail.platform_actions.sender import Sender


StudyName = Annotated[str, typer.Argument(help="The study's name in its address.")]
By = Annotated[str, typer.Option("--by", help="Your e-mail address in Keytrail; it is recorded with the action.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")]


@dataclass(frozen=True)
class StudyContext:
    """An installation, one of its studies, and the user of the command with their role."""

    installation: Installation
    study_id: int
    user_id: int
    role: "Role"

    @property
    def sender(self) -> "Sender":
        """Return a sender for the configured platforms."""
        from keytrail.platform_actions.performing import Connections
        from keytrail.platform_actions.sender import Sender

        at = self.installation
        return Sender(at.database, Connections(at.settings), at.keyring, utc_now)


@contextmanager
def at_study(study: str, by: str) -> Iterator[StudyContext]:
    """Open a study for one of its members, to view. Raises NotFound for anybody else."""
    with open_installation() as at:
        with at.database.reading() as db:
            user, found, role = _member(db, study, by)
        yield StudyContext(at, found.id, user.id, role)


@contextmanager
def at_own_study(study: str, by: str) -> Iterator[StudyContext]:
    """Open a study for one of its owners, who alone send and publish. Raises NotFound, or Forbidden for a reviewer."""
    from keytrail.models import Role

    with at_study(study, by) as at:
        if at.role != Role.OWNER:
            raise Forbidden(f"Only an owner of the study '{study}' may do that, and {by} is its {at.role}.")
        yield at


def _member(db: "Session", study: str, by: str) -> "tuple[User, Study, Role]":
    from keytrail.models import Membership, Role
    from keytrail.studies import study_by_slug
    from keytrail.users.accounts import user_by_email

    user, found = user_by_email(db, by), study_by_slug(db, study)
    member = db.get(Membership, (user.id, found.id))
    if member is None:
        raise NotFound(f"{by} has no role in the study '{study}'.")
    return user, found, Role(member.role)


def confirmed(question: str, *, yes: bool) -> None:
    """Ask for confirmation, unless given on the command line. Raises BadRequest for a no."""
    if not yes and not typer.confirm(question):
        raise BadRequest("Nothing was done.")
