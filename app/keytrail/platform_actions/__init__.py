"""Requests to platforms (publishing, paying, excluding): queued first, then sent by a person."""

from keytrail.platform_actions.decision_actions import queue_for_decision, queued_by
from keytrail.platform_actions.performing import Connections
from keytrail.platform_actions.sender import Sender, SendResult

__all__ = ["Connections", "SendResult", "Sender", "queue_for_decision", "queued_by"]
