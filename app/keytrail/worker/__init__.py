"""Audience 1: workers, in a marketplace's frame, without cookies."""

from fastapi import FastAPI

from keytrail.sessions.eventlog import GroupWriter
from keytrail.web.routes import add_routes
from keytrail.web.services import Services
from keytrail.worker import copies, copying_exercise, drafts, embedding, exits, self_reports, submission, task
from keytrail.worker.events import EventsEndpoint


def install_worker(app: FastAPI, services: Services, writer: GroupWriter) -> None:
    """Add all routes of this audience; call it before any other routes are added."""
    # First, because it is requested a thousand times as often as all others together and routes are tried in order.
    app.routes.append(EventsEndpoint(services, writer).route())
    add_routes(
        app,
        submission.router,
        drafts.router,
        embedding.router,
        task.router,
        copying_exercise.router,
        self_reports.router,
        copies.router,
        exits.router,
    )
