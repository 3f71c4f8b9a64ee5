"""Marketplaces behind one interface: identify the worker, end the visit, list capabilities."""

from keytrail.platforms.base import (
    Assignment,
    Finish,
    OptionField,
    Platform,
    Preview,
    Proof,
    SessionOutcome,
    SetupValue,
)
from keytrail.platforms.capabilities import CAPABILITY_WORDS, Capabilities, Capability
from keytrail.platforms.errors import NotConnected, PlatformFault
from keytrail.platforms.registry import platform_of

__all__ = [
    "CAPABILITY_WORDS",
    "Assignment",
    "Capabilities",
    "Capability",
    "Finish",
    "NotConnected",
    "OptionField",
    "Platform",
    "PlatformFault",
    "Preview",
    "Proof",
    "SessionOutcome",
    "SetupValue",
    "platform_of",
]
