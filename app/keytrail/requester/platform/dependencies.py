"""Dependencies of routes: the outbox's sender, and a form with any fields."""

from typing import Annotated

from fastapi import Depends, Request

from keytrail.platform_actions.performing import Connections
from keytrail.platform_actions.reconciliation import Reconciler
from keytrail.platform_actions.sender import Sender
from keytrail.web.services import CurrentServices

_LONGEST_FIELD = 5000

# Sending and comparing use units of work of their own, each committed before the platform is asked: a request that is
# killed in the middle leaves a record of how far it came. So these routes hold a reading session only.


def _sender(services: CurrentServices) -> Sender:
    return Sender(services.database, Connections(services.settings), services.keyring, services.clock)


def _reconciler(services: CurrentServices) -> Reconciler:
    return Reconciler(services.database, Connections(services.settings), services.keyring, services.clock)


async def _form_values(request: Request) -> dict[str, str]:
    """Every text field of the form; which ones there are depends on the platform."""
    form = await request.form(max_files=5, max_fields=50)
    return {name: value for name, value in form.items() if isinstance(value, str) and len(value) <= _LONGEST_FIELD}


Values = Annotated[dict[str, str], Depends(_form_values)]
CurrentSender = Annotated[Sender, Depends(_sender)]
CurrentReconciler = Annotated[Reconciler, Depends(_reconciler)]
