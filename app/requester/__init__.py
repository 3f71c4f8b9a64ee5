"""Audience 2: requesters and reviewers, in the dashboard and by the JSON API. Never framed."""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI

from app.requester import (
    account,
    api,
    bulk,
    conditions,
    evidence_file,
    exporting,
    invitations,
    items,
    live,
    overview,
    payments,
    people,
    platform,
    power,
    prevalence,
    prevalence_api,
    queue,
    reading,
    replaying,
    signing_in,
    studies,
    study_editing,
    submission,
    submissions,
    training,
    workers,
)
from app.requester.access import SignInRequired
from app.requester.asking import ask_to_sign_in


def routes() -> Sequence[APIRouter]:
    """Every router of this audience."""
    return (
        signing_in.router,
        invitations.router,
        account.router,
        studies.router,
        live.router,
        study_editing.router,
        items.router,
        overview.router,
        prevalence.router,
        conditions.router,
        training.router,
        power.router,
        platform.router,
        payments.router,
        submissions.router,
        queue.router,
        workers.router,
        exporting.router,
        people.router,
        bulk.router,
        submission.router,
        replaying.router,
        evidence_file.router,
        reading.router,
        api.router,
        prevalence_api.router,
    )


def install_requester(app: FastAPI) -> None:
    """All routes, and the way from a page to the sign-in and back."""
    app.add_exception_handler(SignInRequired, ask_to_sign_in)
    for router in routes():
        app.include_router(router)
