"""What is asked of platforms: publishing, paying, keeping out. Written down first, sent as a person's step."""

from keytrail.payments.deciding import queue_for_decision
from keytrail.payments.sending import Connections, Sender, Sent

__all__ = ["Connections", "Sender", "Sent", "queue_for_decision"]
