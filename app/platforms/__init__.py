"""Marketplaces behind one interface: who is asking, how a worker finishes, and what a requester can ask for."""

from app.platforms.abilities import ABILITY_WORDS, Abilities, Ability
from app.platforms.base import Assignment, Finish, OptionField, Outcome, Paste, Platform, Preview
from app.platforms.fault import NotConnected, PlatformFault
from app.platforms.registry import platform_of

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
    "platform_of",
]
