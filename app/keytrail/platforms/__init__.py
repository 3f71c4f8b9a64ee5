"""Marketplaces behind one interface: who is asking, how a worker finishes, and what a requester can ask for."""

from keytrail.platforms.abilities import ABILITY_WORDS, Abilities, Ability
from keytrail.platforms.base import Assignment, Finish, OptionField, Outcome, Paste, Platform, Preview, Proof
from keytrail.platforms.fault import NotConnected, PlatformFault
from keytrail.platforms.registry import platform_of

__all__ = [
    "ABILITY_WORDS",
    "Abilities",
    "Ability",
    "Assignment",
    "Finish",
    "NotConnected",
    "OptionField",
    "Outcome",
    "Paste",
    "Platform",
    "PlatformFault",
    "Preview",
    "Proof",
    "platform_of",
]
