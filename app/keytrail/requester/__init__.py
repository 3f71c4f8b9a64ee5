"""Audience 2: requesters and reviewers, in the dashboard and by the JSON API. Never framed."""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI

from keytrail.requester import api, exports
from keytrail.requester.overview import live, overview
from keytrail.requester.people import account, installation, invitations, one_time_codes, people, sign_in
from keytrail.requester.people.access import SignInRequired, ask_to_sign_in
from keytrail.requester.platform import links, payments, places, platform
from keytrail.requester.queue import bulk, queue, submissions
from keytrail.requester.study import editing as study_editing
from keytrail.requester.study import item_upload, items, studies
from keytrail.requester.submission import evidence_file, replay, submission, unanalysed
from keytrail.requester.synthetic import conditions, joint, power, prevalence, prevalence_api, reading, training
from keytrail.requester.workers import exclusions, listing, worker


def routes() -> Sequence[APIRouter]:
    """Every router of this audience."""
    return (
        sign_in.router,
        invitations.router,
        account.router,
        one_time_codes.router,
        installation.router,
        studies.router,
        live.router,
        study_editing.router,
        items.router,
        item_upload.router,
        overview.router,
        prevalence.router,
        joint.router,
        conditions.router,
        training.router,
        power.router,
        platform.router,
        links.router,
        payments.router,
        places.router,
        submissions.router,
        queue.router,
        listing.router,
        worker.router,
        exclusions.router,
        exports.router,
        people.router,
        bulk.router,
        submission.router,
        replay.router,
        evidence_file.router,
        unanalysed.router,
        reading.router,
        api.router,
        prevalence_api.router,
    )


def install_requester(app: FastAPI) -> None:
    """All routes, and the way from a page to the sign-in and back."""
    app.add_exception_handler(SignInRequired, ask_to_sign_in)
    for router in routes():
        app.include_router(router)
