"""The state of an exclusion at the platform, by the requests that were sent to it."""

from enum import StrEnum
from typing import Final

from keytrail.models import ActionKind, ActionState


class PlatformExclusionState(StrEnum):
    """Whether the platform excludes a person too. UNABLE: Keytrail cannot request it from this platform."""

    UNABLE = "unable"
    NOT_ASKED = "not_asked"
    WAITS = "waits"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    IN_FORCE = "in_force"

    @property
    def rank(self) -> int:
        """How far the platform excludes the person; what it was not asked and what it cannot do are the same."""
        return max(1, list(PlatformExclusionState).index(self))


STATES_AFTER: Final = {
    ActionState.QUEUED: PlatformExclusionState.WAITS,
    ActionState.SENDING: PlatformExclusionState.UNKNOWN,
    ActionState.UNSURE: PlatformExclusionState.UNKNOWN,
    ActionState.FAILED: PlatformExclusionState.REFUSED,
    ActionState.SENT: PlatformExclusionState.IN_FORCE,
}
"""By the state of the latest request to exclude the person."""

REQUESTS: Final = (ActionKind.EXCLUDE, ActionKind.READMIT)
