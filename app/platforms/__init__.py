"""Marketplaces behind one interface: who is asking, and how a worker finishes."""

from app.platforms.base import Assignment, Finish, Platform, Preview
from app.platforms.registry import platform_of

__all__ = ["Assignment", "Finish", "Platform", "Preview", "platform_of"]
