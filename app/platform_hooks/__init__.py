"""Audience 3: platforms that push messages. No cookie, no token: each message is signed."""

from app.platform_hooks.prolific import router

__all__ = ["router"]
