"""What a platform can be asked to do, and in plain words what it cannot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Capability(StrEnum):
    """One thing that Keytrail can ask some platform for."""

    PUBLISH = "publish"
    EXTEND = "extend"
    PAUSE = "pause"
    EXPIRE = "expire"
    LIST = "list"
    APPROVE = "approve"
    REJECT = "reject"
    RETURN = "return"
    PART_PAY = "part_pay"
    SCREEN_OUT = "screen_out"
    BONUS = "bonus"
    EXCLUDE = "exclude"
    MESSAGE = "message"
    COST = "cost"


CAPABILITY_WORDS: Mapping[Capability, str] = {
    Capability.PUBLISH: "Publish",
    Capability.EXTEND: "Add places",
    Capability.PAUSE: "Pause and resume",
    Capability.EXPIRE: "Stop taking workers",
    Capability.LIST: "Compare with the platform",
    Capability.APPROVE: "Approve and pay",
    Capability.REJECT: "Reject",
    Capability.RETURN: "Ask for the return of a submission",
    Capability.PART_PAY: "Pay a part of the reward",
    Capability.SCREEN_OUT: "Screen out with a fixed payment",
    Capability.BONUS: "Send a bonus",
    Capability.EXCLUDE: "Exclude workers at the platform",
    Capability.MESSAGE: "Write to workers",
    Capability.COST: "Tell the cost beforehand",
}


@dataclass(frozen=True)
class Capabilities:
    """Everything is either something Keytrail can send, or has a sentence that says what to do instead."""

    cannot: Mapping[Capability, str] = field(default_factory=dict)

    def can(self, capability: Capability) -> bool:
        """Whether Keytrail can ask the platform for it."""
        return capability not in self.cannot

    def instead(self, capability: Capability) -> str:
        """What a person does instead; empty where Keytrail can."""
        return self.cannot.get(capability, "")
