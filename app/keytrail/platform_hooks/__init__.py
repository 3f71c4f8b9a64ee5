"""Audience 3: platforms that push messages. No cookie, no token: each message is signed."""

from keytrail.platform_hooks.prolific import router

__all__ = ["router"]
