"""Kinds of platform actions: the capability that each needs, and its effect on money."""

from collections.abc import Mapping

from keytrail.models import ActionKind
from keytrail.platforms import Capability

COMMITTING = (ActionKind.PUBLISH, ActionKind.EXTEND, ActionKind.BONUS)
"""What budgets stop. An approval pays for work that is done, out of money that publishing has set aside already, so it
counts as spent and is never stopped: whoever has worked is paid."""
ENDING = (ActionKind.PAUSE, ActionKind.EXPIRE)
"""What only stops the spending of money: for every owner."""
PAYING = (ActionKind.APPROVE, ActionKind.PART_PAY, ActionKind.SCREEN_OUT, ActionKind.BONUS)
"""What gives money to workers."""
SETTLING = (
    ActionKind.APPROVE,
    ActionKind.REJECT,
    ActionKind.RETURN,
    ActionKind.PART_PAY,
    ActionKind.SCREEN_OUT,
)
"""What can become of a submission at its platform; one of them."""
INSTEAD_OF_REJECTION = (ActionKind.RETURN, ActionKind.PART_PAY, ActionKind.SCREEN_OUT)
"""What a person can choose for a submission whose rejection was proposed."""
ABOUT_TASKS = (
    ActionKind.DRAFT,
    ActionKind.PUBLISH,
    ActionKind.EXTEND,
    ActionKind.PAUSE,
    ActionKind.RESUME,
    ActionKind.EXPIRE,
)
"""What is about the task that workers see, and not about one of them."""

_CAPABILITIES: Mapping[ActionKind, Capability] = {
    ActionKind.DRAFT: Capability.PUBLISH,
    ActionKind.RESUME: Capability.PAUSE,
    ActionKind.READMIT: Capability.EXCLUDE,
}


def capability_for(kind: ActionKind) -> Capability:
    """What a platform must be able to do for this kind of action."""
    return _CAPABILITIES.get(kind) or Capability(kind)
