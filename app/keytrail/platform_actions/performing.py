"""Perform actions at their platform, and decide which may be performed again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property

from keytrail.models import ActionKind
from keytrail.platform_actions import connect_actions, mturk_actions, prolific_actions, prolific_studies
from keytrail.platform_actions.action_snapshot import ActionResult, ActionSnapshot, Checkpoint, Results
from keytrail.platform_actions.kinds import ABOUT_TASKS
from keytrail.platforms import PlatformFault
from keytrail.platforms.connect_api import ConnectApi, connect_connect
from keytrail.platforms.mturk_api import MTurkApi, connect_mturk
from keytrail.platforms.prolific_api import ProlificApi, connect_prolific
from keytrail.settings import Settings


class Connections:
    """The platforms' accounts, each connected when first needed. Raises NotConnected then."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def mturk(self) -> MTurkApi:
        """Mechanical Turk, or what imitates it."""
        return connect_mturk(self._settings)

    @cached_property
    def prolific(self) -> ProlificApi:
        """Prolific with this server's token. Raises NotConnected without one."""
        return connect_prolific(self._settings)

    @cached_property
    def connect(self) -> ConnectApi:
        """CloudResearch Connect with this server's key. Raises NotConnected without one."""
        return connect_connect(self._settings)


def most_at_once(platform: str, kind: ActionKind) -> int:
    """How many actions of one kind are handed over together."""
    at_once: Mapping[str, Mapping[ActionKind, int]] = {
        "prolific": prolific_actions.AT_ONCE,
        "connect": connect_actions.AT_ONCE,
    }
    return at_once.get(platform, {}).get(kind, 1)


def perform(
    connections: Connections, snapshots: Sequence[ActionSnapshot], checkpoint: Checkpoint, now: datetime
) -> Results:
    """Do what some actions of one kind, one study and so one platform say. What goes wrong is in the results."""
    try:
        return _PERFORMERS[snapshots[0].platform](connections, snapshots, checkpoint, now)
    except PlatformFault as fault:
        return dict.fromkeys((one.action_id for one in snapshots), fault)


def is_repeatable(snapshot: ActionSnapshot, *, paying: bool = False) -> bool:
    """Whether sending the action again cannot do it twice. `paying`: the step that counts may have been reached."""
    if snapshot.kind == ActionKind.MESSAGE:
        return False
    reached = paying or bool(snapshot.external_ref)
    return not (snapshot.platform == "prolific" and snapshot.kind == ActionKind.BONUS and reached)


def _mturk(
    connections: Connections, snapshots: Sequence[ActionSnapshot], _checkpoint: Checkpoint, now: datetime
) -> Results:
    return {one.action_id: mturk_actions.perform(connections.mturk, one, now) for one in snapshots}


def _prolific(
    connections: Connections, snapshots: Sequence[ActionSnapshot], checkpoint: Checkpoint, _now: datetime
) -> Results:
    api, kind = connections.prolific, snapshots[0].kind
    if kind == ActionKind.APPROVE:
        return prolific_actions.approve_all(api, snapshots, checkpoint)
    if kind == ActionKind.BONUS:
        return prolific_actions.pay_bonuses(api, snapshots, checkpoint)
    return {one.action_id: _one_at_prolific(api, one, checkpoint) for one in snapshots}


def _one_at_prolific(api: ProlificApi, snapshot: ActionSnapshot, checkpoint: Checkpoint) -> ActionResult:
    if snapshot.kind == ActionKind.DRAFT:
        return prolific_studies.create_draft(api, snapshot, checkpoint)
    if snapshot.kind in ABOUT_TASKS:
        return prolific_studies.change_study(api, snapshot)
    return prolific_actions.perform_one(api, snapshot)


def _connect(
    connections: Connections, snapshots: Sequence[ActionSnapshot], checkpoint: Checkpoint, now: datetime
) -> Results:
    return connect_actions.perform_all(connections.connect, snapshots, checkpoint, now)


_PERFORMERS = {"mturk": _mturk, "prolific": _prolific, "connect": _connect}
