"""Capabilities: what Keytrail can request from a platform, and what to do where it cannot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Capability(StrEnum):
    """One kind of request to a platform."""

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
    TEST_RUN = "test_run"


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
    Capability.MESSAGE: "Message workers",
    Capability.COST: "Show the cost beforehand",
    Capability.TEST_RUN: "Try the study as a test participant",
}


@dataclass(frozen=True)
class Capabilities:
    """The capabilities of a platform; each is either supported, or has a sentence that says what to do instead."""

    cannot: Mapping[Capability, str] = field(default_factory=dict)

    def can(self, capability: Capability) -> bool:
        """Return whether Keytrail can request it from the platform."""
        return capability not in self.cannot

    def instead(self, capability: Capability) -> str:
        """Return what a person does instead; empty where Keytrail can."""
        return self.cannot.get(capability, "")
