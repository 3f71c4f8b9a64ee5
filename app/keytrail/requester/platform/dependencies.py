"""The outbox's sender and the comparison as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from keytrail.platform_actions import Connections, Sender
from keytrail.platform_actions.reconciliation import Reconciler
from keytrail.web.services import CurrentServices

# Sending and comparing use separate units of work, each committed before the platform is called: an interrupted request
# leaves a record of how far it came. So these routes hold only a reading session.


def _sender(services: CurrentServices) -> Sender:
    return Sender(services.database, Connections(services.settings), services.keyring, services.clock)


def _reconciler(services: CurrentServices) -> Reconciler:
    return Reconciler(services.database, Connections(services.settings), services.keyring, services.clock)


CurrentSender = Annotated[Sender, Depends(_sender)]
CurrentReconciler = Annotated[Reconciler, Depends(_reconciler)]
