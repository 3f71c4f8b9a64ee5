"""Audience 3: messages pushed by platforms. No cookie, no token: each message is signed."""

from keytrail.platform_hooks.prolific import router

__all__ = ["router"]
