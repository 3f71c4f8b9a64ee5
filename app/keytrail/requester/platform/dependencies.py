"""The outbox's sender as routes ask for it."""

from typing import Annotated

from fastapi import Depends

from keytrail.platform_actions import Connections, Sender
from keytrail.platform_actions.reconciliation import Reconciler
from keytrail.web.services import CurrentServices

# Sending and comparing use units of work of their own, each committed before the platform is asked: a request that is
# killed in the middle leaves a record of how far it came. So these routes hold a reading session only.


def _sender(at_hand: CurrentServices) -> Sender:
    return Sender(at_hand.database, Connections(at_hand.settings), at_hand.keyring, at_hand.clock)


def _reconciler(at_hand: CurrentServices) -> Reconciler:
    return Reconciler(at_hand.database, Connections(at_hand.settings), at_hand.keyring, at_hand.clock)


CurrentSender = Annotated[Sender, Depends(_sender)]
CurrentReconciler = Annotated[Reconciler, Depends(_reconciler)]
