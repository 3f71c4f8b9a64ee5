"""Send the actions in the outbox: claim, perform, settle, each durable before the next begins."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.errors import DomainError, Forbidden
from keytrail.keyring import Keyring
from keytrail.models import ActionKind, ActionState, PlatformAction, Study
from keytrail.platform_actions.action_snapshot import ActionResult, ActionSnapshot, take_snapshot
from keytrail.platform_actions.assignments import PlatformStatus, record_platform_status
from keytrail.platform_actions.kinds import capability_for
from keytrail.platform_actions.outbox import UNSENT, claim, get_action, settle
from keytrail.platform_actions.performing import Connections, is_repeatable, most_at_once, perform
from keytrail.platform_actions.tasks import store_hit, store_task
from keytrail.platforms import NotConnected, PlatformFault
from keytrail.platforms.errors import Undecided
from keytrail.platforms.registry import capabilities_of

_ELSEWHERE = ("already_ended", "being_sent")


@dataclass(frozen=True)
class SendResult:
    """What became of one action. `elsewhere`: it was sent before, or is being sent now; nothing was begun."""

    action_id: int
    state: ActionState
    outcome: str
    elsewhere: bool = False


class Sender:
    """Send actions, those of one kind together where the platform accepts batches.

    Needs no open transaction, and may be killed at any point.
    """

    def __init__(
        self, database: Database, connections: Connections, keyring: Keyring, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._connections = connections
        self._keyring = keyring
        self._clock = clock

    def send_all(
        self, study_id: int, action_ids: Sequence[int], user_id: int | None, *, again: bool = False
    ) -> list[SendResult]:
        """Send several; what cannot be sent does not stop the others. `again` as for one."""
        found: dict[int, SendResult] = {}
        for together in self._batches(study_id, action_ids):
            found |= {one.action_id: one for one in self._send(study_id, together, user_id, again=again)}
        return [found[number] for number in dict.fromkeys(action_ids)]

    def send(self, study_id: int, action_id: int, user_id: int | None, *, again: bool = False) -> SendResult:
        """Send one action, ordered by a person. `again` knowingly repeats what may have been done before.

        Raises Forbidden unless the user may send it.
        """
        return self._send(study_id, [action_id], user_id, again=again)[0]

    def _batches(self, study_id: int, action_ids: Sequence[int]) -> Iterator[Sequence[int]]:
        """Yield the actions by kind, in batches that the platform accepts."""
        with self._database.reading() as db:
            platform = db.get_one(Study, study_id).platform
            query = select(PlatformAction.id, PlatformAction.kind).where(PlatformAction.id.in_(action_ids))
            kinds = {number: ActionKind(kind) for number, kind in db.execute(query)}
        by_kind: dict[ActionKind | None, list[int]] = {}
        for number in dict.fromkeys(action_ids):
            by_kind.setdefault(kinds.get(number), []).append(number)
        for kind, numbers in by_kind.items():
            size = most_at_once(platform, kind) if kind else 1
            yield from (numbers[start : start + size] for start in range(0, len(numbers), size))

    def _send(
        self, study_id: int, action_ids: Sequence[int], user_id: int | None, *, again: bool = False
    ) -> list[SendResult]:
        done, claimed = [], []
        for action_id in action_ids:
            snapshot = self._claim(study_id, action_id, user_id, again=again)
            if isinstance(snapshot, SendResult):
                done.append(snapshot)
            elif snapshot.resumed and not is_repeatable(snapshot):
                unknown = "It is not known whether the platform did this."
                done.append(self._settle(snapshot, ActionState.UNSURE, unknown))
            else:
                claimed.append(snapshot)
        if claimed:
            results = perform(self._connections, claimed, self._checkpoint, self._clock())
            done += [self._settle_result(snapshot, results[snapshot.action_id]) for snapshot in claimed]
        return done

    def _claim(self, study_id: int, action_id: int, user_id: int | None, *, again: bool) -> ActionSnapshot | SendResult:
        try:
            with self._database.writing() as db:
                action = get_action(db, study_id, action_id)
                _require_capability(db, action)
                resumed = claim(db, action, user_id, self._clock(), again=again)
                return take_snapshot(db, action, self._clock(), resumed=resumed)
        except Forbidden:
            raise
        except DomainError as error:
            return self._refuse(study_id, action_id, error)

    def _refuse(self, study_id: int, action_id: int, error: DomainError) -> SendResult:
        """Nothing was begun; whoever looks at what waits reads why."""
        with self._database.writing() as db:
            action = get_action(db, study_id, action_id)
            if action.state in UNSENT:
                action.outcome = error.message
            elsewhere = error.error_code in _ELSEWHERE
            return SendResult(action_id, ActionState(action.state), error.message, elsewhere)

    def _settle_result(self, snapshot: ActionSnapshot, result: ActionResult | PlatformFault) -> SendResult:
        if isinstance(result, PlatformFault):
            return self._settle(snapshot, _state_after(result, snapshot), result.message)
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
                action.fee_cents = action.fee_cents if result.fee_cents is None else result.fee_cents
                self._record_result(db, action, snapshot, result, now)
        return SendResult(snapshot.action_id, state, outcome)

    def _record_result(
        self, db: Session, action: PlatformAction, snapshot: ActionSnapshot, result: ActionResult, now: datetime
    ) -> None:
        study = db.get_one(Study, action.study_id)
        if result.hit is not None:
            action.task_id = store_hit(db, action, result.hit, now).id
        if result.task is not None:
            action.task_id = store_task(db, study, result.task, now).id
        if result.assignment_status is not None and snapshot.assignment_id is not None:
            platform_status = PlatformStatus(
                snapshot.assignment_id, result.assignment_status, certain=True, worker_id=snapshot.worker_id or ""
            )
            record_platform_status(db, study, platform_status, self._keyring, now)

    def _checkpoint(self, external_refs: Mapping[int, str]) -> None:
        with self._database.writing() as db:
            for number, external_ref in external_refs.items():
                db.get_one(PlatformAction, number, with_for_update=True).external_ref = external_ref


def _state_after(fault: PlatformFault, snapshot: ActionSnapshot) -> ActionState:
    """Return the state after an error. Without an answer it stays started, so that it can be sent again but not
    cancelled.
    """
    if not fault.unsure:
        return ActionState.FAILED
    if isinstance(fault, Undecided):
        return ActionState.UNSURE
    return ActionState.SENDING if is_repeatable(snapshot, paying=True) else ActionState.UNSURE


def _require_capability(db: Session, action: PlatformAction) -> None:
    capabilities = capabilities_of(db.get_one(Study, action.study_id).platform)
    capability = capability_for(ActionKind(action.kind))
    if not capabilities.can(capability):
        raise NotConnected(capabilities.instead(capability))
