"""What a platform can be asked to do, and in plain words what it cannot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Ability(StrEnum):
    """One thing that Keytrail can ask some platform for."""

    PUBLISH = "publish"
    EXTEND = "extend"
    EXPIRE = "expire"
    LIST = "list"
    APPROVE = "approve"
    REJECT = "reject"
    BONUS = "bonus"
    EXCLUDE = "exclude"
    MESSAGE = "message"
    COST = "cost"


ABILITY_WORDS: Mapping[Ability, str] = {
    Ability.PUBLISH: "Publish",
    Ability.EXTEND: "Add places",
    Ability.EXPIRE: "Stop taking workers",
    Ability.LIST: "Compare with the platform",
    Ability.APPROVE: "Approve and pay",
    Ability.REJECT: "Reject",
    Ability.BONUS: "Send a bonus",
    Ability.EXCLUDE: "Keep workers out at the platform",
    Ability.MESSAGE: "Write to workers",
    Ability.COST: "Tell the cost beforehand",
}


@dataclass(frozen=True)
class Abilities:
    """Everything is either something Keytrail can send, or has a sentence that says what to do instead."""

    cannot: Mapping[Ability, str] = field(default_factory=dict)

    def can(self, ability: Ability) -> bool:
        """Whether Keytrail can ask the platform for it."""
        return ability not in self.cannot

    def instead(self, ability: Ability) -> str:
        """What a person does instead; empty where Keytrail can."""
        return self.cannot.get(ability, "")
