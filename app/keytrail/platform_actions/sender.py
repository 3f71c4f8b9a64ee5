"""Send the actions in the outbox: claim, perform, settle, each durable before the next begins."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.errors import DomainError, Forbidden
from keytrail.keyring import Keyring
from keytrail.models import ActionKind, ActionState, PlatformAction, Study
from keytrail.platform_actions import mturk_actions, prolific_actions
from keytrail.platform_actions.action_snapshot import ActionResult, ActionSnapshot, take_snapshot
from keytrail.platform_actions.assignments import PlatformStatus, record_platform_status
from keytrail.platform_actions.outbox import UNSENT, claim, get_action, settle
from keytrail.platform_actions.tasks import store_hit
from keytrail.platforms import Capability, NotConnected, PlatformFault
from keytrail.platforms.mturk_api import MTurkApi, connect_mturk
from keytrail.platforms.prolific_api import ProlificApi, connect_prolific
from keytrail.platforms.registry import capabilities_of
from keytrail.settings import Settings

_ELSEWHERE = ("already_ended", "being_sent")


class Connections:
    """The platforms' accounts, each connected on first use. Raises NotConnected then."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def mturk(self) -> MTurkApi:
        """Mechanical Turk, or a compatible marketplace."""
        return connect_mturk(self._settings)

    @cached_property
    def prolific(self) -> ProlificApi:
        """Prolific."""
        return connect_prolific(self._settings)


@dataclass(frozen=True)
class SendResult:
    """What became of one action. `elsewhere`: it was sent before, or is being sent now; nothing was begun."""

    action_id: int
    state: ActionState
    outcome: str
    elsewhere: bool = False


class Sender:
    """Send actions one by one. Needs no open transaction, and may be killed at any point."""

    def __init__(
        self, database: Database, connections: Connections, keyring: Keyring, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._connections = connections
        self._keyring = keyring
        self._clock = clock

    def send_all(self, study_id: int, action_ids: Sequence[int], user_id: int | None) -> list[SendResult]:
        """Send several; failures do not stop the others."""
        return [self.send(study_id, action_id, user_id) for action_id in action_ids]

    def send(self, study_id: int, action_id: int, user_id: int | None, *, again: bool = False) -> SendResult:
        """Send one action, ordered by a person. `again` knowingly repeats what may have been done before.

        Raises Forbidden unless the user may send it.
        """
        try:
            with self._database.writing() as db:
                action = get_action(db, study_id, action_id)
                _require_capability(db, action)
                resumed = claim(db, action, user_id, self._clock(), again=again)
                snapshot = take_snapshot(db, action, self._clock(), resumed=resumed)
        except Forbidden:
            raise
        except DomainError as error:
            return self._refuse(study_id, action_id, error)
        if resumed and not repeatable(snapshot):
            return self._settle(snapshot, ActionState.UNSURE, "It is not known whether the platform did this.")
        return self._perform(snapshot)

    def _refuse(self, study_id: int, action_id: int, error: DomainError) -> SendResult:
        """Nothing was begun; whoever looks at what waits reads why."""
        with self._database.writing() as db:
            action = get_action(db, study_id, action_id)
            if action.state in UNSENT:
                action.outcome = error.message
            elsewhere = error.error_code in _ELSEWHERE
            return SendResult(action_id, ActionState(action.state), error.message, elsewhere)

    def _perform(self, snapshot: ActionSnapshot) -> SendResult:
        try:
            if snapshot.platform == "prolific":
                result = prolific_actions.perform(
                    self._connections.prolific, snapshot, lambda ref: self._checkpoint(snapshot, ref)
                )
            else:
                result = mturk_actions.perform(self._connections.mturk, snapshot, self._clock())
        except PlatformFault as fault:
            return self._settle(snapshot, _state_after(fault, snapshot), fault.message)
        return self._settle(snapshot, ActionState.SENT, result.outcome, result)

    def _settle(
        self, snapshot: ActionSnapshot, state: ActionState, outcome: str, result: ActionResult | None = None
    ) -> SendResult:
        now = self._clock()
        with self._database.writing() as db:
            action = db.get_one(PlatformAction, snapshot.action_id, with_for_update=True)
            settle(db, action, state, outcome, now)
            if result is not None:
                action.external_ref = result.external_ref or action.external_ref
                self._record_result(db, action, snapshot, result, now)
        return SendResult(snapshot.action_id, state, outcome)

    def _record_result(
        self, db: Session, action: PlatformAction, snapshot: ActionSnapshot, result: ActionResult, now: datetime
    ) -> None:
        if result.hit is not None:
            task = store_hit(db, action, result.hit, now)
            action.task_id = task.id
        if result.assignment_status is not None and snapshot.assignment_id is not None:
            study = db.get_one(Study, action.study_id)
            heard = PlatformStatus(
                snapshot.assignment_id, result.assignment_status, certain=True, worker_id=snapshot.worker_id or ""
            )
            record_platform_status(db, study, heard, self._keyring, now)

    def _checkpoint(self, snapshot: ActionSnapshot, external_ref: str) -> None:
        with self._database.writing() as db:
            db.get_one(PlatformAction, snapshot.action_id, with_for_update=True).external_ref = external_ref


def repeatable(snapshot: ActionSnapshot, *, paying: bool = False) -> bool:
    """Return whether sending the action again cannot do it twice. `paying`: the paying step may have been reached."""
    if snapshot.kind == ActionKind.MESSAGE:
        return False
    reached = paying or bool(snapshot.external_ref)
    return not (snapshot.platform == "prolific" and snapshot.kind == ActionKind.BONUS and reached)


def _state_after(fault: PlatformFault, snapshot: ActionSnapshot) -> ActionState:
    """Return the state after an error. Without an answer it stays started, so that it can be sent again but not
    cancelled.
    """
    if not fault.unsure:
        return ActionState.FAILED
    return ActionState.SENDING if repeatable(snapshot, paying=True) else ActionState.UNSURE


def _require_capability(db: Session, action: PlatformAction) -> None:
    capabilities = capabilities_of(db.get_one(Study, action.study_id).platform)
    capability = Capability.EXCLUDE if action.kind == ActionKind.READMIT else Capability(action.kind)
    if not capabilities.can(capability):
        raise NotConnected(capabilities.instead(capability))
