"""What is asked of platforms: publishing, paying, keeping out. Written down first, sent as a person's step."""

from app.payments.deciding import queue_for_decision
from app.payments.sending import Connections, Sender, Sent

__all__ = ["Connections", "Sender", "Sent", "queue_for_decision"]
